import type { BranchHead, ForgeCommit, ForgePull, ForgeRepository, OwnItem } from '../forge.ts';

/* GitHub's answers as they come, as far as they are read, and as our own shapes. */

interface RefAnswer {
  readonly name: string;
  readonly target: { readonly oid: string; readonly tree?: { readonly oid: string } } | null;
}

/** A repository as `repositoryQuery` asks for it; branches beyond the default one are `b0`, `b1`, … */
export interface RepositoryAnswer {
  readonly id: string;
  readonly nameWithOwner: string;
  readonly url: string;
  readonly isArchived: boolean;
  readonly isDisabled: boolean;
  readonly isFork: boolean;
  readonly isTemplate: boolean;
  readonly isPrivate: boolean;
  readonly primaryLanguage: { readonly name: string } | null;
  readonly repositoryTopics: { readonly nodes: readonly { readonly topic: { readonly name: string } }[] };
  readonly defaultBranchRef?: RefAnswer | null;
  readonly refs: { readonly nodes: readonly RefAnswer[] } | null;
}

/** What is used of an answer. `branches`: those that were asked for, none for the default one. */
export function toRepository(answer: RepositoryAnswer, branches: readonly string[]): ForgeRepository {
  const numbered = answer as unknown as Readonly<Record<string, RefAnswer | null | undefined>>;
  const refs = branches.length === 0 ? [answer.defaultBranchRef] : branches.map((_, index) => numbered[`b${index}`]);
  return {
    forge: 'github',
    id: answer.id,
    name: answer.nameWithOwner,
    url: answer.url,
    isPrivate: answer.isPrivate,
    archived: answer.isArchived || answer.isDisabled,
    branches: refs.flatMap((ref) => toHead(ref) ?? []),
    ownBranches: (answer.refs?.nodes ?? []).flatMap(({ name, target }) =>
      target === null ? [] : [{ name: `plimsoll/${name}`, commit: target.oid }],
    ),
  };
}

/** undefined: there is no such branch, or it names something that is no commit. */
export function toHead(ref: RefAnswer | null | undefined): BranchHead | undefined {
  const tree = ref?.target?.tree;
  return ref?.target && tree ? { name: ref.name, commit: ref.target.oid, tree: tree.oid } : undefined;
}

/** A commit as the queries ask for it. */
export interface CommitAnswer {
  readonly oid: string;
  readonly message: string;
  readonly parents: { readonly nodes: readonly { readonly oid: string }[] };
  readonly author: Actor | null;
  readonly committer: Actor | null;
}

interface Actor {
  readonly name: string | null;
  readonly email: string | null;
  readonly user?: { readonly login: string } | null;
}

/** What is used of a commit. `login`: the account that we act as. */
export function toCommit({ oid, message, parents, author, committer }: CommitAnswer, login: string): ForgeCommit {
  return { oid, message, parents: parents.nodes.map((one) => one.oid), isOwn: isOwn(author, committer, login) };
}

/**
 * Made by this account through the API: GitHub is then the committer (`noreply@github.com`; on an Enterprise Server
 * `noreply@HOST`), which it is not when a person amends or cherry-picks. An App is no user, but has an address.
 */
function isOwn(author: Actor | null, committer: Actor | null, login: string): boolean {
  const byUs =
    author?.user?.login === login ||
    author?.name === login ||
    (author?.email ?? '').toLowerCase().endsWith(`+${login.toLowerCase()}@users.noreply.github.com`);
  return byUs && (committer?.email ?? '').startsWith('noreply@');
}

/** A pull request as the queries ask for it. */
export interface PullAnswer {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
  readonly isDraft: boolean;
  readonly isCrossRepository: boolean;
  readonly viewerDidAuthor: boolean;
  readonly headRefName: string;
  readonly headRefOid: string;
  readonly baseRefName: string;
  readonly title: string;
  readonly body: string;
  readonly mergeable: 'CONFLICTING' | 'MERGEABLE' | 'UNKNOWN';
  readonly autoMergeRequest: object | null;
  readonly comments: {
    readonly nodes: readonly {
      readonly id: string;
      readonly body: string;
      readonly viewerDidAuthor: boolean;
      readonly author: { readonly login: string } | null;
    }[];
  };
  readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null;
  readonly timelineItems: {
    readonly nodes: readonly {
      readonly actor?: { readonly login: string } | null;
      readonly label?: { readonly name: string };
    }[];
  };
}

/** What is used of a pull request; a label's `by` is who set it last, as far as the timeline was asked for. */
export function toPull(answer: PullAnswer): ForgePull {
  const labeller = new Map(answer.timelineItems.nodes.map(({ actor, label }) => [label?.name, actor?.login]));
  return {
    id: answer.id,
    number: answer.number,
    url: answer.url,
    state: answer.state.toLowerCase() as ForgePull['state'],
    isDraft: answer.isDraft,
    isOwn: answer.viewerDidAuthor,
    isForeign: answer.isCrossRepository,
    head: answer.headRefName,
    headCommit: answer.headRefOid,
    base: answer.baseRefName,
    title: answer.title,
    body: answer.body,
    conflicts: answer.mergeable === 'UNKNOWN' ? null : answer.mergeable === 'CONFLICTING',
    automerge: answer.autoMergeRequest !== null,
    comments: answer.comments.nodes.map((one) => ({
      id: one.id,
      body: one.body,
      author: one.author?.login ?? '',
      isOwn: one.viewerDidAuthor,
    })),
    labels: (answer.labels?.nodes ?? []).map(({ name }) => ({ name, by: labeller.get(name) })),
  };
}

/** GET /repos/{owner}/{repo}/issues, whose list holds pull requests too. */
export interface IssueAnswer {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly body?: string | null;
  readonly user: { readonly login: string } | null;
  readonly labels: readonly (string | { readonly name?: string })[];
  readonly updated_at: string;
  readonly created_at: string;
  readonly pull_request?: { readonly merged_at?: string | null };
}

/**
 * What is used of an item of a list of issues, which has pull requests, too. Source: docs.github.com, "List repository
 * issues".
 */
export function toItem(answer: IssueAnswer): OwnItem {
  const closed = answer.pull_request?.merged_at ? 'merged' : 'closed';
  return {
    number: answer.number,
    url: answer.html_url,
    kind: answer.pull_request === undefined ? 'issue' : 'pull',
    state: answer.state === 'open' ? 'open' : closed,
    body: answer.body ?? '',
    labels: answer.labels.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? []))),
    updated: answer.updated_at,
    created: answer.created_at,
  };
}

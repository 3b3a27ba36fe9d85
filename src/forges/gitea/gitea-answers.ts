import type { ForgeCommit, ForgePull, OwnItem } from '../forge.ts';

/* Answers as they come, as far as they are read, and as our own shapes. Source: the server's own description, /swagger.v1.json. */

/** GET /repos/{owner}/{repo}, and an item of the lists of repositories. */
export interface RepositoryAnswer {
  readonly id: number;
  readonly full_name: string;
  readonly html_url: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly empty: boolean;
  readonly fork: boolean;
  readonly template: boolean;
  readonly default_branch: string;
  readonly default_merge_style?: string;
  readonly has_pull_requests?: boolean;
  readonly has_actions?: boolean;
  readonly language?: string;
  readonly topics?: readonly string[] | null;
  readonly permissions?: { readonly push: boolean };
}

/** An item of GET /repos/{owner}/{repo}/branches. What protects it by name is told to administrators alone. */
export interface BranchAnswer {
  readonly name: string;
  readonly commit: { readonly id: string } | null;
  readonly protected: boolean;
  /** May we? Both also where it is not protected. */
  readonly user_can_push: boolean;
  readonly user_can_merge: boolean;
  /** Merging waits for checks, and for these. */
  readonly enable_status_check: boolean;
  readonly status_check_contexts: readonly string[] | null;
}

/** GET /repos/{owner}/{repo}/git/commits/{sha}, and an item of a comparison. */
export interface CommitAnswer {
  readonly sha: string;
  readonly commit: { readonly message: string };
  readonly parents: readonly { readonly sha: string }[] | null;
}

/** Somebody, where they are named. */
export interface UserAnswer {
  readonly login: string;
}

interface LabelAnswer {
  readonly name: string;
}

/** An item of GET /repos/{owner}/{repo}/issues, which has pull requests, too. */
export interface ItemAnswer {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly body: string;
  readonly user: UserAnswer | null;
  readonly labels: readonly LabelAnswer[] | null;
  readonly updated_at: string;
  readonly created_at: string;
  /** Absent or null: it is none. */
  readonly pull_request?: { readonly merged: boolean } | null;
}

/** An item of GET /repos/{owner}/{repo}/pulls. */
export interface PullAnswer {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly merged: boolean;
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
  readonly user: UserAnswer | null;
  /** False also as long as it is not worked out. */
  readonly mergeable: boolean;
  readonly labels: readonly LabelAnswer[] | null;
  /** `label` is the branch, also when it is gone; `repo_id` whose it is. */
  readonly head: { readonly label: string; readonly sha: string; readonly repo_id: number };
  readonly base: { readonly ref: string; readonly repo_id: number };
}

/** An item of GET /repos/{owner}/{repo}/issues/{index}/comments. */
export interface CommentAnswer {
  readonly id: number;
  readonly body: string;
  readonly user: UserAnswer | null;
}

/** An item of GET /repos/{owner}/{repo}/issues/{index}/timeline. */
export interface EventAnswer {
  readonly type: string;
  readonly body: string;
  readonly user: UserAnswer | null;
  readonly label?: LabelAnswer | null;
}

/** An item of GET /repos/{owner}/{repo}/activities/feeds; of a push, `content` is JSON. */
export interface ActivityAnswer {
  readonly op_type: string;
  readonly content: string;
  readonly act_user: UserAnswer | null;
}

/** The commits that a push brought, as a feed tells of it. */
export function pushedIn({ op_type: kind, content }: ActivityAnswer): readonly string[] {
  if (kind !== 'commit_repo' || !content.startsWith('{')) return [];
  try {
    const { Commits: commits, HeadCommit: head } = JSON.parse(content) as {
      readonly Commits?: readonly { readonly Sha1?: string }[] | null;
      readonly HeadCommit?: { readonly Sha1?: string } | null;
    };
    return [head, ...(commits ?? []).slice(0, 1)].flatMap((one) => one?.Sha1 ?? []);
  } catch {
    return [];
  }
}

/** What is used of a commit. */
export function toCommit({ sha, commit, parents }: CommitAnswer, isOwn: boolean): ForgeCommit {
  return { oid: sha, message: commit.message, parents: (parents ?? []).map((one) => one.sha), isOwn };
}

/** What is used of an item of the list of issues. */
export function toItem(answer: ItemAnswer): OwnItem {
  const closed = answer.pull_request?.merged === true ? 'merged' : 'closed';
  return {
    kind: answer.pull_request ? 'pull' : 'issue',
    number: answer.number,
    url: answer.html_url,
    state: answer.state === 'open' ? 'open' : closed,
    body: answer.body,
    labels: (answer.labels ?? []).map(({ name }) => name),
    updated: answer.updated_at,
    created: answer.created_at,
  };
}

/** Titles that make a draft, unless the server was told others (Gitea Docs, `WORK_IN_PROGRESS_PREFIXES`). */
const draftPrefix = /^\s*(?:wip:|\[wip\])\s*/i;

/** A title that says whether it is a draft. */
export function draftTitle(title: string, isDraft: boolean): string {
  const bare = title.replace(draftPrefix, '');
  return isDraft ? `WIP: ${bare}` : bare;
}

/** Is a title that of a draft? */
export function isDraftTitle(title: string): boolean {
  return draftPrefix.test(title);
}

/** What is used of a pull request; whatever was asked for besides is handed over. `us`: the login of our account. */
export function toPull(
  answer: PullAnswer,
  us: string,
  { comments, events }: { readonly comments: readonly CommentAnswer[]; readonly events: readonly EventAnswer[] },
): ForgePull {
  // A label's event says by its text whether it came or went.
  const by = new Map(
    events.flatMap(({ type, body, label, user }) =>
      type === 'label' && body === '1' ? [[label?.name, user?.login] as const] : [],
    ),
  );
  const last = events.findLast(({ type }) => /^pull_(?:cancel_)?scheduled_merge$/.test(type));
  const isOpen = answer.state === 'open';
  return {
    id: String(answer.number),
    number: answer.number,
    url: answer.html_url,
    state: isOpen ? 'open' : answer.merged ? 'merged' : 'closed',
    isDraft: answer.draft || isDraftTitle(answer.title),
    isOwn: answer.user?.login === us,
    isForeign: answer.head.repo_id !== answer.base.repo_id,
    head: answer.head.label,
    headCommit: answer.head.sha,
    base: answer.base.ref,
    title: draftTitle(answer.title, false),
    body: answer.body,
    conflicts: isOpen && !answer.mergeable,
    automerge: last?.type === 'pull_scheduled_merge',
    comments: comments.map(({ id, body, user }) => ({
      id: String(id),
      body,
      author: user?.login ?? '',
      isOwn: user?.login === us,
    })),
    labels: (answer.labels ?? []).map(({ name }) => ({ name, by: by.get(name) })),
  };
}

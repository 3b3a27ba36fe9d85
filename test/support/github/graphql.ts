import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, type DocumentNode, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { ancestors, between, type Commit, type Person, readCommit, writeCommit } from './git.ts';
import { type ObjectStore, oidOf } from './objects.ts';
import type { Item, Repo, World } from './world.ts';

let schema: GraphQLSchema | undefined;

/** GitHub's published schema; a quarter of a second to read, once. */
function published(): GraphQLSchema {
  const file = path.join(import.meta.dirname, '../../../node_modules/@octokit/graphql-schema/schema.graphql');
  schema ??= buildSchema(readFileSync(file, 'utf8'), { assumeValid: true, assumeValidSDL: true });
  return schema;
}

/** An error as GitHub reports it: `type` stands beside the message. */
class Refusal extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export interface GraphqlCall {
  readonly world: World;
  readonly base: string;
  readonly login: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Mutations that this server does not know. */
  readonly unknown: ReadonlySet<string>;
}

/** Answers a document as GitHub would, and says what is wrong with it by the published schema. */
export async function answerGraphql(call: GraphqlCall): Promise<{ body: unknown; faults: string[] }> {
  const { document, faults: found } = checked(call.query);
  const faults = [...found];
  const missing = [...call.unknown].find((name) => new RegExp(`\\b${name}\\(`).test(call.query));
  if (missing !== undefined) {
    const message = `Field '${missing}' doesn't exist on type 'Mutation'`;
    return { body: { errors: [{ message, extensions: { code: 'undefinedField' } }] }, faults };
  }
  const rootValue = { ...queries(call), ...mutations(call) };
  const result = await execute({ schema: published(), document, rootValue, variableValues: { ...call.variables } });
  const errors = result.errors?.map((error) => ({
    message: error.message,
    path: error.path,
    type: (error.originalError as Refusal | undefined)?.type,
  }));
  for (const error of errors ?? []) if (error.type === undefined) faults.push(`graphql: ${error.message}`);
  return { body: { data: result.data, ...(errors && { errors }) }, faults };
}

const known = new Map<string, { document: DocumentNode; faults: readonly string[] }>();

/** Validated once: the same few documents are sent again and again. */
function checked(query: string): { document: DocumentNode; faults: readonly string[] } {
  const old = known.get(query);
  if (old !== undefined) return old;
  const document = parse(query);
  const made = { document, faults: validate(published(), document).map(({ message }) => `graphql: ${message}`) };
  known.set(query, made);
  return made;
}

type Arguments = Readonly<Record<string, unknown>>;

function queries({ world, base, login }: GraphqlCall): object {
  const visible = (repo: Repo | undefined): repo is Repo =>
    repo !== undefined && (repo.permissions.get(login) ?? 'write') !== 'none';
  return {
    viewer: () => ({ login, databaseId: 1, name: null }),
    repository: ({ owner, name }: Arguments) => {
      const repo = world.find(String(owner), String(name));
      if (!visible(repo))
        throw new Refusal('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      return repositoryOf(world, repo, login, base);
    },
    repositoryOwner: ({ login: owner }: Arguments) => {
      const all = world.repos.filter(
        (repo) => repo.owner.toLowerCase() === String(owner).toLowerCase() && visible(repo),
      );
      if (all.length === 0) return null;
      return {
        __typename: 'Organization',
        repositories: ({ first, after }: Arguments) => {
          const from = after ? Number(after) : 0;
          const to = from + Number(first);
          return {
            nodes: all.slice(from, to).map((repo) => repositoryOf(world, repo, login, base)),
            pageInfo: { hasNextPage: to < all.length, endCursor: String(to) },
          };
        },
      };
    },
  };
}

function repositoryOf(world: World, repo: Repo, login: string, base: string): object {
  const { store } = repo;
  const ref = (full: string): object | null => {
    const oid = store.refs().get(full);
    if (oid === undefined) return null;
    return {
      name: full.replace('refs/heads/', ''),
      target: () => ({ ...commitOf(store, oid), committedDate: repo.committed ?? repo.pushed }),
      compare: ({ headRef }: Arguments) => {
        const head = world.head(repo, String(headRef));
        if (head === undefined) return null;
        const nodes = between(store, oid, head);
        return {
          commits: { totalCount: nodes.length, nodes: nodes.slice(0, 100).map((one) => commitOf(store, one.oid)) },
        };
      },
    };
  };
  return {
    id: `R_${repo.databaseId}`,
    nameWithOwner: `${repo.owner}/${repo.name}`,
    url: `${base}/${repo.owner}/${repo.name}`,
    isArchived: repo.archived,
    viewerPermission: (repo.permissions.get(login) ?? 'write').toUpperCase(),
    autoMergeAllowed: repo.automerge,
    isDisabled: false,
    isFork: repo.fork,
    isTemplate: repo.template,
    isPrivate: repo.isPrivate,
    primaryLanguage: repo.language === undefined ? null : { name: repo.language },
    repositoryTopics: { nodes: repo.topics.map((name) => ({ topic: { name } })) },
    defaultBranchRef: () => (repo.defaultBranch === undefined ? null : ref(`refs/heads/${repo.defaultBranch}`)),
    ref: ({ qualifiedName }: Arguments) => ref(String(qualifiedName)),
    refs: ({ refPrefix }: Arguments) => ({
      nodes: [...store.refs()]
        .filter(([name]) => name.startsWith(String(refPrefix)))
        .map(([name, oid]) => ({ name: name.slice(String(refPrefix).length), target: commitOf(store, oid) })),
    }),
    object: ({ expression }: Arguments) => {
      const [commit = '', path = ''] = String(expression).split(/:(.*)/s);
      const file = filesAt(store, commit).get(path);
      return file === undefined ? null : { __typename: 'Blob', oid: file };
    },
    pullRequests: ({ headRefName }: Arguments) => ({
      nodes: repo.items
        .filter((item) => item.pull?.head === headRefName)
        .map((item) => pullOf(world, repo, item, login, base))
        .reverse(),
    }),
  };
}

function filesAt(store: ObjectStore, commit: string): Map<string, string> {
  const files = new Map<string, string>();
  const walk = (tree: string, prefix: string): void => {
    const bytes = store.read(tree)?.bytes ?? Buffer.alloc(0);
    for (let at = 0; at < bytes.length; ) {
      const nul = bytes.indexOf(0, at);
      const [mode = '', ...name] = bytes.subarray(at, nul).toString().split(' ');
      const oid = bytes.subarray(nul + 1, nul + 21).toString('hex');
      if (mode === '40000') walk(oid, `${prefix}${name.join(' ')}/`);
      else files.set(`${prefix}${name.join(' ')}`, oid);
      at = nul + 21;
    }
  };
  walk(readCommit(store, commit).tree, '');
  return files;
}

function commitOf(store: ObjectStore, oid: string): object {
  const commit: Commit = readCommit(store, oid);
  const person = ({ name, email }: Person): object => ({
    name,
    email,
    user: email.includes('+') ? { login: name } : null,
  });
  return {
    __typename: 'Commit',
    oid,
    message: commit.message,
    tree: { oid: commit.tree },
    parents: { nodes: commit.parents.map((one) => ({ oid: one })) },
    author: person(commit.author),
    committer: person(commit.committer),
  };
}

function pullOf(world: World, repo: Repo, item: Item, login: string, base: string): object {
  const { pull } = item;
  const actor = (name: string): object => ({
    __typename: name.endsWith('[bot]') ? 'Bot' : 'User',
    login: name.replace('[bot]', ''),
  });
  return {
    id: `PR_${repo.databaseId}_${item.number}`,
    number: item.number,
    url: `${base}/${repo.owner}/${repo.name}/pull/${item.number}`,
    state: item.state === 'open' ? 'OPEN' : pull?.merged ? 'MERGED' : 'CLOSED',
    isDraft: pull?.draft,
    isCrossRepository: false,
    viewerDidAuthor: item.user === login,
    headRefName: pull?.head,
    headRefOid: pull?.headCommit,
    baseRefName: pull?.base,
    title: item.title,
    body: item.body,
    mergeable: () => (item.state === 'open' && world.conflicts(repo, item) ? 'CONFLICTING' : 'MERGEABLE'),
    autoMergeRequest: pull?.automerge ? { enabledAt: item.created } : null,
    comments: {
      nodes: item.comments.slice(-100).map((one) => ({
        id: `C_${one.id}`,
        body: one.body,
        viewerDidAuthor: one.user === login,
        author: actor(one.user),
      })),
    },
    labels: { nodes: item.labels.map(({ name }) => ({ name })) },
    timelineItems: {
      nodes: item.labels.map(({ name, by }) => ({ __typename: 'LabeledEvent', actor: actor(by), label: { name } })),
    },
  };
}

function mutations({ world, login }: GraphqlCall): object {
  const writable = (repo: Repo | undefined): Repo => {
    if (repo === undefined) throw new Refusal('NOT_FOUND', 'Could not resolve to a node with the global id.');
    if (repo.archived) throw new Refusal('FORBIDDEN', 'Repository was archived so is read-only.');
    if ((repo.permissions.get(login) ?? 'write') === 'read')
      throw new Refusal('FORBIDDEN', 'Resource not accessible by integration');
    return repo;
  };
  const pullOfId = (id: unknown): { item: Item; repo: Repo } => {
    const [, repoId, number] = String(id).split('_');
    const repo = writable(world.repos.find((one) => one.databaseId === Number(repoId)));
    const item = repo.items.find((one) => one.number === Number(number));
    if (item?.pull === undefined) throw new Refusal('NOT_FOUND', 'Could not resolve to a node.');
    return { item, repo };
  };
  return {
    updateRefs: ({ input }: { input: { repositoryId: string; refUpdates: RefUpdate[] } }) => {
      const repo = writable(world.repos.find((one) => `R_${one.databaseId}` === input.repositoryId));
      const zeros = '0'.repeat(40);
      const refs = repo.store.refs();
      for (const { name, beforeOid, afterOid, force } of input.refUpdates) {
        const old = refs.get(name);
        if (repo.protected.has(name.replace('refs/heads/', '')))
          throw new Refusal('UNPROCESSABLE', 'Cannot update this protected ref.');
        if (beforeOid !== undefined && (old ?? zeros) !== beforeOid)
          throw new Refusal('UNPROCESSABLE', `Ref ${name} cannot be updated: it is at ${old ?? 'nothing'}`);
        if (afterOid !== zeros && repo.store.read(afterOid) === undefined)
          throw new Refusal('UNPROCESSABLE', 'No such commit');
        if (old && afterOid !== zeros && !force && !ancestors(repo.store, afterOid).has(old))
          throw new Refusal('UNPROCESSABLE', 'Update is not a fast forward');
        if (
          afterOid !== zeros &&
          [...refs.keys()].some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`))
        )
          throw new Refusal('UNPROCESSABLE', 'Reference name is in the way of another');
      }
      for (const { name, afterOid } of input.refUpdates)
        repo.store.setRef(name, afterOid === zeros ? undefined : afterOid);
      world.moved(repo);
      return { clientMutationId: null };
    },
    createCommitOnBranch: ({ input }: { input: CommitInput }) => {
      const [owner = '', name = ''] = input.branch.repositoryNameWithOwner.split('/');
      const repo = writable(world.find(owner, name));
      const head = world.head(repo, input.branch.branchName);
      if (head === undefined) throw new Refusal('NOT_FOUND', 'The branch does not exist.');
      if (head !== input.expectedHeadOid)
        throw new Refusal('STALE_DATA', `Expected branch to point to "${head}" but it did not. Pull and try again.`);
      const files = Object.fromEntries(
        input.fileChanges.additions.map(({ path, contents }) => [path, Buffer.from(contents, 'base64')]),
      );
      const { headline, body } = input.message;
      const oid = writeCommit(repo.store, {
        tree: world.changed(repo, head, files),
        parents: [head],
        author: { name: login, email: `1+${login}@users.noreply.github.com` },
        committer: { name: 'GitHub', email: 'noreply@github.com' },
        message: body ? `${headline}\n\n${body}` : headline,
      });
      repo.store.setRef(`refs/heads/${input.branch.branchName}`, oid);
      world.moved(repo);
      return { commit: { oid: oidOf('commit', repo.store.read(oid)?.bytes ?? Buffer.alloc(0)) } };
    },
    convertPullRequestToDraft: ({ input }: PullInput) => {
      (pullOfId(input.pullRequestId).item.pull as { draft: boolean }).draft = true;
      return { clientMutationId: null };
    },
    markPullRequestReadyForReview: ({ input }: PullInput) => {
      (pullOfId(input.pullRequestId).item.pull as { draft: boolean }).draft = false;
      return { clientMutationId: null };
    },
    enablePullRequestAutoMerge: ({ input }: PullInput) => {
      const { item, repo } = pullOfId(input.pullRequestId);
      if (!repo.automerge)
        throw new Refusal('UNPROCESSABLE', 'Pull request Auto merge is not allowed for this repository');
      (item.pull as { automerge: boolean }).automerge = true;
      return { clientMutationId: null };
    },
    disablePullRequestAutoMerge: ({ input }: PullInput) => {
      (pullOfId(input.pullRequestId).item.pull as { automerge: boolean }).automerge = false;
      return { clientMutationId: null };
    },
  };
}

interface RefUpdate {
  readonly name: string;
  readonly beforeOid?: string;
  readonly afterOid: string;
  readonly force?: boolean;
}

interface CommitInput {
  readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string };
  readonly fileChanges: { readonly additions: readonly { readonly path: string; readonly contents: string }[] };
}

interface PullInput {
  readonly input: { readonly pullRequestId: string };
}

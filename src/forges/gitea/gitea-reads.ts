import { globToRegExp } from '../../core/glob.ts';
import { limits } from '../../core/limits/limits.ts';
import type {
  BranchHead,
  ForgeCommit,
  ForgePull,
  ForgeReads,
  ForgeRepository,
  OwnItem,
  Selection,
  TreeFile,
} from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { objectId } from '../push/git-objects.ts';
import { vouchedFor } from '../push/own-commits.ts';
import {
  type BranchAnswer,
  type CommentAnswer,
  type CommitAnswer,
  type EventAnswer,
  type ItemAnswer,
  type PullAnswer,
  type RepositoryAnswer,
  toCommit,
  toItem,
  toPull,
} from './gitea-answers.ts';
import { type GiteaApi, pathText } from './gitea-api.ts';
import { lackingRights } from './gitea-rights.ts';

const ownPrefix = 'plimsoll/';
/** Repositories whose branches are asked for at once. */
const headsAtOnce = 6;
/** What servers give at most, unless they were told otherwise. */
const perPage = 50;

/** The half of the forge that changes nothing. What is named by its content is kept; lists are asked for conditionally. */
export function giteaReads(api: GiteaApi): ForgeReads {
  const { rest } = api;

  async function repositoryOf(answer: RepositoryAnswer, wanted: readonly string[]): Promise<ForgeRepository> {
    const repository: ForgeRepository = {
      forge: 'gitea',
      id: api.idOf(answer),
      name: answer.full_name,
      url: answer.html_url,
      isPrivate: answer.private,
      archived: answer.archived,
      branches: [],
      ownBranches: [],
    };
    if (answer.empty || answer.default_branch === '') return repository;
    const named = wanted.length === 0 ? [answer.default_branch] : wanted;
    const heads = await branches(repository, named);
    return {
      ...repository,
      branches: named.flatMap((name) => headOf(name, heads.get(name)) ?? []),
      ownBranches: [...heads].flatMap(([name, commit]) => (name.startsWith(ownPrefix) ? [{ name, commit }] : [])),
    };
  }

  /** Some branches and all of ours, with the commits that they name. Where there are more than are read, one by one. */
  async function branches(
    repository: ForgeRepository,
    wanted: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const attempt = `listing the branches of ${repository.name}`;
    const path = `${api.path(repository)}/branches`;
    const found = new Map<string, string>();
    const most = limits.tree.branchPages.most;
    let pages = 0;
    for await (const page of rest.pages<BranchAnswer>(path, attempt, { limit: perPage }, { most, isKept: true })) {
      for (const { name, commit } of page) {
        if (commit !== null && (wanted.includes(name) || name.startsWith(ownPrefix))) found.set(name, commit.id);
      }
      pages++;
    }
    if (pages < most) return found;
    for (const name of wanted) {
      if (found.has(name)) continue;
      const commit = (await rest.find<BranchAnswer>(`${path}/${pathText(name)}`, attempt))?.data.commit;
      if (commit) found.set(name, commit.id);
    }
    return found;
  }

  async function* repositories({ pattern }: Selection): AsyncGenerator<readonly RepositoryAnswer[]> {
    const attempt = `listing ${pattern}`;
    const [owner = '', name = ''] = pattern.split('/');
    if (!/[*?{[]/.test(name)) {
      yield [await rest.get<RepositoryAnswer>(api.path({ name: pattern }), attempt)];
      return;
    }
    const ask = (kind: 'orgs' | 'users'): AsyncGenerator<RepositoryAnswer[]> =>
      rest.pages(
        `/${kind}/${encodeURIComponent(owner)}/repos`,
        attempt,
        { limit: perPage },
        {
          most: limits.tree.repositoryPages.most,
          isWhole: true,
        },
      );
    try {
      yield* ask('orgs');
    } catch (error) {
      // People have repositories, too.
      if (!(error instanceof ForgeError) || error.failure !== 'missing') throw error;
      yield* ask('users');
    }
  }

  /** Commits by their names; what is named by its content is kept. */
  async function commitOf(repository: ForgeRepository, sha: string): Promise<CommitAnswer> {
    const known = api.cache.get('forge-commit', sha);
    if (known !== undefined) return JSON.parse(new TextDecoder().decode(known)) as CommitAnswer;
    const attempt = `reading a commit of ${repository.name}`;
    const answer = await rest.get<CommitAnswer>(`${api.path(repository)}/git/commits/${sha}`, attempt);
    const kept: CommitAnswer = { sha, commit: { message: answer.commit.message }, parents: answer.parents };
    api.cache.put('forge-commit', sha, new TextEncoder().encode(JSON.stringify(kept)));
    return kept;
  }

  async function pullOf(repository: ForgeRepository, listed: PullAnswer, us: string): Promise<ForgePull> {
    if (listed.user?.login !== us || listed.state !== 'open') return toPull(listed, us, { comments: [], events: [] });
    const attempt = `looking at #${listed.number} of ${repository.name}`;
    const item = `${api.path(repository)}/issues/${listed.number}`;
    const comments = await rest.get<CommentAnswer[]>(`${item}/comments`, attempt);
    const events: EventAnswer[] = [];
    const bounds = { most: limits.tree.itemPages.most };
    for await (const page of rest.pages<EventAnswer>(`${item}/timeline`, attempt, { limit: perPage }, bounds))
      events.push(...page);
    let pull = listed;
    if (!listed.mergeable) {
      // It says the same as long as it has not worked that out.
      await api.pause(1);
      pull = await rest.get<PullAnswer>(`${api.path(repository)}/pulls/${listed.number}`, attempt);
    }
    return toPull(pull, us, { comments, events });
  }

  return {
    async *repositories(selection) {
      const isNamed = globToRegExp(selection.pattern.toLowerCase());
      const isOne = !/[*?{[]/.test(selection.pattern);
      for await (const page of repositories(selection)) {
        const chosen = page.filter(
          (one) => isOne || (isNamed.test(one.full_name.toLowerCase()) && isSelected(one, selection)),
        );
        for (let from = 0; from < chosen.length; from += headsAtOnce) {
          const some = chosen.slice(from, from + headsAtOnce);
          yield* await Promise.all(some.map((one) => repositoryOf(one, selection.branches)));
        }
      }
    },

    async tree(repository, commit) {
      const known = api.cache.get('forge-tree', commit);
      if (known !== undefined) return JSON.parse(new TextDecoder().decode(known)) as TreeFile[];
      const attempt = `listing the files of ${repository.name}`;
      const path = `${api.path(repository)}/git/trees/${commit}`;
      const files: TreeFile[] = [];
      for (let page = 1; ; page++) {
        if (page > limits.tree.treePages.most)
          throw new ForgeError('refused', `${attempt}: more than ${limits.tree.treePages.most} pages`);
        const query = { recursive: true, page, per_page: 1000 };
        const { tree, truncated } = await rest.get<TreeAnswer>(path, attempt, { query });
        for (const { type, mode, path, sha, size } of tree ?? []) {
          if (type === 'blob' && mode !== '120000') files.push({ path, blob: sha, size });
        }
        if (!truncated || (tree ?? []).length === 0) break;
      }
      api.cache.put('forge-tree', commit, new TextEncoder().encode(JSON.stringify(files)));
      return files;
    },

    async blob(repository, { path, blob }) {
      const known = api.cache.get('forge-blob', blob);
      if (known !== undefined) return known;
      const attempt = `reading ${path} of ${repository.name}`;
      const answer = await rest.get<{ readonly content: string }>(`${api.path(repository)}/git/blobs/${blob}`, attempt);
      const bytes = Buffer.from(answer.content, 'base64');
      if (blob.length === 40 && objectId({ type: 'blob', bytes }) !== blob)
        throw new ForgeError('failed', `${attempt}: what came is not what ${blob} names`);
      api.cache.put('forge-blob', blob, bytes);
      return bytes;
    },

    async ownItems(repository, kind) {
      const { login } = await api.account();
      const attempt = `listing our pull requests in ${repository.name}`;
      const type = kind === undefined ? {} : { type: kind === 'pull' ? 'pulls' : 'issues' };
      const query = { created_by: login, state: 'all', limit: perPage, ...type };
      const items: OwnItem[] = [];
      const bounds = { most: limits.tree.itemPages.most, isKept: true };
      for await (const page of rest.pages<ItemAnswer>(`${api.path(repository)}/issues`, attempt, query, bounds))
        items.push(...page.filter(({ user }) => user?.login === login).map(toItem));
      return items.sort((a, b) => (a.updated < b.updated ? 1 : -1));
    },

    async state(repository, { bases, branches: wanted }) {
      const { login } = await api.account();
      const heads = await branches(repository, [...bases, ...wanted]);
      const attempt = `looking at the pull requests of ${repository.name}`;
      const path = `${api.path(repository)}/pulls`;
      const listed: PullAnswer[] = [];
      // All that are open, and of those that are over the last ones: there is no list by branch.
      const all = { state: 'open', limit: perPage };
      const over = { state: 'closed', sort: 'recentupdate', limit: perPage };
      const most = limits.tree.itemPages.most;
      if (wanted.length > 0) {
        const whole = { most: limits.tree.branchPages.most, isWhole: true };
        for await (const page of rest.pages<PullAnswer>(path, attempt, all, whole)) listed.push(...page);
        for await (const page of rest.pages<PullAnswer>(path, attempt, over, { most })) listed.push(...page);
      }
      const ours = listed.filter(({ head }) => wanted.includes(head.label));
      const pulls: ForgePull[] = [];
      for (const one of ours) pulls.push(await pullOf(repository, one, login));
      const there = wanted.flatMap((name) => heads.get(name) ?? []);
      const vouched = vouchedFor(pulls);
      const pushed = await api.pushedByUs(
        repository,
        there.filter((one) => !vouched.has(one)),
      );
      const commits = new Map<string, ForgeCommit | undefined>();
      for (const name of wanted) {
        const sha = heads.get(name);
        const isOwn = sha !== undefined && (vouched.has(sha) || pushed.has(sha));
        commits.set(name, sha === undefined ? undefined : toCommit(await commitOf(repository, sha), isOwn));
      }
      return {
        bases: new Map(bases.map((name) => [name, headOf(name, heads.get(name))])),
        branches: commits,
        // A branch is where it is, whatever the list says yet.
        pulls: pulls.map((pull) =>
          pull.state === 'open' && !pull.isForeign
            ? { ...pull, headCommit: heads.get(pull.head) ?? pull.headCommit }
            : pull,
        ),
      };
    },

    blobsAt(repository, commit, paths) {
      const attempt = `reading ${repository.name}`;
      return Promise.all(
        paths.map(async (path) => {
          const at = `${api.path(repository)}/contents/${pathText(path)}`;
          return (await rest.find<{ readonly sha: string }>(at, attempt, { query: { ref: commit } }))?.data.sha;
        }),
      );
    },

    async commitsBetween(repository, base, branch) {
      const attempt = `comparing ${branch} of ${repository.name} with ${base}`;
      const path = `${api.path(repository)}/compare/${pathText(`${base}...${branch}`)}`;
      const answer = await rest.find<CompareAnswer>(path, attempt);
      const commits = answer?.data.commits ?? [];
      const { most } = limits.tree.commits;
      if (answer === undefined || answer.data.total_commits > commits.length || commits.length > most) return undefined;
      const names = commits.map(({ sha }) => sha);
      const ours = await api.pushedByUs(repository, names);
      return commits.reverse().map((one) => toCommit(one, ours.has(one.sha)));
    },

    async mayWrite(repository, login) {
      if (repository.name.split('/')[0]?.toLowerCase() === login.toLowerCase()) return true;
      const attempt = `asking for the rights of ${login} in ${repository.name}`;
      const path = `${api.path(repository)}/collaborators/${encodeURIComponent(login)}/permission`;
      try {
        const found = await rest.find<{ readonly permission: string }>(path, attempt);
        return ['admin', 'owner', 'write'].includes(found?.data.permission ?? '');
      } catch (error) {
        // Only administrators of a repository may ask. Who cannot be asked for counts as nobody.
        if (error instanceof ForgeError && error.failure === 'denied') return false;
        throw error;
      }
    },

    barred: async () => undefined,

    lacks: (repository, { automerge }) => lackingRights(repository, automerge, api),
  };
}

interface TreeAnswer {
  readonly tree:
    | readonly {
        readonly type: string;
        readonly mode: string;
        readonly path: string;
        readonly sha: string;
        readonly size: number;
      }[]
    | null;
  readonly truncated: boolean;
}

interface CompareAnswer {
  readonly total_commits: number;
  readonly commits: CommitAnswer[] | null;
}

/** The server names no trees in its lists. */
function headOf(name: string, commit: string | undefined): BranchHead | undefined {
  return commit === undefined ? undefined : { name, commit, tree: commit };
}

function isSelected(one: RepositoryAnswer, { topics, languages, archived, forks, templates }: Selection): boolean {
  if ((one.archived && !archived) || (one.fork && !forks) || (one.template && !templates)) return false;
  if (topics.length > 0 && !topics.some((topic) => one.topics?.includes(topic))) return false;
  const language = one.language?.toLowerCase();
  return languages.length === 0 || languages.some((name) => name.toLowerCase() === language);
}

import { globToRegExp } from '../../core/glob.ts';
import { limits } from '../../core/limits/limits.ts';
import type { BranchHead, ForgeCommit, ForgePull, ForgeReads, ForgeRepository, OwnItem, TreeFile } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { objectId } from '../push/git-objects.ts';
import { vouchedFor } from '../push/own-commits.ts';
import {
  type BranchAnswer,
  type CommitAnswer,
  type IssueAnswer,
  type LabelEventAnswer,
  type MergeAnswer,
  type NoteAnswer,
  type ProjectAnswer,
  toCommit,
  toHead,
  toItem,
  toPull,
  type UserAnswer,
  type WholeMergeAnswer,
} from './gitlab-answers.ts';
import type { GitLabApi } from './gitlab-api.ts';
import { lackingRights } from './gitlab-rights.ts';

const ownPrefix = 'plimsoll/';
/** Projects whose branches are asked for at once. */
const headsAtOnce = 6;
/** Who may push to branches that are not protected (GitLab Docs, "Access levels"). */
const developer = 30;

/** The half of the forge that changes nothing. What is named by its content is kept; lists are asked for conditionally. */
export function gitlabReads(api: GitLabApi): ForgeReads {
  const { rest } = api;

  /** A project with the heads that were asked for. */
  async function repositoryOf(project: ProjectAnswer, wanted: readonly string[]): Promise<ForgeRepository> {
    const repository: ForgeRepository = {
      forge: 'gitlab',
      id: api.idOf(project),
      name: project.path_with_namespace,
      url: project.web_url,
      isPrivate: project.visibility !== 'public',
      archived: project.archived,
      branches: [],
      ownBranches: [],
    };
    api.know(project);
    if (!project.default_branch) return repository;
    const named = wanted.length === 0 ? [project.default_branch] : wanted;
    const heads = await branches(repository, named);
    return {
      ...repository,
      branches: named.flatMap((name) => {
        const head = heads.get(name);
        return head === undefined ? [] : [toHead(head)];
      }),
      ownBranches: [...heads.values()].flatMap(({ name, commit }) =>
        name.startsWith(ownPrefix) ? [{ name, commit: commit.id }] : [],
      ),
    };
  }

  /**
   * Some branches and all of ours, in one list by an expression (RE2). A server that does not know `regex` lists all of them;
   * where it has more than are read, the others are asked for one by one.
   */
  async function branches(
    repository: ForgeRepository,
    wanted: readonly string[],
  ): Promise<ReadonlyMap<string, BranchAnswer>> {
    const attempt = `listing the branches of ${repository.name}`;
    const path = `${api.path(repository)}/repository/branches`;
    const exact = wanted.filter((name) => !name.startsWith(ownPrefix)).map(literally);
    const query = { regex: `^(?:${[...exact, `${ownPrefix}.*`].join('|')})$`, per_page: 100 };
    const found = new Map<string, BranchAnswer>();
    let last = 0;
    let pages = 0;
    const most = limits.tree.branchPages.most;
    for await (const page of rest.pages<BranchAnswer>(path, attempt, query, { most, isKept: true })) {
      for (const one of page) {
        if (wanted.includes(one.name) || one.name.startsWith(ownPrefix)) found.set(one.name, one);
      }
      last = page.length;
      pages++;
    }
    if (pages < most || last < 100) return found;
    for (const name of wanted) {
      if (found.has(name)) continue;
      const one = await rest.find<BranchAnswer>(`${path}/${encodeURIComponent(name)}`, attempt);
      if (one !== undefined) found.set(name, one.data);
    }
    return found;
  }

  async function* projects(pattern: string, more: { archived: boolean; topics: readonly string[] }) {
    const attempt = `listing ${pattern}`;
    const whole = pattern.split('/');
    const at = whole.findIndex((part) => /[*?{[]/.test(part));
    if (at < 0) {
      yield [await rest.get<ProjectAnswer>(`/projects/${encodeURIComponent(pattern)}`, attempt)];
      return;
    }
    const group = encodeURIComponent(whole.slice(0, at).join('/'));
    const query = {
      per_page: 100,
      order_by: 'id',
      sort: 'asc',
      ...(!more.archived && { archived: false }),
      ...(more.topics.length === 1 && { topic: more.topics[0] }),
    };
    const ask = (path: string, own: object) =>
      rest.pages<ProjectAnswer>(
        path,
        attempt,
        { ...query, ...own },
        { most: limits.tree.repositoryPages.most, isWhole: true },
      );
    try {
      yield* ask(`/groups/${group}/projects`, { include_subgroups: true, with_shared: false });
    } catch (error) {
      // People have projects, too.
      if (!(error instanceof ForgeError) || error.failure !== 'missing' || at > 1) throw error;
      yield* ask(`/users/${group}/projects`, {});
    }
  }

  async function pullOf(
    repository: ForgeRepository,
    listed: MergeAnswer,
    us: number,
    head: string | undefined,
  ): Promise<ForgePull> {
    const isOurs = listed.author?.id === us && listed.state !== 'closed' && listed.state !== 'merged';
    if (!isOurs) return toPull(listed, us, { head, notes: [], labelled: [] });
    const attempt = `looking at !${listed.iid} of ${repository.name}`;
    const path = `${api.path(repository)}/merge_requests/${listed.iid}`;
    const [whole, notes, labelled] = await Promise.all([
      // Asked for by itself, GitLab works out whether it can be merged.
      rest.get<WholeMergeAnswer>(path, attempt),
      rest.get<NoteAnswer[]>(`${path}/notes`, attempt, { query: { sort: 'desc', per_page: 100 } }),
      listed.labels.some((name) => /^plimsoll:/i.test(name))
        ? rest.get<LabelEventAnswer[]>(`${path}/resource_label_events`, attempt, { query: { per_page: 100 } })
        : [],
    ]);
    return toPull(whole, us, { head, notes: notes.reverse(), labelled });
  }

  return {
    async *repositories(selection) {
      const isNamed = globToRegExp(selection.pattern);
      const isOne = !/[*?{[]/.test(selection.pattern);
      for await (const page of projects(selection.pattern, selection)) {
        const chosen = page.filter(
          (one) => isOne || (isNamed.test(one.path_with_namespace) && isSelected(one, selection)),
        );
        for (let from = 0; from < chosen.length; from += headsAtOnce) {
          const some = chosen.slice(from, from + headsAtOnce);
          yield* await Promise.all(some.map((project) => repositoryOf(project, selection.branches)));
        }
      }
    },

    async tree(repository, commit) {
      const known = api.cache.get('forge-tree', commit);
      if (known !== undefined) return JSON.parse(new TextDecoder().decode(known)) as TreeFile[];
      const query = { ref: commit, recursive: true, pagination: 'keyset', per_page: 100 };
      const attempt = `listing the files of ${repository.name}`;
      const path = `${api.path(repository)}/repository/tree`;
      const files: TreeFile[] = [];
      interface Entry {
        readonly type: string;
        readonly mode: string;
        readonly path: string;
        readonly id: string;
      }
      const whole = { most: limits.tree.treePages.most, isWhole: true };
      for await (const page of rest.pages<Entry>(path, attempt, query, whole)) {
        for (const { type, mode, path, id } of page) {
          if (type === 'blob' && mode !== '120000') files.push({ path, blob: id });
        }
      }
      api.cache.put('forge-tree', commit, new TextEncoder().encode(JSON.stringify(files)));
      return files;
    },

    async blob(repository, { path, blob }) {
      const known = api.cache.get('forge-blob', blob);
      if (known !== undefined) return known;
      const attempt = `reading ${path} of ${repository.name}`;
      const at = `${api.path(repository)}/repository/blobs/${blob}/raw`;
      const { data } = await rest.ask<Buffer>(at, attempt, { isRaw: true });
      if (blob.length === 40 && objectId({ type: 'blob', bytes: data }) !== blob)
        throw new ForgeError('failed', `${attempt}: what came is not what ${blob} names`);
      api.cache.put('forge-blob', blob, data);
      return data;
    },

    async ownItems(repository, kind) {
      const { id: us } = await api.account();
      const attempt = `listing our merge requests in ${repository.name}`;
      const query = { author_id: us, scope: 'all', state: 'all', order_by: 'updated_at', sort: 'desc', per_page: 100 };
      const list = async (what: 'merge_requests' | 'issues'): Promise<OwnItem[]> => {
        const items: OwnItem[] = [];
        const bounds = { most: limits.tree.itemPages.most, isKept: true };
        for await (const page of rest.pages<MergeAnswer | IssueAnswer>(
          `${api.path(repository)}/${what}`,
          attempt,
          query,
          bounds,
        ))
          items.push(...page.filter(({ author }) => author?.id === us).map(toItem));
        return items;
      };
      const [pulls, issues] = await Promise.all([
        kind === 'issue' ? [] : list('merge_requests'),
        kind === 'pull' ? [] : list('issues').catch(withoutIssues),
      ]);
      return [...pulls, ...issues].sort((a, b) => (a.updated < b.updated ? 1 : -1));
    },

    async state(repository, { bases, branches: wanted }) {
      const { id: us } = await api.account();
      const heads = await branches(repository, [...bases, ...wanted]);
      const attempt = `looking at the merge requests of ${repository.name}`;
      const path = `${api.path(repository)}/merge_requests`;
      const pulls: ForgePull[] = [];
      for (const name of wanted) {
        const query = { source_branch: name, state: 'all', scope: 'all', order_by: 'created_at', per_page: 20 };
        for (const one of await rest.get<MergeAnswer[]>(path, attempt, { query }))
          pulls.push(await pullOf(repository, one, us, heads.get(name)?.commit.id));
      }
      const commits = wanted.flatMap((name) => heads.get(name)?.commit ?? []);
      const vouched = vouchedFor(pulls);
      const unsure = commits.flatMap(({ id }) => (vouched.has(id) ? [] : [id]));
      const pushed = await api.pushedByUs(repository, unsure);
      return {
        bases: new Map(bases.map((name) => [name, headOf(heads.get(name))])),
        branches: new Map(
          wanted.map((name): [string, ForgeCommit | undefined] => {
            const commit = heads.get(name)?.commit;
            return [name, commit && toCommit(commit, vouched.has(commit.id) || pushed.has(commit.id))];
          }),
        ),
        pulls,
      };
    },

    blobsAt(repository, commit, paths) {
      const attempt = `reading ${repository.name}`;
      return Promise.all(
        paths.map(async (path) => {
          const at = `${api.path(repository)}/repository/files/${encodeURIComponent(path)}`;
          const answer = await rest.find(at, attempt, { method: 'HEAD', query: { ref: commit } });
          return answer?.header('x-gitlab-blob-id');
        }),
      );
    },

    async commitsBetween(repository, base, branch) {
      const attempt = `comparing ${branch} of ${repository.name} with ${base}`;
      const query = { ref_name: `${base}..${branch}`, per_page: limits.tree.commits.most };
      const answer = await rest.find<CommitAnswer[]>(`${api.path(repository)}/repository/commits`, attempt, { query });
      if (answer === undefined || answer.next !== undefined) return undefined;
      const commits = answer.data.reverse();
      const ours = await api.pushedByUs(
        repository,
        commits.map(({ id }) => id),
      );
      return commits.map((one) => toCommit(one, ours.has(one.id)));
    },

    async mayWrite(repository, username) {
      const attempt = `asking for the role of ${username} in ${repository.name}`;
      const [user] = await rest.get<UserAnswer[]>('/users', attempt, { query: { username } });
      if (user === undefined) return false;
      const at = `${api.path(repository)}/members/all/${user.id}`;
      const member = await rest.find<{ readonly access_level: number }>(at, attempt);
      return (member?.data.access_level ?? 0) >= developer;
    },

    barred: async () => undefined,

    lacks: (repository, { automerge }) => lackingRights(repository, automerge, api),
  };
}

/** A project may be without issues. */
function withoutIssues(error: unknown): OwnItem[] {
  if (error instanceof ForgeError && (error.failure === 'missing' || error.failure === 'denied')) return [];
  throw error;
}

function headOf(branch: BranchAnswer | undefined): BranchHead | undefined {
  return branch && toHead(branch);
}

/** Source: github.com/google/re2/wiki/Syntax. */
function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isSelected(
  one: ProjectAnswer,
  { topics, forks }: { readonly topics: readonly string[]; readonly forks: boolean },
): boolean {
  if (one.forked_from_project !== undefined && !forks) return false;
  return topics.length === 0 || topics.some((topic) => one.topics?.includes(topic));
}

import type { Octokit } from '@octokit/rest';
import type { ByteCache } from '../../cache/byte-cache.ts';
import { globToRegExp } from '../../core/glob.ts';
import type {
  BranchHead,
  Forge,
  ForgeCommit,
  ForgeRepository,
  NewCommit,
  NewPull,
  OwnItem,
  PullChange,
  RefMove,
  RepositoryState,
  Selection,
  TreeFile,
} from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import {
  type CommitAnswer,
  type IssueAnswer,
  type PullAnswer,
  type RepositoryAnswer,
  toCommit,
  toHead,
  toItem,
  toPull,
  toRepository,
} from './answers.ts';
import { GitHubClients, type GitHubOptions } from './client.ts';
import { failureOf } from './failure.ts';
import {
  automergeMutations,
  betweenQuery,
  blobsQuery,
  commitMutation,
  draftMutations,
  repositoriesQuery,
  repositoryQuery,
  stateQuery,
  updateRefsMutation,
  viewerQuery,
} from './queries.ts';
import { readTree } from './tree.ts';

const noCommit = '0'.repeat(40);
/** Of our own items; what is older says nothing any more. */
const mostItemPages = 5;

interface Account {
  readonly login: string;
  readonly name: string;
  readonly email: string;
}

/**
 * GitHub, and GitHub Enterprise Server. Reads and single writes go by REST; branches and commits by GraphQL's
 * `updateRefs` and `createCommitOnBranch`, which are compare-and-set: https://docs.github.com/en/graphql/reference/mutations
 */
export class GitHubForge implements Forge {
  readonly kind = 'github';
  readonly #clients: GitHubClients;
  readonly #cache: ByteCache;
  readonly #accounts = new Map<string, Promise<Account>>();

  constructor(options: GitHubOptions & { readonly cache: ByteCache }) {
    this.#clients = new GitHubClients(options);
    this.#cache = options.cache;
  }

  get requests(): number {
    return this.#clients.requests;
  }

  account(owner: string): Promise<Account> {
    let account = this.#accounts.get(owner);
    if (account === undefined) {
      account = this.#graphql(owner, viewerQuery, {}, 'asking who we are').then((answer) => toAccount(answer));
      account.catch(() => this.#accounts.delete(owner));
      this.#accounts.set(owner, account);
    }
    return account;
  }

  async *repositories(selection: Selection): AsyncIterable<ForgeRepository> {
    const [owner = '', name = ''] = selection.pattern.split('/');
    const attempt = `listing ${selection.pattern}`;
    if (!/[*?{]/.test(name)) {
      const answer = await this.#graphql(owner, repositoryQuery(selection.branches), { owner, name }, attempt);
      const { repository } = answer as { repository: RepositoryAnswer | null };
      if (repository === null)
        throw new ForgeError('missing', `${attempt}: there is no such repository, or not for us`);
      yield toRepository(repository, selection.branches);
      return;
    }
    const pattern = globToRegExp(name);
    let after: string | null = null;
    do {
      const answer = await this.#graphql(owner, repositoriesQuery(selection.branches), { owner, after }, attempt);
      const { repositoryOwner } = answer as { repositoryOwner: { repositories: RepositoryPage } | null };
      if (repositoryOwner === null) throw new ForgeError('missing', `${attempt}: there is no owner of this name`);
      const { nodes, pageInfo } = repositoryOwner.repositories;
      for (const one of nodes) {
        if (one !== null && pattern.test(one.nameWithOwner.split('/')[1] ?? '') && isSelected(one, selection)) {
          yield toRepository(one, selection.branches);
        }
      }
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
  }

  async tree(repository: ForgeRepository, tree: string): Promise<readonly TreeFile[]> {
    const known = this.#recall<TreeFile[]>('forge-tree', tree);
    if (known !== undefined) return known;
    const octokit = await this.#clients.of(ownerOf(repository));
    const files = await readTree(octokit, coordinates(repository), tree);
    this.#remember('forge-tree', tree, files);
    return files;
  }

  async blob(repository: ForgeRepository, { path, blob }: TreeFile): Promise<Uint8Array> {
    const known = this.#cache.get('forge-blob', blob);
    if (known !== undefined) return known;
    const octokit = await this.#clients.of(ownerOf(repository));
    try {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
        ...coordinates(repository),
        file_sha: blob,
      });
      const bytes = Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
      this.#cache.put('forge-blob', blob, bytes);
      return bytes;
    } catch (error) {
      throw failureOf(error, `reading ${path} of ${repository.name}`);
    }
  }

  async ownItems(repository: ForgeRepository): Promise<readonly OwnItem[]> {
    const owner = ownerOf(repository);
    const [octokit, { login }] = await Promise.all([this.#clients.of(owner), this.account(owner)]);
    const items: OwnItem[] = [];
    for (let page = 1; page <= mostItemPages; page++) {
      const found = await this.#itemPage(octokit, repository, login, page);
      items.push(...found);
      if (found.length < 100) break;
    }
    return items;
  }

  async #itemPage(octokit: Octokit, repository: ForgeRepository, login: string, page: number): Promise<OwnItem[]> {
    const key = `${repository.id} ${login} ${page}`;
    const known = this.#recall<{ etag: string; items: OwnItem[] }>('forge-items', key);
    try {
      const { data, headers } = await octokit.request('GET /repos/{owner}/{repo}/issues', {
        ...coordinates(repository),
        creator: login,
        state: 'all',
        sort: 'updated',
        direction: 'desc',
        per_page: 100,
        page,
        ...(known !== undefined && { headers: { 'if-none-match': known.etag } }),
      });
      const items = (data as readonly IssueAnswer[]).filter(({ user }) => user?.login === login).map(toItem);
      if (headers.etag !== undefined) this.#remember('forge-items', key, { etag: headers.etag, items });
      return items;
    } catch (error) {
      if ((error as { status?: number }).status === 304 && known !== undefined) return known.items;
      throw failureOf(error, `listing our pull requests in ${repository.name}`);
    }
  }

  async state(
    repository: ForgeRepository,
    { bases, branches }: { readonly bases: readonly string[]; readonly branches: readonly string[] },
  ): Promise<RepositoryState> {
    const owner = ownerOf(repository);
    const { login } = await this.account(owner);
    const attempt = `looking at the pull requests of ${repository.name}`;
    const variables = { owner, name: nameOf(repository) };
    const heads = new Map<string, BranchHead | undefined>();
    const commits = new Map<string, ForgeCommit | undefined>();
    const pulls: PullAnswer[] = [];
    // GraphQL answers a bounded number of nodes at once: each branch brings up to ten pull requests.
    for (let from = 0; from === 0 || from < branches.length; from += 10) {
      const some = branches.slice(from, from + 10);
      const answer = await this.#graphql(owner, stateQuery(bases, some), variables, attempt);
      const found = (answer as { repository: Record<string, unknown> | null }).repository;
      if (found === null) throw new ForgeError('missing', `${attempt}: there is no such repository, or not for us`);
      for (const [i, name] of bases.entries()) heads.set(name, toHead(found[`base${i}`] as never));
      for (const [i, name] of some.entries()) {
        const ref = found[`branch${i}`] as { target: CommitAnswer } | null;
        commits.set(name, ref?.target?.parents === undefined ? undefined : toCommit(ref.target, login));
        pulls.push(...(found[`pulls${i}`] as { nodes: PullAnswer[] }).nodes);
      }
    }
    return { bases: heads, branches: commits, pulls: pulls.map(toPull) };
  }

  async blobsAt(
    repository: ForgeRepository,
    commit: string,
    paths: readonly string[],
  ): Promise<readonly (string | undefined)[]> {
    if (paths.length === 0) return [];
    const owner = ownerOf(repository);
    const variables = { owner, name: nameOf(repository) };
    const answer = await this.#graphql(owner, blobsQuery(commit, paths), variables, `reading ${repository.name}`);
    const found = (answer as { repository: Record<string, { oid: string } | null> | null }).repository;
    return paths.map((_, i) => found?.[`file${i}`]?.oid);
  }

  async commitsBetween(
    repository: ForgeRepository,
    base: string,
    branch: string,
  ): Promise<readonly ForgeCommit[] | undefined> {
    const owner = ownerOf(repository);
    const { login } = await this.account(owner);
    const answer = await this.#graphql(
      owner,
      betweenQuery,
      { owner, name: nameOf(repository), base: `refs/heads/${base}`, branch },
      `comparing ${branch} of ${repository.name} with ${base}`,
    );
    const compared = answer as {
      repository: { ref: { compare: { commits: { totalCount: number; nodes: CommitAnswer[] } } | null } | null } | null;
    };
    const commits = compared.repository?.ref?.compare?.commits;
    if (commits === undefined || commits.totalCount > commits.nodes.length) return undefined;
    return commits.nodes.map((one) => toCommit(one, login));
  }

  async moveBranches(repository: ForgeRepository, moves: readonly RefMove[]): Promise<void> {
    const refUpdates = moves.map(({ branch, before, after }) => ({
      name: `refs/heads/${branch}`,
      beforeOid: before ?? noCommit,
      afterOid: after ?? noCommit,
      ...(before !== undefined && after !== undefined && { force: true }),
    }));
    const attempt = `moving ${moves.map(({ branch }) => branch).join(', ')} in ${repository.name}`;
    try {
      const input = { repositoryId: repository.id, refUpdates };
      await this.#graphql(ownerOf(repository), updateRefsMutation, { input }, attempt);
    } catch (error) {
      // GitHub has no code of its own for a ref that is elsewhere.
      if (!(error instanceof ForgeError) || error.failure !== 'refused') throw error;
      throw new ForgeError('raced', error.message, { cause: error });
    }
  }

  async createBranch(repository: ForgeRepository, branch: string, commit: string): Promise<void> {
    try {
      await this.moveBranches(repository, [{ branch, before: undefined, after: commit }]);
    } catch (error) {
      if (!(error instanceof ForgeError) || error.failure !== 'unsupported') throw error;
      // Without `updateRefs`; creating is safe by REST too, as it fails when the branch is there.
      const parameters = { ref: `refs/heads/${branch}`, sha: commit };
      await this.#rest(
        repository,
        `creating ${branch} in ${repository.name}`,
        'POST /repos/{owner}/{repo}/git/refs',
        parameters,
      );
    }
  }

  async commit(repository: ForgeRepository, commit: NewCommit): Promise<string> {
    const input = {
      branch: { repositoryNameWithOwner: repository.name, branchName: commit.branch },
      expectedHeadOid: commit.onto,
      message: { headline: commit.subject, body: commit.body },
      fileChanges: {
        additions: commit.files.map(({ path, bytes }) => ({ path, contents: Buffer.from(bytes).toString('base64') })),
      },
    };
    const attempt = `committing to ${commit.branch} of ${repository.name}`;
    const answer = await this.#graphql(ownerOf(repository), commitMutation, { input }, attempt);
    return (answer as { createCommitOnBranch: { commit: { oid: string } } }).createCommitOnBranch.commit.oid;
  }

  async openPull(repository: ForgeRepository, pull: NewPull): Promise<{ number: number; url: string; id: string }> {
    const attempt = `opening a pull request for ${pull.head} in ${repository.name}`;
    const data = (await this.#rest(repository, attempt, 'POST /repos/{owner}/{repo}/pulls', { ...pull })) as {
      number: number;
      html_url: string;
      node_id: string;
    };
    return { number: data.number, url: data.html_url, id: data.node_id };
  }

  async changePull(repository: ForgeRepository, number: number, change: PullChange): Promise<void> {
    await this.#rest(
      repository,
      `changing #${number} of ${repository.name}`,
      'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
      { pull_number: number, ...change },
    );
  }

  async comment(repository: ForgeRepository, number: number, body: string): Promise<void> {
    await this.#rest(
      repository,
      `commenting on #${number} of ${repository.name}`,
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      // Sent again after a lost answer it would stand there twice.
      { issue_number: number, body, request: { retries: 0 } },
    );
  }

  async addLabels(repository: ForgeRepository, number: number, labels: readonly string[]): Promise<void> {
    await this.#rest(
      repository,
      `labelling #${number} of ${repository.name}`,
      'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
      { issue_number: number, labels },
    );
  }

  async removeLabel(repository: ForgeRepository, number: number, name: string): Promise<void> {
    const attempt = `taking a label off #${number} of ${repository.name}`;
    await this.#rest(repository, attempt, 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
      issue_number: number,
      name,
    }).catch((error: unknown) => {
      if (!(error instanceof ForgeError) || error.failure !== 'missing') throw error;
    });
  }

  async requestReviews(
    repository: ForgeRepository,
    number: number,
    { people, teams }: { readonly people: readonly string[]; readonly teams: readonly string[] },
  ): Promise<void> {
    await this.#rest(
      repository,
      `requesting reviews of #${number} of ${repository.name}`,
      'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
      { pull_number: number, reviewers: people, team_reviewers: teams },
    );
  }

  async assign(
    repository: ForgeRepository,
    number: number,
    { people, milestone }: { readonly people: readonly string[]; readonly milestone?: number | undefined },
  ): Promise<void> {
    await this.#rest(
      repository,
      `assigning #${number} of ${repository.name}`,
      'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
      {
        issue_number: number,
        ...(people.length > 0 && { assignees: people }),
        ...(milestone !== undefined && { milestone }),
      },
    );
  }

  async setDraft({ id }: { readonly id: string }, draft: boolean, repository: ForgeRepository): Promise<void> {
    const mutation = draft ? draftMutations.draft : draftMutations.ready;
    await this.#graphql(ownerOf(repository), mutation, { id }, `changing a draft of ${repository.name}`);
  }

  async setAutomerge({ id }: { readonly id: string }, on: boolean, repository: ForgeRepository): Promise<void> {
    const mutation = on ? automergeMutations.on : automergeMutations.off;
    await this.#graphql(ownerOf(repository), mutation, { id }, `setting auto-merge in ${repository.name}`);
  }

  async mayWrite(repository: ForgeRepository, username: string): Promise<boolean> {
    try {
      const attempt = `asking for the permission of ${username} in ${repository.name}`;
      const data = await this.#rest(
        repository,
        attempt,
        'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
        {
          username,
        },
      );
      return ['admin', 'write'].includes((data as { permission: string }).permission);
    } catch (error) {
      if (error instanceof ForgeError && error.failure === 'missing') return false;
      throw error;
    }
  }

  async #rest(
    repository: ForgeRepository,
    attempt: string,
    route: string,
    parameters: Record<string, unknown>,
  ): Promise<unknown> {
    const octokit = await this.#clients.of(ownerOf(repository));
    try {
      return (await octokit.request(route, { ...coordinates(repository), ...parameters })).data;
    } catch (error) {
      throw failureOf(error, attempt);
    }
  }

  async #graphql(owner: string, query: string, variables: object, attempt: string): Promise<unknown> {
    const octokit = await this.#clients.of(owner);
    try {
      return await octokit.graphql(query, { ...variables });
    } catch (error) {
      throw failureOf(error, attempt);
    }
  }

  #recall<T>(kind: string, key: string): T | undefined {
    const bytes = this.#cache.get(kind, key);
    if (bytes === undefined) return undefined;
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  }

  #remember(kind: string, key: string, value: unknown): void {
    this.#cache.put(kind, key, new TextEncoder().encode(JSON.stringify(value)));
  }
}

interface RepositoryPage {
  readonly nodes: readonly (RepositoryAnswer | null)[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

function isSelected(one: RepositoryAnswer, { topics, languages, archived, forks, templates }: Selection): boolean {
  if ((one.isArchived && !archived) || (one.isFork && !forks) || (one.isTemplate && !templates)) return false;
  const own = one.repositoryTopics.nodes.map(({ topic }) => topic.name);
  if (topics.length > 0 && !topics.some((topic) => own.includes(topic))) return false;
  const language = one.primaryLanguage?.name.toLowerCase();
  return languages.length === 0 || languages.some((name) => name.toLowerCase() === language);
}

function toAccount(answer: unknown): Account {
  const { login, databaseId, name } = (
    answer as { viewer: { login: string; databaseId: number | null; name: string | null } }
  ).viewer;
  return { login, name: name ?? login, email: `${databaseId ?? 0}+${login}@users.noreply.github.com` };
}

function coordinates({ name }: ForgeRepository): { owner: string; repo: string } {
  const [owner = '', repo = ''] = name.split('/');
  return { owner, repo };
}

function ownerOf(repository: ForgeRepository): string {
  return coordinates(repository).owner;
}

function nameOf(repository: ForgeRepository): string {
  return coordinates(repository).repo;
}

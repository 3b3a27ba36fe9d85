import type { Octokit } from '@octokit/rest';
import { globToRegExp } from '../../core/glob.ts';
import { limits } from '../../core/limits/limits.ts';
import type { BranchHead, ForgeCommit, ForgeReads, ForgeRepository, OwnItem, Selection, TreeFile } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { failureOf, workflowRemedy } from './failure.ts';
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
} from './github-answers.ts';
import { coordinates, type GitHubApi, ownerOf } from './github-api.ts';
import { lackingRights } from './github-rights.ts';
import { readTree } from './github-tree.ts';
import { betweenQuery, blobsQuery, repositoriesQuery, repositoryQuery, stateQuery } from './queries.ts';

/** The half of the forge that changes nothing. What is named by its content is kept; lists are asked for conditionally. */
export function githubReads(api: GitHubApi): ForgeReads {
  return {
    lacks: (repository, { automerge }) => lackingRights(repository, automerge, api),

    async *repositories(selection) {
      const [owner = '', name = ''] = selection.pattern.split('/');
      const attempt = `listing ${selection.pattern}`;
      if (!/[*?{]/.test(name)) {
        const answer = await api.graphql(owner, repositoryQuery(selection.branches), { owner, name }, attempt);
        const { repository } = answer as { repository: RepositoryAnswer | null };
        if (repository === null)
          throw new ForgeError('missing', `${attempt}: there is no such repository, or not for us`);
        yield toRepository(repository, selection.branches);
        return;
      }
      const pattern = globToRegExp(name);
      let after: string | null = null;
      do {
        const answer = await api.graphql(owner, repositoriesQuery(selection.branches), { owner, after }, attempt);
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
    },

    async tree(repository, tree) {
      const known = api.recall<TreeFile[]>('forge-tree', tree);
      if (known !== undefined) return known;
      const octokit = await api.octokit(repository);
      const files = await readTree(octokit, coordinates(repository), tree);
      api.remember('forge-tree', tree, files);
      return files;
    },

    async blob(repository, { path, blob }) {
      const known = api.cache.get('forge-blob', blob);
      if (known !== undefined) return known;
      const octokit = await api.octokit(repository);
      try {
        const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
          ...coordinates(repository),
          file_sha: blob,
        });
        const bytes = Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
        api.cache.put('forge-blob', blob, bytes);
        return bytes;
      } catch (error) {
        throw failureOf(error, `reading ${path} of ${repository.name}`);
      }
    },

    async ownItems(repository) {
      const owner = ownerOf(repository);
      const [octokit, { login }] = await Promise.all([api.clients.of(owner), api.account(owner)]);
      const items: OwnItem[] = [];
      for (let page = 1; page <= limits.tree.itemPages.most; page++) {
        const found = await itemPage(api, octokit, repository, login, page);
        items.push(...found);
        if (found.length < 100) break;
      }
      return items;
    },

    async state(repository, { bases, branches }) {
      const owner = ownerOf(repository);
      const { login } = await api.account(owner);
      const attempt = `looking at the pull requests of ${repository.name}`;
      const variables = { owner, name: coordinates(repository).repo };
      const heads = new Map<string, BranchHead | undefined>();
      const commits = new Map<string, ForgeCommit | undefined>();
      const pulls: PullAnswer[] = [];
      // GraphQL answers a bounded number of nodes at once: each branch brings up to ten pull requests.
      for (let from = 0; from === 0 || from < branches.length; from += 10) {
        const some = branches.slice(from, from + 10);
        const answer = await api.graphql(owner, stateQuery(bases, some), variables, attempt);
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
    },

    async blobsAt(repository, commit, paths) {
      if (paths.length === 0) return [];
      const owner = ownerOf(repository);
      const variables = { owner, name: coordinates(repository).repo };
      const answer = await api.graphql(owner, blobsQuery(commit, paths), variables, `reading ${repository.name}`);
      const found = (answer as { repository: Record<string, { oid: string } | null> | null }).repository;
      return paths.map((_, i) => found?.[`file${i}`]?.oid);
    },

    async commitsBetween(repository, base, branch) {
      const owner = ownerOf(repository);
      const { login } = await api.account(owner);
      const answer = await api.graphql(
        owner,
        betweenQuery,
        { owner, name: coordinates(repository).repo, base: `refs/heads/${base}`, branch },
        `comparing ${branch} of ${repository.name} with ${base}`,
      );
      const compared = answer as {
        repository: {
          ref: { compare: { commits: { totalCount: number; nodes: CommitAnswer[] } } | null } | null;
        } | null;
      };
      const commits = compared.repository?.ref?.compare?.commits;
      if (commits === undefined || commits.totalCount > commits.nodes.length) return undefined;
      return commits.nodes.map((one) => toCommit(one, login));
    },

    async mayWrite(repository, username) {
      try {
        const attempt = `asking for the permission of ${username} in ${repository.name}`;
        const data = await api.rest(
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
    },

    async barred(repository, path) {
      if (!/^\.github\/workflows\//.test(path)) return undefined;
      return (await api.clients.mayChangeWorkflows(ownerOf(repository))) === false ? workflowRemedy : undefined;
    },
  };
}

async function itemPage(
  api: GitHubApi,
  octokit: Octokit,
  repository: ForgeRepository,
  login: string,
  page: number,
): Promise<OwnItem[]> {
  const key = `${repository.id} ${login} ${page}`;
  const known = api.recall<{ etag: string; items: OwnItem[] }>('own-items', key);
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
    if (headers.etag !== undefined) api.remember('own-items', key, { etag: headers.etag, items });
    return items;
  } catch (error) {
    if ((error as { status?: number }).status === 304 && known !== undefined) return known.items;
    throw failureOf(error, `listing our pull requests in ${repository.name}`);
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

import type { ForgeHome } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { type RepositoryAnswer, toHead, toRepository } from './github-answers.ts';
import { type GitHubApi, ownerOf } from './github-api.ts';
import { homeQuery, updateRefsMutation } from './queries.ts';

const noCommit = '0'.repeat(40);

type HomeAnswer = RepositoryAnswer & {
  readonly lastCommit: { readonly target: { readonly committedDate?: string } | null } | null;
};

/** What a job does in the repository it lives in, beside pull requests: a file of its own, and an issue. */
export function githubHome(api: GitHubApi): ForgeHome {
  return {
    async home(full, refs) {
      const [owner = '', name = ''] = full.split('/');
      const attempt = `looking at ${full}`;
      const answer = await api.graphql(owner, homeQuery(refs), { owner, name }, attempt);
      const { repository: found } = answer as { repository: HomeAnswer | null };
      if (found === null) throw new ForgeError('missing', `${attempt}: there is no such repository, or not for us`);
      const numbered = found as unknown as Readonly<Record<string, Parameters<typeof toHead>[0]>>;
      const kept = refs.map((ref, i) => [ref, toHead(numbered[`kept${i}`])] as const);
      const lastCommit = found.lastCommit?.target?.committedDate;
      return {
        repository: toRepository(found, []),
        isFork: found.isFork,
        ...(lastCommit !== undefined && { lastCommit }),
        kept: new Map(kept),
      };
    },

    async keep(repository, ref, before, { path, text, message }) {
      const attempt = `keeping ${path} under ${ref} of ${repository.name}`;
      const tree = (await api.rest(repository, attempt, 'POST /repos/{owner}/{repo}/git/trees', {
        tree: [{ path, mode: '100644', type: 'blob', content: text }],
      })) as { sha: string };
      const commit = (await api.rest(repository, attempt, 'POST /repos/{owner}/{repo}/git/commits', {
        message,
        tree: tree.sha,
        parents: [],
      })) as { sha: string };
      const update = { name: ref, beforeOid: before ?? noCommit, afterOid: commit.sha };
      // A commit without parents is no descendant of the one before, which the oid there was compared with.
      const refUpdates = [{ ...update, ...(before !== undefined && { force: true }) }];
      try {
        const input = { repositoryId: repository.id, refUpdates };
        await api.graphql(ownerOf(repository), updateRefsMutation, { input }, attempt);
      } catch (error) {
        if (!(error instanceof ForgeError) || error.failure !== 'refused') throw error;
        throw new ForgeError('raced', error.message, { cause: error });
      }
      return commit.sha;
    },

    async openIssue(repository, issue) {
      const attempt = `opening an issue in ${repository.name}`;
      const data = await api.rest(repository, attempt, 'POST /repos/{owner}/{repo}/issues', {
        ...issue,
        // Sent again after a lost answer there would be two.
        request: { retries: 0 },
      });
      const { number, html_url: url } = data as { number: number; html_url: string };
      return { number, url };
    },

    async changeIssue(repository, number, change) {
      const attempt = `changing #${number} of ${repository.name}`;
      await api.rest(repository, attempt, 'PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
        issue_number: number,
        ...change,
      });
    },
  };
}

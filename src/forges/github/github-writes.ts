import type { ForgeWrites } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { type GitHubApi, ownerOf } from './github-api.ts';
import { automergeMutations, commitMutation, draftMutations, updateRefsMutation } from './queries.ts';

const noCommit = '0'.repeat(40);

/**
 * The half that writes. Branches and commits go by GraphQL's `updateRefs` and `createCommitOnBranch`, which are
 * compare-and-set and leave commits verified: https://docs.github.com/en/graphql/reference/mutations
 */
export function githubWrites(api: GitHubApi): ForgeWrites {
  const own: ForgeWrites = {
    async moveBranches(repository, moves) {
      const refUpdates = moves.map(({ branch, before, after }) => ({
        name: `refs/heads/${branch}`,
        beforeOid: before ?? noCommit,
        afterOid: after ?? noCommit,
        ...(before !== undefined && after !== undefined && { force: true }),
      }));
      const attempt = `moving ${moves.map(({ branch }) => branch).join(', ')} in ${repository.name}`;
      try {
        const input = { repositoryId: repository.id, refUpdates };
        await api.graphql(ownerOf(repository), updateRefsMutation, { input }, attempt);
      } catch (error) {
        // GitHub has no code of its own for a ref that is elsewhere.
        if (!(error instanceof ForgeError) || error.failure !== 'refused') throw error;
        throw new ForgeError('raced', error.message, { cause: error });
      }
    },

    async createBranch(repository, branch, commit) {
      try {
        await own.moveBranches(repository, [{ branch, before: undefined, after: commit }]);
      } catch (error) {
        if (!(error instanceof ForgeError) || error.failure !== 'unsupported') throw error;
        // Without `updateRefs`; creating is safe by REST too, as it fails when the branch is there.
        const parameters = { ref: `refs/heads/${branch}`, sha: commit };
        await api.rest(
          repository,
          `creating ${branch} in ${repository.name}`,
          'POST /repos/{owner}/{repo}/git/refs',
          parameters,
        );
      }
    },

    async commit(repository, commit) {
      const input = {
        branch: { repositoryNameWithOwner: repository.name, branchName: commit.branch },
        expectedHeadOid: commit.onto,
        message: { headline: commit.subject, body: commit.body },
        fileChanges: {
          additions: commit.files.map(({ path, bytes }) => ({ path, contents: Buffer.from(bytes).toString('base64') })),
        },
      };
      const attempt = `committing to ${commit.branch} of ${repository.name}`;
      const answer = await api.graphql(ownerOf(repository), commitMutation, { input }, attempt);
      return (answer as { createCommitOnBranch: { commit: { oid: string } } }).createCommitOnBranch.commit.oid;
    },

    async openPull(repository, pull) {
      const attempt = `opening a pull request for ${pull.head} in ${repository.name}`;
      try {
        const data = await api.rest(repository, attempt, 'POST /repos/{owner}/{repo}/pulls', { ...pull });
        const { number, html_url: url, node_id: id } = data as { number: number; html_url: string; node_id: string };
        return { number, url, id, draft: pull.draft };
      } catch (error) {
        // Private repositories of some plans have no drafts.
        const hasNone = error instanceof ForgeError && error.failure === 'refused' && /draft/i.test(error.message);
        if (!pull.draft || !hasNone) throw error;
        return own.openPull(repository, { ...pull, draft: false });
      }
    },

    async changePull(repository, number, change) {
      await api.rest(
        repository,
        `changing #${number} of ${repository.name}`,
        'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
        { pull_number: number, ...change },
      );
    },

    async comment(repository, number, body) {
      await api.rest(
        repository,
        `commenting on #${number} of ${repository.name}`,
        'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
        // Sent again after a lost answer it would stand there twice.
        { issue_number: number, body, request: { retries: 0 } },
      );
    },

    async addLabels(repository, number, labels) {
      await api.rest(
        repository,
        `labelling #${number} of ${repository.name}`,
        'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
        { issue_number: number, labels },
      );
    },

    async removeLabel(repository, number, name) {
      const attempt = `taking a label off #${number} of ${repository.name}`;
      await api
        .rest(repository, attempt, 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
          issue_number: number,
          name,
        })
        .catch((error: unknown) => {
          if (!(error instanceof ForgeError) || error.failure !== 'missing') throw error;
        });
    },

    async requestReviews(repository, number, { people, teams }) {
      await api.rest(
        repository,
        `requesting reviews of #${number} of ${repository.name}`,
        'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
        { pull_number: number, reviewers: people, team_reviewers: teams },
      );
    },

    async assign(repository, number, { people, milestone }) {
      await api.rest(
        repository,
        `assigning #${number} of ${repository.name}`,
        'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
        {
          issue_number: number,
          ...(people.length > 0 && { assignees: people }),
          ...(milestone !== undefined && { milestone }),
        },
      );
    },

    async setDraft(repository, { id }, draft) {
      const mutation = draft ? draftMutations.draft : draftMutations.ready;
      await api.graphql(ownerOf(repository), mutation, { id }, `changing a draft of ${repository.name}`);
    },

    async setAutomerge(repository, { id }, on) {
      const mutation = on ? automergeMutations.on : automergeMutations.off;
      await api.graphql(ownerOf(repository), mutation, { id }, `setting auto-merge in ${repository.name}`);
    },
  };
  return own;
}

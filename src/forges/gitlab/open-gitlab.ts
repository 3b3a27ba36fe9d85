import type { ForgeAdapter } from '../forge.ts';
import { GitLabApi, type GitLabOptions } from './gitlab-api.ts';
import { gitlabBuilds } from './gitlab-builds.ts';
import { gitlabReads } from './gitlab-reads.ts';
import { gitlabWrites } from './gitlab-writes.ts';

/** One GitLab, at gitlab.com or anywhere else. */
export function openGitLab(options: GitLabOptions): ForgeAdapter {
  const api = new GitLabApi(options);
  return {
    can: {
      comments: true,
      issues: true,
      drafts: true,
      labels: true,
      reviewers: true,
      assignees: true,
      automerge: true,
      atomicMoves: true,
    },
    requests: () => api.rest.requests,
    account: () => api.account(),
    builds: gitlabBuilds(api),
    ...gitlabReads(api),
    ...gitlabWrites(api),
  };
}

import type { ForgeAdapter } from '../forge.ts';
import type { ForgeDependencies } from '../forge-type.ts';
import type { GitHubOptions } from './client.ts';
import { GitHubApi, ownerOf } from './github-api.ts';
import { githubBuilds } from './github-builds.ts';
import { githubReads } from './github-reads.ts';
import { githubWrites } from './github-writes.ts';
import { githubHome } from './home.ts';

/** GitHub, and GitHub Enterprise Server. */
export function openGitHub(options: GitHubOptions & Pick<ForgeDependencies, 'cache'>): ForgeAdapter {
  const api = new GitHubApi(options);
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
    requests: () => api.clients.requests,
    account: (name) => api.account(ownerOf({ name })),
    builds: githubBuilds(api),
    ...githubReads(api),
    ...githubWrites(api),
    ...githubHome(api),
  };
}

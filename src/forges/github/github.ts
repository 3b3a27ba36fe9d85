/*
 * src/forges/github/
 *
 * GitHub and GitHub Enterprise Server; Octokit is used nowhere else. client.ts signs in (a token, or an App) and paces;
 * github-reads.ts is the half that changes nothing, with conditional requests, github-writes.ts the half that writes.
 * queries.ts has every GraphQL document as text, github-answers.ts reads what comes back, failure.ts words what GitHub
 * refuses. home.ts is what a job does in the repository it lives in: its state and its issue.
 * Begin here, then github-api.ts.
 */

import type { ByteCache } from '../../cache/byte-cache.ts';
import type { Forge } from '../forge.ts';
import type { GitHubOptions } from './client.ts';
import { GitHubApi } from './github-api.ts';
import { githubReads } from './github-reads.ts';
import { githubWrites } from './github-writes.ts';
import { githubHome } from './home.ts';

/** GitHub, and GitHub Enterprise Server. */
export function githubForge(options: GitHubOptions & { readonly cache: ByteCache }): Forge {
  const api = new GitHubApi(options);
  return {
    kind: 'github',
    hasComments: true,
    requests: () => api.clients.requests,
    account: (owner) => api.account(owner),
    ...githubReads(api),
    ...githubWrites(api),
    ...githubHome(api),
  };
}

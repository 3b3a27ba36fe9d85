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

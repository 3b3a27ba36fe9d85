import type { ForgeAdapter } from '../forge.ts';
import { GiteaApi, type GiteaOptions } from './gitea-api.ts';
import { giteaBuilds } from './gitea-builds.ts';
import { giteaReads } from './gitea-reads.ts';
import { giteaWrites } from './gitea-writes.ts';

/** One server of Gitea or Forgejo. */
export function openGitea(options: GiteaOptions): ForgeAdapter {
  const api = new GiteaApi(options);
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
    builds: giteaBuilds(api),
    ...giteaReads(api),
    ...giteaWrites(api),
  };
}

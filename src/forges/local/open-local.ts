import type { ForgeAdapter } from '../forge.ts';
import { Git, localIdentity } from './git.ts';
import { localReads } from './local-reads.ts';
import { localWrites } from './local-writes.ts';

/**
 * Git repositories in folders of this machine: proposals are branches, and what a forge would keep beside them stands in
 * a ref of the repository. The pattern of a selection is a folder; nothing else of it but the branches counts. `path`:
 * where git is looked for, as `PATH` says it. No remote is asked and no work tree is touched.
 */
export function openLocal({ now, path }: { readonly now: number; readonly path: string }): ForgeAdapter {
  const git = new Git(path);
  return {
    can: {
      comments: false,
      issues: false,
      drafts: true,
      labels: true,
      reviewers: false,
      assignees: false,
      automerge: false,
      atomicMoves: true,
    },
    // Nobody else is asked.
    requests: () => 0,
    account: async () => localIdentity,
    ...localReads(git),
    ...localWrites(git, now),
  };
}

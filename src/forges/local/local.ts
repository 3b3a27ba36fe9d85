/*
 * src/forges/local/
 *
 * Git repositories in folders of this machine; git is run nowhere else, and with settings that no repository may
 * override (git.ts). A proposal is a branch (make-commit.ts, git-refs.ts), and what a forge would keep beside it, its
 * title, text and state, is in a ledger under a ref (ledger.ts, proposal-record.ts).
 * Begin here, then open.ts, local-reads.ts and local-writes.ts.
 */

import type { Forge } from '../forge.ts';
import { Git, localIdentity } from './git.ts';
import { localReads } from './local-reads.ts';
import { localWrites } from './local-writes.ts';

/**
 * Git repositories in folders of this machine: proposals are branches, and what a forge would keep beside them stands in
 * a ref of the repository. The pattern of a selection is a folder; nothing else of it but the branches counts. `path`:
 * where git is looked for, as `PATH` says it. No remote is asked and no work tree is touched.
 */
export function localForge({ now, path }: { readonly now: number; readonly path: string }): Forge {
  const git = new Git(path);
  return {
    kind: 'local',
    hasComments: false,
    // Nobody else is asked.
    requests: () => 0,
    account: async () => localIdentity,
    ...localReads(git),
    ...localWrites(git, now),
  };
}

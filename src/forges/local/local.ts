/*
 * src/forges/local/
 *
 * Git repositories in folders of this machine; git is run nowhere else, and with settings that no repository may
 * override (git.ts). A proposal is a branch (make-commit.ts, git-refs.ts), and what a forge would keep beside it, its
 * title, text and state, is in a ledger under a ref (ledger.ts, proposal-record.ts).
 * Begin here, then local-repository.ts, local-reads.ts and local-writes.ts.
 */

import path from 'node:path';
import * as z from 'zod';
import { everything } from '../forge.ts';
import { branchNames, defineForge, usualSizes } from '../forge-type.ts';

/** Git repositories in folders: a proposal is a branch. */
export const local = defineForge({
  type: 'local',
  schema: z.strictObject({
    git: z.string().min(1).describe('the folder of a git repository, in which branches are proposed'),
    branches: branchNames,
  }),
  present: {
    name: 'Git',
    proposal: 'branch',
    proposalName: (url) => `branch ${decodeURIComponent(new URL(url).hash.slice(1))}`,
    // Nothing but memory bounds them; what is written is the same as elsewhere.
    most: usualSizes,
    ownerOf: () => undefined,
  },
  // Named by its whole path, so that a report says where it is.
  select: ({ git, branches = [] }, folder) => ({ ...everything, pattern: path.resolve(folder, git), branches }),
  login: (env) => ({ path: env['PATH'] ?? '' }),
  open: async ({ path: programs }, { now }) => (await import('./open-local.ts')).openLocal({ now, path: programs }),
});

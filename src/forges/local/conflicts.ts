import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isWithin } from './commits.ts';
import type { Git } from './git.ts';

/**
 * Would merging the two conflict? null where git cannot tell without a work tree (before 2.38). It is tried in a scratch
 * repository that borrows the objects: a merge driver that the repository names is not run, and nothing is written there.
 * Source: git-merge-tree(1); GIT_ALTERNATE_OBJECT_DIRECTORIES in git(1).
 */
export async function hasConflicts(gitDir: string, base: string, head: string, git: Git): Promise<boolean | null> {
  if (await isWithin(gitDir, base, head, git)) return false;
  const scratch = mkdtempSync(path.join(tmpdir(), 'plimsoll-merge-'));
  try {
    const kind = head.length === 64 ? 'sha256' : 'sha1';
    await git.must(scratch, ['init', '--quiet', '--bare', '--template=', `--object-format=${kind}`]);
    const { code } = await git.run(scratch, ['merge-tree', '--write-tree', '--no-messages', base, head], {
      // Quoted, for a path may hold the colon that ends it otherwise.
      env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(path.join(gitDir, 'objects')) },
    });
    return code === 0 ? false : code === 1 ? true : null;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

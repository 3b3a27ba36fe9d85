/*
 * src/disk/
 *
 * Folders and files of this machine that we write: made so that nothing hangs (this file), replaced so that no half of one is ever
 * there (replace-file.ts). Knows nothing of what is in them. Begin here.
 */

import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder, and those above it that are missing. Node's own `recursive` goes round in a circle below a folder that is there
 * and answers ENOENT to every mkdir, as /proc does, and some mounts of a network. Throws what mkdir(2) says; of a file in the way
 * it would say that it exists already, which helps nobody.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      if (statSync(folder).isDirectory()) return;
      throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${folder}'`), {
        code: 'ENOTDIR',
        syscall: 'mkdir',
      });
    }
    const above = path.dirname(folder);
    if (code !== 'ENOENT' || existsSync(above)) throw error;
    makeFolder(above, mode);
    makeFolder(folder, mode);
  }
}

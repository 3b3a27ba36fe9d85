import { statSync } from 'node:fs';
import { messageOf } from '../core/errors.ts';

/**
 * Why a name is no folder; undefined for one that is there. A folder that is not there would answer every question with "no such
 * file".
 */
export function folderTrouble(name: string): string | undefined {
  try {
    return statSync(name).isDirectory() ? undefined : `${name} is a file; a folder is wanted`;
  } catch (error) {
    const isGone = (error as { code?: string }).code === 'ENOENT';
    return isGone ? `there is no folder ${name}` : `cannot read the folder ${name}: ${messageOf(error)}`;
  }
}

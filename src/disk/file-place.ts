import { statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PlimsollError } from '../core/errors.ts';

/**
 * Where somebody wants a file can none be: said before a look of minutes, not after it. Throws PlimsollError 'USAGE' for a
 * folder, and for a name in a folder that is not there.
 */
export function refuseFilePlace(file: string): void {
  const refuse = (why: string, cause?: unknown): PlimsollError =>
    new PlimsollError('USAGE', `cannot write ${file}: ${why}`, { cause });
  let isFolder: boolean;
  try {
    isFolder = /[\\/]$/.test(file) || (statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false);
    statSync(`${path.dirname(file)}/.`);
  } catch (error) {
    throw refuse(messageOf(error), error);
  }
  if (isFolder) throw refuse('it is a folder; name a file in it');
}

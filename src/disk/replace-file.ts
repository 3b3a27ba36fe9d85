import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { discard } from './discard.ts';
import { makeFolder } from './make-folder.ts';

/** The new content or the old one, whenever this process dies; folders on the way are made. Throws PlimsollError 'OUTPUT'. */
export function replaceFile(file: string, content: string): void {
  const beside = `${file}.${process.pid}.new`;
  try {
    makeFolder(path.dirname(file));
    writeFileSync(beside, content);
    renameSync(beside, file);
  } catch (error) {
    discard(beside);
    throw new PlimsollError('OUTPUT', `cannot write the file ${file}: ${messageOf(error)}`, { cause: error });
  }
}

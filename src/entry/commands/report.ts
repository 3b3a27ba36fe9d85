import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { folderTrouble } from '../../config/folder-trouble.ts';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { discard } from '../../disk/discard.ts';
import { makeFolder } from '../../disk/make-folder.ts';
import { count } from '../../report/say/quantity.ts';
import { isOneOfMany } from '../../serve/pages/links.ts';
import { exportedFiles, isExported } from '../../serve/pages/static-export.ts';
import { exitCodes } from '../exit-codes.ts';
import { version } from '../origin.ts';
import { type StateOptions, withState } from '../state-session.ts';

interface ReportOptions extends StateOptions {
  readonly html: string;
}

/** `plimsoll report --html DIR`: what the state knows, as pages that need no server. */
export async function report(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as ReportOptions;
  const folder = options.html;
  refuseOthers(folder);
  return withState(options, { readOnly: true }, async ({ store, config, configFile, clock, output }) => {
    const now = clock.now();
    const files = exportedFiles({
      store,
      config,
      ...(configFile !== undefined && { configFile }),
      daemon: { version: version(), started: now },
      now,
    });
    const written = new Set<string>();
    let removed = 0;
    try {
      makeFolder(folder);
      for await (const { name, text } of files) {
        const file = path.join(folder, name);
        if (name.endsWith('.html')) refuseOther(file);
        write(file, text);
        written.add(name);
      }
      removed = removeOlder(folder, written);
    } catch (error) {
      if (error instanceof PlimsollError) throw error;
      throw new PlimsollError('OUTPUT', `cannot write into ${folder}: ${messageOf(error)}`, { cause: error });
    }
    output.note(`${count(written.size, 'file')} in ${folder}; begin with ${path.join(folder, 'index.html')}`);
    if (removed > 0)
      output.note(`${count(removed, 'page')} of an earlier report removed: nothing leads to them any more`);
    return exitCodes.done;
  });
}

/** Pages of an earlier export that this one does not have: whoever opened one would read of another day. How many there were. */
function removeOlder(folder: string, written: ReadonlySet<string>): number {
  const older = readdirSync(folder, { withFileTypes: true }).filter((one) => {
    return (
      one.isFile() && isOneOfMany(one.name) && !written.has(one.name) && isExported(headOf(path.join(folder, one.name)))
    );
  });
  for (const { name } of older) unlinkSync(path.join(folder, name));
  return older.length;
}

/** Before anything is asked: a file is no folder, and a folder with pages of somebody else is not ours. Throws PlimsollError 'USAGE'. */
function refuseOthers(folder: string): void {
  if (folder === '') throw new PlimsollError('USAGE', '--html: name a folder for the pages');
  if (!existsSync(folder)) return;
  const trouble = folderTrouble(folder);
  if (trouble !== undefined) throw new PlimsollError('USAGE', `no pages can be written there: ${trouble}`);
  refuseOther(path.join(folder, 'index.html'));
}

/** A link is not what it leads to, which stays as it is. Throws PlimsollError 'USAGE' for what is no page of ours. */
function refuseOther(file: string): void {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there === undefined || there.isSymbolicLink() || (there.isFile() && isExported(headOf(file)))) return;
  throw new PlimsollError('USAGE', `${file} is no page of Plimsoll; name a folder for the report alone`);
}

/** The beginning of a file: enough for the title of a page. */
function headOf(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(4096);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** Whoever reads it meanwhile sees the last one, whole; a link that lies there is replaced, and nothing written through it. */
function write(file: string, text: string): void {
  const temporary = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, file);
  } catch (error) {
    discard(temporary);
    throw error;
  }
}

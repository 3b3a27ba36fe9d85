import { existsSync, statSync } from 'node:fs';
import { PlimsollError } from '../../core/errors.ts';
import { shownState } from '../../core/secret.ts';
import { refuseFilePlace } from '../../disk/file-place.ts';
import { bytes, count } from '../../report/say/quantity.ts';
import { exitCodes } from '../exit-codes.ts';
import { processOutput } from '../output.ts';
import { copyStateTo } from '../state-place.ts';
import { type StateOptions, withState } from '../state-session.ts';

/** `plimsoll state export FILE`: a whole copy of the state, also while a run is under way. */
export async function exportState(given: Record<string, unknown>, [file = '']: string[]): Promise<number> {
  if (existsSync(file)) throw new PlimsollError('USAGE', `${file} exists already; name a new file`);
  refuseFilePlace(file);
  return withState(given as unknown as StateOptions, { readOnly: true }, async ({ store, output, file: own }) => {
    await store.copyTo(file);
    await output.result(`${own} is copied to ${file} (${bytes(statSync(file).size)})\n`);
    return exitCodes.done;
  });
}

/** `plimsoll state copy FROM TO`: what a file knows, into PostgreSQL. */
export async function copyState(given: Record<string, unknown>, [from = '', to = '']: string[]): Promise<number> {
  const output = processOutput(given as unknown as StateOptions);
  const rows = await copyStateTo(from, to);
  await output.result(`${from} is copied to ${shownState(to)} (${count(rows, 'row')})\n`);
  return exitCodes.done;
}

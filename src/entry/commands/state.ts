import { existsSync, statSync } from 'node:fs';
import { PlimsollError } from '../../core/errors.ts';
import { bytes } from '../../report/say/quantity.ts';
import { exitCodes } from '../exit-codes.ts';
import { type StateOptions, withState } from '../state-session.ts';

/** `plimsoll state export FILE`: a whole copy of the state, also while a run is under way. */
export async function exportState(given: Record<string, unknown>, [file = '']: string[]): Promise<number> {
  if (existsSync(file)) throw new PlimsollError('USAGE', `${file} exists already; name a new file`);
  return withState(given as unknown as StateOptions, { readOnly: true }, async ({ store, output, file: own }) => {
    await store.copyTo(file);
    await output.result(`${own} is copied to ${file} (${bytes(statSync(file).size)})\n`);
    return exitCodes.done;
  });
}

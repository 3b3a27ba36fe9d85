import { existsSync } from 'node:fs';
import { FileCache } from '../../cache/file-cache.ts';
import { folderTrouble } from '../../config/folder-trouble.ts';
import { PlimsollError } from '../../core/errors.ts';
import { visible } from '../../report/safe/visible.ts';
import { bytes, count } from '../../report/say/quantity.ts';
import { clockFromEnvironment, defaultCacheFolder } from '../environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { processOutput } from '../output.ts';
import { type CommonOptions, settingsFor } from '../session.ts';

interface PruneOptions extends CommonOptions {
  readonly all?: boolean;
}

/** `plimsoll cache prune`: brings the cache below its limit, or empties it. */
export async function prune(given: Record<string, unknown>): Promise<number> {
  const options = given as PruneOptions;
  const { cache } = await settingsFor(options);
  const named = options.cache ?? cache.dir;
  const folder = named ?? defaultCacheFolder(process.env);
  if (folder === 'none') {
    const why = named === 'none' ? 'it is set to "none"' : 'there is no home folder for one';
    throw new PlimsollError('USAGE', `there is no cache to prune: ${why}`);
  }
  const trouble = existsSync(folder) ? folderTrouble(folder) : undefined;
  if (trouble !== undefined) throw new PlimsollError('USAGE', `there is no cache to prune: ${trouble}`);
  const output = processOutput(options);
  const { logger } = output;
  const files = new FileCache({ folder, max: cache.max, clock: clockFromEnvironment(process.env), logger });
  const { kept, freed, files: gone } = files.prune(options.all === true ? 0 : cache.max);
  await output.result(`freed ${bytes(freed)} in ${count(gone, 'file')}; ${visible(folder)} holds ${bytes(kept)}\n`);
  return exitCodes.done;
}

import { migrateWatchtower } from '../../job/migrate-watchtower.ts';
import { visible } from '../../report/safe/visible.ts';
import { exitCodes } from '../exit-codes.ts';
import { version } from '../origin.ts';
import { type Loudness, processOutput } from '../output.ts';

interface MigrateOptions extends Loudness {
  readonly container?: string;
}

/** `plimsoll migrate watchtower [ENGINE]`: a configuration on stdout, what differs on stderr. Writes nothing. */
export async function watchtower(
  given: Record<string, unknown>,
  [engine = 'docker:']: string[],
  signal: AbortSignal,
): Promise<number> {
  const options = given as unknown as MigrateOptions;
  const output = processOutput(options);
  const deps = { userAgent: `plimsoll/${version()}`, signal };
  const found = await migrateWatchtower(engine, options.container, process.env, deps);
  for (const note of found.notes) output.note(`differs: ${visible(note)}`);
  if (found.others.length > 0)
    output.note(
      `this was ${visible(found.name)}; ask for another one with --container: ${found.others.map(visible).join(', ')}`,
    );
  await output.result(found.yaml, 'document');
  return exitCodes.done;
}

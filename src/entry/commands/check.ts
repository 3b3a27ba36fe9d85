/*
 * src/entry/commands/
 *
 * One file per command of the command line; program.ts names them with their options. Each takes options, words and a
 * signal, prints what it found and resolves to its exit code; none decides anything about images. run.ts is the
 * scheduled job, update.ts writes files, fleet.ts has the three questions to the state (where, status, history).
 * Begin with check.ts, the shortest that does a whole run.
 */

import { PlimsollError } from '../../core/errors.ts';
import { type FindingClass, findingClasses } from '../../core/finding.ts';
import { didYouMean } from '../../core/nearest-word.ts';
import { run } from '../../job/run.ts';
import { exitCodes, exitOf } from '../exit-codes.ts';
import { type RecordFormat, renderRecord } from '../render.ts';
import { prepareRun, type RunOptions } from '../run-request.ts';

interface CheckOptions extends RunOptions {
  readonly format: RecordFormat;
  readonly output?: string;
  readonly class?: string;
  readonly failOn?: string;
  readonly allowUnknown?: boolean;
  readonly allowEmpty?: boolean;
  readonly allPackages?: boolean;
}

/** `plimsoll check`: reads, compares, prints; changes nothing. */
export async function check(given: Record<string, unknown>, paths: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as CheckOptions;
  const [failOn, shown] = [parseClasses(options.failOn), parseClasses(options.class)];
  const prepared = await prepareRun(options, paths, 'look', signal);
  const { session, request } = prepared;
  try {
    const { record } = await run(request, session.parts.run);
    await session.output.result(
      await renderRecord(
        record,
        options.format,
        { ...session.output.layout, allRows: options.allPackages ?? false },
        shown && record.findings.filter((one) => shown.includes(one.class)),
      ),
      options.format === 'text' ? 'text' : 'document',
    );
    const { code, why, isReported } = exitOf(record, {
      failOn,
      allowUnknown: options.allowUnknown ?? false,
      allowEmpty: options.allowEmpty ?? prepared.config.allowEmpty,
    });
    const isSaid = isReported && options.format === 'text' && options.output === undefined;
    if (why !== undefined && code === exitCodes.unfinished && !isSaid) session.output.note(why);
    return code;
  } finally {
    await prepared.close();
  }
}

/** Comma-separated classes; throws 'USAGE' and lists them when one is unknown. */
export function parseClasses(text: string | undefined): readonly FindingClass[] | undefined {
  return classesAmong(text, findingClasses);
}

/** The same, of classes that are given. */
export function classesAmong<K extends string>(
  text: string | undefined,
  classes: readonly K[],
): readonly K[] | undefined {
  return text?.split(',').map((word) => {
    const found = classes.find((kind) => kind === word.trim());
    if (!found)
      throw new PlimsollError(
        'USAGE',
        `${JSON.stringify(word)} is no class; the classes are ${classes.join(', ')}${didYouMean(word.trim(), classes)}`,
      );
    return found;
  });
}

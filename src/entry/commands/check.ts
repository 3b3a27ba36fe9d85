import { PlimsollError } from '../../core/errors.ts';
import { type FindingClass, findingClasses } from '../../core/finding.ts';
import type { RunRecord } from '../../core/record.ts';
import { run } from '../../pipeline/run.ts';
import { nothingLookedUp, unknownUses } from '../../pipeline/summarise.ts';
import { exitCodes } from '../exit-codes.ts';
import { type RecordFormat, renderRecord } from '../render.ts';
import { prepareRun, type RunOptions } from '../run-request.ts';

interface CheckOptions extends RunOptions {
  readonly format: RecordFormat;
  readonly failOn?: string;
  readonly allowUnknown?: boolean;
  readonly allPackages?: boolean;
}

/** `plimsoll check`: reads, compares, prints; changes nothing. */
export async function check(given: Record<string, unknown>, paths: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as CheckOptions;
  const failOn = parseClasses(options.failOn);
  const prepared = await prepareRun(options, paths, 'look', signal);
  const { session, request } = prepared;
  try {
    const { record } = await run(request, session.app.run);
    await session.output.result(
      await renderRecord(record, options.format, { ...session.output.layout, allRows: options.allPackages ?? false }),
    );
    return exitCodeFor(record, failOn, options.allowUnknown ?? false);
  } finally {
    prepared.close();
  }
}

/** Comma-separated classes; throws 'USAGE' and lists them when one is unknown. */
export function parseClasses(text: string | undefined): readonly FindingClass[] | undefined {
  return text?.split(',').map((word) => {
    const found = findingClasses.find((kind) => kind === word.trim());
    if (!found)
      throw new PlimsollError(
        'USAGE',
        `${JSON.stringify(word)} is no class; the classes are ${findingClasses.join(', ')}`,
      );
    return found;
  });
}

/** If several hold: 2 (thrown before), 1, 3. */
export function exitCodeFor(
  record: RunRecord,
  failOn: readonly FindingClass[] | undefined,
  allowUnknown: boolean,
): number {
  const { findings, summary } = record;
  if (
    failOn &&
    findings.some((finding) => failOn.includes(finding.class) && !finding.reaction?.react.includes('ignore'))
  )
    return exitCodes.found;
  const untold = failOn !== undefined && !allowUnknown && unknownUses(findings).length + summary.deferred > 0;
  return nothingLookedUp(record) || untold ? exitCodes.unfinished : exitCodes.done;
}

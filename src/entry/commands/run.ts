import type { Finding } from '../../core/finding.ts';
import type { RunRecord } from '../../core/record.ts';
import { isoWeek } from '../../core/week.ts';
import { chooseDelivery, type Delivery } from '../../pipeline/deliver.ts';
import { toStoredRun } from '../../pipeline/record.ts';
import { run as runPipeline } from '../../pipeline/run.ts';
import { nothingLookedUp } from '../../pipeline/summarise.ts';
import { renderPlan } from '../../report/plan.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { takeRunLock } from '../../state/lock.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { prepareRun, type RunOptions } from '../run-request.ts';

interface RunCommandOptions extends RunOptions {
  readonly dryRun?: boolean;
}

/** What cron mails is a channel like any other: told once, recorded once it was written. */
const channel = 'stdout';

/**
 * `plimsoll run`: everything in the configuration, once. On a terminal it prints the whole report; elsewhere only what
 * is news, and nothing when there is none.
 */
export async function run(given: Record<string, unknown>, _words: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as RunCommandOptions;
  const prepared = await prepareRun(options, [], options.dryRun ? 'dry-run' : 'run', signal);
  const { session, config, store, stateFile } = prepared;
  const { output, clock } = session;
  const started = clock.now();
  const lock = options.dryRun || stateFile === undefined ? undefined : takeRunLock(stateFile, started);
  try {
    const result = await runPipeline(prepared.request, session.app.run);
    const { record } = result;
    const week = isoWeek(started, config.timezone);
    const delivery = chooseDelivery(record.findings, {
      undelivered: (news) => store?.undelivered(channel, news) ?? news,
      batchDone: store?.batchWeek(channel) === week,
    });
    const failed = nothingLookedUp(record);
    if (options.dryRun) {
      await output.result(renderPlan(record, delivery, output.style));
    } else {
      store?.recordRun(toStoredRun(result, started));
      if (output.isTerminal || delivery.findings.length > 0 || failed)
        await output.result(render(record, delivery, output.isTerminal || failed, output.layout));
      store?.recordDelivered(channel, delivery.news, started, delivery.batch ? week : undefined);
    }
    return failed ? exitCodes.unfinished : exitCodes.done;
  } finally {
    prepared.close();
    lock?.release();
  }
}

function render(record: RunRecord, delivery: Delivery, whole: boolean, layout: Output['layout']): string {
  const findings: readonly Finding[] = whole ? record.findings : delivery.findings;
  return renderTerminal({ ...record, findings }, { ...layout, allRows: false });
}

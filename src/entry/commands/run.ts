import { type Job, planJob, runJob, undelivered } from '../../job.ts';
import { nothingLookedUp } from '../../pipeline/summarise.ts';
import { renderPlan } from '../../report/plan.ts';
import { takeRunLock } from '../../state/lock.ts';
import type { Store } from '../../state/store.ts';
import { exitCodes } from '../exit-codes.ts';
import { printed, printedName, printedReport } from '../printed.ts';
import { type PreparedRun, prepareRun, type RunOptions } from '../run-request.ts';

interface RunCommandOptions extends RunOptions {
  readonly dryRun?: boolean;
}

/**
 * `plimsoll run`: everything in the configuration, once. On a terminal it prints the whole report; elsewhere only what
 * is news, and nothing when there is none or when channels are told.
 */
export async function run(given: Record<string, unknown>, _words: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as RunCommandOptions;
  const prepared = await prepareRun(options, [], options.dryRun ? 'dry-run' : 'run', signal);
  const { session, store, stateFile } = prepared;
  const lock = options.dryRun || stateFile === undefined ? undefined : takeRunLock(stateFile, session.clock.now());
  try {
    const job = await jobOf(prepared);
    if (options.dryRun || store === undefined) return await dryRun(job, prepared);
    return await once(job, prepared, store, signal);
  } finally {
    prepared.close();
    lock?.release();
  }
}

async function once(job: Job, { session, request }: PreparedRun, store: Store, signal: AbortSignal): Promise<number> {
  const { output, app } = session;
  // Paper needs no introduction: what is news is printed in full, the first time too.
  for (const { path } of request.trees) store.outbox.recordBaseline(printedName, path, session.clock.now());
  const { record, channels } = await runJob(job, { run: app.run, store, signal });
  const failed = nothingLookedUp(record);
  if (output.isTerminal || failed) await output.result(printedReport(record, record.findings, output));
  const problems = undelivered(channels);
  for (const { subject, message } of problems) output.logger.error(`${subject}: ${message}`);
  for (const { remarks } of channels) for (const { message } of remarks) output.logger.warn(message);
  if (problems.length > 0) return exitCodes.found;
  return failed ? exitCodes.unfinished : exitCodes.done;
}

async function dryRun(job: Job, { session, store }: PreparedRun): Promise<number> {
  const { output, app } = session;
  const { record, plans } = await planJob(job, { run: app.run, store });
  await output.result(renderPlan(record, plans, output.style));
  return nothingLookedUp(record) ? exitCodes.unfinished : exitCodes.done;
}

async function jobOf({ request, config, session }: PreparedRun): Promise<Job> {
  return { request, timezone: config.timezone, channels: [printed(session.output)] };
}

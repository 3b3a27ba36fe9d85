import { type Job, planJob, runJob, undelivered } from '../../job.ts';
import { nothingLookedUp } from '../../pipeline/summarise.ts';
import { renderPlan } from '../../report/plan.ts';
import { takeRunLock } from '../../state/lock.ts';
import type { Store } from '../../state/store.ts';
import { openChannels } from '../channels.ts';
import { exitCodes } from '../exit-codes.ts';
import { printed, printedName, printedReport } from '../printed.ts';
import { type PreparedRun, prepareRun, type RunOptions } from '../run-request.ts';

/** Milliseconds. */
const heartbeatTime = 10_000;

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
    const job = await jobOf(prepared, signal);
    try {
      if (options.dryRun || store === undefined) return await dryRun(job, prepared);
      return await once(job, prepared, store, signal);
    } finally {
      await Promise.all(job.channels.map(({ channel }) => channel.close()));
    }
  } finally {
    prepared.close();
    lock?.release();
  }
}

async function once(job: Job, prepared: PreparedRun, store: Store, signal: AbortSignal): Promise<number> {
  const { session, request } = prepared;
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
  if (failed) return exitCodes.unfinished;
  await beat(prepared, signal);
  return exitCodes.done;
}

async function dryRun(job: Job, { session, store }: PreparedRun): Promise<number> {
  const { output, app } = session;
  const { record, plans } = await planJob(job, { run: app.run, store });
  await output.result(renderPlan(record, plans, output.style));
  return nothingLookedUp(record) ? exitCodes.unfinished : exitCodes.done;
}

/** Paper is for those who have no other channel: whoever is told elsewhere would hear everything twice from cron. */
async function jobOf({ request, config, session }: PreparedRun, signal: AbortSignal): Promise<Job> {
  const configured = await openChannels(config, session, signal);
  const channels = configured.length > 0 ? configured : [printed(session.output)];
  return { request, timezone: config.timezone, channels };
}

/** Tells whoever waits for it that the job is alive; that nobody hears it is no failure of the job. */
async function beat({ config, session }: PreparedRun, signal: AbortSignal): Promise<void> {
  if (config.heartbeat === null) return;
  const { app, output } = session;
  try {
    const answer = await app.fetch(config.heartbeat.reveal(), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(heartbeatTime)]),
    });
    if (!answer.ok) output.logger.warn(`the heartbeat was answered with ${answer.status}`);
  } catch {
    // The sentence of the failure may repeat the address, which is a secret.
    output.logger.warn('the heartbeat could not be sent');
  }
}

import { parseDuration } from '../../../config/schema.ts';
import { PlimsollError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { RunTargets } from '../../../core/run-record.ts';
import { sleep } from '../../../core/time/clock.ts';
import { reportPieces } from '../../../report/render/json.ts';
import { grouped } from '../../../report/say/quantity.ts';
import type { RunTrigger } from '../../../state/store.ts';
import type { Finished } from '../../../workers/finish-part.ts';
import { fromPartText, partText } from '../../../workers/part-text.ts';
import { localScopes, readings } from '../../../workers/scopes.ts';
import { clockFromEnvironment } from '../../environment.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { RunOptions } from '../../run-request.ts';
import { openSharedSession, type SharedSession } from '../../shared-session.ts';
import { sayRun } from '../run.ts';

interface EnqueueOptions extends RunOptions {
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly format?: 'text' | 'json';
  readonly trigger?: RunTrigger;
  readonly number?: string;
  readonly reference?: readonly string[];
  readonly scope?: readonly string[];
  readonly log?: 'text' | 'json';
}

/** How often whoever waits looks whether the run is over; milliseconds. */
const look = 300;

/** `plimsoll enqueue`: begins a run that workers make, or joins the one that is under way. */
export async function enqueue(given: Record<string, unknown>, _words: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as EnqueueOptions;
  const timeout = options.timeout === undefined ? limits.worker.waited.most : parseDuration(options.timeout);
  if (!(timeout > 0))
    throw new PlimsollError('USAGE', `--timeout ${options.timeout}: expected a time such as 30m or 2h`);
  const session = await openSharedSession(options);
  try {
    const open = (await session.runs.open()).filter(({ config }) => config === session.hash);
    if (open.length === 0) {
      await refuseUnserved(session);
      if (await session.place.isRunning())
        throw new PlimsollError('LOCKED', 'another run is using this state; nothing was enqueued');
    }
    const { number, parts, isJoined } = await begin(session, options);
    if (isJoined && options.number !== undefined && number !== Number(options.number)) {
      const problem = {
        code: 'run-failed',
        message: `run ${number} was under way already; this one is that one`,
      } as const;
      const finishedAt = await session.runs.now();
      await session.place.state.store.endRun(Number(options.number), { finishedAt, outcome: 'aborted', problem });
    }
    const document = { run: number, parts, ...(isJoined && { joined: true }) };
    if (options.wait !== true) {
      const text = `run ${number} ${isJoined ? 'is under way already' : 'begins'}: ${parts} parts so far; "plimsoll runs ${number}" says how far it is\n`;
      await session.output.result(
        options.format === 'json' ? `${JSON.stringify(document)}\n` : text,
        options.format === 'json' ? 'document' : 'text',
      );
      return exitCodes.done;
    }
    return await waitFor(number, session, {
      timeout,
      signal,
      allowEmpty: session.config.allowEmpty,
      isJson: options.format === 'json',
    });
  } finally {
    await session.close();
  }
}

/** What is on one machine only waits for the worker that serves it; without one the run would be less than what was asked for. */
async function refuseUnserved({ place, hash, output, ...rest }: SharedSession): Promise<void> {
  const workers = ((await place.state.store.shared?.workers()) ?? []).filter(({ config }) => config === hash);
  const served = new Set(workers.flatMap(({ serves }) => serves));
  const unserved = localScopes(rest).filter((one) => !served.has(one));
  if (unserved.length > 0) {
    throw new PlimsollError(
      'USAGE',
      `no worker serves ${unserved.join(', ')}: start one where that is, with --serves ${unserved[0]}`,
    );
  }
  if (workers.length === 0) output.logger.warn('no worker with this configuration is there yet; the run waits for one');
}

async function begin(
  { config, engines, hash, runs }: SharedSession,
  { trigger = 'cli', number, reference, scope }: EnqueueOptions,
): Promise<{ readonly number: number; readonly parts: number; readonly isJoined: boolean }> {
  const targeted: RunTargets | undefined =
    reference === undefined && scope === undefined
      ? undefined
      : { ...(reference && { references: new Set(reference) }), ...(scope && { scopes: new Set(scope) }) };
  // The clock of the database is that of all, unless somebody plays another day.
  const now = process.env['PLIMSOLL_NOW'] ? clockFromEnvironment(process.env).now() : undefined;
  const parts = readings({ config, engines }).map(({ scope: own, reading }) => ({
    scope: own,
    work: partText(reading),
  }));
  return runs.begin(
    {
      config: hash,
      trigger,
      time: limits.worker.run.most,
      ...(targeted && { targeted }),
      ...(now !== undefined && { now }),
      ...(number !== undefined && { number: Number(number) }),
    },
    parts,
  );
}

async function waitFor(
  number: number,
  { runs, output }: SharedSession,
  {
    timeout,
    signal,
    allowEmpty,
    isJson,
  }: {
    readonly timeout: number;
    readonly signal: AbortSignal;
    readonly allowEmpty: boolean;
    readonly isJson: boolean;
  },
): Promise<number> {
  const until = performance.now() + timeout;
  let phase = 'scan';
  let said = '';
  for (;;) {
    try {
      const run = await runs.run(number);
      phase = run?.phase ?? 'done';
      if (phase === 'done') break;
    } catch (error) {
      if (!(error instanceof PlimsollError) || error.code !== 'STATE') throw error;
      // Workers go on when the database is back, and so does whoever waits for them.
      if (error.message !== said) output.logger.warn(`${error.message}; it is asked again`);
      said = error.message;
    }
    if (performance.now() > until) {
      output.logger.error(`run ${number} is not over yet (phase ${phase}); it goes on`);
      return exitCodes.unfinished;
    }
    await sleep(look, signal);
  }
  const [finish] = await runs.ended(number, 'finish');
  if (finish?.result === undefined) {
    output.logger.error(`run ${number} came to no end: ${finish?.reason ?? 'nobody finished it'}`);
    return exitCodes.unfinished;
  }
  const { record, unreported, channels, exit } = fromPartText<Finished>(finish.result);
  if (unreported > 0) {
    const shown = grouped(record.findings.length);
    output.logger.warn(
      `the report has the first ${shown} findings; ${grouped(unreported)} more are in the state alone`,
    );
  }
  if (isJson) await output.result(reportPieces(record), 'document');
  await sayRun({ record, channels }, allowEmpty, output, isJson ? 'elsewhere' : 'whole');
  return exit;
}

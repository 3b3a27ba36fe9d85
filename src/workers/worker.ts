/*
 * src/workers/
 *
 * A run that several processes make, on one machine or many, over a state in PostgreSQL. Such a run is rows: parts of phases
 * (scan, look, inspect, judge, act, finish), of which each begins when the one before it has none left; plan-phases.ts says
 * which parts a phase has. They wait in queue.ts, and this file is whoever takes them. scan-part.ts reads repositories and says what is
 * to be looked at; look-parts.ts looks, once for all; judge-part.ts decides and proposes with what others have learnt, as every run does;
 * conclude-parts.ts puts all parts together, and finish-part.ts records and tells.
 * enqueue.ts begins a run. scopes.ts has what is on one machine only. Loaded by its own commands alone.
 * Begin here, then plan-phases.ts.
 */

import { messageOf, PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { sleep } from '../core/time/clock.ts';
import type { RunParts } from '../job/connections.ts';
import type { HeldPlaces } from '../state/postgres/host-places.ts';
import type { NewPart, Part, PartEnd, SharedRun } from '../state/postgres/shared-run.ts';
import { actOnBuilders, finishPart } from './finish-part.ts';
import { actOnEngine, judgePart } from './judge-part.ts';
import { inspectPart, lookPart } from './look-parts.ts';
import type { PartQueue, Taken } from './queue.ts';
import { scanPart } from './scan-part.ts';
import type { PartSetup, WorkerSetup } from './worker-setup.ts';

/** What a worker has while its session in the database lasts: with it, its places at hosts are gone. */
export interface WorkerSession {
  readonly held: HeldPlaces;
  /** The parts of a small run. */
  partsFor(run: { readonly now: number; readonly signal: AbortSignal; readonly deadline: number }): RunParts;
  close(): Promise<void>;
}

/** How a worker works. */
export interface WorkerOptions {
  readonly name: string;
  /** Hash of the configuration. */
  readonly config: string;
  readonly serves: readonly string[];
  readonly host: string;
  /** Parts at once. */
  readonly concurrency: number;
  /** Ends when no run is open. */
  readonly drains: boolean;
  /** Begins nothing more, and gives back what it cannot end in time. */
  readonly signal: AbortSignal;
}

/** Between two looks at an empty queue; milliseconds. */
const idle = 250;
/** Between two attempts at what another process is at; milliseconds. */
const patience = 1000;
/** A part is said to be under way so often; milliseconds. */
const beat = limits.worker.silence.most / 3;
/** How often a worker says that it is there, and looks whether something waits for nobody; milliseconds. */
const rounds = 5000;

/** Takes parts until it is stopped, or nothing is left. `open`: opens a session, again and again while the database is gone. */
export async function work(
  setup: WorkerSetup,
  queue: PartQueue,
  open: () => Promise<WorkerSession>,
  options: WorkerOptions,
): Promise<void> {
  const { signal } = options;
  const quiet = keepRounds(setup, options);
  try {
    while (!signal.aborted) {
      const session = await opened(open, setup, signal);
      if (session === undefined) return;
      try {
        const slots = Array.from({ length: options.concurrency }, () => takeParts(setup, queue, session, options));
        await Promise.all(slots);
        if (!session.held.lost.aborted) return;
        setup.logger.warn('the connection to the database was lost; what was under way is done again');
      } finally {
        await session.close();
      }
    }
  } finally {
    await quiet();
  }
}

async function opened(
  open: () => Promise<WorkerSession>,
  { logger }: WorkerSetup,
  signal: AbortSignal,
): Promise<WorkerSession | undefined> {
  let said = '';
  while (!signal.aborted) {
    try {
      return await open();
    } catch (error) {
      const message = messageOf(error);
      if (message !== said) logger.warn(`${message}; it is tried again`);
      said = message;
      await sleep(1000, signal).catch(() => undefined);
    }
  }
  return undefined;
}

/** One part after the other. */
async function takeParts(
  setup: WorkerSetup,
  queue: PartQueue,
  session: WorkerSession,
  options: WorkerOptions,
): Promise<void> {
  const { signal, serves, drains } = options;
  while (!signal.aborted && !session.held.lost.aborted) {
    let taken: Taken | undefined;
    try {
      taken = await queue.take(serves);
      if (taken === undefined && drains && (await setup.runs.open()).every(({ config }) => config !== options.config))
        return;
    } catch {
      // The database is away: whoever has the session says so.
      await sleep(1000);
      continue;
    }
    if (taken === undefined) await sleep(idle + Math.random() * idle, signal).catch(() => undefined);
    else await doPart(taken, setup, session, options);
  }
}

async function doPart(taken: Taken, setup: WorkerSetup, session: WorkerSession, options: WorkerOptions): Promise<void> {
  const { runs, logger } = setup;
  const { name } = taken;
  const title = `part ${name.number} of the phase ${name.phase} of run ${name.run}`;
  const beating = setInterval(() => void taken.touch().catch(() => undefined), beat);
  try {
    if (taken.isGivenUp) {
      const why = await runs.stumbled(name);
      await runs.end(name, { is: 'failed', reason: why ?? 'every worker that began it ended before it was done' });
      logger.error(`${title} is given up: ${why ?? 'every worker that began it ended'}`);
    } else {
      const found = await runs.take(name, options.name);
      if (found !== undefined) {
        const { end, more } = await ended(found, setup, session, options);
        await runs.end(name, end, more);
      }
    }
    await taken.done();
  } catch (error) {
    const message = messageOf(error);
    const isStopped = options.signal.aborted || session.held.lost.aborted;
    if (!isStopped) logger.warn(`${title} is done again: ${message}`);
    try {
      if (!isStopped) await runs.stumble(name, message);
      await taken.giveBack(message);
    } catch {
      // The queue gives it to somebody else when it has heard nothing for a while.
    }
  } finally {
    clearInterval(beating);
  }
}

/** What is done of it ends when the worker is stopped, after the time that it has to give parts back. */
async function ended(
  { part, run }: { readonly part: Part; readonly run: SharedRun },
  setup: WorkerSetup,
  session: WorkerSession,
  { signal }: WorkerOptions,
): Promise<{ readonly end: PartEnd; readonly more: readonly NewPart[] }> {
  const stop = new AbortController();
  const stopping = (): void => {
    const why = new PlimsollError('CANCELLED', 'the worker was stopped');
    setTimeout(() => stop.abort(why), limits.worker.giveBack.most / 2).unref();
  };
  if (signal.aborted) stopping();
  signal.addEventListener('abort', stopping, { once: true });
  try {
    const both = AbortSignal.any([stop.signal, session.held.lost]);
    const left = run.deadline - (await setup.runs.now());
    if (left <= 0 && part.phase !== 'finish')
      return { end: { is: 'failed', reason: 'the run took longer than it may' }, more: [] };
    const deadline = part.phase === 'finish' ? limits.worker.part.most : Math.min(left, limits.worker.part.most);
    const parts = session.partsFor({ now: run.now, signal: both, deadline });
    const { rateLimit } = parts.run.cost;
    const before = await session.held.pulls();
    for (const [host, pulls] of before) rateLimit.set(host, pulls);
    const whole: PartSetup = { ...setup, part, run, parts, signal: both };
    const result = await inTurn(() => byPhase(whole), both);
    both.throwIfAborted();
    // Only what this part was told itself: others may know better by now.
    await session.held.sawPulls(new Map([...rateLimit].filter(([host, pulls]) => before.get(host) !== pulls)));
    return result;
  } finally {
    signal.removeEventListener('abort', stopping);
  }
}

/** What another process is at is waited for: it is no attempt that failed. */
async function inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const until = performance.now() + limits.worker.part.most / 2;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PlimsollError) || error.code !== 'LOCKED' || performance.now() > until) throw error;
      await sleep(patience, signal);
    }
  }
}

async function byPhase(setup: PartSetup): Promise<{ readonly end: PartEnd; readonly more: readonly NewPart[] }> {
  const alone = async (end: Promise<PartEnd>): Promise<{ end: PartEnd; more: readonly NewPart[] }> => ({
    end: await end,
    more: [],
  });
  switch (setup.part.phase) {
    case 'scan':
      return scanPart(setup);
    case 'look':
      return alone(lookPart(setup));
    case 'inspect':
      return alone(inspectPart(setup));
    case 'judge':
      return alone(judgePart(setup));
    case 'act':
      return alone(setup.part.work.includes('"kind":"builders"') ? actOnBuilders(setup) : actOnEngine(setup));
    case 'finish':
      return alone(finishPart(setup));
  }
}

/** Says now and then that the worker is there, and ends what waits for nobody. Returns how that ends. */
function keepRounds({ runs }: WorkerSetup, { name, config, serves, host }: WorkerOptions): () => Promise<void> {
  const round = async (): Promise<void> => {
    try {
      await runs.seen({ name, config, serves, host });
      await runs.sweep(limits.worker.unclaimed.most);
    } catch {
      // The database is away; the next round says it.
    }
  };
  let last = round();
  const timer = setInterval(() => {
    last = round();
  }, rounds);
  return async () => {
    clearInterval(timer);
    await last;
    await runs.gone(name).catch(() => undefined);
  };
}

/*
 * src/entry/commands/shared/
 *
 * Commands about runs that several processes make over one state: this file is a process that makes parts of them, enqueue.ts
 * begins one, runs.ts says how far each is.
 * Begin here.
 */

import { hostname } from 'node:os';
import { PlimsollError } from '../../../core/errors.ts';
import { visible } from '../../../report/safe/visible.ts';
import { localScopes, servedScopes } from '../../../workers/scopes.ts';
import { type WorkerOptions, type WorkerSession, work } from '../../../workers/worker.ts';
import type { WorkerSetup } from '../../../workers/worker-setup.ts';
import { credentialStores } from '../../environment.ts';
import { exitCodes } from '../../exit-codes.ts';
import { keepHeapSmall, keepYoungSmall } from '../../heap.ts';
import { type RunOptions, readFolder } from '../../run-request.ts';
import { openSharedConnections } from '../../session.ts';
import { openSharedSession, type SharedSession } from '../../shared-session.ts';
import { uninterrupted } from '../../uninterrupted.ts';
import { runExitCode } from '../run.ts';

interface WorkOptions extends RunOptions {
  readonly name?: string;
  readonly serves?: readonly string[];
  readonly concurrency?: string;
  readonly drain?: boolean;
  /** It serves all that is on one machine only: a daemon has started it there. */
  readonly here?: boolean;
  readonly log?: 'text' | 'json';
}

/** Parts at once, unless somebody says so: while one waits for a registry, another thinks. */
const usualConcurrency = 2;

/** `plimsoll worker`: makes parts of runs until it is stopped. */
export async function worker(given: Record<string, unknown>, _words: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as WorkOptions;
  const concurrency = concurrencyOf(options.concurrency);
  keepYoungSmall();
  const session = await openSharedSession(options);
  const { config, engines, hash, output } = session;
  try {
    const serves = options.here === true ? localScopes(session) : servedScopes(options.serves ?? [], session);
    const name = options.name ?? `${hostname()}-${process.pid}`;
    const wishes: WorkerOptions = {
      name,
      config: hash,
      serves,
      host: hostname(),
      concurrency,
      drains: options.drain === true,
      signal,
    };
    const setup = setupOf(session, options);
    await session.runs.seen({ name, config: hash, serves, host: hostname() });
    output.note(readyLine(session, wishes));
    for (const run of (await session.runs.open()).filter((one) => one.config !== hash))
      output.logger.warn(`run ${run.number} is made with another configuration; this worker takes no part in it`);
    const unserved = localScopes({ config, engines }).filter((one) => !serves.includes(one));
    if (unserved.length > 0) output.logger.info(`it does not serve ${unserved.join(', ')}`);
    await uninterrupted(() => work(setup, session.queue, () => sessionOf(session, options), wishes));
    return exitCodes.done;
  } finally {
    await session.close();
  }
}

function concurrencyOf(given: string | undefined): number {
  if (given === undefined) return usualConcurrency;
  if (!/^[1-9]\d?$/.test(given))
    throw new PlimsollError('USAGE', `--concurrency ${given}: expected a number from 1 to 99`);
  return Number(given);
}

function setupOf({ config, engines, place, runs, output }: SharedSession, options: WorkOptions): WorkerSetup {
  const lost = ({ message }: PlimsollError): void => output.logger.error(message);
  return {
    config,
    given: options,
    engines,
    store: place.state.store,
    runs,
    logger: output.logger,
    folder: (path) => readFolder(path, config, options),
    open: (parts, wanted) => parts.forge(wanted, process.env),
    lockRun: () => place.lockRun(lost),
    alone: place.alone,
    moving: { uninterrupted },
    exitCode: (result) => runExitCode(result, config.allowEmpty),
  };
}

/** A session for places at hosts: while it lasts, they are ours. */
async function sessionOf({ place, config, output }: SharedSession, options: WorkOptions): Promise<WorkerSession> {
  const held = await place.places();
  const connections = openSharedConnections(options, config, output, held.places);
  return {
    held,
    partsFor: (run) => connections.forRun({ ...run, progress: () => undefined, manyFiles: keepHeapSmall }),
    close: async () => {
      connections.close();
      await held.close();
    },
  };
}

/** What it may reach is what whoever sets it up has to check. */
function readyLine({ config }: SharedSession, { name, serves, config: hash, concurrency }: WorkerOptions): string {
  const forges = [...new Set(config.forges.map(({ type, server }) => server?.url ?? type))];
  const registries = Object.keys(config.registries);
  const stores = credentialStores(process.env);
  const parts = [
    `configuration ${hash.slice(0, 12)}`,
    `${concurrency} parts at once`,
    forges.length === 0 ? 'no forges' : `forges ${forges.join(', ')}`,
    registries.length === 0 ? 'every public registry' : `every public registry, and ${registries.join(', ')}`,
    stores.length === 0 ? 'no stored logins' : `stored logins`,
    serves.length === 0 ? 'serves nothing that is on one machine only' : `serves ${serves.join(', ')}`,
  ];
  return visible(`worker ${name} is ready: ${parts.join('; ')}`);
}

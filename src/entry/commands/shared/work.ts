/*
 * src/entry/commands/shared/
 *
 * Commands about runs that several processes make over one state: this file is a process that makes parts of them, enqueue.ts
 * begins one, runs.ts says how far each is.
 * Begin here.
 */

import { hostname } from 'node:os';
import { PlimsollError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits/limits.ts';
import { visible } from '../../../report/safe/visible.ts';
import { PostgresHosts } from '../../../state/postgres/shared-hosts.ts';
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
    const serves = servedScopes(options.serves ?? [], session);
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
    openForge: async (parts, index) => {
      const { selections: _, ...wanted } = config.forges[index] ?? { type: '', selections: [] };
      const forge = await parts.forge(wanted, process.env);
      if (typeof forge === 'string') throw new PlimsollError('CONFIG', forge);
      return forge;
    },
    lockRun: () => place.lockRun(lost),
    alone: place.alone,
    moving: { uninterrupted },
    exitCode: (result) => runExitCode(result, config.allowEmpty),
  };
}

/** A session for places at hosts: while it lasts, they are ours. */
async function sessionOf({ place, config, output }: SharedSession, options: WorkOptions): Promise<WorkerSession> {
  const client = await place.session('hosts');
  const lost = new AbortController();
  const lose = (): void => lost.abort(new PlimsollError('STATE', 'the connection to the database was lost'));
  client.on('error', lose);
  client.on('end', lose);
  // A server that is gone without a word is found out by asking it now and then.
  const asking = setInterval(() => void client.query('select 1').catch(lose), limits.state.lockAsked.most);
  asking.unref();
  const hosts = new PostgresHosts(client, place.ask);
  const connections = openSharedConnections(options, config, output, hosts);
  return {
    hosts,
    lost: lost.signal,
    partsFor: (run) => connections.forRun({ ...run, progress: () => undefined, manyFiles: keepHeapSmall }),
    close: async () => {
      clearInterval(asking);
      client.removeListener('end', lose);
      connections.close();
      await client.end().catch(() => undefined);
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

import { createHash } from 'node:crypto';
import { type Config, defaultConfig } from '../config/config.ts';
import { PlimsollError } from '../core/errors.ts';
import { type EngineWish, enginesConfigured } from '../job/engines.ts';
import { SharedRuns } from '../state/postgres/shared-runs.ts';
import { phasePlan } from '../workers/plan-phases.ts';
import { PartQueue } from '../workers/queue.ts';
import { localScopes } from '../workers/scopes.ts';
import { type Output, processOutput } from './output.ts';
import { operatorSource, type RunOptions } from './run-request.ts';
import { type CommonOptions, withEnvironment } from './session.ts';
import { openShared, type SharedPlace, statePlace } from './state-place.ts';

/** What every process over a shared run has. Whoever opens it closes it. */
export interface SharedSession {
  readonly config: Config;
  /** Hash of its text: whoever has another makes no part of a run with it. */
  readonly hash: string;
  readonly engines: readonly EngineWish[];
  readonly place: SharedPlace;
  readonly runs: SharedRuns;
  readonly queue: PartQueue;
  readonly output: Output;
  close(): Promise<void>;
}

/**
 * Reads the configuration, and opens the state and the queue. Throws PlimsollError 'CONFIG', 'STATE', and 'USAGE' where the
 * state is a file.
 */
export async function openSharedSession(
  options: CommonOptions & Pick<RunOptions, 'configFromStdin'> & { readonly log?: 'text' | 'json' },
): Promise<SharedSession> {
  const output = processOutput(options);
  const source = await operatorSource(options, 'run');
  const config = withEnvironment(source?.config ?? defaultConfig);
  const hash = createHash('sha256')
    .update(source?.text ?? '')
    .digest('hex');
  const engines = await enginesConfigured(config.engines, process.env);
  const place = await openShared(statePlace(options.state, config.state), { readOnly: false });
  let queue: PartQueue | undefined;
  try {
    const { store, database } = place.state;
    queue = await PartQueue.open(place.queue, hash, localScopes({ config, engines }), output.logger);
    const send = queue.send.bind(queue);
    const runs = new SharedRuns(database, phasePlan({ engines }), send);
    const opened = queue;
    const close = async (): Promise<void> => {
      await opened.close();
      await store.close();
    };
    return { config, hash, engines, place, runs, queue, output, close };
  } catch (error) {
    await queue?.close();
    await place.state.store.close();
    if (error instanceof PlimsollError) throw error;
    throw place.trouble(error);
  }
}

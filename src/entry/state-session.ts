import { type Config, defaultConfig } from '../config/config.ts';
import { findConfig } from '../config/find.ts';
import { loadConfig } from '../config/load.ts';
import { PlimsollError } from '../core/errors.ts';
import { shownState } from '../core/secret.ts';
import type { Clock } from '../core/time/clock.ts';
import { mayExist } from '../state/open-state.ts';
import type { Store } from '../state/store.ts';
import { clockFromEnvironment } from './environment.ts';
import { type Loudness, type Output, processOutput } from './output.ts';
import { placeholders } from './placeholders.ts';
import { openStateAt, statePlace } from './state-place.ts';

/** Options of commands that only ask the state. */
export interface StateOptions extends Loudness {
  readonly state?: string;
  readonly config?: string;
}

/** What a command over the state alone needs: no network, no registry. */
export interface StateSession {
  readonly store: Store;
  /** Where it is, as it may be shown. */
  readonly file: string;
  /** The configuration without its secrets, and the file that it is from. */
  readonly config: Config;
  readonly configFile?: string;
  readonly output: Output;
  readonly clock: Clock;
}

/** Where the state is, by option, configuration or custom. Throws PlimsollError 'CONFIG', 'STATE'. */
export function stateFileOf(options: StateOptions): string {
  return stateOf(options).file;
}

function stateOf(options: StateOptions): Pick<StateSession, 'file' | 'config' | 'configFile'> {
  const configFile = options.config ?? findConfig('.');
  // The secrets of the scheduled job are in its own environment, not in that of whoever asks a question.
  const config =
    configFile === undefined ? defaultConfig : loadConfig(configFile, 'operator', placeholders(process.env));
  const file = statePlace(options.state, config.state);
  return { file, config, ...(configFile !== undefined && { configFile }) };
}

/** Opens the state that `run` keeps. Throws PlimsollError 'STATE' when there is none yet. */
async function openState(options: StateOptions, { readOnly }: { readonly readOnly: boolean }): Promise<StateSession> {
  const { file, config, configFile } = stateOf(options);
  if (!readOnly && !mayExist(file))
    throw new PlimsollError('STATE', `there is no state at ${file}; "plimsoll run" makes one`);
  return {
    store: await openStateAt(file, { readOnly }),
    file: shownState(file),
    config,
    ...(configFile !== undefined && { configFile }),
    output: processOutput(options),
    clock: clockFromEnvironment(process.env),
  };
}

/** Runs a question or a change, and closes the state whatever comes of it. */
export async function withState(
  options: StateOptions,
  access: { readonly readOnly: boolean },
  work: (session: StateSession) => Promise<number>,
): Promise<number> {
  const session = await openState(options, access);
  try {
    return await work(session);
  } finally {
    await session.store.close();
  }
}

import { existsSync } from 'node:fs';
import { type Config, defaultConfig } from '../config/config.ts';
import { findConfig } from '../config/find.ts';
import { loadConfig } from '../config/load.ts';
import { PlimsollError } from '../core/errors.ts';
import type { Clock } from '../core/time/clock.ts';
import { openSqliteStore, refuseNoFile } from '../state/sqlite/sqlite.ts';
import type { Store } from '../state/store.ts';
import { clockFromEnvironment, defaultStateFile } from './environment.ts';
import { type Loudness, type Output, processOutput } from './output.ts';
import { placeholders } from './placeholders.ts';

/** Options of commands that only ask the state. */
export interface StateOptions extends Loudness {
  readonly state?: string;
  readonly config?: string;
}

/** What a command over the state alone needs: no network, no registry. */
export interface StateSession {
  readonly store: Store;
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
  const file = options.state ?? config.state ?? defaultStateFile(process.env);
  return { file, config, ...(configFile !== undefined && { configFile }) };
}

/** Opens the state that `run` keeps. Throws PlimsollError 'STATE' when there is none yet. */
function openState(options: StateOptions, { readOnly }: { readonly readOnly: boolean }): StateSession {
  const { file, config, configFile } = stateOf(options);
  refuseNoFile(file);
  if (!existsSync(file)) throw new PlimsollError('STATE', `there is no state at ${file}; "plimsoll run" makes one`);
  return {
    store: openSqliteStore(file, { readOnly }),
    file,
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
  const session = openState(options, access);
  try {
    return await work(session);
  } finally {
    await session.store.close();
  }
}

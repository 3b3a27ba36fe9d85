import { homedir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { PlimsollError } from '../core/errors.ts';

/** The clock of this process: PLIMSOLL_NOW (RFC 3339) stops it, for tests and replays. Throws 'USAGE' when that is no time. */
export function clockFromEnvironment(env: NodeJS.ProcessEnv): Clock {
  const text = env['PLIMSOLL_NOW'];
  if (!text) return systemClock;
  const now = Date.parse(text);
  if (Number.isNaN(now)) throw new PlimsollError('USAGE', `PLIMSOLL_NOW is no RFC 3339 time: ${JSON.stringify(text)}`);
  return { now: () => now };
}

/** Where derived data is kept unless said otherwise: the XDG cache folder. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv): string {
  return path.join(env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'plimsoll');
}

/** Where the scheduled job remembers unless said otherwise: the XDG state folder. */
export function defaultStateFile(env: NodeJS.ProcessEnv): string {
  return path.join(env['XDG_STATE_HOME'] || path.join(homedir(), '.local', 'state'), 'plimsoll', 'state.db');
}

/** The Docker configuration of this user: `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. */
export function dockerConfigFile(env: NodeJS.ProcessEnv): string {
  return path.join(env['DOCKER_CONFIG'] || path.join(homedir(), '.docker'), 'config.json');
}

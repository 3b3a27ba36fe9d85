import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { messageOf, PlimsollError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { type CredentialSource, dockerConfigCredentials } from '../oci/credentials.ts';

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

/** What `docker login` stored: `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. A broken file is said and passed over. */
export function dockerCredentials(env: NodeJS.ProcessEnv, logger: Logger): CredentialSource {
  const file = path.join(env['DOCKER_CONFIG'] || path.join(homedir(), '.docker'), 'config.json');
  try {
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (config['credsStore'] !== undefined || config['credHelpers'] !== undefined) {
      logger.info('credential helpers named in the docker configuration are not asked; only its "auths" are used', {
        file,
      });
    }
    return dockerConfigCredentials(config);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') {
      // JSON.parse quotes what it stumbled over, which here may be a password.
      const reason = error instanceof SyntaxError ? 'it is not valid JSON' : messageOf(error);
      logger.warn('the docker configuration cannot be read; going on without its credentials', { file, reason });
    }
    return () => undefined;
  }
}

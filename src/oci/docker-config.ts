import { readFileSync } from 'node:fs';
import { messageOf } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { type CredentialSource, dockerConfigCredentials } from './credentials.ts';

export type { CredentialSource } from './credentials.ts';

/** What `docker login` stored in a `config.json`. A file that is not there means anonymous; a broken one is said and passed over. */
export function loadDockerCredentials(file: string, logger: Logger): CredentialSource {
  try {
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null;
    if (config?.['credsStore'] !== undefined || config?.['credHelpers'] !== undefined) {
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

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AuthSettings, ServeSettings } from '../config/serve-settings.ts';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { makeFolder } from '../disk/make-folder.ts';

/** A daemon's settings, and the file of its tokens when it made them itself. */
export interface ContainerSettings {
  readonly settings: ServeSettings;
  readonly file?: string;
}

/**
 * In a container 127.0.0.1 is nobody's: a daemon that was told nothing listens on all addresses of it, with tokens that its
 * first start writes into a folder that lasts, for its owner alone. Throws PlimsollError 'STATE' when they cannot be kept.
 */
export function inContainer(settings: ServeSettings, folder: string): ContainerSettings {
  if (settings.auth.type !== 'none') return { settings };
  const file = path.join(folder, 'tokens');
  const listen = { host: '0.0.0.0', port: 'port' in settings.listen ? settings.listen.port : 8087 };
  return { settings: { ...settings, listen, auth: tokensIn(file) }, file };
}

function tokensIn(file: string): AuthSettings {
  try {
    const made = (name: string): string => `${name}: ${randomBytes(24).toString('base64url')}\n`;
    makeFolder(path.dirname(file), 0o700);
    if (!existsSync(file))
      writeFileSync(file, made('read') + made('act') + made('metrics'), { mode: 0o600, flag: 'wx' });
    const found = new Map(
      [...readFileSync(file, 'utf8').matchAll(/^(\w+): (\S{22,})$/gm)].map(([, name, token]) => [name, token]),
    );
    const secret = (name: string): Secret => {
      const token = found.get(name);
      if (token === undefined)
        throw new PlimsollError('STATE', `${file}: no token ${JSON.stringify(name)}; remove the file and start again`);
      return new Secret(token);
    };
    return { type: 'token', read: secret('read'), act: secret('act'), metrics: secret('metrics') };
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    throw new PlimsollError('STATE', `the tokens cannot be kept in ${file}: ${messageOf(error)}`, { cause: error });
  }
}

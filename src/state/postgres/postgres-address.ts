import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig } from 'pg';
import { parse } from 'pg-connection-string';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { readAtMost } from '../../disk/read-at-most.ts';

/** Where a state is, for the client, and as it may be shown: without the login. */
export interface PostgresAddress {
  readonly client: ClientConfig;
  readonly shown: string;
}

/** Are these, in an address, what we have our own words for. */
const ownParameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'application_name'];

const modes = 'write sslmode=verify-full, require (here the same), no-verify or disable';

/**
 * `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE`, as libpq and its drivers know it
 * (postgresql.org/docs/current/libpq-connect.html). What is encrypted is also checked, unless `no-verify` says otherwise:
 * a mode that gives way to an answer in the clear keeps nobody from listening. Authorities of `ca` are believed beside the
 * usual ones, those of `sslrootcert` alone. Throws PlimsollError 'STATE', never with the address itself.
 */
export function parseAddress(text: string, ca: readonly string[] = []): PostgresAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const query = url?.searchParams;
  if (url === undefined || query === undefined)
    throw wrong('it cannot be read; percent-encode special characters in the login');
  const [mode, root, cert, key] = ownParameters.map((name) => query.get(name) ?? undefined);
  for (const name of ownParameters) query.delete(name);
  const { host, port, database, user, password, ...more } = parse(url.href);
  const unknown = Object.keys(more).filter((name) => !['ssl', 'client_encoding', 'options'].includes(name));
  if (unknown.length > 0) throw wrong(`it has the unknown parameter ${JSON.stringify(unknown[0]?.slice(0, 40))}`);
  if (!database) throw wrong('it names no database: postgres://HOST/DATABASE');
  const ssl =
    mode === undefined && root === undefined ? undefined : tlsOf(mode ?? 'verify-full', { root, cert, key }, ca);
  return {
    client: {
      database,
      ...(host && { host }),
      ...(port && { port: Number(port) }),
      ...(user && { user }),
      ...(password && { password }),
      ...(ssl !== undefined && { ssl }),
    },
    shown: `postgres://${host?.startsWith('/') ? encodeURIComponent(host) : (host ?? 'localhost')}${port ? `:${port}` : ''}/${database}`,
  };
}

function tlsOf(
  mode: string,
  { root, cert, key }: Readonly<Record<'root' | 'cert' | 'key', string | undefined>>,
  ca: readonly string[],
): ConnectionOptions | false {
  if (mode === 'disable') return false;
  if (!['require', 'verify-ca', 'verify-full', 'no-verify'].includes(mode)) {
    throw wrong(`sslmode=${JSON.stringify(mode.slice(0, 40))} may be no TLS at all; ${modes}`);
  }
  return {
    rejectUnauthorized: mode !== 'no-verify',
    ...(root !== undefined ? { ca: contentOf(root) } : ca.length > 0 && { ca: [...ca] }),
    ...(cert !== undefined && { cert: contentOf(cert) }),
    ...(key !== undefined && { key: contentOf(key) }),
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  };
}

function contentOf(file: string): string {
  try {
    return readAtMost(file, limits.tree.named.most).toString('utf8');
  } catch (error) {
    throw wrong(`${file}: ${messageOf(error)}`);
  }
}

function wrong(what: string): PlimsollError {
  return new PlimsollError('STATE', `the address of the state is wrong: ${what}`);
}

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, untilListening } from './registry-server.ts';
import { secrets } from './secrets.ts';

const binaries = '/usr/lib/postgresql/15/bin';

const password = secrets.postgres;

/** Debian's PostgreSQL in a folder of its own, without systemd. */
export interface PostgresServer {
  readonly port: number;
  /** The address of a database of this server. */
  address(database: string, login?: string): string;
  /** The same, with the login of its owner. */
  login(database: string): string;
  /** A new, empty database. */
  create(database: string): void;
  /** Statements as its owner. */
  sql(database: string, text: string): string;
  stop(mode: 'fast' | 'immediate'): void;
  start(settings?: string): void;
  /** Starts again with a certificate of its own. */
  speakTls(): { readonly file: string; readonly text: string };
  remove(): void;
}

/** As the user `postgres`, since PostgreSQL does not run as root. */
function asOwner(command: string, ...words: readonly string[]): string {
  return execFileSync('runuser', ['-u', 'postgres', '--', path.join(binaries, command), ...words], {
    encoding: 'utf8',
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts a server that listens on loopback and on a socket; everybody is trusted on the socket, and has a password elsewhere. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-postgres-'));
  execFileSync('chown', ['postgres', folder]);
  const data = path.join(folder, 'data');
  asOwner('initdb', '-D', data, '-A', 'trust', '-U', 'plimsoll', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8');
  writeFileSync(path.join(data, 'pg_hba.conf'), 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
  const port = await freePort();
  const server: PostgresServer = {
    port,
    address: (database, login = '') => `postgres://${login}127.0.0.1:${port}/${database}`,
    login: (database) => server.address(database, `plimsoll:${password}@`),
    create: (database) => void asOwner('createdb', '-h', folder, '-p', String(port), '-U', 'plimsoll', database),
    sql: (database, text) =>
      asOwner('psql', '-h', folder, '-p', String(port), '-U', 'plimsoll', '-Atqc', text, database),
    stop: (mode) => void asOwner('pg_ctl', '-D', data, '-m', mode, 'stop'),
    start: (settings = '') => {
      const options = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off ${settings}`;
      execFileSync(
        'runuser',
        [
          '-u',
          'postgres',
          '--',
          path.join(binaries, 'pg_ctl'),
          '-w',
          '-D',
          data,
          '-l',
          path.join(folder, 'log'),
          '-o',
          options,
          'start',
        ],
        { cwd: '/', stdio: 'ignore' },
      );
    },
    speakTls: () => {
      const [key, file] = [path.join(data, 'key.pem'), path.join(data, 'cert.pem')];
      const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${file}`;
      execFileSync('openssl', words.split(' '), { stdio: 'ignore' });
      execFileSync('chown', ['postgres', key, file]);
      server.stop('fast');
      server.start(`-c ssl=on -c ssl_cert_file=${file} -c ssl_key_file=${key}`);
      return { file, text: readFileSync(file, 'utf8') };
    },
    remove: () => {
      try {
        server.stop('immediate');
      } catch {
        // It was stopped already.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  server.start();
  server.sql('postgres', `alter role plimsoll password '${password}'`);
  return server;
}

/** Debian's PgBouncer before a server; it gives every transaction, or every session, one of `size` connections. */
export async function startPgbouncer(
  folder: string,
  server: PostgresServer,
  mode: 'transaction' | 'session',
  size: number,
): Promise<{ readonly login: (database: string) => string; readonly stop: () => void }> {
  const port = await freePort();
  const own = path.join(folder, `pgbouncer-${port}`);
  mkdirSync(own);
  const users = path.join(own, 'users');
  writeFileSync(users, `"plimsoll" "${password}"\n`);
  writeFileSync(
    path.join(own, 'pgbouncer.ini'),
    `[databases]\n* = host=127.0.0.1 port=${server.port} user=plimsoll password=${password}\n
     [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = ${users}
     pool_mode = ${mode}\ndefault_pool_size = ${size}\n`.replaceAll(/^ +/gm, ''),
  );
  execFileSync('chown', ['-R', 'postgres', own]);
  chmodSync(folder, 0o755);
  const child = spawn('runuser', ['-u', 'postgres', '--', '/usr/sbin/pgbouncer', path.join(own, 'pgbouncer.ini')], {
    cwd: '/',
    stdio: 'ignore',
    detached: true,
  });
  await untilListening(`127.0.0.1:${port}`, child, path.join(own, 'pgbouncer.ini'));
  return {
    login: (database) => `postgres://plimsoll:${password}@127.0.0.1:${port}/${database}`,
    stop: () => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')),
  };
}

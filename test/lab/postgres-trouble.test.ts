import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIfThere, takeLock } from '../../src/state/open-state.ts';
import { openPostgres } from '../../src/state/postgres/postgres.ts';
import { a, aRun, debian, look, stored } from '../contract/store.ts';
import { temporaryTree } from '../support/fleet.ts';
import { type PostgresServer, startPgbouncer, startPostgres } from './support/postgres-server.ts';
import { secrets } from './support/secrets.ts';

let server: PostgresServer;
let tree: { folder: string; remove: () => void };
beforeAll(async () => {
  server = await startPostgres();
  tree = temporaryTree({});
});
afterAll(() => {
  tree?.remove();
  server?.remove();
});

const open = (address: string, readOnly = false) => openPostgres(address, { readOnly });
/** What is said; never with the password in it. */
async function said(work: () => Promise<unknown>): Promise<string> {
  const error = (await work().then(
    () => new Error('nothing went wrong'),
    (thrown: unknown) => thrown,
  )) as Error & { code?: string };
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(secrets.postgres);
  return `${error.code}: ${error.message}`;
}
const login = (user: string, database: string) => server.address(database, `${user}:${secrets.postgres}@`);

describe('what is said of a server', () => {
  it('that is not there, or lets nobody in', async () => {
    expect(await said(() => open('postgres://127.0.0.1:1/x'))).toMatch(
      /^STATE: the state postgres:\/\/127\.0\.0\.1:1\/x cannot be used: nobody listens there$/,
    );
    expect(await said(() => open(server.login('none')))).toContain('it has no such database');
    expect(await said(() => open(server.address('postgres', 'plimsoll:wrong@')))).toContain(
      'the name or the password is wrong',
    );
    expect(await said(() => open(server.address('postgres', 'plimsoll@')))).toContain('it wants a password');
    expect(await said(() => open(`${server.login('postgres')}?sslmode=verify-full`))).toContain(
      'it does not speak TLS',
    );
  });

  it('where the user has not the rights, and has them in a schema of its own', async () => {
    server.create('rights');
    server.sql(
      'rights',
      `create role poor login password '${secrets.postgres}'; revoke create on database rights from public`,
    );
    expect(await said(() => open(login('poor', 'rights')))).toContain('create schema plimsoll authorization USER');
    server.sql('rights', 'create schema plimsoll authorization poor');
    await (await open(login('poor', 'rights'))).store.close();
    server.sql(
      'rights',
      `create role reader login password '${secrets.postgres}'; grant usage on schema plimsoll to reader; grant select on all tables in schema plimsoll to reader`,
    );
    const reader = await open(login('reader', 'rights'), true);
    expect(await reader.store.fleet.lastRun()).toBeUndefined();
    await reader.store.close();
  });

  it('with nothing, or something else in it', async () => {
    server.create('foreign1');
    expect(await said(() => open(server.login('foreign1'), true))).toContain('"plimsoll run" makes one');
    expect(await openIfThere(server.login('foreign1'), {})).toBeUndefined();
    server.sql('foreign1', 'create schema plimsoll; create table plimsoll.other (x int)');
    expect(await said(() => open(server.login('foreign1')))).toContain('is that of another program');
  });

  it('with a newer schema', async () => {
    server.create('newer');
    await (await open(server.login('newer'))).store.close();
    server.sql('newer', 'update plimsoll.schema_version set version = 99');
    for (const readOnly of [false, true]) {
      expect(await said(() => open(server.login('newer'), readOnly))).toContain(
        'has schema 99, written by a newer Plimsoll',
      );
    }
  });

  it('that is only read', async () => {
    server.create('reading');
    await (await open(server.login('reading'))).store.close();
    server.sql(
      'reading',
      'alter database reading set default_transaction_read_only = on; create table public.x (y int)',
    );
    const { store } = await open(`${server.login('reading')}`, true);
    expect(await said(() => store.recordRun(aRun(1)))).toContain('it is only read there');
    await store.close();
  });

  it('that has no connection left', async () => {
    server.create('crowded');
    server.sql('postgres', `create role many login password '${secrets.postgres}' connection limit 1`);
    server.sql('crowded', 'grant create on database crowded to many');
    const other = new Client({ connectionString: login('many', 'crowded') });
    await other.connect();
    expect(await said(() => open(login('many', 'crowded')))).toContain('out of connections');
    await other.end();
  });

  it('behind a pooler of transactions, and not behind one of sessions', async () => {
    server.create('pooled');
    for (const [mode, size] of [
      ['transaction', 1],
      ['transaction', 5],
    ] as const) {
      const pooler = await startPgbouncer(tree.folder, server, mode, size);
      expect(await said(() => open(pooler.login('pooled')))).toContain('pool_mode = session');
      pooler.stop();
    }
    const pooler = await startPgbouncer(tree.folder, server, 'session', 20);
    const { store } = await open(pooler.login('pooled'));
    expect(await store.recordRun(aRun(1))).toBe(1);
    await store.close();
    pooler.stop();
  }, 60_000);
});

describe('the lock', () => {
  it('is held by one, who is named, and is free when that one is gone', async () => {
    server.create('locked');
    const lock = (kind: 'run' | 'serve' = 'run') =>
      takeLock(kind, server.login('locked'), { now: 0, lost: () => undefined });
    const held = await lock();
    expect(await said(lock)).toMatch(
      new RegExp(
        `^LOCKED: another run is using the state postgres://127.0.0.1:\\d+/locked \\(process ${process.pid} on .*, since 20`,
      ),
    );
    await (await lock('serve')).release();
    await held.release();
    await (await lock()).release();
  });

  it('tells when the server has ended it', async () => {
    const lost = new Promise<Error>((resolve) => {
      void takeLock('run', server.login('locked'), { now: 0, lost: resolve });
    });
    await sleep(200);
    server.sql(
      'locked',
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'plimsoll run %'",
    );
    expect((await lost).message).toMatch(/it was shut down, or ended the connection.*nothing keeps others out/);
  });
});

it('a run whose lock the server has ended tells and records nothing more', async () => {
  server.create('ended');
  // Takes connections and never answers.
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  writeFileSync(path.join(tree.folder, 'Dockerfile'), `FROM ${host}/x:1\n`);
  writeFileSync(
    path.join(tree.folder, 'plimsoll.yml'),
    `version: 1\nrepositories: [{ path: . }]\nregistries: { "${host}": { insecure: true } }\n`,
  );
  const cli = path.join(import.meta.dirname, '../../src/entry/cli.ts');
  const child = spawn(process.execPath, [cli, 'run'], {
    cwd: tree.folder,
    env: { ...process.env, PLIMSOLL_STATE: server.login('ended') },
  });
  const text = Promise.all([child.stdout, child.stderr].map(async (stream) => (await stream.toArray()).join('')));
  const exited = once(child, 'exit');
  await once(silent, 'connection');
  const ended = "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'plimsoll run %'";
  expect(server.sql('ended', ended)).toBe('t\n');
  expect(await exited).toEqual([3, null]);
  expect(await text).toEqual(['', expect.stringMatching(/ended the connection.*: this run ends\n$/)]);
  expect(server.sql('ended', 'select count(*) from plimsoll.run')).toBe('0\n');
  silent.close();
});

it('a server that stops at once loses nothing that was said to be kept, and is used again when it is back', async () => {
  server.create('stopped');
  const { store } = await open(server.login('stopped'));
  await store.recordRun(aRun(100, { looks: [look(a)], findings: [stored(['x'])] }));
  await store.outbox.delivered('ops', { news: ['x'], now: 100 });
  const findings = Array.from({ length: 20_000 }, (_, i) => stored([`news ${i}`], `finding ${i}`));
  const recording = said(() => store.recordRun(aRun(200, { looks: [look(a)], findings })));
  await sleep(300);
  server.stop('immediate');
  expect(await recording).toMatch(/^STATE: .*(?:crashed|ended the connection|shut down)/);
  // A connection that nobody used may not have heard of it yet.
  expect(await said(() => store.openNews())).toMatch(/nobody listens there|ended the connection/);
  server.start();
  expect([...(await store.openNews()).keys()]).toEqual(['x']);
  expect((await store.outbox.memoryOf('ops', [])).told).toEqual(new Map([['x', 100]]));
  expect((await store.looks([debian])).get(debian)).toEqual([{ digest: a, first: 100, last: 100 }]);
  await store.recordRun(aRun(200, { looks: [look(a)], findings }));
  expect((await store.openNews()).size).toBe(20_000);
  await store.close();
});

it('TLS is checked, unless it is said that it need not be', async () => {
  server.create('encrypted');
  const authority = server.speakTls();
  const at = (more: string): string => `${server.login('encrypted')}?${more}`;
  for (const mode of ['verify-full', 'require', 'verify-ca']) {
    expect(await said(() => open(at(`sslmode=${mode}`)))).toMatch(
      /its certificate is not believed \(\w+\); name its authority/,
    );
  }
  const isEncrypted = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
  for (const [words, ca, wanted] of [
    [`sslmode=verify-full&sslrootcert=${authority.file}`, [], true],
    [`sslrootcert=${authority.file}`, [], true],
    ['sslmode=require', [authority.text], true],
    ['sslmode=no-verify', [], true],
    ['sslmode=disable', [], false],
  ] as const) {
    const { store, database } = await openPostgres(at(words), { readOnly: false, ca });
    expect([words, await database.ask(isEncrypted)]).toEqual([words, [{ ssl: wanted }]]);
    await store.close();
  }
});

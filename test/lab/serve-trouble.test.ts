import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../support/daemon.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';
import { killedAtStep } from '../support/killed-at.ts';
import { type Served, type ServeOptions, spawnServe, startServe, waiting } from '../support/served.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { runTool } from './support/run-tool.ts';

/*
 * The daemon killed at any of its own writes and requests, and its database stopped under it: what was due, asked for or found is
 * neither lost nor told twice, but for what was sent and not answered. LAB_LONG=1 dies inside transactions, too, and more often.
 */

const isLong = process.env['LAB_LONG'] === '1';
const hookSecret = 'the-secret-of-the-hook-x';

let registry: FakeRegistry;
let tree: ReturnType<typeof temporaryTree>;
/** Who is told: the ids of news. */
let told: string[] = [];
const receiver = http.createServer(async (request, response) => {
  const { event, id } = JSON.parse(await text(request)) as { event: string; id: string };
  told.push(`${event} ${id}`);
  response.writeHead(200).end();
});
let server: PostgresServer | undefined;
beforeAll(async () => {
  registry = await startFakeRegistry();
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server?.remove();
  receiver.closeAllConnections();
  receiver.close();
  await registry.close();
});

const running: Served[] = [];
beforeEach(() => {
  told = [];
  tree = temporaryTree({
    'app/Dockerfile': `FROM ${registry.host}/base:12\n`,
    'plimsoll.yml': `version: 1
repositories: [{ path: app }]
registries: { "${registry.host}": { insecure: true } }
notify: [{ type: webhook, url: "\${TOLD}" }]
serve:
  listen: 127.0.0.1:0
  jitter: 0s
  auth: { type: token, read: "\${READ}", act: "\${ACT}" }
  hooks: { generic: "\${HOOK}" }
`,
  });
  push(registry, 'base', debianImage({ openssl: '1' }), '12');
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    if (one.process.exitCode === null && one.process.signalCode === null) one.process.kill('SIGKILL');
    await one.ended;
  }
  tree.remove();
});

const environment = (): Record<string, string> => ({
  HOOK: hookSecret,
  TOLD: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/news`,
  // Nothing is due then.
  PLIMSOLL_NOW: '2026-11-29T12:30:00Z',
});

const options = (more: Partial<ServeOptions> = {}): ServeOptions => ({
  folder: tree.folder,
  ...more,
  words: ['--state', 'state.db', ...(more.words ?? [])],
  env: environment(),
});

async function start(more: Partial<ServeOptions> = {}): Promise<Served> {
  const served = await startServe(options(more));
  running.push(served);
  return served;
}

function ending(served: Served): Served['ended'] {
  served.process.kill('SIGTERM');
  return served.ended;
}

async function stop(served: Served): Promise<void> {
  expect(await ending(served)).toBe(0);
}

/** Dies at its n-th own step; what it starts does not. */
const dying = (step: number, words: readonly string[] = []): ServeOptions =>
  options({ words, node: ['--import', killedAtStep(step, /^(?!\/v2\/)/, isLong, 'serve')] });

/** The state as it is now, to be put back before each try. */
function keptState(): () => void {
  const kept = path.join(tree.folder, 'kept');
  mkdirSync(kept);
  const file = path.join(tree.folder, 'state.db');
  copyFileSync(file, path.join(kept, 'state.db'));
  return () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    copyFileSync(path.join(kept, 'state.db'), file);
    told = [];
  };
}

/** A base line that is known, and an image that has moved since. */
async function moved(): Promise<void> {
  const first = await start({ words: ['--now'] });
  await expect.poll(first.runs, waiting).toMatchObject([{ state: 'done', exit: 0 }]);
  await stop(first);
  push(registry, 'base', debianImage({ openssl: '2' }), '12');
}

describe('a daemon that is killed', () => {
  it('at any step of its start and of a run loses no news, tells none twice, and leaves no run under way', async () => {
    await moved();
    const putBack = keptState();
    let killed = 0;
    for (let step = 1; step < 200; step++) {
      putBack();
      const dead = spawnServe(dying(step, ['--now']));
      running.push(dead);
      const signal = await Promise.race([
        dead.ended,
        expect
          .poll(async () => (dead.url() === '' ? undefined : (await dead.runs().catch(() => []))[0]?.state), waiting)
          .toBe('done')
          .then(
            () => 'done',
            () => 'neither',
          ),
      ]);
      const end = signal === 'done' ? await ending(dead) : signal;
      if (end === 'SIGKILL') killed++;
      const again = await start({ words: ['--now'] });
      await expect.poll(async () => (await again.runs())[0]?.state, waiting).toBe('done');
      expect((await again.runs()).filter(({ state }) => state === 'running' || state === 'queued')).toEqual([]);
      await stop(again);
      expect(new Set(told).size).toBe(1);
      expect(told.length).toBeLessThanOrEqual(2);
      if (end === 0) break;
      expect(end).toBe('SIGKILL');
    }
    expect(killed).toBeGreaterThanOrEqual(5);
  }, 1_800_000);

  it('does for what a hook said and was answered, whatever came in between', async () => {
    await moved();
    const putBack = keptState();
    let [killed, accepted] = [0, 0];
    for (let step = isLong ? 1 : 2; step < 200; step += isLong ? 1 : 2) {
      putBack();
      const dead = spawnServe(dying(step));
      running.push(dead);
      await Promise.race([dead.ended, expect.poll(dead.url, waiting).not.toBe('')]);
      const { status } = await ask(dead.url() || 'http://127.0.0.1:9', 'POST', '/hooks/generic', {
        headers: { authorization: `Bearer ${hookSecret}` },
        body: JSON.stringify({ image: `${registry.host}/base:12` }),
      }).catch(() => ({ status: 0 }));
      const outcome = await Promise.race([
        dead.ended,
        expect
          .poll(async () => (await dead.runs().catch(() => []))[0], waiting)
          .toMatchObject({ trigger: 'hook', state: 'done' })
          .then(
            () => 'done',
            () => 'neither',
          ),
      ]);
      const end = outcome === 'done' ? await ending(dead) : outcome;
      if (end === 'SIGKILL') killed++;
      if (status === 202) {
        accepted++;
        const again = await start();
        await expect
          .poll(() => again.runs(), waiting)
          .toEqual(expect.arrayContaining([expect.objectContaining({ trigger: 'hook', state: 'done' })]));
        await stop(again);
        expect(new Set(told).size).toBe(1);
        expect(told.length).toBeLessThanOrEqual(2);
      }
      if (end === 0) break;
      expect(end).toBe('SIGKILL');
    }
    expect([killed > 1, accepted > 1]).toEqual([true, true]);
  }, 1_800_000);
});

describe('a database that is stopped at once', () => {
  it('makes the daemon unready until it is back, loses no news, and tells none twice', async () => {
    server = await startPostgres();
    server.create('served');
    const state = server.login('served');
    const daemon = await startServe({
      folder: tree.folder,
      words: ['--now'],
      env: { ...environment(), PLIMSOLL_STATE: state },
    });
    running.push(daemon);
    await expect.poll(daemon.runs, waiting).toMatchObject([{ state: 'done', exit: 0 }]);
    push(registry, 'base', debianImage({ openssl: '2' }), '12');
    // That it has begun to watch was told.
    told = [];
    const readiness = async (): Promise<number> => (await ask(daemon.url(), 'GET', '/readyz')).status;
    for (let round = 0; round < (isLong ? 10 : 2); round++) {
      await daemon.post('/api/v1/checks', { images: [`${registry.host}/base:12`] });
      // In the middle of a run, somewhere else in each.
      await new Promise((resolve) => setTimeout(resolve, 300 + 130 * round));
      server.stop('immediate');
      await expect.poll(readiness, waiting).toBe(503);
      expect((await ask(daemon.url(), 'GET', '/healthz')).status).toBe(200);
      const page = await daemon.get('/');
      expect([page.status, page.text.includes('postgres://')]).toEqual([503, false]);
      server.start();
      const back = Date.now();
      await expect.poll(readiness, waiting).toBe(200);
      expect(Date.now() - back).toBeLessThan(30_000);
      await expect
        .poll(
          async () => (await daemon.runs()).filter(({ state: how }) => how === 'running' || how === 'queued'),
          waiting,
        )
        .toEqual([]);
    }
    const { status, text: answer } = await daemon.post('/api/v1/checks', { images: [`${registry.host}/base:12`] });
    expect([status, answer]).toEqual([202, expect.any(String)]);
    const { run } = JSON.parse(answer) as { run: number };
    await expect
      .poll(async () => JSON.parse((await daemon.get(`/api/v1/runs/${run}`)).text), waiting)
      .toMatchObject({ state: 'done', exit: 0 });
    expect(new Set(told).size).toBe(1);
    expect(told.length).toBeLessThanOrEqual(2);
    await stop(daemon);
  }, 600_000);
});

function alter(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

describe('a state', () => {
  const broken: readonly [string, (file: string) => void, RegExp][] = [
    [
      'that is corrupt',
      (file) => writeFileSync(file, Buffer.alloc(8192, 'no state')),
      /damaged, or no SQLite database/,
    ],
    ['that a newer version wrote', (file) => alter(file, 'pragma user_version = 9999'), /newer/],
    ['that is a folder', (file) => mkdirSync(file), /folder/],
    ['in a folder that is no folder', (file) => writeFileSync(path.dirname(file), ''), /./],
  ];
  it.each(broken)('%s ends the daemon at its start with a sentence', async (_, spoil, sentence) => {
    const folder = path.join(tree.folder, 'there');
    const file = path.join(folder, 'state.db');
    if (_ !== 'in a folder that is no folder') mkdirSync(folder);
    spoil(file);
    const served = spawnServe({ folder: tree.folder, words: ['--state', file], env: environment() });
    running.push(served);
    expect(await served.ended).toBe(3);
    expect(served.said().trim().split('\n')).toHaveLength(1);
    expect(served.said()).toMatch(sentence);
    expect(served.said()).not.toMatch(/E[A-Z]{4,}|SQLITE_|at \S+:\d+/);
  });

  it('on a disk that fills up is a sentence, and is used again when there is room', async () => {
    const folder = path.join(tree.folder, 'small');
    mkdirSync(folder);
    runTool('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder]);
    try {
      const daemon = await startServe({
        folder: tree.folder,
        words: ['--now'],
        env: { ...environment(), PLIMSOLL_STATE: path.join(folder, 'state.db') },
      });
      running.push(daemon);
      await expect.poll(daemon.runs, waiting).toMatchObject([{ state: 'done', exit: 0 }]);
      push(registry, 'base', debianImage({ openssl: '2' }), '12');
      const fill = path.join(folder, 'fill');
      spawnSync('dd', ['if=/dev/zero', `of=${fill}`, 'bs=4k', 'count=1000']);
      const asked = await daemon.post('/api/v1/checks', { images: [`${registry.host}/base:12`] });
      expect([asked.status, JSON.parse(asked.text).title]).toEqual([503, 'the state does not answer']);
      expect(daemon.said()).toContain('the disk is full');
      for (const address of ['/', '/runs', '/api/v1/findings']) expect((await daemon.get(address)).status).toBe(200);
      rmSync(fill);
      const again = await daemon.post('/api/v1/checks', { images: [`${registry.host}/base:12`] });
      expect(again.status).toBe(202);
      await expect
        .poll(async () => (await daemon.runs())[0], waiting)
        .toMatchObject({ trigger: 'person', state: 'done', exit: 0 });
      expect(told.filter((one) => one.startsWith('news '))).toHaveLength(1);
      await stop(daemon);
    } finally {
      runTool('umount', ['-l', folder]);
    }
  });
});

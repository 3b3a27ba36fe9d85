import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type Answer, actToken, ask, readToken } from '../support/daemon.ts';
import { startFakeDocker } from '../support/engine/fake-docker.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';
import { nodeEnvironment } from '../support/node.ts';
import { type Served, startServe, waiting } from '../support/served.ts';

const hookSecret = 'the-secret-of-the-hook-x';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

let tree: ReturnType<typeof temporaryTree>;
const started: ChildProcess[] = [];
beforeEach(() => {
  tree = temporaryTree({ 'app/Dockerfile': `FROM ${registry.host}/base:12\n` });
  configure();
});
afterEach(async () => {
  for (const one of started.splice(0)) {
    if (one.exitCode !== null || one.signalCode !== null) continue;
    const ended = new Promise((resolve) => one.once('close', resolve));
    one.kill('SIGKILL');
    await ended;
  }
  tree.remove();
});

function configure(more = ''): void {
  writeFileSync(
    path.join(tree.folder, 'plimsoll.yml'),
    `version: 1
repositories: [{ path: app }]
registries: { "${registry.host}": { insecure: true } }
serve:
  listen: 127.0.0.1:0
  jitter: 0s
  auth: { type: token, read: "\${READ}", act: "\${ACT}" }
  hooks: { generic: "\${HOOK}" }
${more}`,
  );
}

async function start(words: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const served = await startServe({
    folder: tree.folder,
    words: ['--state', 'state.db', ...words],
    env: { HOOK: hookSecret, ...env },
  });
  started.push(served.process);
  return served;
}

function environment(): Record<string, string> {
  return {
    ...nodeEnvironment(),
    HOME: path.join(tree.folder, '.home'),
    PLIMSOLL_ADVISORIES: 'off',
    READ: readToken,
    ACT: actToken,
    HOOK: hookSecret,
  };
}

describe('the daemon', () => {
  beforeEach(() => {
    push(registry, 'base', debianImage({ openssl: '1' }), '12');
  });

  it('makes no run at its start, and one for whoever asks, with the exit code of `run`', async () => {
    const daemon = await start();
    expect(await daemon.runs()).toEqual([]);
    // Nobody has seen the image yet.
    expect((await daemon.post('/api/v1/checks', { images: [`${registry.host}/base:12`] })).status).toBe(404);
    daemon.process.kill('SIGTERM');
    expect(await daemon.ended).toBe(0);
    const again = await start(['--now']);
    await expect.poll(again.runs, waiting).toMatchObject([{ state: 'done', exit: 0, trigger: 'person', scope: 'all' }]);
    const { status, text } = await again.post('/api/v1/checks', { images: [`${registry.host}/base:12`] });
    expect(status).toBe(202);
    const { run } = JSON.parse(text) as { readonly run: number };
    await expect
      .poll(async () => JSON.parse((await again.get(`/api/v1/runs/${run}`)).text), waiting)
      .toMatchObject({
        state: 'done',
        exit: 0,
        scope: { images: [`${registry.host}/base:12`] },
        cost: { requests: 1 },
      });
    expect(again.said()).not.toContain(readToken);
  });

  it('looks at what a hook has named, in a run of its own', async () => {
    const daemon = await start(['--now']);
    await expect.poll(daemon.runs, waiting).toMatchObject([{ state: 'done' }]);
    push(registry, 'base', debianImage({ openssl: '2' }), '12');
    const call = await ask(daemon.url(), 'POST', '/hooks/generic', {
      headers: { authorization: `Bearer ${hookSecret}` },
      body: JSON.stringify({ image: `${registry.host}/base:12` }),
    });
    expect(call.status).toBe(202);
    await expect.poll(daemon.runs, waiting).toMatchObject([{ trigger: 'hook', state: 'done' }, { id: 1 }]);
    expect((await daemon.get('/api/v1/findings')).text).toContain('"class":"packages"');
  });

  it('is alone with its state, and says so', async () => {
    const first = await start();
    const second = await cli(['serve', '--state', 'state.db'], { cwd: tree.folder, env: environment() });
    expect(second).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('another "plimsoll serve" is using the state'),
    });
    expect((await ask(first.url(), 'GET', '/readyz')).status).toBe(200);
    const health = (): ReturnType<typeof cli> =>
      cli(['healthcheck', '--state', 'state.db'], { cwd: tree.folder, env: environment() });
    expect((await health()).code).toBe(0);
    first.process.kill('SIGSTOP');
    expect(await health()).toMatchObject({ code: 1, stderr: expect.stringContaining('no answer within 5 seconds') });
    first.process.kill('SIGCONT');
    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect((await health()).code).toBe(0);
  });

  it.each([[], ['--log', 'json']])(
    'says in the list of runs why one could not begin: serve %s %s',
    async (...words) => {
      const file = path.join(tree.folder, 'plimsoll.yml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('[{ path: app }]', '[{ github: acme/app }]'));
      const daemon = await start(['--now', ...words]);
      const message = expect.stringMatching(/^[^{}]*GITHUB_TOKEN/);
      await expect
        .poll(daemon.runs, waiting)
        .toMatchObject([{ state: 'failed', exit: 2, problems: { first: [{ code: 'run-failed', message }], all: 1 } }]);
      expect((await daemon.get('/runs/1')).text).toContain('GITHUB_TOKEN');
    },
  );

  it('keeps the configuration in force when the newest is wrong, and runs with it', async () => {
    const daemon = await start();
    writeFileSync(path.join(tree.folder, 'plimsoll.yml'), 'version: 1\nnonsense: true\n');
    daemon.process.kill('SIGHUP');
    await expect.poll(daemon.said, waiting).toContain('the configuration stays as it was');
    expect(JSON.parse((await daemon.get('/api/v1/fleet')).text)).toMatchObject({
      refused: expect.stringContaining('nonsense'),
    });
    configure('timezone: Europe/Berlin\n');
    daemon.process.kill('SIGHUP');
    await expect
      .poll(async () => JSON.parse((await daemon.get('/api/v1/fleet')).text), waiting)
      .not.toHaveProperty('refused');
  });

  it.each([
    ['listen: 0.0.0.0:0', []],
    ['listen: 127.0.0.1:0', ['--listen', '0.0.0.0:0']],
  ])('lets nobody in without a login as long as it listens for all: %s %j', async (listen, words) => {
    const file = path.join(tree.folder, 'plimsoll.yml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('listen: 127.0.0.1:0', listen));
    const daemon = await start(words);
    const url = daemon.url().replace('0.0.0.0', '127.0.0.1');
    const as = (host: string, token?: string): Promise<Answer> =>
      ask(url, 'GET', '/api/v1/fleet', { headers: { host, ...(token && { authorization: `Bearer ${token}` }) } });
    expect((await as('localhost')).status).toBe(401);
    // By an address of the machine, as whoever has it on another one does.
    expect((await as('192.0.2.7:8087', readToken)).status).toBe(200);
    writeFileSync(file, text.replace(/ {2}auth: .*\n/, ''));
    daemon.process.kill('SIGHUP');
    await expect.poll(daemon.said, waiting).toContain('the configuration stays as it was');
    expect(daemon.said()).toContain('without a login it listens on this machine alone');
    expect((await as('localhost')).status).toBe(401);
    expect((await as('192.0.2.7', readToken)).status).toBe(200);
  });

  it('says what of a newer configuration needs a new start, and which file it cannot read', async () => {
    const daemon = await startServe({ folder: tree.folder, env: { HOOK: hookSecret, XDG_STATE_HOME: tree.folder } });
    started.push(daemon.process);
    configure('state: elsewhere.db\n');
    daemon.process.kill('SIGHUP');
    await expect.poll(daemon.said, waiting).toContain('where its state is changes when it is started again');
    const said = daemon.said().length;
    configure();
    daemon.process.kill('SIGHUP');
    await expect.poll(() => daemon.said().slice(said), waiting).toContain('is in force');
    expect(daemon.said().slice(said)).not.toContain('started again');
    rmSync(path.join(tree.folder, 'plimsoll.yml'));
    daemon.process.kill('SIGHUP');
    await expect
      .poll(daemon.said, waiting)
      .toMatch(/stays as it was: cannot read the configuration \S*plimsoll\.yml: no such file/);
  });

  it('takes up what is due once, whatever was missed', async () => {
    const now = '2026-11-29T12:00:00Z';
    configure('');
    const first = await start([], { PLIMSOLL_NOW: now });
    expect(await first.runs()).toEqual([]);
    first.process.kill('SIGTERM');
    await first.ended;
    // Four times were due until then.
    const second = await start([], { PLIMSOLL_NOW: '2026-11-30T13:00:00Z' });
    await expect.poll(second.runs, waiting).toMatchObject([{ trigger: 'schedule', state: 'done' }]);
    expect(JSON.parse((await second.get('/api/v1/fleet')).text)).toMatchObject({
      next: expect.stringMatching(/^2026-11-30T18:17/),
      last: { startedAt: expect.stringMatching(/^2026-11-30T13:0/) },
    });
  });
});

describe('a run of the daemon', () => {
  const timers: NodeJS.Timeout[] = [];
  beforeEach(() => {
    push(registry, 'base', debianImage({ openssl: '1' }), '12');
    // Layers come a byte at a time, for as long as anybody listens.
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/blobs/')) return false;
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      timers.push(setInterval(() => response.write(' '), 500));
      return true;
    };
  });
  afterEach(() => {
    for (const timer of timers.splice(0)) clearInterval(timer);
    registry.intercept = undefined;
  });

  const underWay = async (daemon: Served): Promise<number> => {
    await expect.poll(() => timers.length, waiting).toBeGreaterThan(0);
    expect(await daemon.runs()).toMatchObject([{ state: 'running' }]);
    return Number(JSON.parse(readFileSync(path.join(tree.folder, 'state.db.lock.holder'), 'utf8')).pid);
  };

  it('that is killed has failed, and the daemon makes the next', async () => {
    const daemon = await start(['--now']);
    process.kill(await underWay(daemon), 'SIGKILL');
    await expect.poll(daemon.runs, waiting).toMatchObject([{ state: 'failed', exit: 137 }]);
    registry.intercept = undefined;
    daemon.process.kill('SIGTERM');
    expect(await daemon.ended).toBe(0);
    const again = await start(['--now']);
    await expect.poll(again.runs, waiting).toMatchObject([{ state: 'done', exit: 0 }, { state: 'failed' }]);
  });

  it('ends with a daemon that is killed, and is no run under way for the next', async () => {
    const daemon = await start(['--now']);
    const child = await underWay(daemon);
    daemon.process.kill('SIGKILL');
    await daemon.ended;
    await expect.poll(() => isAlive(child), waiting).toBe(false);
    const again = await start();
    expect(await again.runs()).toMatchObject([{ state: 'aborted' }]);
  });

  it('is cut off when it outlasts the end of the daemon, which says so', { timeout: 60_000 }, async () => {
    const daemon = await start(['--now']);
    await underWay(daemon);
    daemon.process.kill('SIGTERM');
    await expect.poll(() => ask(daemon.url(), 'GET', '/readyz').then(({ status }) => status), waiting).toBe(503);
    expect(await daemon.ended).toBe(143);
    registry.intercept = undefined;
    const again = await start();
    expect(await again.runs()).toMatchObject([{ state: 'aborted' }]);
  });
});

function isAlive(process: number): boolean {
  return existsSync(`/proc/${process}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${process}/status`, 'utf8'));
}

it('stands ten thousand calls of a hook: two answers, one run, little memory', { timeout: 120_000 }, async () => {
  push(registry, 'base', debianImage({ openssl: '1' }), '12');
  const daemon = await start(['--now']);
  await expect.poll(daemon.runs, waiting).toMatchObject([{ state: 'done', exit: 0 }]);
  const statuses = new Map<number, number>();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const headers = { authorization: `Bearer ${hookSecret}` };
  const call = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = http.request(`${daemon.url()}/hooks/generic`, { method: 'POST', headers, agent }, (response) => {
        const { statusCode = 0 } = response;
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        response.resume().once('end', resolve);
      });
      request.once('error', reject);
      request.end(JSON.stringify({ image: `${registry.host}/base:12` }));
    });
  for (let i = 0; i < 10_000; i += 500) await Promise.all(Array.from({ length: 500 }, call));
  agent.destroy();
  expect([...statuses.keys()].sort()).toEqual([202, 429]);
  expect([...statuses.values()].reduce((all, one) => all + one)).toBe(10_000);
  // Six hundred a minute, and all of it within two.
  expect(statuses.get(202)).toBeLessThanOrEqual(1200);
  await expect.poll(daemon.runs, waiting).toMatchObject([{ trigger: 'hook', state: 'done' }, { trigger: 'person' }]);
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${daemon.process.pid}/status`, 'utf8'))?.[1]);
  expect(peak / 1024).toBeLessThan(200);
});

it('listens nowhere without a login but on this machine', async () => {
  writeFileSync(path.join(tree.folder, 'plimsoll.yml'), 'version: 1\nrepositories: [{ path: app }]\n');
  for (const address of ['0.0.0.0:0', '[::]:0', 'plimsoll.corp:80']) {
    const refused = await cli(['serve', '--state', 'state.db', '--listen', address], {
      cwd: tree.folder,
      env: environment(),
    });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('without a login') });
  }
});

it.each([
  ['unix:/nowhere/plimsoll.sock', 'its folder is not there'],
  ['unix:FOLDER/plimsoll.yml', 'a file that is no socket stands there'],
  [`unix:FOLDER/${'x'.repeat(120)}`, 'at most 107 bytes'],
  ['127.0.0.1:PORT', 'somebody else listens there'],
  ['[fe80::1]:0', '[fe80::1]:0: such an address needs its interface'],
])('says why it cannot listen on %s', async (address, why) => {
  const [, port = ''] = registry.host.split(':');
  const listen = address.replace('FOLDER', tree.folder).replace('PORT', port);
  const refused = await cli(['serve', '--state', 'state.db', '--listen', listen], {
    cwd: tree.folder,
    env: environment(),
  });
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining(why) });
});

it('copies a state while it is in use, and not over another file', async () => {
  push(registry, 'base', debianImage({ openssl: '1' }), '12');
  const daemon = await start(['--now']);
  await expect.poll(daemon.runs, waiting).toMatchObject([{ state: 'done' }]);
  const copy = (): ReturnType<typeof cli> =>
    cli(['state', 'export', 'copy.db', '--state', 'state.db'], { cwd: tree.folder, env: environment() });
  expect((await copy()).code).toBe(0);
  const status = await cli(['status', '--state', 'copy.db'], { cwd: tree.folder, env: environment() });
  expect(status.code).toBe(0);
  expect(await copy()).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already') });
});

describe('what a person has done from a page', () => {
  it('is done by a process of its own when nothing else is under way, and is kept with who asked', async () => {
    const engine = await startFakeDocker();
    try {
      const repository = `${registry.host}/moving`;
      const older = push(registry, 'moving', debianImage({ openssl: '3.0.15-1' }), '12');
      engine.model.publish(repository, older);
      engine.model.pull(repository, older, '12');
      engine.model.run({ name: 'web', image: `${repository}:12` });
      const newer = push(registry, 'moving', debianImage({ openssl: '3.0.16-1' }), '12');
      engine.model.publish(repository, newer);
      configure(`engines: [{ name: nas, host: "${engine.url}", mode: redeploy }]
rules: [{ match: { engine: nas }, gate: running=1s }]
`);
      const served = await start(['--now']);
      await expect.poll(async () => (await served.runs())[0]?.state, waiting).toBe('done');
      const page = '/workloads/nas/web';
      expect((await served.get(page)).text).not.toContain('Redeploy…');
      const act = (method: string, route: string, body?: string): Promise<Answer> =>
        ask(served.url(), method, route, {
          headers: {
            authorization: `Bearer ${actToken}`,
            ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          ...(body !== undefined && { body }),
        });
      expect((await act('GET', page)).text).toContain(`${page}?confirm=redeploy`);
      // A question changes nothing.
      const asked = (await act('GET', `${page}?confirm=redeploy`)).text;
      expect(asked).toContain('Redeploy it now?');
      const form = (what: string): string =>
        new URLSearchParams({ what, engine: 'nas', name: 'web', back: page }).toString();
      expect(
        (
          await ask(served.url(), 'POST', '/act/move', {
            headers: { authorization: `Bearer ${readToken}` },
            body: form('redeploy'),
          })
        ).status,
      ).toBe(403);
      const taken = await act('POST', '/act/move', form('redeploy'));
      expect([taken.status, taken.headers.location]).toEqual([303, page]);
      await expect
        .poll(() => engine.model.container('web').image.digests.has(`${repository}@${newer}`), waiting)
        .toBe(true);
      await expect.poll(async () => (await served.get(page)).text, waiting).toContain('moved: it passed its gate');
      const moves = JSON.parse((await served.get('/api/v1/moves')).text) as { items: object[] };
      expect(moves.items).toMatchObject([{ workload: { name: 'web' }, from: older, to: newer, outcome: 'moved' }]);
      // And back, by a program.
      expect(await served.post('/api/v1/moves', { workload: 'nas/web', what: 'rollback' })).toMatchObject({
        status: 202,
      });
      await expect
        .poll(() => engine.model.container('web').image.digests.has(`${repository}@${older}`), waiting)
        .toBe(true);
      await expect.poll(async () => (await act('GET', page)).text, waiting).toContain('Let it be tried again');
      expect(await served.post('/api/v1/moves', { workload: 'nas/web', what: 'retry' })).toMatchObject({ status: 202 });
      expect((await act('GET', page)).text).not.toContain('Let it be tried again');
      expect(await served.post('/api/v1/moves', { workload: 'nas/none', what: 'redeploy' })).toMatchObject({
        status: 404,
      });
      expect(await served.post('/api/v1/moves', { workload: 'nas/web', what: 'remove' })).toMatchObject({
        status: 400,
      });
    } finally {
      await engine.close();
    }
  });
});

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { type CliResult, cli } from '../support/cli.ts';
import type { FakeOsv } from '../support/fake-osv.ts';
import type { FakeRegistry } from '../support/fake-registry.ts';
import { isLong } from '../support/fast-check.ts';
import { push, pushIndex } from '../support/fleet.ts';
import { type GitHubServer, startGitHub } from '../support/github/server.ts';
import { type BuiltImage, image, index, layer } from '../support/image-builder.ts';
import { killedAtStep } from '../support/killed-at.ts';
import { nodeEnvironment, unpaced } from '../support/node.ts';
import { type RebuildWorld, rootImage, startRebuildWorld } from '../support/rebuild-world.ts';

let github: GitHubServer;
let own: RebuildWorld;
let registry: FakeRegistry;
let osv: FakeOsv;
let publish: RebuildWorld['publish'];
let build: RebuildWorld['build'];
let built: RebuildWorld['built'];
let folder: string;
let asked: string[];

const day = 24 * 60 * 60 * 1000;
const start = Date.UTC(2026, 10, 1, 6);

beforeEach(async () => {
  [github, own] = await Promise.all([startGitHub(), startRebuildWorld()]);
  ({ registry, osv, publish, build, built, folder } = own);
  asked = [];
  github.world.onBuild = (_, { inputs }) => asked.push((inputs['image'] ?? '').replace(`${registry.host}/`, ''));
});
afterEach(async () => {
  await Promise.all([github.close(), own.close()]);
  expect(github.faults).toEqual([]);
});

const workflow = `on:
  workflow_dispatch:
    inputs: { image: {}, run: {} }
jobs: {}
`;
const rule = 'match: { class: [stale] }, react: [alert, dispatch]';

interface Published {
  readonly image: string;
  readonly on: string;
  readonly repository?: string;
  readonly pinned?: boolean;
}

/** Repositories whose files build these images, all of them built on what there is now. */
function configure(
  all: readonly Published[],
  { rebuild = '', rules = [rule] as readonly string[], more = '' } = {},
): void {
  const byRepository = Map.groupBy(all, ({ repository = 'o/bases' }) => repository);
  for (const { image: name, on } of all) build(name, on);
  for (const [repository, own] of byRepository) {
    const files = own.map(({ image: name, on, pinned }) => {
      const [repo = '', tag] = on.split(':');
      const digest = pinned ? `@${push(registry, repo, built.get(on) as BuiltImage, tag)}` : '';
      return [`${name.split(':')[0]}/Dockerfile`, `FROM ${registry.host}/${on}${digest}\nCOPY . /srv\n`];
    });
    github.world.create(repository, { ...Object.fromEntries(files), '.github/workflows/build.yml': workflow });
  }
  const how = rebuild || 'workflow: build.yml, inputs: { image: "{image}", run: "{correlation}" }';
  const published = all.map(
    ({ image: name, repository = 'o/bases' }) =>
      `  - { image: "${registry.host}/${name}", repository: ${repository}, file: ${name.split(':')[0]}/Dockerfile, rebuild: { ${how} } }`,
  );
  const text = `version: 1
state: state.db
repositories: [{ github: "o/*" }]
registries: { "${registry.host}": {} }
rules: [${rules.map((one) => `{ ${one} }`).join(', ')}]
published:
${published.join('\n')}
${more}`;
  own.configure(text);
}

const environment = (at: number) => ({
  GITHUB_API_URL: github.url,
  GITHUB_TOKEN: 'token',
  PLIMSOLL_ADVISORIES: osv.base,
  PLIMSOLL_NOW: new Date(at).toISOString(),
  ...unpaced,
});

function plimsoll(at: number, ...args: readonly string[]): Promise<CliResult> {
  github.world.setTime(at);
  return cli(args, { cwd: folder, env: environment(at) });
}

const run = (at: number): Promise<CliResult> => plimsoll(at, 'run');

async function stale(at: number): Promise<readonly Finding[]> {
  const { stdout } = await plimsoll(at, 'status', '--state', 'state.db', '--format', 'json');
  return (JSON.parse(stdout) as RunRecord).findings.filter((one) => one.class === 'stale');
}

const reasons = async (at: number): Promise<readonly string[]> => (await stale(at)).map(({ reason }) => reason);

/** One image on a root that has a fix since the second day; it is asked for on the third. */
async function one(options: Parameters<typeof configure>[1] = {}, fixed = rootImage('3.0.16-1')): Promise<void> {
  publish('root:12', rootImage('3.0.15-1'));
  configure([{ image: 'app:1', on: 'root:12' }], options);
  expect((await run(start)).code).toBe(0);
  publish('root:12', fixed);
  const second = await run(start + day);
  expect(second.code).toBe(0);
  expect(asked).toEqual([]);
}

describe('a stale image', () => {
  it('is asked for when its base has been known for a day, once, and is over when the registry has it', async () => {
    await one();
    expect((await reasons(start + day))[0]).toContain('No rebuild is asked for yet: sha256:');
    const third = await run(start + 2 * day);
    expect([third.code, third.stderr]).toEqual([0, '']);
    expect(asked).toEqual(['app:1']);
    expect((await reasons(start + 2 * day))[0]).toMatch(/A rebuild on sha256:\w+ was asked for\.$/);
    await run(start + 2 * day + 3_600_000);
    expect((await reasons(start + 2 * day))[0]).toContain('is waited for until 2026-11-03T12:00:00Z');
    build('app:1', 'root:12');
    const fourth = await run(start + 3 * day);
    expect([fourth.code, fourth.stderr]).toEqual([0, '']);
    expect(await stale(start + 3 * day)).toEqual([]);
    await run(start + 4 * day);
    expect(asked).toEqual(['app:1']);
  });

  it('is named by a dry run, which asks nobody', async () => {
    await one();
    const { code, stdout } = await plimsoll(start + 2 * day, 'run', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(`${registry.host}/app:1: a rebuild would be asked for`);
    expect(asked).toEqual([]);
  });

  it('is looked at by doctor, which asks nobody for a build', async () => {
    await one();
    const { stdout } = await plimsoll(start + 2 * day, 'doctor');
    expect(stdout).toContain('Rebuilds');
    expect(stdout).toContain('.github/workflows/build.yml on main of o/bases is started by workflow_dispatch');
    expect([asked, github.log.filter(({ path: at }) => at.includes('/dispatches'))]).toEqual([[], []]);
  });

  it('whose base was only built again is left alone', async () => {
    await one({}, rootImage('3.0.15-1', '2026-02-02T00:00:00Z'));
    await run(start + 2 * day);
    await run(start + 3 * day);
    expect(asked).toEqual([]);
    expect(await stale(start + 3 * day)).toEqual([]);
  });

  it('that brings no fix is left alone, unless a rule asks for it by name', async () => {
    osv.answers.set('Debian:12 openssl 3.0.15-1', []);
    await one();
    await run(start + 2 * day);
    expect(asked).toEqual([]);
    const file = path.join(folder, 'plimsoll.yml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('class: [stale] }', 'class: [stale], security: false }'));
    await run(start + 2 * day);
    expect(asked).toEqual(['app:1']);
  });
});

describe('tags and images that are not as they should be', () => {
  it('a tag that is moved back after its rebuild is left to whoever moved it', async () => {
    await one();
    const before = built.get('app:1') as BuiltImage;
    await run(start + 2 * day);
    build('app:1', 'root:12');
    expect(await run(start + 3 * day)).toMatchObject({ code: 0 });
    publish('app:1', before);
    for (const number of [4, 5]) expect((await run(start + number * day)).code).toBe(0);
    expect(asked).toEqual(['app:1']);
    expect((await reasons(start + 5 * day))[0]).toContain(
      'its tag names an older one again: whoever moved it back meant it',
    );
  });

  it('a base that goes back is no reason to build', async () => {
    await one({ rules: ['match: { class: [stale], security: false }, react: [dispatch]'] });
    build('app:1', 'root:12');
    await run(start + 2 * day);
    publish('root:12', rootImage('3.0.15-1'));
    for (const number of [3, 4, 5]) await run(start + number * day);
    expect(asked).toEqual([]);
    expect((await reasons(start + 5 * day))[0]).toContain('its base went back to older packages');
  });

  it('an image without an index, of which two platforms are wanted, is waited for until its time is over', async () => {
    await one();
    const file = path.join(folder, 'plimsoll.yml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('rebuild:', 'platforms: [linux/amd64, linux/arm64], rebuild:'),
    );
    await run(start + 2 * day);
    expect(asked).toEqual(['app:1']);
    build('app:1', 'root:12');
    // Its one manifest counts for both.
    expect(await run(start + 3 * day)).toMatchObject({ code: 0, stderr: '' });
    for (const number of [4, 5]) expect((await run(start + number * day)).code).toBe(0);
    expect([asked, await stale(start + 5 * day)]).toEqual([['app:1'], []]);
  });

  it('an index that lacks one of the platforms that are wanted is waited for until its time is over', async () => {
    await one();
    const file = path.join(folder, 'plimsoll.yml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('rebuild:', 'platforms: [linux/amd64, linux/arm64], rebuild:'),
    );
    await run(start + 2 * day);
    expect(asked).toEqual(['app:1']);
    const amd64 = image({ layers: [...rootImage('3.0.16-1').layers, layer({ 'srv/app': 'amd64 alone' })] });
    pushIndex(registry, 'app', index([{ image: amd64 }]), '1');
    const told = await run(start + 3 * day);
    expect(told.code).toBe(1);
    expect(told.stderr).toContain('only linux/amd64 came within 6 hours');
    for (const number of [4, 5]) expect((await run(start + number * day)).code).toBe(0);
    expect(asked).toEqual(['app:1']);
  });

  it('an image that is not there yet is asked for by nobody', async () => {
    await one();
    registry.intercept = (request, response) => {
      if (!request.url?.startsWith('/v2/app/')) return false;
      response.writeHead(500).end();
      return true;
    };
    expect((await run(start + 2 * day)).code).toBe(0);
    expect(asked).toEqual([]);
  });
});

describe('a builder', () => {
  it.each([
    [
      'that uses its cache has built it on the old base again',
      () => publish('app:1', image({ layers: [...rootImage('3.0.15-1').layers, layer({ 'srv/app': 'again' })] })),
      'it was built again, on the old base: the builder has to pull it, and to leave its cache alone',
    ],
    [
      'that pushes something else is found out',
      () => publish('app:1', image({ layers: [layer({ 'srv/app': 'all in one' })] })),
      'another image came, and nobody can tell what it was built on',
    ],
    ['that never answers has had its time', () => undefined, 'the registry has nothing new within 6 hours'],
  ])('%s, is told once, and is not asked again before somebody says so', async (_, does, why) => {
    await one();
    await run(start + 2 * day);
    does();
    const third = await run(start + 3 * day);
    expect(third.code).toBe(1);
    expect(third.stderr).toContain(why);
    expect(third.stdout).toContain(why);
    for (const later of [4, 5, 6]) expect(await run(start + later * day)).toMatchObject({ code: 0, stdout: '' });
    expect(asked).toEqual(['app:1']);
    const name = `${registry.host}/app:1`;
    const again = await plimsoll(start + 6 * day, 'retry', '--state', 'state.db', name);
    expect(again).toMatchObject({ code: 0, stdout: '1 may be tried again, by the next run\n' });
    await run(start + 7 * day);
    // Of something else nobody can tell any more whether it is old.
    if (!why.includes('something')) expect(asked.length).toBeLessThanOrEqual(2);
  });

  it('that led to nothing three times in a row is asked by nobody before somebody says so', async () => {
    await one();
    const versions = ['3.0.17-1', '3.0.18-1', '3.0.19-1'];
    for (const fixed of versions) osv.answers.set(`Debian:12 openssl ${fixed}`, []);
    const codes: (number | null)[] = [];
    let at = start + day;
    const aDay = async (): Promise<CliResult> => {
      at += day;
      const done = await run(at);
      codes.push(done.code);
      return done;
    };
    for (const fixed of versions) {
      // Asked for, and nothing comes.
      await aDay();
      publish('root:12', rootImage(fixed));
      await aDay();
    }
    expect(asked).toEqual(['app:1', 'app:1', 'app:1']);
    await aDay();
    await aDay();
    expect(asked).toHaveLength(3);
    const name = `${registry.host}/app:1`;
    expect((await reasons(at))[0]).toContain(
      `3 requests in a row led to nothing; nobody is asked until "plimsoll retry ${name}"`,
    );
    // Each of the three was told once.
    expect(codes).toEqual([0, 1, 0, 1, 0, 1, 0, 0]);
    await plimsoll(at, 'retry', '--state', 'state.db', name);
    await aDay();
    expect(asked).toHaveLength(4);
  });

  it('that may not be asked is a failure with what to do, and no loop', async () => {
    await one({ rebuild: 'workflow: other.yml' });
    const third = await run(start + 2 * day);
    expect(third.code).toBe(1);
    expect(third.stderr).toContain('actions: write');
    expect(third.stderr).toContain('404');
    expect(await run(start + 3 * day)).toMatchObject({ code: 0, stdout: '' });
    expect(github.log.filter(({ path: at }) => at.includes('/dispatches'))).toHaveLength(1);
  });

  it('whose answer is lost is looked up, and asked once', async () => {
    await one();
    github.after = (_, at) => (at.includes('/dispatches') ? 'hang-up' : undefined);
    await run(start + 2 * day);
    github.after = undefined;
    expect(asked).toEqual(['app:1']);
    await run(start + 2 * day + 3_600_000);
    expect(asked).toEqual(['app:1']);
    expect((await reasons(start + 2 * day))[0]).toContain('was asked for');
  });

  it('that never heard of it is asked by the next run', async () => {
    await one();
    github.intercept = (_, at) => (at.includes('/dispatches') ? 'hang-up' : undefined);
    await run(start + 2 * day);
    github.intercept = undefined;
    expect(asked).toEqual([]);
    await run(start + 2 * day + 3_600_000);
    expect(asked).toEqual(['app:1']);
  });

  it('is known to have been asked by what it has begun, when the state is lost', async () => {
    await one();
    const state = path.join(folder, 'state.db');
    copyFileSync(state, `${state}.before`);
    await run(start + 2 * day);
    copyFileSync(`${state}.before`, state);
    for (const suffix of ['-wal', '-shm']) rmSync(`${state}${suffix}`, { force: true });
    await run(start + 2 * day + 3_600_000);
    expect(asked).toEqual(['app:1']);
  });

  it('behind a webhook is told what to build, signed', async () => {
    const heard: { headers: http.IncomingHttpHeaders; body: string }[] = [];
    const server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        heard.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/build`;
    try {
      writeFileSync(path.join(folder, 'key'), 'k'.repeat(32));
      await one({ rebuild: `type: webhook, url: "${url}", secret: "file:key", inputs: { of: "{image}" }` });
      await run(start + 2 * day);
      await run(start + 2 * day + 3_600_000);
      expect(heard).toHaveLength(1);
      const [{ headers, body }] = heard as [(typeof heard)[number]];
      expect(JSON.parse(body)).toEqual({
        event: 'rebuild',
        image: `${registry.host}/app:1`,
        base: expect.stringMatching(/^sha256:/),
        correlation: headers['x-plimsoll-delivery'],
        inputs: { of: `${registry.host}/app:1` },
      });
      const signed = createHmac('sha256', 'k'.repeat(32)).update(`${headers['x-plimsoll-timestamp']}.${body}`);
      expect(headers['x-plimsoll-signature']).toBe(`sha256=${signed.digest('hex')}`);
    } finally {
      server.close();
    }
  });
});

describe('three own bases and six children in two repositories', () => {
  const apps = 'o/apps';
  const fleet: readonly Published[] = [
    { image: 'base1:1', on: 'root:12' },
    { image: 'base2:1', on: 'base1:1' },
    { image: 'base3:1', on: 'root:12' },
    { image: 'c1:1', on: 'base2:1', repository: apps },
    { image: 'c2:1', on: 'base2:1', repository: apps },
    { image: 'c3:1', on: 'base2:1', repository: apps },
    { image: 'c4:1', on: 'base3:1', repository: apps },
    { image: 'c5:1', on: 'base3:1', repository: apps },
    { image: 'c6:1', on: 'base1:1', repository: apps, pinned: true },
  ];
  const onOf = new Map(fleet.map(({ image: name, on }) => [name, on]));
  const pulls = () => github.world.repos.flatMap((repo) => github.world.open(repo).map((item) => ({ repo, item })));

  /** What builders and people do between two runs: what was asked for is built, what is proposed is merged, and that is built. */
  function meanwhile(done: Set<string>): void {
    for (const name of asked) {
      if (!done.has(name)) build(name, onOf.get(name) ?? '');
      done.add(name);
    }
    for (const { repo, item } of pulls()) {
      github.world.merge(repo, item);
      build('c6:1', 'base1:1');
    }
  }

  it('are rebuilt by one request or proposal each, in order, to an end', async () => {
    publish('root:12', rootImage('3.0.15-1'));
    configure(fleet);
    const done = new Set<string>();
    await run(start);
    publish('root:12', rootImage('3.0.16-1'));
    const days: string[][] = [];
    let proposals = 0;
    const told: string[] = [];
    for (let number = 1; number <= 12; number++) {
      const before = asked.length;
      const { code, stdout, stderr } = await run(start + number * day);
      expect([code, stderr]).toEqual([0, '']);
      told.push(stdout);
      days.push(asked.slice(before));
      proposals += pulls().length;
      meanwhile(done);
    }
    expect(days).toEqual([
      [],
      ['base1:1', 'base3:1'],
      [],
      ['base2:1', 'c4:1', 'c5:1'],
      [],
      ['c1:1', 'c2:1', 'c3:1'],
      ...Array.from({ length: 6 }, () => []),
    ]);
    expect(proposals).toBe(1);
    // On the third day the first bases are done, and the pinned child is proposed.
    const name = (one: string): string => `${registry.host}/${one}:1`;
    expect(told[2]).toContain(
      `built on ${registry.host}/root:12: ${name('base1')}, ${name('base3')} rebuilt → ${name('base2')}, ${name('c4')}, ${name('c5')} held; ${name('c6')} proposed → ${name('c1')}, ${name('c2')}, ${name('c3')} wait`,
    );
    expect(await stale(start + 13 * day)).toEqual([]);
  }, 240_000);

  it('are left alone when the root was only built again', async () => {
    publish('root:12', rootImage('3.0.15-1'));
    configure(fleet);
    await run(start);
    publish('root:12', rootImage('3.0.15-1', '2026-02-02T00:00:00Z'));
    for (const number of [1, 2, 3]) await run(start + number * day);
    expect(asked).toEqual([]);
  }, 120_000);
});

describe('a process that is killed at any moment', () => {
  const program = path.join(import.meta.dirname, '../../src/entry/cli.ts');

  const killedAt = (step: number, at: number): Promise<NodeJS.Signals | null> =>
    new Promise((resolve) => {
      const preload = killedAtStep(step, /dispatches|actions\/workflows/, isLong);
      const child = spawn(process.execPath, ['--import', preload, program, 'run'], {
        cwd: folder,
        env: { ...nodeEnvironment(), HOME: path.join(folder, '.home'), ...environment(at) },
        stdio: 'ignore',
      });
      child.on('close', (_code, signal) => resolve(signal));
    });

  it('asks nobody twice, and forgets nobody', async () => {
    publish('root:12', rootImage('3.0.15-1'));
    configure([
      { image: 'app:1', on: 'root:12' },
      { image: 'tool:1', on: 'root:12' },
    ]);
    await run(start);
    publish('root:12', rootImage('3.0.16-1'));
    await run(start + day);
    const state = path.join(folder, 'state.db');
    copyFileSync(state, `${state}.before`);
    let step = 1;
    for (; step < 200; step++) {
      for (const suffix of ['-wal', '-shm']) if (existsSync(`${state}${suffix}`)) rmSync(`${state}${suffix}`);
      copyFileSync(`${state}.before`, state);
      for (const repo of github.world.repos) repo.builds.length = 0;
      asked.length = 0;
      github.world.setTime(start + 2 * day);
      const signal = await killedAt(step, start + 2 * day);
      expect((await run(start + 2 * day + 3_600_000)).code).toBe(0);
      expect([...asked].sort()).toEqual(['app:1', 'tool:1']);
      if (signal === null) break;
    }
    expect(step).toBeGreaterThan(8);
  }, 600_000);
});

import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import { newsKey } from '../../src/core/news.ts';
import type { Consumer } from '../../src/state/fleet.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import type { NewRun, Store, StoredFinding } from '../../src/state/store.ts';
import { aRun, look, stored } from '../contract/store.ts';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

let tree: { folder: string; remove: () => void };
afterEach(() => tree.remove());

const noon = (day: number): string => `2026-01-0${day}T12:00:00Z`;
const run = (args: readonly string[], day = 8) => cli(args, { cwd: tree.folder, env: { PLIMSOLL_NOW: noon(day) } });
const state = ['--state', 'state.db'];

/** What is in the state before a question is asked. */
async function remember(work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = openSqliteStore(path.join(tree.folder, 'state.db'), { readOnly: false });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}
const looked = (store: Store, day: number, more: Partial<NewRun>): Promise<number> =>
  store.recordRun(aRun(Date.parse(noon(day)), more));

const [debian, redis] = ['ghcr.io/team/debian:12', 'ghcr.io/team/redis:7'];
const [old, now, cached] = [digestOf('old'), digestOf('now'), digestOf('cached')];
const looks = [look(now, '*', debian), look(cached, '*', redis)];

const user = (folder: string, reference: string, digest: Digest): Consumer => ({
  id: folder,
  scope: '.',
  repository: '.',
  role: reference === redis ? 'runs' : 'base',
  file: `${folder}/Dockerfile`,
  line: 1,
  written: reference,
  reference,
  digest,
  manifests: [{ platform: 'linux/amd64', manifest: digest }],
});
const behind = (folder: string): StoredFinding =>
  stored([newsKey('packages', debian, ['openssl'])], folder, { reference: debian, file: `${folder}/Dockerfile` });
const edit = { reference: debian, package: 'openssl', version: '3.0.16-1', remedy: 'edit' };

/** Two places that an update would help, and one that carries what it would bring. */
async function seed(): Promise<void> {
  tree = temporaryTree({});
  await remember(async (store) => {
    await looked(store, 6, { looks, findings: [behind('api'), behind('web')] });
    const users = [user('api', debian, old), user('web', debian, old), user('cache', redis, cached)];
    await store.fleet.record({ consumers: users, unlooked: [] }, [edit], aRun(0));
    for (const [digest, version] of [
      [old, '3.0.15-1'],
      [now, '3.0.16-1'],
      [cached, '3.0.16-1'],
    ] as const) {
      const packages = [{ name: 'openssl', version, architecture: 'amd64' }];
      await store.fleet.addInventory(digest, 'e', { isWhole: true, os: 'debian 12', scheme: 'dpkg', packages });
    }
  });
}

describe('every question', () => {
  beforeEach(seed);

  it.each([[['status']], [['where', 'openssl']], [['snooze', 'ghcr.io/team/redis', '--until', '7d']]])(
    '%j needs none of the secrets that only the scheduled job has',
    async (args) => {
      writeFileSync(
        path.join(tree.folder, 'plimsoll.yml'),
        'version: 1\nstate: state.db\nnotify: [{ type: webhook, url: "${HOOK}" }]\n',
      );
      expect(await run(args)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('is about the state that the configuration names', async () => {
    writeFileSync(path.join(tree.folder, 'plimsoll.yml'), 'version: 1\nstate: state.db\n');
    expect((await run(['where', 'openssl'])).stdout).toContain('3.0.15-1');
  });
});

describe('where', () => {
  beforeEach(seed);

  it('names every place that carries a package, and what would help', async () => {
    const { stdout, code } = await run(['where', 'openssl', ...state]);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/sha256:[0-9a-f]{12}/g, 'sha256:…')).toBe(
      `openssl 3.0.15-1  ghcr.io/team/debian:12 sha256:…  debian 12
  update the pin to get 3.0.16-1
  api/Dockerfile:1 (base)
  web/Dockerfile:1 (base)
openssl 3.0.16-1  ghcr.io/team/redis:7 sha256:…  debian 12
  nothing newer is known
  cache/Dockerfile:1 (runs)

2 images used in 3 places; something newer is known for 2 of the places
looked into 2 of 2 images, newest run 2026-01-06 12:00Z; base images as they are published, without what RUN adds
`,
    );
  });

  it('offers no image what it carries already', async () => {
    await remember(async (store) => {
      await looked(store, 7, { looks, findings: [behind('api')] });
      const consumers = [user('api', debian, old), user('web', debian, now)];
      await store.fleet.record({ consumers, unlooked: [] }, [edit], aRun(0));
      const packages = [{ name: 'openssl', version: '3.0.16-1', architecture: 'amd64' }];
      await store.fleet.addInventory(now, 'e', { isWhole: true, os: 'debian 12', scheme: 'dpkg', packages });
    });
    const { stdout } = await run(['where', 'openssl', '--format', 'csv', ...state]);
    expect(stdout).toMatch(/api\/Dockerfile,1,edit,3\.0\.16-1,,base\r\n/);
    expect(stdout).toMatch(/^openssl,3\.0\.16-1,.*web\/Dockerfile,1,,,,base\r\n/m);
  });

  it.each([
    ['<3.0.16-1', 2],
    ['>=3.0.16~rc1', 1],
    ['>3, <4', 3],
    ['3.0.15-1', 2],
    ['!=3.0.15-1', 1],
    ['<1', 0],
  ])("compares as the distribution does: '%s'", async (constraint, places) => {
    const { stdout } = await run(['where', 'openssl', constraint, '--format', 'json', ...state]);
    expect((JSON.parse(stdout) as { images: unknown[] }).images).toHaveLength(places);
  });

  it('prints rows for a spreadsheet', async () => {
    const { stdout } = await run(['where', 'openssl', '<3.0.16-1', '--format', 'csv', ...state]);
    const [header, first, ...rest] = stdout.trimEnd().split('\r\n');
    expect(header).toBe(
      'package,version,architecture,source,image,digest,platform,os,repository,file,line,remedy,fixed,workload,role',
    );
    expect(first).toMatch(
      /^openssl,3\.0\.15-1,amd64,,.*,linux\/amd64,debian 12,\.,api\/Dockerfile,1,edit,3\.0\.16-1,,base$/,
    );
    expect(rest).toHaveLength(1);
  });

  it.each(['openss', 'opnessl'])('says that nothing carries %s, how far it looked, and what is near', async (name) => {
    expect((await run(['where', name, ...state])).stdout.split('\n')).toEqual([
      `no image in the state carries ${name}`,
      'near names: openssl',
      expect.stringMatching(/^looked into 2 of 2 images, newest run 2026-01-06 12:00Z; /),
      '',
    ]);
  });

  it('claims nothing of images that nobody could look into', async () => {
    await remember(async (store) => {
      await looked(store, 7, {});
      const unlooked = ['a', 'b', 'c'].map((id) => ({
        id,
        scope: '.',
        file: 'Dockerfile',
        reference: `ghcr.io/team/${id}:1`,
      }));
      await store.fleet.record({ consumers: [user('cache', redis, cached)], unlooked }, [], aRun(0));
    });
    const { code, stdout } = await run(['where', 'cruel', ...state]);
    expect([code, stdout.split('\n')[0]]).toEqual([3, 'none of the 1 images that were looked into carries cruel']);
    const json = await run(['where', 'openssl', '--format', 'json', ...state]);
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({
      images: [{ version: '3.0.16-1' }],
      coverage: { looked: 1, images: 4 },
    });
    const csv = await run(['where', 'openssl', '--format', 'csv', ...state]);
    expect([csv.code, csv.stderr]).toEqual([3, expect.stringContaining('looked into 1 of 4 images')]);
  });

  it('tells uses by their role, and asks about some of them', async () => {
    const rolesOf = async (...args: string[]): Promise<readonly unknown[]> => {
      const { stdout } = await run(['where', 'openssl', '--format', 'json', ...args, ...state]);
      return (JSON.parse(stdout) as { images: { role: unknown }[] }).images.map(({ role }) => role);
    };
    expect(await rolesOf()).toEqual(['base', 'runs', 'base']);
    expect(await rolesOf('--role', 'runs')).toEqual(['runs']);
    expect(await rolesOf('--role', 'copied, base')).toEqual(['base', 'base']);
    const { code, stderr } = await run(['where', 'openssl', '--role', 'ci', ...state]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('"ci" is no role of an image; there are base, copied')]);
  });

  it.each(['<<1', '~5.36', '5.36.*', '^5', 'foo', '>=1,', 'latest'])("takes '%s' for no constraint", async (text) => {
    const { code, stderr } = await run(['where', 'openssl', text, ...state]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is no version constraint')]);
  });
});

describe('status', () => {
  beforeEach(seed);

  it('says what is behind, since when', async () => {
    await remember((store) => looked(store, 7, { looks, findings: [behind('api'), behind('web')] }));
    const { stdout } = await run(['status', ...state]);
    expect(stdout).toContain('2026-01-06  packages');
    expect(stdout).toContain('api/Dockerfile:1');
    expect(stdout).toContain('as of 2026-01-07 12:00Z');
    const { findings } = JSON.parse((await run(['status', '--format', 'json', ...state])).stdout) as {
      findings: { since: string; class: string }[];
    };
    expect(findings.map(({ since, class: kind }) => `${kind} ${since}`)).toEqual([
      'packages 2026-01-06T12:00:00.000Z',
      'packages 2026-01-06T12:00:00.000Z',
    ]);
    expect((await run(['status', '--format', 'csv', ...state])).stdout.split('\r\n')).toHaveLength(4);
  });

  it('says what the newest run could not check, and who did not answer', async () => {
    await remember(async (store) => {
      const places = [{ scope: '.', file: '' }];
      const notices = [{ class: 'unchecked' as const, reference: 'deb.example', news: ['n'], places }];
      await looked(store, 7, { untold: new Map([['api', 'all']]), notices });
    });
    const { stdout } = await run(['status', ...state]);
    expect(stdout).toContain('            not checked since 2026-01-06 12:00Z\n');
    expect(stdout).toContain(
      'unchecked  deb.example  since 2026-01-07 12:00Z\n1 finding, 1 of them not checked, as of',
    );
    expect(JSON.parse((await run(['status', '--format', 'json', ...state])).stdout)).toMatchObject({
      findings: [{ since: '2026-01-06T12:00:00.000Z', notCheckedSince: '2026-01-06T12:00:00.000Z' }],
      notices: [{ class: 'unchecked', subject: 'deb.example', since: '2026-01-07T12:00:00.000Z' }],
    });
  });

  it.each([
    ['mysql://me:hush@db/plimsoll', 'has to be postgres://… or a file'],
    [
      'postgres://me:hush@127.0.0.1:9/plimsoll',
      'the state postgres://127.0.0.1:9/plimsoll cannot be used: nobody listens there',
    ],
    ['postgres://me:hush@127.0.0.1', 'it names no database'],
    ['postgres://me:hush@127.0.0.1/a?sslmode=prefer', 'may be no TLS at all'],
    ['.', 'it is a folder'],
  ])('refuses %s, as a run does, and repeats no password', async (file, words) => {
    for (const command of ['run', 'status']) {
      const { code, stderr } = await run([command, '--state', file]);
      expect([code, stderr]).toEqual([3, expect.stringContaining(words)]);
      expect(stderr).not.toContain('hush');
    }
    expect(existsSync(path.join(tree.folder, 'postgres:'))).toBe(false);
  });

  it('needs a state', async () => {
    const { code, stderr } = await run(['status', '--state', 'none.db']);
    expect(code).toBe(3);
    expect(stderr).toContain('"plimsoll run" makes one');
  });
});

describe('status of a part', () => {
  const broken = stored(['b'], 'old', {
    class: 'pin-broken',
    reference: redis,
    file: 'old/Dockerfile',
    written: '${BASE}',
  });
  const lagging = stored([newsKey('lagging', debian, ['x'])], 'api', { class: 'lagging', reference: debian });
  beforeEach(async () => {
    await seed();
    await remember((store) => looked(store, 7, { looks, findings: [behind('api'), behind('web'), lagging, broken] }));
  });
  const status = async (...args: string[]) => (await run(['status', ...args, ...state])).stdout;

  it('has the most urgent first, then the oldest, counted, and what variables come to', async () => {
    const lines = (await status()).split('\n').filter((one) => /^\d/.test(one));
    expect(lines.map((one) => one.replace(/ +/g, ' '))).toEqual([
      '2026-01-07 pin-broken ghcr.io/team/redis:7 (${BASE})',
      '2026-01-06 packages debian:12',
      '2026-01-07 lagging debian:12',
      '4 findings, as of 2026-01-07 12:00Z: 1 pin-broken, 2 packages, 1 lagging',
    ]);
  });

  it('is chosen by class, image and repository', async () => {
    const count = async (...args: string[]) =>
      (JSON.parse(await status('--format', 'json', ...args)) as { findings: [] }).findings.length;
    expect(await count('--class', 'packages,lagging')).toBe(3);
    expect(await count('--image', 'ghcr.io/team/redis')).toBe(1);
    expect(await count('--repository', 'acme/*')).toBe(0);
    expect(await status('--repository', 'acme/*')).toMatch(/^nothing of what was asked for is known, as of/);
    expect(await run(['status', '--image', 'a{', ...state])).toMatchObject({ code: 2 });
    expect(await run(['status', '--class', 'x', ...state])).toMatchObject({ code: 2 });
    const where = JSON.parse(
      (await run(['where', 'openssl', '--image', 'ghcr.io/team/red*', '--format', 'json', ...state])).stdout,
    );
    expect(where.images).toMatchObject([{ reference: redis }]);
  });

  it('marks what is snoozed, and snooze alone lists it', async () => {
    await run(['snooze', 'ghcr.io/team/debian', '--until', '2026-01-20', ...state]);
    await run(['snooze', lagging.news[0]!, '--until', '2026-01-21', ...state]);
    const nobody = await run(['snooze', 'nobody/has:this', '--until', '2026-01-22', ...state]);
    expect(nobody).toMatchObject({ code: 0, stderr: 'no run has seen this image yet: is it what you meant?\n' });
    expect(await status('--class', 'packages')).toContain('packages  debian:12 snoozed until 2026-01-20');
    expect(await status()).toContain('1 lagging, 3 snoozed\n');
    expect(JSON.parse(await status('--format', 'json', '--class', 'lagging'))).toMatchObject({
      findings: [{ snoozed: { until: '2026-01-21T00:00:00.000Z' } }],
      snoozes: [{ kind: 'image' }, { kind: 'news' }, { kind: 'image' }],
    });
    expect((await run(['snooze', ...state])).stdout).toBe(
      `until 2026-01-20 00:00Z  image ghcr.io/team/debian  3 open findings
until 2026-01-21 00:00Z  news ${lagging.news[0]}  1 open finding
until 2026-01-22 00:00Z  image docker.io/nobody/has:this  nothing open
`,
    );
    expect(await run(['snooze', 'x', ...state])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('until when?'),
    });
    expect(await run(['snooze', '--until', '7d', ...state])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('what?'),
    });
  });
});

describe('history', () => {
  beforeEach(seed);

  it('tells which digests a tag has had, and what was found', async () => {
    const found = (kind: 'unpinned' | 'packages') => stored([kind], kind, { class: kind, reference: redis });
    await remember(async (store) => {
      await looked(store, 6, { looks: [look(cached, '*', redis)], findings: [found('unpinned')] });
      await looked(store, 7, { looks: [look(now, '*', redis)], findings: [found('packages')] });
    });
    const { stdout } = await run(['history', 'ghcr.io/team/redis', ...state]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(redis);
    expect(lines.slice(1).map((line) => line.slice(2, 19))).toEqual([
      '2026-01-07 12:00Z',
      '2026-01-07 12:00Z',
      '2026-01-06 12:00Z',
      '2026-01-06 12:00Z',
    ]);
    const json = (await run(['history', redis, '--format', 'json', ...state])).stdout;
    expect(JSON.parse(json)).toMatchObject({ images: [{ events: [{}, {}, {}, {}] }] });
    const csv = (await run(['history', redis, '--format', 'csv', ...state])).stdout;
    expect(csv).toContain('image,first,last,kind,digest,class,place,reason');
  });

  it('says so when nobody has looked', async () => {
    const { stdout, stderr, code } = await run(['history', 'ghcr.io/a/b', ...state]);
    expect([stdout, code]).toEqual(['', 0]);
    expect(stderr).toContain('no run has looked it up yet');
  });
});

describe('what a look makes of the state', () => {
  let registry: FakeRegistry;
  let [pin, seen] = [old, old];
  let [pinned, mutable] = ['', ''];
  beforeAll(async () => {
    registry = await startFakeRegistry();
    [pinned, mutable] = [`${registry.host}/library/debian:12`, `${registry.host}/library/redis:7`];
  });
  afterAll(() => registry.close());

  /** A run has seen redis as it was; it has moved since. */
  beforeEach(async () => {
    const before = { libc6: '2.36-9+deb12u9', openssl: '3.0.15-1' };
    pin = push(registry, 'library/debian', debianImage(before));
    push(registry, 'library/debian', debianImage({ ...before, openssl: '3.0.16-1' }), '12');
    seen = push(registry, 'library/redis', debianImage({ openssl: '3.0.16-1' }), '7');
    tree = temporaryTree({
      'plimsoll.yml': `version: 1\nregistries: { "${registry.host}": {} }\n`,
      'api/Dockerfile': `FROM ${pinned}@${pin}\n`,
      'cache/Dockerfile': `FROM ${mutable}\n`,
    });
    await remember((store) => looked(store, 6, { looks: [look(seen, '*', mutable)] }));
  });
  const check = async (folder: string, day = 8) =>
    JSON.parse(
      (await run(['check', '--config', 'plimsoll.yml', '--format', 'json', ...state, folder], day)).stdout,
    ) as {
      findings: { class: string; snoozed?: { until: string } }[];
    };

  it('needs none because a configuration names one', async () => {
    writeFileSync(
      path.join(tree.folder, 'operator.yml'),
      `version: 1\nstate: none.db\nregistries: { "${registry.host}": {} }\n`,
    );
    expect((await run(['check', '--config', 'operator.yml', 'api'])).code).toBe(0);
    expect((await run(['check', '--state', 'none.db', 'api'])).code).toBe(3);
  });

  it('ack moves the base line of a use without a digest', async () => {
    const classes = async () => (await check('cache')).findings.map((one) => one.class);
    const next = push(registry, 'library/redis', debianImage({ openssl: '3.0.17-1' }), '7');
    expect(await classes()).toEqual(['packages']);
    await remember((store) => looked(store, 7, { looks: [look(next, '*', mutable)] }));
    // That a run has seen it moves nothing.
    expect(await classes()).toEqual(['packages']);
    const ack = await run(['ack', mutable, ...state]);
    expect(ack.stdout).toMatch(/redis:7 is compared with sha256:[0-9a-f]{12} from now on \(was sha256:/);
    expect(await classes()).toEqual([]);
    const back = await run(['ack', `${mutable}@${seen}`, ...state]);
    expect(back.stdout).toMatch(/\(was sha256:[0-9a-f]{12}\)\n$/);
    expect(await classes()).toEqual(['packages']);
  });

  it('ack knows only what a run has seen', async () => {
    const { code, stderr } = await run(['ack', 'ghcr.io/a/b:1', ...state]);
    expect(code).toBe(2);
    expect(stderr).toContain('name one: ghcr.io/a/b:1@sha256:…');
  });

  it.each([
    ['an image', () => `${registry.host}/library/debian`],
    ['a glob', () => `${registry.host}/library/*`],
    ['a digest', () => pin],
  ])('snooze is silent about %s until a date, and then not', async (_name, what) => {
    const { stdout } = await run(['snooze', what(), '--until', '2026-01-09', ...state]);
    expect(stdout).toContain('is silent until 2026-01-09 00:00Z');
    expect((await check('api')).findings).toMatchObject([{ snoozed: { until: '2026-01-09T00:00:00Z' } }]);
    expect((await check('api', 9)).findings).toEqual([expect.not.objectContaining({ snoozed: expect.anything() })]);
  });

  it('snooze ends when told to', async () => {
    await run(['snooze', pin, '--until', '7d', ...state]);
    expect((await run(['snooze', pin, '--until', 'now', ...state])).stdout).toContain('is not silent any more');
    expect((await check('api')).findings).toEqual([expect.not.objectContaining({ snoozed: expect.anything() })]);
  });

  it.each([
    ['https://ghcr.io/acme/app', 'is an address; write "ghcr.io/acme/app"'],
    ['debian{', 'has a { without its partner'],
  ])('snooze knows no image %s', async (pattern, why) => {
    const { code, stderr } = await run(['snooze', pattern, '--until', '7d', ...state]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });

  it.each([['tomorrow'], ['2026-13-01'], ['12-24']])('snooze knows no %s', async (until) => {
    const { code, stderr } = await run(['snooze', pin, '--until', until, ...state]);
    expect(code).toBe(2);
    expect(stderr).toContain('is no date');
  });
});

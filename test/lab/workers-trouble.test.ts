import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openHostPlaces } from '../../src/state/postgres/host-places.ts';
import { openPostgres } from '../../src/state/postgres/postgres.ts';
import { postgresMigrations } from '../../src/state/postgres/postgres-schema.ts';
import { startFakeDocker } from '../support/engine/fake-docker.ts';
import { startFakeOsv } from '../support/fake-osv.ts';
import { debianImage, push } from '../support/fleet.ts';
import { image, layer } from '../support/image-builder.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { type Machine, type Process, type SharedFleet, startSharedFleet } from './support/shared-fleet.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server?.remove());

let fleet: SharedFleet;
let database = '';
let made = 0;
const running: Process[] = [];
beforeEach(async () => {
  fleet = await startSharedFleet(25, 10, { delay: 0 });
  database = `trouble${++made}`;
  server.create(database);
});
afterEach(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.splice(0).map(({ ended }) => ended));
  await fleet.close();
});

const machine = (name: string, more = '', environment: Readonly<Record<string, string>> = {}): Machine =>
  fleet.machine(name, server.login(database), more, environment);
const sql = (text: string): string => server.sql(database, `set search_path to plimsoll; ${text}`).trim();

/** Starts a worker, and waits until it is ready. */
async function worker(on: Machine, ...words: string[]): Promise<Process> {
  const one = on.start('worker', ...words);
  running.push(one);
  while (!one.stderr.includes('is ready')) {
    if (one.child.exitCode !== null) throw new Error(`it ended with ${one.child.exitCode}: ${one.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return one;
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 50));
}

const wait = ['enqueue', '--wait', '--timeout', '3m'] as const;

it('is refused over a file, with what to do', async () => {
  const here = fleet.machine('file', 'state.db');
  for (const words of [['worker'], ['enqueue']]) {
    const { code, stderr } = await here.run(...words);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('workers share a state in PostgreSQL, and state.db is a file'),
    ]);
  }
  const { code, stderr } = await here.run('serve', '--workers', '2');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--workers 2: workers share a state in PostgreSQL')]);
});

it('begins one run about the same at a time, and keeps a run by one process out meanwhile', async () => {
  const here = machine('here');
  const first = await here.run('enqueue', '--format', 'json');
  expect(JSON.parse(first.stdout)).toEqual({ run: 1, parts: 1 });
  expect(first.stderr).toContain('no worker with this configuration is there yet; the run waits for one');
  const second = await here.run('enqueue', '--format', 'json');
  expect(JSON.parse(second.stdout)).toEqual({ run: 1, parts: 1, joined: true });
  const single = await here.run('run');
  expect([single.code, single.stderr]).toEqual([3, expect.stringContaining('workers are making the run 1')]);
  expect((await here.run('enqueue', '--wait', '--timeout', '1s')).code).toBe(3);
  // A worker that was only to empty the queue ends with it.
  const drained = await here.run('worker', '--drain');
  expect([drained.code, fleet.told.length]).toEqual([0, 1]);
  expect(JSON.parse((await here.run('runs', '1', '--format', 'json')).stdout)).toMatchObject({
    id: 1,
    state: 'done',
    exit: 0,
    parts: { scan: { open: 0, done: 4, failed: 0 }, finish: { open: 0, done: 1, failed: 0 } },
  });
});

it('prints the record of a run as programs read it, once it is over', async () => {
  const here = machine('here');
  await worker(here);
  const { code, stdout } = await here.run(...wait, '--format', 'json');
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { schema: 2, summary: { uses: 75 }, problems: [] }]);
});

it('takes no part in a run of another configuration, and says so', async () => {
  const [here, other] = [machine('here'), machine('other', 'timezone: Europe/Berlin\n')];
  const stranger = await worker(other, '--name', 'stranger');
  await here.run('enqueue');
  const late = await worker(other, '--name', 'late');
  expect(late.stderr).toContain('run 1 is made with another configuration; this worker takes no part in it');
  expect(sql("select count(*) from part where state <> 'open'")).toBe('0');
  await worker(here);
  expect((await here.run(...wait)).code).toBe(0);
  expect(sql('select distinct worker from part')).not.toMatch(/stranger|late/);
  stranger.child.kill('SIGTERM');
});

it('gives up a part that nobody comes to an end with, says so, and ends the run without it', async () => {
  const here = machine('here');
  await here.run('enqueue');
  // One worker lists, and is gone; then a part names a forge that the configuration does not have.
  const first = await worker(here);
  await until(() => sql("select count(*) from part where phase = 'scan' and number > 0") !== '0');
  first.child.kill('SIGKILL');
  sql(
    `update part set state = 'open', result = null, work = replace(work, '"forge":0', '"forge":7') where phase = 'scan' and number = 2`,
  );
  sql(`update shared_run set phase = 'scan' where phase <> 'done'`);
  sql(`delete from part where phase <> 'scan'`);
  sql(`delete from wanted`);
  await worker(here);
  const { code, stderr, stdout } = await here.run(...wait);
  expect(code).toBe(3);
  expect(stderr).toMatch(/o\/r1\d: its part of the phase scan came to no end: there is no forge/);
  expect(stdout).toContain('o/r0/f0/Dockerfile');
  const { findings } = JSON.parse((await here.run('status', '--format', 'json')).stdout) as {
    findings: { repository: string }[];
  };
  expect(new Set(findings.map(({ repository }) => repository)).size).toBe(15);
  expect((await here.run('runs', '1')).stdout).toMatch(/scan 2 failed: there is no forge/);
}, 120_000);

it('waits for whoever serves a folder, and tells it as not read when nobody comes', async () => {
  const more = 'repositories: [{ github: "o/*" }, { path: ./here }]\n';
  const here = machine('here');
  mkdirSync(path.join(here.folder, 'here'));
  writeFileSync(path.join(here.folder, 'here/Dockerfile'), `FROM ${fleet.registry.host}/i0:1\n`);
  writeFileSync(path.join(here.folder, 'two.yml'), `version: 1\n${more}registries: { "${fleet.registry.host}": {} }\n`);
  const two = ['--config', 'two.yml'];
  const refused = await here.run('enqueue', ...two);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/no worker serves path:.*here: start one where that is/),
  ]);
  const wrong = await here.run('worker', ...two, '--serves', 'path:./her');
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringMatching(/the configuration has no such folder or engine; it has path:/),
  ]);
  const serving = await worker(here, ...two, '--serves', 'here');
  const whole = await here.run('enqueue', ...two, '--wait');
  expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('here/Dockerfile')]);

  // Its machine goes, and it is the other one that is asked for long.
  await worker(here, ...two);
  await here.run('enqueue', ...two);
  serving.child.kill('SIGKILL');
  await until(
    () =>
      sql(
        "select count(*) from part join shared_run using (run) where scope <> '' and state = 'open' and began is null and shared_run.phase <> 'done'",
      ) !== '0',
  );
  sql(`update part set made = made - 11 * 60 * 1000 where scope <> '' and state = 'open'`);
  const { code, stderr } = await here.run('enqueue', ...two, '--wait', '--timeout', '2m');
  expect([code, stderr]).toEqual([3, expect.stringMatching(/here: its part of the phase (scan|judge) came to no end/)]);
  expect((await here.run('status')).stdout).toContain('here');
  const runs = await here.run('runs', '2');
  expect(runs.stdout).toMatch(/no worker that serves path:.*here has taken it for 10 minutes/);
}, 120_000);

it('ends at its deadline with what was not looked at, and nothing that was known is over', async () => {
  const here = machine('here');
  await worker(here);
  expect((await here.run(...wait)).code).toBe(0);
  const before = (await here.run('status', '--format', 'json')).stdout;
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.splice(0).map(({ ended }) => ended));
  await here.run('enqueue');
  const late = here.start(...wait);
  sql('update shared_run set deadline = 0');
  await worker(here);
  expect([await late.ended, late.stderr]).toEqual([3, expect.stringContaining('the run took longer than it may')]);
  const after = JSON.parse((await here.run('status', '--format', 'json')).stdout) as { findings: unknown[] };
  expect(after.findings).toHaveLength((JSON.parse(before) as { findings: unknown[] }).findings.length);
}, 120_000);

it('decides by one clock, whatever a worker says that it is', async () => {
  const [here, ahead] = [machine('here'), machine('ahead', '', { PLIMSOLL_NOW: '2031-01-01T00:00:00Z' })];
  await worker(ahead);
  const { code } = await here.run(...wait);
  expect(code).toBe(0);
  expect(sql('select max(last) < extract(epoch from now()) * 1000 + 60000 from look')).toBe('t');
});

it('asks a registry no faster than it may be asked, all workers together', async () => {
  const slow = await startSharedFleet(25, 10, { delay: 0, rps: 20 });
  const here = slow.machine('here', server.login(database));
  await Promise.all([worker(here), worker(here), worker(here)]);
  expect((await here.run(...wait)).code).toBe(0);
  const { arrivals } = slow;
  expect(arrivals.length).toBeGreaterThan(50);
  const within = (from: number): number => arrivals.filter((at) => at >= from && at < from + 1000).length;
  // A busy machine sends some a little later than they might have left.
  expect(Math.max(...arrivals.map(within))).toBeLessThanOrEqual(26);
  await slow.close();
}, 120_000);

it('knows together how many pulls a registry has left, each with a cache of its own', async () => {
  const { registry } = fleet;
  let left = 500;
  const { intercept } = registry;
  registry.intercept = (request, response) => {
    if (request.method === 'GET' && request.url?.includes('/manifests/')) left--;
    response.setHeader('ratelimit-limit', '500;w=21600');
    response.setHeader('ratelimit-remaining', `${left};w=21600`);
    return intercept?.(request, response) ?? false;
  };
  const machines = ['one', 'two', 'three'].map((name) => machine(name));
  await Promise.all(machines.map((one) => worker(one)));
  expect((await (machines[0] as Machine).run(...wait)).code).toBe(0);
  expect(left).toBeLessThan(500);
  expect(sql('select pulls, pull_limit from host_budget')).toBe(`${left}|500`);
  // No manifest and no layer was fetched by two of them.
  const fetched = registry.log.filter(({ method }) => method === 'GET').map(({ path: at }) => at);
  expect(fetched.length).toBe(new Set(fetched).size);
}, 120_000);

it('believes the least of what a registry said a moment ago, and what is new of what it said long ago', async () => {
  const { store, database: opened } = await openPostgres(server.login(database), { readOnly: false });
  const held = await openHostPlaces(server.login(database), opened, {});
  const saw = (remaining: number): Promise<void> => held.sawPulls(new Map([['hub', { limit: 100, remaining }]]));
  await saw(60);
  await saw(40);
  // Another worker was told this before, and says it after.
  await saw(55);
  expect(await held.pulls()).toEqual(new Map([['hub', { limit: 100, remaining: 40 }]]));
  sql('update host_budget set seen = seen - 120000');
  await saw(100);
  expect(await held.pulls()).toEqual(new Map([['hub', { limit: 100, remaining: 100 }]]));
  await held.close();
  await store.close();
});

it('gives back what it does when it is stopped', async () => {
  const here = machine('here');
  const one = await worker(here);
  const enqueued = here.start(...wait);
  await until(() => sql("select count(*) from part where state = 'done'") !== '0');
  const since = performance.now();
  one.child.kill('SIGTERM');
  expect(await one.ended).toBe(143);
  expect(performance.now() - since).toBeLessThan(30_000);
  await worker(here);
  expect(await enqueued.ended).toBe(0);
  expect(fleet.told).toHaveLength(1);
}, 120_000);

it('moves what runs once, by the worker that serves its engine', async () => {
  const [engine, osv] = await Promise.all([startFakeDocker(), startFakeOsv()]);
  osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1']);
  osv.answers.set('Debian:12 openssl 3.0.16-1', []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
  const older = push(fleet.registry, 'web', debianImage({ libc6: '1', openssl: '3.0.15-1' }), '12');
  const newer = push(fleet.registry, 'web', debianImage({ libc6: '1', openssl: '3.0.16-1' }), '12');
  const repository = `${fleet.registry.host}/web`;
  engine.model.publish(repository, older);
  engine.model.publish(repository, newer, { behaviour: 'good' });
  engine.model.pull(repository, older, '12');
  engine.model.run({ name: 'web', image: `${repository}:12`, host: { RestartPolicy: { Name: 'always' } } });
  const more = `engines: [{ name: nas, host: "${engine.url}", mode: redeploy }]
rules: [{ match: { engine: nas, class: [security] }, react: [alert, redeploy], gate: running=1s, minimumAge: 0 }]
`;
  const here = machine('here', more, { PLIMSOLL_ADVISORIES: osv.base });
  await worker(here, '--serves', 'nas');
  expect((await here.run(...wait)).code).toBe(0);
  expect(sql('select outcome from act')).toBe('moved');
  expect(sql("select count(*) from part where phase = 'act'")).toBe('1');
  expect((await here.run(...wait)).code).toBe(0);
  expect(sql('select count(*) from act')).toBe('1');
  await Promise.all([engine.close(), osv.close()]);
}, 120_000);

it('opens the pull requests that one process opens, and none twice', async () => {
  const other = await startSharedFleet(25, 10, { delay: 0 });
  const more = 'rules: [{ react: [propose, alert], when: now }]\nlimits: { open: 2, perRun: 2 }\n';
  const pulls = ({ github }: SharedFleet): readonly string[] =>
    github.world.repos
      .flatMap((repo) => github.world.open(repo).map(({ pull, title }) => `${repo.name} ${pull?.head} ${title}`))
      .map((line) => line.replaceAll(/127\.0\.0\.1:\d+/g, 'registry'))
      .sort();
  expect((await other.machine('alone', path.join(other.folder, 'alone.db'), more).run('run')).code).toBe(0);
  const here = machine('here', more);
  await Promise.all([worker(here), worker(here, '--concurrency', '8')]);
  expect((await here.run(...wait)).code).toBe(0);
  expect(pulls(fleet).length).toBeGreaterThan(20);
  const names = (all: readonly string[]): readonly string[] =>
    all.map((line) => line.replaceAll(/[0-9a-f]{12,}|-[0-9a-f]{8}(?= )/g, ''));
  expect(names(pulls(fleet))).toEqual(names(pulls(other)));
  const writes = fleet.github.writes().length;
  expect((await here.run(...wait)).code).toBe(0);
  expect(fleet.github.writes()).toHaveLength(writes);
  expect(fleet.github.faults).toEqual([]);
  await other.close();
}, 120_000);

it('asks for a rebuild of what is published once, however many have judged', async () => {
  const osv = await startFakeOsv();
  osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1']);
  osv.answers.set('Debian:12 openssl 3.0.16-1', []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
  const { registry, github } = fleet;
  const root = debianImage({ libc6: '1', openssl: '3.0.15-1' });
  push(registry, 'root', root, '12');
  push(registry, 'own', image({ layers: [...root.layers, layer({ 'srv/own': '1' })] }), '1');
  const workflow = 'on: { workflow_dispatch: { inputs: { image: {}, run: {} } } }\njobs: {}\n';
  github.world.create('o/own', {
    Dockerfile: `FROM ${registry.host}/root:12\nCOPY . /srv\n`,
    '.github/workflows/build.yml': workflow,
  });
  const asked: string[] = [];
  github.world.onBuild = (_, { inputs }) => asked.push(inputs['image'] ?? '');
  const more = `rules: [{ match: { class: [stale] }, react: [alert, dispatch], minimumAge: 0 }]
published:
  - { image: "${registry.host}/own:1", repository: o/own, file: Dockerfile, rebuild: { type: workflow, workflow: build.yml, inputs: { image: "{image}", run: "{correlation}" } } }
`;
  const here = machine('here', more, { PLIMSOLL_ADVISORIES: osv.base });
  await Promise.all([worker(here), worker(here), worker(here)]);
  expect((await here.run(...wait)).code).toBe(0);
  expect(asked).toEqual([]);
  push(registry, 'root', debianImage({ libc6: '1', openssl: '3.0.16-1' }), '12');
  for (let run = 0; run < 3; run++) expect((await here.run(...wait)).code).toBe(0);
  expect(asked).toEqual([`${registry.host}/own:1`]);
  expect(sql('select count(*), count(sent) from rebuild')).toBe('1|1');
  const stale = JSON.parse((await here.run('status', '--class', 'stale', '--format', 'json')).stdout) as {
    findings: unknown[];
  };
  expect(stale.findings).toHaveLength(1);
  await osv.close();
}, 120_000);

it('brings an older state forward, and says to whoever only asks that it is older', async () => {
  const here = machine('here');
  server.sql(database, 'create schema plimsoll');
  sql(
    `create table schema_version (version int4 not null); insert into schema_version values (1); ${postgresMigrations[0]}`,
  );
  const asked = await here.run('status');
  expect([asked.code, asked.stderr]).toEqual([
    3,
    expect.stringContaining('has the older schema 1; "plimsoll run" brings it forward'),
  ]);
  await worker(here);
  expect(sql('select version from schema_version')).toBe(String(postgresMigrations.length));
  expect((await here.run(...wait)).code).toBe(0);
});

it('says which schema a user who has few rights needs for the queue', async () => {
  server.sql(database, `create role few${made} login password 'few'; create schema plimsoll authorization few${made}`);
  const few = fleet.machine('few', server.address(database, `few${made}:few@`));
  const refused = await few.run('worker', '--drain');
  expect([refused.code, refused.stderr]).toEqual([
    3,
    'plimsoll: this user may not make the schema of the queue: create schema plimsoll_queue authorization USER\n',
  ]);
  server.sql(database, `create schema plimsoll_queue authorization few${made}`);
  expect((await few.run('worker', '--drain')).code).toBe(0);
});

it('is kept by a daemon, which has its runs made so', async () => {
  const here = machine('here', 'serve: { listen: "127.0.0.1:0", auth: { type: none } }\n');
  const daemon = here.start('serve', '--workers', '2', '--now');
  running.push(daemon);
  await until(() => fleet.told.length > 0 || daemon.child.exitCode !== null);
  expect(daemon.child.exitCode).toBeNull();
  const [, url = ''] = /listening on (\S+)/.exec(daemon.stderr) ?? [];
  const run = async (): Promise<{ state: string; parts?: Record<string, { done: number }> }> =>
    (await (await fetch(`${url}/api/v1/runs/1`)).json()) as never;
  // It is recorded and told before its last part is over.
  while ((await run()).parts?.['finish']?.done !== 1) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await run()).toMatchObject({ state: 'done', exit: 0, parts: { finish: { done: 1 } } });
  expect(await (await fetch(`${url}/runs/1`)).text()).toContain('What workers have done of it, by phase');
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('plimsoll_workers 2');
  expect(metrics).toContain('plimsoll_queue_jobs{queue="scan",state="waiting"} 0');
  // One that ends is started again.
  const [pid] = sql('select name from worker order by name')
    .split('\n')
    .map((name) => Number(name.split('-').at(-1)));
  process.kill(pid as number, 'SIGKILL');
  await until(() => sql('select count(*) from worker where seen > (select max(seen) - 20000 from worker)') === '3');
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
}, 120_000);

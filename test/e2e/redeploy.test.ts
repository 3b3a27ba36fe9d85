import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import type { RedeployOutcome } from '../../src/core/redeploy.ts';
import { type CliResult, cli } from '../support/cli.ts';
import type { Behaviour } from '../support/engine/docker-model.ts';
import { type FakeDocker, startFakeDocker } from '../support/engine/fake-docker.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';

let cwd = '';
let registry: FakeRegistry;
let osv: FakeOsv;
let engine: FakeDocker;
beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'plimsoll-redeploy-'));
  [registry, osv, engine] = await Promise.all([startFakeRegistry(), startFakeOsv(), startFakeDocker()]);
  osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1']);
  for (const fixed of ['3.0.16-1', '3.0.17-1']) osv.answers.set(`Debian:12 openssl ${fixed}`, []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
  configure();
});
afterEach(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await Promise.all([registry.close(), osv.close(), engine.close()]);
});

const rule = 'match: { engine: nas, class: [security] }, react: [alert, redeploy], gate: running=1s';

/** One engine, one rule; `more` stands at its end. */
function configure({
  mode = 'redeploy',
  rules = [`${rule}, minimumAge: 0`] as readonly string[],
  more = '',
} = {}): void {
  const text = `version: 1
engines: [{ name: nas, host: "${engine.url}", mode: ${mode} }]
rules: [${rules.map((one) => `{ ${one} }`).join(', ')}]
allowEmpty: true
registries: { "${registry.host}": {} }
${more}`;
  writeFileSync(path.join(cwd, 'plimsoll.yml'), text);
}

const built = (openssl: string, config: Record<string, unknown> = {}) =>
  debianImage({ libc6: '2.36-9', openssl }, { config });

/** Containers of one image whose tag has moved on to one that behaves like this. */
function behind(
  behaviour: Behaviour = 'good',
  names: readonly string[] = ['web'],
  image: { readonly config?: Record<string, unknown> } = {},
): { older: Digest; newer: Digest } {
  const repository = `${registry.host}/web`;
  const older = push(registry, 'web', built('3.0.15-1', image.config), '12');
  const newer = push(registry, 'web', built('3.0.16-1', image.config), '12');
  engine.model.publish(repository, older, { ...image });
  engine.model.publish(repository, newer, { behaviour, ...image });
  engine.model.pull(repository, older, '12');
  for (const name of names)
    engine.model.run({ name, image: `${repository}:12`, host: { RestartPolicy: { Name: 'always' } } });
  engine.log.length = 0;
  return { older, newer };
}

function plimsoll(...args: readonly string[]): Promise<CliResult> {
  return cli(args, { cwd, env: { PLIMSOLL_ADVISORIES: osv.base } });
}

const withState = ['--state', 'state.db'];
const run = (...args: readonly string[]): Promise<CliResult> => plimsoll('run', ...withState, ...args);

async function outcomes(...args: readonly string[]): Promise<{ code: number | null; all: readonly RedeployOutcome[] }> {
  const { code, stdout } = await plimsoll(...args, ...withState, '--format', 'json');
  return { code, all: (JSON.parse(stdout) as { outcomes: RedeployOutcome[] }).outcomes };
}

/** What a container runs, by the digest that it was pulled with. */
function runs(name: string): string {
  const { image, isRunning } = engine.model.container(name);
  return `${isRunning ? 'runs' : 'has'} ${[...image.digests][0]?.split('@')[1]}`;
}

/** The way to the daemon breaks at the n-th change. */
function breakAt(at: number): void {
  let count = 0;
  engine.intercept = (request, response) => {
    if (request.method === 'GET' || ++count < at) return false;
    response.destroy();
    return true;
  };
}

const changes = (): readonly string[] => engine.log.filter((one) => !one.startsWith('GET '));

describe('run', () => {
  it('moves what a rule asks for to the digest that it judged, tells it once, and then has nothing to do', async () => {
    const { newer } = behind();
    const first = await run();
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(runs('web')).toBe(`runs ${newer}`);
    expect(first.stdout).toContain('nas/web was moved');
    expect(first.stdout).toContain('plimsoll rollback nas:web');
    // What was moved is behind no more.
    const { stdout } = await plimsoll('workloads', '--state', 'state.db', '--format', 'json');
    expect(JSON.parse(stdout).workloads).toMatchObject([
      { name: 'web', state: 'current', mode: 'redeploy', running: { root: newer, by: 'state' }, findings: [] },
    ]);
    engine.log.length = 0;
    const second = await run();
    expect(second).toMatchObject({ code: 0, stdout: '' });
    expect(changes()).toEqual([]);
  });

  it('puts back what does not come up, tells it, and tries that digest nowhere again before somebody says so', async () => {
    const { older, newer } = behind('crashing', ['db', 'web']);
    const first = await run();
    expect(first.code).toBe(1);
    expect([runs('db'), runs('web')]).toEqual([`runs ${older}`, `runs ${older}`]);
    expect(first.stdout).toContain('nas/db was put back');
    // The first of a digest goes alone.
    expect(changes().filter((one) => one.includes('/stop') && one.includes('web'))).toEqual([]);
    expect(first.stdout).not.toContain('nas/web was put back');
    engine.log.length = 0;
    const second = await run();
    expect(second.code).toBe(0);
    expect(changes()).toEqual([]);
    const { stdout } = await plimsoll('status', '--state', 'state.db', '--format', 'json');
    expect(JSON.parse(stdout).findings.map((one: { held: string }) => one.held)).toEqual(['failed', 'failed']);
    expect((await plimsoll('retry', 'nas:db', '--state', 'state.db')).stdout).toBe(
      '1 may be tried again, by the next run\n',
    );
    expect((await run()).code).toBe(1);
    // Another digest is another matter.
    const fixed = push(registry, 'web', built('3.0.17-1'), '12');
    expect(fixed).not.toBe(newer);
    engine.model.publish(`${registry.host}/web`, fixed);
    expect((await run()).code).toBe(0);
    expect([runs('db'), runs('web')]).toEqual([`runs ${fixed}`, `runs ${fixed}`]);
  });

  it('waits until a digest has been known for a day', async () => {
    const { older, newer } = behind();
    configure({ rules: [rule] });
    const at = (time: string): Promise<CliResult> =>
      cli(['run', ...withState], { cwd, env: { PLIMSOLL_ADVISORIES: osv.base, PLIMSOLL_NOW: time } });
    const first = await at('2026-11-28T06:00:00Z');
    expect(first.stdout).toContain('and is redeployed when it has been known for 24 hours');
    expect(first.stdout).toContain('1 use is behind and held back (young)');
    expect(runs('web')).toBe(`runs ${older}`);
    expect((await at('2026-11-29T05:59:00Z')).stdout).toBe('');
    expect(changes()).toEqual([]);
    expect((await at('2026-11-29T06:00:00Z')).stdout).toContain('nas/web was moved');
    expect(runs('web')).toBe(`runs ${newer}`);
  });

  it.each([
    ['in watch, adopting nothing', 'watch', ''],
    ['that may be told to redeploy, adopting nothing', 'redeploy', ''],
    ['that adopts both, where it is the image that asks', 'redeploy', ', adopt: [plimsoll, watchtower]'],
  ] as const)('labels alone change nothing on an engine %s', async (_, mode, adopt) => {
    const labels = {
      'plimsoll.mode': 'redeploy',
      'plimsoll.redeploy': 'security,packages,config,content',
      'plimsoll.minimum-age': '0',
      'com.centurylinklabs.watchtower.enable': 'true',
    };
    const isImages = adopt !== '';
    behind('good', [], isImages ? { config: { Labels: labels } } : {});
    engine.model.run({
      name: 'web',
      image: `${registry.host}/web:12`,
      ...(!isImages && { config: { Labels: labels } }),
    });
    configure({ mode: `${mode}${adopt}`, rules: ['match: { engine: nas }, react: [alert], minimumAge: 0'] });
    expect((await run()).stdout).toContain('web');
    expect(changes()).toEqual([]);
    expect(engine.log.length).toBeGreaterThan(0);
  });

  it.each([
    [
      'an engine that is only asked',
      () => configure({ mode: 'watch', rules: ['match: { engine: nas }, react: [alert]'] }),
    ],
    [
      'a rule for something else',
      () => configure({ rules: ['match: { engine: nas, class: [content] }, react: [redeploy]'] }),
    ],
    ['a window that is shut', () => configure({ rules: [`${rule}, minimumAge: 0, window: "daily ${shutFrom()}/1m"`] })],
    ['a snooze', () => configure({ more: `snooze: [{ image: "**", until: 2099-01-01 }]\n` })],
  ])('changes nothing with %s', async (_, setting) => {
    behind();
    setting();
    expect((await run()).code).toBe(0);
    expect(changes()).toEqual([]);
    expect(engine.log.length).toBeGreaterThan(0);
  });

  it('says without changing anything what it would move, and who said no to the rest', async () => {
    behind('good', ['db', 'web']);
    configure({ rules: [`${rule.replace('engine: nas', 'engine: nas, workload: web')}, minimumAge: 0`] });
    const { code, stdout } = await run('--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/nas\/web .*\n {4}would be moved to sha256:/);
    expect(stdout).toMatch(/nas\/db .*\n {4}would not be moved: the rules say no: no rule asks for it/);
    expect(changes()).toEqual([]);
  });

  it.each(Array.from({ length: 14 }, (_, at) => at + 1))(
    'ends what a process left half-way that died at request %i',
    async (at) => {
      const { older, newer } = behind();
      // The way to the daemon breaks at the n-th change.
      let count = 0;
      engine.intercept = (request, response) => {
        if (request.method === 'GET' || ++count < at) return false;
        response.destroy();
        return true;
      };
      const broken = await run();
      engine.intercept = undefined;
      const repaired = await run();
      expect([runs('web'), runs('web')]).toEqual([
        runs('web'),
        `runs ${engine.model.container('web').image.digests.has(`${registry.host}/web@${newer}`) ? newer : older}`,
      ]);
      // In the end it is on one of both, alone, and nothing is left to do.
      const names = [...engine.model.containers.values()].filter(({ isRunning }) => isRunning).map(({ name }) => name);
      expect(names).toEqual(['web']);
      expect([broken.code, repaired.code].every((code) => code !== null && code < 4)).toBe(true);
      const third = await run();
      expect(third.code).toBe(0);
      expect(runs('web')).toMatch(/^runs /);
    },
  );
});

describe('repair', () => {
  it('is what an engine in watch is told to be waiting for, at any hour, and ends it by hand', async () => {
    behind();
    breakAt(8);
    expect((await run()).code).toBe(3);
    engine.intercept = undefined;
    configure({ mode: 'watch', rules: ['match: { engine: nas }, react: [record]'] });
    const told = await run();
    expect(told.stdout).toContain('nas/web is half-way');
    expect(told.stdout).toContain('plimsoll repair');
    const before = changes().length;
    const { code, all } = await outcomes('repair', 'nas');
    expect(code).toBe(1);
    expect(all).toMatchObject([{ workload: { engine: 'nas', name: 'web' }, outcome: 'undone' }]);
    expect(changes().length).toBeGreaterThan(before);
    expect(await outcomes('repair', 'nas')).toEqual({ code: 0, all: [] });
    expect((await run()).stdout).not.toContain('half-way');
  });
});

describe('redeploy', () => {
  it('moves by name whatever it brings, without a rule, and says what came of it', async () => {
    const { older, newer } = behind();
    configure({ rules: [] });
    const planned = await outcomes('redeploy', 'nas:web', '--dry-run');
    expect(planned).toMatchObject({
      code: 0,
      all: [
        {
          workload: { engine: 'nas', kind: 'container', name: 'web' },
          from: older,
          to: newer,
          outcome: 'planned',
          gate: { verdict: 'not reached' },
        },
      ],
    });
    expect(changes()).toEqual([]);
    configure({ rules: ['match: { engine: nas }, gate: running=1s'] });
    const moved = await outcomes('redeploy', 'web');
    expect(moved).toMatchObject({
      code: 0,
      all: [
        {
          from: older,
          to: newer,
          outcome: 'moved',
          gate: { kind: 'running', seconds: 1, verdict: 'passed' },
          downtimeMs: expect.any(Number),
        },
      ],
    });
    expect(runs('web')).toBe(`runs ${newer}`);
    expect(await outcomes('redeploy', 'nas:web')).toMatchObject({ code: 0, all: [{ outcome: 'current' }] });
    expect(await outcomes('redeploy', 'nas:web', '--to', older)).toMatchObject({
      code: 0,
      all: [{ to: older, outcome: 'moved' }],
    });
    expect(runs('web')).toBe(`runs ${older}`);
  });

  it.each([
    ['', { kind: 'health', seconds: 240 }],
    [', gate: health', { kind: 'health', seconds: 240 }],
    [', gate: running=1s', { kind: 'running', seconds: 1 }],
  ] as const)('plans with the healthcheck that the new image brings%s', async (gate, expected) => {
    const { older } = behind('good', ['web'], { config: { Healthcheck: { Test: ['CMD', 'true'] } } });
    const repository = `${registry.host}/web:12`;
    engine.model.serve('api', {
      TaskTemplate: { ContainerSpec: { Image: `${repository}@${older}` } },
      Mode: { Replicated: { Replicas: 1 } },
    });
    configure({ rules: [`match: { engine: nas }${gate}`] });
    const { code, all } = await outcomes('redeploy', 'nas:web', 'nas:api', '--dry-run');
    expect([code, all.map((one) => one.gate)]).toEqual([
      0,
      [
        { ...expected, verdict: 'not reached' },
        { ...expected, verdict: 'not reached' },
      ],
    ]);
    const plain = await plimsoll('redeploy', 'nas:web', '--dry-run', ...withState);
    expect(plain.stdout).not.toContain('within 0 s');
  });

  it('refuses what narrows, another major version, and a digest that failed, but for a person’s yes', async () => {
    const { newer } = behind('crashing');
    configure({ rules: ['match: { engine: nas }, gate: running=1s'] });
    expect(await outcomes('redeploy', 'nas:web')).toMatchObject({ code: 1, all: [{ outcome: 'undone' }] });
    expect(await outcomes('redeploy', 'nas:web')).toMatchObject({
      code: 1,
      all: [{ outcome: 'refused', reason: expect.stringContaining('was put back') }],
    });
    expect(await outcomes('redeploy', 'nas:web', '--to', newer)).toMatchObject({
      code: 1,
      all: [{ outcome: 'undone' }],
    });
  });

  it.each<readonly [readonly string[], number, string]>([
    [['nas:nothing'], 2, 'nothing of that name runs on nas'],
    [['other:web'], 2, 'there is no engine other in the configuration; there are: nas'],
    [['nas:web', '--to', 'latest'], 2, 'expected sha256:'],
    [['nas:web', '--even-if', 'rain'], 2, 'expected unhealthy, major, volumes'],
  ])('%j exits %i', async (args, expected, why) => {
    behind();
    const { code, stderr } = await plimsoll('redeploy', ...args, ...withState);
    expect(code).toBe(expected);
    expect(stderr).toContain(why);
    expect(changes()).toEqual([]);
  });

  it('does nothing on an engine in watch, and says when one cannot be read or a registry is silent', async () => {
    behind();
    configure({ mode: 'watch', rules: [] });
    const watched = await plimsoll('redeploy', 'nas:web', ...withState);
    expect(watched.code).toBe(2);
    expect(watched.stderr).toContain('the mode of nas is watch');
    configure();
    await registry.close();
    const silent = await outcomes('redeploy', 'nas:web');
    expect(silent).toEqual({ code: 3, all: [] });
    expect((await plimsoll('redeploy', 'nas:web', ...withState)).stdout).toBe('');
    registry = await startFakeRegistry();
    writeFileSync(
      path.join(cwd, 'plimsoll.yml'),
      readFileSync(path.join(cwd, 'plimsoll.yml'), 'utf8').replace('.sock', '.gone'),
    );
    const gone = await plimsoll('redeploy', 'nas:web', ...withState);
    expect(gone.code).toBe(3);
    expect(gone.stderr).toContain('is Docker installed');
    expect(changes()).toEqual([]);
  });
});

it('doctor asks an engine that may be told to redeploy whether that gets through, about what is not there', async () => {
  const { older } = behind();
  const doctor = () => plimsoll('doctor', '--config', 'plimsoll.yml', '--state', 'state.db');
  const said = (await doctor()).stdout.replaceAll(/\s+/g, ' ');
  expect(said).toContain('it may be told to redeploy, and none of the requests for that was refused');
  const nothing = /plimsoll-asks-whether-it-may|fromImage=-$/;
  expect(changes().filter((line) => !nothing.test(line))).toEqual([]);
  expect(runs('web')).toBe(`runs ${older}`);
  engine.intercept = ({ method }, response) => {
    if (method === 'GET') return false;
    response.writeHead(403).end();
    return true;
  };
  const { code, stdout } = await doctor();
  expect(code).toBe(1);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'these requests do not get through to it: POST /images/create (POST, IMAGES);',
  );
});

it('nothing that somebody must have signed and has not is moved, neither by a rule nor by hand', async () => {
  const { older } = behind();
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(path.join(cwd, 'key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  configure({ rules: [`${rule}, minimumAge: 0`, 'verify: { key: key.pub }'] });
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toContain('is not signed, and the rules want a signature by');
  expect(await outcomes('redeploy', 'nas:web', '--even-if', 'major')).toMatchObject({
    code: 1,
    all: [{ outcome: 'refused', reason: expect.stringContaining('is not signed') }],
  });
  expect(changes()).toEqual([]);
  expect(runs('web')).toBe(`runs ${older}`);
});

describe('rollback', () => {
  it('goes back to what ran before, and has nobody try again what it left', async () => {
    const { older, newer } = behind('good', ['db', 'web']);
    configure({ rules: [`${rule.replace('engine: nas', 'engine: nas, workload: web')}, minimumAge: 0`] });
    expect((await run()).code).toBe(0);
    expect(runs('web')).toBe(`runs ${newer}`);
    expect(await outcomes('rollback', 'nas:web', '--dry-run')).toMatchObject({
      code: 0,
      all: [{ outcome: 'planned' }],
    });
    expect(await outcomes('rollback', 'nas:web')).toMatchObject({
      code: 0,
      all: [{ workload: { name: 'web' }, from: newer, to: older, outcome: 'moved' }],
    });
    expect(runs('web')).toBe(`runs ${older}`);
    configure();
    engine.log.length = 0;
    expect((await run()).code).toBe(0);
    expect([runs('db'), runs('web')]).toEqual([`runs ${older}`, `runs ${older}`]);
    expect(await outcomes('redeploy', 'nas:db')).toMatchObject({ code: 1, all: [{ outcome: 'refused' }] });
    // Of what was never moved nothing is kept.
    expect(await outcomes('rollback', 'nas:db')).toMatchObject({ code: 1, all: [{ outcome: 'refused' }] });
  });
});

/** A time of day in two hours, UTC. */
function shutFrom(): string {
  return new Date(Date.now() + 7_200_000).toISOString().slice(11, 16);
}

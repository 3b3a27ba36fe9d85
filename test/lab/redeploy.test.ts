import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import { parseReference } from '../../src/core/image/reference.ts';
import { Secret } from '../../src/core/secret.ts';
import { docker } from '../../src/engines/docker/docker.ts';
import type { Engine } from '../../src/engines/engine.ts';
import type { EngineHands, RedeployHooks, RedeployOutcome, RedeployWish } from '../../src/engines/engine-hands.ts';
import { registryAuth } from '../../src/oci/credentials/registry-auth.ts';
import { fc } from '../support/fast-check.ts';
import { type BuiltImage, image, layer } from '../support/image-builder.ts';
import { type DockerDaemon, startDockerDaemon } from './support/docker-daemon.ts';
import { killingProxy } from './support/killing-proxy.ts';
import { publish } from './support/publish.ts';
import { runTool } from './support/run-tool.ts';

/*
 * A real daemon (docker.io of Debian: API 1.41, graph driver): a container is moved to images that serve, crash, are sick, missing or of
 * another processor, with every option that can be set here; and whoever moves it, or the daemon, is killed at requests of a seed.
 */

const { folder, http, closed } = inject('lab');
const repository = `${http.host}/redeploy/web`;
const reference = `${repository}:1`;
const busybox = readFileSync('/bin/busybox');
const build = (version: string, config: Readonly<Record<string, unknown>> = {}, architecture?: string): BuiltImage =>
  image({
    layers: [
      layer(
        ['sh', 'sleep', 'true', 'false', 'cat', 'echo'].map((name) => ({
          path: `bin/${name}`,
          content: busybox,
          mode: 0o755,
        })),
      ),
      layer({ 'etc/version': version }),
    ],
    ...(architecture && { platform: { os: 'linux', architecture } }),
    config: {
      Env: ['PATH=/bin', `VERSION=${version}`],
      Cmd: ['sleep', '100000'],
      Labels: { version },
      Volumes: { '/data': {} },
      // What is the first process hears no other.
      StopSignal: 'SIGKILL',
      ...config,
    },
  });
const sickness = { Healthcheck: { Test: ['CMD', 'false'], Interval: 1e9, Timeout: 1e9, Retries: 1 } };
const kinds = {
  good: build('2'),
  crashing: build('crashing', { Cmd: ['sh', '-c', 'echo my last words; sleep 0.2; exit 3'] }),
  sick: build('sick', sickness),
  unstartable: build('unstartable', { Cmd: ['nowhere'] }),
  foreign: build('foreign', {}, 'arm64'),
  declaring: build('declaring', { Cmd: ['false'], Volumes: { '/data': {}, '/more': {} } }),
};
const digests: Record<string, Digest> = {};
let own: string;
let daemon: DockerDaemon;
let engine: Engine;
let hands: EngineHands;

beforeAll(async () => {
  own = mkdtempSync(path.join(tmpdir(), 'plimsoll-redeploy-'));
  daemon = await startDockerDaemon(own);
  for (const [kind, one] of Object.entries(kinds)) digests[kind] = publish(one, `${repository}:${kind}`, folder);
  digests['old'] = publish(build('1'), reference, folder);
  daemon.docker('network', 'create', '--internal', '--subnet', '10.97.0.0/24', 'shop');
  daemon.docker('network', 'create', '--internal', '--subnet', '10.96.0.0/24', 'other');
});
afterAll(async () => {
  empty();
  await daemon.stop();
  rmSync(own, { recursive: true, force: true });
});
beforeEach(() => {
  open();
  empty();
  daemon.docker('pull', '-q', reference);
});
afterEach(() => engine.close());

function open(): void {
  engine = docker.connect(
    { url: `unix://${daemon.socket}`, from: 'the lab' },
    { userAgent: 'lab', signal: new AbortController().signal },
    'redeploy',
  );
  if (engine.hands === undefined) throw new Error('no hands');
  hands = engine.hands;
}

it('is asked whether it lets everything through, and is left as it was', async () => {
  const standing = (): string[] =>
    [
      ['ps', '-aq'],
      ['images', '-q'],
      ['network', 'ls', '-q'],
    ].map((words) => daemon.docker(...words));
  const before = standing();
  expect(await hands.missingRights()).toEqual([]);
  expect(standing()).toEqual(before);
});

function empty(): void {
  const all = daemon.docker('ps', '-aq').split('\n').filter(Boolean);
  if (all.length > 0) daemon.docker('rm', '-f', '-v', ...all);
  const images = daemon.docker('images', '-q', '--no-trunc').split('\n').filter(Boolean);
  if (images.length > 0) daemon.docker('rmi', '-f', ...new Set(images));
}

/** With everything that can be set where there is no bridge. */
const options = [
  ...['--network', 'shop', '--ip', '10.97.0.5', '--network-alias', 'front', '--mac-address', '02:42:0a:61:00:05'],
  ...[
    '--restart',
    'unless-stopped',
    '-e',
    'OWN=1',
    '-e',
    'VERSION=mine',
    '-l',
    'own=label',
    '--user',
    '0:0',
    '-w',
    '/etc',
  ],
  ...[
    '-v',
    '/anonymous',
    '-v',
    'named:/named',
    '--mount',
    'type=volume,target=/mounted',
    '--tmpfs',
    '/memory',
    '-v',
    '/etc/hostname:/host:ro',
  ],
  ...[
    '--health-cmd',
    'true',
    '--health-interval',
    '1s',
    '--cap-add',
    'NET_ADMIN',
    '--ulimit',
    'nofile=100:200',
    '--sysctl',
    'net.core.somaxconn=99',
  ],
  ...[
    '--log-opt',
    'max-size=1m',
    '--add-host',
    'a:10.0.0.1',
    '--dns',
    '10.0.0.2',
    '--memory',
    '64m',
    '--stop-timeout',
    '1',
    '--hostname',
    'mine',
  ],
];
const simple = ['--network', 'none', '--restart', 'unless-stopped', '-v', '/anonymous'];

function run(...more: readonly string[]): void {
  daemon.docker('run', '-d', '--name', 'web', ...more, reference);
}

function wish(kind: string, more: Partial<RedeployWish> = {}): RedeployWish {
  const digest = digests[kind] ?? digestOf('missing');
  return {
    workload: 'web',
    kind: 'container',
    reference: parseReference(reference),
    to: { root: digest, manifest: digest },
    gate: { kind: 'running', seconds: 1 },
    gateTimeout: 600,
    keepOld: 3600,
    dependsOn: [],
    even: new Set(),
    ...more,
  };
}
const hooks: RedeployHooks = { now: 1.8e12, stopping: () => false, credentials: async () => undefined, wantsLog: true };

async function redeploy(
  kind: string,
  more: Partial<RedeployWish> = {},
  login?: RedeployHooks['credentials'],
): Promise<RedeployOutcome> {
  const planned = await hands.plan(wish(kind, more));
  if (planned.is !== 'plan') throw new Error(JSON.stringify(planned));
  return hands.redeploy(planned.plan, login === undefined ? hooks : { ...hooks, credentials: login });
}

type Flat = Record<string, string>;
function flat(value: unknown, at = '', into: Flat = {}): Flat {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
    for (const [key, one] of Object.entries(value)) flat(one, `${at}/${key}`, into);
  else into[at] = JSON.stringify(value);
  return into;
}
/** As far as it is looked at here. */
interface Inspected {
  readonly Id: string;
  readonly Image: string;
  readonly State: { readonly Running: boolean };
  readonly Config: { readonly Env: readonly string[] };
  readonly HostConfig: { readonly RestartPolicy: unknown };
  readonly Mounts: readonly { readonly Name?: string; readonly Destination: string }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { Aliases: string[]; IPAddress: string }>> };
}
const inspected = (): Inspected => JSON.parse(daemon.docker('inspect', 'web'))[0];
const volumesOf = ({ Mounts }: Inspected): string[] =>
  Mounts.map(({ Name, Destination }) => `${Destination} ${Name ?? ''}`).sort();
const names = (): string[] => daemon.docker('ps', '-a', '--format', '{{.Names}}').split('\n').filter(Boolean).sort();
const tagOf = (name: string): string => daemon.docker('inspect', '--type', 'image', '-f', '{{.Id}}', name).trim();

/** What an inspection shows otherwise after a move, but for what has to be otherwise. */
function differing(before: Inspected, after: Inspected): readonly string[] {
  const expected = [
    /^\/(Id|Created|Image|ResolvConfPath|HostnamePath|HostsPath|LogPath)$/,
    /^\/GraphDriver\/Data\//,
    /^\/State\/(Pid|StartedAt|FinishedAt|Health)/,
    /^\/NetworkSettings\/(SandboxID|SandboxKey)$/,
    /^\/NetworkSettings\/Networks\/\w+\/(EndpointID|IPAMConfig|DriverOpts|Aliases\/\d+)$/,
    // Volumes without a name are mounts by the name that the engine gave them.
    /^\/Mounts\/\d+\/(Type|Name|Source|Destination|Driver|Mode|RW|Propagation)$/,
    /^\/HostConfig\/Mounts/,
    /^\/Config\/Labels\/(version|plimsoll\..*)$/,
    /^\/Config\/Env\/\d+$/,
  ];
  // What the engine calls itself after the container's id.
  const named = (one: Inspected): Flat => flat(JSON.parse(JSON.stringify(one).replaceAll(one.Id.slice(0, 12), 'ID')));
  const [a, b] = [named(before), named(after)];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => a[key] !== b[key]);
  return keys.filter((key) => !expected.some((one) => one.test(key)));
}

describe('a container is moved', () => {
  it('with all that its owner set, and serves again within a moment', async () => {
    run(...options);
    daemon.docker('network', 'connect', '--alias', 'back', 'other', 'web');
    daemon.docker('exec', 'web', 'sh', '-c', 'echo precious > /anonymous/a; echo precious > /data/a');
    const before = inspected();
    const outcome = await redeploy('good');
    expect(outcome).toMatchObject({ outcome: 'moved', gate: { verdict: 'passed' } });
    expect(outcome.downtimeMs).toBeGreaterThan(0);
    expect(outcome.downtimeMs).toBeLessThan(10_000);
    console.log(`downtime of a swap: ${outcome.downtimeMs} ms`);
    const after = inspected();
    expect(daemon.docker('exec', 'web', 'sh', '-c', 'cat /anonymous/a /data/a /etc/version')).toBe(
      'precious\nprecious\n2',
    );
    expect(differing(before, after)).toEqual([]);
    expect(volumesOf(after)).toEqual(volumesOf(before));
    expect(after.Config.Env).toEqual(expect.arrayContaining(['OWN=1', 'VERSION=mine', 'PATH=/bin']));
    const alias = ({ Id, NetworkSettings }: Inspected): unknown =>
      Object.entries(NetworkSettings.Networks).map(([name, { Aliases, IPAddress }]) => [
        name,
        Aliases.filter((one) => one !== Id.slice(0, 12)),
        IPAddress,
      ]);
    expect(alias(after)).toEqual(alias(before));

    expect(tagOf(reference)).toBe(after.Image);
  });

  it('is not moved twice', async () => {
    run(...simple);
    await redeploy('good');
    expect(await hands.plan(wish('good'))).toEqual({ is: 'current' });
  });
});

/** Options that a container may have, each or not. */
const choices: readonly (readonly (readonly string[])[])[] = [
  [
    ['--network', 'shop'],
    ['--network', 'shop', '--ip', '10.97.0.9', '--network-alias', 'x'],
    ['--network', 'none'],
    ['--network', 'host'],
  ],
  [
    ['--restart', 'no'],
    ['--restart', 'always'],
    ['--restart', 'on-failure:3'],
  ],
  [[], ['-e', 'OWN=1'], ['-e', 'VERSION=mine', '-e', 'EMPTY=']],
  [[], ['-l', 'own=label', '-l', 'version=mine']],
  [[], ['-v', '/anonymous'], ['-v', '/data'], ['--mount', 'type=volume,target=/mounted'], ['-v', 'named:/named:ro']],
  [[], ['--tmpfs', '/memory'], ['-v', '/etc/hostname:/host:ro'], ['--read-only']],
  [[], ['--user', '1:1'], ['-w', '/etc'], ['-t'], ['-i']],
  [[], ['--health-cmd', 'true', '--health-interval', '1s'], ['--no-healthcheck']],
  [[], ['--stop-signal', 'SIGKILL', '--stop-timeout', '1'], ['--init']],
  [[], ['--cap-drop', 'MKNOD'], ['--memory', '64m'], ['--cpu-shares', '512'], ['--ulimit', 'nofile=100:200']],
  [[], ['--log-opt', 'max-size=1m'], ['--log-driver', 'none'], ['--expose', '9000']],
  [
    [],
    ['--add-host', 'a:10.0.0.1', '--dns', '10.0.0.2'],
    ['--group-add', '7'],
    ['--pid', 'host'],
    ['--security-opt', 'no-new-privileges'],
  ],
];
const commands: readonly (readonly string[])[] = [[], ['sleep', '99999'], ['sh', '-c', 'sleep 99999']];
const settings = fc.tuple(fc.tuple(...choices.map((all) => fc.constantFrom(...all))), fc.constantFrom(...commands));

it('is moved with whatever its owner set', async () => {
  const numRuns = process.env['LAB_LONG'] ? 100 : 8;
  for (const [chosen, command] of fc.sample(settings, { numRuns, seed: 20_261_130 })) {
    empty();
    daemon.docker('pull', '-q', reference);
    const words = [...chosen.flat(), reference, ...command];
    daemon.docker('run', '-d', '--name', 'web', ...words);
    const before = inspected();
    const gate = { kind: 'none' } as const;
    expect(await redeploy('good', { gate }), words.join(' ')).toMatchObject({ outcome: 'moved' });
    const after = inspected();
    // An address that nobody chose is another one while the old one has it.
    const isChosen = words.includes('--ip') || !words.includes('shop');
    expect(
      differing(before, after).filter((key) => isChosen || !/\/Networks\/shop\/(IP|Mac)Address$/.test(key)),
      words.join(' '),
    ).toEqual([]);
    expect(volumesOf(after), words.join(' ')).toEqual(volumesOf(before));
  }
}, 600_000);

it('is moved to an image of a registry that asks who comes, by a login of ours alone', async () => {
  const name = `${closed.host}/redeploy/web:1`;
  daemon.docker('login', '-u', closed.user, '-p', closed.password, closed.host);
  daemon.docker('pull', '-q', name);
  daemon.docker('logout', closed.host);
  daemon.docker('run', '-d', '--name', 'web', ...simple, name);
  const more = { reference: parseReference(name) };
  expect(await redeploy('good', more)).toMatchObject({
    outcome: 'refused',
    reason: 'the new image could not be pulled: the registry refused it',
  });
  const login = { kind: 'password', username: closed.user, password: new Secret(closed.password) } as const;
  const outcome = await redeploy('good', more, async () => registryAuth(login, closed.host));
  expect(outcome).toMatchObject({ outcome: 'moved' });
});

describe('the old one serves again', () => {
  it.each([
    ['crashing', 'undone', /ended/],
    ['sick', 'undone', /unhealthy/],
    ['unstartable', 'undone', /what it is to start is not there/],
    ['missing', 'refused', /does not have that digest/],
    ['foreign', 'refused', /platform|is for linux\/arm64/],
  ])('when the image is %s', async (kind, outcome, reason) => {
    run(...simple);
    const before = inspected();
    const tag = tagOf(reference);
    const gate = kind === 'sick' ? { gate: { kind: 'health' } as const } : {};
    const done = await redeploy(kind, gate);
    expect(done).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
    if (kind === 'crashing') expect(done.log).toContain('my last words');
    const after = inspected();
    expect(after.Id).toBe(before.Id);
    expect(after.State.Running).toBe(true);
    expect(after.HostConfig.RestartPolicy).toEqual(before.HostConfig.RestartPolicy);
    expect(tagOf(reference)).toBe(tag);
    expect(daemon.docker('images', '-q', 'plimsoll.local/*')).toBe('');
    expect(await hands.unfinished()).toEqual([]);
  });
});

it('has the volume that an image declared and that failed named, with the line that removes it', async () => {
  for (const more of [[], ['-l', 'com.docker.compose.project=shop', '-l', 'com.docker.compose.service=web']]) {
    run(...simple, ...more);
    const before = volumesOf(inspected());
    const there = daemon.docker('volume', 'ls', '-q').split('\n');
    const { outcome, reason = '' } = await redeploy('declaring');
    expect(outcome).toBe('undone');
    const [, line = '', name = ''] = /: docker (volume rm ([0-9a-f]{64}))$/.exec(reason) ?? [];
    expect(
      daemon
        .docker('volume', 'ls', '-q')
        .split('\n')
        .filter((one) => !there.includes(one)),
    ).toEqual([name]);
    const failed = names().filter((one) => one !== 'web');
    expect(failed).toEqual(more.length === 0 ? ['web.plimsoll-failed'] : []);
    if (failed.length > 0) daemon.docker('rm', ...failed);
    daemon.docker(...line.split(' '));
    expect(volumesOf(inspected())).toEqual(before);
    empty();
    daemon.docker('pull', '-q', reference);
  }
});

describe('those that live in its network, and have its volumes', () => {
  it.each([
    ['good', 'moved'],
    ['crashing', 'undone'],
  ])('go with it: %s', async (kind, outcome) => {
    run('--network', 'shop', '--restart', 'unless-stopped', '-v', '/anonymous', '--stop-timeout', '1');
    // Theirs is another name, that does not move.
    daemon.docker('tag', reference, 'side:1');
    daemon.docker('run', '-d', '--name', 'sidecar', '--network', 'container:web', 'side:1');
    daemon.docker('run', '-d', '--name', 'backup', '--network', 'none', '--volumes-from', 'sidecar', 'side:1');
    const addresses = (name: string): string => daemon.docker('exec', name, 'cat', '/proc/net/fib_trie');
    expect(await redeploy(kind)).toMatchObject({ outcome });
    expect(daemon.docker('ps', '--format', '{{.Names}}').split('\n').filter(Boolean).sort()).toEqual([
      'backup',
      'sidecar',
      'web',
    ]);
    expect(addresses('sidecar')).toBe(addresses('web'));
    expect(daemon.docker('exec', 'sidecar', 'cat', '/etc/version')).toBe('1');
    expect(daemon.docker('inspect', '-f', '{{.HostConfig.NetworkMode}}', 'sidecar').trim()).toBe(
      `container:${inspected().Id}`,
    );
    expect(await hands.unfinished()).toEqual([]);
  });
});

it('goes back to what was before, with the settings of today', async () => {
  run(...simple);
  await redeploy('good');
  daemon.docker('stop', 'web');
  const planned = await hands.planRollback(wish('good'));
  if (planned.is !== 'plan') throw new Error(JSON.stringify(planned));
  expect(await hands.redeploy(planned.plan, hooks)).toMatchObject({ outcome: 'moved', to: digests['old'] });
  expect(daemon.docker('exec', 'web', 'cat', '/etc/version')).toBe('1');
  expect(tagOf(reference)).toBe(inspected().Image);
  expect(await hands.cleanup(2e12, { removeImages: true })).toEqual(
    expect.arrayContaining(['removed the container web.plimsoll-kept']),
  );
  expect(names()).toEqual(['web']);
  expect(daemon.docker('images', '-q', 'plimsoll.local/*')).toBe('');
});

it('loses nothing to a prune while it watches and keeps', async () => {
  run(...simple, '-l', 'com.docker.compose.project=shop', '-l', 'com.docker.compose.service=web');
  const old = inspected().Image;
  const planned = await hands.plan(wish('good'));
  if (planned.is !== 'plan') throw new Error('no plan');
  const moving = hands.redeploy(planned.plan, hooks);
  const seen: string[] = [];
  while (seen.at(-1) !== 'web web.plimsoll-old') {
    seen.push(names().join(' '));
    if (seen.length > 200) throw new Error(`never at its gate: ${[...new Set(seen)]}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  daemon.docker('image', 'prune', '-f');
  expect(await moving).toMatchObject({ outcome: 'moved' });
  daemon.docker('image', 'prune', '-f');
  expect(names()).toEqual(['web']);
  expect(await hands.kept()).toMatchObject([{ workload: 'web', digest: digests['old'] }]);
  expect(daemon.docker('images', '-q', '--no-trunc', 'plimsoll.local/kept')).toContain(old);
});

it('of compose 1.29 is made anew by its next up, with the image that it has and on the same volumes', async () => {
  const project = path.join(folder, 'moved');
  mkdirSync(project);
  const web = { image: reference, network_mode: 'none', container_name: 'web', volumes: ['/anonymous'] };
  const file = path.join(project, 'docker-compose.yml');
  writeFileSync(file, JSON.stringify({ version: '2.4', services: { web } }));
  const env = { DOCKER_HOST: `unix://${daemon.socket}`, COMPOSE_FILE: file };
  runTool('docker-compose', ['up', '-d'], { env });
  daemon.docker('exec', 'web', 'sh', '-c', 'echo precious > /anonymous/a');
  expect(await redeploy('good')).toMatchObject({ outcome: 'moved' });
  const moved = inspected().Id;
  expect(runTool('docker-compose', ['ps', '-q'], { env }).trim()).toBe(moved);
  runTool('docker-compose', ['up', '-d'], { env });
  // Its hash has the id of the image in it, so it never finds one as it wants it whose image has moved.
  expect(inspected().Id).not.toBe(moved);
  expect(daemon.docker('exec', 'web', 'sh', '-c', 'cat /anonymous/a /etc/version')).toBe('precious\n2');
  expect(names()).toEqual(['web']);
});

const worker = path.join(import.meta.dirname, 'support/redeploy-worker.ts');

/** Runs the worker through a way that breaks before its n-th request. Gives how many requests there were. */
async function killedAt(at: number, kind: string, isDaemon: boolean): Promise<number> {
  let killed: Promise<void> | undefined;
  const way = await killingProxy(daemon.socket, at, () => {
    if (isDaemon) killed ??= daemon.kill();
    else child.kill('SIGKILL');
  });
  const child = spawn(process.execPath, [worker, way.url, 'redeploy', 'web', reference, digests[kind] ?? ''], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 30_000))]);
  child.kill('SIGKILL');
  await ended;
  await killed;
  way.close();
  if (isDaemon && killed !== undefined) {
    daemon = await startDockerDaemon(own);
    engine.close();
    open();
  }
  return way.count();
}

describe('killed at any request', () => {
  const share = process.env['LAB_LONG'] ? { process: 300, daemon: 60 } : { process: 16, daemon: 4 };
  const story = fc.record({ at: fc.integer({ min: 8, max: 42 }), kind: fc.constantFrom('good', 'crashing') });
  it.each([
    ['the process', share.process, false],
    ['the daemon', share.daemon, true],
  ] as const)(
    '%s: one repair leaves one that serves, on the same volumes',
    async (_who, runs, isDaemon) => {
      for (const { at, kind } of fc.sample(story, { numRuns: runs, seed: 20_261_130 })) {
        const what = `${kind}, killed at request ${at}`;
        empty();
        daemon.docker('pull', '-q', reference);
        run(...simple);
        const before = inspected();
        await killedAt(at, kind, isDaemon);
        await hands.repair(hooks);
        expect(await hands.unfinished(), what).toEqual([]);
        const after = inspected();
        expect(after.State.Running, what).toBe(true);
        expect(after.HostConfig.RestartPolicy, what).toEqual(before.HostConfig.RestartPolicy);
        expect(volumesOf(after), what).toEqual(volumesOf(before));
        const version = daemon.docker('exec', 'web', 'cat', '/etc/version');
        expect(kind === 'good' ? ['1', '2'] : ['1'], what).toContain(version);
        expect(tagOf(reference), what).toBe(after.Image);
        expect(daemon.docker('ps', '--format', '{{.Names}}').trim(), what).toBe('web');
        expect(
          names().filter((name) => /-new|-old/.test(name)),
          what,
        ).toEqual([]);
      }
    },
    1_800_000,
  );
});

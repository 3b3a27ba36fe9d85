import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import { parseReference } from '../../src/core/image/reference.ts';
import { Secret } from '../../src/core/secret.ts';
import { docker } from '../../src/engines/docker/docker.ts';
import type { Engine } from '../../src/engines/engine.ts';
import type { EngineHands, RedeployHooks, RedeployOutcome, RedeployWish } from '../../src/engines/engine-hands.ts';
import { registryAuth } from '../../src/oci/credentials/registry-auth.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { type BuiltImage, image, layer } from '../support/image-builder.ts';
import { type DockerDaemon, startDockerDaemon } from './support/docker-daemon.ts';
import { publish } from './support/publish.ts';

/*
 * A swarm of two real daemons (docker.io of Debian) on loopback: services are moved by their own rules and go back, and tasks are spread anew
 * over a node that has come back.
 */

const { folder, http, closed } = inject('lab');
const repository = `${http.host}/swarm/web`;
const reference = `${repository}:1`;
const busybox = readFileSync('/bin/busybox');
const build = (version: string, config: Readonly<Record<string, unknown>> = {}): BuiltImage =>
  image({
    layers: [
      layer(['sh', 'sleep'].map((name) => ({ path: `bin/${name}`, content: busybox, mode: 0o755 }))),
      layer({ 'etc/version': version }),
    ],
    config: { Env: ['PATH=/bin'], Cmd: ['sleep', '100000'], StopSignal: 'SIGKILL', ...config },
  });
const kinds = {
  good: build('2'),
  crashing: build('crashing', { Cmd: ['sh', '-c', 'sleep 0.2; exit 3'] }),
  sick: build('sick', { Healthcheck: { Test: ['CMD', 'nothing'], Interval: 5e8, Timeout: 1e9, Retries: 1 } }),
  // It holds longer than the swarm looks.
  late: build('late', { Cmd: ['sh', '-c', 'sleep 4; exit 3'] }),
};
const digests: Record<string, Digest> = {};
let own: string;
let manager: DockerDaemon;
let worker: DockerDaemon;
let engine: Engine;
let hands: EngineHands;

beforeAll(async () => {
  own = mkdtempSync(path.join(tmpdir(), 'plimsoll-swarm-'));
  [manager, worker] = await Promise.all([startDockerDaemon(`${own}/manager`), startDockerDaemon(`${own}/worker`)]);
  for (const [kind, one] of Object.entries(kinds)) digests[kind] = publish(one, `${repository}:${kind}`, folder);
  digests['old'] = publish(build('1'), reference, folder);
  manager.docker('swarm', 'init', '--listen-addr', '127.0.0.1:2377', '--advertise-addr', '127.0.0.1');
  const token = manager.docker('swarm', 'join-token', '-q', 'worker').trim();
  const at = ['--listen-addr', '127.0.0.2:2377', '--advertise-addr', '127.0.0.2'];
  worker.docker('swarm', 'join', '--token', token, ...at, '127.0.0.1:2377');
  engine = docker.connect(
    { url: `unix://${manager.socket}`, from: 'the lab' },
    { userAgent: 'lab', signal: new AbortController().signal },
    'redeploy',
  );
  if (engine.hands === undefined) throw new Error('no hands');
  hands = engine.hands;
});
afterAll(async () => {
  engine.close();
  for (const one of [worker, manager]) one.docker('swarm', 'leave', '--force');
  await Promise.all([manager.stop(), worker.stop()]);
  rmSync(own, { recursive: true, force: true });
});
afterEach(() => {
  const services = manager.docker('service', 'ls', '-q').split('\n').filter(Boolean);
  if (services.length > 0) manager.docker('service', 'rm', ...services);
});

const quick = [
  '--update-monitor',
  '1s',
  '--update-delay',
  '0s',
  '--stop-grace-period',
  '1s',
  '--restart-delay',
  '500ms',
];
const create = (name: string, ...more: readonly string[]): string =>
  manager.docker('service', 'create', '-q', '--name', name, '--network', 'host', ...quick, ...more, reference);
const spec = (name: string): { TaskTemplate: { ContainerSpec: { Image: string } } } =>
  JSON.parse(manager.docker('service', 'inspect', name))[0].Spec;
const hooks: RedeployHooks = {
  now: 1.8e12,
  stopping: () => false,
  credentials: async () => undefined,
  wantsLog: false,
};

function wish(kind: string, more: Partial<RedeployWish> = {}): RedeployWish {
  const digest = digests[kind] ?? digestOf('missing');
  return {
    workload: 'web',
    kind: 'service',
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

async function redeploy(
  kind: string,
  more: Partial<RedeployWish> = {},
  login?: RedeployHooks['credentials'],
): Promise<RedeployOutcome> {
  const planned = await hands.plan(wish(kind, more));
  if (planned.is !== 'plan') throw new Error(JSON.stringify(planned));
  return hands.redeploy(planned.plan, login === undefined ? hooks : { ...hooks, credentials: login });
}

describe('a service', () => {
  it('is moved by its own rules, and nothing of it is changed but the digest', async () => {
    create('web', '--replicas', '2', '--update-order', 'start-first', '-e', 'OWN=1', '--container-label', 'a=b');
    const before = spec('web');
    expect(before.TaskTemplate.ContainerSpec.Image).toBe(`${reference}@${digests['old']}`);
    expect(await redeploy('good')).toMatchObject({
      outcome: 'moved',
      from: digests['old'],
      gate: { verdict: 'passed' },
    });
    const after = spec('web');
    expect(after.TaskTemplate.ContainerSpec.Image).toBe(`${reference}@${digests['good']}`);
    after.TaskTemplate.ContainerSpec.Image = before.TaskTemplate.ContainerSpec.Image;
    expect(after).toEqual(before);
    expect(await hands.plan(wish('good'))).toEqual({ is: 'current' });
    const planned = await hands.planRollback(wish('good'));
    if (planned.is !== 'plan') throw new Error(JSON.stringify(planned));
    expect(await hands.redeploy(planned.plan, hooks)).toMatchObject({ outcome: 'moved', to: digests['old'] });
  });

  it.each([
    ['crashing', 'pause', /did not come up$/],
    ['crashing', 'rollback', /the swarm has put it back/],
    ['sick', 'pause', /did not come up$/],
    ['missing', 'pause', /did not come up$/],
    ['late', 'pause', /one of its new tasks ended/],
  ])('goes back when its tasks do not hold: %s, %s', async (kind, action, reason) => {
    create('web', '--update-failure-action', action);
    const gate = { kind: 'running', seconds: 8 } as const;
    expect(await redeploy(kind, { gate })).toMatchObject({ outcome: 'undone', reason: expect.stringMatching(reason) });
    expect(spec('web').TaskTemplate.ContainerSpec.Image).toBe(`${reference}@${digests['old']}`);
  });

  it.each([
    ['a login of ours', true],
    ['the login that it has', false],
  ])('of a registry that asks who comes is moved on a worker without a login, with %s', async (_, isOurs) => {
    const name = `${closed.host}/swarm/web:1`;
    const login = { kind: 'password', username: closed.user, password: new Secret(closed.password) } as const;
    manager.docker('login', '-u', closed.user, '-p', closed.password, closed.host);
    const words = [...quick, '--with-registry-auth', '--constraint', 'node.role==worker'];
    manager.docker('service', 'create', '-q', '--name', 'web', '--network', 'host', ...words, name);
    manager.docker('logout', closed.host);
    const credentials = async (): Promise<string> => registryAuth(login, closed.host);
    const outcome = await redeploy('good', { reference: parseReference(name) }, isOurs ? credentials : undefined);
    expect(outcome).toMatchObject({ outcome: 'moved' });
    expect(spec('web').TaskTemplate.ContainerSpec.Image).toBe(`${name}@${digests['good']}`);
  });

  it('that has no tasks is written, and not waited for', async () => {
    create('web', '--replicas', '0');
    expect(await redeploy('good')).toMatchObject({ outcome: 'moved' });
    expect(spec('web').TaskTemplate.ContainerSpec.Image).toContain(digests['good']);
  });

  it('whose tasks write on their node is left alone, unless one node is all it may have', async () => {
    create('web', '--mount', 'type=volume,source=precious,target=/precious');
    expect(await hands.plan(wish('good'))).toMatchObject({
      is: 'refused',
      reason: expect.stringContaining('more than one node'),
    });
    expect(await hands.plan(wish('good', { even: new Set(['volumes']) }))).toMatchObject({ is: 'plan' });
    manager.docker('service', 'update', '-q', '-d', '--constraint-add', 'node.role==manager', 'web');
    await expect.poll(async () => (await hands.plan(wish('good'))).is, { timeout: 60_000 }).toBe('plan');
  });
});

it('tasks are spread anew over a node that came back, a service at a time', async () => {
  const swarm = engine.swarm;
  const spread = async (): Promise<number[]> => {
    const picture = await swarm?.picture();
    const counts = new Map(picture?.nodes.map(({ id }) => [id, 0]));
    for (const { node } of picture?.tasks ?? []) counts.set(node, (counts.get(node) ?? 0) + 1);
    return [...counts.values()].sort();
  };
  for (const name of ['one', 'two']) create(name, '--replicas', '2');
  const node = manager.docker('node', 'ls', '-q', '--filter', 'role=worker').trim();
  manager.docker('node', 'update', '--availability', 'drain', node);
  await expect.poll(spread, { timeout: 60_000, interval: 500 }).toEqual([0, 4]);
  manager.docker('node', 'update', '--availability', 'active', node);
  const service = manager.docker('service', 'inspect', '-f', '{{.ID}}', 'one').trim();
  expect(await swarm?.force(service, () => false)).toBe('completed');
  expect(await spread()).toEqual([1, 3]);
});

describe('by the command line', () => {
  const write = (text: string): void => writeFileSync(path.join(own, 'plimsoll.yml'), text);
  const plimsoll = (now: string, ...args: readonly string[]): Promise<CliResult> =>
    cli([...args, '--state', 'state.db'], { cwd: own, env: { PLIMSOLL_NOW: now } });
  const engineOf = (): string =>
    `engines: [{ name: prod, host: "unix://${manager.socket}", mode: redeploy }]\nregistries: { "${http.host}": { insecure: true } }\n`;

  it('tasks are spread when the node has been seen for ten minutes, once a day, by as few forced updates as that takes', async () => {
    write(`version: 1\n${engineOf()}`);
    for (const name of ['a', 'b', 'c', 'd', 'e']) create(name, '--replicas', '2');
    const node = manager.docker('node', 'ls', '-q', '--filter', 'role=worker').trim();
    manager.docker('node', 'update', '--availability', 'drain', node);
    const tasks = (): string[] =>
      manager.docker('node', 'ps', node, '--filter', 'desired-state=running', '-q').split('\n').filter(Boolean);
    const settled = async (): Promise<string> => {
      const picture = await engine.swarm?.picture();
      return `${picture?.tasks.filter((one) => one.node !== node).length} of 10, ${picture?.unsettled} unsettled`;
    };
    await expect.poll(settled, { timeout: 60_000, interval: 500 }).toBe('10 of 10, 0 unsettled');
    manager.docker('node', 'update', '--availability', 'active', node);
    const rebalance = async (now: string, ...more: readonly string[]) => {
      const { code, stdout, stderr } = await plimsoll(now, 'rebalance', 'prod', '--format', 'json', ...more);
      return { code, stderr, ...(JSON.parse(stdout || '{}') as Record<string, unknown>) };
    };
    const first = await rebalance('2030-01-01T06:00:00Z', '--dry-run');
    expect(first).toMatchObject({
      code: 1,
      before: { deviation: 5 },
      forced: [],
      reason: expect.stringContaining('10 are waited for'),
    });
    const planned = await rebalance('2030-01-01T06:11:00Z', '--dry-run');
    expect(planned).toMatchObject({
      code: 0,
      after: { deviation: 2 },
      forced: [{ outcome: 'planned' }, { outcome: 'planned' }, { outcome: 'planned' }],
    });
    expect(tasks()).toEqual([]);
    const done = await rebalance('2030-01-01T06:11:00Z');
    expect(done).toMatchObject({
      code: 0,
      schema: 2,
      engine: 'prod',
      before: { deviation: 5 },
      after: { deviation: 2 },
    });
    expect(done).toMatchObject({
      forced: [{ outcome: 'completed' }, { outcome: 'completed' }, { outcome: 'completed' }],
    });
    expect(tasks()).toHaveLength(3);
    expect(await rebalance('2030-01-01T07:00:00Z', '--above', '1')).toMatchObject({
      code: 1,
      forced: [],
      reason: 'it was rebalanced less than a day ago',
    });
  });

  it('a service is moved by its name, and taken back', async () => {
    write(`version: 1\n${engineOf()}rules: [{ match: { engine: prod }, gate: running=1s }]\n`);
    const older = publish(build('1'), reference, folder);
    create('web', '--replicas', '2');
    const newer = publish(build('moved'), reference, folder);
    const outcomes = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await plimsoll('2030-01-02T06:00:00Z', ...args, '--format', 'json');
      return { code, stderr, all: (JSON.parse(stdout || '{"outcomes":[]}') as { outcomes: object[] }).outcomes };
    };
    expect(await outcomes('redeploy', 'prod:web')).toMatchObject({
      code: 0,
      all: [{ workload: { kind: 'service', name: 'web' }, to: newer, outcome: 'moved' }],
    });
    expect(spec('web').TaskTemplate.ContainerSpec.Image).toBe(`${reference}@${newer}`);
    expect(await outcomes('rollback', 'prod:web')).toMatchObject({ code: 0, all: [{ to: older, outcome: 'moved' }] });
    expect(spec('web').TaskTemplate.ContainerSpec.Image).toBe(`${reference}@${older}`);
  });
});

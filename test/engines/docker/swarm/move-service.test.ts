import { afterEach, describe, expect, it } from 'vitest';
import { parseReference } from '../../../../src/core/image/reference.ts';
import type { Planned, RedeployOutcome, RedeployWish } from '../../../../src/engines/engine-hands.ts';
import { canary, type ModelService } from '../../../support/engine/docker-model.ts';
import { newer, older, reference, type Scene, startScene } from '../../../support/engine/swap-scene.ts';

const open: Scene[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const pinned = `${reference}@${older}`;
const container = {
  Image: pinned,
  Env: [`PASSWORD=${canary}`],
  Args: [canary],
  Labels: { 'com.docker.stack.image': reference },
};
const plain = {
  TaskTemplate: { ContainerSpec: container, ForceUpdate: 3 },
  Mode: { Replicated: { Replicas: 1 } },
  UpdateConfig: { Parallelism: 1, Monitor: 5e9, Order: 'stop-first' },
};

async function scene(spec: object = plain): Promise<Scene & { readonly service: ModelService }> {
  const one = await startScene();
  open.push(one);
  return { ...one, service: one.fake.model.serve('api', spec as typeof plain) };
}
const wish = (more: Partial<RedeployWish> = {}): RedeployWish => ({
  workload: 'api',
  kind: 'service',
  reference: parseReference(reference),
  to: { root: newer, manifest: newer },
  gate: { kind: 'running', seconds: 0.05 },
  gateTimeout: 600,
  keepOld: 3600,
  dependsOn: [],
  even: new Set(),
  ...more,
});
const reason = (planned: Planned): string => (planned.is === 'refused' ? planned.reason : planned.is);
async function redeploy({ hands, hooks }: Scene, more: Partial<RedeployWish> = {}): Promise<RedeployOutcome> {
  const planned = await hands.plan(wish(more));
  if (planned.is !== 'plan') throw new Error(JSON.stringify(planned));
  return hands.redeploy(planned.plan, hooks());
}
const changes = ({ fake }: Scene): string[] => fake.log.filter((line) => !line.startsWith('GET '));

describe('a service', () => {
  it('gets the digest that was judged, and keeps all else', async () => {
    const one = await scene();
    expect(await redeploy(one)).toMatchObject({
      outcome: 'moved',
      from: older,
      to: newer,
      gate: { verdict: 'passed' },
    });
    const ContainerSpec = { ...container, Image: `${reference}@${newer}` };
    expect(one.service.spec).toEqual({ Name: 'api', ...plain, TaskTemplate: { ...plain.TaskTemplate, ContainerSpec } });
    expect(changes(one)).toEqual(['POST /services/service-api/update?version=7&registryAuthFrom=spec']);
    expect(await one.hands.plan(wish())).toEqual({ is: 'current' });
  });

  it('waits for a healthcheck where its rule says so, unless its image is known to have none', async () => {
    const gate = { kind: 'health' } as const;
    const image = (behaviour: Readonly<Record<string, string>>) => ({ gate, newImage: { behaviour, labels: {} } });
    const check = JSON.stringify({ Test: ['CMD', 'true'], Interval: 1e9, Timeout: 1e9, Retries: 1 });
    for (const more of [{ gate }, image({ Healthcheck: check })])
      expect(await redeploy(await scene(), more)).toMatchObject({ outcome: 'moved', gate: { kind: 'health' } });
    const one = await scene();
    expect(reason(await one.hands.plan(wish(image({}))))).toBe('its gate is health, and it has no healthcheck');
  });

  it('is given our login where there is one', async () => {
    const one = await scene();
    const planned = await one.hands.plan(wish());
    let sent: unknown;
    one.fake.intercept = ({ headers, method }) => {
      if (method === 'POST') sent = headers['x-registry-auth'];
      return false;
    };
    if (planned.is === 'plan')
      await one.hands.redeploy(planned.plan, one.hooks({ credentials: async () => 'bG9naW4' }));
    expect(sent).toBe('bG9naW4');
    expect(changes(one)).toEqual(['POST /services/service-api/update?version=7']);
  });

  it('that was changed meanwhile is read and judged anew, three times', async () => {
    for (const [times, outcome] of [
      [2, 'moved'],
      [3, 'refused'],
    ] as const) {
      const one = await scene();
      const planned = await one.hands.plan(wish());
      let left = times as number;
      one.fake.intercept = ({ method }) => {
        if (method === 'POST' && left-- > 0) one.service.version++;
        return false;
      };
      if (planned.is !== 'plan') throw new Error('no plan');
      expect(await one.hands.redeploy(planned.plan, one.hooks())).toMatchObject({ outcome });
      expect(changes(one)).toHaveLength(3);
    }
  });

  it.each([
    ['paused', 'undone', 'its new tasks did not come up', 2],
    ['rollback_completed', 'undone', 'its new tasks did not come up, and the swarm has put it back', 1],
  ] as const)('whose update ends as %s is put back', async (ends, outcome, said, count) => {
    const one = await scene();
    one.service.ends = ends;
    expect(await redeploy(one)).toMatchObject({ outcome, reason: said });
    expect(changes(one)).toHaveLength(count);
    expect(one.service.spec).toMatchObject({ TaskTemplate: { ContainerSpec: { Image: pinned } } });
  });

  it('is left to whoever changed it meanwhile: what the swarm would go back to is no longer what was before', async () => {
    const one = await scene();
    one.fake.intercept = ({ url = '' }) => {
      const isWatched = one.fake.log.filter((line) => line.startsWith('GET /tasks')).length > 3;
      if (isWatched && url.includes('/tasks') && one.service.spec['Labels'] === undefined) {
        one.service.previous = one.service.spec;
        one.service.spec = { ...one.service.spec, Labels: { owner: 'was here' } };
        one.service.version++;
        one.service.tasks = new Map([['api-2', 'running']]);
      }
      return false;
    };
    expect(await redeploy(one, { gate: { kind: 'running', seconds: 0.2 } })).toMatchObject({
      outcome: 'unfinished',
      reason: expect.stringContaining('somebody else has changed it meanwhile'),
    });
    expect(changes(one)).toHaveLength(1);
    expect(one.service.spec).toMatchObject({ Labels: { owner: 'was here' } });
  });

  it('goes back where a task ends after its update was over', async () => {
    const one = await scene();
    one.fake.intercept = ({ url = '' }) => {
      if (one.fake.log.filter((line) => line.startsWith('GET /tasks')).length > 3 && url.includes('/tasks'))
        one.service.tasks = new Map([['api-2', 'starting']]);
      return false;
    };
    const outcome = await redeploy(one, { gate: { kind: 'running', seconds: 0.2 } });
    expect(outcome).toMatchObject({
      outcome: 'undone',
      reason: 'one of its new tasks ended',
      gate: { verdict: 'failed' },
    });
  });

  it('without tasks is written, and nobody waits', async () => {
    const one = await scene({ ...plain, Mode: { Replicated: { Replicas: 0 } } });
    one.service.ends = 'updating';
    expect(await redeploy(one)).toMatchObject({ outcome: 'moved', gate: { verdict: 'not reached' } });
  });

  it('is left to the swarm when the process is to end', async () => {
    const one = await scene();
    one.service.ends = 'updating';
    const planned = await one.hands.plan(wish());
    if (planned.is !== 'plan') throw new Error('no plan');
    const hooks = one.hooks({ stopping: () => changes(one).length > 0 });
    expect(await one.hands.redeploy(planned.plan, hooks)).toMatchObject({ outcome: 'unfinished' });
  });

  it('goes back to what was before', async () => {
    const one = await scene();
    await redeploy(one);
    const planned = await one.hands.planRollback(wish());
    if (planned.is !== 'plan') throw new Error(JSON.stringify(planned));
    expect(await one.hands.redeploy(planned.plan, one.hooks())).toMatchObject({ outcome: 'moved', to: older });
    expect(one.service.spec).toMatchObject({ TaskTemplate: { ContainerSpec: { Image: pinned } } });
  });

  it('tells nothing of what it is made of', async () => {
    const one = await scene();
    one.service.ends = 'paused';
    const planned = await one.hands.plan(wish());
    expect(JSON.stringify([planned, await redeploy(one)])).not.toContain(canary);
  });
});

describe('a service is left alone', () => {
  const task = (more: object, rest: object = {}): object => ({
    ...plain,
    ...rest,
    TaskTemplate: { ...plain.TaskTemplate, ContainerSpec: { ...container, ...more } },
  });
  const hostPort = { EndpointSpec: { Ports: [{ TargetPort: 80, PublishedPort: 80, PublishMode: 'host' }] } };
  it.each([
    ['that is a job', { ...plain, Mode: { ReplicatedJob: {} } }, 'a job'],
    ['whose owner pinned it', task({ Labels: { 'com.docker.stack.image': pinned } }), 'pinned a digest'],
    ['that has a digest alone', task({ Image: `registry.example/shop/web@${older}`, Labels: {} }), 'pinned a digest'],
    ['of another name', task({ Image: 'other:1', Labels: {} }), 'another name'],
    [
      'whose new tasks would find the port taken',
      { ...plain, ...hostPort, UpdateConfig: { Order: 'start-first' } },
      'start-first',
    ],
    ['that writes on its node', task({ Mounts: [{ Type: 'bind', Source: '/a', Target: '/b' }] }), 'more than one node'],
    [
      'that has a volume of its node',
      task({ Mounts: [{ Type: 'volume', Source: 'a', Target: '/b' }] }),
      'more than one node',
    ],
    ['that has a port of its node', { ...plain, ...hostPort }, 'more than one node'],
  ])('%s', async (_what, spec, said) => {
    const one = await scene(spec);
    expect(reason(await one.hands.plan(wish()))).toContain(said);
  });

  it.each(['updating', 'paused', 'rollback_started', 'rollback_paused'])('while it is %s', async (state) => {
    const one = await scene();
    one.service.state = state;
    expect(reason(await one.hands.plan(wish()))).toBe(`its last update is not over (${state})`);
  });

  it('unless there is one node for it, or a rule names it', async () => {
    const spec = task({ Mounts: [{ Type: 'bind', Source: '/a', Target: '/b' }] }) as typeof plain;
    const placed = {
      ...spec,
      TaskTemplate: { ...spec.TaskTemplate, Placement: { Constraints: ['node.role==manager'] } },
    };
    expect(reason(await (await scene(placed)).hands.plan(wish()))).toBe('plan');
    expect(reason(await (await scene(spec)).hands.plan(wish({ even: new Set(['volumes']) })))).toBe('plan');
  });

  it('where there is none of that name, or no swarm', async () => {
    expect(reason(await (await scene()).hands.plan(wish({ workload: 'nobody' })))).toBe(
      'there is no service of that name',
    );
    const one = await startScene();
    open.push(one);
    expect(reason(await one.hands.plan(wish()))).toBe('this engine manages no swarm');
  });
});

describe('a forced update', () => {
  it('counts one up, keeps all else, and is waited for', async () => {
    const one = await scene();
    const engine = one.swarm();
    expect(await engine.force('service-api', () => false)).toBe('completed');
    expect(one.service.spec).toEqual({
      Name: 'api',
      ...plain,
      TaskTemplate: { ...plain.TaskTemplate, ForceUpdate: 4 },
    });
    one.service.ends = 'paused';
    expect(await engine.force('service-api', () => false)).toBe('paused');
    one.service.ends = 'updating';
    expect(await engine.force('service-api', () => true)).toBe('stopped');
    expect((await engine.picture())?.services).toMatchObject([{ name: 'api', mode: 'replicated' }]);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { timedGate } from '../../../../src/engines/docker/swap/swap-gate.ts';
import type { Planned } from '../../../../src/engines/engine-hands.ts';
import { canary } from '../../../support/engine/docker-model.ts';
import { older, reference, type Scene, type SceneOptions, startScene } from '../../../support/engine/swap-scene.ts';

const open: Scene[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});
async function scene(options: SceneOptions = {}): Promise<Scene> {
  const started = await startScene(options);
  open.push(started);
  return started;
}
const reason = (planned: Planned): string => (planned.is === 'refused' ? planned.reason : planned.is);

describe('a container that cannot be moved', () => {
  const change = (of: (web: ReturnType<Scene['web']>) => void, options: SceneOptions = {}) => ({ of, options });
  it.each([
    ['goes with its end', change(({ host }) => Object.assign(host, { AutoRemove: true })), '--rm'],
    ['was started from an id', change(({ config }) => Object.assign(config, { Image: 'a'.repeat(64) })), 'image id'],
    ['is pinned', change(({ config }) => Object.assign(config, { Image: `${reference}@${older}` })), 'pinned a digest'],
    [
      'has another name than was judged',
      change(({ config }) => Object.assign(config, { Image: 'other:1' })),
      'another name',
    ],
    ['does not run', change((web) => Object.assign(web, { isRunning: false })), 'it is exited'],
    [
      'is a task',
      change(({ config }) => Object.assign(config['Labels'] as object, { 'com.docker.swarm.task.id': 'x' })),
      'task of a swarm',
    ],
    [
      'is a kubelet’s',
      change(({ config }) => Object.assign(config['Labels'] as object, { 'io.kubernetes.pod.name': 'x' })),
      'kubelet',
    ],
    [
      'is a single run',
      change(({ config }) => Object.assign(config['Labels'] as object, { 'com.docker.compose.oneoff': 'True' })),
      'a single run of compose',
    ],
    [
      'is Plimsoll',
      change(({ config }) => Object.assign(config['Labels'] as object, { 'plimsoll.self': 'true' })),
      'Plimsoll itself',
    ],
    ['has what is not understood', change(({ config }) => Object.assign(config, { Strange: 'x' })), 'not understood'],
    ['has left its network', change(({ networks }) => delete networks['shop']), 'left the network'],
    ['is unhealthy', change((web) => Object.assign(web.image, { behaviour: 'sick' })), 'unhealthy already'],
  ])('since it %s', async (_why, { of, options }, said) => {
    const { hands, wish, web, fake } = await scene(options);
    of(web());
    expect(reason(await hands.plan(wish()))).toContain(said);
    expect(fake.log.filter((line) => !line.startsWith('GET '))).toEqual([]);
    fake.faults.splice(0);
  });

  it('since it is Podman’s, in Docker’s words, of which nothing is changed at all', async () => {
    const { hands, wish, plan, hooks, fake } = await scene();
    const planned = await plan();
    fake.intercept = (_request, response) => {
      response.setHeader('libpod-api-version', '4.3.1');
      return false;
    };
    expect(reason(await hands.plan(wish()))).toContain('it is Podman');
    expect(reason(await hands.planRollback(wish()))).toContain('it is Podman');
    await expect(hands.missingRights()).rejects.toThrow('it is Podman');
    expect(await hands.redeploy(planned, hooks())).not.toMatchObject({ outcome: 'moved' });
    expect(fake.log.filter((line) => !line.startsWith('GET '))).toEqual([]);
  });

  it('since its image is gone', async () => {
    const { hands, wish, fake } = await scene();
    fake.model.images.clear();
    expect(reason(await hands.plan(wish()))).toContain('gone from there');
  });

  it('since a redeploy of it has not come to its end', async () => {
    const { hands, wish, fake } = await scene();
    fake.model.run({ name: 'web.plimsoll-new', image: reference, host: { NetworkMode: 'none' } });
    expect(reason(await hands.plan(wish()))).toContain('has not come to its end');
  });

  it('since there is none of that name, be it the beginning of an id', async () => {
    const { hands, wish, web } = await scene();
    for (const workload of ['nobody', web().id.slice(0, 12), '../info', 'a b'])
      expect(reason(await hands.plan(wish({ workload })))).toMatch(/no container of that name|no name of a container/);
  });

  it('since its gate could not be waited for', async () => {
    const { hands, wish } = await scene({ healthcheck: false });
    expect(reason(await hands.plan(wish({ gate: { kind: 'running', seconds: 700 } })))).toContain(
      'gate.timeout is 600 s',
    );
    const health = { Healthcheck: JSON.stringify({ Test: ['CMD', 'x'], StartPeriod: 900e9 }) };
    const long = await hands.plan(wish({ newImage: { behaviour: health, labels: {} } }));
    expect(reason(long)).toContain('gate.timeout is 600 s');
  });

  it('since the new image would have its container look like one of ours', async () => {
    const { hands, wish } = await scene();
    const newImage = { behaviour: {}, labels: { 'plimsoll.replaces': 'x' } };
    expect(reason(await hands.plan(wish({ newImage })))).toContain('the new image carries labels');
  });
});

describe('a plan', () => {
  it('is none where the digest runs already', async () => {
    const { hands, wish } = await scene();
    expect(await hands.plan(wish({ to: { root: older, manifest: older } }))).toEqual({ is: 'current' });
  });

  it('goes on where a person said yes to an unhealthy one', async () => {
    const { plan, web } = await scene();
    Object.assign(web().image, { behaviour: 'sick' });
    expect(await plan({ even: new Set(['unhealthy']) })).toMatchObject({ workload: 'web' });
  });

  it('names keys, and values only where they are an image’s own', async () => {
    const { plan } = await scene();
    const made = await plan({
      newImage: {
        behaviour: { 'Env.PATH': '/usr/bin', 'Env.VERSION': '2', Healthcheck: '{"Test":["CMD","x"]}' },
        labels: {},
      },
    });
    expect(made.keys).toEqual(
      expect.arrayContaining([
        { key: 'Env.VERSION', verdict: 'from the new image', value: '2' },
        { key: 'Env', verdict: 'kept' },
        { key: 'User', verdict: 'kept' },
        { key: 'Cmd', verdict: 'kept' },
        { key: 'Labels', verdict: 'kept' },
        { key: 'Hostname', verdict: 'dropped' },
        { key: 'HostConfig.Binds', verdict: 'kept' },
      ]),
    );
    expect(made.gate).toEqual({ kind: 'health', seconds: 240 });
    expect(made.mounts).toEqual(['/named', '/data']);
  });

  it('and what came of it hold nothing of the container’s own', async () => {
    for (const behaviour of ['good', 'sick', 'crashing', 'unstartable'] as const) {
      const { plan, hands, hooks, another } = await scene({ behaviour });
      const made = await plan();
      const outcome = await hands.redeploy(made, hooks());
      const told = [
        made,
        outcome,
        await another().unfinished(),
        await another().kept(),
        await another().cleanup(2e12, { removeImages: true }),
      ];
      expect(JSON.stringify(told)).not.toContain(canary);
    }
  });
});

describe('a gate', () => {
  const check = { Test: ['CMD', 'x'] };
  it.each([
    ['health where there is a check', undefined, check, { gate: { kind: 'health' }, seconds: 240 }],
    [
      'two minutes where there is none',
      undefined,
      undefined,
      { gate: { kind: 'running', seconds: 120 }, seconds: 120 },
    ],
    [
      'two minutes where it was taken away',
      undefined,
      { Test: ['NONE'] },
      { gate: { kind: 'running', seconds: 120 }, seconds: 120 },
    ],
    [
      'a minute at least for a quick check',
      undefined,
      { ...check, Interval: 1e9, Timeout: 1e9, Retries: 1 },
      { gate: { kind: 'health' }, seconds: 60 },
    ],
    ['what was asked for', { kind: 'none' } as const, check, { gate: { kind: 'none' }, seconds: 0 }],
    [
      'refused: health without a check',
      { kind: 'health' } as const,
      undefined,
      'its gate is health, and it has no healthcheck',
    ],
  ])('%s', (_what, wanted, healthcheck, expected) => {
    expect(timedGate(wanted, healthcheck, 600)).toEqual(expected);
  });
});

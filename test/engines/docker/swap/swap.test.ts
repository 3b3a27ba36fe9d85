import { afterEach, describe, expect, it } from 'vitest';
import { docker } from '../../../../src/engines/docker/docker.ts';
import { DockerClient, redeployRequests } from '../../../../src/engines/docker/docker-client.ts';
import {
  reference,
  type Scene,
  type SceneOptions,
  standingOf,
  startScene,
} from '../../../support/engine/swap-scene.ts';

const open: Scene[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});
async function scene(options: SceneOptions = {}): Promise<Scene> {
  const started = await startScene(options);
  open.push(started);
  return started;
}

describe('a container is moved', () => {
  it.each([
    ['1.40', 'graph'],
    ['1.41', 'graph'],
    ['1.44', 'graph'],
    ['1.48', 'content'],
    ['1.51', 'content'],
    ['1.51', 'graph'],
  ] as const)('by API %s with images in a %s store', async (version, store) => {
    const one = await scene({ version, store });
    const before = standingOf(one);
    const old = one.web();
    const outcome = await one.redeploy();
    expect(outcome).toMatchObject({ outcome: 'moved', gate: { kind: 'health', verdict: 'passed' } });
    expect(standingOf(one)).toEqual({ ...before, digest: 'newer', tag: 'newer', names: ['web', 'web.plimsoll-kept'] });
    const { networks, config, host } = one.web();
    expect(Object.keys(networks)).toEqual(['shop', 'other']);
    expect(networks['shop']?.['Aliases']).toEqual(
      Number(version.slice(2)) < 45 ? ['web', one.web().id.slice(0, 12)] : ['web'],
    );
    expect(host).toMatchObject({ ...old.host, RestartPolicy: { Name: 'unless-stopped' } });
    expect(config['Env']).toEqual([expect.stringContaining('PASSWORD='), 'PATH=/bin', 'VERSION=2']);
    expect(config['Labels']).toMatchObject({ version: '2', 'plimsoll.name': 'web', 'plimsoll.replaces': old.id });
  });

  it('and what is kept of it is none that runs, nor one that stopped', async () => {
    const one = await scene();
    await one.redeploy();
    const engine = docker.connect(
      { url: one.fake.url, from: 'a test' },
      { userAgent: 'test', signal: new AbortController().signal },
    );
    const { workloads, counts } = await engine.read({ stopped: true, choose: async () => undefined });
    engine.close();
    expect(workloads.map(({ name }) => name)).toEqual(['web']);
    expect(counts).toMatchObject({ containers: 1, stopped: 0 });
  });

  it('again and again: one of before is kept', async () => {
    const one = await scene();
    await one.redeploy();
    const third = `sha256:${'c'.repeat(64)}` as const;
    one.fake.model.publish('registry.example/shop/web', third, { config: { Env: ['PATH=/bin'] } });
    const to = { root: third, manifest: third } as never;
    expect(await one.redeploy({ to, gate: { kind: 'none' } })).toMatchObject({ outcome: 'moved' });
    expect(standingOf(one).names).toEqual(['web', 'web.plimsoll-kept']);
    expect(await one.hands.kept()).toMatchObject([{ workload: 'web', digest: `sha256:${'b'.repeat(64)}` }]);
  });

  it('of compose: what it finds by labels is one container, with the label of its image true', async () => {
    const one = await scene({ compose: true });
    await one.redeploy();
    expect(standingOf(one)).toMatchObject({ names: ['web'], digest: 'newer' });
    expect(one.web().config['Labels']).toMatchObject({ 'com.docker.compose.image': one.web().image.id });
    expect(await one.hands.kept()).toMatchObject([{ workload: 'web', digest: `sha256:${'a'.repeat(64)}` }]);
  });
});

describe('it is put back', () => {
  it.each([
    ['sick', 'the new container is unhealthy', 'failed'],
    ['crashing', 'the new container ended and was started again', 'failed'],
    ['unstartable', 'what it is to start is not there', 'not reached'],
  ] as const)('when the new image is %s', async (behaviour, reason, verdict) => {
    const one = await scene({ behaviour });
    const before = standingOf(one);
    const old = one.web().id;
    expect(await one.redeploy()).toMatchObject({ outcome: 'undone', reason, gate: { verdict } });
    const names = behaviour === 'unstartable' ? ['web'] : ['web', 'web.plimsoll-failed'];
    expect(standingOf(one)).toEqual({ ...before, names });
    expect(one.web().id).toBe(old);
    expect(one.fake.model.image('registry.example/shop/web:1').names).toEqual(new Set(['registry.example/shop/web:1']));
  });

  it.each([
    ['sick', false, 'undone'],
    ['sick', true, 'undone'],
    ['unstartable', false, 'undone'],
    ['foreign', false, 'refused'],
  ] as const)(
    'and what is left of it is named: it declares a volume, is %s, of compose: %s',
    async (is, compose, end) => {
      const one = await scene({ behaviour: is === 'foreign' ? 'good' : is, compose, volume: '/more' });
      const made: string[] = [];
      one.fake.intercept = ({ url = '' }) => {
        const found = [...one.fake.model.containers.values()].find(({ name }) => name === 'web.plimsoll-new');
        made.push(
          ...(found?.mounts ?? []).filter((at) => at['Destination'] === '/more').map((at) => String(at['Name'])),
        );
        // Somebody stops the old one as soon as there is a new one.
        if (is === 'foreign' && url.includes('/containers/create')) one.web().isRunning = false;
        return false;
      };
      const { outcome, reason } = await one.redeploy();
      expect(outcome).toBe(end);
      expect(new Set(made).size).toBe(1);
      expect(reason).toMatch(new RegExp(`; what .* stays when its container has gone: docker volume rm ${made[0]}$`));
    },
  );

  it('with its last lines for whoever wants them', async () => {
    const one = await scene({ behaviour: 'sick' });
    expect(await one.redeploy({}, { wantsLog: true })).toMatchObject({ outcome: 'undone', log: expect.any(Array) });
  });
});

describe('nothing is stopped', () => {
  const untouched = async (one: Scene, why: string | RegExp, more = {}, hooks = {}): Promise<void> => {
    const before = standingOf(one);
    const outcome = await one.redeploy(more, hooks);
    expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(why) });
    expect(standingOf(one)).toEqual(before);
    expect(one.fake.log.filter((line) => /\/stop|plimsoll-old/.test(line))).toEqual([]);
    expect(
      [...one.fake.model.images.values()]
        .flatMap(({ names }) => [...names])
        .filter((name) => name.startsWith('plimsoll.local')),
    ).toEqual([]);
  };

  it('when the registry does not have the digest', async () => {
    const one = await scene();
    one.fake.model.registry.clear();
    await untouched(one, 'could not be pulled: the registry does not have that digest');
  });

  it('when the image is for another platform', async () => {
    await untouched(await scene({ architecture: 'arm64' }), 'it is not for that platform');
  });

  it('when the process is asked to end', async () => {
    const one = await scene();
    let asked = 0;
    await untouched(one, 'asked to end before', {}, { stopping: () => ++asked > 1 });
  });

  it('when somebody stops it meanwhile', async () => {
    const one = await scene();
    one.fake.intercept = ({ url = '' }) => {
      if (url.includes('/containers/create')) one.web().isRunning = false;
      return false;
    };
    expect(await one.redeploy()).toMatchObject({
      outcome: 'refused',
      reason: 'it was changed by somebody else meanwhile',
    });
    expect(standingOf(one)).toMatchObject({ names: ['web'], digest: 'older', tag: 'older', running: [] });
  });

  it('when another image has got the name before the container was made', async () => {
    const one = await scene();
    one.fake.intercept = ({ url = '' }) => {
      const { model } = one.fake;
      const other = `sha256:${'d'.repeat(64)}`;
      if (url.includes('/containers/create')) {
        model.publish('registry.example/shop/web', other);
        model.pull('registry.example/shop/web', other, '1');
      }
      return false;
    };
    const outcome = await one.redeploy();
    expect(outcome).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('its name was moved meanwhile'),
    });
    // What somebody else has named is theirs.
    expect(one.fake.model.image('registry.example/shop/web:1').digests).toEqual(
      new Set([`registry.example/shop/web@sha256:${'d'.repeat(64)}`]),
    );
    expect(standingOf(one)).toMatchObject({ names: ['web'], digest: 'older', running: ['web'] });
  });
});

describe('asked to end after the old one was stopped', () => {
  it('it leaves the rest to the next run', async () => {
    const one = await scene();
    const stopping = (): boolean => one.fake.log.some((line) => line.includes('/stop'));
    expect(await one.redeploy({}, { stopping })).toMatchObject({ outcome: 'unfinished' });
    expect(await one.another().unfinished()).toMatchObject([{ workload: 'web', hands: 'repairable' }]);
    await one.another().repair(one.hooks());
    expect(standingOf(one)).toMatchObject({ running: ['web'], names: ['web'] });
  });
});

describe('two at once', () => {
  it('one wins, and the other leaves everything as it is', async () => {
    for (let turn = 0; turn < 10; turn++) {
      const one = await startScene();
      const [a, b] = [one.hands, one.another()];
      const [mine, theirs] = [await a.plan(one.wish()), await b.plan(one.wish())];
      if (mine.is !== 'plan' || theirs.is !== 'plan') throw new Error('no plan');
      const outcomes = await Promise.all([a.redeploy(mine.plan, one.hooks()), b.redeploy(theirs.plan, one.hooks())]);
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['moved', 'refused']);
      expect(standingOf(one)).toMatchObject({
        running: ['web'],
        digest: 'newer',
        tag: 'newer',
        names: ['web', 'web.plimsoll-kept'],
      });
      expect(one.fake.model.violations).toEqual([]);
      await one.close();
    }
  });
});

describe('a repair while it is under way', () => {
  it.each(['good', 'sick', 'crashing'] as const)('leaves one that serves: %s', async (behaviour) => {
    // From when the new container is there.
    for (let at = 9; at <= 34; at++) {
      const one = await startScene({ behaviour });
      const plan = await one.plan();
      const other = one.another();
      let count = 0;
      let repairing: Promise<unknown> | undefined;
      one.fake.intercept = () => {
        if (++count === at) repairing = other.repair(one.hooks());
        return false;
      };
      await one.hands.redeploy(plan, one.hooks());
      await repairing;
      one.fake.intercept = undefined;
      const { running, digest, tag, policy } = standingOf(one);
      const what = `${behaviour}, repaired at request ${at}`;
      expect({ running, policy }, what).toEqual({ running: ['web'], policy: 'unless-stopped' });
      expect(one.fake.model.violations, what).toEqual([]);
      expect(tag, what).toBe(digest);
      if (behaviour !== 'good') expect(digest, what).toBe('older');
      expect(await one.another().unfinished(), what).toEqual([]);
      await one.close();
    }
  });
});

describe('hands are kept off', () => {
  it('where the old one has gone', async () => {
    const one = await scene();
    const plan = await one.plan();
    one.fake.breakAt = { at: 12, when: 'before' };
    await one.hands.redeploy(plan, one.hooks());
    one.fake.mend();
    const old = one.web();
    one.fake.model.containers.delete(old.id);
    const [told] = await one.another().unfinished();
    expect(told).toMatchObject({
      workload: 'web',
      hands: 'off',
      says: expect.stringContaining('docker rename web.plimsoll-new web'),
    });
    const names = [...one.fake.model.containers.values()].map(({ name }) => name);
    expect(await one.another().repair(one.hooks())).toMatchObject([{ outcome: 'refused' }]);
    expect([...one.fake.model.containers.values()].map(({ name }) => name)).toEqual(names);
  });

  it('where somebody has renamed the one that was parked', async () => {
    const one = await scene();
    const plan = await one.plan();
    one.fake.breakAt = { at: 20, when: 'before' };
    await one.hands.redeploy(plan, one.hooks());
    one.fake.mend();
    one.fake.model.container('web.plimsoll-old').name = 'precious';
    expect(await one.another().unfinished()).toMatchObject([{ hands: 'off' }]);
    await one.another().repair(one.hooks());
    expect(one.fake.model.container('precious').isRunning).toBe(false);
  });

  it('where one was parked and nothing else is left', async () => {
    const one = await scene();
    one.web().name = 'web.plimsoll-old';
    expect(await one.hands.unfinished()).toMatchObject([{ workload: 'web', hands: 'off' }]);
  });

  it('where it is the image that has labels like ours', async () => {
    const one = await scene();
    const labels = { 'plimsoll.name': 'web', 'plimsoll.replaces': one.web().id, 'plimsoll.restart': 'no' };
    const digest = `sha256:${'e'.repeat(64)}`;
    one.fake.model.publish('registry.example/evil', digest, { config: { Labels: labels } });
    one.fake.model.pull('registry.example/evil', digest, '1');
    one.fake.model.run({ name: 'web.plimsoll-new', image: 'registry.example/evil:1', host: { NetworkMode: 'none' } });
    expect(await one.hands.unfinished()).toEqual([]);
    expect(await one.hands.repair(one.hooks())).toEqual([]);
  });
});

describe('what an engine answers', () => {
  it.each([
    ['no JSON', 'POST /containers/create', 201, '<html>', /no JSON/],
    ['no id', 'POST /containers/create', 201, '{"Id":"../x"}', /did not say which/],
    ['a line without an end', 'POST /images/create', 200, 'x'.repeat(1024 * 1024 + 1), /more than 1048576 characters/],
    [
      'that its disk is full, within an answer of 200',
      'POST /images/create',
      200,
      '{"status":"Extracting"}\n{"errorDetail":{"message":"write /c4nary: no space left on device"}}\n',
      /^the new image could not be pulled: no space is left on its disk$/,
    ],
    ['lines that are none', 'POST /images/create', 200, 'null\n[]\n"x"\n{"error":7}\n', /does not have the new image/],
    [
      'a refusal that quotes',
      'POST /containers/create',
      500,
      '{"message":"bad c4nary"}',
      /^POST \/containers\/create was answered with 500$/,
    ],
  ])('be it %s, nothing is stopped', async (_what, call, status, body, why) => {
    const one = await scene();
    const plan = await one.plan();
    one.fake.intercept = ({ method, url = '' }, response) => {
      if (!call.startsWith(`${method} `) || !url.includes(call.split(' ')[1] ?? '')) return false;
      response.writeHead(status).end(body);
      return true;
    };
    const outcome = await one.hands.redeploy(plan, one.hooks());
    expect(outcome.outcome).toMatch(/refused|unfinished/);
    expect(outcome.reason).toMatch(why);
    expect(standingOf(one)).toMatchObject({ running: ['web'], digest: 'older', names: ['web'] });
  });
});

describe('an engine that is only watched', () => {
  it('has no hands, and refuses every change before it is sent', async () => {
    const one = await scene();
    const deps = { userAgent: 'test', signal: new AbortController().signal };
    const address = { url: one.fake.url, from: 'a test' };
    const engine = docker.connect(address, deps);
    expect(engine.hands).toBeUndefined();
    engine.close();
    const client = new DockerClient(address, deps);
    for (const { call } of redeployRequests)
      await expect(client.change({ call, id: 'x' })).rejects.toThrow('only watched');
    client.close();
    expect(one.fake.log).toEqual([]);
  });

  it('is what it takes to be refused by a proxy: the permissions are named', async () => {
    const one = await scene();
    const deps = { userAgent: 'test', signal: new AbortController().signal };
    const client = new DockerClient({ url: one.fake.url, from: 'a test' }, deps, 'redeploy');
    one.fake.intercept = ({ url = '' }, response) => {
      if (url.endsWith('/_ping')) return false;
      response.writeHead(403).end('<html>');
      return true;
    };
    for (const { call, permission } of redeployRequests)
      await expect(client.change({ call, id: 'x' })).rejects.toThrow(
        `(403): a proxy in front of the socket has to allow it (${permission})`,
      );
    client.close();
  });
});

describe('those that need it', () => {
  const dependants = async (options: SceneOptions = {}): Promise<Scene> => {
    const one = await scene(options);
    const { model } = one.fake;
    model.publish('registry.example/side', `sha256:${'7'.repeat(64)}`, { config: { Cmd: ['side'] } });
    model.pull('registry.example/side', `sha256:${'7'.repeat(64)}`, '1');
    const image = 'registry.example/side:1';
    model.run({
      name: 'sidecar',
      image,
      host: { NetworkMode: `container:${one.web().id}` },
      config: { Volumes: { '/side': {} } },
    });
    model.run({
      name: 'backup',
      image,
      host: { VolumesFrom: [`${model.container('sidecar').id}:ro`], NetworkMode: 'none' },
    });
    model.run({ name: 'front', image, host: { Links: ['web:backend'] } });
    return one;
  };
  const linked = ({ fake: { model } }: Scene): void => {
    const [web, sidecar, backup, front] = ['web', 'sidecar', 'backup', 'front'].map((name) => model.container(name));
    expect([web, sidecar, backup, front].map((one) => one?.isRunning)).toEqual([true, true, true, true]);
    expect(sidecar?.host['NetworkMode']).toBe(`container:${web?.id}`);
    expect(backup?.host['VolumesFrom']).toEqual([`${sidecar?.id}:ro`]);
    expect(front?.links).toEqual([[web?.id, 'backend']]);
    expect([...model.containers.values()].filter(({ isRunning }) => isRunning)).toHaveLength(4);
    expect(model.violations).toEqual([]);
  };
  const gate = { kind: 'running', seconds: 0.01 } as const;

  it('are made anew with it, with the image that they have', async () => {
    const one = await dependants();
    const plan = await one.plan({ gate });
    expect(plan.dependants).toEqual(['sidecar', 'front', 'backup']);
    expect(await one.hands.redeploy(plan, one.hooks())).toMatchObject({ outcome: 'moved' });
    linked(one);
    expect(standingOf(one)).toMatchObject({
      digest: 'newer',
      names: ['backup', 'front', 'sidecar', 'web', 'web.plimsoll-kept'],
    });
    expect(one.fake.model.container('sidecar').image.names).toEqual(new Set(['registry.example/side:1']));
  });

  it('are put back with it', async () => {
    const one = await dependants({ behaviour: 'sick' });
    const before = ['web', 'sidecar', 'backup'].map((name) => one.fake.model.container(name).id);
    expect(await one.redeploy({ gate: { kind: 'health' } })).toMatchObject({ outcome: 'undone' });
    linked(one);
    expect(['web', 'sidecar', 'backup'].map((name) => one.fake.model.container(name).id)).toEqual(before);
  });

  it('and cannot be made anew keep it where it is', async () => {
    const one = await dependants();
    Object.assign(one.fake.model.container('backup').host, { AutoRemove: true });
    expect(await one.hands.plan(one.wish())).toMatchObject({
      is: 'refused',
      reason: expect.stringMatching(/^backup, which needs it, could not be made anew: it was started with --rm/),
    });
  });

  it('while it needs them: nothing is touched', async () => {
    const one = await dependants();
    Object.assign(one.web().host, { VolumesFrom: ['backup'] });
    expect(await one.hands.plan(one.wish())).toMatchObject({
      is: 'refused',
      reason: expect.stringContaining('need each other'),
    });
  });

  it.each(['good', 'sick'] as const)('and are ended at any request are repaired as one: %s', async (behaviour) => {
    const more = { gate: behaviour === 'sick' ? ({ kind: 'health' } as const) : gate };
    const count = await (async () => {
      const one = await dependants({ behaviour });
      const plan = await one.plan(more);
      const before = one.fake.log.length;
      await one.hands.redeploy(plan, one.hooks());
      return one.fake.log.length - before;
    })();
    expect(count).toBeGreaterThan(40);
    for (let at = 1; at <= count; at++) {
      for (const when of ['before', 'after'] as const) {
        const one = await dependants({ behaviour, restart: 'always' });
        const plan = await one.plan(more);
        one.fake.breakAt = { at, when };
        await one.hands.redeploy(plan, one.hooks());
        one.fake.mend();
        await one.another().repair(one.hooks());
        const what = `ended ${when} request ${at} of ${count}`;
        expect(await one.another().unfinished(), what).toEqual([]);
        linked(one);
        const { digest, tag } = standingOf(one);
        expect(tag, what).toBe(digest);
        if (behaviour === 'sick') expect(digest, what).toBe('older');
        await open.pop()?.close();
      }
    }
  });
});

describe('back to what was before', () => {
  it('by the same way, kept or not', async () => {
    for (const compose of [false, true]) {
      const one = await scene({ compose });
      await one.redeploy();
      const { plan } = (await one.hands.planRollback(one.wish())) as {
        plan: Parameters<Scene['hands']['redeploy']>[0];
      };
      expect(plan).toMatchObject({
        to: { root: `sha256:${'a'.repeat(64)}` },
        from: { root: `sha256:${'b'.repeat(64)}` },
      });
      expect(await one.hands.redeploy(plan, one.hooks())).toMatchObject({ outcome: 'moved' });
      expect(standingOf(one)).toMatchObject({
        digest: 'older',
        tag: 'older',
        policy: 'unless-stopped',
        running: ['web'],
      });
      expect(one.web().config['Env']).toContain('VERSION=1');
      expect(one.fake.log.filter((line) => line.startsWith('POST /images/create'))).toHaveLength(1);
    }
  });

  it('from one that has ended, or is unhealthy', async () => {
    const one = await scene();
    await one.redeploy();
    Object.assign(one.web().image, { behaviour: 'sick' });
    Object.assign(one.web(), { isRunning: false });
    const planned = await one.hands.planRollback(one.wish());
    if (planned.is !== 'plan') throw new Error(JSON.stringify(planned));
    expect(await one.hands.redeploy(planned.plan, one.hooks())).toMatchObject({ outcome: 'moved' });
    expect(standingOf(one)).toMatchObject({ digest: 'older', running: ['web'] });
  });

  it('is not possible where nothing is kept', async () => {
    const one = await scene();
    expect(await one.hands.planRollback(one.wish())).toEqual({
      is: 'refused',
      reason: 'nothing of what was before is kept',
    });
  });
});

it('leaves a name to what was built under it since', async () => {
  const one = await scene();
  const { model } = one.fake;
  const built = model.build(reference, one.web().image);
  expect(await one.hands.plan(one.wish())).toMatchObject({
    is: 'refused',
    reason: expect.stringContaining('the name of its image stands for another one there'),
  });
  // What was pulled by that name is no wish of anybody's.
  model.publish('registry.example/shop/web', `sha256:${'c'.repeat(64)}`);
  model.pull('registry.example/shop/web', `sha256:${'c'.repeat(64)}`, '1');
  expect(await one.redeploy()).toMatchObject({ outcome: 'moved' });
  expect([...model.images.keys()]).toContain(built.id);
});

describe('what was kept', () => {
  it('stays when the clock goes back, and a move then is a move', async () => {
    const one = await scene();
    const { now } = one.hooks();
    await one.redeploy();
    const yesterday = now - 24 * 3600_000;
    expect(await one.hands.cleanup(yesterday, { removeImages: true })).toEqual([]);
    expect(await one.another().unfinished()).toEqual([]);
    const third = `sha256:${'c'.repeat(64)}` as const;
    one.fake.model.publish('registry.example/shop/web', third, { config: { Env: ['PATH=/bin'] } });
    const to = { root: third, manifest: third } as never;
    expect(await one.redeploy({ to, gate: { kind: 'none' } }, { now: yesterday })).toMatchObject({ outcome: 'moved' });
    expect(await one.hands.kept()).toMatchObject([{ workload: 'web', digest: `sha256:${'b'.repeat(64)}` }]);
    expect(standingOf(one)).toMatchObject({ running: ['web'], names: ['web', 'web.plimsoll-kept'] });
  });

  it('goes when its time is over, and images only where they are ours to remove', async () => {
    const one = await scene();
    await one.redeploy();
    const now = 1_800_000_000_000;
    expect(await one.hands.cleanup(now + 3_599_000, { removeImages: true })).toEqual([]);
    expect(standingOf(one).names).toContain('web.plimsoll-kept');
    expect(await one.hands.cleanup(now + 3_601_000, { removeImages: false })).toHaveLength(2);
    expect(standingOf(one).names).toEqual(['web']);
    expect(one.fake.model.images.size).toBe(2);
    expect(await one.hands.kept()).toEqual([]);
  });

  it('is not removed where it is what somebody had built under the name, and nobody ran', async () => {
    const one = await scene();
    const { model } = one.fake;
    const [pulled] = model.images.values();
    if (pulled === undefined) throw new Error('no image');
    const plan = await one.plan();
    const built = model.build(reference, pulled);
    expect(await one.hands.redeploy(plan, one.hooks())).toMatchObject({ outcome: 'moved' });
    expect(standingOf(one).tag).toBe('newer');
    await one.hands.cleanup(1_900_000_000_000, { removeImages: true });
    expect([...model.images.keys()]).toContain(built.id);
    expect([...model.images.keys()]).not.toContain(pulled.id);
  });

  it('is removed with its image, unless another container has that', async () => {
    const one = await scene();
    await one.redeploy();
    const later = 1_900_000_000_000;
    expect(await one.hands.cleanup(later, { removeImages: true })).toHaveLength(3);
    expect(one.fake.model.images.size).toBe(1);
  });
});

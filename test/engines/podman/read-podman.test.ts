import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import type { Digest } from '../../../src/core/image/digest.ts';
import type { EngineReading, ReadOptions, RunningWorkload } from '../../../src/engines/engine.ts';
import { podman } from '../../../src/engines/podman/podman.ts';
import { podmanAddress } from '../../../src/engines/podman/podman-address.ts';
import { type FakePodman, type FakePodmanImage, startFakePodman } from '../../support/engine/fake-podman.ts';

let fake: FakePodman;
beforeEach(async () => {
  fake = await startFakePodman();
});
afterEach(() => fake.close());

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}` as Digest;
const image = 'registry.example/team/web:1';
const name = 'registry.example/team/web';
const stored = (...all: readonly string[]): FakePodmanImage => ({
  id: 'c'.repeat(64),
  digest: digest('a'),
  repoDigests: all,
});
const plain = stored(`${name}@${digest('a')}`);

async function read(options: Partial<ReadOptions> = {}, from = fake): Promise<EngineReading> {
  const engine = podman.connect(
    { url: from.url, from: 'a test' },
    { userAgent: 'test', signal: new AbortController().signal },
  );
  try {
    return await engine.read({ stopped: false, choose: async () => undefined, ...options });
  } finally {
    engine.close();
  }
}

async function only(options: Partial<ReadOptions> = {}): Promise<RunningWorkload | undefined> {
  return (await read(options)).workloads[0];
}

describe('the digest that runs', () => {
  it('is the one that the image was pulled by, and not that of the manifest beside it', async () => {
    fake.containers = [{ name: 'web', image, runs: stored(`${name}@${digest('1')}`, `${name}@${digest('a')}`) }];
    expect(await only()).toMatchObject({ image: { is: 'known', running: { root: digest('a'), by: 'podman' } } });
  });

  it('stays when the tag has moved on, and the image has no name any more', async () => {
    fake.containers = [{ name: 'web', image, runs: stored() }];
    expect(await only()).toMatchObject({ image: { is: 'known', running: { root: digest('a') } } });
  });

  it('is not put in doubt by a name that was given on that machine', async () => {
    const all = [name, 'localhost/own'].flatMap((one) => [`${one}@${digest('1')}`, `${one}@${digest('a')}`]);
    fake.containers = [{ name: 'web', image, runs: stored(...all) }];
    expect(await only()).toMatchObject({ image: { running: { root: digest('a') } } });
  });

  it('is told by manifests where the image has a second name, which has every digest as well', async () => {
    const both = [name, 'docker.io/library/other'].flatMap((one) => [`${one}@${digest('1')}`, `${one}@${digest('a')}`]);
    fake.containers = [{ name: 'web', image, runs: stored(...both) }];
    const asked: unknown[] = [];
    const chosen = await only({
      choose: async (choice) => {
        asked.push(choice);
        return digest('1');
      },
    });
    expect(asked).toMatchObject([{ digests: [digest('a'), digest('1')], config: digest('c') }]);
    expect(chosen).toMatchObject({ image: { running: { root: digest('1') } } });
    expect(await only()).toMatchObject({ image: { is: 'unknown', problem: { code: 'running-digest-unknown' } } });
  });

  it('is asked of the registry where its name went to another image, and only those of others are left', async () => {
    fake.containers = [
      { name: 'web', image, runs: stored(`docker.io/library/other@${digest('a')}`, `localhost/own@${digest('a')}`) },
    ];
    const asked: unknown[] = [];
    const chosen = await only({
      choose: async (choice) => {
        asked.push(choice);
        return digest('a');
      },
    });
    expect(asked).toMatchObject([
      { repository: { repository: 'team/web' }, digests: [digest('a')], config: digest('c') },
    ]);
    expect(chosen).toMatchObject({ image: { running: { root: digest('a') } } });
    expect(await only()).toMatchObject({
      image: {
        is: 'unknown',
        problem: { message: expect.stringContaining('Podman keeps 1 digest for its image, and whether') },
      },
    });
  });

  it('is the one that its owner wrote', async () => {
    fake.containers = [
      {
        name: 'web',
        image: `${image}@${digest('1')}`,
        runs: stored(`${name}@${digest('1')}`, `${name}@${digest('a')}`),
      },
    ];
    expect(await only()).toMatchObject({
      reference: { digest: digest('1') },
      image: { running: { root: digest('1') } },
    });
  });

  it('is nobody’s where the image was made there, in the registry that Podman calls localhost', async () => {
    fake.containers = [{ name: 'own', image: 'localhost/own:latest', runs: stored(`localhost/own@${digest('a')}`) }];
    expect(await read()).toMatchObject({ workloads: [{ image: { is: 'local' } }], counts: { local: 1 } });
  });
});

describe('who moves it', () => {
  const labelled = async (labels: Readonly<Record<string, string>>): Promise<RunningWorkload | undefined> => {
    fake.containers = [{ name: 'web', image, runs: plain, labels }];
    return only();
  };

  it('is nobody without a label', async () => {
    expect(await labelled({})).not.toHaveProperty('redeploy');
  });

  it('is its unit, with the line for that', async () => {
    expect(await labelled({ PODMAN_SYSTEMD_UNIT: 'web.service' })).toMatchObject({
      why: 'its unit of systemd owns it',
      redeploy: `podman pull ${image} && systemctl restart web.service`,
    });
  });

  it.each(['web.service; rm -rf /', '-web.service', '$(id).service', 'a b.service', 'web\n.service'])(
    'is a unit that cannot stand in a line: %j',
    async (unit) => {
      expect(await labelled({ PODMAN_SYSTEMD_UNIT: unit })).not.toHaveProperty('redeploy');
    },
  );

  it('is podman auto-update', async () => {
    const unit = { PODMAN_SYSTEMD_UNIT: 'web.service' };
    expect(await labelled({ ...unit, 'io.containers.autoupdate': 'registry' })).toMatchObject({
      mode: 'watch',
      why: expect.stringContaining('podman auto-update moves it'),
      redeploy: 'podman auto-update',
    });
    expect(await labelled({ ...unit, 'io.containers.autoupdate': 'local' })).toMatchObject({
      redeploy: `podman pull ${image} && podman auto-update`,
    });
    expect(await labelled({ 'io.containers.autoupdate': 'registry' })).not.toHaveProperty('redeploy');
    expect(await labelled({ ...unit, 'io.containers.autoupdate': 'disabled' })).toMatchObject({ mode: 'ignore' });
  });

  it('is the unit of a user', async () => {
    const own = await startFakePodman({ isRootless: true });
    try {
      own.containers = [{ name: 'web', image, runs: plain, labels: { PODMAN_SYSTEMD_UNIT: 'web.service' } }];
      const { workloads } = await read({}, own);
      expect(workloads).toMatchObject([{ redeploy: `podman pull ${image} && systemctl --user restart web.service` }]);
    } finally {
      await own.close();
    }
  });
});

describe('pods', () => {
  it('have containers, and one that holds them together, which is no use of an image', async () => {
    fake.containers = [
      { name: 'pod-infra', image: 'localhost/podman-pause:4.3.1', runs: plain, pod: 'shop', isInfra: true },
      { name: 'web', image, runs: plain, pod: 'shop' },
    ];
    expect(await read()).toMatchObject({ workloads: [{ name: 'web' }], counts: { containers: 1, local: 0 } });
  });
});

describe('an address', () => {
  it('is the socket of the user, or of root, unless one is named', () => {
    const { url, from } = podmanAddress('', { XDG_RUNTIME_DIR: '/run/user/7' });
    const isRoot = process.getuid?.() === 0;
    expect(url).toBe(isRoot ? 'unix:///run/podman/podman.sock' : 'unix:///run/user/7/podman/podman.sock');
    expect(from).toContain('usual socket');
    expect(podmanAddress('', { CONTAINER_HOST: 'unix:///x.sock' })).toMatchObject({ from: 'CONTAINER_HOST' });
    expect(podmanAddress('unix:///y.sock', {})).toMatchObject({ url: 'unix:///y.sock' });
    expect(() => podmanAddress('ssh://me@nas', {})).toThrow('not asked by ssh');
    expect(() => podmanAddress('', { CONTAINER_HOST: 'nas' })).toThrow('CONTAINER_HOST: ');
  });
});

describe('a service that is something else', () => {
  it.each([
    [{}, 'not as Podman'],
    [{ 'libpod-api-version': '3.0.1' }, 'too old'],
  ])('says %j, and is not read', async (headers, why) => {
    fake.intercept = (_, response) => {
      response.writeHead(200, headers).end('OK');
      return true;
    };
    await expect(read()).rejects.toThrow(why);
  });

  it('refuses one image: the rest is read, and it is not whole', async () => {
    fake.containers = [{ name: 'web', image, runs: plain }];
    fake.intercept = ({ url = '' }, response) => {
      if (!url.includes('/images/')) return false;
      response.writeHead(500).end('{"message":"it is locked"}');
      return true;
    };
    expect(await read()).toMatchObject({
      isWhole: false,
      problems: [{ code: 'ENGINE', message: expect.stringContaining('it is locked') }],
      workloads: [{ image: { is: 'unknown' } }],
    });
  });
});

describe('an engine of the configuration', () => {
  const engines = (host: string): unknown =>
    parseConfig(`version: 1\nengines:\n  - host: "${host}"\n`, 'plimsoll.yml', 'operator', {}).engines;

  it('is Podman by its address', () => {
    expect(engines('podman+unix:///run/podman/podman.sock')).toEqual([
      { type: 'podman', host: 'unix:///run/podman/podman.sock', stopped: false },
    ]);
    expect(engines('podman:')).toEqual([{ type: 'podman', stopped: false }]);
    expect(() => engines('podman+ssh://me@nas')).toThrow('not asked by ssh');
    expect(() => engines('podman+tcp://nas:8080')).toThrow('tcp without TLS');
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/image/digest.ts';
import { docker } from '../../../src/engines/docker/docker.ts';
import type { EngineReading, ReadOptions, RunningWorkload } from '../../../src/engines/engine.ts';
import {
  type FakeEngine,
  type FakeEngineOptions,
  type FakeImage,
  startFakeEngine,
} from '../../support/engine/fake-engine.ts';

const open: FakeEngine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function engine(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  const started = await startFakeEngine(options);
  open.push(started);
  return started;
}

const quiet: ReadOptions = { stopped: false, choose: async () => undefined };

async function read({ url }: { readonly url: string }, options: Partial<ReadOptions> = {}): Promise<EngineReading> {
  const connected = docker.connect(
    { url, from: 'a test' },
    { userAgent: 'test', signal: new AbortController().signal },
  );
  try {
    return await connected.read({ ...quiet, ...options });
  } finally {
    connected.close();
  }
}

const sha = (digit: string): Digest => `sha256:${digit.repeat(64)}` as Digest;
const pulled = (repository: string, digit: string, id = digit): FakeImage => ({
  id: sha(id),
  repoDigests: [`${repository}@${sha(digit)}`],
});
const byName = ({ workloads }: EngineReading): Record<string, RunningWorkload> =>
  Object.fromEntries(workloads.map((one) => [one.name, one]));

describe('which digest runs', () => {
  it('is the one that the store keeps of the same repository', async () => {
    const fake = await engine();
    fake.containers = [
      { name: 'plain', image: 'debian:12', runs: pulled('debian', 'a') },
      {
        name: 'moved',
        image: 'registry.example/team/web:1',
        runs: pulled('registry.example/team/web', 'b'),
        isMoved: true,
      },
      { name: 'built', image: 'mine', runs: { id: sha('c'), repoDigests: [] } },
      { name: 'unchanged-child', image: 'mine2', runs: { id: sha('a'), repoDigests: [`debian@${sha('a')}`] } },
      { name: 'by-id', image: sha('a'), runs: pulled('debian', 'a'), isMoved: true },
      { name: 'by-short-id', image: 'aaaaaaa', runs: pulled('debian', 'a') },
      { name: 'by-short-digest', image: 'sha256:aaaaaaa', runs: pulled('debian', 'a') },
      { name: 'short-name', image: 'beef', runs: pulled('beef', 'a', '9') },
      { name: 'pinned', image: `debian:12@${sha('a')}`, runs: pulled('debian', 'a') },
      { name: 'pinned-otherwise', image: `debian:12@${sha('d')}`, runs: pulled('debian', 'a') },
      { name: 'gone', image: 'debian:12', runs: pulled('debian', 'e'), isMoved: true, isGone: true },
    ];
    const reading = await read(fake);
    const found = byName(reading);
    expect(found['plain']).toMatchObject({
      written: 'debian:12',
      image: { is: 'known', running: { root: sha('a'), by: 'repo-digest' } },
      mode: 'watch',
    });
    expect(found['moved']).toMatchObject({
      written: 'registry.example/team/web:1',
      image: { running: { root: sha('b') } },
    });
    expect(found['built']).toMatchObject({ image: { is: 'local' } });
    expect(found['unchanged-child']).toMatchObject({ image: { is: 'local' } });
    for (const name of ['by-id', 'by-short-id', 'by-short-digest'])
      expect(found[name]).toMatchObject({ image: { is: 'skipped' }, why: expect.stringContaining('an image id') });
    expect(found['short-name']).toMatchObject({ image: { running: { root: sha('a') } } });
    expect(found['pinned']).toMatchObject({
      image: { running: { root: sha('a'), by: 'repo-digest' } },
      reference: { digest: sha('a') },
    });
    expect(found['pinned-otherwise']).toMatchObject({ image: { running: { root: sha('d'), by: 'written' } } });
    expect(found['gone']).toBeUndefined();
    expect(reading.counts).toEqual({ containers: 11, services: 0, stopped: 0, tasks: 0, local: 2 });
    expect(reading.problems).toMatchObject([{ code: 'running-digest-differs', subject: 'pinned-otherwise' }]);
    expect(reading.isWhole).toBe(true);
  });

  it('is asked of the registry where the store keeps several, and unknown where that cannot tell', async () => {
    const fake = await engine();
    const runs = { id: sha('f'), repoDigests: [`debian@${sha('a')}`, `debian@${sha('b')}`, `other@${sha('c')}`] };
    fake.containers = [{ name: 'web', image: 'debian:12', runs }];
    const asked: unknown[] = [];
    const told = await read(fake, {
      choose: async (choice) => {
        asked.push(choice);
        return sha('b');
      },
    });
    expect(asked).toMatchObject([
      { digests: [sha('a'), sha('b')], config: sha('f'), platform: { architecture: 'amd64' } },
    ]);
    expect(byName(told)['web']).toMatchObject({ image: { running: { root: sha('b') } } });
    const untold = await read(fake);
    expect(byName(untold)['web']).toMatchObject({
      image: { is: 'unknown', problem: { code: 'running-digest-unknown' } },
    });
  });

  it("is the image's id with containerd's store, which forgets the repository when the tag moves", async () => {
    for (const version of ['1.44', '1.48', '1.51']) {
      const fake = await engine({ store: 'content', version });
      fake.containers = [
        {
          name: 'web',
          image: 'debian:12',
          runs: { id: sha('a'), repoDigests: [], platform: 'linux/arm64/v8' },
          isMoved: true,
          manifest: sha('b'),
        },
      ];
      expect(byName(await read(fake))['web']).toMatchObject({
        platforms: [{ os: 'linux', architecture: 'arm64' }],
        image: { running: { root: sha('a'), by: 'store', ...(version !== '1.44' && { manifest: sha('b') }) } },
      });
    }
  });
});

describe('Podman, asked in Docker’s words,', () => {
  const asPodman: FakeEngine['intercept'] = (_request, response) => {
    response.setHeader('libpod-api-version', '4.3.1');
    return false;
  };

  it('has made only what it calls localhost; of what has lost its digests it does not know', async () => {
    const fake = await engine();
    fake.intercept = asPodman;
    fake.containers = [
      { name: 'own', image: 'localhost/own:latest', runs: pulled('localhost/own', 'a') },
      { name: 'moved', image: 'debian:12', runs: { id: sha('b'), repoDigests: [] } },
      { name: 'plain', image: 'debian:12', runs: pulled('debian', 'c') },
    ];
    const found = byName(await read(fake));
    expect(found['own']).toMatchObject({ image: { is: 'local' } });
    expect(found['moved']).toMatchObject({ image: { is: 'unknown', problem: { code: 'running-digest-unknown' } } });
    expect(found['plain']).toMatchObject({ image: { running: { root: sha('c') } } });
  });
});

describe('what is read', () => {
  it.each(['1.40', '1.41', '1.44', '1.48', '1.51', '1.60'])('by a daemon that speaks up to %s', async (version) => {
    const fake = await engine({ version, minimum: version === '1.60' ? '1.44' : '1.12' });
    fake.containers = [{ name: 'web', image: 'debian:12', runs: pulled('debian', 'a') }];
    expect(byName(await read(fake))['web']?.image.is).toBe('known');
  });

  it('by its own name where others are linked to it', async () => {
    const fake = await engine();
    const runs = pulled('debian', 'a');
    fake.containers = [{ name: 'web', image: 'debian:12', runs, linkedAs: ['a-proxy/backend', 'proxy/web'] }];
    expect((await read(fake)).workloads.map(({ name }) => name)).toEqual(['web']);
  });

  it('by the beginning of its id where its name is gone already', async () => {
    const fake = await engine();
    fake.containers = [
      { name: 'web', image: 'debian:12', runs: pulled('debian', 'a'), state: 'dead', isNameless: true },
    ];
    expect((await read(fake, { stopped: true })).workloads.map(({ name }) => name)).toEqual(['0'.repeat(12)]);
  });

  it('inspects a container only where the list does not say its image, an image once, and never changes anything', async () => {
    const fake = await engine();
    const runs = pulled('debian', 'a');
    fake.containers = Array.from({ length: 20 }, (_, i) => ({
      name: `web-${i}`,
      image: 'debian:12',
      runs,
      isMoved: i === 0,
    }));
    await read(fake);
    expect(fake.log.map((line) => line.replace(/[0-9a-f]{64}/, 'ID'))).toEqual([
      'GET /_ping',
      'GET /info',
      'GET /containers/json?all=1',
      'GET /images/sha256%3AID/json',
      'GET /containers/ID/json',
    ]);
  });

  it('leaves out what does not run, unless that is asked for, and what others own', async () => {
    const fake = await engine();
    fake.containers = [
      { name: 'off', image: 'debian:12', runs: pulled('debian', 'a'), state: 'exited' },
      { name: 'paused', image: 'debian:12', runs: pulled('debian', 'a'), state: 'paused' },
      { name: 'pod', image: 'debian:12', runs: pulled('debian', 'a'), labels: { 'io.kubernetes.pod.name': 'x' } },
      { name: 'web.plimsoll-old', image: 'debian:12', runs: pulled('debian', 'a'), labels: { 'plimsoll.name': 'web' } },
    ];
    expect(await read(fake)).toMatchObject({ workloads: [{ name: 'paused' }], counts: { containers: 1, stopped: 1 } });
    expect(await read(fake, { stopped: true })).toMatchObject({ workloads: [{ name: 'off' }, { name: 'paused' }] });
  });

  it('knows the service of a compose project', async () => {
    const fake = await engine();
    const labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
    fake.containers = [{ name: 'shop_web_1', image: 'debian:12', runs: pulled('debian', 'a'), labels }];
    expect(byName(await read(fake))['shop_web_1']).toMatchObject({ compose: { project: 'shop', service: 'web' } });
  });
});

describe('a swarm', () => {
  it('of which a worker knows only how many tasks it has', async () => {
    const fake = await engine({ swarm: 'worker' });
    fake.containers = [
      { name: 'web.1.x', image: 'debian:12', runs: pulled('debian', 'a'), labels: { 'com.docker.swarm.task.id': 'x' } },
    ];
    expect(await read(fake)).toMatchObject({
      workloads: [],
      counts: { tasks: 1, containers: 0 },
      isWhole: true,
      problems: [{ code: 'swarm-unread', message: expect.stringContaining('1 task of a swarm that is not read') }],
    });
  });

  it('by its manager: the digest that the command line wrote is what runs, and a pin only where the owner wrote it', async () => {
    const fake = await engine({ swarm: 'manager', nodes: ['x86_64', 'aarch64'] });
    fake.services = [
      { name: 'web', image: `debian:12@${sha('a')}`, nodes: [1] },
      { name: 'shop_db', image: `debian:12@${sha('a')}`, labels: { 'com.docker.stack.image': 'debian:12' } },
      {
        name: 'shop_pin',
        image: `debian:12@${sha('a')}`,
        labels: { 'com.docker.stack.image': `debian:12@${sha('a')}` },
      },
      { name: 'bare', image: `debian@${sha('a')}` },
      { name: 'nothing', image: 'debian:12' },
      { name: 'here', image: 'debian:12' },
      { name: 'none', image: `debian:12@${sha('a')}`, replicas: 0 },
    ];
    fake.containers = [
      {
        name: 'here.1.x',
        image: 'debian:12',
        runs: pulled('debian', 'b'),
        labels: { 'com.docker.swarm.task.id': 'x', 'com.docker.swarm.service.id': 'service-here' },
      },
    ];
    const reading = await read(fake);
    const found = byName(reading);
    expect(reading).toMatchObject({ swarm: 'CLUSTER-ID', counts: { services: 7, tasks: 1, containers: 0 } });
    expect(found['web']).toMatchObject({
      kind: 'service',
      written: 'debian:12',
      platforms: [{ architecture: 'arm64' }],
      image: { running: { root: sha('a'), by: 'written' } },
    });
    expect(found['web']?.reference).not.toHaveProperty('digest');
    expect(found['shop_db']?.reference).not.toHaveProperty('digest');
    expect(found['shop_pin']?.reference).toMatchObject({ digest: sha('a') });
    expect(found['bare']?.reference).toMatchObject({ digest: sha('a') });
    expect(found['nothing']).toMatchObject({ image: { is: 'unknown' } });
    expect(found['here']).toMatchObject({
      image: { running: { root: sha('b'), by: 'repo-digest' } },
      platforms: [{ architecture: 'amd64' }],
    });
    expect(found['none']).toBeUndefined();
  });
});

describe('labels', () => {
  it('are obeyed where they narrow, whoever wrote them, and those of an image never raise or hide anything', async () => {
    const fake = await engine();
    const labelled = { ...pulled('debian', 'b'), labels: { 'plimsoll.mode': 'ignore', 'wud.watch': 'false' } };
    const asking = { ...pulled('debian', 'c'), labels: { 'plimsoll.mode': 'redeploy' } };
    const plain = pulled('debian', 'a');
    fake.containers = [
      { name: 'hidden', image: 'debian:12', runs: plain, labels: { 'plimsoll.mode': 'ignore' } },
      { name: 'diun', image: 'debian:12', runs: plain, labels: { 'diun.enable': 'false', 'diun.notify_on': 'new' } },
      {
        name: 'watchtower',
        image: 'debian:12',
        runs: plain,
        labels: { 'com.centurylinklabs.watchtower.enable': 'false', 'plimsoll.mode': 'redeploy' },
      },
      {
        name: 'wrong',
        image: 'debian:12',
        runs: plain,
        labels: { 'plimsoll.mode': 'sometimes', 'plimsoll.gate': 'prayer' },
      },
      { name: 'image-hides', image: 'debian:12', runs: labelled },
      { name: 'image-asks', image: 'debian:12', runs: asking },
      {
        name: 'asks',
        image: 'debian:12',
        runs: plain,
        labels: { 'plimsoll.mode': 'redeploy', 'plimsoll.window': 'Sat,Sun 03:00/3h' },
      },
    ];
    const reading = await read(fake);
    const modes = Object.fromEntries(reading.workloads.map(({ name, mode, image }) => [name, `${mode} ${image.is}`]));
    expect(modes).toEqual({
      hidden: 'ignore skipped',
      diun: 'ignore skipped',
      watchtower: 'watch known',
      wrong: 'watch known',
      'image-hides': 'watch known',
      'image-asks': 'watch known',
      asks: 'redeploy known',
    });
    expect(reading.problems.map(({ code, subject }) => `${subject} ${code}`).sort()).toEqual([
      'watchtower labels-disagree',
      'wrong label-invalid',
      'wrong label-invalid',
    ]);
    expect(JSON.stringify(reading.problems)).not.toMatch(/sometimes|prayer/);
    expect(reading.unreadLabels).toEqual(['diun.notify_on']);
  });
});

import { expect, it } from 'vitest';
import { reference, type Scene, startScene } from '../../../support/engine/swap-scene.ts';
import { fc, isLong } from '../../../support/fast-check.ts';

/*
 * Whatever its owner set is there again after a move, and what the image brings along is the new image's: a container with generated
 * options is moved, and what an inspection shows before and after differs only where it has to.
 */

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const list = fc.array(word, { minLength: 1, maxLength: 3 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const health = fc.constantFrom(
  undefined,
  { Test: ['NONE'] },
  { Test: ['CMD', 'own', 'check'], Interval: 2e9 },
  { Test: ['CMD-SHELL', 'own check'] },
);
const config = fc.record({
  Env: maybe(
    fc
      .array(
        fc.tuple(fc.constantFrom('PATH', 'VERSION', 'OWN', 'A'), word).map(([a, b]) => `${a}=${b}`),
        { maxLength: 4 },
      )
      .map((all) => [...new Map(all.map((one) => [one.split('=')[0], one])).values()]),
  ),
  Cmd: maybe(list),
  Entrypoint: maybe(fc.oneof(list, fc.constant(['']))),
  Labels: maybe(fc.dictionary(fc.constantFrom('version', 'own', 'other'), word)),
  User: maybe(word),
  WorkingDir: maybe(word),
  StopSignal: maybe(word),
  StopTimeout: maybe(fc.integer({ min: 1, max: 9 })),
  Hostname: maybe(word),
  Healthcheck: health,
  Volumes: maybe(fc.constant({ '/anonymous': {} })),
  ExposedPorts: maybe(fc.constant({ '9000/tcp': {} })),
  MacAddress: maybe(fc.constant('02:42:ac:11:00:02')),
  Tty: maybe(fc.boolean()),
});
const host = fc.record({
  NetworkMode: fc.constantFrom('shop', 'none', 'host', 'bridge'),
  Binds: maybe(fc.subarray(['named:/named/', '/etc:/etc/host:ro', '/data:/backup', '/nameless'], { minLength: 1 })),
  Mounts: maybe(
    fc.subarray(
      [
        { Type: 'volume', Target: '/mounted' },
        { Type: 'tmpfs', Target: '/memory' },
      ],
      { minLength: 1 },
    ),
  ),
  CapAdd: maybe(fc.constant(['NET_ADMIN'])),
  Ulimits: maybe(fc.constant([{ Name: 'nofile', Soft: 10, Hard: 20 }])),
  Sysctls: maybe(fc.constant({ 'net.core.somaxconn': '10' })),
  LogConfig: maybe(fc.record({ Type: fc.constant('json-file'), Config: fc.dictionary(word, word) })),
  Memory: maybe(fc.integer({ min: 1, max: 1e9 })),
  RestartPolicy: fc.constantFrom(
    { Name: 'no', MaximumRetryCount: 0 },
    { Name: 'always', MaximumRetryCount: 0 },
    { Name: 'on-failure', MaximumRetryCount: 3 },
  ),
});
const endpoint = fc.record({
  Aliases: maybe(list),
  IPAMConfig: maybe(fc.constant({ IPv4Address: '10.0.0.7' })),
  DriverOpts: maybe(fc.constant({ a: 'b' })),
});

/** What says nothing is the same as what is not there. */
const clean = <T extends object>(value: T): Readonly<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(value, (_, one) => (one === null || one === false ? undefined : one)));

/** What is to be the same, and what is to be the new image's. */
function seen({ web }: Scene): Readonly<Record<string, unknown>> {
  const { id, config: all, host, networks, mounts } = web();
  const { Labels, Hostname, Env, ...rest } = all;
  const labels = Object.entries(Labels as Record<string, string>).filter(([key]) => !key.startsWith('plimsoll.'));
  // What has no name of its own is a mount by the name that it was given.
  const { Mounts: _, Binds, ...kept } = host;
  const binds = (Array.isArray(Binds) ? (Binds as string[]) : []).filter((one) => one.includes(':'));
  return clean({
    ...rest,
    Labels: Object.fromEntries(labels),
    Hostname: Hostname === id.slice(0, 12) ? 'the engine’s' : Hostname,
    Env: [...(Env as string[])].sort(),
    host: { ...kept, Binds: binds },
    networks: Object.fromEntries(
      Object.entries(networks).map(([name, { EndpointID, Aliases, ...one }]) => [
        name,
        { ...one, Aliases: [...new Set(Aliases as string[])].filter((alias) => alias !== id.slice(0, 12)) },
      ]),
    ),
    mounts: [...mounts].sort((a, b) => String(a['Destination']).localeCompare(String(b['Destination']))),
  });
}

it('carries over everything that its owner set, and nothing that was the image’s', async () => {
  await fc.assert(
    fc.asyncProperty(
      config,
      host,
      endpoint,
      fc.constantFrom('1.40', '1.44', '1.51'),
      async (own, ownHost, joined, version) => {
        const scene = await startScene({ version });
        const { model } = scene.fake;
        const old = scene.web();
        model.containers.delete(old.id);
        const isNamed = ownHost.NetworkMode === 'shop';
        model.run({
          name: 'web',
          image: reference,
          config: clean({ ...own, MacAddress: ownHost.NetworkMode === 'host' ? undefined : own.MacAddress }),
          host: clean(ownHost),
          ...(isNamed && { networks: { shop: clean(joined) } }),
        });
        if (isNamed) scene.web().networks['other'] = { Aliases: [], NetworkID: 'o'.repeat(64) };
        // The same image again: nothing at all may differ.
        const before = seen(scene);
        const [older, newer] = [old.image, [...model.registry.values()][1]];
        Object.assign(newer ?? {}, { config: older.config });
        const outcome = await scene.redeploy({ gate: { kind: 'none' } });
        expect(outcome).toMatchObject({ outcome: 'moved' });
        const after = seen(scene);
        if (isNamed) Object.assign(before['networks'] as object, { other: expect.anything() });
        expect(after).toEqual(before);
        await scene.close();
      },
    ),
    { numRuns: isLong ? 2000 : 100 },
  );
});

it('gives what was the image’s of the new image', async () => {
  const scene = await startScene();
  const { model } = scene.fake;
  model.containers.delete(scene.web().id);
  model.run({
    name: 'web',
    image: reference,
    config: { Entrypoint: [''], Env: ['VERSION=own'] },
    host: { NetworkMode: 'none' },
  });
  const newer = [...model.registry.values()][1];
  Object.assign(newer ?? {}, {
    config: {
      Env: ['PATH=/usr/bin', 'VERSION=2', 'MORE=1'],
      Cmd: ['new'],
      Entrypoint: ['/init'],
      User: 'app',
      Labels: { version: '2' },
      Volumes: { '/data': {} },
    },
  });
  await scene.redeploy({ gate: { kind: 'none' } });
  const { config: made } = scene.web();
  expect(made).toMatchObject({ User: 'app', Entrypoint: [], Cmd: [], Volumes: { '/data': {} } });
  expect(made['Env']).toEqual(['VERSION=own', 'PATH=/usr/bin', 'MORE=1']);
  expect(made['Labels']).toMatchObject({ version: '2' });
  await scene.close();
});

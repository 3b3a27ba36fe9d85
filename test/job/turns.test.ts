import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpuTime } from '../support/cpu-time.ts';
import { type FakeArchive, publishSuite, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { push, runOn } from '../support/fleet.ts';
import { type BuiltImage, image, layer } from '../support/image-builder.ts';
import { longestStretch } from '../support/watchdog.ts';

let registry: FakeRegistry;
let archive: FakeArchive;
beforeAll(async () => {
  [registry, archive] = await Promise.all([startFakeRegistry(), startFakeArchive()]);
});
afterAll(() => Promise.all([registry.close(), archive.close()]));

/** A Debian with so many packages that asks the archive. */
function debian(count: number, version: string, suite: string): BuiltImage {
  const packages = Array.from(
    { length: count },
    (_, i) => `Package: p${i}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
  );
  return image({
    layers: [
      layer({
        'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
        'etc/apt/sources.list': `deb [trusted=yes] ${archive.uri} ${suite} main\n`,
        'var/lib/dpkg/status': packages.join('\n'),
      }),
    ],
  });
}

/** A look at a pin of which so many packages have moved, and that lags with as many behind its distribution. */
async function look(count: number): Promise<() => Promise<void>> {
  const name = `many-${count}`;
  const packages = Array.from({ length: count }, (_, i) => ({ name: `p${i}`, version: '3' }));
  await publishSuite(archive, { suite: name, packages });
  const before = push(registry, name, debian(count, '1', name));
  push(registry, name, debian(count, '2', name), '1');
  return async () => {
    const { record } = await runOn({ files: { Dockerfile: `FROM ${registry.host}/${name}:1@${before}\n` } });
    expect(record.findings.map((one) => [one.class, one.packages?.length])).toEqual([
      ['lagging', count],
      ['packages', count],
    ]);
  };
}

it('a run leaves the event loop its turns, however many packages have moved and wait', async () => {
  expect(await longestStretch(await look(60_000))).toBeLessThan(250);
});

it('what waits costs what it has packages, not the square of it', async () => {
  const [some, twice] = [await look(10_000), await look(20_000)];
  await (await look(2000))();
  const before = await cpuTime(some);
  expect(await cpuTime(twice)).toBeLessThan(before * 3 + 300);
});

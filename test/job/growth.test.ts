import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/report/render/markdown.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { isLong } from '../support/fast-check.ts';
import { debianImage, push, runOn } from '../support/fleet.ts';
import { startWatch } from '../support/watch.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

/** Processor milliseconds of a look at an image of which so many packages have moved. */
async function moved(number: number): Promise<number> {
  const built = (version: string): ReturnType<typeof debianImage> =>
    debianImage(Object.fromEntries(Array.from({ length: number }, (_, i) => [`package-${i}`, version])));
  const before = push(registry, `moved-${number}`, built('1'));
  push(registry, `moved-${number}`, built('2'), '1');
  return cpuTime(async () => {
    const { record } = await runOn({ files: { Dockerfile: `FROM ${registry.host}/moved-${number}:1@${before}\n` } });
    expect(record.findings[0]?.packages).toHaveLength(number);
  });
}

it('costs what a file names images and package versions, not the square of it', async () => {
  const before = push(registry, 'many', debianImage({ app: '1' }));
  push(registry, 'many', debianImage({ app: '2' }), '1');
  const word = `${registry.host}/many:1@${before}`;
  const forms: readonly ((number: number) => string)[] = [
    (number) => `FROM ${word}\n`.repeat(number),
    // One ARG for all, of which one is not to move: each is refused.
    (number) =>
      `ARG D=${before}\n${`FROM ${registry.host}/many:1@$D\n`.repeat(number)}FROM ${registry.host}/other@$D\n`,
    (number) => `FROM ${word}\n${'RUN apt-get install -y curl=1\n'.repeat(number)}`,
  ];
  for (const form of forms) {
    const look = (number: number): Promise<number> =>
      cpuTime(async () => {
        const { record } = await runOn({ files: { Dockerfile: form(number) } });
        expect(record.findings.length).toBeGreaterThanOrEqual(number);
      });
    await look(200);
    const [some, twice] = [await look(2400), await look(4800)];
    expect(twice).toBeLessThan(some * 3 + 300);
  }
});

it('looks at so many images and packages of one file, and says of how many it did not', async () => {
  const word = `${registry.host}/many:1`;
  const text = `${`FROM ${word}\n`.repeat(6000)}${'RUN apk add curl=1\n'.repeat(5001)}`;
  const { record } = await runOn({ files: { Dockerfile: text } });
  expect(record.summary).toMatchObject({ uses: 5000, pins: 5000, unread: { 'too-long': 1 } });
  expect(record.problems.map(({ message }) => message)).toContain(
    'the file names 6000 images, of which the first 5000, and 5001 packages, of which the first 5000 were looked at',
  );
});

it('costs what a change has packages, not the square of it', async () => {
  await moved(2000);
  const [some, twice] = [await moved(isLong ? 30_000 : 8000), await moved(isLong ? 60_000 : 16_000)];
  expect(twice).toBeLessThan(some * 3 + 300);
  if (isLong) expect(twice).toBeLessThan(6000);
});

it('costs what a change has packages once, however many places use the image', async () => {
  const built = (version: string): ReturnType<typeof debianImage> =>
    debianImage(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`package-${i}`, version])));
  const before = push(registry, 'shared', built('1'));
  push(registry, 'shared', built('2'), '1');
  const look = (uses: number): Promise<number> =>
    cpuTime(async () => {
      const files = { Dockerfile: `FROM ${registry.host}/shared:1@${before}\n`.repeat(uses) };
      const { record } = await runOn({ files, platforms: ['linux/amd64', 'linux/arm64'] });
      expect(record.findings).toHaveLength(uses);
      expect(renderMarkdown(record).match(/package-4999/g)).toHaveLength(1);
    });
  const one = await look(1);
  expect(await look(2000)).toBeLessThan(one * 3 + 3000);
});

it('records what would help an image once, however many places use it', async () => {
  const built = (version: string): ReturnType<typeof debianImage> =>
    debianImage(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`package-${i}`, version])));
  const before = push(registry, 'recorded', built('1'));
  push(registry, 'recorded', built('2'), '1');
  const record = async (uses: number): Promise<number> => {
    const watch = startWatch();
    try {
      watch.write({ Dockerfile: `FROM ${registry.host}/recorded:1@${before}\n`.repeat(uses) });
      const time = await cpuTime(() => watch.run(0, []));
      expect(await watch.store.fleet.carriers('package-7')).toHaveLength(uses);
      return time;
    } finally {
      await watch.remove();
    }
  };
  const one = await record(1);
  expect(await record(1000)).toBeLessThan(one * 2 + 2000);
});

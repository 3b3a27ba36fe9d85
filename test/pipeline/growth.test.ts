import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpuTime } from '../support/cpu-time.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { isLong } from '../support/fast-check.ts';
import { debianImage, push, runOn } from '../support/fleet.ts';

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

it('costs what a change has packages, not the square of it', async () => {
  await moved(2000);
  const [some, twice] = [await moved(isLong ? 30_000 : 8000), await moved(isLong ? 60_000 : 16_000)];
  expect(twice).toBeLessThan(some * 3 + 300);
  if (isLong) expect(twice).toBeLessThan(6000);
});

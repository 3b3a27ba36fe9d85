import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { aConfig, documentAt } from '../../support/page-context.ts';
import { imageName, type SeededState, seededState } from '../../support/seeded-state.ts';

const addresses = [
  '/',
  '/images',
  '/images?class=security',
  '/images?q=service',
  '/images?repository=acme%2Fapp-3',
  `/images/${encodeURIComponent(imageName(1))}`,
  '/packages',
  '/packages?name=openssl',
  '/packages?name=openssl&version=3.0.0-1',
  '/repositories',
  '/repositories/acme%2Fapp-3',
  '/workloads',
  '/news',
  '/runs',
  '/runs/1',
  '/channels',
  '/settings',
  '/search?q=service',
];

describe('a page of a fleet of 1,000 images and 30,000 uses', () => {
  let half: SeededState;
  let whole: SeededState;
  beforeAll(async () => {
    half = await seededState({ images: 500, uses: 15_000, packages: 100 });
    whole = await seededState({ images: 1000, uses: 30_000, packages: 100 });
  });
  afterAll(async () => {
    await half.close();
    await whole.close();
  });

  const costOf = async (address: string, { store }: SeededState, config: Config = aConfig()): Promise<number> => {
    const costs: number[] = [];
    await documentAt(address, store, { config });
    for (let round = 0; round < 7; round++) costs.push(await cpuTime(() => documentAt(address, store, { config })));
    return Math.min(...costs);
  };

  it('/settings with two hundred patterns that match no image takes at most 300 ms of processor time', async () => {
    const block = Array.from({ length: 200 }, (_, n) => `registry.elsewhere/team-${n}/{api,web}-*`);
    const config = aConfig({ policy: { ...aConfig().policy, block } });
    expect(await documentAt('/settings', whole.store, { config })).toContain('registry.elsewhere/team-199/');
    expect(await costOf('/settings', whole, config)).toBeLessThan(300);
  });

  it.each(addresses)(
    '%s takes at most 15 ms of processor time and 100 kB, and no more than twice as much as one of half',
    async (address) => {
      const [small, large] = [await costOf(address, half), await costOf(address, whole)];
      expect(large).toBeLessThan(15);
      // What takes a millisecond is not measured more exactly than that.
      expect(large).toBeLessThan(2.1 * small + 2);
      expect((await documentAt(address, whole.store)).length).toBeLessThan(100_000);
    },
  );
});

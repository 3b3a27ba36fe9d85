import { expect, it } from 'vitest';
import type { Inventory, Package } from '../../src/core/package.ts';
import { inTurns } from '../../src/core/time/turns.ts';
import { comparePackages } from '../../src/packages/compare.ts';
import { longestStretch } from '../support/watchdog.ts';

function inventory(count: number, one: (i: number) => Pick<Package, 'name' | 'version'>): Inventory {
  const packages = Array.from({ length: count }, (_, i) => ({ architecture: 'amd64', ...one(i) }));
  return { coverage: 'complete', database: 'dpkg', packages, problems: [] };
}

const long = '1.'.repeat(490);

it.each([
  [
    'as many packages as are read, all of them moved',
    (side: number) => inventory(100_000, (i) => ({ name: `p${i}`, version: `1:${i}.2.3-${side}` })),
  ],
  [
    'versions as long as are read',
    (side: number) => inventory(20_000, (i) => ({ name: `p${i}`, version: `${long}${side}` })),
  ],
  [
    'many of them of one package',
    (side: number) => inventory(4000, (i) => ({ name: 'kernel', version: `${long}${(i * 7919) % 4001}-${side}` })),
  ],
])('%s are compared in turns', async (_what, make) => {
  const [before, after] = [make(1), make(2)];
  expect(await inTurns(comparePackages(before, after))).toHaveLength(before.packages.length);
  expect(await longestStretch(() => inTurns(comparePackages(before, after)))).toBeLessThan(250);
});

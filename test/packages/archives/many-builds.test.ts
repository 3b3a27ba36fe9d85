import { expect, it } from 'vitest';
import { limits } from '../../../src/core/limits/limits.ts';
import { atOnce, inTurns } from '../../../src/core/time/turns.ts';
import { apkCandidates } from '../../../src/packages/apk/apk-candidates.ts';
import { manyBuilds, withinBuilds } from '../../../src/packages/archives/many-builds.ts';
import { rowsOf, rowWords } from '../../../src/packages/archives/package-rows.ts';
import { rpmCandidates } from '../../../src/packages/rpm/rpm-candidates.ts';
import { takesAll } from '../../../src/packages/rpm/rpm-offers.ts';
import type { RpmView } from '../../../src/packages/rpm/rpm-view.ts';
import { longestStretch } from '../../support/watchdog.ts';

/** Each repository at its bound of lines about one package, all of versions that are told apart at their ends. */
function tables(repositories: number): readonly string[] {
  const alike = '1.'.repeat(110);
  return Array.from({ length: repositories }, (_, at) =>
    Array.from({ length: limits.archive.linesOfOne.most }, (_, n) =>
      rowWords({ name: 'p', version: `${alike}${(n * 7919 + at) % 99_991}-r${at}`, architecture: 'x86_64' }).join(' '),
    )
      .sort()
      .join('\n'),
  );
}

const many = tables(20);
const packages = Array.from({ length: 3 }, () => ({ name: 'p', version: '1-r0', architecture: 'x86_64' }));

it('builds of one package in many repositories hold nobody up: rpm', async () => {
  const sources = many.map((table, at) => ({
    repository: { id: `r${at}`, priority: 99 } as RpmView['sources'][number]['repository'],
    rows: (name: string) => rowsOf(table, name),
    obsoletions: () => [],
  }));
  const view: RpmView = { sources, complete: true, osId: 'rocky', architecture: 'x86_64', policy: takesAll };
  expect(
    await longestStretch(async () => {
      expect(await inTurns(rpmCandidates(packages, { ...view, sources: [...sources] }))).toHaveLength(1);
    }),
  ).toBeLessThan(250);
});

it('builds of one package in many repositories hold nobody up: apk', async () => {
  const repository = { suite: 'main' } as never;
  const offered = (name: string) =>
    withinBuilds(many, (table) => rowsOf(table, name).map((row) => ({ ...row, suite: 'main', repository })));
  expect(
    await longestStretch(async () => {
      const view = { offered, world: new Map(), architecture: 'x86_64' };
      expect(await inTurns(apkCandidates(packages, view))).toHaveLength(3);
    }),
  ).toBeLessThan(250);
});

it('says of which packages there are more builds than are looked at', () => {
  const { most } = limits.archive.builds;
  const counts: Readonly<Record<string, number>> = { few: 1, all: most / 2, more: most / 2 + 1 };
  const told = (names: readonly string[]) =>
    atOnce(
      manyBuilds(names, ['a', 'b'], [() => [], (_, name) => Array.from({ length: counts[name] ?? 0 }, () => name)]),
    );
  expect(told(['few', 'all', 'none'])).toEqual([]);
  expect(told(['few', 'more', 'more'])).toEqual([
    {
      code: 'archive-many-builds',
      message: `the repositories have more than ${most} builds of more, of which the first were looked at, so what is pending for that is not known`,
    },
  ]);
});

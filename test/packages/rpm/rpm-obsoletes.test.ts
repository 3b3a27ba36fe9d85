import { describe, expect, it } from 'vitest';
import type { Package } from '../../../src/core/package.ts';
import { atOnce } from '../../../src/core/time/turns.ts';
import { readLockList, readLockToml } from '../../../src/packages/rpm/policy/versionlock.ts';
import { rpmCandidates } from '../../../src/packages/rpm/rpm-candidates.ts';
import { isComparator } from '../../../src/packages/rpm/rpm-obsoletes.ts';
import { takesAll } from '../../../src/packages/rpm/rpm-offers.ts';
import type { Obsoletion, RpmPolicy, RpmSource } from '../../../src/packages/rpm/rpm-view.ts';

interface Row {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly maker?: string;
  readonly obsoletes: readonly string[];
}

/** `new 2-1 [arch [maker]] > old LT 2, other` */
function row(text: string): Row {
  const [build = '', list = ''] = text.split(' > ');
  const [name = '', version = '', architecture = 'x86_64', maker] = build.split(' ');
  const obsoletes = list === '' ? [] : list.split(', ');
  return { name, version, architecture, ...(maker !== undefined && { maker }), obsoletes };
}

function source(id: string, texts: readonly string[], priority = 99): RpmSource {
  const rows = texts.map(row);
  return {
    repository: {
      id,
      from: { kind: 'baseurl', urls: ['https://example.org/'] },
      checksSignature: false,
      keys: [],
      priority,
      excludes: [],
      includes: [],
      moduleHotfixes: false,
      place: 'etc/yum.repos.d/x.repo:1',
    },
    rows: (name) => rows.filter((one) => one.name === name).map(({ obsoletes: _, ...one }) => one),
    obsoletions: (name) =>
      rows.flatMap(({ obsoletes, ...build }) =>
        obsoletes
          .map((text) => text.split(' '))
          .filter(([old]) => old === name)
          .map(
            ([, comparator = '', version = '']): Obsoletion =>
              isComparator(comparator) ? { ...build, range: { comparator, version } } : build,
          ),
      ),
  };
}

const installed = (text: string): Package => {
  const { obsoletes: _, ...one } = row(text);
  return one;
};

function moved(
  packages: readonly string[],
  sources: readonly RpmSource[],
  policy: Partial<RpmPolicy> = {},
): readonly string[] {
  const view = {
    sources,
    complete: true,
    osId: 'rocky',
    architecture: 'x86_64',
    policy: { ...takesAll, ...policy },
  };
  return atOnce(rpmCandidates(packages.map(installed), view)).map(
    ({ name, installed: before, candidate, replacedBy = '', held }) =>
      `${name} ${before} → ${[replacedBy, candidate].join(' ').trim()}${held ? ' held' : ''}`,
  );
}

describe('a range of versions that a package replaces', () => {
  it.each([
    ['any', 'old', true],
    ['older than the installed', 'old LT 1.0', false],
    ['up to it, whatever its release', 'old LE 1.0', true],
    ['just it, whatever its release', 'old EQ 1.0', true],
    ['from it on, whatever its release', 'old GE 1.0', true],
    ['newer, whatever its release', 'old GT 1.0', false],
    ['older than a later release', 'old LT 1.0-2', true],
    ['just another release', 'old EQ 1.0-2', false],
    ['just its release', 'old EQ 1.0-1', true],
    ['older than a later epoch', 'old LT 1:0', true],
    ['another name', 'older', false],
  ])('%s', (_name, range, expected) => {
    const found = moved(['old 1.0-1'], [source('r', [`new 2-1 > ${range}`])]);
    expect(found).toEqual(expected ? ['old 1.0-1 → new 2-1'] : []);
  });
});

describe('what replaces a package under its own name', () => {
  // As dnf 4.14 and zypper 1.14 answer.
  it.each<[string, readonly string[], readonly RpmSource[], readonly string[]]>([
    ['the newest that does', ['old 1-1'], [source('r', ['new 2-1 > old', 'new 3-1 > old'])], ['old 1-1 → new 3-1']],
    [
      'an older build than one that does not',
      ['old 1-1'],
      [source('r', ['new 2-1 > old', 'new 3-1'])],
      ['old 1-1 → new 2-1'],
    ],
    ['not itself', ['old 1-1'], [source('r', ['old 2-1 > old LT 2'])], ['old 1-1 → 2-1']],
    ['not its own newer build', ['old 1-1'], [source('r', ['old 2-1', 'new 9-1 > old LT 2'])], ['old 1-1 → 2-1']],
    [
      'before its own newer build',
      ['old 1-1'],
      [source('r', ['old 2-1', 'new 9-1 > old LT 3'])],
      ['old 1-1 → new 9-1'],
    ],
    [
      'each name',
      ['old 1-1'],
      [source('r', ['new-b 2-1 > old', 'new-a 1-1 > old'])],
      ['old 1-1 → new-a 1-1', 'old 1-1 → new-b 2-1'],
    ],
    [
      'not what another replaces',
      ['old 1-1'],
      [source('r', ['new 2-1 > old', 'newest 3-1 > old, new LT 3'])],
      ['old 1-1 → newest 3-1'],
    ],
    [
      'what another replaces that is in a repository behind',
      ['old 1-1'],
      [source('r', ['new 2-1 > old'], 10), source('s', ['newest 3-1 > old, new LT 3'])],
      ['old 1-1 → new 2-1'],
    ],
    [
      'what replaces another that is in a repository behind',
      ['old 1-1'],
      [source('r', ['new 2-1 > old']), source('s', ['newest 3-1 > old, new LT 3'], 10)],
      ['old 1-1 → newest 3-1'],
    ],
    [
      'what only that replaces which does not replace the old one',
      ['old 1-1'],
      [source('r', ['new 2-1 > old', 'newest 3-1 > new LT 3'])],
      ['old 1-1 → new 2-1'],
    ],
    [
      'those that replace each other',
      ['old 1-1'],
      [source('r', ['new-a 2-1 > old, new-b', 'new-b 2-1 > old, new-a'])],
      ['old 1-1 → new-a 2-1', 'old 1-1 → new-b 2-1'],
    ],
    ['not what is installed', ['old 1-1', 'new 2-1'], [source('r', ['new 2-1 > old'])], []],
    ['not what is installed newer', ['old 1-1', 'new 3-1'], [source('r', ['new 2-1 > old'])], []],
    [
      'what is installed older',
      ['old 1-1', 'new 1-1'],
      [source('r', ['new 2-1 > old'])],
      ['old 1-1 → new 2-1', 'new 1-1 → 2-1'],
    ],
    ['no other architecture', ['old 1-1'], [source('r', ['new 2-1 i686 > old'])], []],
    ['any architecture by noarch', ['old 1-1'], [source('r', ['new 2-1 noarch > old'])], ['old 1-1 → new 2-1']],
    [
      'noarch by the own architecture',
      ['old 1-1 noarch'],
      [source('r', ['new 3-1 i686 > old', 'new 2-1 > old'])],
      ['old 1-1 → new 2-1'],
    ],
    ['no kernel', ['kernel-core 1-1'], [source('r', ['new 2-1 > kernel-core'])], []],
    [
      'by a repository behind the one of its own newer build',
      ['old 1-1'],
      [source('r', ['old 2-1'], 10), source('s', ['new 2-1 > old LT 9'])],
      ['old 1-1 → 2-1'],
    ],
    [
      'by a repository before the one of its own newer build',
      ['old 1-1'],
      [source('r', ['old 2-1']), source('s', ['new 2-1 > old LT 2'], 10)],
      ['old 1-1 → new 2-1'],
    ],
    [
      'by a repository behind the one that has it as it is',
      ['old 1-1'],
      [source('r', ['old 1-1'], 10), source('s', ['new 2-1 > old LT 9'])],
      [],
    ],
    [
      'by a repository behind the one that has it older',
      ['old 1-1'],
      [source('r', ['old 0-1'], 10), source('s', ['new 2-1 > old LT 9'])],
      ['old 1-1 → new 2-1'],
    ],
    [
      'by a repository behind one that has the new name',
      ['old 1-1'],
      [source('r', ['new 1-1'], 10), source('s', ['new 2-1 > old'])],
      ['old 1-1 → new 2-1'],
    ],
  ])('is %s', (_name, packages, sources, expected) => {
    expect(moved(packages, sources)).toEqual(expected);
  });

  const two = [
    source('r', ['new-a 2-1 i686 acme > old', 'new-b 2-1 x86_64 acme > old']),
    source('s', ['new-c 1-1 > old'], 10),
  ];

  it('is the first for zypper, and nothing where it is switched off', () => {
    expect(moved(['old 1-1'], two, { replacements: 'first' })).toEqual(['old 1-1 → new-c 1-1']);
    expect(moved(['old 1-1'], two.slice(0, 1), { replacements: 'first' })).toEqual(['old 1-1 → new-b 2-1']);
    expect(moved(['old 1-1'], two, { replacements: 'none' })).toEqual([]);
  });

  it('is of a vendor that may follow', () => {
    const mayFollow: RpmPolicy['mayFollow'] = (_from, to) => to === 'acme';
    expect(moved(['old 1-1'], two, { mayFollow })).toEqual(['old 1-1 → new-b 2-1']);
  });

  it('is held by a lock on either name', () => {
    const sources = [source('r', ['new 2-1 > old'])];
    expect(moved(['old 1-1'], sources, { keeps: () => true })).toEqual(['old 1-1 → new 2-1 held']);
    expect(moved(['old 1-1'], sources, { allows: ({ name }) => name !== 'new' })).toEqual(['old 1-1 → new 2-1 held']);
  });

  it.each([
    ['dnf 4', readLockList('old-1-1.*\n'), ['old 1-1 → new 2-1 held']],
    ['dnf 4, another version', readLockList('old-7-1.*\n'), ['old 1-1 → new 2-1']],
    ['dnf 4, shut out', readLockList('!old-1-1.*\n'), ['old 1-1 → new 2-1']],
    [
      'dnf 5',
      readLockToml(
        '[[packages]]\nname = "old"\n[[packages.conditions]]\nkey = "evr"\ncomparator = "="\nvalue = "1-1"\n',
      ),
      ['old 1-1 → new 2-1 held'],
    ],
  ])('is left alone by a lock on the version that is there: %s', (_name, locks, expected) => {
    if (locks.kind !== 'locks') throw new Error(locks.why);
    expect(moved(['old 1-1'], [source('r', ['new 2-1 > old'])], locks)).toEqual(expected);
  });
});

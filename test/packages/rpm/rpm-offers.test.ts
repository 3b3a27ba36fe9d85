import { describe, expect, it } from 'vitest';
import type { Package } from '../../../src/core/package.ts';
import { atOnce } from '../../../src/core/time/turns.ts';
import type { Offer } from '../../../src/packages/archives/archive-family.ts';
import { packageFilter, packageMatcher } from '../../../src/packages/rpm/policy/rpm-patterns.ts';
import { rpmCandidates } from '../../../src/packages/rpm/rpm-candidates.ts';
import { rpmOffers, takesAll } from '../../../src/packages/rpm/rpm-offers.ts';
import type { RpmRepository } from '../../../src/packages/rpm/rpm-repositories.ts';
import type { RpmSource, RpmView } from '../../../src/packages/rpm/rpm-view.ts';

type Row = readonly [name: string, version: string, architecture?: string];

function source(id: string, rows: readonly Row[], more: Partial<RpmRepository> = {}): RpmSource {
  const repository: RpmRepository = {
    id,
    from: { kind: 'baseurl', urls: ['https://example.org/'] },
    checksSignature: false,
    keys: [],
    priority: 99,
    excludes: [],
    includes: [],
    moduleHotfixes: false,
    place: 'etc/yum.repos.d/x.repo:1',
    ...more,
  };
  const offers = rows.map(
    ([name, version, architecture = 'x86_64']): Omit<Offer, 'suite'> => ({ name, version, architecture }),
  );
  const isTaken = packageFilter(repository);
  return {
    repository,
    rows: (name) => offers.filter((one) => one.name === name && isTaken(one)),
    obsoletions: () => [],
  };
}
const view = (...sources: readonly RpmSource[]): RpmView => ({
  sources,
  complete: true,
  osId: 'rocky',
  architecture: 'x86_64',
  policy: takesAll,
});
const one = (name: string, version: string, architecture = 'x86_64'): Package => ({ name, version, architecture });
const moved = (packages: readonly Package[], ...sources: readonly RpmSource[]): string[] =>
  atOnce(rpmCandidates(packages, view(...sources))).map(
    ({ name, architecture, candidate, suite }) => `${name}.${architecture} ${candidate} ${suite}`,
  );

describe('what dnf would update', () => {
  it.each<[string, readonly Package[], readonly RpmSource[], readonly string[]]>([
    [
      'the newest',
      [one('a', '1-1')],
      [
        source('x', [
          ['a', '1-2'],
          ['a', '1:0-1'],
        ]),
        source('y', [['a', '9-1']]),
      ],
      ['a.x86_64 1:0-1 x'],
    ],
    [
      'nothing older',
      [one('a', '2-1')],
      [
        source('x', [
          ['a', '1-1'],
          ['a', '2-1'],
        ]),
      ],
      [],
    ],
    ['no other architecture', [one('a', '1-1')], [source('x', [['a', '2-1', 'i686']])], []],
    [
      'each architecture for itself',
      [one('a', '1-1'), one('a', '1-1', 'i686')],
      [
        source('x', [
          ['a', '2-1'],
          ['a', '3-1', 'i686'],
        ]),
      ],
      ['a.x86_64 2-1 x', 'a.i686 3-1 x'],
    ],
    [
      'noarch for any, and any for noarch',
      [one('a', '1-1'), one('b', '1-1', 'noarch')],
      [
        source('x', [
          ['a', '2-1', 'noarch'],
          ['b', '2-1'],
        ]),
      ],
      ['a.x86_64 2-1 x', 'b.noarch 2-1 x'],
    ],
    [
      'the lowest priority number',
      [one('a', '1-1')],
      [source('x', [['a', '2-1']], { priority: 5 }), source('y', [['a', '3-1']])],
      ['a.x86_64 2-1 x'],
    ],
    [
      'what is not excluded',
      [one('a', '1-1')],
      [
        source(
          'x',
          [
            ['a', '3-1'],
            ['a', '2-1'],
          ],
          { excludes: ['a-3*'] },
        ),
      ],
      ['a.x86_64 2-1 x'],
    ],
    [
      'what is included',
      [one('a', '1-1'), one('b', '1-1')],
      [
        source(
          'x',
          [
            ['a', '2-1'],
            ['b', '2-1'],
          ],
          { includes: ['b'] },
        ),
      ],
      ['b.x86_64 2-1 x'],
    ],
    [
      'no kernel',
      [one('kernel-core', '1-1'), one('kernel-headers', '1-1')],
      [
        source('x', [
          ['kernel-core', '2-1'],
          ['kernel-headers', '2-1'],
        ]),
      ],
      ['kernel-headers.x86_64 2-1 x'],
    ],
    ['once for what is installed twice', [one('a', '1-1'), one('a', '2-1')], [source('x', [['a', '2-1']])], []],
  ])('is %s', (_, packages, sources, expected) => {
    expect(moved(packages, ...sources)).toEqual(expected);
  });

  it('names of several repositories with one build that which lists it as a fix', () => {
    const update = { version: '2-1', architecture: 'x86_64', security: true, id: 'A-1', cves: [] };
    const plain = source('a', [['a', '2-1']]);
    const listing = { ...source('z', [['a', '2-1']]), updates: () => [update] };
    expect(atOnce(rpmCandidates([one('a', '1-1')], view(plain, listing)))).toMatchObject([
      { suite: 'z', security: true, advisories: ['A-1'] },
    ]);
  });
});

it('offers first what dnf takes by itself', () => {
  const rows: Row[] = [
    ['a', '9-1', 'i686'],
    ['a', '3-1.module+el8+1'],
    ['a', '1-1'],
    ['a', '2-1', 'noarch'],
  ];
  expect(rpmOffers('a', view(source('x', rows))).map(({ version }) => version)).toEqual([
    '2-1',
    '1-1',
    '3-1.module+el8+1',
    '9-1',
  ]);
});

describe('patterns of excludes', () => {
  it.each([
    ['bash', true],
    ['ba*', true],
    ['bash.x86_64', true],
    ['bash.i686', false],
    ['bash-5.1', true],
    ['bash-5.1-2.el9', true],
    ['bash-5.1-2.el9.x86_64', true],
    ['bash-1:5.1-2.el9', true],
    ['bash-1:5.1-2.el9.*', true],
    ['bash-5.2', false],
    ['*', true],
    ['b?sh', true],
    ['{bash', false],
    ['', false],
    [`${'*a'.repeat(200)}`, false],
  ])('%s', (pattern, expected) => {
    expect(packageMatcher([pattern])({ name: 'bash', version: '1:5.1-2.el9', architecture: 'x86_64' })).toBe(expected);
  });
});

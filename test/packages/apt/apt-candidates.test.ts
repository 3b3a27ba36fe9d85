import { describe, expect, it } from 'vitest';
import type { Package } from '../../../src/core/package.ts';
import { atOnce } from '../../../src/core/time/turns.ts';
import { aptCandidates } from '../../../src/packages/apt/apt-candidates.ts';
import { readAptPreferences } from '../../../src/packages/apt/apt-preferences.ts';
import type { AptArchive, AptRelease } from '../../../src/packages/apt/apt-repository.ts';
import { type AptView, aptVersions } from '../../../src/packages/apt/apt-versions.ts';

const installed = (name: string, version: string, more: Partial<Package> = {}): Package => ({
  name,
  version,
  architecture: 'amd64',
  ...more,
});

function archive(
  suite: string,
  offers: Readonly<Record<string, string>>,
  more: { release?: Partial<AptRelease>; complete?: boolean; architecture?: string } = {},
): AptArchive {
  return {
    repository: {
      uri: 'http://deb.example/debian/',
      suite,
      components: ['main'],
      trust: { signedBy: [] },
      checksValidUntil: true,
      place: '',
    },
    release: { origin: 'Debian', codename: suite, notAutomatic: false, butAutomaticUpgrades: false, ...more.release },
    offers: Object.entries(offers).map(([name, version]) => ({
      name,
      version,
      architecture: more.architecture ?? 'amd64',
      component: 'main',
    })),
    complete: more.complete ?? true,
    sum: '',
  };
}

const pinsOf = (text: string) => readAptPreferences(new Map([['etc/apt/preferences', Buffer.from(text)]]));
const viewOf = (archives: readonly AptArchive[], pins = ''): AptView => ({
  archives,
  versions: atOnce(aptVersions(archives, 'amd64')),
  pins: pinsOf(pins).pins,
  native: 'amd64',
});
const found = (packages: readonly Package[], archives: readonly AptArchive[], pins = ''): string[] =>
  atOnce(aptCandidates(packages, viewOf(archives, pins))).map(
    ({ name, candidate, suite, security, held }) => `${name} ${candidate} ${suite} ${security}${held ? ' held' : ''}`,
  );

const a = installed('a', '1.0');

describe('candidates', () => {
  it.each<[string, readonly Package[], readonly AptArchive[], readonly string[]]>([
    [
      'the newest of all suites',
      [a],
      [archive('s', { a: '1.1' }), archive('s-updates', { a: '1.2' })],
      ['a 1.2 s-updates null'],
    ],
    ['nothing when it is installed', [a], [archive('s', { a: '1.0' })], []],
    ['nothing when only older is offered', [a], [archive('s', { a: '0.9' })], []],
    ['nothing for another architecture', [a], [archive('s', { a: '1.1' }, { architecture: 'i386' })], []],
    [
      'what became independent of the architecture',
      [a],
      [archive('s', { a: '1.1' }, { architecture: 'all' })],
      ['a 1.1 s null'],
    ],
    ['held packages, marked', [{ ...a, held: true }], [archive('s', { a: '1.1' })], ['a 1.1 s null held']],
    ['not what is offered on request only', [a], [archive('b', { a: '2' }, { release: { notAutomatic: true } })], []],
    [
      'not backports over what the release has',
      [a],
      [
        archive('s', { a: '1.0' }),
        archive('b', { a: '2' }, { release: { notAutomatic: true, butAutomaticUpgrades: true } }),
      ],
      [],
    ],
    [
      'not what only says that its upgrades are automatic, either',
      [a],
      [archive('s', { a: '1.1' }), archive('b', { a: '2' }, { release: { butAutomaticUpgrades: true } })],
      ['a 1.1 s null'],
    ],
    [
      'backports for what came from there',
      [a],
      [
        archive('s', { a: '0.9' }),
        archive('b', { a: '2' }, { release: { notAutomatic: true, butAutomaticUpgrades: true } }),
      ],
      ['a 2 b null'],
    ],
  ])('%s', (_, packages, archives, expected) => {
    expect(found(packages, archives)).toEqual(expected);
  });
});

describe('security', () => {
  const main = archive('s', { a: '1.1' });
  it.each<[string, readonly AptArchive[], string]>([
    ['true: the security suite offers it', [main, archive('s-security', { a: '1.1' })], 'a 1.1 s-security true'],
    [
      'true: by its label',
      [main, archive('x', { a: '1.1' }, { release: { label: 'Debian-Security' } })],
      'a 1.1 x true',
    ],
    ['true: a fix lies on the way', [archive('s', { a: '1.2' }), archive('s-security', { a: '1.1' })], 'a 1.2 s true'],
    ['false: it was read and has no newer version', [main, archive('s-security', { a: '1.0' })], 'a 1.1 s false'],
    ['null: none was read', [main], 'a 1.1 s null'],
    ['null: it was not read to its end', [main, archive('s-security', {}, { complete: false })], 'a 1.1 s null'],
    [
      "null: another publisher's package",
      [archive('s', { a: '1.1' }, { release: { origin: 'Other' } }), archive('s-security', {})],
      'a 1.1 s null',
    ],
  ])('%s', (_, archives, expected) => {
    expect(found([a], archives)).toEqual([expected]);
  });
});

describe('pins', () => {
  const archives = [archive('s', { a: '1.1' }), archive('t', { a: '2.0' })];
  it.each([
    ['Package: *\nPin: release n=t\nPin-Priority: -1', ['a 1.1 s null']],
    ['Package: *\nPin: release n=s\nPin-Priority: 990', ['a 1.1 s null']],
    ['Package: *\nPin: release n=t\nPin-Priority: 90', ['a 1.1 s null']],
    ['Package: *\nPin: origin "deb.example"\nPin-Priority: -10', []],
    ['Package: *\nPin: origin other.example\nPin-Priority: -10', ['a 2.0 t null']],
    ['Package: b a\nPin: release o=Debian\nPin-Priority: -1', []],
    ['Explanation: why\nPackage: a*\nPin: version 1.1*\nPin-Priority: 600', ['a 1.1 s null']],
    ['Package: ab\nPin: release *\nPin-Priority: -1', ['a 2.0 t null']],
    [
      'Package: *\nPin: release n=t\nPin-Priority: -1\n\nPackage: a\nPin: release n=t\nPin-Priority: 500',
      ['a 2.0 t null'],
    ],
    // Patterns do not care for case, names do.
    ['Package: *\nPin: release o=DEBIAN,n=T\nPin-Priority: -1', ['a 1.1 s null']],
    ['Package: A*\nPin: release n=t\nPin-Priority: -1', ['a 1.1 s null']],
    ['Package: A\nPin: release n=t\nPin-Priority: -1', ['a 2.0 t null']],
    // A repository has no version.
    ['Package: *\nPin: version 2*\nPin-Priority: -1', ['a 2.0 t null']],
    ['Package: *\nPin: release t\nPin-Priority: -1', ['a 1.1 s null']],
    ['Package: *\nPin: release 12*\nPin-Priority: -1', ['a 2.0 t null']],
    // What is installed is in an archive of its own.
    ['Package: a\nPin: release a=now\nPin-Priority: 600', []],
  ])('%s', (text, expected) => {
    expect(pinsOf(text).problems).toEqual([]);
    expect(found([a], archives, text)).toEqual(expected);
  });

  it.each([
    ['s', ['a 1.1 s null']],
    ['T', ['a 2.0 t null']],
    ['/^s(|-security|-updates)$/', ['a 1.1 s null']],
    ['/^(t|u)?$/', ['a 2.0 t null']],
    ['x', ['a 2.0 t null']],
  ])('prefer the target release %s', (release, expected) => {
    const config = Buffer.from(`APT::Default-Release "${release}";`);
    const { pins, problems } = readAptPreferences(new Map([['etc/apt/apt.conf.d/99.target.conf', config]]));
    expect(problems).toEqual([]);
    const named = atOnce(aptCandidates([a], { ...viewOf(archives), pins })).map(
      (one) => `${one.name} ${one.candidate}`,
    );
    expect(named).toEqual(expected.map((one) => one.split(' ', 2).join(' ')));
  });

  it.each(['/^(s+)+$/', '/[s]/', `/${'(a|b)'.repeat(20)}/`])('do not follow the target release %s', (release) => {
    const config = Buffer.from(`APT::Default-Release "${release}";`);
    const { pins, problems } = readAptPreferences(new Map([['etc/apt/apt.conf', config]]));
    expect(pins).toEqual([]);
    expect(problems).toEqual([
      expect.objectContaining({ code: 'apt-custom-pinning', subject: 'APT::Default-Release' }),
    ]);
  });

  it.each(['-32769', '32768', '40000'])('beyond the priorities that apt takes are not followed: %s', (priority) => {
    const { pins, problems } = pinsOf(`Package: *\nPin: release n=t\nPin-Priority: ${priority}`);
    expect(pins).toEqual([]);
    expect(problems).toMatchObject([{ code: 'apt-custom-pinning' }]);
  });

  // Each as apt 2.6 has it; `:native` by apt_preferences(5).
  describe.each([
    ['foo', 'amd64'],
    ['foo:i386', 'i386'],
    ['foo:amd64', 'amd64'],
    ['foo:native', 'amd64'],
    ['foo:any', 'amd64 i386'],
    ['foo:*', 'amd64 i386'],
    ['foo:linux-any', 'amd64 i386'],
    ['foo:any-i386', 'i386'],
    ['foo:all', ''],
    ['any:foo', ''],
    ['FOO:any', ''],
    ['FO*', 'amd64'],
    ['fo*:any', 'amd64 i386'],
    ['*:i386', 'i386'],
    ['[ef]oo:any', 'amd64 i386'],
    ['[!e]oo:any', 'amd64 i386'],
    ['[a-e]oo:any', ''],
    ['?oo', 'amd64'],
    ['/^fo/', 'amd64'],
    ['/^fo/:any', 'amd64 i386'],
    ['src:s', 'amd64'],
    ['src:s:i386', 'i386'],
    ['src:S:any', ''],
    ['src:[st]*:any', 'amd64 i386'],
    ['src:/^s/:any', 'amd64 i386'],
    ['src:foo:any', ''],
    ['bar foo:i386', 'i386'],
  ])('of %s', (name, expected) => {
    it.each([
      ['release *', true],
      ['release b=*', true],
      ['origin deb.example', true],
      ['origin "DEB.*"', true],
      ['origin /^deb/', true],
      ['version /^1.1$/', true],
      ['origin ""', false],
      ['origin other.example', false],
    ])('by %s', (pin, isMatch) => {
      const source = { name: 's', version: '1.0' };
      const both = ['amd64', 'i386'].map((architecture) => installed('foo', '1.0', { architecture, source }));
      const offered = ['amd64', 'i386'].map((architecture) => {
        const one = archive('t', { foo: '1.1' }, { architecture });
        return { ...one, offers: one.offers.map((offer) => ({ ...offer, source: { name: 's', version: '1.1' } })) };
      });
      const { pins, problems } = pinsOf(`Package: ${name}\nPin: ${pin}\nPin-Priority: -1`);
      expect(problems).toEqual([]);
      const left = atOnce(aptCandidates(both, { ...viewOf(offered), pins })).map(({ architecture }) => architecture);
      const held = ['amd64', 'i386'].filter((one) => !left.includes(one)).join(' ');
      expect(held).toBe(isMatch ? expected : '');
    });
  });

  it('know of which architecture an index is', () => {
    const packages = [installed('foo', '1.0'), installed('foo', '1.0', { architecture: 'i386' })];
    const archives = ['amd64', 'i386'].map((architecture) => archive('t', { foo: '1.1' }, { architecture }));
    const { pins } = pinsOf('Package: foo:any\nPin: release b=i386\nPin-Priority: -1');
    const left = atOnce(aptCandidates(packages, { ...viewOf(archives), pins })).map(({ architecture }) => architecture);
    expect(left).toEqual(['amd64']);
  });

  it('are read from the files that apt reads', () => {
    const pin = Buffer.from('Package: a\nPin: release n=t\nPin-Priority: -1');
    const count = (name: string): number => readAptPreferences(new Map([[`etc/apt/${name}`, pin]])).pins.length;
    const read = ['preferences', 'preferences.d/x', 'preferences.d/x.pref', 'preferences.d/docker.io.pref'];
    const left = ['preferences.d/x.bak', 'preferences.d/x.pref.bak', 'preferences.d/.pref', 'preferences.d/x.', 'x'];
    expect(read.map(count)).toEqual(read.map(() => 1));
    expect(left.map(count)).toEqual(left.map(() => 0));
  });

  it('never lists a downgrade that a pin forces', () => {
    expect(found([a], [archive('s', { a: '0.5' })], 'Package: a\nPin: version 0.5\nPin-Priority: 1001')).toEqual([]);
  });

  it.each([
    'Package: /^(lib)+/\nPin: release n=t\nPin-Priority: 5',
    'Package: a{b}\nPin: release n=t\nPin-Priority: 5',
    'Package: a\nPin: moon phase\nPin-Priority: 5',
    'Package: a\nPin: release x=t\nPin-Priority: 5',
    'Package: a\nPin: release n=t\nPin-Priority: high',
  ])('says that it cannot follow %j', (text) => {
    const { pins, problems } = pinsOf(text);
    expect(pins).toEqual([]);
    expect(problems[0]?.message).toContain('custom apt pinning is present');
  });
});

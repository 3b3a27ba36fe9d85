import { describe, expect, it } from 'vitest';
import type { VersionScheme } from '../../src/core/package.ts';
import type { VersionPin } from '../../src/core/parsed-file.ts';
import { checkPin, type PinPlatform, type PinVerdict } from '../../src/packages/pin-check.ts';

/** `version@suite[:architecture]`, what the manager takes by itself first. */
function platform(offers: string, scheme: VersionScheme = 'dpkg', name = 'linux/amd64'): PinPlatform {
  const all = offers.split(' ').flatMap((one) => {
    const [version, place = ''] = one.split('@');
    const [suite = '', architecture = 'amd64'] = place.split('/');
    return version ? [{ name: 'curl', version, suite, architecture }] : [];
  });
  const suites = [...new Set(['bookworm', 'bookworm-backports', ...all.map(({ suite }) => suite)])];
  const repositories = suites.map((suite) => ({ uri: '', suite, trust: 'verified' as const, detail: '' }));
  return {
    platform: name,
    scheme,
    reading: { complete: true, problems: [], repositories, offers: (asked) => (asked === 'curl' ? all : []) },
  };
}

function pin(word: string, more: Partial<VersionPin> = {}): VersionPin {
  const [, operator = '=', version = ''] = /^([=<>~]+)(.*)$/.exec(word) ?? [];
  return { manager: 'apt', name: 'curl', operator, version, line: 1, column: 1, ...more };
}

/** `broken 2.0 downgraded`: the verdict, the version to write, how it moves. */
function said(verdict: PinVerdict): string {
  if (verdict.kind === 'current' || verdict.kind === 'unknown') return verdict.kind;
  const moves = new Set(verdict.moves.map(({ kind }) => kind));
  return [verdict.kind, verdict.version ?? 'nothing', ...moves].join(' ');
}

const both = '7.88@bookworm 8.5~bpo@bookworm-backports';

describe('a pinned version', () => {
  it.each<[string, string, string, Partial<VersionPin>]>([
    ['=7.88', '7.88@bookworm', 'current', {}],
    ['=7.87', '7.88@bookworm 7.87@bookworm', 'outdated 7.88 upgraded', {}],
    ['=7.87', '7.88@bookworm', 'broken 7.88 upgraded', {}],
    ['=7.89', '7.88@bookworm', 'broken 7.88 downgraded', {}],
    ['=1', '', 'broken nothing', {}],
    // Backports stand behind the release, and whoever chose them stays there.
    ['=8.5~bpo', both, 'current', {}],
    ['=8.5~bpo', both, 'current', { suite: 'bookworm-backports' }],
    ['=8.5~bpo', `${both} 8.6~bpo@bookworm-backports`, 'outdated 8.6~bpo upgraded', {}],
    ['=8.4~bpo', both, 'broken 8.5~bpo upgraded', {}],
    ['=7.88', both, 'current', {}],
    ['=7.87', both, 'broken 7.88 upgraded', {}],
    ['=7.87', both, 'broken 8.5~bpo upgraded', { suite: 'bookworm-backports' }],
    ['=7.90*', both, 'broken 8.5* upgraded', {}],
    ['=7.8*', both, 'current', {}],
    ['=7', '7.88@x', 'unknown', { suite: 'trixie' }],
    // As apt-get -s install answers.
    ['=7.*', '7.88@bookworm', 'current', {}],
    ['=7.8*8', '7.88@bookworm', 'current', {}],
    ['=7.88-A', '7.88-a@bookworm', 'current', {}],
    ['=7.88', '7.88-1@bookworm', 'broken 7.88-1 upgraded', {}],
    ['=7.8?-1', '7.88-1@bookworm', 'current', {}],
    ['=7.8?-*', '7.88-1@bookworm', 'broken nothing upgraded', {}],
    ['=*88*', '7.88-1@bookworm', 'broken nothing upgraded', {}],
    // The indexes that are read are those of the image's own architecture.
    ['=7', '7.88@bookworm', 'unknown', { architecture: 'i386' }],
    ['=7', '', 'unknown', { architecture: 'i386' }],
    ['=7.88', '7.88@bookworm', 'current', { architecture: 'amd64' }],
    ['=7.88', '7.88@bookworm/all', 'current', { architecture: 'amd64' }],
    ['=7.88', '7.88@bookworm', 'current', { architecture: 'any' }],
  ])('%s among %j is %s (%j)', (word, offers, expected, more) => {
    expect(said(checkPin(pin(word, more), [platform(offers)]))).toBe(expected);
  });

  it.each([
    ['>=1.0', '2.0@v3.20', 'current'],
    ['<2', '2.1@v3.20 1.9@v3.20', 'current'],
    ['<2', '2.1@v3.20', 'broken nothing upgraded'],
  ])('as a limit: %s among %j is %s', (word, offers, expected) => {
    expect(said(checkPin(pin(word, { manager: 'apk' }), [platform(offers, 'apk')]))).toBe(expected);
  });

  it('is unknown when a tag of repositories is asked for and the others do not have it', () => {
    const tagged = pin('=3', { manager: 'apk', suite: '@edge' });
    expect(said(checkPin(tagged, [platform('2.0@v3.20', 'apk')]))).toBe('unknown');
    expect(said(checkPin(tagged, [platform('3@v3.20', 'apk')]))).toBe('current');
  });
});

import { describe, expect, it } from 'vitest';
import { type Ceiling, newestTag } from '../../src/tags/newest-tag.ts';
import { fc } from '../support/fast-check.ts';

describe('newestTag', () => {
  const cases: [current: string, tags: string, allow: Ceiling, newest: string | undefined][] = [
    // Components are numbers, not text.
    ['1.9.0', '1.9.0 1.10.0 1.2.0', 'minor', '1.10.0'],
    ['1.0.0-9', '1.0.0-9 1.0.0-14 1.0.0-8', 'patch', '1.0.0-14'],
    ['5.2.1-ls99', '5.2.1-ls99 5.2.1-ls101 5.2.1-ls98', 'patch', '5.2.1-ls101'],
    ['15.4.0-debian-12-r3', '15.4.0-debian-12-r11 15.4.0-debian-13-r1', 'patch', '15.4.0-debian-12-r11'],
    // As many of them.
    ['22', '22 22.4 23 23.1.0', 'major', '23'],
    ['3.12', '3.12.1 3.13 3.13.2 4', 'major', '3.13'],
    // Ceilings.
    ['1.2.3', '1.2.4 1.3.0 2.0.0', 'patch', '1.2.4'],
    ['1.2.3', '1.2.4 1.3.0 2.0.0', 'minor', '1.3.0'],
    ['1.2.3', '1.2.4 1.3.0 2.0.0', 'major', '2.0.0'],
    ['1.2.3', '1.3.0 2.0.0', 'patch', undefined],
    // Prefix and suffix stay.
    ['v1.2.3', '1.2.4 v1.2.5 V1.2.6', 'major', 'v1.2.5'],
    ['3.12-slim', '3.13 3.13-slim 3.13-alpine', 'major', '3.13-slim'],
    ['8.2-fpm-alpine3.19', '8.3-fpm-alpine3.20 8.3-fpm-alpine3.19 8.4-fpm', 'major', '8.3-fpm-alpine3.19'],
    ['release-1.2', 'release-1.3 1.4', 'major', 'release-1.3'],
    ['12-bookworm', '13-trixie 14-bookworm', 'major', '14-bookworm'],
    // Pre-releases.
    ['1.2.0', '1.3.0-rc1 1.3.0-beta.2 1.3.0a1 1.3.0-dev', 'major', undefined],
    ['1.3.0-rc1', '1.3.0-rc1 1.3.0-rc2 1.3.0-beta9', 'major', '1.3.0-rc2'],
    ['1.3.0-rc1', '1.3.0-rc2 1.3.0', 'major', '1.3.0'],
    ['1.3.0-rc1-alpine', '1.3.0-alpine 1.3.0', 'major', '1.3.0-alpine'],
    ['3.20-alpine', '3.21-alpine', 'major', '3.21-alpine'],
    // Build numbers, hashes, dates.
    ['11.1.0', '9799770991 11.1.1', 'major', '11.1.1'],
    ['11', '9799770991 20240101', 'major', undefined],
    ['20240101', '20240215 20231201 12', 'major', '20240215'],
    ['2024.1', '2024.3 2025.1 3000.1', 'minor', '2024.3'],
    ['abc1234', 'abd1234 1234567', 'major', undefined],
    ['sha-1234567', 'sha-9999999 sha-99999999', 'major', undefined],
    ['2024-01-01', '2024-02-01 2023-12-31 2024-13-01 2025', 'major', '2024-02-01'],
    [
      'RELEASE.2024-01-01T16-36-33Z',
      'RELEASE.2024-02-01T10-00-00Z RELEASE.2024-02-02T10-00-00Z-cpuv1 RELEASE.2023-02-01T10-00-00Z',
      'major',
      'RELEASE.2024-02-01T10-00-00Z',
    ],
    [
      'RELEASE.2024-01-01T16-36-33Z',
      'RELEASE.2024-01-01T16-37-00Z RELEASE.2024-02-01T10-00-00Z',
      'patch',
      'RELEASE.2024-01-01T16-37-00Z',
    ],
    // Numbers that are written in other ways.
    ['8u292-jdk', '8u302-jdk 8u302-jre 11-jdk 8-jdk', 'minor', '8u302-jdk'],
    [
      '8u402-b06-jre-alpine',
      '8u402-b08-jre-alpine 8u412-b08-jre-alpine 8u412-b09-jre',
      'major',
      '8u412-b08-jre-alpine',
    ],
    [
      '2022-CU10-ubuntu-22.04',
      '2022-CU11-ubuntu-22.04 2022-CU12-ubuntu-20.04 2022-latest',
      'major',
      '2022-CU11-ubuntu-22.04',
    ],
    ['v1.27.1-k3s1', 'v1.27.1-k3s2 v1.27.1-rke2r3 v1.28.0-k3s1', 'patch', 'v1.27.1-k3s2'],
    ['v1.28.3-eksbuild.1', 'v1.28.3-eksbuild.2 v1.28.3', 'patch', 'v1.28.3-eksbuild.2'],
    ['10.0.17763.5329', '10.0.17763.5458 10.0.20348.9999', 'major', '10.0.17763.5458'],
    // Codenames.
    ['bookworm', 'trixie bullseye sid latest', 'major', 'trixie'],
    ['bookworm', 'trixie', 'minor', undefined],
    ['bookworm-slim', 'trixie trixie-slim', 'major', 'trixie-slim'],
    ['bookworm-20240101-slim', 'bookworm-20240211-slim trixie-20240211-slim', 'minor', 'bookworm-20240211-slim'],
    ['jammy', 'noble oracular plucky', 'major', 'noble'],
    ['mantic', 'noble oracular', 'major', 'oracular'],
    // No order.
    ['latest', 'latest 1 2', 'major', undefined],
    ['1.2.3', '', 'major', undefined],
    ['1.2.3', '1.2.3', 'major', undefined],
  ];
  it.each(cases)('%s of %j, %s: %s', (current, tags, allow, newest) => {
    expect(newestTag(current, tags.split(' '), allow)).toBe(newest);
  });

  it('offers only what a wider ceiling offers too, never the current tag, and never throws', () => {
    const tag = fc.stringMatching(/^v?\d{1,3}(\.\d{1,3}){0,2}(-rc\d|-alpine|-r\d{1,2})?$/);
    fc.assert(
      fc.property(fc.oneof(tag, fc.string()), fc.array(tag, { maxLength: 20 }), (current, tags) => {
        const [patch, minor, major] = (['patch', 'minor', 'major'] as const).map((allow) =>
          newestTag(current, tags, allow),
        );
        if (patch !== undefined) expect(minor).toBeDefined();
        if (minor !== undefined) expect(major).toBeDefined();
        expect([patch, minor, major]).not.toContain(current);
        // Nothing newer than the newest.
        if (major !== undefined) expect(newestTag(major, tags, 'major')).toBeUndefined();
      }),
    );
  });
});

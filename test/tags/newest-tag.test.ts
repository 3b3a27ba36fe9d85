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
    ['998', '999 1000 1001', 'major', '1001'],
    ['8', '8-libreoffice 32bit-stretch 9 19beta3-trixie', 'major', '9'],
    ['11.1.0', '11.1.9799770991', 'patch', undefined],
    ['10.11.4', '10.11.5 2021.12.16', 'major', '10.11.5'],
    ['4.6.2', '4.6.3 20.04.1', 'major', '4.6.3'],
    ['2021.9.1', '13696b1 2021.9.2', 'major', '2021.9.2'],
    ['5.7.0', 'fix__69 5.8.0', 'major', '5.8.0'],
    ['2025-08-05', '2025-06-03 2025-09-01', 'major', '2025-09-01'],
    [
      'RELEASE.2024-01-16T16-07-38Z',
      'RELEASE.2023-12-31T00-00-00Z RELEASE.2024-02-01T00-00-01Z',
      'major',
      'RELEASE.2024-02-01T00-00-01Z',
    ],
    ['1.4.5', '3050', 'major', undefined],
    ['sha-1234567', 'sha-2345678', 'major', undefined],
    ['pr-12', 'pr-13', 'major', undefined],
    // Windows, by its versions and by its builds.
    ['1803', '1809 1903', 'major', '1903'],
    ['1803-KB4487017', '1903 1903-KB4505057 1903-amd64', 'major', '1903-KB4505057'],
    ['10.0.16299.1087', '10.0.17763.504 10.0.18362.175 10.0.18362.2037-amd64', 'major', '10.0.18362.175'],
    ['10.0.17763.5329', '10.0.17763.5458 10.0.20348.9999', 'minor', '10.0.17763.5458'],
    ['10.0.17763.1999', '10.0.17763.2037', 'patch', '10.0.17763.2037'],
    [
      '22-ea-7-windowsservercore-1809',
      '22-ea-9-windowsservercore-1809 22-ea-9-windowsservercore-2019',
      'patch',
      '22-ea-9-windowsservercore-1809',
    ],
    // Rebuilds.
    ['8.7-923.1669829893', '8.7 8.7-1031 8.7-1049', 'patch', '8.7-1049'],
    ['8.5', '8.7 8.7-1049 8.7-923.1669829893', 'major', '8.7'],
    ['7.2-0.1', '7.2-0.2 7.2-0.3 7.2-0.3.1', 'patch', '7.2-0.3'],
    ['7.1-0.1', '7.2-0.3 7.2-0.3.1', 'minor', '7.2-0.3'],
    ['3.10-master-777', '3.10-master-999 3.10', 'patch', '3.10-master-999'],
    ['11-jdk-master-111', '11-jdk-master-222', 'patch', '11-jdk-master-222'],
    ['2.5.0p13', '2.5.0p9 2.5.0p14', 'patch', '2.5.0p14'],
    ['8u402-b06-jre', '8u392-b08-jre 8u412-b08-jre 8u412-b08-jdk', 'patch', '8u412-b08-jre'],
    ['v1.28.5-k3s1', 'v1.28.5-k3s2 v1.29.0-rc1-k3s1', 'patch', 'v1.28.5-k3s2'],
    ['v1.28.3-eksbuild.1', 'v1.28.3-eksbuild.2 v1.28.3', 'patch', 'v1.28.3-eksbuild.2'],
    ['8u402-b06-jre-alpine', '8u402-b08-jre-alpine 8u412-b09-jre', 'patch', '8u402-b08-jre-alpine'],
    ['2022-CU14-ubuntu-22.04', '2022-CU15-ubuntu-22.04 2022-CU16-ubuntu-24.04', 'patch', '2022-CU15-ubuntu-22.04'],
    ['4.0.13.2932-ls274', '4.0.9.1000-ls50 4.0.13.2933-ls275', 'patch', '4.0.13.2933-ls275'],
    // The commit of a build says nothing about its age.
    ['v3.9.0-177-ged5bcde', 'v3.10.0-169-gfe040d3 v3.9.0-200-g0a1b2c3', 'minor', 'v3.10.0-169-gfe040d3'],
    ['1.43.3.10896-cb3ebc72d', '1.43.3.10861-07dfddaeb 1.43.3.10897-abcdef123', 'patch', '1.43.3.10897-abcdef123'],
    // What else is inside is another image.
    [
      '3.9.6-eclipse-temurin-17',
      '3.9.6-eclipse-temurin-21 3.9.7-eclipse-temurin-17',
      'major',
      '3.9.7-eclipse-temurin-17',
    ],
    ['6.4.2-php8.2-fpm', '6.4.3-php8.3-fpm 6.4.3-php8.2-fpm', 'major', '6.4.3-php8.2-fpm'],
    ['2.1-cuda-118', '2.1-cuda-124', 'major', undefined],
    // Processors.
    [
      'linux-amd64-2.9.3-alpine',
      'linux-amd64-2.11.1-alpine linux-arm64-2.12.0-alpine 2.13.0-alpine',
      'major',
      'linux-amd64-2.11.1-alpine',
    ],
    ['2.27.1', 'windowsltsc2022-amd64-2.29.3', 'major', undefined],
    ['windowsltsc2022-amd64-2.9.3', 'windowsltsc2022-amd64-2.10.0', 'minor', 'windowsltsc2022-amd64-2.10.0'],
    ['1.2.3-arm64v8', '1.2.4-arm64v8 1.2.5-amd64', 'patch', '1.2.4-arm64v8'],
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
    // Codenames.
    ['17.04', '17.10 18.04 18.10', 'major', '18.10'],
    ['22.04', '22.10 23.04 24.04 24.10', 'major', '24.04'],
    ['24.04-py3', '24.05-py3 24.10-py3 24.11-py3', 'major', '24.11-py3'],
    ['artful-20170826', 'artful-20170916 bionic-20180101', 'major', 'artful-20170916'],
    ['focal-1.2.0', 'focal-1.2.1 jammy-1.0.1', 'major', 'focal-1.2.1'],
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

import { gt, maxSatisfying } from 'semver';
import { describe, expect, it } from 'vitest';
import { newestTag } from '../../src/index.ts';
import type { Ceiling } from '../../src/tags/ranges.ts';
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
    // What is called like a pre-release and stands beside the release is another image.
    ['24.16-dev', '24.16 24.16-dev 24.17 24.17-dev 24.17.0-0', 'minor', '24.17-dev'],
    ['22-dev', '22 22-dev 24 24-dev', 'major', '24-dev'],
    ['1.22-dev', '1.22 1.22-dev', 'patch', undefined],
    ['1.75-nightly', '1.76 1.76-nightly', 'minor', '1.76-nightly'],
    ['21-ea-jdk', '21-jdk 22-ea-jdk 22-jdk', 'major', '22-ea-jdk'],
    ['8.0-preview-alpine', '8.0-alpine 9.0-alpine 9.0-preview-alpine', 'major', '9.0-preview-alpine'],
    ['24.16-DEV', '24.16 24.17 24.17-DEV', 'minor', '24.17-DEV'],
    ['1.3-canary', '1.4-canary 1.4 1.4-nightly', 'minor', '1.4-canary'],
    ['2025.1-beta', '2025.1 2025.2-beta', 'major', '2025.2-beta'],
    // What counts towards a release is a pre-release still, and so is what nothing else is called like.
    ['1.3.0-rc', '1.3.0', 'major', '1.3.0'],
    ['1.3.0-dev', '1.4.0', 'major', '1.4.0'],
    ['1.3.0-dev.3', '1.3.0 1.2.0-dev.9', 'major', '1.3.0'],
    ['1.3.0-preview-alpine', '1.3.1-alpine', 'major', '1.3.1-alpine'],
    // A number with words behind it is of what comes with the version.
    ['4.0.13-24-trixie', '4.0.14-24-trixie 4.0.14-22-trixie 4.0.14-26-trixie 4-22-trixie', 'patch', '4.0.14-24-trixie'],
    ['4.0.13-24-trixie', '4.0.13-26-trixie', 'major', undefined],
    ['4.0.13-24-trixie', '4.1.0-22-trixie', 'minor', undefined],
    ['3-22-bookworm', '4-22-bookworm 4-24-bookworm', 'major', '4-22-bookworm'],
    [
      '1.2.1-3.12-bookworm',
      '1.3.0-3.11-bookworm 1.3.0-3.12-bookworm 1.3.0-3.13-bookworm',
      'minor',
      '1.3.0-3.12-bookworm',
    ],
    ['1.2.1-3.12.1-bookworm', '1.2.1-3.12.4-bookworm 1.2.1-3.13.0-bookworm', 'patch', '1.2.1-3.12.4-bookworm'],
    ['16-3.4-alpine', '17-3.3-alpine 17-3.5-alpine', 'major', '17-3.5-alpine'],
    ['15-3.3-alpine', '15-3.4-alpine', 'patch', undefined],
    // Nothing behind a rebuild but a processor: still one.
    ['1.2.3-2-amd64', '1.2.3-3-amd64 1.2.3-4-arm64', 'patch', '1.2.3-3-amd64'],
    // A dotted number behind the first group is a version.
    ['14-v0.2.0', '14-v0.2.1 14-v0.3.0 14-v1.0.0 16-v0.3.0', 'patch', '14-v0.2.1'],
    ['14-v0.2.0', '14-v0.2.1 14-v0.3.0 14-v1.0.0 16-v0.3.0', 'minor', '14-v0.3.0'],
    ['14-v0.2.0', '16-v0.1.0', 'major', undefined],
    ['0-3.9', '0-3.10 0-3.11', 'patch', undefined],
    ['15-3.3', '16-3.2', 'major', undefined],
    ['8.0.35-27.1', '8.0.36-28.1', 'patch', '8.0.36-28.1'],
    // CUDA 12.9, and SQL Server's fourteenth cumulative update.
    ['v0.21.0-cu129', 'v0.21.0-cu130 v0.21.1-cu129 v0.21.1-cu130', 'patch', 'v0.21.1-cu129'],
    ['2.1.0-cu118-py310', '2.1.0-cu121-py310', 'patch', undefined],
    ['v0.7.0-cu12', 'v0.7.0-cu13', 'major', undefined],
    // Digits in the text before the version.
    ['k8s-1.2.3', 'k8s-1.2.4 k8s-1.3.0 k9s-1.4.0', 'minor', 'k8s-1.3.0'],
    ['s6-3.1.0', 's6-3.2.0', 'minor', 's6-3.2.0'],
    ['h2o-3', 'h2o-4 h3o-5', 'major', 'h2o-4'],
    ['v2ray-5.1.0', 'v2ray-5.2.0', 'minor', 'v2ray-5.2.0'],
    ['app-k8s-1.2.3-alpine', 'app-k8s-1.2.4-alpine', 'patch', 'app-k8s-1.2.4-alpine'],
    ['pg14-v0.2.0', 'pg14-v0.2.1 pg14-v0.3.0 pg14-v1.0.0 pg16-v0.3.0', 'patch', 'pg14-v0.2.1'],
    ['pg14-v0.2.0', 'pg14-v0.3.0 pg16-v0.4.0', 'major', 'pg14-v0.3.0'],
    ['jdk17-1.2.3', 'jdk17-1.2.4 jdk17-2.0.0 jdk21-1.2.4', 'patch', 'jdk17-1.2.4'],
    ['pg16', 'pg15 pg17 0.7.0-pg16', 'major', 'pg17'],
    ['v1-1.2', 'v1-1.3 v2-1.3', 'major', 'v2-1.3'],
    // Months beside versions.
    ['5.0.3', '5.0.4 5.1.2 20.04.1', 'major', '5.1.2'],
    ['5.0.3', '20.04.1', 'major', undefined],
    ['5.0.3', '5.1.2 20.04.1 20.10.2 21.11.1', 'major', '5.1.2'],
    ['4.10.1', '4.11.0 20.04.1', 'major', '4.11.0'],
    ['9.0.3', '10.0.0 20.04.1', 'major', '10.0.0'],
    ['5.0.3', '5.1.0 10.0.0', 'major', '10.0.0'],
    ['2025.11.1', '2026.02.0', 'major', '2026.02.0'],
    // Other people's months.
    ['24.04-py3', '24.05-py3 24.09-py3 24.10-py3', 'major', '24.10-py3'],
    ['24.04-cuda12.5-py3.11', '24.06-cuda12.5-py3.11 24.10-cuda12.5-py3.11', 'major', '24.10-cuda12.5-py3.11'],
    ['22.04', '22.10 23.04', 'major', undefined],
    // What stands behind stays as it is, and a date before all else is the first number.
    ['1.8.1-mosquitto_1.6.14', '1.8.2-mosquitto_1.6.15', 'major', undefined],
    ['120.0-chromedriver-120.0', '121.0-chromedriver-121.0', 'major', undefined],
    ['0.9.3-alpine', '0.9.4-2-alpine', 'major', undefined],
    ['main-20240101', 'main-20240301', 'minor', undefined],
    ['main-20240101', 'main-20240301', 'major', 'main-20240301'],
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

describe('the repository, where it is known', () => {
  it.each([
    ['docker.io/library/ubuntu', '24.04', '24.10 25.05', undefined],
    ['mirror.corp/ubuntu-base', '24.04', '24.10', undefined],
    ['nvcr.io/nvidia/pytorch', '24.04', '24.10', '24.10'],
    ['ubuntu.corp/app', '24.04', '24.10', '24.10'],
  ])('%s: %s of %j: %s', (repository, current, tags, newest) => {
    expect(newestTag(current, tags.split(' '), 'major', repository)).toBe(newest);
  });
});

describe('a semver range', () => {
  it.each<[current: string, tags: string, range: string, newest: string | undefined]>([
    ['22-alpine', '23-alpine 24-alpine', '>=22 <24', '23-alpine'],
    ['22.1.0-alpine', '22.2.0-alpine 22.3.0', '^22', '22.2.0-alpine'],
    ['1.3.0-rc1', '1.3.0', '^1', '1.3.0'],
    // A part of a version stands for every version that begins with it.
    ['22', '23 24', '^22.5 || ^23.1', '23'],
    ['3.11', '3.12 3.13', '<3.12.5', '3.12'],
    ['3.11', '3.12 3.13', '3.12.x', '3.12'],
    // Nothing older, and a tag out of the range may come into it.
    ['24', '22 23', '>=18 <24', undefined],
    ['20', '22 25', '>=22 <24', '22'],
    ['1.2.3', '1.2.2 1.2.3', '^1', undefined],
    // Pre-releases as npm takes them: only of a version that the range names so.
    ['1.3.0-rc1', '1.3.0-rc2', '^1', undefined],
    ['1.3.0-rc1', '1.3.0-rc2 1.3.0-rc10 1.4.0-rc1', '>=1.3.0-rc1', '1.3.0-rc10'],
    ['1.2.0', '1.3.0-rc1', '>=1.3.0-rc1', undefined],
    // A word without a number is text.
    ['24.16-dev', '24.16 24.17-dev 25.1-dev', '^24', '24.17-dev'],
    // Rebuilds and what stands behind.
    ['1.2.3-r1', '1.2.3-r2 1.3.0-r0', '~1.2.3', '1.2.3-r2'],
    ['1.2.1-3.12-bookworm', '1.3.0-3.13-bookworm 1.2.4-3.12-bookworm', '^1', '1.2.4-3.12-bookworm'],
    ['v1.2.3', 'v1.9.0 v2.0.0', '1.x', 'v1.9.0'],
    ['24.04', '24.10 25.04 26.04', '>=24.4', '26.04'],
    ['bookworm', 'trixie forky', '<14', 'trixie'],
    ['4.0.9.1000', '4.0.9.1001 4.0.10.1', '4.0.9', '4.0.9.1001'],
    ['1.2.3', '1.9007199254740993.0', '>=1', undefined],
    ['latest', '1 2', '*', undefined],
  ])('%s of %j, %s: %s', (current, tags, range, newest) => {
    expect(newestTag(current, tags.split(' '), range)).toBe(newest);
  });

  it.each(['', ' ', 'foo', 'Major', '>=a', 'latest', '^22 and <24'])('%j is none', (text) => {
    expect(() => newestTag('1', ['2'], text)).toThrow(expect.objectContaining({ code: 'RANGE' }));
    // Also where nothing is asked of it.
    expect(() => newestTag('latest', [], text)).toThrow(expect.objectContaining({ code: 'RANGE' }));
  });

  it('none offers nothing', () => {
    expect(newestTag('1', ['2'], 'none')).toBeUndefined();
  });
});

/*
 * Where both orders apply they agree. They do not apply, or differ on purpose, here:
 * - semver orders words by their letters (canary before dev, ea before rc before snapshot); people's words have an order of
 *   their own, and a, b and m are alpha, beta and milestone: only alpha, beta and rc are compared below.
 * - semver takes rc10 for text and puts it before rc9; we count.
 * - semver has three numbers: a fourth one, and rebuilds, decide only between tags that semver takes for equal.
 * - 1.2 is no version for semver; among tags of one shape the parts that are missing are missing in both.
 */
describe("our order and semver's precedence", () => {
  const number = fc.nat({ max: 30 });
  const release = fc.tuple(number, number, number).map((parts) => parts.join('.'));
  const pre = fc
    .tuple(release, fc.constantFrom('alpha', 'beta', 'rc'), number)
    .map(([v, word, n]) => `${v}-${word}.${n}`);

  it('agree on which of two versions is the newer', () => {
    fc.assert(
      fc.property(pre, fc.oneof(release, pre), (current, other) => {
        expect(newestTag(current, [other], 'major')).toBe(gt(other, current) ? other : undefined);
      }),
    );
    fc.assert(
      fc.property(release, release, (current, other) => {
        expect(newestTag(current, [other], 'major')).toBe(gt(other, current) ? other : undefined);
      }),
    );
  });

  it('agree on the newest within a range', () => {
    const range = fc
      .tuple(fc.constantFrom('^', '~', '>=', '<', '<=', ''), release)
      .map(([operator, version]) => `${operator}${version}`);
    fc.assert(
      fc.property(release, fc.array(release, { maxLength: 30 }), range, (current, tags, text) => {
        const best = maxSatisfying(
          tags.filter((tag) => gt(tag, current)),
          text,
        );
        expect(newestTag(current, tags, text)).toBe(best ?? undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('differ where numbers are written into words', () => {
    expect(newestTag('1.0.0-rc9', ['1.0.0-rc10'], 'major')).toBe('1.0.0-rc10');
    expect(gt('1.0.0-rc10', '1.0.0-rc9')).toBe(false);
    expect(newestTag('1.0.0-dev.1', ['1.0.0-canary.1'], 'major')).toBe('1.0.0-canary.1');
    expect(gt('1.0.0-canary.1', '1.0.0-dev.1')).toBe(false);
  });
});

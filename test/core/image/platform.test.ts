import { describe, expect, it } from 'vitest';
import { formatPlatform, parsePlatform, platformMatches } from '../../../src/core/image/platform.ts';

describe('parsePlatform', () => {
  it.each([
    ['linux/arm64', { os: 'linux', architecture: 'arm64' }],
    ['linux/arm64/v8', { os: 'linux', architecture: 'arm64', variant: 'v8' }],
    ['linux/arm', { os: 'linux', architecture: 'arm' }],
    ['linux/arm/v7', { os: 'linux', architecture: 'arm', variant: 'v7' }],
    ['linux/arm/6', { os: 'linux', architecture: 'arm', variant: 'v6' }],
    ['armel', { os: 'linux', architecture: 'arm', variant: 'v6' }],
    ['armhf', { os: 'linux', architecture: 'arm' }],
    ['Aarch64', { os: 'linux', architecture: 'arm64' }],
    ['x86_64', { os: 'linux', architecture: 'amd64' }],
    ['Linux/x86-64', { os: 'linux', architecture: 'amd64' }],
    ['linux/amd64/v1', { os: 'linux', architecture: 'amd64' }],
    ['linux/amd64/v3', { os: 'linux', architecture: 'amd64', variant: 'v3' }],
    ['i386', { os: 'linux', architecture: '386' }],
    ['linux', { os: 'linux', architecture: 'amd64' }],
    ['macOS', { os: 'darwin', architecture: 'amd64' }],
    ['windows()', { os: 'windows', architecture: 'amd64' }],
    ['windows(10.0.17763)/amd64', { os: 'windows', architecture: 'amd64', osVersion: '10.0.17763' }],
    ['windows(10.0+win32k)', { os: 'windows', architecture: 'amd64', osVersion: '10.0', osFeatures: ['win32k'] }],
    ['windows(50%25done)', { os: 'windows', architecture: 'amd64', osVersion: '50%done' }],
    ['anything/goes', { os: 'anything', architecture: 'goes' }],
  ])('%s', (text, platform) => {
    expect(parsePlatform(text)).toEqual(platform);
  });

  it.each([
    '',
    '/linux/arm',
    'linux/arm/',
    'linux /arm',
    'linux/&arm',
    'linux/arm/foo/bar',
    '*',
    'linux/*',
    'pdp11',
    'windows(%zz)',
  ])('refuses %j', (text) => {
    expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: 'PLATFORM' }));
  });
});

describe('platformMatches', () => {
  it.each([
    ['linux/arm', 'linux/arm/v7', true],
    ['linux/arm64', 'linux/arm64/v8', true],
    ['linux/arm/v6', 'linux/arm/v7', false],
    ['linux/amd64', 'linux/amd64/v2', false],
    ['linux/amd64', 'windows/amd64', false],
    ['windows(10.0.17763.1)/amd64', 'windows(10.0.17763.9)/amd64', true],
    ['windows(10.0.17763)/amd64', 'windows(10.0.20348)/amd64', false],
  ])('%s takes %s: %s', (wanted, offered, answer) => {
    expect(platformMatches(parsePlatform(wanted), parsePlatform(offered))).toBe(answer);
  });
});

it('formats what it parsed', () => {
  expect(['linux/amd64', 'linux/arm/v6'].map((text) => formatPlatform(parsePlatform(text)))).toEqual([
    'linux/amd64',
    'linux/arm/v6',
  ]);
});

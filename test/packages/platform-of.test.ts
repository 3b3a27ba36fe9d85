import { describe, expect, it } from 'vitest';
import { formatPlatform } from '../../src/core/image/platform.ts';
import { platformOf } from '../../src/packages/platform-of.ts';

describe('the platform that packages were built for', () => {
  it.each<[readonly string[], string]>([
    [['amd64', 'all'], 'linux/amd64'],
    [['x86_64', 'noarch'], 'linux/amd64'],
    [['aarch64'], 'linux/arm64'],
    [['armhf'], 'linux/arm/v7'],
    [['ppc64el'], 'linux/ppc64le'],
    [['s390x'], 'linux/s390x'],
    [['amd64', 'amd64', 'i386'], 'linux/amd64'],
    [['all'], 'linux/amd64'],
    [['constructor', 'unheard-of'], 'linux/amd64'],
    [[], 'linux/amd64'],
  ])('%j: %s', (architectures, expected) => {
    const packages = architectures.map((architecture, n) => ({ name: `p${n}`, version: '1', architecture }));
    expect(formatPlatform(platformOf({ packages }))).toBe(expected);
  });

  it.each(['apt', 'dpkg', 'apk-tools', 'rpm'])('are those of %s, whatever there is more of', (name) => {
    const others = ['i386', 'i386'].map((architecture, n) => ({ name: `p${n}`, version: '1', architecture }));
    const packages = [...others, { name, version: '1', architecture: 'amd64' }];
    expect(formatPlatform(platformOf({ packages }))).toBe('linux/amd64');
  });
});

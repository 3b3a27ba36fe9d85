import { describe, expect, it } from 'vitest';
import { parsePlatform } from '../../../src/core/image/platform.ts';
import { aptArchitectures } from '../../../src/packages/apt/apt-architectures.ts';

interface Image {
  /** `name:architecture` */
  readonly packages: readonly string[];
  readonly platform?: string;
  readonly conf?: string;
  /** `var/lib/dpkg/arch` */
  readonly dpkg?: string;
}

function of({ packages, platform, conf, dpkg }: Image): { native: string; enabled: string } {
  const files = new Map<string, Uint8Array>([
    ...(conf === undefined ? [] : [['etc/apt/apt.conf.d/00x', Buffer.from(conf)] as const]),
    ...(dpkg === undefined ? [] : [['var/lib/dpkg/arch', Buffer.from(dpkg)] as const]),
  ]);
  const rows = packages.map((one) => {
    const [name = '', architecture = ''] = one.split(':');
    return { name, architecture, version: '1' };
  });
  const { native, enabled } = aptArchitectures(
    files,
    rows,
    platform === undefined ? undefined : parsePlatform(platform),
  );
  return { native, enabled: enabled.join(' ') };
}

const wine = ['a:amd64', 'b:i386', 'c:i386', 'd:i386', 'e:all'];

describe('the native architecture', () => {
  it.each<[string, Image, string]>([
    ['that of most packages', { packages: wine }, 'i386'],
    ['that of the image', { packages: wine, platform: 'linux/amd64' }, 'amd64'],
    ['that which dpkg wrote down first', { packages: wine, dpkg: 'amd64\ni386\n' }, 'amd64'],
    ['that of the package dpkg', { packages: [...wine, 'dpkg:amd64'] }, 'amd64'],
    ['that of the package apt', { packages: [...wine, 'apt:amd64'], platform: 'linux/386' }, 'amd64'],
    ['what apt.conf says', { packages: [...wine, 'apt:i386'], conf: 'APT::Architecture "amd64";' }, 'amd64'],
    // Imported on another machine, which wrote its own into the config.
    ['never one without a package', { packages: ['a:amd64'], platform: 'linux/arm64' }, 'amd64'],
    ['by its name in Debian', { packages: [], platform: 'linux/arm/v7' }, 'armhf'],
    ['by its name in Debian', { packages: [], platform: 'linux/arm/v5' }, 'armel'],
    ['by its name in Debian', { packages: [], platform: 'linux/ppc64le' }, 'ppc64el'],
    ['by its name in Debian', { packages: [], platform: 'linux/386' }, 'i386'],
    ['not known', { packages: ['a:all'] }, ''],
  ])('is %s', (_, image, expected) => {
    expect(of(image).native).toBe(expected);
  });
});

describe('the enabled architectures', () => {
  it.each<[string, Image, string]>([
    ['those that dpkg knows', { packages: [...wine, 'apt:amd64'], dpkg: 'amd64\narmhf\n' }, 'amd64 armhf'],
    ['the native one alone', { packages: [...wine, 'apt:amd64'], dpkg: 'amd64\n' }, 'amd64'],
    [
      'what apt.conf lists',
      { packages: wine, dpkg: 'amd64\narmhf', conf: 'APT { Architectures { "amd64"; "i386"; }; };' },
      'amd64 i386',
    ],
    [
      'what apt.conf adds up',
      { packages: ['apt:arm64'], conf: 'APT::Architectures:: "armhf"; APT::Architectures:: "i386";' },
      'arm64 armhf i386',
    ],
    ['those of the packages where nobody wrote any', { packages: [...wine, 'apt:amd64'] }, 'amd64 i386'],
  ])('are %s', (_, image, expected) => {
    expect(of(image).enabled).toBe(expected);
  });
});

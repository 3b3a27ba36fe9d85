import { describe, expect, it } from 'vitest';
import { extractorNumber, leadsToWantedPath, wantedPath } from '../../src/packages/wanted-paths.ts';

const wanted = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/lsb-release',
  'etc/debian_version',
  'etc/alpine-release',
  'etc/redhat-release',
  'etc/system-release-cpe',
  'var/lib/dpkg/status',
  'var/lib/dpkg/status.d/libc6',
  'usr/lib/dpkg/status',
  'lib/apk/db/installed',
  'usr/lib/apk/db/installed',
  'var/lib/rpm/rpmdb.sqlite',
  'usr/lib/sysimage/rpm/Packages.db',
  'usr/share/rpm/Packages',
  'var/lib/chisel/manifest.wall',
  'var/lib/pacman/local/zlib-1.3-1/desc',
  'etc/apt/sources.list',
  'etc/apt/sources.list.d/debian.sources',
  'etc/apt/preferences.d/backports',
  'etc/apt/trusted.gpg.d/debian.asc',
  'etc/apt/keyrings/docker.asc',
  'usr/share/keyrings/debian-archive-keyring.gpg',
  'etc/dnf/repos.override.d/99-config_manager.repo',
  'usr/share/dnf5/repos.override.d/50-x.repo',
  'usr/share/dnf5/libdnf.conf.d/20-x.conf',
  'etc/dnf/libdnf5.conf.d/20-x.conf',
];

describe('wanted paths', () => {
  it.each(wanted)('wants %s and every directory on the way', (path) => {
    expect(wantedPath(path)).toBe(true);
    const parts = path.split('/');
    for (let depth = 0; depth < parts.length; depth++) {
      expect(leadsToWantedPath(parts.slice(0, depth).join('/'))).toBe(true);
    }
  });

  it.each([
    '',
    'etc',
    '/etc/os-release',
    'home/etc/os-release',
    'var/lib/dpkg/status-old',
    'var/lib/dpkg/status.d/a/b',
    'var/lib/dpkg/info/libc6.list',
    'xvar/lib/dpkg/status',
  ])('does not want %j', (path) => {
    expect(wantedPath(path)).toBe(false);
  });

  it.each(['home', 'var/log', 'usr/lib/x86_64-linux-gnu', 'etc/os-release', 'us'])('nothing is below %s', (path) => {
    expect(leadsToWantedPath(path)).toBe(false);
  });

  it('has a short name for the rules', () => {
    expect(extractorNumber).toMatch(/^[0-9a-f]{12}$/);
  });
});

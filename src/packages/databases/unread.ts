import type { VersionScheme } from '../../core/package.ts';
import type { PackageDatabase } from '../database.ts';

/** Databases that are recognised so that an image with one is never taken for an image without packages. */
export const unreadDatabases: readonly PackageDatabase[] = [
  unread('rpm', 'rpm', [
    '{usr/lib/sysimage,var/lib,usr/share}/rpm/{rpmdb.sqlite,rpmdb.sqlite-wal,Packages.db,Packages}',
    'var/lib/rpmmanifest/container-manifest-2',
  ]),
  unread('chisel', 'dpkg', ['var/lib/chisel/manifest.wall']),
  unread('pacman', 'rpm', ['var/lib/pacman/local/ALPM_DB_VERSION', 'var/lib/pacman/local/*/desc']),
];

function unread(name: string, scheme: VersionScheme, paths: readonly string[]): PackageDatabase {
  return {
    name,
    scheme,
    paths,
    read(files) {
      const [path = name] = files.keys();
      const message = `found the ${name} database at ${path}, which cannot be read yet; its packages are not known`;
      return { packages: [], problems: [{ code: 'database-unreadable', message, subject: path }] };
    },
  };
}

import type { ArchiveFamily } from './archive-family.ts';
import type { ArchiveDependencies } from './archive-fetch.ts';

/** What can be said of a family without its code. */
type Described = Omit<ArchiveFamily, 'read'>;

/** Every kind of package archive; its code is loaded with the first image of its kind. A new one is one folder and one line. */
export function archiveFamilies(deps: ArchiveDependencies): readonly ArchiveFamily[] {
  return [
    onFirstRead({ databases: ['dpkg', 'status.d', 'chisel'], managers: ['apt'], scheme: 'dpkg' }, async () =>
      (await import('../apt/apt-family.ts')).createAptFamily(deps),
    ),
    onFirstRead({ databases: ['apk'], managers: ['apk'], scheme: 'apk' }, async () =>
      (await import('../apk/apk-family.ts')).createApkFamily(deps),
    ),
    onFirstRead(
      {
        databases: ['rpm', 'rpm-manifest'],
        managers: ['dnf', 'yum', 'microdnf', 'tdnf', 'zypper'],
        scheme: 'rpm',
      },
      async () => (await import('../rpm/rpm-family.ts')).createRpmFamily(deps),
    ),
  ];
}

function onFirstRead(described: Described, load: () => Promise<ArchiveFamily>): ArchiveFamily {
  let loading: Promise<ArchiveFamily> | undefined;
  return {
    ...described,
    read: async (request) => {
      loading ??= load();
      return (await loading).read(request);
    },
  };
}

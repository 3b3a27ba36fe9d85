import type { Platform } from '../core/image/platform.ts';
import type { Inventory } from '../core/package.ts';

/** The names of dpkg (dpkg-architecture(1)), apk and rpm for what the OCI image-spec calls by GOARCH. */
const platforms: ReadonlyMap<string, Omit<Platform, 'os'>> = new Map(
  Object.entries({
    amd64: { architecture: 'amd64' },
    x86_64: { architecture: 'amd64' },
    arm64: { architecture: 'arm64' },
    aarch64: { architecture: 'arm64' },
    armhf: { architecture: 'arm', variant: 'v7' },
    armv7: { architecture: 'arm', variant: 'v7' },
    armv7hl: { architecture: 'arm', variant: 'v7' },
    armel: { architecture: 'arm', variant: 'v5' },
    i386: { architecture: '386' },
    x86: { architecture: '386' },
    i586: { architecture: '386' },
    i686: { architecture: '386' },
    ppc64el: { architecture: 'ppc64le' },
    ppc64le: { architecture: 'ppc64le' },
    s390x: { architecture: 's390x' },
    riscv64: { architecture: 'riscv64' },
    loong64: { architecture: 'loong64' },
    loongarch64: { architecture: 'loong64' },
    mips64el: { architecture: 'mips64le' },
  }),
);

/** Programs that work with packages of what they were built for themselves, whatever else is installed beside them. */
export const nativePrograms: readonly string[] = ['apt', 'dpkg', 'apk-tools', 'rpm'];

/**
 * What a root file system runs on: that of its package manager, else of most of its packages, as a multiarch system has
 * others, sometimes many; linux/amd64 when none says.
 */
export function platformOf({ packages }: Pick<Inventory, 'packages'>): Platform {
  const counts = new Map<string, number>();
  for (const { architecture } of packages) {
    if (platforms.has(architecture)) counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  const own = packages.find(({ name, architecture }) => nativePrograms.includes(name) && platforms.has(architecture));
  return { os: 'linux', ...(platforms.get(own?.architecture ?? most?.[0] ?? '') ?? { architecture: 'amd64' }) };
}

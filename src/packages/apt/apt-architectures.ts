import type { Platform } from '../../core/image/platform.ts';
import type { Package } from '../../core/package.ts';
import { settingsText } from '../archives/excessive-settings.ts';
import { nativePrograms } from '../platform-of.ts';
import { readAptConfig } from './apt-config.ts';

/** Debian's names, as dpkg-architecture(1) has them. */
export interface AptArchitectures {
  /** The one that `all` belongs to and that a name without an architecture means; `''` when nothing says. */
  readonly native: string;
  /** Those of which apt looks for packages where a source does not say; the native one first. */
  readonly enabled: readonly string[];
  /** The native one and those of installed packages. */
  readonly used: readonly string[];
}

/**
 * Which architectures apt works with in an image. The native one is what apt.conf(5) sets, else that of apt's own and
 * dpkg's packages, since that is what they were compiled for, else the first that dpkg has written down, else that of the
 * image, else that of most packages. Others are enabled by apt.conf or in `var/lib/dpkg/arch` (dpkg(1),
 * --add-architecture); without either, as in images without dpkg, those of the installed packages.
 */
export function aptArchitectures(
  files: ReadonlyMap<string, Uint8Array>,
  packages: readonly Package[],
  platform: Platform | undefined,
): AptArchitectures {
  const config = readAptConfig(files);
  const counts = new Map<string, number>();
  for (const { architecture } of packages) {
    if (isName(architecture)) counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
  }
  const installed = [...counts].sort(([, a], [, b]) => b - a).map(([architecture]) => architecture);
  const ofPrograms = nativePrograms.flatMap((program) =>
    packages.filter(({ name, architecture }) => name === program && isName(architecture)),
  );
  const ofImage = platform === undefined ? undefined : debianName(platform);
  const ofDpkg = dpkgArchitectures(files);
  const native =
    config.architecture ??
    ofPrograms[0]?.architecture ??
    ofDpkg?.[0] ??
    (ofImage !== undefined && (counts.has(ofImage) || installed.length === 0) ? ofImage : undefined) ??
    installed[0] ??
    '';
  return {
    native,
    enabled: unique([native, ...(config.architectures ?? ofDpkg ?? installed)]),
    used: unique([native, ...installed]),
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '');
}

/** The native one first. */
function dpkgArchitectures(files: ReadonlyMap<string, Uint8Array>): readonly string[] | undefined {
  const bytes = files.get('var/lib/dpkg/arch');
  return bytes && settingsText(bytes).split(/\s+/).filter(isName);
}

function isName(architecture: string): boolean {
  return architecture !== 'all' && /^[a-z0-9-]+$/.test(architecture);
}

const debianNames: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  arm64: 'arm64',
  '386': 'i386',
  ppc64le: 'ppc64el',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  mips64le: 'mips64el',
};

/** Source: the OCI image-spec's GOARCH and GOARM beside dpkg-architecture(1). */
function debianName({ architecture, variant }: Platform): string | undefined {
  if (architecture === 'arm') return variant === 'v5' ? 'armel' : 'armhf';
  return Object.hasOwn(debianNames, architecture) ? debianNames[architecture] : undefined;
}

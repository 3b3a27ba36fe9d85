import type { DistroRelease } from '../core/package.ts';

/** How OSV knows a release's packages. */
export interface Ecosystem {
  /** Each is asked. OSV matches the exact string: without `:LTS` Ubuntu's paid fixes would be mixed in. */
  readonly names: readonly string[];
  /** Which name its records carry: that of the source package, of the binary, or either. */
  readonly keys: 'source' | 'name' | 'both';
}

const major = (version: string): string => version.split('.')[0] ?? '';
const two = (version: string): string => version.split('.').slice(0, 2).join('.');

type Maker = (version: string, os: DistroRelease) => Ecosystem | undefined;

const of = (keys: Ecosystem['keys'], ...names: string[]): Ecosystem => ({ names, keys });

/**
 * By os-release ID. Source: osv-schema, "Defined ecosystems". What is missing is not in OSV: Amazon, Oracle, Fedora,
 * CentOS Stream, Photon, Arch.
 */
const makers: Readonly<Record<string, Maker>> = {
  // sid and testing have no number, and no records.
  debian: (version) => (/^\d+$/.test(version) ? of('source', `Debian:${version}`) : undefined),
  ubuntu: (version) =>
    /^\d\d\.\d\d$/.test(version) ? of('source', `Ubuntu:${version}${isLts(version) ? ':LTS' : ''}`) : undefined,
  // edge calls itself 3.23_alpha20250612.
  alpine: (version) => (/^\d+\.\d+(\.\d+)?$/.test(version) ? of('source', `Alpine:v${two(version)}`) : undefined),
  wolfi: () => of('both', 'Wolfi'),
  chainguard: () => of('both', 'Chainguard'),
  rhel: (version) =>
    of('both', ...['baseos', 'appstream'].map((part) => `Red Hat:enterprise_linux:${major(version)}::${part}`)),
  rocky: (version) => of('source', `Rocky Linux:${major(version)}`),
  almalinux: (version) => of('both', `AlmaLinux:${major(version)}`),
  'opensuse-leap': (version) => of('source', `openSUSE:Leap ${version}`),
  'opensuse-tumbleweed': () => of('source', 'openSUSE:Tumbleweed'),
  sles: (version) => {
    const [release = '', pack] = version.split('.');
    const name = pack === undefined || pack === '0' ? release : `${release} SP${pack}`;
    return of('source', `SUSE:Linux Enterprise Server ${name}`, `SUSE:Linux Enterprise Module for Basesystem ${name}`);
  },
  azurelinux: (version) => of('source', `Azure Linux:${major(version)}`),
  mageia: (version) => of('source', `Mageia:${version}`),
};

/** Long-term releases come in April of even years. */
function isLts(version: string): boolean {
  return version.endsWith('.04') && Number(version.slice(0, 2)) % 2 === 0;
}

/** Undefined when OSV has nothing about the release. */
export function ecosystemOf(os: DistroRelease): Ecosystem | undefined {
  return Object.hasOwn(makers, os.id) ? makers[os.id]?.(os.versionId ?? '', os) : undefined;
}

import { limits } from '../../core/limits/limits.ts';
import type { DistroRelease, Package } from '../../core/package.ts';

/** Names without `$`, such as `releasever` and `basearch`. */
export type RpmVariables = ReadonlyMap<string, string>;

/** Distros whose repositories are named by the first component of VERSION_ID. */
const byMajor = new Set(['rhel', 'centos', 'rocky', 'almalinux', 'ol', 'eurolinux', 'scientific', 'virtuozzo']);

// dnf, hawkey/__init__.py and dnf5, detect_release: rpm's own architecture and the one that repositories are named by.
const baseArchitectures: Readonly<Record<string, string>> = {
  i386: 'i386',
  i486: 'i386',
  i586: 'i386',
  i686: 'i386',
  athlon: 'i386',
  amd64: 'x86_64',
  ia32e: 'x86_64',
  x86_64_v2: 'x86_64',
  armv5tel: 'arm',
  armv6hl: 'armhfp',
  armv7hl: 'armhfp',
  armv7hnl: 'armhfp',
  armv8hl: 'armhfp',
};

/**
 * What the variables of `.repo` files stand for in an image: files in `etc/dnf/vars`, `etc/yum/vars` and `etc/zypp/vars.d`
 * over what dnf finds out by itself. Source: dnf.conf(5), "Variables".
 */
export function rpmVariables(
  files: ReadonlyMap<string, Uint8Array>,
  os: DistroRelease | undefined,
  packages: readonly Package[],
): RpmVariables {
  const variables = new Map<string, string>();
  const architecture = mostCommonArchitecture(packages);
  if (architecture !== undefined) {
    variables.set('arch', architecture);
    variables.set('basearch', baseArchitectures[architecture] ?? architecture);
  }
  const release = releaseVersion(os, packages);
  if (release !== undefined) variables.set('releasever', release);
  for (const folder of ['etc/yum/vars/', 'etc/zypp/vars.d/', 'etc/dnf/vars/']) {
    for (const [path, bytes] of files) {
      const name = path.startsWith(folder) ? path.slice(folder.length) : '';
      if (!/^\w+$/.test(name)) continue;
      const [line = ''] = Buffer.from(bytes.subarray(0, limits.settings.rpmVariable.most)).toString('utf8').split('\n');
      variables.set(name, line.trim());
    }
  }
  const [major = '', ...minor] = (variables.get('releasever') ?? '').split('.');
  if (major !== '' && !variables.has('releasever_major')) variables.set('releasever_major', major);
  if (major !== '' && !variables.has('releasever_minor')) variables.set('releasever_minor', minor.join('.'));
  return variables;
}

/**
 * `$name`, `${name}`, `${name:-otherwise}`, `${name:+instead}`; what is not known stays as it is. Where a word is no
 * variable, its longest beginning is that is one: tdnf replaces the names it knows as text (`$releasever_$basearch`).
 */
export function expandVariables(text: string, variables: RpmVariables): string {
  return text.replace(
    /\$(?:(?<plain>\w+)|\{(?<name>\w+)(?::(?<how>[-+])(?<other>[^{}]*))?\})/g,
    (
      all: string,
      plain: string | undefined,
      name: string | undefined,
      how: string | undefined,
      other: string | undefined,
    ) => {
      if (plain !== undefined) return longestKnown(plain, variables) ?? all;
      const value = variables.get(name ?? '');
      if (how === '+') return value ? (other ?? '') : '';
      return value || (how === '-' ? other : value) || (value ?? all);
    },
  );
}

function longestKnown(word: string, variables: RpmVariables): string | undefined {
  for (let end = word.length; end > 0; end--) {
    const value = variables.get(word.slice(0, end));
    if (value !== undefined) return value + word.slice(end);
  }
  return undefined;
}

/** A variable that {@link expandVariables} left. */
export function unknownVariable(text: string): string | undefined {
  return /\$(?:\w+|\{[^}]*\})/.exec(text)?.[0];
}

function mostCommonArchitecture(packages: readonly Package[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { architecture } of packages) {
    if (architecture !== 'noarch') counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Amazon Linux 2023 carries its whole release in a package; the others say enough in os-release. */
function releaseVersion(os: DistroRelease | undefined, packages: readonly Package[]): string | undefined {
  if (os?.id === 'amzn') {
    const release = packages.find(({ name }) => name === 'system-release')?.version;
    const version = release?.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
    if (version !== undefined && os.versionId !== '2') return version;
  }
  if (os?.versionId === undefined) return undefined;
  return byMajor.has(os.id) ? os.versionId.split('.')[0] : os.versionId;
}

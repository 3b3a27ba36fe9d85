import type { Package } from '../../core/package.ts';
import { compareDpkg } from '../versions/dpkg.ts';
import type { AptPin, PinTarget } from './apt-preferences.ts';
import type { AptArchive } from './apt-repository.ts';

/** An installed package that apt would upgrade. */
export interface AptCandidate {
  readonly name: string;
  readonly architecture: string;
  readonly installed: string;
  readonly candidate: string;
  /** The suite that offers it, as the image's sources write it; a security suite before others. */
  readonly suite: string;
  /** null: no security suite of its publisher was read, or it offers a version that the pins do not take. */
  readonly security: boolean | null;
  readonly advisories: readonly string[];
  readonly held?: true;
}

/** One version of one package and everywhere it is offered. */
interface Version {
  readonly version: string;
  readonly homes: readonly PinTarget[];
}

/**
 * What `apt list --upgradable` lists: installed packages whose candidate is newer. The candidate follows
 * apt_preferences(5): the highest priority, among equals the newest version, nothing older than what is installed below
 * priority 1000. Held packages are listed, as apt does, and marked. What a solver would add, remove or keep back is not
 * computed. `native` is the architecture that `all` belongs to.
 */
export function aptCandidates(
  packages: readonly Package[],
  archives: readonly AptArchive[],
  pins: readonly AptPin[],
  native: string,
): readonly AptCandidate[] {
  const offered = versionsByPackage(archives, native);
  // Debian's security suite does not know another publisher's packages.
  const covered = new Set(
    archives.filter((one) => one.complete && isSecurity(one)).map(({ release }) => release.origin ?? ''),
  );
  return packages.flatMap((one) => {
    const versions = offered.get(packageKey(one.name, one.architecture, native)) ?? [];
    const candidate = choose(one, versions, pins);
    if (candidate === undefined || compareDpkg(candidate.version, one.version) <= 0) return [];
    const home = candidate.homes.find(isSecurity) ?? candidate.homes[0];
    return [
      {
        name: one.name,
        architecture: one.architecture,
        installed: one.version,
        candidate: candidate.version,
        suite: home?.repository.suite ?? '',
        security: securityOf(one, candidate, versions, covered),
        advisories: [],
        ...(one.held && { held: true as const }),
      },
    ];
  });
}

function versionsByPackage(archives: readonly AptArchive[], native: string): Map<string, readonly Version[]> {
  const found = new Map<string, Map<string, PinTarget[]>>();
  for (const { repository, release, offers } of archives) {
    for (const { name, version, architecture, component } of offers) {
      const key = packageKey(name, architecture, native);
      const versions = found.get(key) ?? new Map<string, PinTarget[]>();
      const homes = versions.get(version) ?? [];
      homes.push({ repository, release, component });
      found.set(key, versions.set(version, homes));
    }
  }
  return new Map(
    [...found].map(([key, versions]) => [
      key,
      [...versions]
        .map(([version, homes]) => ({ version, homes }))
        // Newest first.
        .sort((a, b) => compareDpkg(b.version, a.version)),
    ]),
  );
}

/** apt takes `all` for a package of the native architecture. */
function packageKey(name: string, architecture: string, native: string): string {
  return `${name}:${architecture === 'all' ? native : architecture}`;
}

const installedPriority = 100;

function choose(installed: Package, versions: readonly Version[], pins: readonly AptPin[]): Version | undefined {
  let best: Version | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const one of withInstalled(installed, versions)) {
    const isInstalled = one.version === installed.version;
    const priority = priorityOf(installed.name, one, isInstalled, pins);
    if (priority <= 0 || priority <= highest) continue;
    if (priority < 1000 && compareDpkg(one.version, installed.version) < 0) continue;
    highest = priority;
    best = one;
  }
  return best;
}

function withInstalled({ version }: Package, versions: readonly Version[]): readonly Version[] {
  if (versions.some((one) => one.version === version)) return versions;
  return [...versions, { version, homes: [] }].sort((a, b) => compareDpkg(b.version, a.version));
}

/** A pin on the package itself stands before the priorities of the repositories that have the version. */
function priorityOf(name: string, { version, homes }: Version, isInstalled: boolean, pins: readonly AptPin[]): number {
  const own = pins.find(
    ({ packages, matches }) =>
      packages !== 'all' &&
      packages.some((pattern) => pattern.test(name)) &&
      homes.some((home) => matches(home, version)),
  );
  if (own) return own.priority;
  const priorities = homes.map((home) => {
    const pin = pins.find(({ packages, matches }) => packages === 'all' && matches(home, version));
    return pin?.priority ?? defaultPriority(home);
  });
  return Math.max(...priorities, ...(isInstalled ? [installedPriority] : []));
}

function defaultPriority({ release }: PinTarget): number {
  if (!release.notAutomatic) return 500;
  return release.butAutomaticUpgrades ? 100 : 1;
}

function isSecurity({ repository, release }: Pick<PinTarget, 'repository' | 'release'>): boolean {
  const names = [repository.suite, release.suite ?? '', release.codename ?? ''];
  return names.some((name) => /-security$|-security\/updates$/.test(name)) || release.label === 'Debian-Security';
}

function securityOf(
  installed: Package,
  candidate: Version,
  versions: readonly Version[],
  covered: ReadonlySet<string>,
): boolean | null {
  const fixes = versions.filter(
    ({ version, homes }) => homes.some(isSecurity) && compareDpkg(version, installed.version) > 0,
  );
  if (fixes.some(({ version }) => compareDpkg(version, candidate.version) <= 0)) return true;
  const isCovered = candidate.homes.some(({ release }) => covered.has(release.origin ?? ''));
  return isCovered && fixes.length === 0 ? false : null;
}

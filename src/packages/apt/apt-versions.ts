import { type Steps, sorted } from '../../core/time/turns.ts';
import { compareDpkg } from '../versions/dpkg-version.ts';
import { type AptPin, installedHome, type PinSubject, type PinTarget } from './apt-preferences.ts';
import type { AptArchive } from './apt-repository.ts';

/** One version of one package and everywhere it is offered. */
export interface AptVersion {
  readonly version: string;
  readonly architecture: string;
  readonly source?: { readonly name: string; readonly version: string };
  readonly homes: readonly PinTarget[];
}

/** By `aptKey`, newest first. */
export type AptVersions = ReadonlyMap<string, readonly AptVersion[]>;

/** What an image's apt can see. */
export interface AptView {
  readonly archives: readonly AptArchive[];
  readonly versions: AptVersions;
  readonly pins: readonly AptPin[];
  /** The architecture that `all` belongs to. */
  readonly native: string;
}

/** apt takes `all` for a package of the native architecture. */
export function aptKey(name: string, architecture: string, native: string): string {
  return `${name}:${architecture === 'all' ? native : architecture}`;
}

/** Everything the archives offer, by package. */
export function* aptVersions(archives: readonly AptArchive[], native: string): Steps<AptVersions> {
  const found = new Map<string, Map<string, AptVersion & { homes: PinTarget[] }>>();
  for (const { repository, release, offers } of archives) {
    for (const { name, version, architecture, component, source } of offers) {
      yield;
      const key = aptKey(name, architecture, native);
      const versions = found.get(key) ?? new Map();
      const known = versions.get(version) ?? { version, architecture, ...(source && { source }), homes: [] };
      known.homes.push({
        repository,
        release,
        component,
        architecture: architecture === 'all' ? native : architecture,
      });
      found.set(key, versions.set(version, known));
    }
  }
  const newestFirst = new Map<string, readonly AptVersion[]>();
  for (const [key, versions] of found) {
    yield;
    newestFirst.set(key, yield* sorted([...versions.values()], (a, b) => compareDpkg(b.version, a.version)));
  }
  return newestFirst;
}

const installedPriority = 100;

/**
 * The priority of a version by apt_preferences(5): a pin on the package itself stands before the priorities of the
 * repositories that have the version.
 */
export function priorityOf(
  name: string,
  { version, architecture, source, homes }: AptVersion,
  isInstalled: boolean,
  { pins, native }: { readonly pins: readonly AptPin[]; readonly native: string },
): number {
  const subject: PinSubject = {
    name,
    architecture: architecture === 'all' ? native : architecture,
    ...(source && { source }),
  };
  const all = isInstalled ? [...homes, installedHome] : homes;
  const own = pins.find(
    ({ packages, matches }) =>
      packages !== 'all' && packages(subject, native) && all.some((home) => matches(home, version)),
  );
  if (own) return own.priority;
  const priorities = all.map((home) => {
    const pin = pins.find(({ packages, matches }) => packages === 'all' && matches(home, version));
    return pin?.priority ?? defaultPriority(home);
  });
  return Math.max(...priorities);
}

function defaultPriority(home: PinTarget): number {
  if (home === installedHome) return installedPriority;
  const { release } = home;
  // apt asks for the second alone, whatever the first says (pkgPolicy::InitDefaults).
  if (release.butAutomaticUpgrades) return 100;
  return release.notAutomatic ? 1 : 500;
}

/** Does this suite exist for security fixes? */
export function isSecuritySuite({ repository, release }: Pick<PinTarget, 'repository' | 'release'>): boolean {
  const names = [repository.suite, release.suite ?? '', release.codename ?? ''];
  return names.some((name) => /-security$|-security\/updates$/.test(name)) || release.label === 'Debian-Security';
}

/** Where a version comes from, in one word for people: a security suite before others. */
export function suiteOf({ homes }: Pick<AptVersion, 'homes'>): string {
  return (homes.find(isSecuritySuite) ?? homes[0])?.repository.suite ?? '';
}

import type { DistroRelease, Package } from '../../core/package.ts';
import { compareDpkg } from '../versions/dpkg.ts';
import type { AptView } from './apt-candidates.ts';
import { aptKey, isSecuritySuite } from './apt-versions.ts';
import type { ArchiveVerdict, Move } from './archive-family.ts';

/**
 * What security suites say about a move. They keep one version per package, their newest: one that the move reaches is
 * a fix; one beyond the move may have had fixes before it that the move does reach, so nothing is known.
 */
export function aptVerdict(move: Move, { archives, versions, native }: AptView): ArchiveVerdict {
  const offered = versions.get(aptKey(move.name, move.architecture ?? native, native)) ?? [];
  const fixes = offered.filter(
    ({ version, homes }) => homes.some(isSecuritySuite) && compareDpkg(version, move.before) > 0,
  );
  if (fixes.some(({ version }) => compareDpkg(version, move.after) <= 0)) return { security: true, advisories: [] };
  // Debian's security suite does not know another publisher's packages.
  const covered = new Set(
    archives.filter((one) => one.complete && isSecuritySuite(one)).map(({ release }) => release.origin ?? ''),
  );
  const isCovered = offered.some(({ homes }) => homes.some(({ release }) => covered.has(release.origin ?? '')));
  return { security: isCovered && fixes.length === 0 ? false : null, advisories: [] };
}

/**
 * Where a package comes from that the distro does not offer. dpkg records no vendor, so this is known only when every
 * enabled repository was read and one of them is the distro's, by the Origin of its Release.
 */
export function aptForeign(
  one: Package,
  { archives, versions, native }: AptView,
  os: DistroRelease | undefined,
): string | null {
  const isDistro = (origin: string | undefined): boolean =>
    os !== undefined && (origin?.toLowerCase().startsWith(os.id) ?? false);
  if (!archives.some(({ release }) => isDistro(release.origin))) return null;
  const offered = versions.get(aptKey(one.name, one.architecture, native)) ?? [];
  const homes = offered.flatMap((version) => version.homes);
  if (homes.some(({ release }) => isDistro(release.origin))) return null;
  const [home] = homes;
  if (home) return home.release.origin ?? new URL(home.repository.uri).host;
  return archives.every(({ complete }) => complete) ? 'no enabled repository' : null;
}

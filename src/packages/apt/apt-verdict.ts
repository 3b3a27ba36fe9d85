import type { ArchiveVerdict, Move } from '../archives/archive-family.ts';
import { compareDpkg } from '../versions/dpkg-version.ts';
import { type AptView, aptKey, isSecuritySuite } from './apt-versions.ts';

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

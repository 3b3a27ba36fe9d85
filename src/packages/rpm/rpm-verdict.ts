import { limits } from '../../core/limits/limits.ts';
import type { ArchiveVerdict, Move } from '../archives/archive-family.ts';
import { withinBuilds } from '../archives/many-builds.ts';
import { compareRpm } from '../versions/rpm-version.ts';
import { rpmOffers } from './rpm-offers.ts';
import type { RpmView } from './rpm-view.ts';

/** Fedora's updateinfo knows the newest update of each package alone: a fix before it would not be seen. */
const keepsNewestOnly = new Set(['fedora']);
// From the worst; vendors write them in their own ways.
const severities = ['critical', 'important', 'high', 'moderate', 'medium', 'low', 'none'];

/**
 * What the updateinfo of the repositories says about a move. True: a security update lists a build v with before < v ≤
 * after. False: everything was read, all repositories with a build in that range list their updates, one has the build
 * that the move leads to, and none calls it security. Else null. Of a package that replaces another under its own name only
 * an update that lists just that build says something, as versions of two packages have no order.
 */
export function rpmVerdict(move: Move, view: RpmView): ArchiveVerdict {
  const name = move.replacedBy ?? move.name;
  const isReached = (version: string): boolean => {
    const order = compareRpm(version, move.after);
    return move.replacedBy === undefined ? compareRpm(version, move.before) > 0 && order <= 0 : order === 0;
  };
  const isFor = (architecture: string): boolean =>
    move.architecture === undefined ||
    move.architecture === 'noarch' ||
    [move.architecture, 'noarch'].includes(architecture);
  const fixes = withinBuilds(view.sources, ({ updates }) => updates?.(name) ?? [])
    .filter((one) => one.security && isFor(one.architecture) && isReached(one.version))
    // The newest first.
    .sort((a, b) => compareRpm(b.version, a.version) || (a.id < b.id ? -1 : 1));
  if (fixes.length > 0) {
    const advisories = [...new Set([...fixes.flatMap(({ id }) => id || []), ...fixes.flatMap(({ cves }) => cves)])];
    const severity = worst(fixes.flatMap((one) => (one.severity === undefined ? [] : [one.severity])));
    const most = limits.archive.moveAdvisories.most;
    // An update stands there once for each of its packages.
    const cut = new Map(fixes.map(({ id, unlisted = 0 }) => [id, unlisted]));
    const unlisted = Math.max(0, advisories.length - most) + [...cut.values()].reduce((sum, one) => sum + one, 0);
    return {
      security: true,
      advisories: advisories.slice(0, most),
      ...(unlisted > 0 && { unlisted }),
      ...(severity !== undefined && { severity }),
    };
  }
  if (move.replacedBy !== undefined) return { security: null, advisories: [] };
  const homes = rpmOffers(move.name, view).filter(({ version }) => isReached(version));
  const listing = new Set(view.sources.filter(({ updates }) => updates).map(({ repository }) => repository.id));
  const isKnown =
    view.complete &&
    !keepsNewestOnly.has(view.osId ?? '') &&
    homes.some(({ version }) => compareRpm(version, move.after) === 0) &&
    homes.every(({ repository }) => listing.has(repository.id));
  return { security: isKnown ? false : null, advisories: [] };
}

function worst(found: readonly string[]): string | undefined {
  const rank = (one: string): number =>
    (severities.indexOf(one.toLowerCase()) + severities.length + 1) % (severities.length + 1);
  return [...found].sort((a, b) => rank(a) - rank(b))[0];
}

import type { DistroRelease, Package } from '../../core/package.ts';
import { isPublisher } from '../archives/publishers.ts';
import { aptCandidate } from './apt-candidates.ts';
import type { AptArchive, AptRepository } from './apt-repository.ts';
import { type AptView, aptKey } from './apt-versions.ts';

/** What else there is than the archives that were read. */
export interface AptSurroundings {
  readonly os: DistroRelease | undefined;
  /** Enabled, and not to be had. */
  readonly unread: readonly Pick<AptRepository, 'uri' | 'suite'>[];
  /** The image has sources besides that nobody asks: files, discs, other methods. */
  readonly hasOthers: boolean;
}

/**
 * Where a package comes from that is not the distro's, by the Origin of the Release. dpkg records no vendor, and vendors
 * use the distro's names, so the version decides: the first of `versions` that anybody offers, else, as archives forget
 * what they offered before, what apt would take today. What nobody offers is the distro's only where a repository of
 * the distro's own was not read, and nobody else's.
 */
export function aptForeign(
  one: Package,
  versions: readonly string[],
  view: AptView,
  { os, unread, hasOthers }: AptSurroundings,
): string | null {
  const isOwn = ({ release }: Pick<AptArchive, 'release'>): boolean =>
    os !== undefined && (release.origin?.toLowerCase().startsWith(os.id) ?? false);
  const offered = view.versions.get(aptKey(one.name, one.architecture, view.native)) ?? [];
  const candidates = versions.map((version) => aptCandidate({ ...one, version }, view)?.version);
  for (const version of [...versions, ...candidates]) {
    const homes = offered.find((known) => known.version === version)?.homes ?? [];
    const [home] = homes;
    if (home !== undefined) {
      return homes.some(isOwn) ? null : (home.release.origin ?? new URL(home.repository.uri).host);
    }
  }
  const own = view.archives.filter(isOwn);
  if (os === undefined || own.length === 0) return null;
  if (own.every(({ complete }) => complete) && unread.length === 0 && !hasOthers) return 'no enabled repository';
  const isOfDistro = ({ uri, suite }: Pick<AptRepository, 'uri' | 'suite'>): boolean =>
    isPublisher(os, new URL(uri).host) ||
    own.some(({ repository }) => repository.uri === uri) ||
    own.some(({ release }) => [`${release.codename}-security`, `${release.codename}/updates`].includes(suite));
  return !hasOthers && unread.every(isOfDistro) ? null : 'no repository that could be read';
}

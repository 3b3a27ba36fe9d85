import type { DistroRelease } from '../../core/package.ts';
import { isPublisher } from '../archives/publishers.ts';
import { type ApkView, apkOffers } from './apk-candidates.ts';

/** Packages that only a distribution's own main repository has: its base layout. */
const baseLayouts: readonly string[] = ['alpine-baselayout', 'wolfi-baselayout', 'chainguard-baselayout'];

/** What else there is than the indexes that were read. */
export interface ApkSurroundings {
  readonly os: DistroRelease | undefined;
  /** Addresses of repositories that are enabled and could not be had. */
  readonly unread: readonly string[];
}

/**
 * Where a package comes from that is not the distro's. An index does not say whose it is, so a repository is the distro's
 * by its address: at a host of the distro's own, or beside the repository with the distro's base layout; where neither is
 * known, all are. Vendors use the distro's names, so the version decides: the first of `versions` that anybody offers, else
 * what apk would take today.
 */
export function apkForeign(
  name: string,
  versions: readonly string[],
  view: ApkView,
  { os, unread }: ApkSurroundings,
): string | null {
  const roots = new Set(baseLayouts.flatMap((one) => view.offered(one).map(({ repository: { uri } }) => rootOf(uri))));
  const isOwn = (uri: string): boolean =>
    roots.has(rootOf(uri)) || (os !== undefined && isPublisher(os, URL.parse(uri)?.host ?? ''));
  const isOf = (uris: readonly string[]): string | null =>
    roots.size === 0 || uris.some(isOwn) ? null : (URL.parse(uris[0] ?? '')?.host ?? 'another repository');
  const offered = view.offered(name);
  for (const version of versions) {
    const homes = offered.filter((one) => one.version === version).map(({ repository: { uri } }) => uri);
    if (homes.length > 0) return isOf(homes);
  }
  const [today] = apkOffers(name, view);
  if (today !== undefined) return isOf([today.repository.uri]);
  if (unread.length === 0) return offered.length === 0 ? 'not in any enabled repository' : null;
  return roots.size === 0 || unread.every(isOwn) ? null : 'no repository that could be read';
}

/** `https://host/alpine/` of `https://host/alpine/v3.22/main`. */
function rootOf(uri: string): string {
  const url = URL.parse(uri);
  if (url === null) return uri;
  return url.origin + url.pathname.replace(/\/+$/, '').split('/').slice(0, -2).join('/');
}

import { withinBuilds } from '../archives/many-builds.ts';
import { compareRpm } from '../versions/rpm-version.ts';
import type { Build, RpmOffer, RpmPolicy, RpmView } from './rpm-view.ts';

export const takesAll: RpmPolicy = {
  allows: () => true,
  keeps: () => false,
  wants: () => false,
  replacements: 'all',
  mayFollow: () => true,
};

/**
 * What can be installed of a name, of the lowest priority number only, in a bounded number of builds. First what dnf
 * takes by itself: the image's own architecture, no build of a module before one of a module, the newest. What is not taken hides nothing behind it.
 */
export function rpmOffers(
  name: string,
  { sources, architecture }: Pick<RpmView, 'sources' | 'architecture'>,
  isTaken: (offer: RpmOffer) => boolean = () => true,
): readonly RpmOffer[] {
  const all = newestFirst(name, sources).filter(isTaken);
  const rank = (one: RpmOffer): number =>
    (one.architecture === 'noarch' || one.architecture === architecture ? 0 : 2) + Number(isModular(one.version));
  const best = all.reduce((lowest, { repository }) => Math.min(lowest, repository.priority), Number.POSITIVE_INFINITY);
  return all.filter(({ repository }) => repository.priority === best).sort((a, b) => rank(a) - rank(b));
}

/** Of the package that was asked for last: comparing versions is what costs, and half a dozen questions follow each other. */
const known = new WeakMap<RpmView['sources'], { readonly name: string; readonly offers: readonly RpmOffer[] }>();

function newestFirst(name: string, sources: RpmView['sources']): readonly RpmOffer[] {
  const last = known.get(sources);
  if (last?.name === name) return last.offers;
  const builds = withinBuilds(sources, ({ repository, rows }) =>
    rows(name).map((one): RpmOffer => ({ ...one, suite: repository.id, repository })),
  );
  const offers = builds.toSorted((a, b) => compareRpm(b.version, a.version) || (a.suite < b.suite ? -1 : 1));
  known.set(sources, { name, offers });
  return offers;
}

/** May a build take the place of an installed one? `noarch` replaces and is replaced by any. */
export function fitsArchitecture(a: Pick<Build, 'architecture'>, b: Pick<Build, 'architecture'>): boolean {
  return a.architecture === b.architecture || a.architecture === 'noarch' || b.architecture === 'noarch';
}

/** Builds of a module carry `.module` in their release: Fedora's `.module_f30`, RHEL's `.module+el8`. */
export function isModular(version: string): boolean {
  return /\.module[+_]/.test(version);
}

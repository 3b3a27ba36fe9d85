import type { Package } from '../../core/package.ts';
import { compareRpm } from '../versions/rpm-version.ts';
import { fitsArchitecture, rpmOffers } from './rpm-offers.ts';
import type { Build, Comparator, Obsoletion, RpmOffer, RpmPolicy, RpmView } from './rpm-view.ts';

const comparators: Readonly<Record<Comparator, (order: number) => boolean>> = {
  LT: (order) => order < 0,
  LE: (order) => order <= 0,
  EQ: (order) => order === 0,
  GE: (order) => order >= 0,
  GT: (order) => order > 0,
};
/** Is it one of the flags of `<rpm:entry>`? */
export function isComparator(text: string): text is Comparator {
  return Object.hasOwn(comparators, text);
}

/** What takes the place of an installed package. */
export interface Replacement {
  readonly offer: RpmOffer;
  /** Would it take the place of this version, too? */
  readonly obsoletes: (version: string) => boolean;
}

/**
 * The packages that replace an installed one under their own names: of each name the newest build in the repositories of
 * the lowest priority number, sorted by name. Not those that are installed as they are offered, or newer, and of two of which
 * one replaces the other just one. Source: rpm's manual, "Dependencies"; the choice is the solver's, as dnf 4.14 and
 * zypper 1.14 make it.
 */
export function replacementsOf(
  one: Package,
  installed: ReadonlyMap<string, readonly Package[]>,
  view: RpmView,
  { isTaken, wants }: { readonly isTaken: (offer: RpmOffer) => boolean; readonly wants: RpmPolicy['wants'] },
): readonly Replacement[] {
  const { sources, policy } = view;
  if (policy.replacements === 'none') return [];
  const said = obsoletionsIn(view, one.name).filter(
    (obsoletion) => obsoletion.name !== one.name && covers(obsoletion, one.version),
  );
  if (said.length === 0) return [];
  const wanted = [one, ...sources.flatMap(({ rows }) => rows(one.name))].filter(wants);
  const isKept = (build: Build): boolean =>
    said.some((own) => isSame(own, build) && wanted.some(({ version }) => covers(own, version)));
  const fits = (offer: RpmOffer): boolean =>
    said.some((own) => isSame(own, offer)) &&
    fitsArchitecture(offer, one) &&
    policy.mayFollow(one.maker ?? '', offer.maker ?? '') &&
    !(installed.get(offer.name) ?? []).some(
      (other) => fitsArchitecture(other, offer) && compareRpm(other.version, offer.version) >= 0,
    ) &&
    !isKept(offer) &&
    isTaken(offer);
  const names = [...new Set(said.map(({ name }) => name))].sort();
  const found = names.flatMap((name) => rpmOffers(name, view, fits).slice(0, 1));
  const left = found.filter((offer) => !found.some((other) => isBeaten(offer, other, view)));
  // Two that replace each other leave the choice open.
  const chosen = left.length === 0 ? found : left;
  return (policy.replacements === 'first' ? firstOf(chosen) : chosen).map((offer) => ({
    offer,
    obsoletes: (version) => said.some((own) => isSame(own, offer) && covers(own, version)),
  }));
}

/** Of two of which one replaces the other it stays, unless its repository comes behind. */
function isBeaten(offer: RpmOffer, other: RpmOffer, view: RpmView): boolean {
  const replaces = (a: RpmOffer, b: RpmOffer): boolean =>
    obsoletionsIn(view, b.name).some((own) => isSame(own, a) && a.name !== b.name && covers(own, b.version));
  const order = offer.repository.priority - other.repository.priority;
  return order >= 0 && (replaces(other, offer) || (order > 0 && replaces(offer, other)));
}

function obsoletionsIn({ sources }: RpmView, name: string): readonly Obsoletion[] {
  return sources.flatMap(({ obsoletions }) => obsoletions(name));
}

function isSame(a: Build, b: Build): boolean {
  return a.name === b.name && a.version === b.version && a.architecture === b.architecture;
}

/** A limit without a release is met by any release. */
function covers({ range }: Obsoletion, version: string): boolean {
  if (range === undefined) return true;
  const isBare = !range.version.includes('-');
  return comparators[range.comparator](compareRpm(isBare ? version.replace(/-[^-]*$/, '') : version, range.version));
}

function firstOf(offers: readonly RpmOffer[]): readonly RpmOffer[] {
  return offers.toSorted((a, b) => a.repository.priority - b.repository.priority).slice(0, 1);
}

import type { Package } from '../../core/package.ts';
import type { Steps } from '../../core/time/turns.ts';
import type { Candidate } from '../archives/archive-family.ts';
import { compareRpm } from '../versions/rpm-version.ts';
import { replacementsOf } from './rpm-obsoletes.ts';
import { fitsArchitecture, isModular, rpmOffers, takesAll } from './rpm-offers.ts';
import { rpmVerdict } from './rpm-verdict.ts';
import type { RpmOffer, RpmPolicy, RpmView } from './rpm-view.ts';

// dnf.conf(5), installonlypkgs: an upgrade installs these beside the old ones; an image runs on another kernel anyhow.
const installOnly =
  /^(?:kernel|kernel-(?:PAE|rt|core|modules|modules-core|modules-extra|devel|debug|debug-.*|uek.*|default.*))$/;

/**
 * What `dnf upgrade` or `zypper update` moves, and what only a lock keeps from it: per installed name and architecture the
 * newest offer when it is newer, or the packages that replace it under their own names. What is for installing beside the
 * old one (kernels) is left out, and what a solver would add, remove or keep back is not computed.
 */
export function* rpmCandidates(packages: readonly Package[], view: RpmView): Steps<readonly Candidate[]> {
  const installed = Map.groupBy(packages, ({ name }) => name);
  const candidates: Candidate[] = [];
  for (const one of newestInstalled(packages)) {
    yield;
    const { offers, held } = offersFor(one, installed, view);
    for (const candidate of offers) {
      const { name, version, source } = candidate;
      const replacedBy = name === one.name ? {} : { replacedBy: name };
      const move = { name: one.name, architecture: candidate.architecture, before: one.version, after: version };
      const { security, advisories } = rpmVerdict({ ...move, ...replacedBy }, view);
      // Absent would mean that it is built from a source of the old name.
      const candidateSource = source ?? (name === one.name ? undefined : { name, version });
      candidates.push({
        name: one.name,
        architecture: one.architecture,
        installed: one.version,
        candidate: version,
        ...replacedBy,
        ...(one.source && { installedSource: one.source }),
        ...(candidateSource && { candidateSource }),
        suite: candidate.suite,
        security,
        advisories,
        ...(held && { held }),
      });
    }
  }
  return candidates;
}

/** By name. */
type Installed = ReadonlyMap<string, readonly Package[]>;

interface Offers {
  readonly offers: readonly RpmOffer[];
  readonly held?: true;
}

/** What the locks let through; else what they hold back, which the manager does not list and people should know of. */
function offersFor(one: Package, installed: Installed, view: RpmView): Offers {
  const free = movesOf(one, installed, view, takesAll);
  if (free.length === 0) return { offers: [] };
  const taken = view.policy.keeps(one) ? [] : movesOf(one, installed, view, view.policy);
  return taken.length === 0 ? { offers: free, held: true } : { offers: taken };
}

/**
 * A newer build of its own, or what replaces it: the solver lets repositories of the lowest priority number decide, then
 * takes the own build unless that is replaced, too.
 */
function movesOf(
  one: Package,
  installed: Installed,
  view: RpmView,
  { allows, wants }: Pick<RpmPolicy, 'allows' | 'wants'>,
): readonly RpmOffer[] {
  const own = best(one, view, allows);
  const takes = streamFilter(one, view);
  const replacements = replacementsOf(one, installed, view, {
    isTaken: (offer) => allows(offer) && takes(offer) === true,
    wants,
  });
  const [first] = replacements;
  const asItIs = own === undefined ? [] : [own];
  if (first === undefined) return asItIs;
  const priorityOf = (offers: readonly RpmOffer[]): number =>
    Math.min(...offers.map(({ repository }) => repository.priority));
  // A build that is as old as the installed one speaks for leaving it as it is.
  const owns = fittingOffers(one, view, allows).filter(({ version }) => compareRpm(version, one.version) >= 0);
  const order = priorityOf(owns) - priorityOf(replacements.map(({ offer }) => offer));
  const isOwn =
    order < 0 || (order === 0 && own !== undefined && !replacements.some((other) => other.obsoletes(own.version)));
  return isOwn ? asItIs : replacements.map(({ offer }) => offer);
}

/** Of repositories that have the same build, one that lists it as a security fix. */
function best(one: Package, view: RpmView, isTaken: (offer: RpmOffer) => boolean): RpmOffer | undefined {
  const takes = streamFilter(one, view);
  const fitting = newerOffers(one, view, isTaken).filter((offer) => takes(offer) === true);
  let [newest] = fitting;
  for (const offer of fitting) if (newest && compareRpm(offer.version, newest.version) > 0) newest = offer;
  const isFix = ({ version, repository }: RpmOffer): boolean =>
    view.sources.some(
      (source) =>
        source.repository === repository &&
        source.updates?.(one.name).some((update) => update.security && compareRpm(update.version, version) === 0),
    );
  return fitting.find((offer) => offer.version === newest?.version && isFix(offer)) ?? newest;
}

/** Names of installed module packages of which newer builds are there and nothing says of which stream. */
export function* unknownStreams(packages: readonly Package[], view: RpmView): Steps<readonly string[]> {
  const names: string[] = [];
  for (const one of newestInstalled(packages)) {
    yield;
    if (!isModular(one.version)) continue;
    const takes = streamFilter(one, view);
    if (newerOffers(one, view).some((offer) => takes(offer) === undefined)) names.push(one.name);
  }
  return names;
}

function newerOffers(
  one: Package,
  view: RpmView,
  isTaken: (offer: RpmOffer) => boolean = () => true,
): readonly RpmOffer[] {
  return fittingOffers(one, view, isTaken).filter(({ version }) => compareRpm(version, one.version) > 0);
}

function fittingOffers(one: Package, view: RpmView, isTaken: (offer: RpmOffer) => boolean): readonly RpmOffer[] {
  const mayFollow = ({ maker = '' }: RpmOffer): boolean => view.policy.mayFollow(one.maker ?? '', maker);
  return rpmOffers(one.name, view, (offer) => mayFollow(offer) && isTaken(offer)).filter((offer) =>
    fitsArchitecture(offer, one),
  );
}

/**
 * Is an offer of the kind that the installed one is: of no module, or of the same stream of the same module? The stream
 * of a build stands in its updateinfo, where no list of modules (see rpm-modules.ts) has filtered it before. Undefined:
 * nothing says. Source: dnf's modularity(7), "Package filtering".
 */
function streamFilter(one: Package, { sources }: RpmView): (offer: RpmOffer) => boolean | undefined {
  const isOwn = isModular(one.version);
  const streams = new Map(
    (isOwn ? sources : []).flatMap(({ updates }) =>
      (updates?.(one.name) ?? []).flatMap(({ version, stream }) =>
        stream === undefined ? [] : [[version, stream] as const],
      ),
    ),
  );
  const telling = new Set(sources.filter(({ modules }) => modules).map(({ repository }) => repository.id));
  const own = one.module ?? streams.get(one.version.replace(/^0:/, ''));
  return ({ version, repository }) => {
    // What the streams leave of repositories that say which they are is right as it is.
    if (repository.moduleHotfixes || telling.has(repository.id)) return true;
    if (telling.size > 0 && !isModular(version)) return true;
    if (!isOwn || !isModular(version)) return isOwn === isModular(version);
    const other = streams.get(version);
    return own === undefined || other === undefined ? undefined : own === other;
  };
}

function newestInstalled(packages: readonly Package[]): readonly Package[] {
  const newest = new Map<string, Package>();
  for (const one of packages) {
    if (installOnly.test(one.name)) continue;
    const key = `${one.name} ${one.architecture}`;
    const known = newest.get(key);
    if (known === undefined || compareRpm(one.version, known.version) > 0) newest.set(key, one);
  }
  return [...newest.values()];
}

import type { Package } from '../../core/package.ts';
import { compareRpm } from '../versions/rpm.ts';
import type { Candidate } from './archive-family.ts';
import { isModular, type RpmOffer, type RpmView, rpmOffers } from './rpm-offers.ts';
import { rpmVerdict } from './rpm-verdict.ts';

// dnf.conf(5), installonlypkgs: an upgrade installs these beside the old ones; an image runs on another kernel anyhow.
const installOnly =
  /^(?:kernel|kernel-(?:PAE|rt|core|modules|modules-core|modules-extra|devel|debug|debug-.*|uek.*|default.*))$/;

/**
 * What `dnf check-update` or `zypper list-updates` lists, and what only a lock keeps from it: per installed name and architecture the newest offer when it is newer; `noarch` replaces
 * and is replaced by any. What is for installing beside the old one (kernels) is left out, and what a solver would add,
 * remove, obsolete or keep back is not computed.
 */
export function rpmCandidates(packages: readonly Package[], view: RpmView): readonly Candidate[] {
  return newestInstalled(packages).flatMap((one) => {
    const found = candidateFor(one, view);
    if (found === undefined) return [];
    const { offer: candidate, held } = found;
    const move = {
      name: one.name,
      architecture: candidate.architecture,
      before: one.version,
      after: candidate.version,
    };
    const { security, advisories } = rpmVerdict(move, view);
    return [
      {
        name: one.name,
        architecture: one.architecture,
        installed: one.version,
        candidate: candidate.version,
        ...(one.source && { installedSource: one.source }),
        ...(candidate.source && { candidateSource: candidate.source }),
        suite: candidate.suite,
        security,
        advisories,
        ...(held && { held }),
      },
    ];
  });
}

/** What the locks let through; else what they hold back, which the manager does not list and people should know of. */
function candidateFor(one: Package, view: RpmView): { readonly offer: RpmOffer; readonly held?: true } | undefined {
  const { allows, keeps } = view.policy;
  const free = best(one, view, () => true);
  if (free === undefined) return undefined;
  const taken = keeps(one) ? undefined : best(one, view, allows);
  return taken === undefined ? { offer: free, held: true } : { offer: taken };
}

/** Of repositories that have the same build, one that lists it as a security fix. */
function best(one: Package, view: RpmView, isTaken: (offer: RpmOffer) => boolean): RpmOffer | undefined {
  const takes = streamFilter(one, view);
  const fitting = newerOffers(one, view, isTaken)
    .filter((offer) => takes(offer) === true)
    .sort((a, b) => compareRpm(b.version, a.version));
  const [newest] = fitting;
  const isFix = ({ version, repository }: RpmOffer): boolean =>
    view.sources.some(
      (source) =>
        source.repository === repository &&
        source.updates?.(one.name).some((update) => update.security && compareRpm(update.version, version) === 0),
    );
  return fitting.find((offer) => offer.version === newest?.version && isFix(offer)) ?? newest;
}

/** Names of installed module packages of which newer builds are there and nothing says of which stream. */
export function unknownStreams(packages: readonly Package[], view: RpmView): readonly string[] {
  return newestInstalled(packages)
    .filter((one) => isModular(one.version))
    .filter((one) => {
      const takes = streamFilter(one, view);
      return newerOffers(one, view).some((offer) => takes(offer) === undefined);
    })
    .map(({ name }) => name);
}

function newerOffers(
  one: Package,
  view: RpmView,
  isTaken: (offer: RpmOffer) => boolean = () => true,
): readonly RpmOffer[] {
  const mayFollow = ({ maker = '' }: RpmOffer): boolean => view.policy.mayFollow(one.maker ?? '', maker);
  return rpmOffers(one.name, view, (offer) => mayFollow(offer) && isTaken(offer)).filter(
    ({ version, architecture }) =>
      (architecture === one.architecture || architecture === 'noarch' || one.architecture === 'noarch') &&
      compareRpm(version, one.version) > 0,
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

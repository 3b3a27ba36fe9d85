import { limits } from '../../core/limits.ts';
import { compareRpm } from '../versions/rpm.ts';
import type { Offer } from './archive-family.ts';
import type { RpmModules } from './rpm-modules.ts';
import type { Obsoletion } from './rpm-obsoletes.ts';
import type { RpmRepository } from './rpm-repositories.ts';

/** One package of one update of an updateinfo.xml. */
export interface RpmUpdate {
  readonly version: string;
  readonly architecture: string;
  readonly security: boolean;
  readonly severity?: string;
  /** `RHSA-2026:1234` */
  readonly id: string;
  readonly cves: readonly string[];
  /** `nodejs:20`, for a build of a module. */
  readonly stream?: string;
}

/** One version of one package, and the repository that has it. */
export interface RpmOffer extends Offer {
  readonly repository: RpmRepository;
}

/** A repository whose offers are known. */
export interface RpmSource {
  readonly repository: RpmRepository;
  /** Every version it has of one name after excludes and includes, in no order. */
  readonly rows: (name: string) => readonly Omit<Offer, 'suite'>[];
  /** Which of its builds say that they replace packages of this name; those that are excluded, too. */
  readonly obsoletions: (name: string) => readonly Obsoletion[];
  /** What its updateinfo says of one name; undefined: it has none. */
  readonly updates?: (name: string) => readonly RpmUpdate[];
  /** What it says of modules; undefined: nothing. */
  readonly modules?: RpmModules;
}

/** What an image's dnf can see. */
export interface RpmView {
  readonly sources: readonly RpmSource[];
  /** Every enabled repository was read to its end. */
  readonly complete: boolean;
  readonly osId: string | undefined;
  /** `x86_64`; undefined when the image does not say. */
  readonly architecture: string | undefined;
  readonly policy: RpmPolicy;
}

/** What the image's manager leaves alone among what it is offered. */
export interface RpmPolicy {
  /** Do the locks let it take this build? */
  readonly allows: (build: Build) => boolean;
  /** Do they keep this installed package as it is? */
  readonly keeps: (installed: Build) => boolean;
  /** Does a lock want just this build? Then what replaces it under another name is left alone. */
  readonly wants: (build: Build) => boolean;
  /** What it takes of packages that replace an installed one under their own names: each of them, the first, or none. */
  readonly replacements: 'all' | 'first' | 'none';
  /** Would it replace a package of the one vendor by a build of the other? Both `''` where there is none. */
  readonly mayFollow: (from: string, to: string) => boolean;
}

/** One build of one package, installed or offered. */
export type Build = Pick<Offer, 'name' | 'version' | 'architecture'>;

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
  const all = sources.flatMap(({ repository, rows }) =>
    rows(name)
      .map((one): RpmOffer => ({ ...one, suite: repository.id, repository }))
      .filter(isTaken),
  );
  const rank = (one: RpmOffer): number =>
    (one.architecture === 'noarch' || one.architecture === architecture ? 0 : 2) + Number(isModular(one.version));
  const best = all.reduce((lowest, { repository }) => Math.min(lowest, repository.priority), Number.POSITIVE_INFINITY);
  return all
    .filter(({ repository }) => repository.priority === best)
    .sort((a, b) => rank(a) - rank(b) || compareRpm(b.version, a.version) || (a.suite < b.suite ? -1 : 1))
    .slice(0, limits.archive.builds.most);
}

/** May a build take the place of an installed one? `noarch` replaces and is replaced by any. */
export function fitsArchitecture(a: Pick<Build, 'architecture'>, b: Pick<Build, 'architecture'>): boolean {
  return a.architecture === b.architecture || a.architecture === 'noarch' || b.architecture === 'noarch';
}

/** Builds of a module carry `.module` in their release: Fedora's `.module_f30`, RHEL's `.module+el8`. */
export function isModular(version: string): boolean {
  return /\.module[+_]/.test(version);
}

import type { Offer } from '../archives/archive-family.ts';
import type { RpmRepository } from './rpm-repositories.ts';

/** One package of one update of an updateinfo.xml. */
export interface RpmUpdate {
  readonly version: string;
  readonly architecture: string;
  readonly security: boolean;
  readonly severity?: string;
  /** `RHSA-2026:1234`; `''`: it has none, or one that is no word. */
  readonly id: string;
  readonly cves: readonly string[];
  /** How many it lists beside these; absent: none. */
  readonly unlisted?: number;
  /** `nodejs:20`, for a build of a module. */
  readonly stream?: string;
}

/** One build that a stream of a module holds. */
export interface ModularBuild {
  readonly version: string;
  readonly architecture: string;
  /** `nodejs:20` */
  readonly stream: string;
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

/** The flags of `<rpm:entry>`. */
export type Comparator = 'LT' | 'LE' | 'EQ' | 'GE' | 'GT';

/** A build that says it replaces packages of some other name. */
export interface Obsoletion extends Build {
  /** Which versions of that; absent: all. */
  readonly range?: {
    readonly comparator: Comparator;
    /** `[epoch:]version[-release]` */
    readonly version: string;
  };
}

/** What a repository says of modules. */
export interface RpmModules {
  readonly builds: (name: string) => readonly ModularBuild[];
  /** Stream by module, where nobody chose. */
  readonly defaults: ReadonlyMap<string, string>;
}

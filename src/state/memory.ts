import type { FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import type { NewsClass } from '../core/news.ts';
import type { PackageChange } from '../core/package.ts';
import type { Role } from '../core/parsed-file.ts';
import type { Workload } from '../core/place.ts';
import type { RebuildFacts, StandingFinding, StoredInventory } from './fleet.ts';

/** What is kept of a package of a finding. */
export interface KeptChange
  extends Pick<
    PackageChange,
    | 'name'
    | 'kind'
    | 'before'
    | 'after'
    | 'replacedBy'
    | 'security'
    | 'advisories'
    | 'unlisted'
    | 'severity'
    | 'foreign'
  > {
  /** How many advisories its report lists beside these. */
  readonly more?: number;
}

/** What is kept of a finding beside its row. */
export interface FindingDetail extends RebuildFacts {
  /** Digests of an image, versions of a package. */
  readonly current?: string;
  readonly latest?: string;
  /** The tag that is newer. */
  readonly tag?: string;
  readonly platforms: readonly string[];
  /** The first of them, and how many there are. */
  readonly packages: { readonly first: readonly KeptChange[]; readonly all: number };
  readonly react: readonly string[];
  readonly when?: string;
  readonly heldDetail?: string;
  /** RFC 3339. */
  readonly heldUntil?: string;
  readonly proposal?: { readonly url: string; readonly state: string; readonly name: string };
  /** The use as it would read, and why it cannot be written. */
  readonly proposed?: string;
  readonly problem?: string;
}

/** How long what is over is kept, in milliseconds. */
export interface Keep {
  readonly events: number;
  readonly inventories: number;
  readonly runs: number;
}

/** Something that happened to a finding. Times are milliseconds since 1970. */
export interface FindingEvent {
  readonly id: string;
  readonly class: FindingClass;
  readonly at: number;
  readonly run: number;
  readonly kind: 'opened' | 'changed' | 'gone';
  /** The class that the same place had until then. */
  readonly from?: FindingClass;
  /** Digest, version or tag that it was about. */
  readonly latest?: string;
  readonly reason?: string;
  readonly reference: string;
  readonly repository: string;
  readonly file?: string;
  readonly line?: number;
  readonly workload?: Workload;
}

/** What stood at the end of a day. */
export interface Day {
  /** `2026-11-29`, UTC. */
  readonly date: string;
  readonly images: number;
  readonly uses: number;
  /** Uses of which something was not known. */
  readonly untold: number;
  readonly findings: Readonly<Partial<Record<FindingClass, number>>>;
  /** Findings that are fixes. */
  readonly security: number;
}

/** One image with all that stands of it. */
export interface ImageRow {
  readonly reference: string;
  readonly uses: number;
  readonly repositories: number;
  /** The most urgent class that stands; absent: nothing does. */
  readonly class?: FindingClass;
  readonly findings: number;
  readonly isSecurity: boolean;
  /** Since when the oldest of them stands. */
  readonly since?: number;
  /** When a run looked it up last. */
  readonly looked?: number;
}

/** A place that uses an image. */
export interface UseRow {
  readonly id: string;
  readonly repository: string;
  /** Absent: no run has seen it since it is recorded. */
  readonly role?: Role;
  readonly file?: string;
  readonly line?: number;
  readonly workload?: Workload;
  readonly written: string;
  readonly reference: string;
  readonly digest: Digest;
}

/** A digest that a reference has named, and when that was seen first and last; milliseconds since 1970. */
export interface DigestRow {
  readonly digest: Digest;
  readonly first: number;
  readonly last: number;
}

/** What of a list is wanted; globs and classes as `status` takes them are for whoever asks. */
export interface ImageQuery {
  /** A part of the name. */
  readonly text?: string;
  readonly class?: FindingClass;
  /** A repository by its whole name. */
  readonly repository?: string;
  /** Rows of a page. Default: as many as lists have. */
  readonly rows?: number;
}

/** What of all that stands is wanted. */
export interface FindingQuery extends ImageQuery {
  readonly reference?: string;
}

/**
 * One page of a list, and what the next one is asked for with: the cursor of the same list, asked for with the same words. Any
 * other is refused with PlimsollError 'USAGE'.
 */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** One version of a package, and how far it is spread. */
export interface PackageRow {
  readonly name: string;
  readonly version: string;
  readonly scheme: string;
  readonly os: string | null;
  readonly images: number;
  readonly places: number;
}

/** An image that carries one version of a package, and in how many places it is in use. */
export interface CarrierRow {
  readonly reference: string;
  readonly digest: Digest;
  readonly places: number;
  /** What would bring another version of it, the most useful remedy first. */
  readonly fixes: readonly { readonly version: string; readonly remedy: string }[];
}

/** A package for which images in use could have another version. */
export interface FixRow {
  readonly package: string;
  /** The first of them, as text. */
  readonly versions: readonly string[];
  /** How many there are besides. */
  readonly moreVersions: number;
  readonly images: number;
  readonly remedies: readonly string[];
}

/** A repository, or a folder or engine, with what stands in it. */
export interface RepositoryRow {
  readonly name: string;
  readonly uses: number;
  readonly images: number;
  readonly findings: number;
  readonly security: number;
  readonly since?: number;
}

/** News that is open, with what it is about. */
export interface NewsRow {
  readonly key: string;
  readonly class: NewsClass;
  readonly reference: string;
  readonly first: number;
  readonly runs: number;
  readonly places: number;
  /** Channels that were told. */
  readonly told: number;
}

/** What a channel has had. */
export interface ChannelRow {
  readonly name: string;
  readonly delivered: number;
  readonly last?: number;
  readonly trouble?: { readonly code: string; readonly first: number; readonly runs: number };
}

/** A finding as a page shows it. */
export interface DetailedFinding extends StandingFinding {
  readonly detail?: Omit<FindingDetail, keyof RebuildFacts>;
}

/**
 * What pages and programs ask of everything that runs have seen. Lists come in pages of at most a hundred, in an order that
 * new runs change little; a cursor is text that only this reads.
 */
export interface Memory {
  /** The newest first: of an image, of a finding, or of all. */
  events(of: { readonly reference?: string; readonly id?: string }, most: number): Promise<readonly FindingEvent[]>;
  /** From a date (`2026-11-29`) on; days without a run are absent. */
  days(from: string): Promise<readonly Day[]>;
  /** The most urgent first. */
  images(query: ImageQuery, cursor?: string): Promise<Page<ImageRow>>;
  uses(reference: string, cursor?: string, rows?: number): Promise<Page<UseRow>>;
  /** What stands, the most urgent class first, then the oldest. */
  findings(query: FindingQuery, cursor?: string): Promise<Page<DetailedFinding>>;
  /** Since when the oldest finding of each class stands; a class of which none does is absent. Milliseconds since 1970. */
  oldest(): Promise<ReadonlyMap<string, number>>;
  /** How much news of each class is open; a class of which none is is absent. */
  openNews(): Promise<ReadonlyMap<string, number>>;
  /** What a digest stood for on each platform, as far as a run learnt it. */
  manifests(digest: string): Promise<readonly { readonly platform: string; readonly manifest: Digest }[]>;
  /** Undefined: nobody has looked into it, or it is not kept any more. */
  inventory(manifest: string): Promise<StoredInventory | undefined>;
  /** Every digest that a reference has named, the newest first. */
  digests(reference: string, cursor?: string): Promise<Page<DigestRow>>;
  /** Versions of a package, or of what is built from a source of that name. */
  packages(name: string, cursor?: string): Promise<Page<PackageRow>>;
  /** Images that carry this version of a package of this name, those in use in the most places first. */
  carriers(name: string, version: string, cursor?: string): Promise<Page<CarrierRow>>;
  /** Packages of which something newer is known, those of the most images first. */
  fixes(cursor?: string): Promise<Page<FixRow>>;
  /** Names of packages with this text in them, in their order; at most as many as a page has rows. */
  packageNames(text: string): Promise<readonly string[]>;
  /** All of them, or those with this text in their name. */
  repositories(cursor?: string, text?: string): Promise<Page<RepositoryRow>>;
  news(cursor?: string): Promise<Page<NewsRow>>;
  channels(): Promise<readonly ChannelRow[]>;
}

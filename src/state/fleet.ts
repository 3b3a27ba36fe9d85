import type { Finding, FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import type { Dispatch } from '../core/image/rebuild.ts';
import type { VersionScheme } from '../core/package.ts';
import type { Role } from '../core/parsed-file.ts';
import type { Workload } from '../core/place.ts';
import type { WorkloadReport } from '../core/run-record.ts';
import type { RunCoverage } from './run-coverage.ts';

/** One place that uses an image, with the manifests that its builds take. */
export interface Consumer {
  /** Identity of the place, as findings have it. */
  readonly id: string;
  /** Id of the scope in which it is. */
  readonly scope: string;
  readonly repository: string;
  /** Absent: an older version recorded it. */
  readonly role?: Role;
  readonly file: string;
  readonly line: number;
  /** What runs it; `file` is its name then. */
  readonly workload?: Workload;
  readonly written: string;
  readonly reference: string;
  /** What is built on: the pinned digest, else what the tag names. */
  readonly digest: Digest;
  readonly manifests: readonly { readonly platform: string; readonly manifest: Digest }[];
}

/** A place that uses an image into which nobody could look. */
export interface Unlooked {
  readonly id: string;
  readonly scope: string;
  readonly file: string;
  readonly reference: string;
}

/** Every use of an image that can be looked into, by whether it was. */
export interface FleetUses {
  readonly consumers: readonly Consumer[];
  readonly unlooked: readonly Unlooked[];
  /** What the run has seen beside what is in use: what tags name now. */
  readonly seen?: readonly SeenManifest[];
  /** What published images were built on; absent: nobody was asked. */
  readonly published?: {
    readonly uses: readonly PublishedUse[];
    /** Images of which nobody could tell: what was known of them stands. */
    readonly untold: readonly string[];
  };
  /** When the run was; milliseconds since 1970. */
  readonly at?: number;
}

/** A published image, by what it was built on: that is what it carries, beside what its file adds. */
export interface PublishedUse {
  /** With its tag. */
  readonly image: string;
  readonly digest: Digest;
  /** Where it is built. */
  readonly scope: string;
  readonly repository: string;
  readonly file: string;
  readonly line: number;
  /** The reference of its base. */
  readonly base: string;
  /** Manifests of the base. */
  readonly manifests: readonly { readonly platform: string; readonly manifest: Digest }[];
}

/** The manifest that a digest stands for on one platform. */
export interface SeenManifest {
  readonly digest: Digest;
  readonly platform: string;
  readonly manifest: Digest;
}

/** A version that something known would bring into images of a reference. */
export interface Fix {
  readonly reference: string;
  readonly package: string;
  readonly version: string;
  readonly remedy: string;
}

/** The packages of an image, as the state keeps them. */
export interface StoredInventory {
  /** False: something in the image could not be read, and may hold more. */
  readonly isWhole: boolean;
  readonly os?: string;
  readonly scheme: VersionScheme;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly architecture: string;
    readonly source?: { readonly name: string };
  }[];
}

/** One package in one image, at one place that uses it. */
export interface Carrier {
  readonly name: string;
  /** What it was built from, when that has another name. */
  readonly source: string | null;
  readonly version: string;
  readonly architecture: string;
  readonly scheme: VersionScheme;
  readonly os: string | null;
  readonly platform: string;
  readonly reference: string;
  readonly digest: Digest;
  readonly repository: string;
  /** Absent: no run has seen it since it is recorded. */
  readonly role?: Role;
  /** Absent for what runs. */
  readonly file?: string;
  readonly line?: number;
  readonly workload?: Workload;
  readonly written: string;
  /** Of a published image: the reference of its base, whose package it is. `file` is what it is built from. */
  readonly builtOn?: string;
  /** What would bring another version, the most useful remedy first. */
  readonly fixes: readonly { readonly version: string; readonly remedy: string }[];
}

/** What stands of a stale image beside the rest. */
export interface RebuildFacts {
  readonly published?: NonNullable<Finding['published']>;
  readonly dispatch?: Dispatch;
  /** What goes on below its base, in one line. */
  readonly chain?: string;
}

/** A finding that stands: no run that could tell has missed it since, and how long it has been there without a gap. */
export interface StandingFinding extends RebuildFacts {
  readonly id: string;
  readonly class: FindingClass;
  readonly repository: string;
  /** Absent for what runs. */
  readonly file?: string;
  readonly line?: number;
  readonly workload?: Workload;
  readonly written: string;
  readonly reference: string;
  readonly remedy: string;
  readonly security: boolean | null;
  readonly held: string | null;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** When a run found it last; before the newest run for what that could not tell about. */
  readonly checked: number;
}

/** Something that runs, since when and until when runs have seen it; milliseconds since 1970. */
export interface StoredWorkload extends WorkloadReport {
  readonly first: number;
  readonly last: number;
}

/** Something that happened to a reference. */
export type Event =
  | { readonly kind: 'digest'; readonly first: number; readonly last: number; readonly digest: Digest }
  | {
      readonly kind: 'finding';
      readonly first: number;
      readonly last: number;
      readonly class: FindingClass;
      readonly place: string;
      readonly reason: string;
    };

/** Questions about everything that runs have seen. */
export interface Fleet {
  /** Replaces what was known of who uses what, and of what would help, as far as the run covers it and could tell. */
  record(uses: FleetUses, fixes: readonly Fix[], known: RunCoverage): Promise<void>;
  /** How far the images in use were looked into. */
  coverage(): Promise<{ readonly looked: number; readonly images: number }>;
  /** Images in use that were looked into before, and of which the newest run could not learn what they mean. */
  unanswered(): Promise<number>;
  /** Those of these manifests whose inventory this extractor has read. */
  known(manifests: readonly Digest[], extractor: string): Promise<ReadonlySet<Digest>>;
  addInventory(manifest: Digest, extractor: string, inventory: StoredInventory): Promise<void>;
  /** Every place whose image carries a package of this name, or one built from a source of this name. */
  carriers(name: string): Promise<readonly Carrier[]>;
  /** Names of packages, and of what they were built from, that are much like this one, the nearest first. */
  similar(name: string): Promise<readonly string[]>;
  /** Findings that stand, the oldest first. */
  standing(): Promise<readonly StandingFinding[]>;
  /** What runs, as a run saw it last, by engine and name. */
  workloads(): Promise<readonly StoredWorkload[]>;
  /** When the newest run about everything was; undefined before the first. Milliseconds since 1970. */
  lastRun(): Promise<number | undefined>;
  /** References that were ever looked up; with a text those of this repository, or this reference. */
  references(text?: string): Promise<readonly string[]>;
  /** What happened to a reference, the newest first. */
  history(reference: string): Promise<readonly Event[]>;
}

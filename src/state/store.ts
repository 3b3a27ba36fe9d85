/*
 * src/state/
 *
 * What must outlive a run: which digest a tag had when, what is open news, who was told, who uses what. Store below is
 * what the rest knows; open-state.ts opens one in a file (sqlite/) or on a server (postgres/), and stored-store.ts answers
 * from either by database.ts. run-coverage.ts says what a run has looked at, and recording.ts what is over with that.
 * lists/ is what is read page by page. outbox.ts is who was told what, fleet.ts what a fleet can be asked and stored-fleet.ts how it is answered, snoozes.ts
 * what nobody wants to hear of. portable.ts is the part that may stand in a public repository: hashes, digests and times
 * (pseudonyms.ts), never names, and no more than portable-size.ts lets through. SQL is nowhere else.
 * Begin here, then sqlite/migrations.ts.
 */

import type { FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import type { NewsClass } from '../core/news.ts';
import type { Workload } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import type { KnownPlace, RunRecord, RunTargets, WorkloadReport } from '../core/run-record.ts';
import type { Acts } from './acts.ts';
import type { DaemonState } from './daemon.ts';
import type { Fleet } from './fleet.ts';
import type { FindingDetail, Keep, Memory } from './memory.ts';
import type { Outbox } from './outbox.ts';
import type { SharedFacts } from './postgres/shared-facts.ts';
import type { Rebuilds } from './rebuilds.ts';
import type { RunCoverage, Untold } from './run-coverage.ts';
import type { Snoozes } from './snoozes.ts';
import type { Swarms } from './swarms.ts';

/** What a reference named when we last looked. */
export interface StoredLook {
  readonly digest: Digest;
  /** When this digest was first and last seen under the reference; milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

/** `platform` is `*` for what the tag itself names, else the platform of a manifest under it. */
export interface NewLook {
  readonly reference: string;
  readonly platform: string;
  readonly digest: Digest;
}

/** A finding as it is kept: enough to answer `status` and `history`, and never what it was found in. */
export interface StoredFinding {
  readonly id: string;
  readonly class: FindingClass;
  readonly reference: string;
  /** Id of the scope in which it is. */
  readonly scope: string;
  /** `owner/name` on a forge, else the tree as it was named. */
  readonly repository: string;
  readonly file: string;
  readonly line: number;
  /** What runs it; `file` is its name then. */
  readonly workload?: Workload;
  readonly written: string;
  readonly remedy: string;
  readonly security: boolean | null;
  /** Why the reaction waits. */
  readonly held?: string;
  readonly reason: string;
  readonly news: readonly string[];
  readonly detail?: FindingDetail;
}

/** Why a run was started: by the clock, by an event elsewhere, by somebody's button, by a command. */
export type RunTrigger = 'schedule' | 'hook' | 'person' | 'cli';

/** All that a run leaves in the state, recorded as one transaction. Times are milliseconds since 1970. */
export interface NewRun extends RunCoverage {
  readonly startedAt: number;
  readonly trigger: RunTrigger;
  /** The number under which it was queued; absent: it gets one. */
  readonly number?: number;
  readonly record: Pick<RunRecord, 'cost' | 'summary' | 'problems'>;
  readonly looks: readonly NewLook[];
  readonly findings: readonly StoredFinding[];
  /** What runs on engines, each with the id of its scope. */
  readonly workloads: readonly (WorkloadReport & { readonly scope: string })[];
  /** What is told beside findings; `reference` is what it is about. */
  readonly notices: readonly {
    readonly class: NewsClass;
    readonly reference: string;
    readonly news: readonly string[];
    /** What has to be covered by a run that does not find it, before it is over. */
    readonly places: readonly KnownPlace[];
  }[];
  /** As `unsure`, by the id of a place: findings of these classes stand as they were. */
  readonly untold: ReadonlyMap<string, Untold>;
}

/**
 * How a run ended: some of what it was to read was not, or not everything could be told or proposed. What was started for
 * somebody and left nothing behind has `failed`, or was `aborted`.
 */
export type RunOutcome = 'done' | 'unread' | 'undelivered' | 'failed' | 'aborted';

/** A run that somebody waits for, before it begins. */
export interface QueuedRun {
  readonly trigger: RunTrigger;
  readonly targeted?: RunTargets;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How and when a run ended. */
export interface RunEnd extends Pick<StoredRun, 'exit'> {
  /** Milliseconds since 1970. */
  readonly finishedAt: number;
  readonly outcome: RunOutcome;
  /** Why it has left nothing behind. */
  readonly problem?: Problem;
}

/** A run, as it is remembered. */
export interface StoredRun {
  readonly id: number;
  readonly trigger: RunTrigger;
  /** Absent: it was about everything. */
  readonly targeted?: RunTargets;
  readonly startedAt: number;
  /** Absent with the outcome: it is under way, or was killed. */
  readonly finishedAt?: number;
  readonly outcome?: RunOutcome;
  /** The exit code of the process whose only run it was. */
  readonly exit?: number;
  /** Absent: nobody has begun it yet. Milliseconds since 1970. */
  readonly begunAt?: number;
  /** Absent with the summary: it has left nothing yet, or never did. */
  readonly cost?: RunRecord['cost'];
  readonly summary?: RunRecord['summary'];
  /** The first of them, and how many there were. */
  readonly problems: { readonly first: RunRecord['problems']; readonly all: number };
}

/** A scope that was read before. */
export interface KnownScope {
  readonly id: string;
  readonly name: string;
  /** When it was read last; milliseconds since 1970. */
  readonly last: number;
}

/** A file of a scope, by the scope's name. */
export interface ScopeFile {
  readonly scope: string;
  readonly file: string;
}

/** What earlier runs have read. */
export interface Watch {
  /** Every scope that was ever read and not dropped since. */
  scopes(): Promise<readonly KnownScope[]>;
  /** Those of these files that were read before. */
  readBefore(files: readonly ScopeFile[]): Promise<readonly ScopeFile[]>;
}

/** News that is open: found by the last run that could tell. */
export interface OpenNews {
  readonly class: NewsClass;
  readonly reference: string;
  /** Milliseconds since 1970; of this time around, when it was closed for long before. */
  readonly first: number;
  /** How many runs about everything have found it in a row. */
  readonly runs: number;
}

/** The only run of a state, or its only daemon, until it is released or its process ends. */
export interface RunLock {
  release(): void | Promise<void>;
}

/**
 * What must outlive a run: small, and never reconstructed from a cache. Everything of one run is recorded at once or
 * not at all, so that a killed process leaves the state of the run before. Every method asks for all that is wanted at
 * once: a state may be far away. They reject with PlimsollError 'STATE'.
 */
export interface Store {
  /** Every digest that these references have named, by the reference, newest first; one that is not known is absent. */
  looks(references: readonly string[], platform?: string): Promise<ReadonlyMap<string, readonly StoredLook[]>>;
  /** What a use without a digest is compared with: the newest digest whose news has been told. */
  baseLines(references: readonly string[]): Promise<ReadonlyMap<string, Digest>>;
  moveBaseLines(lines: ReadonlyMap<string, Digest>, now: number): Promise<void>;
  /** By their keys; of these keys alone, where some are named. */
  openNews(keys?: readonly string[]): Promise<ReadonlyMap<string, OpenNews>>;
  /**
   * Looks, findings and news of one run; what it covers and did not find again is over. A reference that is seen for the
   * first time gets its base line. Returns the run's number.
   */
  recordRun(run: NewRun): Promise<number>;
  /** The run has come to its end. */
  endRun(run: number, end: RunEnd): Promise<void>;
  /** The newest runs, the newest first: of those before a number, or of those about everything that came to an end. */
  runs(
    most: number,
    of?: { readonly before?: number | undefined; readonly isWhole?: true },
  ): Promise<readonly StoredRun[]>;
  run(number: number): Promise<StoredRun | undefined>;
  /** A number for a run that is to come. */
  queueRun(run: QueuedRun): Promise<number>;
  /** A process works on it. */
  beginRun(run: number, at: number): Promise<void>;
  /** Forgets what is over for longer than that. What stands, and who was told what, is never forgotten for its age. */
  prune(keep: Keep, now: number): Promise<void>;
  /** A whole copy in another file, also while a run is under way. Throws PlimsollError 'STATE'. */
  copyTo(file: string): Promise<void>;
  readonly outbox: Outbox;
  readonly snoozes: Snoozes;
  readonly fleet: Fleet;
  readonly memory: Memory;
  readonly daemon: DaemonState;
  readonly acts: Acts;
  readonly rebuilds: Rebuilds;
  readonly swarms: Swarms;
  readonly watch: Watch;
  /** Absent: one process makes a run. */
  readonly shared?: SharedFacts;
  close(): Promise<void>;
}

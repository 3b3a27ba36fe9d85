import type { Digest } from '../core/digest.ts';
import type { FindingClass } from '../core/finding.ts';

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

export interface StoredFinding {
  readonly id: string;
  readonly class: FindingClass;
  readonly reference: string;
  readonly file: string;
  readonly news: readonly string[];
}

export interface NewRun {
  readonly startedAt: number;
  readonly looks: readonly NewLook[];
  readonly findings: readonly StoredFinding[];
}

/**
 * What must outlive a run: small, and never reconstructed from a cache. Everything of one run is recorded at once or
 * not at all, so that a killed process leaves the state of the run before. Methods throw PlimsollError 'STATE'.
 */
export interface Store {
  /** The newest digest of a reference, on the base line of unpinned uses. */
  lastLook(reference: string, platform?: string): StoredLook | undefined;
  /** Every digest a reference has named, newest first. */
  looks(reference: string, platform?: string): readonly StoredLook[];
  /** Of these news keys, those that this channel has not been told. */
  undelivered(channel: string, news: readonly string[]): readonly string[];
  /** Keys of news that are open: found by an earlier run and not closed since. */
  openNews(): ReadonlyMap<string, { readonly first: number }>;
  /** Looks, findings and news of one run; news that it did not find again are closed. Returns the run's number. */
  recordRun(run: NewRun): number;
  /** The ISO week in which this channel got its last weekly batch, such as `2026-W47`. */
  batchWeek(channel: string): string | undefined;
  /** After a channel accepted them; `week` when a weekly batch was among them. */
  recordDelivered(channel: string, news: readonly string[], now: number, week?: string): void;
  close(): void;
}

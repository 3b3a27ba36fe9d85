/*
 * src/advisories/
 *
 * Which versions of a distribution's source packages have known weaknesses, and which fix them. AdvisoryFeed below is
 * what the rest knows: a package moves from one version to another, what does that fix? There are three of them: osv.ts
 * (OSV's API, by osv-record.ts and ecosystems.ts), folder.ts (its records in a folder, for a machine without a way out)
 * and secdb-feed.ts (Alpine edge, which OSV leaves out). They are asked about packages of the distribution alone, with
 * source and version, never with names of images. What nobody could say is null, not "no fix".
 * Begin here, then osv.ts.
 */

import type { Advisory } from '../core/advisory.ts';
import type { DistroRelease } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';

/** One source package that moves from one version to another; `name` is one of its binary packages. */
export interface SourceMove {
  readonly source: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What one move of a package means. */
export interface FeedVerdict {
  /** What holds for the old version and no longer for the new one. */
  readonly fixed: readonly Advisory[];
  /** The other way round: a regression. */
  readonly introduced: readonly Advisory[];
}

/** What a feed says of some moves. */
export interface FeedAnswer {
  /** One per move, in order; null: could not tell. */
  readonly verdicts: readonly (FeedVerdict | null)[];
  /** Why some are null. */
  readonly problems: readonly Problem[];
}

/** A source of advisories. One file per feed, one line in job/connections.ts. */
export interface AdvisoryFeed {
  /** Does it know the packages of this release at all? */
  covers(os: DistroRelease): boolean;
  /** Asks about moves of a release that it covers. Expected trouble is in the answer; rejects when the run is stopped. */
  compare(os: DistroRelease, moves: readonly SourceMove[]): Promise<FeedAnswer>;
}

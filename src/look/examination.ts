import type { ImageComparison } from '../core/comparison.ts';
import type { ContentClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import type { Problem } from '../core/problem.ts';
import type { Unanswered } from '../core/unchecked.ts';
import type { Lag } from './lag.ts';
import type { Resolution } from './resolve.ts';

/** What the difference is for one consumed platform. */
export interface PlatformResult {
  readonly platform: string;
  readonly class: ContentClass | 'same';
  /** Manifest digests. */
  readonly current?: Digest;
  readonly latest?: Digest;
  readonly comparison?: ImageComparison;
  readonly problem?: Problem;
  /** The new index does not serve this platform (yet). */
  readonly incomplete?: true;
}

/** Everything known about one reference on its consumed platforms: what `decide` turns into findings. */
export interface Examination {
  readonly resolution: Resolution;
  readonly pinned: 'index' | 'manifest' | 'none' | null;
  /** What an edit would write: the same kind of digest as the one there. Absent when there is nothing to write. */
  readonly target?: Digest;
  readonly platforms: readonly PlatformResult[];
  readonly notes: readonly string[];
  /** How far what the tag names now is behind its distribution; absent when nobody asked, or there is no such image. */
  readonly lag?: Lag;
  /** Questions about the move that nobody answered; those about what it lags behind are in `lag`. */
  readonly unanswered?: readonly Unanswered[];
  /** The image on this machine that was looked into, for a use without a reference. */
  readonly archive?: ImageReference;
}

/** When this state first saw a digest under a tag; milliseconds. Newest last look first. */
export interface Seen {
  readonly digest: Digest;
  readonly first: number;
}

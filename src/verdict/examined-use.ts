import type { FindingClass } from '../core/finding.ts';
import type { Problem } from '../core/problem.ts';
import type { Unanswered } from '../core/unchecked.ts';
import type { Examination, PlatformResult, Seen } from '../look/examination.ts';
import type { NewerTag } from '../look/newer-tag.ts';
import type { Use } from '../sources/use.ts';
import type { EditPreview } from './edit-preview.ts';

/** One use with everything the earlier stages learnt about it. */
export interface ExaminedUse {
  readonly use: Use;
  /** Those that it was looked at for. */
  readonly platforms: readonly string[];
  readonly examination: Examination;
  /** What editing this one use would do; absent when there is nothing to write. */
  readonly edit?: EditPreview;
  readonly newer?: NewerTag;
  /** What editing to the newer tag would do. */
  readonly tagEdit?: EditPreview;
  /** The digests that this state has seen under the tag; none without a state. */
  readonly seen?: readonly Seen[];
  /** Who signed what would be written could not be asked. */
  readonly signature?: Unanswered;
}

/** What is said of a use's content. */
export interface Verdict {
  readonly class: FindingClass;
  /** The platforms' results that count for it. */
  readonly results: readonly PlatformResult[];
  readonly problem: Problem | null;
}

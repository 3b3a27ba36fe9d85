import type { Problem } from '../../core/problem.ts';

/** A repository that an image enables and that is not asked, with the reason. */
export interface UnreadRepository {
  readonly uri: string;
  readonly suite: string;
  readonly problem: Problem;
}

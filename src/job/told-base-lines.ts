import { type Finding, isEvent } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import type { Conclusion } from './run.ts';
import { lookKey } from './state-keys.ts';

/** A base line that may move. */
export interface SettledBaseLine {
  readonly reference: string;
  readonly digest: Digest;
  /** What was told of the move, and is over with it. */
  readonly news: readonly string[];
}

/**
 * The uses without a digest whose news everybody has who is to have it: from now on they are compared with what their
 * tag names today. What still waits (for its window, for a channel that failed, for the end of a snooze) is found again
 * by the next run, because its base line stays. Pure.
 */
export function settledBaseLines(
  result: Conclusion,
  isWaiting: (finding: Finding) => boolean,
): readonly SettledBaseLine[] {
  const moved = result.decided.flatMap(({ examined: { use, examination }, findings }) => {
    const { reference, has } = use;
    const { resolution } = examination;
    if (reference === undefined || has || resolution.kind !== 'moved') return [];
    return [{ reference: lookKey(reference), digest: resolution.after, findings }];
  });
  return [...Map.groupBy(moved, ({ reference }) => reference)].flatMap(([reference, uses]) => {
    const findings = uses.flatMap((use) => use.findings);
    const [first] = uses;
    if (!first || findings.some((one) => one.held || one.snoozed || isWaiting(one))) return [];
    const news = new Set(findings.filter(isEvent).map((one) => one.news));
    return [{ reference, digest: first.digest, news: [...news].flat() }];
  });
}

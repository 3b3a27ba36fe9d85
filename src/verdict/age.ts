import type { Finding, FindingClass, Held } from '../core/finding.ts';
import { type Digest, shortDigest } from '../core/image/digest.ts';
import { timestamp } from '../core/time/clock.ts';
import type { Seen } from '../look/examination.ts';

/** A tag that moved less than this ago may still be on the move: publishers push platforms one by one, and correct themselves. */
const settleTime = 6 * 60 * 60 * 1000;

/** These wait for nothing: the next build fails, or a weakness is open. */
const urgent: ReadonlySet<FindingClass> = new Set(['pin-broken', 'security']);
/** Only a digest that is proposed has an age that matters. */
const timed: ReadonlySet<FindingClass> = new Set(['security', 'packages', 'config', 'content']);

/** What the age of a digest means for its finding. `firstSeen` is RFC 3339, `draft` a sentence that says why. */
export interface Timing {
  readonly firstSeen?: string;
  readonly held?: Held;
  /** Proposed all the same, marked as a draft. */
  readonly draft?: string;
}

/**
 * How old the newest digest is by our own clock, and what waits for that: `young` below the minimum age, `unsettled` soon
 * after a tag moved. A tag that is looked at for the first time is settled, and its digest is as old as this run.
 */
export function timingOf(
  finding: Pick<Finding, 'class' | 'latest'>,
  seen: readonly Seen[],
  minimumAge: number,
  now: number,
): Timing {
  const digest = finding.latest?.digest;
  if (digest === undefined || !timed.has(finding.class)) return {};
  const own = seen.find((one) => one.digest === digest);
  const first = own?.first ?? now;
  // What no earlier run saw has no date to report: it would be another one in every run without a state.
  const firstSeen = own ? { firstSeen: timestamp(own.first) } : {};
  const isYoung = now - first < minimumAge;
  if (urgent.has(finding.class)) {
    return { ...firstSeen, ...(isYoung && { draft: youngDetail(digest, first, minimumAge) }) };
  }
  if (isYoung) {
    const until = timestamp(first + minimumAge);
    return { ...firstSeen, held: { reason: 'young', detail: youngDetail(digest, first, minimumAge), until } };
  }
  const moved = seen.some((one) => one.digest !== digest) && now - first < settleTime;
  if (!moved) return firstSeen;
  const detail = `the tag moved less than ${settleTime / 3_600_000} hours ago, first seen ${timestamp(first)}`;
  return { ...firstSeen, held: { reason: 'unsettled', detail, until: timestamp(first + settleTime) } };
}

function youngDetail(digest: Digest, first: number, minimumAge: number): string {
  return `${shortDigest(digest)} was first seen ${timestamp(first)}, and the rules ask for an age of ${spell(minimumAge)}`;
}

function spell(milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  return hours >= 48 ? `${Math.round(hours / 24)} days` : `${Math.round(hours * 10) / 10} hours`;
}

/**
 * The newest digest that is old enough, newer than the one that is pinned: with it a tag that moves every night is
 * proposed all the same. Undefined: there is none.
 */
export function oldEnough(
  seen: readonly Seen[],
  { latest, pinned }: { readonly latest: Digest; readonly pinned: Digest },
  minimumAge: number,
  now: number,
): Digest | undefined {
  const since = seen.find(({ digest }) => digest === pinned)?.first ?? Number.NEGATIVE_INFINITY;
  const candidates = seen.filter(
    ({ digest, first }) => digest !== latest && digest !== pinned && first > since && now - first >= minimumAge,
  );
  return candidates.sort((a, b) => b.first - a.first)[0]?.digest;
}

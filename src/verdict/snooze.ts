import type { Finding } from '../core/finding.ts';
import { matchesImage } from '../core/image/image-glob.ts';
import { timestamp } from '../core/time/clock.ts';
import type { Snooze } from '../state/snoozes.ts';

/**
 * Marks what somebody does not want to hear of for a while; class and report stay what they are. A news key silences a
 * finding only when all that the finding tells is silenced: what is new in it is told.
 */
export function withSnooze(finding: Finding, snoozes: readonly Snooze[], now: number): Finding {
  const active = snoozes.filter(({ until }) => until > now);
  const whole = active.filter((one) => silences(one, finding)).map(({ until }) => until);
  const byKey = finding.news.map((key) => active.find(({ kind, value }) => kind === 'news' && value === key)?.until);
  const keys = byKey.length > 0 && byKey.every((until) => until !== undefined) ? [Math.min(...byKey)] : [];
  const ends = [...whole, ...keys];
  return ends.length === 0 ? finding : { ...finding, snoozed: { until: timestamp(Math.max(...ends)) } };
}

function silences({ kind, value }: Snooze, finding: Finding): boolean {
  switch (kind) {
    case 'image':
      return matchesImage(value, finding.reference);
    case 'digest':
      return finding.latest?.digest === value || finding.current?.digest === value;
    case 'news':
      return false;
  }
}

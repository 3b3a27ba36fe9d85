import { messageOf, PlimsollError } from '../core/errors.ts';
import { isDigest } from '../core/image/digest.ts';
import { imageGlob } from '../core/image/image-glob.ts';
import { formatReference, parseReference } from '../core/image/reference.ts';
import { patternComplaint } from '../core/patterns.ts';
import { beginsWithDay } from '../core/time/day.ts';
import type { Snooze } from '../state/snoozes.ts';

/** A digest, a news key (64 hex digits, as the JSON report has them), or an image: a reference, or a glob over them. */
export function snoozed(text: string): Pick<Snooze, 'kind' | 'value'> {
  if (isDigest(text)) return { kind: 'digest', value: text };
  if (/^[0-9a-f]{64}$/.test(text)) return { kind: 'news', value: text };
  const complaint = patternComplaint(text, 'image');
  if (complaint !== undefined) throw new PlimsollError('USAGE', `${JSON.stringify(text.slice(0, 200))} ${complaint}`);
  if (/[*?{[]/.test(text)) {
    refuseUnusable(text);
    return { kind: 'image', value: text };
  }
  if (text.startsWith('sha256:')) {
    throw new PlimsollError('USAGE', `${JSON.stringify(text)} is no digest: sha256: and 64 hex digits in lower case`);
  }
  const { registry, repository, tag } = parseReference(text);
  return { kind: 'image', value: formatReference({ registry, repository, ...(tag !== undefined && { tag }) }) };
}

/** What is kept is read by every run and page; throws PlimsollError 'USAGE' for a glob with too many choices, or too long. */
function refuseUnusable(glob: string): void {
  try {
    imageGlob(glob);
  } catch (error) {
    throw new PlimsollError('USAGE', `${JSON.stringify(glob.slice(0, 200))} cannot be used: ${messageOf(error)}`);
  }
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `2026-12-24`, a whole RFC 3339 time, `7d` from now, or `now` to end it. Milliseconds since 1970. Throws 'USAGE'. */
export function parseUntil(text: string, now: number): number {
  if (text === 'now') return now;
  const [, amount, unit = ''] = /^(\d{1,4})([hdw])$/.exec(text) ?? [];
  if (amount !== undefined) return now + Number(amount) * (units[unit] ?? 0);
  const time = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(time) || !beginsWithDay(text)) {
    throw new PlimsollError(
      'USAGE',
      `until ${JSON.stringify(text.slice(0, 100))} is no date; write 2026-12-24, 2026-12-24T08:00:00Z, 7d or now`,
    );
  }
  return time;
}

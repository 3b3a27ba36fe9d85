import { PlimsollError } from '../../core/errors.ts';
import { type Digest, isDigest, shortDigest } from '../../core/image/digest.ts';
import { matchesImage } from '../../core/image/image-glob.ts';
import { formatReference, parseReference } from '../../core/image/reference.ts';
import { patternComplaint } from '../../core/patterns.ts';
import { beginsWithDay } from '../../core/time/day.ts';
import { lookKey } from '../../job/state-keys.ts';
import { renderSnoozes } from '../../report/render/fleet-report.ts';
import { referenceOf, silences } from '../../report/say/standing.ts';
import type { Snooze } from '../../state/snoozes.ts';
import type { Store } from '../../state/store.ts';
import { exitCodes } from '../exit-codes.ts';
import { type StateOptions, withState } from '../state-session.ts';

/** `plimsoll ack IMAGE`: from now on a use without a digest is compared with what the tag names now, or with that digest. */
export async function ack(given: Record<string, unknown>, [text = '']: string[]): Promise<number> {
  const options = given as unknown as StateOptions;
  const parsed = parseReference(text);
  const key = lookKey(parsed);
  return withState(options, { readOnly: false }, async ({ store, output, clock, file }) => {
    const digest: Digest | undefined = parsed.digest ?? (await store.looks([key])).get(key)?.[0]?.digest;
    if (digest === undefined) {
      throw new PlimsollError(
        'USAGE',
        `no run has looked ${key} up yet, so ${file} knows no digest of it; name one: ${key}@sha256:…`,
      );
    }
    const before = (await store.baseLines([key])).get(key);
    await store.moveBaseLines(new Map([[key, digest]]), clock.now());
    const was = before === undefined || before === digest ? '' : ` (was ${shortDigest(before)})`;
    await output.result(`${key} is compared with ${shortDigest(digest)} from now on${was}\n`);
    return exitCodes.done;
  });
}

/** `plimsoll snooze [IMAGE|DIGEST|NEWS --until DATE]`: tells and proposes nothing about it before that; alone, what is snoozed. */
export async function snooze(given: Record<string, unknown>, [text]: string[]): Promise<number> {
  const options = given as unknown as StateOptions & { readonly until?: string };
  if (text === undefined && options.until === undefined) return snoozes(options);
  if (text === undefined) throw new PlimsollError('USAGE', 'snooze what? Name an image, a digest or a news key');
  const end = options.until;
  if (end === undefined) throw new PlimsollError('USAGE', `snooze ${text} until when? Say --until 2026-12-24, or 7d`);
  const { kind, value } = snoozed(text);
  return withState(options, { readOnly: false }, async ({ store, output, clock }) => {
    const now = clock.now();
    const until = parseUntil(end, now);
    await store.snoozes.add([{ kind, value, until }], now);
    const time = new Date(until).toISOString().replace(/\.000Z$/, 'Z');
    await output.result(
      until > now ? `${kind} ${value} is silent until ${time}\n` : `${kind} ${value} is not silent any more\n`,
    );
    if (until > now && !(await isKnown({ kind, value }, store))) {
      output.note(`no run has seen ${kind === 'news' ? 'such news' : `this ${kind}`} yet: is it what you meant?`);
    }
    return exitCodes.done;
  });
}

async function snoozes(options: StateOptions): Promise<number> {
  return withState(options, { readOnly: true }, async ({ store, output, clock }) => {
    const [standing, openNews] = [await store.fleet.standing(), await store.openNews()];
    const active = await store.snoozes.active(clock.now());
    const counted = active.map((one) => ({
      ...one,
      findings: standing.filter((finding) => silences(one, finding, openNews)).length,
    }));
    await output.result(renderSnoozes(counted, output.style));
    return exitCodes.done;
  });
}

/** Has a run seen anything that it would silence? */
async function isKnown({ kind, value }: Pick<Snooze, 'kind' | 'value'>, store: Store): Promise<boolean> {
  if (kind === 'news') return (await store.openNews()).has(value);
  const references = await store.fleet.references();
  if (kind === 'image') return references.some((one) => matchesImage(value, referenceOf(one)));
  const looks = await store.looks(references);
  if ([...looks.values()].some((own) => own.some(({ digest }) => digest === value))) return true;
  return (await store.fleet.standing()).some(({ written }) => written.includes(value));
}

/** A digest, a news key (64 hex digits, as the JSON report has them), or an image: a reference, or a glob over them. */
function snoozed(text: string): Pick<Snooze, 'kind' | 'value'> {
  if (isDigest(text)) return { kind: 'digest', value: text };
  if (/^[0-9a-f]{64}$/.test(text)) return { kind: 'news', value: text };
  const complaint = patternComplaint(text, 'image');
  if (complaint !== undefined) throw new PlimsollError('USAGE', `${JSON.stringify(text.slice(0, 200))} ${complaint}`);
  if (/[*?{[]/.test(text)) return { kind: 'image', value: text };
  if (text.startsWith('sha256:')) {
    throw new PlimsollError('USAGE', `${JSON.stringify(text)} is no digest: sha256: and 64 hex digits in lower case`);
  }
  const { registry, repository, tag } = parseReference(text);
  return { kind: 'image', value: formatReference({ registry, repository, ...(tag !== undefined && { tag }) }) };
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
      `--until ${JSON.stringify(text)} is no date; write 2026-12-24, 2026-12-24T08:00:00Z, 7d or now`,
    );
  }
  return time;
}

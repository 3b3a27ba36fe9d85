import { parseUntil, snoozed } from '../../config/snooze-words.ts';
import { PlimsollError } from '../../core/errors.ts';
import { type Digest, shortDigest } from '../../core/image/digest.ts';
import { matchesImage } from '../../core/image/image-glob.ts';
import { parseReference } from '../../core/image/reference.ts';
import { lookKey } from '../../job/state-keys.ts';
import { renderSnoozes } from '../../report/render/fleet-report.ts';
import { referenceOf, silences } from '../../report/say/standing.ts';
import { minuteText } from '../../report/say/times.ts';
import type { Snooze } from '../../state/snoozes.ts';
import type { Store } from '../../state/store.ts';
import { clockFromEnvironment } from '../environment.ts';
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
  // Wrong use is said before a state is looked for.
  const until = parseUntil(end, clockFromEnvironment(process.env).now());
  const { kind, value } = snoozed(text);
  return withState(options, { readOnly: false }, async ({ store, output, clock }) => {
    const now = clock.now();
    await store.snoozes.add([{ kind, value, until }], now);
    await output.result(
      until > now
        ? `${kind} ${value} is silent until ${minuteText(until)}\n`
        : `${kind} ${value} is not silent any more\n`,
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
    await output.result(renderSnoozes(counted, output.layout));
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

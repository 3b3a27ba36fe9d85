import type { Finding } from '../core/finding.ts';
import { shortDigest } from '../core/image/digest.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { isTurnOver, nextTurn } from '../core/time/turns.ts';
import type { Examination } from '../look/examination.ts';
import { type ExaminedPin, type PinDependencies, pinExaminer } from '../look/package-pins.ts';
import type { Examinations } from '../look/shared-examinations.ts';
import type { PlacedPin } from '../sources/placed-pins.ts';
import type { UseGroup } from '../sources/source.ts';
import type { Use } from '../sources/use.ts';
import { noPreviews, previewFile } from '../targets/preview-edits.ts';
import { oldEnough } from '../verdict/age.ts';
import { decide } from '../verdict/decide.ts';
import { decidePin } from '../verdict/decide-pin.ts';
import type { DecidedPin, DecidedUse } from '../verdict/decided.ts';
import type { ExaminedUse } from '../verdict/examined-use.ts';
import { lookWishes, minimumAgeFor, type Policy } from '../verdict/policy.ts';
import { unsetNote } from '../verdict/run-problems.ts';
import { withSignature } from './hold-unsigned.ts';

/** What is decided about uses that belong together. */
export interface DecidedGroup {
  readonly uses: readonly DecidedUse[];
  readonly pins: readonly DecidedPin[];
}

/** What holds for every one of them. */
export interface DecideContext {
  readonly policy: Policy;
  readonly now: number;
  readonly examinations: Examinations;
  readonly deps: PinDependencies;
}

/**
 * Examines every use and pin of a group, and decides what is to be said of each. They are decided together because they
 * can only be edited together: one ARG may supply several of them.
 */
export async function decideGroup(
  { uses, pins: placedPins, file }: UseGroup,
  context: DecideContext,
): Promise<DecidedGroup> {
  const { policy, now } = context;
  const examining = Promise.all(uses.map((use) => examineUse(use, context)));
  // Thousands of groups wait at once, and most have no pins.
  const [examined, pins] =
    placedPins.length === 0 ? [await examining, []] : await Promise.all([examining, examinePins(placedPins, context)]);
  const first = pins.map((pin) => ({ pin, findings: decidePin(pin, policy) }));
  const previews = file ? previewFile(file, examined, first, policy.pin) : noPreviews;
  const decided: DecidedUse[] = [];
  for (const one of examined) {
    if (isTurnOver()) await nextTurn();
    const preview = previews.of(one.examined.use);
    const whole = { ...one.examined, ...preview };
    const isSame = preview.edit === undefined && preview.tagEdit === undefined;
    decided.push(isSame ? one : { examined: whole, findings: noted(decide(whole, policy, now), one.notes) });
  }
  return {
    uses: await Promise.all(decided.map((one) => withSigners(one, context))),
    pins: pins.map((pin) => ({ pin, findings: decidePin(pin, policy, previews.ofPin(pin.placed)) })),
  };
}

function examinePins(
  pins: readonly PlacedPin[],
  { policy, examinations, deps }: DecideContext,
): Promise<readonly ExaminedPin[]> {
  const names = new Set(pins.flatMap(({ pin: { name, version } }) => [name, `${name}-${version}`]));
  const examinePin = pinExaminer(names, deps);
  return Promise.all(
    pins.map(async (placed) => examinePin(placed, await examinations.of(placed.base, lookWishes(placed.base, policy)))),
  );
}

/** What is said before anybody has tried whether it can be edited. */
interface FirstWord extends DecidedUse {
  /** A note for findings that move to a digest. */
  readonly notes: { readonly digest: string; readonly text: string } | undefined;
}

async function examineUse(use: Use, { policy, now, examinations }: DecideContext): Promise<FirstWord> {
  const { reference } = use;
  const wishes = lookWishes(use, policy);
  const examination = await examinations.of(use, wishes);
  const newer = await examinations.newerTag(use, examination, wishes);
  const examined = {
    ...withExamination(use, examination),
    ...(newer.kind !== 'none' && { newer }),
    ...(reference && { seen: examinations.seen(reference) }),
  };
  // The rows of a large image take a while, and many uses may be ready at once.
  if (isTurnOver()) await nextTurn();
  const first = { examined, findings: decide(examined, policy, now), notes: undefined };
  return (await olderInstead(first, policy, now, examinations)) ?? first;
}

/** A digest that is too young gives way to the newest one that is not, so that a tag that moves every night starves nobody. */
async function olderInstead(
  { examined, findings }: FirstWord,
  policy: Policy,
  now: number,
  examinations: Examinations,
): Promise<FirstWord | undefined> {
  const young = findings.find(({ held }) => held?.reason === 'young');
  const { use } = examined;
  const [pinned, latest] = [use.has?.digest, young?.latest?.digest];
  if (young === undefined || pinned === undefined || latest === undefined) return undefined;
  const instead = oldEnough(examined.seen ?? [], { latest, pinned }, minimumAgeFor(young, policy), now);
  if (instead === undefined) return undefined;
  const examination = await examinations.of(use, lookWishes(use, policy), instead);
  const older = {
    ...examined,
    ...withExamination(use, examination),
    ...(examined.examination.lag && { examination: { ...examination, lag: examined.examination.lag } }),
  };
  // It was cleaned away meanwhile: then the young one is waited for.
  const said = decide(older, policy, now);
  if (said.some((finding) => finding.class === 'unknown')) return undefined;
  const notes = { digest: instead, text: `newer than this is ${shortDigest(latest)}: ${young.held?.detail ?? ''}` };
  return { examined: older, findings: noted(said, notes), notes };
}

function noted(findings: readonly Finding[], notes: FirstWord['notes']): readonly Finding[] {
  if (notes === undefined) return findings;
  return findings.map((finding) =>
    finding.latest?.digest === notes.digest ? { ...finding, notes: [...finding.notes, notes.text] } : finding,
  );
}

async function withSigners({ examined, findings }: DecidedUse, context: DecideContext): Promise<DecidedUse> {
  const { pinned, resolution } = examined.examination;
  const index = pinned === 'manifest' && resolution.kind === 'moved' ? resolution.after : undefined;
  const { policy, examinations } = context;
  const signed = await Promise.all(
    findings.map((finding) =>
      withSignature(finding, policy, examinations.signatures, finding.class === 'newer-tag' ? undefined : index),
    ),
  );
  const [signature] = signed.flatMap(({ unanswered }) => unanswered ?? []);
  return {
    examined: { ...examined, ...(signature && { signature }) },
    findings: signed.map(({ finding }) => withUnset(finding, examined.use)),
  };
}

function withUnset(finding: Finding, use: Use): Finding {
  const notes = [unsetNote(use), use.note].filter((one) => one !== undefined);
  return notes.length === 0 ? finding : { ...finding, notes: [...finding.notes, ...notes] };
}

function withExamination(use: Use, examination: Examination): ExaminedUse {
  return { use, platforms: use.platforms.map(formatPlatform), examination };
}

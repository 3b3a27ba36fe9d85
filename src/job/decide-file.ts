import type { Finding } from '../core/finding.ts';
import { shortDigest } from '../core/image/digest.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { isTurnOver, nextTurn } from '../core/time/turns.ts';
import type { Document } from '../formats/format.ts';
import type { Examination } from '../look/examination.ts';
import { type PinDependencies, pinExaminer } from '../look/package-pins.ts';
import type { Examinations } from '../look/shared-examinations.ts';
import type { PlacedPin } from '../sources/placed-pins.ts';
import type { PlacedUse } from '../sources/placed-uses.ts';
import { previewFile } from '../targets/preview-edits.ts';
import { oldEnough } from '../verdict/age.ts';
import { decide } from '../verdict/decide.ts';
import { decidePin } from '../verdict/decide-pin.ts';
import type { DecidedPin, DecidedUse } from '../verdict/decided.ts';
import type { ExaminedUse } from '../verdict/examined-use.ts';
import { lookWishes, minimumAgeFor, type Policy } from '../verdict/policy.ts';
import { unsetNote } from '../verdict/run-problems.ts';
import { withSignature } from './hold-unsigned.ts';

/** What is decided about one file. */
export interface DecidedFile {
  readonly uses: readonly DecidedUse[];
  readonly pins: readonly DecidedPin[];
}

/** What holds for every use of a file. */
export interface DecideContext {
  readonly policy: Policy;
  readonly now: number;
  readonly examinations: Examinations;
  readonly deps: PinDependencies;
}

/**
 * Examines every use and pin of one file, and decides what is to be said of each. They are decided together because they
 * can only be edited together: one ARG may supply several of them.
 */
export async function decideFile(
  placedUses: readonly PlacedUse[],
  placedPins: readonly PlacedPin[],
  document: Document,
  context: DecideContext,
): Promise<DecidedFile> {
  const names = new Set(placedPins.flatMap(({ found }) => [found.name, `${found.name}-${found.version}`]));
  const { policy, now, examinations, deps } = context;
  const examinePin = pinExaminer(names, deps);
  const [examined, pins] = await Promise.all([
    Promise.all(placedUses.map((placed) => examineUse(placed, context))),
    Promise.all(
      placedPins.map(async (placed) =>
        examinePin(placed, await examinations.of(placed.base, lookWishes(placed.base, policy))),
      ),
    ),
  ]);
  const [watched] = [...placedUses, ...placedPins].map((placed) => placed.watched);
  if (watched === undefined) return { uses: [], pins: [] };
  const previews = previewFile(
    document,
    watched,
    examined,
    pins.map((pin) => ({ pin, findings: decidePin(pin, policy) })),
    policy.pin,
  );
  const decided: DecidedUse[] = [];
  for (const one of examined) {
    if (isTurnOver()) await nextTurn();
    const { placed, use, notes } = one;
    const preview = previews.of(placed);
    const whole = { ...use, ...preview };
    const isSame = preview.edit === undefined && preview.tagEdit === undefined;
    decided.push(isSame ? one : { placed, use: whole, findings: noted(decide(whole, policy, now), notes) });
  }
  return {
    uses: await Promise.all(decided.map((one) => withSigners(one, context))),
    pins: pins.map((pin) => ({ pin, findings: decidePin(pin, policy, previews.ofPin(pin.placed)) })),
  };
}

interface ExaminedPlace {
  readonly placed: PlacedUse;
  readonly use: ExaminedUse;
  /** What is said before anybody has tried whether it can be edited. */
  readonly findings: readonly Finding[];
  /** A note for findings that move to a digest. */
  readonly notes: { readonly digest: string; readonly text: string } | undefined;
}

async function examineUse(placed: PlacedUse, { policy, now, examinations }: DecideContext): Promise<ExaminedPlace> {
  const { reference } = placed.use;
  const wishes = lookWishes(placed, policy);
  const examination = await examinations.of(placed, wishes);
  const newer = reference && (await examinations.newerTag(placed, examination, wishes));
  const use = {
    ...withExamination(placed, examination),
    ...(newer && newer.kind !== 'none' && { newer }),
    ...(reference && { seen: examinations.seen(reference) }),
  };
  // The rows of a large image take a while, and many uses may be ready at once.
  if (isTurnOver()) await nextTurn();
  const findings = decide(use, policy, now);
  const older = await olderInstead({ placed, use, findings, notes: undefined }, policy, now, examinations);
  return older ?? { placed, use, findings, notes: undefined };
}

/** A digest that is too young gives way to the newest one that is not, so that a tag that moves every night starves nobody. */
async function olderInstead(
  { placed, use, findings }: ExaminedPlace,
  policy: Policy,
  now: number,
  examinations: Examinations,
): Promise<ExaminedPlace | undefined> {
  const young = findings.find(({ held }) => held?.reason === 'young');
  const [pinned, latest] = [placed.use.reference?.digest, young?.latest?.digest];
  if (young === undefined || pinned === undefined || latest === undefined) return undefined;
  const instead = oldEnough(use.seen ?? [], { latest, pinned }, minimumAgeFor(young, policy), now);
  if (instead === undefined) return undefined;
  const examination = await examinations.of(placed, lookWishes(placed, policy), instead);
  const older = {
    ...use,
    ...withExamination(placed, examination),
    ...(use.examination.lag && { examination: { ...examination, lag: use.examination.lag } }),
  };
  // It was cleaned away meanwhile: then the young one is waited for.
  const said = decide(older, policy, now);
  if (said.some((finding) => finding.class === 'unknown')) return undefined;
  const notes = { digest: instead, text: `newer than this is ${shortDigest(latest)}: ${young.held?.detail ?? ''}` };
  return { placed, use: older, findings: noted(said, notes), notes };
}

function noted(findings: readonly Finding[], notes: ExaminedPlace['notes']): readonly Finding[] {
  if (notes === undefined) return findings;
  return findings.map((finding) =>
    finding.latest?.digest === notes.digest ? { ...finding, notes: [...finding.notes, notes.text] } : finding,
  );
}

async function withSigners({ placed, use, findings }: DecidedUse, context: DecideContext): Promise<DecidedUse> {
  const { pinned, resolution } = use.examination;
  const index = pinned === 'manifest' && resolution.kind === 'moved' ? resolution.after : undefined;
  const { policy, examinations } = context;
  const signed = await Promise.all(
    findings.map((finding) =>
      withSignature(finding, policy, examinations.signatures, finding.class === 'newer-tag' ? undefined : index),
    ),
  );
  const [signature] = signed.flatMap(({ unanswered }) => unanswered ?? []);
  return {
    placed,
    use: { ...use, ...(signature && { signature }) },
    findings: signed.map(({ finding }) => withUnset(finding, placed)),
  };
}

function withUnset(finding: Finding, { use }: PlacedUse): Finding {
  const note = unsetNote(use);
  return note === undefined ? finding : { ...finding, notes: [...finding.notes, note] };
}

function withExamination(placed: PlacedUse, examination: Examination): ExaminedUse {
  return { ...placed, platforms: placed.platforms.map(formatPlatform), examination };
}

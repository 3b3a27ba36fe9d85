import { shortDigest } from '../core/digest.ts';
import type { Finding } from '../core/finding.ts';
import { formatPlatform } from '../core/platform.ts';
import type { WantedEdit } from '../formats/format.ts';
import { oldEnough } from './age.ts';
import { decide, type EditPreview, type ExaminedUse } from './decide.ts';
import type { WatchedFile } from './discover.ts';
import type { Examination } from './examination.ts';
import type { Examinations } from './examinations.ts';
import type { NewerTag } from './newer-tag.ts';
import type { PlacedUse } from './parse.ts';
import { minimumAgeFor, type Policy } from './policy.ts';
import { withSignature } from './signature.ts';

/** One use with everything said about it. */
export interface DecidedUse {
  readonly placed: PlacedUse;
  readonly use: ExaminedUse;
  readonly findings: readonly Finding[];
}

/** Examines one use, and decides what is to be said of it. */
export async function decideUse(
  placed: PlacedUse,
  policy: Policy,
  now: number,
  examinations: Examinations,
): Promise<DecidedUse> {
  const { reference } = placed.use;
  const examination = await examinations.of(placed, policy);
  const newer = reference && (await examinations.newerTag(placed, examination, policy));
  const more = {
    ...(newer && newer.kind !== 'none' && { newer, ...tagPreviewOf(placed, newer) }),
    ...(reference && { seen: examinations.seen(reference) }),
  };
  const use = { ...withExamination(placed, examination, policy.pin), ...more };
  const findings = decide(use, policy, now);
  const decided = (await olderInstead(placed, use, findings, policy, now, examinations)) ?? { placed, use, findings };
  const { pinned, resolution } = decided.use.examination;
  const index = pinned === 'manifest' && resolution.kind === 'moved' ? resolution.after : undefined;
  const signed = await Promise.all(
    decided.findings.map((finding) =>
      withSignature(finding, policy, examinations.signatures, finding.class === 'newer-tag' ? undefined : index),
    ),
  );
  const [signature] = signed.flatMap(({ unanswered }) => unanswered ?? []);
  return {
    placed,
    use: { ...decided.use, ...(signature && { signature }) },
    findings: signed.map(({ finding }) => finding),
  };
}

/** A digest that is too young gives way to the newest one that is not, so that a tag that moves every night starves nobody. */
async function olderInstead(
  placed: PlacedUse,
  use: ExaminedUse,
  findings: readonly Finding[],
  policy: Policy,
  now: number,
  examinations: Examinations,
): Promise<DecidedUse | undefined> {
  const young = findings.find(({ held }) => held?.reason === 'young');
  const [pinned, latest] = [placed.use.reference?.digest, young?.latest?.digest];
  if (young === undefined || pinned === undefined || latest === undefined) return undefined;
  const instead = oldEnough(use.seen ?? [], { latest, pinned }, minimumAgeFor(young, policy), now);
  if (instead === undefined) return undefined;
  const examination = await examinations.of(placed, policy, instead);
  const older = {
    ...use,
    ...withExamination(placed, examination, policy.pin),
    ...(use.examination.lag && { examination: { ...examination, lag: use.examination.lag } }),
  };
  const decided = decide(older, policy, now);
  // It was cleaned away meanwhile: then the young one is waited for.
  if (decided.some((finding) => finding.class === 'unknown')) return undefined;
  const note = `newer than this is ${shortDigest(latest)}: ${young.held?.detail ?? ''}`;
  return {
    placed,
    use: older,
    findings: decided.map((finding) =>
      finding.latest?.digest === instead ? { ...finding, notes: [...finding.notes, note] } : finding,
    ),
  };
}

function tagPreviewOf({ found, watched }: PlacedUse, newer: NewerTag): { tagEdit?: EditPreview } {
  if (newer.kind !== 'found') return {};
  const digest = found.reference?.digest === undefined ? {} : { digest: newer.digest };
  return { tagEdit: previewOfEdit(watched, { use: found, tag: newer.tag, ...digest }) };
}

function withExamination(placed: PlacedUse, examination: Examination, pin: boolean): ExaminedUse {
  return {
    ...placed,
    platforms: placed.platforms.map(formatPlatform),
    examination,
    ...previewOf(placed, examination, pin),
  };
}

/** What an edit would do, for uses that have a digest or shall get one. */
function previewOf(
  { found, watched }: PlacedUse,
  { target }: Examination,
  pin: boolean,
): { edit: EditPreview } | Record<string, never> {
  if (target === undefined || (found.reference?.digest === undefined && !pin)) return {};
  return { edit: previewOfEdit(watched, { use: found, digest: target }) };
}

function previewOfEdit(watched: WatchedFile, wanted: WantedEdit): EditPreview {
  const result = watched.format.edit(watched.text, [wanted]);
  const [done] = result.done;
  if (done) {
    const edits = done.edits.map((edit) => ({ file: watched.file, ...edit }));
    return { kind: 'possible', written: done.written, edits };
  }
  return { kind: 'refused', reason: result.refused[0]?.reason ?? 'the place could not be found again' };
}

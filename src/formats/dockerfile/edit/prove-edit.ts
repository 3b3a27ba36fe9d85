import { isDeepStrictEqual } from 'node:util';
import { formatReference } from '../../../core/image/reference.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { PackagePin } from '../../../core/parsed-file.ts';
import type { Replacement, Wish } from '../../text/replacement.ts';
import { type Analysis, analyse } from '../analyse.ts';

/** A place that an edit serves: a use or a pin, by its index in the analysis. */
export type Target = `use ${number}` | `pin ${number}`;

/** Replacements that belong together, the places they serve, and changes that serve them without touching an ARG. */
export interface Change {
  readonly replacements: readonly Replacement[];
  readonly serves: readonly Target[];
  readonly otherwise: readonly Change[];
}

/** What the places must say afterwards. */
export interface Wishes {
  readonly uses: ReadonlyMap<number, Wish>;
  readonly versions: ReadonlyMap<number, string>;
}

/** The same text for the same characters. */
export function isSame(a: Replacement, b: Replacement): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.text === b.text;
}

/** Changes that hold together, the text with them, and what it reads like. */
export interface Proof {
  readonly changes: readonly Change[];
  readonly text: string;
  readonly after: Analysis;
}

/** All changes when they hold together; else those that hold on top of the ones before them. */
export function provenChanges(text: string, before: Analysis, changes: readonly Change[], wishes: Wishes): Proof {
  let kept: Proof = { changes: [], text, after: before };
  if (changes.length === 0) return kept;
  const together = prove(text, before, changes, wishes);
  if (together !== undefined) return together;
  const trials = Math.min(limits.file.trials.most, Math.ceil(limits.file.trialText.most / text.length));
  for (const change of changes.slice(0, trials)) {
    for (const way of change.otherwise.length > 0 ? [[change], change.otherwise] : [[change]]) {
      const proof = prove(text, before, [...kept.changes, ...way], wishes);
      if (proof === undefined) continue;
      kept = proof;
      break;
    }
  }
  return kept;
}

/** Does the changed text name what is wanted where it is wanted, and the same as before everywhere else? */
function prove(
  text: string,
  before: Analysis,
  changes: readonly Change[],
  { uses, versions }: Wishes,
): Proof | undefined {
  const changed = apply(text, changes);
  const after = analyse(changed, before.given);
  const served = new Set(changes.flatMap(({ serves }) => serves));
  if (after.uses.length !== before.uses.length) return undefined;
  if (codes(after) !== codes(before) || after.pins.length !== before.pins.length) return undefined;
  const pinsHold = before.pins.every(({ pin: old }, index) => {
    const version = served.has(`pin ${index}`) ? versions.get(index) : old.version;
    const now = after.pins[index]?.pin;
    return now && samePin(now, { ...old, ...(version !== undefined && { version }) });
  });
  if (!pinsHold) return undefined;
  const holds = before.uses.every(({ use: old }, index) => {
    const now = after.uses[index]?.use;
    const same = now && now.kind === old.kind && now.stage === old.stage && now.final === old.final;
    if (!same || now.platform !== old.platform || now.line !== old.line || now.skipped !== old.skipped) return false;
    if (!now.reference || !old.reference) return now.written === old.written;
    const expected = { ...old.reference, ...(served.has(`use ${index}`) && uses.get(index)) };
    return formatReference(now.reference) === formatReference(expected);
  });
  return holds ? { changes, text: changed, after } : undefined;
}

function codes({ problems }: Analysis): string {
  return problems.map(({ code, subject }) => `${code} ${subject}`).join('\n');
}

/** The same but for the column, which an edit before it moves. */
function samePin({ column: _, ...a }: PackagePin, { column: __, ...b }: PackagePin): boolean {
  return isDeepStrictEqual(a, b);
}

/** The ranges of the changes do not overlap. */
function apply(text: string, changes: readonly Change[]): string {
  let result = '';
  let at = 0;
  const replacements = changes.flatMap((change) => change.replacements);
  const sorted = replacements.toSorted((a, b) => a.range.start - b.range.start);
  for (const [index, replacement] of sorted.entries()) {
    const before = sorted[index - 1];
    // Two changes may share a place, where they agree.
    if (before && isSame(before, replacement)) continue;
    result += text.slice(at, replacement.range.start) + replacement.text;
    at = replacement.range.end;
  }
  return result + text.slice(at);
}

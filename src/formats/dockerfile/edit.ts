import type { Digest } from '../../core/digest.ts';
import { formatReference } from '../../core/reference.ts';
import type { ImageUse } from '../../core/use.ts';
import type { AppliedEdit, EditRefusal, EditResult, WantedEdit } from '../format.ts';
import { type Analysis, analyse } from './analyse.ts';
import { positions } from './lines.ts';
import { planner, type Replacement } from './plan.ts';

/** One replacement, the indexes of the uses it serves, and changes that serve them without touching an ARG. */
interface Change {
  readonly replacement: Replacement;
  readonly uses: readonly number[];
  readonly otherwise: readonly Change[];
}

/** When the changes of a file cannot be proven together, so many are tried one by one, fewer in a huge file. */
const mostTrials = 50;
const mostTrialCharacters = 10_000_000;

/**
 * Gives uses the digests they are wanted to have. Nothing counts unproven: the changed text is read again, and exactly
 * the wanted uses must name exactly the wanted references. What cannot be done is refused, and blocks nothing else.
 */
export function edit(text: string, wanted: readonly WantedEdit[]): EditResult {
  const before = analyse(text);
  const indexes = indexOfUses(before);
  const refusals = new Map<WantedEdit, string>();
  const digests = new Map<number, Digest>();
  const targets = new Map<WantedEdit, number>();
  for (const one of wanted) {
    const index = indexes.get(keyOf(one.use));
    if (index === undefined) refusals.set(one, 'the file has no such image at this place');
    else if ((digests.get(index) ?? one.digest) !== one.digest)
      refusals.set(one, 'two digests are wanted for one image');
    else {
      digests.set(index, one.digest);
      targets.set(one, index);
    }
  }
  const changes = planChanges(text, before, targets, digests, refusals);
  const { changes: proven, after } = provenChanges(text, before, changes, digests);
  const changeOf = new Map(proven.flatMap((change) => change.uses.map((index) => [index, change] as const)));
  const changed = apply(text, proven);
  const lines = changedLines(text, changed);

  const done: { use: ImageUse; written: string; edits: readonly AppliedEdit[] }[] = [];
  const refused: EditRefusal[] = [];
  for (const one of wanted) {
    const index = targets.get(one);
    const change = index === undefined ? undefined : changeOf.get(index);
    if (index !== undefined && change !== undefined) {
      const written = after.uses[index]?.use.written ?? one.use.written;
      done.push({ use: one.use, written, edits: lines(change.replacement) });
    } else {
      const reason =
        refusals.get(one) ?? 'the edit would change more than this image; write its reference in one piece';
      refused.push({ use: one.use, reason });
    }
  }
  return { text: changed, done, refused };
}

/** Uses that need the very same replacement share it; different ones for the same characters are refused. */
function planChanges(
  text: string,
  before: Analysis,
  targets: ReadonlyMap<WantedEdit, number>,
  digests: ReadonlyMap<number, Digest>,
  refusals: Map<WantedEdit, string>,
): readonly Change[] {
  const { plan } = planner(text, before, digests);
  const changes = new Map<string, { replacement: Replacement; uses: number[]; otherwise: Change[] }>();
  for (const [one, index] of targets) {
    const planned = plan(index);
    if (planned.kind === 'refuse') {
      refusals.set(one, planned.reason);
      continue;
    }
    const { replacement, otherwise } = planned;
    const key = `${replacement.range.start} ${replacement.range.end} ${replacement.text}`;
    const change = changes.get(key) ?? { replacement, uses: [], otherwise: [] };
    changes.set(key, change);
    change.uses.push(index);
    if (otherwise !== undefined) change.otherwise.push({ replacement: otherwise, uses: [index], otherwise: [] });
  }
  return withoutOverlaps([...changes.values()]);
}

function withoutOverlaps(changes: readonly Change[]): readonly Change[] {
  const sorted = changes.toSorted((a, b) => a.replacement.range.start - b.replacement.range.start);
  return sorted.filter(({ replacement: { range } }, index) => {
    const before = sorted[index - 1]?.replacement.range;
    const behind = sorted[index + 1]?.replacement.range;
    const meets = (other: typeof before): boolean =>
      other !== undefined && (other.start === range.start || (other.start < range.end && range.start < other.end));
    return !meets(before) && !meets(behind);
  });
}

/** Changes that hold together, and what the file reads like with them. */
interface Proof {
  readonly changes: readonly Change[];
  readonly after: Analysis;
}

/** All changes when they hold together; else those that hold on top of the ones before them. */
function provenChanges(
  text: string,
  before: Analysis,
  changes: readonly Change[],
  digests: ReadonlyMap<number, Digest>,
): Proof {
  let kept: Proof = { changes: [], after: before };
  if (changes.length === 0) return kept;
  const together = prove(text, before, changes, digests);
  if (together !== undefined) return together;
  const trials = Math.min(mostTrials, Math.ceil(mostTrialCharacters / text.length));
  for (const change of changes.slice(0, trials)) {
    for (const way of change.otherwise.length > 0 ? [[change], change.otherwise] : [[change]]) {
      const proof = prove(text, before, [...kept.changes, ...way], digests);
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
  digests: ReadonlyMap<number, Digest>,
): Proof | undefined {
  const after = analyse(apply(text, changes));
  const served = new Set(changes.flatMap(({ uses }) => uses));
  if (after.uses.length !== before.uses.length) return undefined;
  if (codes(after) !== codes(before) || pins(after) !== pins(before)) return undefined;
  const holds = before.uses.every(({ use: old }, index) => {
    const now = after.uses[index]?.use;
    const same = now && now.kind === old.kind && now.stage === old.stage && now.final === old.final;
    if (!same || now.platform !== old.platform || now.line !== old.line || now.skipped !== old.skipped) return false;
    if (!now.reference || !old.reference) return now.written === old.written;
    const digest = served.has(index) ? digests.get(index) : old.reference.digest;
    const expected = digest === undefined ? old.reference : { ...old.reference, digest };
    return formatReference(now.reference) === formatReference(expected);
  });
  return holds ? { changes, after } : undefined;
}

function codes({ problems }: Analysis): string {
  return problems.map(({ code, subject }) => `${code} ${subject}`).join('\n');
}

function pins(analysis: Analysis): string {
  return JSON.stringify(analysis.pins.map(({ column: _, ...pin }) => pin));
}

/** The ranges of the changes do not overlap. */
function apply(text: string, changes: readonly Change[]): string {
  let result = '';
  let at = 0;
  for (const { replacement } of changes.toSorted((a, b) => a.replacement.range.start - b.replacement.range.start)) {
    result += text.slice(at, replacement.range.start) + replacement.text;
    at = replacement.range.end;
  }
  return result + text.slice(at);
}

/** The line a replacement stands in, before and after; none when it changes nothing. An edit never adds a line. */
function changedLines(before: string, after: string): (replacement: Replacement) => readonly AppliedEdit[] {
  const position = positions(before);
  const [old, now] = [before.split(/\r*\n/), after.split(/\r*\n/)];
  return ({ range }) => {
    const { line } = position(range.start);
    const edit = { line, before: old[line - 1] ?? '', after: now[line - 1] ?? '' };
    return edit.before === edit.after ? [] : [edit];
  };
}

function indexOfUses({ uses }: Analysis): ReadonlyMap<string, number> {
  return new Map(uses.map(({ use }, index) => [keyOf(use), index]));
}

function keyOf({ kind, line, column, written }: ImageUse): string {
  return `${line}:${column} ${kind} ${written}`;
}

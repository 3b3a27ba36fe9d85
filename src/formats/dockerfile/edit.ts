import { isDeepStrictEqual } from 'node:util';
import { formatReference } from '../../core/reference.ts';
import type { ImageUse, PackagePin } from '../../core/use.ts';
import type { AppliedEdit, EditRefusal, EditResult, WantedEdit, WantedVersion } from '../format.ts';
import { type Analysis, analyse } from './analyse.ts';
import { analysisOf } from './known-analyses.ts';
import { positions } from './lines.ts';
import { planner, type Replacement, type Wish } from './plan.ts';

/** A place that an edit serves: a use or a pin, by its index in the analysis. */
type Target = `use ${number}` | `pin ${number}`;

/** Replacements that belong together, the places they serve, and changes that serve them without touching an ARG. */
interface Change {
  readonly replacements: readonly Replacement[];
  readonly serves: readonly Target[];
  readonly otherwise: readonly Change[];
}

/** What the places must say afterwards. */
interface Wishes {
  readonly uses: ReadonlyMap<number, Wish>;
  readonly versions: ReadonlyMap<number, string>;
}

/** When the changes of a file cannot be proven together, so many are tried one by one, fewer in a huge file. */
const mostTrials = 50;
const mostTrialCharacters = 10_000_000;
const unproven = 'the edit would change more than this';

/**
 * Gives uses the digests, and pins the versions, they are wanted to have. Nothing counts unproven: the changed text is
 * read again, and exactly the wanted places must say exactly what is wanted. What cannot be done is refused, and blocks
 * nothing else.
 */
export function edit(
  text: string,
  wanted: readonly WantedEdit[],
  wantedVersions: readonly WantedVersion[] = [],
): EditResult {
  const before = analysisOf(text);
  const refusals = new Map<WantedEdit | WantedVersion, string>();
  const uses = targetsOf(
    wanted,
    indexOf(before.uses, ({ use }) => keyOf(use)),
    {
      key: ({ use }) => keyOf(use),
      wish: ({ digest, tag }): Wish => ({ ...(digest && { digest }), ...(tag !== undefined && { tag }) }),
      missing: 'the file has no such image at this place',
      twice: 'two digests are wanted for one image',
      refusals,
    },
  );
  const pins = targetsOf(
    wantedVersions,
    indexOf(before.pins, ({ pin }) => keyOfPin(pin)),
    {
      key: ({ pin }) => keyOfPin(pin),
      wish: ({ version }) => version,
      missing: 'the file has no such package at this place',
      twice: 'two versions are wanted for one package',
      refusals,
    },
  );
  const wishes: Wishes = { uses: uses.wishes, versions: pins.wishes };
  const changes = withoutOverlaps([
    ...planUses(text, before, uses.targets, wishes.uses, refusals),
    ...planVersions(before, pins.targets, refusals),
  ]);
  const { changes: proven, after } = provenChanges(text, before, changes, wishes);
  const changeOf = new Map(proven.flatMap((change) => change.serves.map((target) => [target, change] as const)));
  const changed = apply(text, proven);
  const lines = changedLines(text, changed);

  const done: { use: ImageUse; written: string; edits: readonly AppliedEdit[] }[] = [];
  const refused: EditRefusal[] = [];
  for (const one of wanted) {
    const index = uses.targets.get(one);
    const change = index === undefined ? undefined : changeOf.get(`use ${index}`);
    if (index !== undefined && change !== undefined) {
      const written = after.uses[index]?.use.written ?? one.use.written;
      done.push({ use: one.use, written, edits: lines(change.replacements) });
    } else {
      const reason = refusals.get(one) ?? `${unproven} image; write its reference in one piece`;
      refused.push({ use: one.use, reason });
    }
  }
  return {
    text: changed,
    done,
    refused,
    versions: versionsDone(wantedVersions, pins.targets, changeOf, refusals, lines),
  };
}

function versionsDone(
  wanted: readonly WantedVersion[],
  targets: ReadonlyMap<WantedVersion, number>,
  changeOf: ReadonlyMap<Target, Change>,
  refusals: ReadonlyMap<WantedEdit | WantedVersion, string>,
  lines: (replacements: readonly Replacement[]) => readonly AppliedEdit[],
): EditResult['versions'] {
  const changes = wanted.map((one) => ({ one, change: changeOf.get(`pin ${targets.get(one) ?? -1}`) }));
  return {
    done: changes.flatMap(({ one, change }) =>
      change === undefined ? [] : [{ pin: one.pin, edits: lines(change.replacements) }],
    ),
    refused: changes.flatMap(({ one, change }) => {
      if (change !== undefined) return [];
      const reason = refusals.get(one) ?? `${unproven} package; give it a variable of its own`;
      return [{ pin: one.pin, reason }];
    }),
  };
}

interface Wished<T extends WantedEdit | WantedVersion, W> {
  readonly key: (one: T) => string;
  readonly wish: (one: T) => W;
  readonly missing: string;
  readonly twice: string;
  readonly refusals: Map<WantedEdit | WantedVersion, string>;
}

/** Where each wish is to come true, by index. */
function targetsOf<T extends WantedEdit | WantedVersion, W>(
  wanted: readonly T[],
  indexes: ReadonlyMap<string, number>,
  { key, wish, missing, twice, refusals }: Wished<T, W>,
): { readonly targets: ReadonlyMap<T, number>; readonly wishes: ReadonlyMap<number, W> } {
  const targets = new Map<T, number>();
  const wishes = new Map<number, W>();
  for (const one of wanted) {
    const index = indexes.get(key(one));
    if (index === undefined) refusals.set(one, missing);
    else if (!isDeepStrictEqual(wishes.get(index) ?? wish(one), wish(one))) refusals.set(one, twice);
    else {
      wishes.set(index, wish(one));
      targets.set(one, index);
    }
  }
  return { targets, wishes };
}

/** Uses that need the very same replacement share it; different ones for the same characters are refused. */
function planUses(
  text: string,
  before: Analysis,
  targets: ReadonlyMap<WantedEdit, number>,
  wishes: ReadonlyMap<number, Wish>,
  refusals: Map<WantedEdit | WantedVersion, string>,
): readonly Change[] {
  const { plan } = planner(text, before, wishes);
  const changes = new Map<string, Shared>();
  for (const [one, index] of targets) {
    const planned = plan(index);
    if (planned.kind === 'refuse') {
      refusals.set(one, planned.reason);
      continue;
    }
    const { replacements, otherwise } = planned;
    const change = shared(changes, replacements);
    change.serves.push(`use ${index}`);
    if (otherwise !== undefined) {
      change.otherwise.push({
        replacements: [...replacements.slice(0, -1), otherwise],
        serves: [`use ${index}`],
        otherwise: [],
      });
    }
  }
  return [...changes.values()];
}

/** A version goes where it stands: in the word, or in the ARG or ENV that supplies it to all that want the same. */
function planVersions(
  before: Analysis,
  targets: ReadonlyMap<WantedVersion, number>,
  refusals: Map<WantedEdit | WantedVersion, string>,
): readonly Change[] {
  const changes = new Map<string, Shared>();
  for (const [one, index] of targets) {
    const range = before.pins[index]?.versionAt;
    if (range === undefined) {
      refusals.set(one, `the version of ${one.pin.name} is put together from parts; write it in one piece`);
      continue;
    }
    shared(changes, [{ range, text: one.version }]).serves.push(`pin ${index}`);
  }
  return [...changes.values()];
}

interface Shared extends Change {
  readonly serves: Target[];
  readonly otherwise: Change[];
}

function shared(changes: Map<string, Shared>, replacements: readonly Replacement[]): Shared {
  const key = replacements.map(({ range, text }) => `${range.start} ${range.end} ${text}`).join('\n');
  const change = changes.get(key) ?? { replacements, serves: [], otherwise: [] };
  changes.set(key, change);
  return change;
}

/** Changes that want the same characters otherwise are all left out; an ARG that two of them replace alike is one place. */
function withoutOverlaps(changes: readonly Change[]): readonly Change[] {
  const all = changes.flatMap((change) => change.replacements.map((replacement) => ({ change, replacement })));
  const sorted = all.toSorted((a, b) => a.replacement.range.start - b.replacement.range.start);
  const clashing = new Set<Change>();
  for (const [index, { change, replacement }] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === undefined || isSame(replacement, next.replacement)) continue;
    const [a, b] = [replacement.range, next.replacement.range];
    if (b.start === a.start || b.start < a.end) {
      clashing.add(change);
      clashing.add(next.change);
    }
  }
  return changes.filter((change) => !clashing.has(change));
}

function isSame(a: Replacement, b: Replacement): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.text === b.text;
}

/** Changes that hold together, and what the file reads like with them. */
interface Proof {
  readonly changes: readonly Change[];
  readonly after: Analysis;
}

/** All changes when they hold together; else those that hold on top of the ones before them. */
function provenChanges(text: string, before: Analysis, changes: readonly Change[], wishes: Wishes): Proof {
  let kept: Proof = { changes: [], after: before };
  if (changes.length === 0) return kept;
  const together = prove(text, before, changes, wishes);
  if (together !== undefined) return together;
  const trials = Math.min(mostTrials, Math.ceil(mostTrialCharacters / text.length));
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
  const after = analyse(apply(text, changes));
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
  return holds ? { changes, after } : undefined;
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

/** The lines that replacements stand in, before and after; none where nothing changes. An edit never adds a line. */
function changedLines(before: string, after: string): (replacements: readonly Replacement[]) => readonly AppliedEdit[] {
  const position = positions(before);
  const [old, now] = [before.split(/\r*\n/), after.split(/\r*\n/)];
  return (replacements) => {
    const lines = [...new Set(replacements.map(({ range }) => position(range.start).line))];
    return lines
      .map((line) => ({ line, before: old[line - 1] ?? '', after: now[line - 1] ?? '' }))
      .filter((edit) => edit.before !== edit.after);
  };
}

function indexOf<T>(all: readonly T[], key: (one: T) => string): ReadonlyMap<string, number> {
  return new Map(all.map((one, index) => [key(one), index]));
}

function keyOfPin({ manager, name, line, column }: PackagePin): string {
  return `${line}:${column} ${manager} ${name}`;
}

function keyOf({ kind, line, column, written }: ImageUse): string {
  return `${line}:${column} ${kind} ${written}`;
}

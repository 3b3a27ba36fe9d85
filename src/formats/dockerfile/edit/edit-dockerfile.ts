/*
 * src/formats/dockerfile/edit/
 *
 * Edits of a Dockerfile: which bytes must change (edit-plan.ts), changed, read again, and believed only when nothing
 * but the wanted uses and pins reads otherwise (prove-edit.ts); else refused, with what the author could write instead.
 * Begin here: everything wanted of a file is tried as one edit.
 */

import { isDeepStrictEqual } from 'node:util';
import { limits } from '../../../core/limits/limits.ts';
import type { PackagePin } from '../../../core/parsed-file.ts';
import type { AppliedEdit, EditRefusal, EditResult, UseAt, WantedEdit, WantedVersion } from '../../format.ts';
import { positions } from '../../text/lines.ts';
import type { Replacement, Wish } from '../../text/replacement.ts';
import type { Analysis } from '../analyse.ts';
import { planner } from './edit-plan.ts';
import { type Change, isSame, provenChanges, type Target, type Wishes } from './prove-edit.ts';

const unproven = 'the edit would change more than this';

/**
 * Gives uses the digests, and pins the versions, they are wanted to have. Nothing counts unproven: the changed text is
 * read again, and exactly the wanted places must say exactly what is wanted. What cannot be done is refused, and blocks
 * nothing else.
 */
export function edit(
  text: string,
  before: Analysis,
  wanted: readonly WantedEdit[],
  wantedVersions: readonly WantedVersion[],
): EditResult {
  const refusals = new Map<WantedEdit | WantedVersion, string>();
  const unprovenReasons = new Map<WantedEdit, string>();
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
    ...planUses(text, before, uses.targets, wishes.uses, refusals, unprovenReasons),
    ...planVersions(before, pins.targets, refusals),
  ]);
  const { changes: proven, text: changed, after } = provenChanges(text, before, changes, wishes);
  const changeOf = new Map(proven.flatMap((change) => change.serves.map((target) => [target, change] as const)));
  const lines = changedLines(text, changed);
  const groupOf = groupsOf(proven);

  const done: { use: UseAt; written: string; edits: readonly AppliedEdit[]; group?: number }[] = [];
  const refused: EditRefusal[] = [];
  for (const one of wanted) {
    const index = uses.targets.get(one);
    const change = index === undefined ? undefined : changeOf.get(`use ${index}`);
    if (index !== undefined && change !== undefined) {
      const written = after.uses[index]?.use.written ?? one.use.written;
      done.push({ use: one.use, written: detached(written), edits: lines(change.replacements), ...groupOf(change) });
    } else {
      const reason =
        refusals.get(one) ?? unprovenReasons.get(one) ?? `${unproven} image; write its reference in one piece`;
      refused.push({ use: one.use, reason });
    }
  }
  return {
    text: changed,
    done,
    refused,
    versions: versionsDone(wantedVersions, pins.targets, changeOf, refusals, { lines, groupOf }),
  };
}

function versionsDone(
  wanted: readonly WantedVersion[],
  targets: ReadonlyMap<WantedVersion, number>,
  changeOf: ReadonlyMap<Target, Change>,
  refusals: ReadonlyMap<WantedEdit | WantedVersion, string>,
  {
    lines,
    groupOf,
  }: {
    readonly lines: (replacements: readonly Replacement[]) => readonly AppliedEdit[];
    readonly groupOf: (change: Change) => { readonly group?: number };
  },
): EditResult['versions'] {
  const changes = wanted.map((one) => ({ one, change: changeOf.get(`pin ${targets.get(one) ?? -1}`) }));
  return {
    done: changes.flatMap(({ one, change }) =>
      change === undefined ? [] : [{ pin: one.pin, edits: lines(change.replacements), ...groupOf(change) }],
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
    const other = index === undefined ? undefined : wishes.get(index);
    if (index === undefined) refusals.set(one, missing);
    else if (other !== undefined && !isDeepStrictEqual(other, wish(one))) refusals.set(one, twice);
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
  unprovenReasons: Map<WantedEdit, string>,
): readonly Change[] {
  const { plan } = planner(text, before, wishes);
  const changes = new Map<string, Shared>();
  for (const [one, index] of targets) {
    const planned = plan(index);
    if (planned.kind === 'refuse') {
      refusals.set(one, planned.reason);
      continue;
    }
    const { replacements, otherwise, unproven: why } = planned;
    if (why !== undefined) unprovenReasons.set(one, why);
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

/** Places that change the same characters belong together, and so do those that share others with them. */
function groupsOf(changes: readonly Change[]): (change: Change) => { readonly group?: number } {
  const groups = new Map<Change, { readonly number: number; readonly members: Set<Change> }>();
  const owners = new Map<string, Change>();
  for (const [number, change] of changes.entries()) {
    groups.set(change, { number, members: new Set([change]) });
    for (const { range } of change.replacements) {
      const key = `${range.start} ${range.end}`;
      const owner = owners.get(key);
      owners.set(key, change);
      const [mine, theirs] = [groups.get(change), owner && groups.get(owner)];
      if (mine === undefined || theirs === undefined || mine === theirs) continue;
      for (const member of mine.members) {
        theirs.members.add(member);
        groups.set(member, theirs);
      }
    }
  }
  return (change) => {
    const { number, members = new Set<Change>() } = groups.get(change) ?? {};
    const places = [...members].reduce((sum, { serves }) => sum + serves.length, 0);
    return number === undefined || places < 2 ? {} : { group: number };
  };
}

/** The lines that replacements stand in, before and after; none where nothing changes. An edit never adds a line. */
function changedLines(before: string, after: string): (replacements: readonly Replacement[]) => readonly AppliedEdit[] {
  const position = positions(before);
  const [old, now] = [before.split(/\r*\n/), after.split(/\r*\n/)];
  const known = new Map<number, AppliedEdit>();
  const whole = (line: number): AppliedEdit => {
    const edit = known.get(line) ?? { line, before: old[line - 1] ?? '', after: detached(now[line - 1] ?? '') };
    known.set(line, edit);
    return edit;
  };
  const isLong = (line: number): boolean => (old[line - 1]?.length ?? 0) > limits.file.editLine.most;
  return (replacements) => {
    const all = replacements.map((one) => ({ one, line: position(one.range.start).line }));
    const lines = new Set(all.flatMap(({ line }) => (isLong(line) ? [] : [line])));
    const excerpts = all.flatMap(({ one, line }) => (isLong(line) ? [excerpt(before, line, one)] : []));
    return [...[...lines].map(whole), ...excerpts].filter((edit) => edit.before !== edit.after);
  };
}

/** Of a line with hundreds of versions each would be shown with all the others: what is around the change alone, up to the ends of the line. */
function excerpt(text: string, line: number, { range, text: now }: Replacement): AppliedEdit {
  const around = limits.file.editLine.most / 20;
  const head = /[^\n]*$/.exec(text.slice(Math.max(0, range.start - around), range.start))?.[0] ?? '';
  const tail = /^[^\r\n]*/.exec(text.slice(range.end, range.end + around))?.[0] ?? '';
  const shown = (changed: string): string =>
    detached(`${head.length === around ? '…' : ''}${head}${changed}${tail}${tail.length === around ? '…' : ''}`);
  return { line, before: shown(text.slice(range.start, range.end)), after: shown(now) };
}

/** The same characters in memory of their own: as a part of the changed text they would keep all of it alive, for every file. */
function detached(text: string): string {
  return text.isWellFormed() ? Buffer.from(text).toString() : text;
}

function indexOf<T>(all: readonly T[], key: (one: T) => string): ReadonlyMap<string, number> {
  return new Map(all.map((one, index) => [key(one), index]));
}

function keyOfPin({ manager, name, line, column }: PackagePin): string {
  return `${line}:${column} ${manager} ${name}`;
}

function keyOf({ kind, line, column, written }: UseAt): string {
  return `${line}:${column} ${kind} ${written}`;
}

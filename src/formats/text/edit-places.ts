import { formatReference, type ImageReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import type { ImageUse, TextRange } from '../../core/parsed-file.ts';
import type { AppliedEdit, EditResult, UseAt, WantedEdit, WantedVersion } from '../format.ts';
import { insertion, type Replacement, replaceTag, type Wish } from './replacement.ts';
import { rangeOf, slice, type Traced } from './traced.ts';

/** A use of an image that stands in values of a file, with what an edit needs to know. */
export interface PlacedImage {
  readonly use: ImageUse;
  /** What the values come to, and where each character was typed. Absent when it is skipped. */
  readonly expanded?: Traced;
  /** The values it stands in: what is shown when one of them changes, and nothing around it. */
  readonly values: readonly PlacedValue[];
  /** Where a digest goes that is not there yet; absent: behind the last character of the image. */
  readonly digestAt?: Replacement | ((digest: string) => Replacement);
  /** Why it is read and never changed. */
  readonly fixed?: string;
  /** Where what is wanted goes, for what another format reads; a string is why it goes nowhere. */
  readonly plan?: (wish: Wish) => readonly Replacement[] | string;
}

/** A value that an image stands in, or a part of it. */
export interface PlacedValue extends TextRange {
  /** Why it is never changed, and what could be written instead. */
  readonly fixed?: string;
}

/** A file that is edited together with another: it stands behind it in one text, from an offset on. */
export interface Appended {
  readonly from: number;
  readonly file: string;
}

/** What an edit does to a text: where, and for which of the wanted. */
interface Change {
  readonly index: number;
  readonly replacements: readonly Replacement[];
}

/**
 * Gives images other digests or tags, and changes nothing else: what is wanted is written where the characters stand, the
 * text is read again, and counts only when exactly the wanted images read otherwise. All at once, and singly where that
 * cannot be proven. `appended`: what of the text is another file.
 */
export function editPlaces(
  text: string,
  before: readonly PlacedImage[],
  wanted: readonly WantedEdit[],
  versions: readonly WantedVersion[],
  read: (text: string) => readonly PlacedImage[],
  appended?: Appended,
): EditResult {
  const indexes = new Map(before.map(({ use }, index) => [placeKey(use), index]));
  const refused = new Map<WantedEdit, string>();
  const wishes = new Map<number, Wish>();
  const changes: Change[] = [];
  const indexOf = new Map<WantedEdit, number>();
  for (const one of wanted) {
    const index = indexes.get(placeKey(one.use));
    const place = index === undefined ? undefined : before[index];
    if (index === undefined || place === undefined) {
      refused.set(one, 'the file has no such image at this place');
      continue;
    }
    const { digest, tag } = one;
    const wish: Wish = { ...(digest && { digest }), ...(tag !== undefined && { tag }) };
    const known = wishes.get(index);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(wish)) {
      refused.set(one, 'two digests are wanted for one image');
      continue;
    }
    const planned = allowed(place, plan(place, wish));
    if (typeof planned === 'string') refused.set(one, planned);
    else {
      if (known === undefined) changes.push({ index, replacements: planned });
      wishes.set(index, wish);
      indexOf.set(one, index);
    }
  }
  const proven = provenChanges(text, before, changes, wishes, read);
  const edited = apply(text, proven);
  const after = proven.length > 0 ? read(edited) : before;
  const isProven = new Set(proven.map(({ index }) => index));
  const groups = groupsOf(proven);
  const unproven = 'the edit would change more than this image; write its reference in one piece';
  return {
    text: edited,
    done: wanted.flatMap((one) => {
      const index = indexOf.get(one);
      const [old, now] = index === undefined ? [] : [before[index], after[index]];
      if (index === undefined || !isProven.has(index) || old === undefined || now === undefined) return [];
      const group = groups.get(index);
      return [
        {
          use: one.use,
          written: now.use.written,
          edits: editsOf({ text, appended }, edited, old, now),
          ...(group !== undefined && { group }),
        },
      ];
    }),
    refused: wanted.flatMap((one) => {
      const index = indexOf.get(one);
      if (index !== undefined && isProven.has(index)) return [];
      return [{ use: one.use, reason: refused.get(one) ?? unproven }];
    }),
    versions: { done: [], refused: versions.map(({ pin }) => ({ pin, reason: 'such files have no packages' })) },
  };
}

function placeKey({ kind, line, column, written }: UseAt): string {
  return `${line}:${column} ${kind} ${written}`;
}

/** Where what is wanted goes; a string is why it goes nowhere. */
function plan(place: PlacedImage, { digest, tag }: Wish): readonly Replacement[] | string {
  const { use, expanded, fixed } = place;
  if (fixed !== undefined) return fixed;
  if (place.plan !== undefined) return place.plan({ ...(digest && { digest }), ...(tag !== undefined && { tag }) });
  if (expanded === undefined || use.reference === undefined) {
    return 'no image can be read at this place; write its name without variables';
  }
  const retag = tag === undefined ? { replacements: [] } : replaceTag(use, expanded, tag);
  if ('reason' in retag) return retag.reason;
  if (digest === undefined) return retag.replacements;
  const at = expanded.text.indexOf('@');
  if (at < 0) {
    const added = newDigest(place, expanded, digest);
    return typeof added === 'string' ? added : [...retag.replacements, added];
  }
  const range = rangeOf(slice(expanded, at + 1));
  if (range === undefined) return `the digest is put together from parts; write it in one piece`;
  return [...retag.replacements, { range, text: digest }];
}

/** Some of the values that an image is put together from may be read and not changed. */
function allowed({ values }: PlacedImage, planned: readonly Replacement[] | string): readonly Replacement[] | string {
  if (typeof planned === 'string') return planned;
  const meets = (value: PlacedValue): boolean =>
    planned.some(({ range }) => range.start <= value.end && range.end >= value.start);
  return values.find((value) => value.fixed !== undefined && meets(value))?.fixed ?? planned;
}

function newDigest({ digestAt }: PlacedImage, expanded: Traced, digest: string): Replacement | string {
  if (typeof digestAt === 'function') return digestAt(digest);
  if (digestAt !== undefined) return { ...digestAt, text: digestAt.text + digest };
  const last = rangeOf(slice(expanded, expanded.text.length - 1));
  if (last === undefined) return 'the end of the image stands nowhere that could be changed; write it in one piece';
  return insertion(last.end, `@${digest}`);
}

/** Those of the changes after which the text says what is wanted and nothing else differs. */
function provenChanges(
  text: string,
  before: readonly PlacedImage[],
  changes: readonly Change[],
  wishes: ReadonlyMap<number, Wish>,
  read: (text: string) => readonly PlacedImage[],
): readonly Change[] {
  const holds = (some: readonly Change[]): boolean => {
    if (overlap(some)) return false;
    const after = read(apply(text, some));
    const changed = new Map(some.map(({ index }) => [index, wishes.get(index)]));
    return (
      after.length === before.length &&
      before.every((old, index) => nameOf(after[index]) === wantedName(old, changed.get(index)))
    );
  };
  let tries = limits.file.previews.most;
  const added = (kept: readonly Change[], some: readonly Change[]): readonly Change[] => {
    if (some.length === 0 || tries-- <= 0) return kept;
    if (holds([...kept, ...some])) return [...kept, ...some];
    if (some.length === 1) return kept;
    const half = some.length >> 1;
    return added(added(kept, some.slice(0, half)), some.slice(half));
  };
  return added([], changes);
}

/** Different texts for the same characters; the same text for the same characters is one edit of one place. */
function overlap(changes: readonly Change[]): boolean {
  const all = distinct(changes).toSorted((a, b) => a.range.start - b.range.start);
  return all.some(({ range }, i) => {
    const next = all[i + 1];
    return next !== undefined && (next.range.start < range.end || next.range.start === range.start);
  });
}

function distinct(changes: readonly Change[]): readonly Replacement[] {
  const all = changes.flatMap(({ replacements }) => replacements);
  return [...new Map(all.map((one) => [`${one.range.start} ${one.range.end} ${one.text}`, one])).values()];
}

function apply(text: string, changes: readonly Change[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { range, text: now } of distinct(changes).toSorted((a, b) => a.range.start - b.range.start)) {
    parts.push(text.slice(from, range.start), now);
    from = range.end;
  }
  return [...parts, text.slice(from)].join('');
}

function nameOf(place: PlacedImage | undefined): string | undefined {
  if (place === undefined) return undefined;
  const { kind, reference, written, skipped } = place.use;
  return `${kind} ${reference ? formatReference(reference) : `${skipped} ${written}`}`;
}

function wantedName({ use }: PlacedImage, wish: Wish | undefined): string {
  if (wish === undefined || use.reference === undefined) return nameOf({ use, values: [] }) ?? '';
  const reference: ImageReference = {
    ...use.reference,
    ...(wish.tag !== undefined && { tag: wish.tag }),
    ...(wish.digest && { digest: wish.digest }),
  };
  return `${use.kind} ${formatReference(reference)}`;
}

/** Images that share a place that changes: all of them or none. */
function groupsOf(changes: readonly Change[]): ReadonlyMap<number, number> {
  const owners = new Map<string, number>();
  const groups = new Map<number, number>();
  for (const { index, replacements } of changes) {
    for (const { range } of replacements) {
      const key = `${range.start} ${range.end}`;
      const owner = owners.get(key);
      owners.set(key, owner ?? index);
      if (owner === undefined) continue;
      const group = groups.get(owner) ?? owner;
      groups.set(owner, group);
      groups.set(index, group);
    }
  }
  return groups;
}

/** The values that read otherwise, without what stands around them: secrets stand in the same files. */
function editsOf(
  { text: before, appended }: { readonly text: string; readonly appended: Appended | undefined },
  after: string,
  old: PlacedImage,
  now: PlacedImage,
): AppliedEdit[] {
  const edits: AppliedEdit[] = [];
  for (let i = 0; i < Math.max(old.values.length, now.values.length); i++) {
    const [was, is] = [old.values[i], now.values[i]];
    const [from, to] = [was ? before.slice(was.start, was.end) : '', is ? after.slice(is.start, is.end) : ''];
    if (from === to) continue;
    if (was !== undefined && appended !== undefined && was.start >= appended.from) {
      const line = lineOf(before.slice(appended.from), was.start - appended.from);
      edits.push({ line, before: from, after: to, file: appended.file });
    } else edits.push({ line: lineOf(was ? before : after, (was ?? is)?.start ?? 0), before: from, after: to });
  }
  return edits;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

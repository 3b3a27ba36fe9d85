import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { type ImageReference, parseReference } from '../../core/image/reference.ts';
import type { ImageUse, Role, Span, TextRange } from '../../core/parsed-file.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import type { Document, FileBeside, FormatReader } from '../format.ts';
import { editPlaces, type PlacedImage, type PlacedValue } from './edit-places.ts';
import { type Position, positions } from './lines.ts';
import { insertion, type Replacement } from './replacement.ts';
import { offsetAt, rangeOf, slice, type Traced, typed } from './traced.ts';

/** Why a value that names an image is passed over. */
export type Skipped = NonNullable<ImageUse['skipped']>;

/** A value that is put together from what is not in the file, or is no value at all. */
export interface Unread {
  readonly skipped: Skipped;
  readonly why: string;
}

/** A value in which an image is named, as a format finds it. `At`: what the format knows of a place in the file. */
export interface ImageValue<At = TextRange> {
  /** The values it stands in: the whole of it in `name`, unless tag or digest are written apart. */
  readonly at: { readonly name: At; readonly tag?: At; readonly digest?: At };
  /** Other values that it is put together from, which may change in its stead. */
  readonly from?: readonly PlacedValue[];
  /** In the format's own words: `image`, `uses`, `container`. */
  readonly kind: string;
  readonly role: Role;
  /** The text of the reference with its places, where it is not the first value's own text. `Unread`: why it has none. */
  readonly text?: Traced | Unread;
  readonly platform?: string;
  readonly skipped?: Skipped;
  /** One sentence, where `skipped`. */
  readonly why?: string;
  /** Why it is looked at, and never changed. */
  readonly fixed?: string;
  readonly digestAt?: PlacedImage['digestAt'];
  /** What whoever changes it should know: one sentence. */
  readonly note?: string;
  /** It stands in a file of another kind that is the value. */
  readonly inner?: InnerImage;
}

/** A use within a file that is written into a value. */
export interface InnerImage {
  readonly use: ImageUse;
  /** The file's text with the places of its characters. */
  readonly content: Traced;
  readonly document: Document;
}

/** What a format finds in a file. */
export interface FoundValues {
  /** In any order; of several at one place the first counts. */
  readonly values: readonly ImageValue[];
  readonly problems: readonly { readonly code: ProblemCode; readonly message: string; readonly offset: number }[];
}

/** The file beside another, whose characters stand behind that one's, from an offset on. */
export interface ValuesBeside extends FileBeside {
  readonly from: number;
  /** The path of that one, where it is known. */
  readonly reader?: string;
}

/** A kind of file in which images are named by values. */
export interface ValuesFormat extends Pick<FormatReader, 'name' | 'recognises' | 'prepare' | 'beside' | 'builds'> {
  /** Never throws. `file`: the path, where it is known. */
  find(text: string, beside?: ValuesBeside, file?: string): FoundValues;
  /** Of its own, beside what every generator writes: is the file made by a program? */
  isMade?(text: string): boolean;
}

/** What reads such files, and edits them: splices into the values, proven by reading again. */
export function valuesReader(format: ValuesFormat): FormatReader {
  const { name, prepare, beside, builds } = format;
  return {
    name,
    ...(prepare && { prepare }),
    ...(beside !== undefined && { beside }),
    ...(builds && { builds }),
    recognises: (text) => format.recognises(text),
    read: (text, file, { beside: given } = {}) => {
      const more = given?.text.includes(seam) ? undefined : given;
      const { places, problems } = placesOf(format, text, file, more);
      const named = file === undefined ? {} : { file };
      return {
        uses: places.map(({ use }) => ({ ...named, ...use })),
        pins: [],
        problems,
        edit: (wanted, versions = []) => {
          const read = (own: string, other = more): readonly PlacedImage[] => placesOf(format, own, file, other).places;
          if (more === undefined || beside === undefined) return editPlaces(text, places, wanted, versions, read);
          const parted = (whole: string): readonly [string, FileBeside] => {
            const end = whole.lastIndexOf(seam);
            return [whole.slice(0, end), { ...more, text: whole.slice(end + 1) }];
          };
          const appended = { from: text.length + 1, file: path.posix.join(path.posix.dirname(file ?? ''), beside) };
          const result = editPlaces(
            `${text}${seam}${more.text}`,
            places,
            wanted,
            versions,
            (changed) => read(...parted(changed)),
            appended,
          );
          const [own, other] = parted(result.text);
          return { ...result, text: own, ...(other.text !== more.text && { beside: other.text }) };
        },
      };
    },
  };
}

/** Between a file and the one beside it, where both are changed as one text. */
const seam = '\0';

function placesOf(
  format: ValuesFormat,
  text: string,
  file: string | undefined,
  beside: FileBeside | undefined,
): { readonly places: readonly PlacedImage[]; readonly problems: readonly Problem[] } {
  const named = file === undefined ? {} : { reader: file };
  const { values, problems: found } = format.find(text, beside && { ...beside, from: text.length + 1, ...named }, file);
  const position = positions(text);
  const problemAt = (code: ProblemCode, message: string, offset: number): Problem => {
    return { code, message, subject: `${file ?? format.name}:${position(offset).line}` };
  };
  const problems = found.map(({ code, message, offset }) => problemAt(code, message, offset));
  const isMade = isGenerated(text) || (format.isMade?.(text) ?? false);
  const places: PlacedImage[] = [];
  const seen = new Set<string>();
  for (const value of values) {
    const { start } = value.at.tag ?? value.at.name;
    // Reached twice is one place: through an alias, or a mapping merged into others.
    const key = value.inner ? `${start} ${value.inner.use.line}:${value.inner.use.column}` : `${start}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const place = isMade
      ? placeOf(text, { ...value, skipped: 'output', why: 'the file is made by a program' }, position)
      : value.inner
        ? innerPlace(value, value.inner, position)
        : placeOf(text, value, position);
    if (place === undefined) continue;
    places.push(place);
    const { skipped, problem } = place.use;
    if (skipped === 'unresolved' || skipped === 'invalid')
      problems.push(problemAt(`image-${skipped}`, problem ?? '', start));
  }
  return { places: places.sort(({ use: a }, { use: b }) => a.line - b.line || a.column - b.column), problems };
}

/** What generators write at the top of their files (go.dev/s/generatedcode, and others alike). */
function isGenerated(text: string): boolean {
  return /^\ufeff?(?:#|\/\/|;).*\b(?:code generated .*do not edit|@generated)\b/im.test(text.slice(0, 2000));
}

function placeOf(file: string, value: ImageValue, position: (offset: number) => Position): PlacedImage {
  const { at: ranges, kind, role, platform, fixed } = value;
  const own = [ranges.name, ranges.tag, ranges.digest].filter((one) => one !== undefined);
  const values = [...own, ...(value.from ?? [])];
  // Of one that stands in several places the tag tells most, where it has one.
  const anchor = ranges.tag ?? ranges.name;
  const text = value.text ?? typed(file, anchor.start, anchor.end);
  const isSplit = own.length > 1;
  const inFile = file.slice(anchor.start, anchor.end);
  // Over several lines it would be as many in every message.
  const written = (isSplit || inFile.includes('\n')) && 'runs' in text ? text.text.trim() : inFile;
  const comment = commentBehind(file, own.at(-1)?.end ?? anchor.end);
  const at = {
    kind,
    role,
    ...position(anchor.start),
    written,
    ...(platform !== undefined && { platform }),
    ...(isSplit && { parts: partsOf(ranges, position) }),
  };
  const skip = (skipped: Skipped, problem: string): PlacedImage => ({ use: { ...at, skipped, problem }, values });
  if (value.skipped !== undefined) return skip(value.skipped, value.why ?? 'it is no image that is pulled from here');
  if (!('runs' in text)) return skip(text.skipped, text.why);
  if (isOwned(comment)) return skip('owned', 'another program changes this line, as the comment behind it says');
  let reference: ImageReference;
  try {
    reference = parseReference(text.text);
  } catch (error) {
    return skip('invalid', messageOf(error));
  }
  const tagComment = reference.digest && !reference.tag ? tagOf(comment) : undefined;
  return {
    use: {
      ...at,
      reference,
      ...(tagComment !== undefined && { tagComment }),
      ...(value.note !== undefined && { note: value.note }),
    },
    expanded: text,
    values,
    ...(value.digestAt && { digestAt: value.digestAt }),
    ...(fixed !== undefined && { fixed }),
  };
}

/** A use of a file within a value, at its place in the whole; undefined where that cannot be told. */
function innerPlace(
  { role, fixed }: ImageValue,
  { use, content, document }: InnerImage,
  position: (offset: number) => Position,
): PlacedImage | undefined {
  const start = offsetAt(content, offsetIn(content, use));
  if (start < 0) return undefined;
  const { file: _, ...inner } = use;
  const values = [{ start, end: start + use.written.length }];
  const placed = { ...inner, ...position(start), role: use.role ?? role };
  if (fixed !== undefined) return { use: placed, values, fixed };
  return {
    use: placed,
    values,
    plan: (wish) => {
      const { text, refused } = document.edit([{ use, ...wish }]);
      const [refusal] = refused;
      return refusal
        ? refusal.reason
        : (replacementIn(content, text) ?? 'it stands in a value that is folded or escaped');
    },
  };
}

/** Where the lines of a text begin: a text may hold thousands of images. */
const lineStarts = new WeakMap<Traced, readonly number[]>();

function offsetIn(content: Traced, { line, column }: ImageUse): number {
  let starts = lineStarts.get(content);
  if (starts === undefined) {
    starts = [0, ...Array.from(content.text.matchAll(/\n/g), ({ index }) => index + 1)];
    lineStarts.set(content, starts);
  }
  return (starts[line - 1] ?? 0) + column - 1;
}

/** What differs between two texts of a value, as a change of the file. */
function replacementIn(content: Traced, text: string): readonly Replacement[] | undefined {
  const before = content.text;
  let head = 0;
  while (head < before.length && before[head] === text[head]) head++;
  let tail = 0;
  while (tail < Math.min(before.length, text.length) - head && before.at(-1 - tail) === text.at(-1 - tail)) tail++;
  const end = before.length - tail;
  const now = text.slice(head, text.length - tail);
  if (head < end) {
    const range = rangeOf(slice(content, head, end));
    return range && [{ range, text: now }];
  }
  // Behind the character before it, be that in a variable; else where the next one stands.
  const left = offsetAt(content, head - 1);
  const at = head > 0 && left >= 0 ? left + 1 : offsetAt(content, head);
  return at < 0 ? undefined : [insertion(at, now)];
}

function partsOf(
  { name, tag, digest }: ImageValue['at'],
  position: (offset: number) => Position,
): NonNullable<ImageUse['parts']> {
  const span = ({ start, end }: TextRange): Span => ({ ...position(start), length: end - start });
  return { name: span(name), ...(tag && { tag: span(tag) }), ...(digest && { digest: span(digest) }) };
}

/** The comment on the line of a value, behind it. */
function commentBehind(text: string, end: number): string {
  return /^['"]?[ \t]*[,\]}]*[ \t]+(?:#|\/\/)([^\r\n]*)/.exec(text.slice(end, end + 400))?.[1]?.trim() ?? '';
}

/** Flux's setters (fluxcd.io/flux/guides/image-update) and kpt's say whose the line is. */
function isOwned(comment: string): boolean {
  return /^\{\s*"\$(?:imagepolicy|kpt-set|openapi)"/.test(comment) || /^kpt-set:/.test(comment);
}

/** The tag that a comment gives to a digest without one: `# 1.2`, `# tag: 1.2`, `# ratchet:debian:12`. */
function tagOf(comment: string): string | undefined {
  const text = /^(?:tag\s*[:=]\s*|ratchet:\S*[:/][^\s:]*:|ratchet:[^\s:]*:)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/.exec(
    comment,
  )?.[1];
  return text !== undefined && /\d|^(?:latest|stable|edge|main|master|nightly)$/.test(text) ? text : undefined;
}

/** Text without what stands in front of a reference. */
export function behind(text: Traced, prefix: string): Traced {
  return slice(text, prefix.length);
}

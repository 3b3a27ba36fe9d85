import type { Node, Scalar } from 'yaml';
import { messageOf } from '../../core/errors.ts';
import { type ImageReference, parseReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import type { ImageUse, Role, Span } from '../../core/parsed-file.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import type { Document, FormatReader } from '../format.ts';
import { editPlaces, type PlacedImage } from '../text/edit-places.ts';
import { positions } from '../text/lines.ts';
import type { Replacement } from '../text/replacement.ts';
import { offsetAt, rangeOf, slice, type Traced } from '../text/traced.ts';
import { parseSegment, scalarOf, segmentsOf, tracedScalar, valueRange, type YamlDocument } from './yaml-documents.ts';

/** Why a value that names an image is passed over. */
export type Skipped = NonNullable<ImageUse['skipped']>;

/** A value in which an image is named, as a format's table finds it. */
export interface ImageValue {
  /** The scalars it stands in: the whole of it in `name`, unless tag or digest are written apart. */
  readonly at: { readonly name: Scalar; readonly tag?: Scalar; readonly digest?: Scalar };
  /** In the format's own words: `image`, `uses`, `container`. */
  readonly kind: string;
  readonly role: Role;
  /** The text of the reference with its places, where it is not the first scalar's own text. A string: why it has none. */
  readonly text?: Traced | Unread;
  readonly platform?: string;
  readonly skipped?: Skipped;
  /** One sentence, where `skipped` or `fixed`. */
  readonly why?: string;
  /** It is looked at, and never changed. */
  readonly fixed?: string;
  readonly digestAt?: PlacedImage['digestAt'];
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

/** A value that is put together from what is not in the file, or is no value at all. */
export interface Unread {
  readonly skipped: Skipped;
  readonly why: string;
}

/** What a format knows of its files. */
export interface YamlTable {
  readonly name: string;
  /** Can a text be of it at all? Cheap, before anything is parsed. */
  mayHold(text: string): boolean;
  /** Is a document of it, for files whose names do not tell? */
  isOwn(document: YamlDocument): boolean;
  /** Where images stand in a document; of a file whose name tells, every document is looked at. */
  images(document: YamlDocument, beside: string | undefined): readonly ImageValue[];
  /** The name of a file in the same folder that says more. */
  readonly beside?: string;
}

/** The reader of files of a table. `isSure`: by what the files' names tell, every document is of it. */
export function yamlReader(table: YamlTable): FormatReader {
  return {
    name: table.name,
    recognises: (text) => table.mayHold(text) && documentsOf(text).some((one) => !one.isTemplate && table.isOwn(one)),
    ...(table.beside !== undefined && { beside: table.beside }),
    read: (text, file, beside) => readYaml(text, file, table, beside),
    *prepare(text) {
      if (!table.mayHold(text) || last?.text === text) return;
      const documents: YamlDocument[] = [];
      for (const one of segmentsOf(text)) {
        documents.push(parseSegment(text, one));
        yield;
      }
      last = { text, documents };
    },
  };
}

/** The last file that was parsed: several formats may be asked about it, and then one of them reads it. */
let last: { readonly text: string; readonly documents: readonly YamlDocument[] } | undefined;

/** Every document of a file. */
export function documentsOf(text: string): readonly YamlDocument[] {
  if (last?.text !== text) last = { text, documents: segmentsOf(text).map((one) => parseSegment(text, one)) };
  for (const { budget } of last.documents) budget.left = limits.file.yamlSteps.most;
  return last.documents;
}

interface Reading {
  readonly places: readonly PlacedImage[];
  readonly problems: readonly Problem[];
}

function readYaml(text: string, file: string | undefined, table: YamlTable, beside: string | undefined): Document {
  const { places, problems } = readPlaces(text, file, table, beside);
  const named = file === undefined ? {} : { file };
  return {
    uses: places.map(({ use }) => ({ ...named, ...use })),
    pins: [],
    problems,
    edit: (wanted, versions = []) =>
      editPlaces(text, places, wanted, versions, (changed) => readPlaces(changed, file, table, beside).places),
  };
}

function readPlaces(text: string, file: string | undefined, table: YamlTable, beside: string | undefined): Reading {
  if (!table.mayHold(text)) return { places: [], problems: [] };
  const problems: Problem[] = [];
  const position = positions(text);
  const subject = (offset: number): string => `${file ?? table.name}:${position(offset).line}`;
  const tell = (code: ProblemCode, message: string, offset: number): void => {
    problems.push({ code, message, subject: subject(offset) });
  };
  const documents = documentsOf(text);
  const isMade = isGenerated(text);
  const places: PlacedImage[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (document.isTemplate) {
      tell(
        'file-template',
        'a template that another program makes the file of; images in it are not read',
        document.start,
      );
      continue;
    }
    if (error !== undefined)
      tell('yaml-invalid', `not YAML: ${error.message}; nothing in this document is changed`, error.offset);
    const seen = new Set<string | Node>();
    for (const value of table.images(document, beside)) {
      // Reached twice is one place: through an alias, or a mapping merged into others.
      const first = value.at.tag ?? value.at.name;
      const key = value.inner ? `${first.range?.[0]} ${value.inner.use.line}:${value.inner.use.column}` : first;
      if (seen.has(key)) continue;
      seen.add(key);
      const made = isMade ? { ...value, skipped: 'output' as const, why: 'the file is made by a program' } : value;
      const place =
        made.inner && !isMade
          ? innerPlace(made, made.inner, position, error)
          : placeOf(document, made, position, error !== undefined);
      if (place === undefined) continue;
      places.push(place);
      const { use } = place;
      if (use.skipped === 'unresolved' || use.skipped === 'invalid') {
        tell(`image-${use.skipped}`, use.problem ?? '', valueRange(document, first).start);
      }
    }
    if (document.budget.left < 0)
      tell('file-too-long', 'its merged mappings multiply, and not all of them were read', document.start);
  }
  return { places: places.sort(byPlace), problems };
}

/** What generators write at the top of their files (go.dev/s/generatedcode and others alike), and `helm template` over each document. */
function isGenerated(text: string): boolean {
  const head = text.slice(0, 2000);
  return (
    /^\ufeff?#.*\b(?:code generated .*do not edit|@generated)\b/im.test(head) ||
    /^# Source: \S+\/templates\/\S+/m.test(text)
  );
}

function byPlace({ use: a }: PlacedImage, { use: b }: PlacedImage): number {
  return a.line - b.line || a.column - b.column;
}

function placeOf(
  document: YamlDocument,
  value: ImageValue,
  position: ReturnType<typeof positions>,
  hasErrors: boolean,
): PlacedImage {
  const { at: scalars, kind, role, platform, why } = value;
  const all = [scalars.name, scalars.tag, scalars.digest].filter((one) => one !== undefined);
  const values = all.map((scalar) => valueRange(document, scalar));
  const text = value.text ?? tracedScalar(document, scalars.name);
  const expanded = 'runs' in text ? text : undefined;
  const isSplit = all.length > 1;
  // Of one that stands in several places the tag tells most, where it has one.
  const anchor = valueRange(document, scalars.tag ?? scalars.name);
  const written = isSplit && expanded ? expanded.text : document.text.slice(anchor.start, anchor.end);
  const comment = commentBehind(document.text, values.at(-1)?.end ?? anchor.end);
  const at = {
    kind,
    role,
    ...position(anchor.start),
    written,
    ...(platform !== undefined && { platform }),
    ...(isSplit && { parts: partsOf(document, scalars, position) }),
  };
  const skip = (skipped: Skipped, problem: string): PlacedImage => ({ use: { ...at, skipped, problem }, values });
  if (value.skipped !== undefined) return skip(value.skipped, why ?? 'it is no image that is pulled from here');
  if (!('runs' in text)) return skip(text.skipped, text.why);
  if (isOwned(comment)) return skip('owned', 'another program changes this line, as the comment behind it says');
  let reference: ImageReference;
  try {
    reference = parseReference(text.text);
  } catch (error) {
    return skip('invalid', messageOf(error));
  }
  const tagComment = reference.digest && !reference.tag ? tagOf(comment) : undefined;
  const isTyped = all.every((scalar) => rangeOf(tracedScalar(document, scalar)) !== undefined);
  const fixed = hasErrors
    ? 'the document has errors; repair it first'
    : isTyped
      ? value.fixed
      : 'it is written with escapes or over several lines; write it in one piece';
  return {
    use: {
      ...at,
      reference,
      ...(tagComment !== undefined && { tagComment }),
      ...(value.note !== undefined && { note: value.note }),
    },
    ...(expanded && { expanded }),
    values,
    ...(value.digestAt && { digestAt: value.digestAt }),
    ...(fixed !== undefined && { fixed }),
  };
}

/** A use of a file within a value, at its place in the whole; undefined where that cannot be told. */
function innerPlace(
  { at, role }: ImageValue,
  { use, content, document }: InnerImage,
  position: ReturnType<typeof positions>,
  error: YamlDocument['errors'][number] | undefined,
): PlacedImage | undefined {
  const start = offsetAt(content, offsetIn(content.text, use));
  if (start < 0 || at.name.range === undefined) return undefined;
  const { file: _, ...inner } = use;
  const values = [{ start, end: start + use.written.length }];
  const placed = { ...inner, ...position(start), role: use.role ?? role };
  if (error !== undefined) return { use: placed, values, fixed: 'the document has errors; repair it first' };
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

function offsetIn(text: string, { line, column }: ImageUse): number {
  let start = 0;
  for (let n = 1; n < line; n++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

/** What differs between two texts of a value, as a change of the file. */
function replacementIn(content: Traced, text: string): readonly Replacement[] | undefined {
  const before = content.text;
  let head = 0;
  while (head < before.length && before[head] === text[head]) head++;
  let tail = 0;
  while (tail < Math.min(before.length, text.length) - head && before.at(-1 - tail) === text.at(-1 - tail)) tail++;
  const end = before.length - tail;
  const range =
    head < end ? rangeOf(slice(content, head, end)) : { start: offsetAt(content, head), end: offsetAt(content, head) };
  if (range === undefined || range.start < 0) return undefined;
  return [{ range, text: text.slice(head, text.length - tail) }];
}

function partsOf(
  document: YamlDocument,
  { name, tag, digest }: ImageValue['at'],
  position: ReturnType<typeof positions>,
): NonNullable<ImageUse['parts']> {
  const span = (scalar: Scalar): Span => {
    const { start, end } = valueRange(document, scalar);
    return { ...position(start), length: end - start };
  };
  return { name: span(name), ...(tag && { tag: span(tag) }), ...(digest && { digest: span(digest) }) };
}

/** The comment on the line of a value, behind it. */
function commentBehind(text: string, end: number): string {
  return /^['"]?[ \t]*[,\]}]*[ \t]+#([^\r\n]*)/.exec(text.slice(end, end + 400))?.[1]?.trim() ?? '';
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

/** The scalars that paths lead to, as values of one kind. */
export function scalarValues(
  document: YamlDocument,
  nodes: readonly { readonly node: Node }[],
  about: Pick<ImageValue, 'kind' | 'role'>,
  read: (text: Traced) => ImageValue['text'] | 'none' = (text) => text,
): ImageValue[] {
  return nodes.flatMap(({ node }): ImageValue[] => {
    const scalar = scalarOf(document, node);
    if (scalar === undefined) return [];
    const traced = tracedScalar(document, scalar);
    // Null and '' name nothing, and a boolean is somebody's switch.
    if (/^(?:|~|null|true|false)$/i.test(traced.text)) return [];
    const text = read(traced);
    return text === 'none' || text === undefined ? [] : [{ at: { name: scalar }, text, ...about }];
  });
}

/** Text without what stands in front of a reference. */
export function behind(text: Traced, prefix: string): Traced {
  return slice(text, prefix.length);
}

import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { TextRange } from '../../core/parsed-file.ts';
import { join, nothing, slice, type Traced, typed, untied } from '../text/traced.ts';

/** One document of a YAML file, as a syntax tree whose aliases are known and never expanded. */
export interface YamlDocument {
  readonly root: Node | null;
  /** Where it begins in the file's text. */
  readonly start: number;
  /** The file's text. */
  readonly text: string;
  /** What is wrong with it, and where; nothing in it is changed then. */
  readonly errors: readonly { readonly message: string; readonly offset: number }[];
  /** Why it was not looked at, though it may well be sound. */
  readonly excess?: string;
  /** It is written for another program that makes YAML of it. */
  readonly isTemplate: boolean;
  readonly targets: ReadonlyMap<Alias, Node>;
  /** What was looked up in mappings before. */
  readonly entries: WeakMap<YAMLMap<unknown, unknown>, ReadonlyMap<string, unknown>>;
  /** So many steps may be taken through merged mappings: they can be made to multiply. */
  readonly budget: { left: number };
}

/** Part of a file that is a document of its own. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/**
 * The documents of a file, without parsing it: `---` and `...` at the start of a line end one wherever they stand (YAML
 * 1.2.2, 9.1.2 and 9.2). Lines of directives and comments belong to the document behind them. Linear.
 */
export function segmentsOf(text: string): readonly Segment[] {
  const marks = [...text.matchAll(/^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm)].map(({ index }) => index);
  const segments: Segment[] = [];
  let start = text.startsWith('\ufeff') ? 1 : 0;
  for (const at of [...marks, text.length]) {
    if (at === text.length || hasContent(text, start, at)) {
      if (at > start) segments.push({ start, end: at });
      start = at;
    }
  }
  return segments;
}

function hasContent(text: string, start: number, end: number): boolean {
  return /^(?!---|\.\.\.)[ \t]*[^\s#%]|^--- *[^\s#]/m.test(text.slice(start, end));
}

/** Deeper nesting is nobody's configuration, and would end in an overflow of the stack. */
const deepFlow = /(?:[[{]\s*){200}/;
const deepBlock = /^(?:[-?:][ \t]+){200}/m;

/** Parses one document. Never throws. */
export function parseSegment(text: string, { start, end }: Segment): YamlDocument {
  const source = text.slice(start, end);
  const broken = (errors: YamlDocument['errors']): YamlDocument => ({
    root: null,
    start,
    text,
    errors,
    isTemplate: false,
    targets: new Map(),
    entries: new WeakMap(),
    budget: { left: 0 },
  });
  if (source.length > limits.file.yamlDocument.most) {
    const excess = `a document of more than ${limits.file.yamlDocument.most} characters is not read`;
    return { ...broken([]), excess };
  }
  if (deepFlow.test(source) || deepBlock.test(source)) {
    return { ...broken([]), excess: 'a document that is nested so deeply is not read' };
  }
  try {
    const document = parseDocument(source, { uniqueKeys: false, merge: true, logLevel: 'silent', prettyErrors: false });
    const errors = document.errors.map(({ message, pos }) => ({ message: firstLine(message), offset: start + pos[0] }));
    const { targets, isTemplate } = surveyed(document, source);
    const isCut = isTemplate || (errors.length > 0 && /^[ \t]*(?:-[ \t]+)?\{[{%]/m.test(source));
    const budget = { left: limits.file.yamlSteps.most };
    return { root: document.contents, start, text, errors, isTemplate: isCut, targets, entries: new WeakMap(), budget };
  } catch (error) {
    return broken([{ message: firstLine(messageOf(error)), offset: start }]);
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** What each alias stands for, and whether a mapping is a template's expression. One walk, without recursion. */
function surveyed(
  document: Document.Parsed,
  source: string,
): { readonly targets: ReadonlyMap<Alias, Node>; readonly isTemplate: boolean } {
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  let isTemplate = false;
  const waiting: unknown[] = [document.contents];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isPair(node)) waiting.push(node.value, node.key);
    else if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isScalar(node) || isCollection(node)) {
      if (node.anchor) anchors.set(node.anchor, node as Node);
      if (!isCollection(node)) continue;
      const at = node.range?.[0] ?? -1;
      if (node.flow && (source.startsWith('{{', at) || source.startsWith('{%', at))) isTemplate = true;
      for (let i = node.items.length - 1; i >= 0; i--) waiting.push(node.items[i]);
    }
  }
  return { targets, isTemplate };
}

/** What an alias stands for, else the node itself; null for nothing. */
export function resolved({ targets }: YamlDocument, node: unknown): Node | null {
  if (isAlias(node)) return targets.get(node) ?? null;
  return isScalar(node) || isCollection(node) ? (node as Node) : null;
}

/** The entries of a mapping by key, with those that `<<` merges in behind its own; of equal keys the last one, as programs read it. */
export function entriesOf(document: YamlDocument, node: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const own of mappingsOf(document, node)) {
    document.budget.left -= own.size;
    if (document.budget.left < 0) break;
    for (const [name, value] of own) if (!found.has(name)) found.set(name, value);
  }
  return found;
}

/** The value of a key; undefined where the node is no mapping or has no such key. */
export function valueOf(document: YamlDocument, node: unknown, key: string): unknown {
  for (const own of mappingsOf(document, node)) {
    if (own.has(key)) return own.get(key);
  }
  return undefined;
}

/** A mapping without what is merged in, and behind it each that is: every one once, so that a circle ends. */
function* mappingsOf(document: YamlDocument, node: unknown): Generator<ReadonlyMap<string, unknown>> {
  const seen = new Set<unknown>();
  const waiting = [resolved(document, node)];
  for (let map = waiting.shift(); map !== undefined; map = waiting.shift()) {
    if (!isMap(map) || seen.has(map) || document.budget.left-- <= 0) continue;
    seen.add(map);
    const own = ownEntries(document, map);
    yield own;
    const merged = own.get('<<');
    if (merged === undefined) continue;
    const sources = isSeq(resolved(document, merged)) ? itemsOf(document, merged) : [merged];
    waiting.push(...sources.map((one) => resolved(document, one)));
  }
}

function ownEntries(document: YamlDocument, map: YAMLMap<unknown, unknown>): ReadonlyMap<string, unknown> {
  const known = document.entries.get(map);
  if (known !== undefined) return known;
  const entries = new Map<string, unknown>();
  for (const { key, value } of map.items) {
    const name = scalarText(document, key);
    if (name !== undefined) entries.set(name, value);
  }
  document.entries.set(map, entries);
  return entries;
}

/** The items of a sequence; none for anything else. */
export function itemsOf(document: YamlDocument, node: unknown): readonly unknown[] {
  const list = resolved(document, node);
  return isSeq(list) ? list.items : [];
}

/** A scalar as its author wrote it: `1.10` stays `1.10`. Undefined for anything else; null and an empty value are ''. */
export function scalarText(document: YamlDocument, node: unknown): string | undefined {
  const scalar = resolved(document, node);
  return isScalar(scalar) ? tracedScalar(document, scalar).text : undefined;
}

/** The scalar that a node is; undefined for collections and nothing. */
export function scalarOf(document: YamlDocument, node: unknown): Scalar | undefined {
  const scalar = resolved(document, node);
  return isScalar(scalar) ? scalar : undefined;
}

/** The characters of a scalar inside its quotes, in the file. */
export function valueRange({ start, text }: YamlDocument, { range, type }: Scalar): TextRange {
  const [from, to] = [start + (range?.[0] ?? 0), start + (range?.[1] ?? 0)];
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') return onlyLine(text, from, to) ?? { start: from, end: to };
  const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  const isClosed = isQuoted && to - from > 1 && text[to - 1] === text[from];
  return isQuoted ? { start: from + 1, end: isClosed ? to - 1 : to } : { start: from, end: to };
}

/** The text of a block that has one line. */
function onlyLine(text: string, from: number, to: number): TextRange | undefined {
  const header = text.indexOf('\n', from) + 1;
  if (header === 0 || header >= to) return undefined;
  const body = text.slice(header, to);
  const line = body.trim();
  const start = header + body.indexOf(line);
  return line === '' || line.includes('\n') ? undefined : { start, end: start + line.length };
}

/**
 * The text of a scalar with the places of its characters. A plain one is taken as it is written, whatever type it has;
 * what escapes or line breaks made otherwise than it was typed, stands at no place.
 */
export function tracedScalar(document: YamlDocument, scalar: Scalar): Traced {
  const { start, end } = valueRange(document, scalar);
  const written = document.text.slice(start, end);
  if (scalar.type === 'PLAIN') {
    return /[\r\n]/.test(written) ? untied(String(scalar.value ?? '')) : typed(document.text, start, end);
  }
  const value = typeof scalar.value === 'string' ? scalar.value : String(scalar.value ?? '');
  if (value === written) return typed(document.text, start, end);
  if (scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED') return blockText(document, scalar, value);
  return value === '' ? nothing : untied(value);
}

/** A block, line by line behind its indentation; where lines are folded, or anything else differs, it stands at no place. */
function blockText({ start, text }: YamlDocument, { range }: Scalar, value: string): Traced {
  const [from, to] = [start + (range?.[0] ?? 0), start + (range?.[1] ?? 0)];
  const header = text.indexOf('\n', from);
  if (header < 0 || header >= to) return untied(value);
  const explicit = /[1-9]/.exec(text.slice(from, header))?.[0];
  const body = text.slice(header + 1, to);
  const first = /^( *)[^ \r\n]/m.exec(body)?.[1]?.length ?? 0;
  // An indicator counts from the indentation of the parent, which is that of the text less the number.
  const indent = explicit === undefined ? first : Math.min(first, /^ */.exec(body)?.[0].length ?? 0);
  const pieces: Traced[] = [];
  for (let at = header + 1; at < to; ) {
    const feed = text.indexOf('\n', at);
    const next = feed < 0 || feed >= to ? to : feed + 1;
    const end = feed >= 0 && feed < to ? (text[feed - 1] === '\r' ? feed - 1 : feed) : to;
    pieces.push(
      typed(text, Math.min(at + indent, end), end),
      ...(feed >= 0 && feed < to ? [typed(text, feed, next)] : []),
    );
    at = next;
  }
  const whole = join(pieces);
  if (whole.text === value) return whole;
  // How many empty lines are kept at the end is the header's business.
  return whole.text.startsWith(value) || `${whole.text}\n` === value ? slice(whole, 0, value.length) : untied(value);
}

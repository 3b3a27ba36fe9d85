import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { limits } from '../../core/limits/limits.ts';
import { join, slice, type Traced, typed, untied } from '../text/traced.ts';
import type { Value } from '../text/value-tree.ts';

/** A file of JSON with comments, and what is wrong with it. */
export interface JsonFile {
  readonly root: Value | undefined;
  readonly error?: { readonly message: string; readonly offset: number };
}

/** Reads JSON with comments and trailing commas; never throws. */
export function readJson(text: string): JsonFile {
  // A byte order mark is no part of it.
  const from = text.startsWith('\ufeff') ? 1 : 0;
  const source = text.slice(from);
  if (isTooDeep(source))
    return { root: undefined, error: { message: 'it is nested too deeply to be read', offset: 0 } };
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { allowTrailingComma: true });
  const [first] = errors;
  const error = first && { message: words(printParseErrorCode(first.error)), offset: from + first.offset };
  return { root: tree && valueOf(tree, text, from), ...(error && { error }) };
}

/** `CommaExpected`: "comma expected". */
function words(code: string): string {
  return code.replace(/(?<=.)[A-Z]/g, ' $&').toLowerCase();
}

const opening = new Set([1, 3]);
const closing = new Set([2, 4]);
const end = 17;

/** The parser goes down as deep as the text does. */
function isTooDeep(source: string): boolean {
  const scanner = createScanner(source, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== end; token = scanner.scan()) {
    if (opening.has(token) && ++depth > limits.file.nesting.most) return true;
    if (closing.has(token)) depth--;
  }
  return false;
}

function valueOf(node: Node, text: string, from: number): Value {
  const range = { start: from + node.offset, end: from + node.offset + node.length };
  switch (node.type) {
    case 'object':
      return {
        kind: 'object',
        entries: (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
          key === undefined || value === undefined ? [] : [[String(key.value), valueOf(value, text, from)] as const],
        ),
      };
    case 'array':
      return { kind: 'list', items: (node.children ?? []).map((child) => valueOf(child, text, from)) };
    case 'string': {
      const isClosed = range.end - range.start > 1 && text[range.end - 1] === '"';
      const inside = { start: range.start + 1, end: isClosed ? range.end - 1 : range.end };
      return { kind: 'string', range: inside, text: unescaped(typed(text, inside.start, inside.end)) };
    }
    default:
      return { kind: 'other', range };
  }
}

const meanings: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** A string without its escapes (RFC 8259, section 7); what they stand for was typed nowhere. */
function unescaped(written: Traced): Traced {
  const pieces: Traced[] = [];
  let at = 0;
  for (const { index, 0: all, 1: code, 2: letter = '' } of written.text.matchAll(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g)) {
    pieces.push(slice(written, at, index));
    pieces.push(untied(code === undefined ? (meanings[letter] ?? letter) : String.fromCharCode(Number(`0x${code}`))));
    at = index + all.length;
  }
  return at === 0 ? written : join([...pieces, slice(written, at)]);
}

import type { ImageValue, Unread } from '../text/image-values.ts';
import { join, slice, type Traced, typed, untied } from '../text/traced.ts';
import type { StringValue, Value } from '../text/value-tree.ts';
import { passExpression } from './hcl-skip.ts';

/** A part of a template: its own text, or an expression, without and with what is around it. */
type Piece = { readonly text: Traced } | { readonly expression: string; readonly raw: Traced };

const meanings: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** The parts of a string (hclsyntax/spec.md, "Template Expressions"). */
function piecesOf({ text: source, hasEscapes }: StringValue): readonly Piece[] {
  const { text } = source;
  if (!/[\\$%]/.test(text)) return [{ text: source }];
  const pieces: Piece[] = [];
  let from = 0;
  const flush = (end: number, next: number, made?: Traced): void => {
    if (end > from) pieces.push({ text: slice(source, from, end) });
    if (made) pieces.push({ text: made });
    from = next;
  };
  for (let at = 0; at < text.length; ) {
    const escape =
      hasEscapes && text[at] === '\\'
        ? /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[\s\S])/.exec(text.slice(at, at + 10))
        : null;
    if (escape) {
      const code = escape[1] ?? escape[2];
      const letter = escape[0].slice(1);
      const made = code === undefined ? (meanings[letter] ?? letter) : character(Number(`0x${code}`));
      flush(at, at + escape[0].length, untied(made));
      at = from;
    } else if (text.startsWith('$${', at) || text.startsWith('%%{', at)) {
      flush(at, at + 1);
      at += 3;
    } else if (text.startsWith('${', at) || text.startsWith('%{', at)) {
      const { end } = passExpression(text, at + 2, '', ['}']);
      flush(at, end);
      const expression =
        text[at] === '%'
          ? '%'
          : text
              .slice(at + 2, end - 1)
              .replace(/^~/, '')
              .replace(/~$/, '')
              .trim();
      pieces.push({ expression, raw: slice(source, at, end) });
      at = end;
    } else at++;
  }
  flush(text.length, text.length);
  return pieces;
}

function character(code: number): string {
  return code <= 0x10_ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** What a file itself says of its variables, by the names that expressions have for them. */
export interface Variables {
  /** What a name stands for where nobody gives another value. */
  literal(name: string): StringValue | undefined;
  /** Is it declared here, and has no such value? */
  isBare(name: string): boolean;
  /** Does it serve for something else, too? */
  isShared(name: string): boolean;
}

/** A text in which what has no value stands as it was written. */
export function readLoosely(value: StringValue, variables: Variables): Traced {
  return join(
    piecesOf(value).map((piece) => ('text' in piece ? piece.text : (valueOf(piece, variables) ?? piece.raw))),
  );
}

/** What this file gives a variable; where it serves for something else, at no place that could be changed. */
function valueOf({ expression }: { readonly expression: string }, variables: Variables): Traced | undefined {
  const literal = variables.literal(expression);
  const pieces = literal === undefined ? [] : piecesOf(literal);
  const texts = pieces.flatMap((piece) => ('text' in piece ? [piece.text] : []));
  if (literal === undefined || texts.length < pieces.length) return undefined;
  const whole = join(texts);
  return variables.isShared(expression) ? untied(whole.text) : whole;
}

/**
 * A value as an image, if it is a text, or the name of a variable that this file declares. What is wanted goes to the
 * characters that say it, which may be those of a variable's default: a value that is given then simply wins.
 * `prefix`: what stands in front of an image, without which it is none.
 */
export function imagesIn(
  file: string,
  value: Value | undefined,
  about: Pick<ImageValue, 'kind' | 'role' | 'platform'>,
  variables: Variables,
  prefix = /^/,
): ImageValue[] {
  if (value === undefined || (value.kind !== 'string' && value.kind !== 'other')) return [];
  const { start, end } = value.range;
  const isText = value.kind === 'string';
  const bare = file.slice(start, end);
  if (!isText && variables.literal(bare) === undefined && !variables.isBare(bare)) return [];
  const pieces: readonly Piece[] = isText ? piecesOf(value) : [{ expression: bare, raw: typed(file, start, end) }];
  const parts = pieces.map((piece) => ('text' in piece ? piece.text : valueOf(piece, variables)));
  const names = pieces.flatMap((piece) => ('text' in piece ? [] : [piece.expression]));
  const own = { at: { name: value.range }, ...about };
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) {
    if (isText && !prefix.test(value.text.text)) return [];
    const name = names.find((one) => variables.isBare(one));
    const text: Unread =
      name === undefined
        ? { skipped: 'template', why: 'it is put together from what is not in this file' }
        : { skipped: 'unresolved', why: `${name} has no value in this file` };
    return [{ ...own, text }];
  }
  const whole = join(known);
  const head = prefix.exec(whole.text)?.[0];
  if (head === undefined || whole.text === '') return [];
  const defaults = names.flatMap((one) => variables.literal(one)?.range ?? []);
  const note = `what ${names.join(', ')} is set to elsewhere stands before what is written here`;
  return [{ ...own, text: slice(whole, head.length), ...(defaults.length > 0 && { from: defaults, note }) }];
}

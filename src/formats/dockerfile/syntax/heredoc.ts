import type { TextRange } from '../../../core/parsed-file.ts';
import { isSpace } from '../../text/traced.ts';

/** `<<NAME` in an instruction's line. */
export interface HeredocMark {
  readonly name: string;
  /** `<<-`: tabs before the terminator (and before each line) do not count. */
  readonly chomp: boolean;
}

/** A here-document: the mark and the lines up to its terminator, as a range of the file. */
export interface Heredoc extends HeredocMark {
  readonly body: TextRange;
}

/**
 * The here-documents a logical line opens, in order. Words are split as BuildKit's shell lexer does, always with `\` as
 * its escape; a line that this lexer cannot read (an open quote, a `${…}` it does not know) opens none.
 * Source: BuildKit frontend/dockerfile/parser/parser.go, heredocsFromLine; shell/lex.go; blanks behind `<<` since 0.22.
 */
export function heredocMarks(line: string): readonly HeredocMark[] {
  if (!line.includes('<<')) return [];
  const marks: HeredocMark[] = [];
  let start = -1;
  for (let at = 0; at <= line.length; ) {
    if (at === line.length || isSpace(line.charCodeAt(at))) {
      const mark = start < 0 ? undefined : heredocMark(line.slice(start, at));
      if (mark !== undefined) marks.push(mark);
      start = -1;
      at++;
      continue;
    }
    if (start < 0) start = at;
    const next = endOfPart(line, at);
    if (next < 0) return [];
    at = next;
  }
  return marks;
}

/** Reads a whole word as a mark; undefined for every other word. */
export function heredocMark(word: string): HeredocMark | undefined {
  const match = /^\d*<<(-?)\s*([^<]*)$/.exec(word);
  if (match === null) return undefined;
  const name = unquoted((match[2] ?? '').trim());
  return name ? { name, chomp: match[1] === '-' } : undefined;
}

/** The end of the quote, escape, expansion or character at `at`; -1 where the lexer gives up. */
function endOfPart(line: string, at: number): number {
  const c = line.charAt(at);
  if (c === "'") return line.indexOf("'", at + 1) + 1 || -1;
  if (c === '"') return endOfDoubleQuote(line, at);
  if (c === '\\') return Math.min(at + 2, line.length);
  if (c === '$') return endOfDollar(line, at);
  if (c !== '<' || line.charAt(at + 1) !== '<') return at + 1;
  let end = at + 2;
  if (line.charAt(end) === '-' && isSpace(line.charCodeAt(end + 1))) end++;
  while (end < line.length && isSpace(line.charCodeAt(end))) end++;
  return end;
}

function endOfDoubleQuote(line: string, start: number): number {
  let at = start + 1;
  while (at < line.length) {
    const c = line.charAt(at);
    if (c === '"') return at + 1;
    if (c === '$') {
      at = endOfDollar(line, at);
      if (at < 0) return -1;
    } else at += c === '\\' ? 2 : 1;
  }
  return -1;
}

/** `${…}` ends at the first brace that no quote or escape hides; inner expansions are counted, not recursed into. */
function endOfDollar(line: string, start: number): number {
  if (line.charAt(start + 1) !== '{') return start + 1;
  const opening = /\$\{(?:[\p{L}_][\p{L}\p{Nd}_]*|\d+|[@*#?$!-])(?:\}|:?[-+?]|[#%/])/uy;
  let depth = 0;
  for (let at = start; at < line.length; ) {
    const c = line.charAt(at);
    if (c === '$' && line.charAt(at + 1) === '{') {
      opening.lastIndex = at;
      const head = opening.exec(line);
      if (head === null) return -1;
      at = opening.lastIndex;
      if (!head[0].endsWith('}')) depth++;
    } else if (c === '}') {
      depth--;
      at++;
    } else if (c === "'") {
      at = line.indexOf("'", at + 1) + 1;
      if (at === 0) return -1;
    } else at += c === '\\' ? 2 : 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** Takes quotes and escapes off a terminator word; undefined when it is more than one word. */
function unquoted(word: string): string | undefined {
  let name = '';
  let quote = '';
  for (let at = 0; at < word.length; at++) {
    const c = word.charAt(at);
    if (quote === '' && (c === "'" || c === '"')) quote = c;
    else if (c === quote) quote = '';
    else if (c === '\\' && quote !== "'") name += word.charAt(++at);
    else if (quote === '' && isSpace(c.charCodeAt(0))) return undefined;
    else name += c;
  }
  return name;
}

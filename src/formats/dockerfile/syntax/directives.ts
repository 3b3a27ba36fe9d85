import { isSpace, type Traced, typed } from '../../text/traced.ts';

/** `# name=value` at the top of a file. */
export interface Directive {
  readonly name: string;
  /** Without surrounding white space. */
  readonly value: Traced;
}

const known = new Set(['syntax', 'escape', 'check']);

/**
 * Reads one line as a directive behind the comment mark; undefined for any other line, which ends the directives.
 * Source: BuildKit frontend/dockerfile/parser/directives.go (an unknown name is an ordinary comment).
 */
export function directiveAt(text: string, start: number, end: number, mark = '#'): Directive | undefined {
  if (!text.startsWith(mark, start)) return undefined;
  let at = start + mark.length;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  const equals = text.indexOf('=', at);
  if (equals < 0 || equals >= end) return undefined;
  const name = text.slice(at, equals).trimEnd().toLowerCase();
  if (!known.has(name)) return undefined;
  let from = equals + 1;
  let to = end;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return from === to ? undefined : { name, value: typed(text, from, to) };
}

import { isSpace, join, slice, type Traced, trimmed } from '../../text/traced.ts';

/** `--name=value` before an instruction's arguments, quotes and escapes taken off. */
export interface Flag {
  readonly name: string;
  /** Absent without `=`. */
  readonly value?: Traced;
  /** The value as typed, quotes and escapes included. */
  readonly raw?: Traced;
}

/**
 * Splits the flags off an instruction's arguments: words that begin with `--`, in any order; a bare `--` ends them.
 * Source: BuildKit frontend/dockerfile/parser/split_command.go, extractBuilderFlags.
 */
export function splitFlags(args: Traced, escape: string): { readonly flags: readonly Flag[]; readonly rest: Traced } {
  if (!args.text.includes('--')) return { flags: [], rest: trimmed(args) };
  const flags: Flag[] = [];
  let at = 0;
  for (;;) {
    while (at < args.text.length && isSpace(args.text.charCodeAt(at))) at++;
    if (!args.text.startsWith('--', at)) return { flags, rest: trimmed(slice(args, at)) };
    const word = unquotedWord(args, at, escape);
    if (word.value.text === '--') return { flags, rest: trimmed(slice(args, word.end)) };
    const equals = word.value.text.indexOf('=');
    if (equals < 0) flags.push({ name: word.value.text.slice(2) });
    else {
      const raw = slice(args, args.text.indexOf('=', at) + 1, word.end);
      flags.push({ name: word.value.text.slice(2, equals), value: slice(word.value, equals + 1), raw });
    }
    at = word.end;
  }
}

/** The word at `start` up to white space outside quotes. */
function unquotedWord(args: Traced, start: number, escape: string): { value: Traced; end: number } {
  const pieces: Traced[] = [];
  let quote = '';
  let plain = start;
  let at = start;
  for (; at < args.text.length; at++) {
    const c = args.text.charAt(at);
    if (quote === '' && isSpace(c.charCodeAt(0))) break;
    const opens = quote === '' && (c === '"' || c === "'");
    if (!opens && c !== quote && c !== escape) continue;
    pieces.push(slice(args, plain, at));
    plain = at + 1;
    if (c === escape) at++;
    else quote = opens ? c : '';
  }
  at = Math.min(at, args.text.length);
  pieces.push(slice(args, plain, at));
  return { value: join(pieces), end: at };
}

/** Splits at white space and nothing else, as FROM does: a quoted blank splits too. */
export function blankWords(args: Traced): readonly Traced[] {
  const words: Traced[] = [];
  for (const match of args.text.matchAll(/[^\t\v\f\r ]+/g)) {
    words.push(slice(args, match.index, match.index + match[0].length));
  }
  return words;
}

/**
 * Splits at white space outside quotes and keeps quotes and escapes in the words, as ARG and ENV do.
 * Source: BuildKit frontend/dockerfile/parser/line_parsers.go, parseWords.
 */
export function quotedWords(args: Traced, escape: string): readonly Traced[] {
  const words: Traced[] = [];
  let start = -1;
  let quote = '';
  for (let at = 0; at < args.text.length; at++) {
    const c = args.text.charAt(at);
    if (quote === '' && isSpace(c.charCodeAt(0))) {
      if (start >= 0) words.push(slice(args, start, at));
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (c === escape && quote !== "'") at++;
    else if (quote === '' && (c === '"' || c === "'")) quote = c;
    else if (c === quote) quote = '';
  }
  if (start >= 0) words.push(slice(args, start));
  return words;
}

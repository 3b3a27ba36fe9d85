/**
 * Matches a shell pattern: `*` any run, `?` any character, `\` before `*`, `?`, `\`, `}` and `/` takes them literally.
 * Between stars the parts have fixed length, so the leftmost match needs no backtracking.
 * Source: BuildKit frontend/dockerfile/shell/lex.go, convertShellPatternToRegex (no bracket expressions).
 */
export interface Pattern {
  /** The parts between stars; undefined stands for `?`. */
  readonly parts: readonly (readonly (string | undefined)[])[];
}

/** Undefined when an escape is not one of those above. */
export function parsePattern(source: string): Pattern | undefined {
  const parts: (string | undefined)[][] = [[]];
  for (let at = 0; at < source.length; at++) {
    const c = source.charAt(at);
    if (c === '*') parts.push([]);
    else if (c === '\\') {
      const next = source.charAt(++at);
      if (!/^[*?\\}/]$/.test(next)) return undefined;
      parts.at(-1)?.push(next);
    } else parts.at(-1)?.push(c === '?' ? undefined : c);
  }
  return { parts };
}

/** The same pattern for text read backwards. */
export function reversed(pattern: Pattern): Pattern {
  return { parts: pattern.parts.map((part) => part.toReversed()).toReversed() };
}

/** The end of the match that begins at 0, the longest when `greedy`, else the shortest; -1 for none. */
export function matchPrefix(pattern: Pattern, text: string, greedy: boolean): number {
  const [first = [], ...others] = pattern.parts;
  return fits(first, text, 0) ? endOfOthers(others, text, first.length, greedy) : -1;
}

/** The leftmost match from `from` on, and of those the longest. */
export function findMatch(pattern: Pattern, text: string, from: number): [start: number, end: number] | undefined {
  const [first = [], ...others] = pattern.parts;
  const start = findPart(first, text, from);
  if (start < 0) return undefined;
  // A later start leaves less room for the other parts, so the first one decides.
  const end = endOfOthers(others, text, start + first.length, true);
  return end < 0 ? undefined : [start, end];
}

function endOfOthers(parts: Pattern['parts'], text: string, from: number, greedy: boolean): number {
  let end = from;
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    const at = last && greedy ? findLastPart(part, text, end) : findPart(part, text, end);
    if (at < 0) return -1;
    end = at + part.length;
  }
  return end;
}

function fits(part: readonly (string | undefined)[], text: string, at: number): boolean {
  if (at + part.length > text.length) return false;
  return part.every((c, index) => c === undefined || c === text.charAt(at + index));
}

function findPart(part: readonly (string | undefined)[], text: string, from: number): number {
  for (let at = from; at + part.length <= text.length; at++) if (fits(part, text, at)) return at;
  return -1;
}

function findLastPart(part: readonly (string | undefined)[], text: string, from: number): number {
  for (let at = text.length - part.length; at >= from; at--) if (fits(part, text, at)) return at;
  return -1;
}

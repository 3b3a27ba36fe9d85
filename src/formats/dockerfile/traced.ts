/**
 * Text whose every UTF-16 unit remembers the offset in the file it was typed at; -1 where nothing was typed (what an
 * expansion made up). Joined lines, unquoted words and expanded variables are all such text, so that an edit can go
 * back to the very characters that supply a tag or a digest.
 */
export interface Traced {
  readonly text: string;
  /** As long as `text`. */
  readonly origin: Int32Array;
}

export const nothing: Traced = { text: '', origin: new Int32Array(0) };

/** The file's own text from `start` to `end`. */
export function typed(file: string, start: number, end: number): Traced {
  const origin = new Int32Array(end - start);
  for (let i = 0; i < origin.length; i++) origin[i] = start + i;
  return { text: file.slice(start, end), origin };
}

export function slice(traced: Traced, start: number, end = traced.text.length): Traced {
  return { text: traced.text.slice(start, end), origin: traced.origin.subarray(start, end) };
}

export function join(pieces: readonly Traced[]): Traced {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const origin = new Int32Array(pieces.reduce((length, piece) => length + piece.text.length, 0));
  let at = 0;
  for (const piece of pieces) {
    origin.set(piece.origin, at);
    at += piece.text.length;
  }
  return { text: pieces.map((piece) => piece.text).join(''), origin };
}

/** The same text, no longer tied to any place. */
export function untied(text: string): Traced {
  return { text, origin: new Int32Array(text.length).fill(-1) };
}

/** Where the first unit was typed; `otherwise` for text that is empty or made up. */
export function startOf(traced: Traced, otherwise: number): number {
  const first = traced.origin[0] ?? -1;
  return first < 0 ? otherwise : first;
}

/** The offset behind the last unit; `otherwise` for text that is empty or made up. */
export function endOf(traced: Traced, otherwise: number): number {
  const last = traced.origin[traced.origin.length - 1] ?? -1;
  return last < 0 ? otherwise : last + 1;
}

export function trimmed(traced: Traced): Traced {
  let start = 0;
  let end = traced.text.length;
  while (start < end && isSpace(traced.text.charCodeAt(start))) start++;
  while (end > start && isSpace(traced.text.charCodeAt(end - 1))) end--;
  return slice(traced, start, end);
}

/** White space as Go's unicode.IsSpace sees it, which is what BuildKit's parser asks. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/*
 * src/formats/text/
 *
 * Texts of files, whatever kind they are of: lines and positions (lines.ts), text that remembers where each of its
 * characters was typed (this file), values in which images are named, as every format but Dockerfiles gives them
 * (image-values.ts), values within objects and lists (value-tree.ts), and edits of images that stand at such places, proven by reading again (edit-places.ts).
 * Begin here.
 */

import type { TextRange } from '../../core/parsed-file.ts';

/** Characters of a traced text from index `at` on, typed in the file from offset `from` on; -1: typed nowhere. */
interface Run {
  readonly at: number;
  readonly from: number;
}

/**
 * Text that remembers where in the file each of its characters was typed, as runs of neighbours; what an expansion made
 * up was typed nowhere. Joined lines, unquoted words and expanded variables are all such text, so that an edit can go
 * back to the very characters that supply a tag or a digest.
 */
export interface Traced {
  readonly text: string;
  /** In the order of the text, the first at 0, neighbours merged; none for empty text. */
  readonly runs: readonly Run[];
}

export const nothing: Traced = { text: '', runs: [] };

/** The file's own text from `start` to `end`. */
export function typed(file: string, start: number, end: number): Traced {
  return start < end ? { text: file.slice(start, end), runs: [{ at: 0, from: start }] } : nothing;
}

/** The same text, tied to no place. */
export function untied(text: string): Traced {
  return text === '' ? nothing : { text, runs: [{ at: 0, from: -1 }] };
}

/** A part of a traced text, by indexes as of String.slice, none of them negative. */
export function slice(traced: Traced, start: number, end = traced.text.length): Traced {
  if (start === 0 && end === traced.text.length) return traced;
  const text = traced.text.slice(start, end);
  if (text === '') return nothing;
  const [only] = traced.runs;
  // Nearly all text was typed in one piece.
  if (traced.runs.length === 1 && only !== undefined) {
    return { text, runs: [{ at: 0, from: only.from < 0 ? -1 : only.from + start }] };
  }
  const runs: Run[] = [];
  for (let index = runIndex(traced, start); index < traced.runs.length; index++) {
    const { at, from } = traced.runs[index] as Run;
    if (at >= end) break;
    const skipped = Math.max(start - at, 0);
    runs.push({ at: at + skipped - start, from: from < 0 ? -1 : from + skipped });
  }
  return { text, runs };
}

/** Traced texts one after the other; neighbours in the file become one run. */
export function join(pieces: readonly Traced[]): Traced {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const runs: Run[] = [];
  let length = 0;
  for (const piece of pieces) {
    for (const { at, from } of piece.runs) {
      const last = runs.at(-1);
      const follows = last && (from < 0 ? last.from < 0 : last.from >= 0 && last.from + length + at - last.at === from);
      if (!follows) runs.push({ at: length + at, from });
    }
    length += piece.text.length;
  }
  return { text: pieces.map((piece) => piece.text).join(''), runs };
}

/** The offset the character at an index was typed at; -1 for none. */
export function offsetAt(traced: Traced, index: number): number {
  const run = traced.runs[runIndex(traced, index)];
  return run === undefined || run.from < 0 || index >= traced.text.length ? -1 : run.from + index - run.at;
}

/** The range of the file the text was typed at, when it was typed in one piece. */
export function rangeOf({ text, runs }: Traced): TextRange | undefined {
  const [run] = runs;
  if (run === undefined || runs.length > 1 || run.from < 0) return undefined;
  return { start: run.from, end: run.from + text.length };
}

/** The range from the first to the last character, whatever stands between them; empty at `otherwise` for made up text. */
export function spanOf(traced: Traced, otherwise: number): TextRange {
  const start = offsetAt(traced, 0);
  const last = offsetAt(traced, traced.text.length - 1);
  return start < 0 || last < start ? { start: otherwise, end: otherwise } : { start, end: last + 1 };
}

/** The run an index lies in. */
function runIndex({ runs }: Traced, index: number): number {
  let low = 0;
  let high = runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((runs[middle] as Run).at <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Without white space at both ends. */
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

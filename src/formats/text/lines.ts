import type { TextRange } from '../../core/parsed-file.ts';

const byteOrderMark = '\ufeff';

/** Steps through physical lines: the ranges leave out the byte order mark and the line's terminator. */
export class LineCursor {
  readonly #text: string;
  #next: number;
  /** The number of the line returned last, from 1. */
  line = 0;

  constructor(text: string) {
    this.#text = text;
    this.#next = text.startsWith(byteOrderMark) ? 1 : 0;
  }

  /** Only LF ends a line; the CRs before it are part of the terminator (BuildKit parser.go, scanLines and trimNewline). */
  next(): TextRange | undefined {
    const start = this.#next;
    if (start >= this.#text.length) return undefined;
    const feed = this.#text.indexOf('\n', start);
    let end = feed < 0 ? this.#text.length : feed;
    this.#next = feed < 0 ? end : feed + 1;
    while (end > start && this.#text.charCodeAt(end - 1) === 0x0d) end--;
    this.line++;
    return { start, end };
  }
}

/** A place for people: both counted from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets to lines and columns, both from 1; a byte order mark takes no column. */
export function positions(text: string): (offset: number) => Position {
  const starts = [text.startsWith(byteOrderMark) ? 1 : 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

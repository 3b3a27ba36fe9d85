import { limits } from '../../core/limits/limits.ts';
import { lineRanges, linesPerStep } from '../database-lines.ts';

/** One paragraph: the wanted fields by lower-case name, first lines only, trimmed. */
export interface Paragraph {
  readonly fields: ReadonlyMap<string, string>;
  /** Of its first line; 1-based. */
  readonly line: number;
  /** The first line that is neither `Name: value` nor a continuation of one. */
  readonly brokenLine: number | undefined;
}

const space = 32;
const tab = 9;

/**
 * The paragraphs of a Debian control file (deb822(5)): fields `Name: value`, continued by lines that start with a space
 * or tab, paragraphs separated by blank lines. Names are case-insensitive. Only the `wanted` fields (lower case) are
 * decoded; a paragraph can be megabytes of conffiles and descriptions, or nothing but blank lines: undefined is handed out
 * where the reading may be interrupted.
 */
export function* paragraphs(bytes: Buffer, wanted: ReadonlySet<string>): Generator<Paragraph | undefined> {
  let fields = new Map<string, string>();
  let first = 0;
  let brokenLine: number | undefined;
  let line = 0;
  for (const [start, end] of lineRanges(bytes)) {
    if (++line % linesPerStep === 0) yield undefined;
    if (isBlank(bytes, start, end)) {
      if (first > 0) yield { fields, line: first, brokenLine };
      fields = new Map();
      first = 0;
      brokenLine = undefined;
      continue;
    }
    const isContinuation = bytes[start] === space || bytes[start] === tab;
    const opensParagraph = first === 0;
    if (opensParagraph) first = line;
    if (isContinuation) {
      if (opensParagraph) brokenLine ??= line;
      continue;
    }
    const name = fieldName(bytes, start, end);
    if (name === undefined) brokenLine ??= line;
    else if (wanted.has(name)) {
      fields.set(name, bytes.toString('utf8', start + name.length + 1, end).trim());
    }
  }
  if (first > 0) yield { fields, line: first, brokenLine };
}

function fieldName(bytes: Buffer, start: number, end: number): string | undefined {
  const head = bytes.toString('latin1', start, Math.min(end, start + limits.image.fieldName.most));
  const colon = head.indexOf(':');
  return colon > 0 && !/\s/.test(head.slice(0, colon)) ? head.slice(0, colon).toLowerCase() : undefined;
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== space && bytes[i] !== tab) return false;
  }
  return true;
}

import { limits } from '../core/limits/limits.ts';
import type { Problem } from '../core/problem.ts';

const newline = 10;

/** The records of a database, which end with a blank line: all of them, or as many as are read and the reason why not more. */
export function readableRecords(path: string, bytes: Uint8Array): { records: Buffer; problems: Problem[] } {
  const whole = asBuffer(bytes);
  if (whole.length <= limits.image.database.most) return { records: whole, problems: [] };
  const end = whole.lastIndexOf('\n\n', limits.image.database.most - 2);
  const message = `read the first ${Math.max(end, 0)} of ${whole.length} bytes of ${path}; packages listed after them are missing`;
  return {
    records: whole.subarray(0, Math.max(end, 0)),
    problems: [{ code: 'database-too-large', message, subject: path }],
  };
}

/** The problem of a database that holds more packages than are read; `path` is its file in the image. */
export function tooManyPackages(path: string): Problem {
  const message = `read the first ${limits.image.packages.most} packages of ${path}; those listed after them are missing`;
  return { code: 'database-too-large', message, subject: path };
}

/** A reader of lines pauses after so many: a fraction of a millisecond. */
export const linesPerStep = 1000;

/**
 * The lines of a text file as half-open ranges, `\n` and a `\r` before it left out. Ranges and not strings, because
 * readers need a few lines of a file that may be a hundred megabytes.
 */
export function* lineRanges(bytes: Buffer): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const next = found < 0 ? bytes.length : found;
    yield [start, next > start && bytes[next - 1] === 13 ? next - 1 : next];
    start = next + 1;
  }
}

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

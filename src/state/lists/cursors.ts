import { createHash } from 'node:crypto';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Page } from '../memory.ts';

/** A list: its name, and all that it is asked for with. A cursor is good for the list that gave it, and for no other. */
export type ListKey = readonly [name: string, ...asked: readonly (string | undefined)[]];

/** Where a page begins, as text for whoever asks for it: opaque, of letters, digits, `-` and `_`. */
export function cursorAt(list: ListKey, position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([markOf(list), ...position])).toString('base64url');
}

/** The position that {@link cursorAt} wrote. Throws PlimsollError 'USAGE' for what no page of this list has given. */
export function positionAt(list: ListKey, cursor: string): readonly unknown[] {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw noCursor();
  }
  if (!Array.isArray(read) || read[0] !== markOf(list)) throw noCursor();
  return read.slice(1) as readonly unknown[];
}

/** What a cursor is answered with that is none of the list. */
export function noCursor(): PlimsollError {
  return new PlimsollError(
    'USAGE',
    'no page of this list, as it is asked for here, has given this cursor; begin without one, and change nothing else from page to page',
  );
}

/** The number that is all of a position. Throws PlimsollError 'USAGE'. */
function numberAt(list: ListKey, cursor: string): number {
  const [number, ...more] = positionAt(list, cursor);
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0 || more.length > 0) throw noCursor();
  return number;
}

/** How many rows are in front of a page of a list that is counted from its top. Throws PlimsollError 'USAGE'. */
export function rowsBefore(list: ListKey, cursor: string | undefined): number {
  return cursor === undefined ? 0 : numberAt(list, cursor);
}

/** One page of rows that are all there. Throws PlimsollError 'USAGE'. */
export function pageOfRows<T>(list: ListKey, rows: readonly T[], cursor: string | undefined): Page<T> {
  const from = rowsBefore(list, cursor);
  const end = from + limits.report.pageRows.most;
  return { items: rows.slice(from, end), ...(rows.length > end && { next: cursorAt(list, [end]) }) };
}

/** One page of what has numbers, the newest first; `ask` gives so many before a number. Throws PlimsollError 'USAGE'. */
export async function newestFirst<T>(
  list: ListKey,
  cursor: string | undefined,
  ask: (most: number, before?: number) => Promise<readonly T[]>,
  numberOf: (one: T) => number,
): Promise<Page<T>> {
  const { most } = limits.report.pageRows;
  const found = await ask(most + 1, cursor === undefined ? undefined : numberAt(list, cursor));
  const items = found.slice(0, most);
  const last = found.length > most ? items.at(-1) : undefined;
  return { items, ...(last && { next: cursorAt(list, [numberOf(last)]) }) };
}

function markOf(list: ListKey): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 8);
}

import type { Database, Row, Value } from '../database.ts';
import { cursorAt, type ListKey, noCursor, positionAt } from './cursors.ts';

/** What a list by class is ordered by within a class: columns, and what they hold. */
export type ListOrder = Readonly<Record<string, 'number' | 'string'>>;

/** A row of such a list: its class, and its values of the order. */
export interface Position<Class extends string> {
  readonly class: Class;
  readonly values: readonly (string | number)[];
}

/** A list that goes from class to class, each from an index that begins with it: to sort all that is open takes too long. */
export interface ClassList<Class extends string> {
  /** Up to the class, as `select … from … where …`, with its values. */
  readonly sql: string;
  readonly values: readonly Value[];
  readonly classes: readonly Class[];
  readonly order: ListOrder;
}

/** The columns of an order, as SQL has them. */
export function columnsOf(order: ListOrder): string {
  return Object.keys(order).join(', ');
}

/** So many rows behind a position. */
export async function rowsByClass<Class extends string>(
  database: Database,
  { sql, values, classes, order }: ClassList<Class>,
  from: Position<Class> | undefined,
  most: number,
): Promise<Row[]> {
  const found: Row[] = [];
  const columns = columnsOf(order);
  const places = Object.keys(order).map(() => '?');
  for (const kind of classes.slice(from === undefined ? 0 : classes.indexOf(from.class))) {
    const isBegun = kind === from?.class;
    const beyond = isBegun ? `and (${columns}) > (${places.join(', ')})` : '';
    const wanted = `${sql} and class = ? ${beyond} order by ${columns} limit ${most - found.length}`;
    found.push(...(await database.ask(wanted, ...values, kind, ...(isBegun ? from.values : []))));
    if (found.length >= most) break;
  }
  return found;
}

/** Where a page ends with this row. */
export function cursorBehind(list: ListKey, row: Row, order: ListOrder): string {
  return cursorAt(
    list,
    ['class', ...Object.keys(order)].map((column) => row[column]),
  );
}

/** Undefined: from the first row on. Throws PlimsollError 'USAGE' for what is no cursor of this list. */
export function positionOf<Class extends string>(
  list: ListKey,
  cursor: string | undefined,
  classes: readonly Class[],
  order: ListOrder,
): Position<Class> | undefined {
  if (cursor === undefined) return undefined;
  const [name, ...values] = positionAt(list, cursor);
  const kind = classes.find((one) => one === name);
  const shapes = Object.values(order);
  const isPosition =
    values.length === shapes.length &&
    shapes.every((shape, i) => typeof values[i] === shape && (shape === 'string' || Number.isSafeInteger(values[i])));
  if (kind === undefined || !isPosition) throw noCursor();
  return { class: kind, values: values as (string | number)[] };
}

import type { Value } from '../database.ts';

/** A statement for PostgreSQL, with what is bound in it. */
export interface Spelled {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Cell = string | number | null;

/** PostgreSQL takes no zero character in a text. One that is no character stands for it, which nobody interchanges (Unicode, chapter 23.7). */
const stand = '\uffff';
const withoutZeros = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', stand) : text);

/** A text as it was before it was bound. Pure. */
export function withZeros(text: string): string {
  return text.includes(stand) ? text.replaceAll(stand, '\0') : text;
}

const boundValue = (value: Value): unknown =>
  typeof value === 'string'
    ? withoutZeros(value)
    : typeof value === 'object' && value !== null
      ? value.map((one) => (typeof one === 'string' ? withoutZeros(one) : one))
      : value;

/** What is the same in other words. `like` is without regard to case in SQLite. */
function inOtherWords(sql: string): string {
  return sql
    .replace(/\bnot in \(select value from json_each\((\?\d*)\)\)/g, '<> all($1)')
    .replace(/\bin \(select value from json_each\((\?\d*)\)\)/g, '= any($1)')
    .replace(/ like /g, ' ilike ');
}

/** `?` and `?N`, each as `write` has it; `at` begins with 0. */
function withParameters(sql: string, write: (at: number) => string): string {
  let last = 0;
  return sql.replace(/\?(\d*)/g, (_, number: string) => {
    const at = number === '' ? last + 1 : Number(number);
    last = Math.max(last, at);
    return write(at - 1);
  });
}

/**
 * The statement with its values. Numbers and texts say what they are, since PostgreSQL guesses a parameter's type from what
 * stands beside it; null is written out, having none; a list has that of what it is looked for in. Pure.
 */
export function spelled(sql: string, values: readonly Value[]): Spelled {
  const bound: unknown[] = [];
  const places = values.map((value) => {
    if (value === null) return 'null';
    bound.push(boundValue(value));
    return `$${bound.length}${typeof value === 'number' ? '::int8' : typeof value === 'string' ? '::text' : ''}`;
  });
  return { text: withParameters(inOtherWords(sql), (at) => places[at] ?? 'null'), values: bound };
}

/**
 * The insert of `values (…)`, update or delete for all these rows in one statement: their columns come as arrays. An insert
 * that may change a row keeps the last of those that name the same, since one statement changes none twice. Pure.
 */
export function spelledForAll(sql: string, rows: readonly (readonly Cell[])[]): Spelled {
  const wanted = lastOfEach(sql, rows);
  const values: unknown[] = [];
  const width = rows[0]?.length ?? 0;
  const names: string[] = [];
  const places = Array.from({ length: width }, (_, at) => {
    const column = wanted.map((row) => row[at] ?? null);
    const some = column.find((value) => value !== null);
    if (some === undefined) return 'null';
    values.push(column.map((value) => boundValue(value)));
    names.push(`p${at}`);
    return `given.p${at}`;
  });
  const arrays = values.map((column, at) => `$${at + 1}::${typeOf(column as readonly Cell[])}[]`);
  const given = `unnest(${arrays.join(', ')}) as given (${names.join(', ')})`;
  return {
    text: joined(
      withParameters(inOtherWords(sql), (at) => places[at] ?? 'null'),
      given,
    ),
    values,
  };
}

function typeOf(column: readonly Cell[]): 'int8' | 'text' {
  return typeof column.find((value) => value !== null) === 'number' ? 'int8' : 'text';
}

function joined(sql: string, given: string): string {
  const insert = /^\s*(insert into .*?\))\s+values \((.*?)\)(?=\s+on conflict|\s*$)/s.exec(sql);
  if (insert !== null) {
    const [whole, into, values] = insert;
    return `${into} select ${values} from ${given}${sql.slice(whole.length)}`;
  }
  const other = /^\s*(update .*? set .*?|delete from \S+)\s+where (.*)$/s.exec(sql);
  if (other === null) throw new Error(`no statement for many rows: ${sql}`);
  const [, head = '', condition] = other;
  return `${head} ${head.startsWith('update') ? 'from' : 'using'} ${given} where ${condition}`;
}

function lastOfEach(sql: string, rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const conflict = /^\s*insert into \S+ \((.*?)\).*on conflict \((.*?)\) do update/s.exec(sql);
  if (conflict === null) return rows;
  const [columns = [], keys = []] = conflict.slice(1).map((list) => list.split(', '));
  const at = keys.map((key) => columns.indexOf(key));
  return [...new Map(rows.map((row) => [JSON.stringify(at.map((index) => row[index])), row])).values()];
}

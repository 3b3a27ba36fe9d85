import { isTurnOver, nextTurn } from '../core/time/turns.ts';
import type { StoredInventory } from './fleet.ts';

/**
 * What statements are put to, whichever database it is. They are written once, in what SQLite and PostgreSQL both
 * understand, with these habits: parameters are `?` or `?1`; `on conflict (…) do update` names its columns and writes
 * `table.column` for what stands; ids come from `returning`; null stands first only where `nulls first` says so; of
 * functions that SQLite alone has only `max` and `min` of two values and `instr`, which PostgreSQL's schema brings, and no
 * JSON. What PostgreSQL calls otherwise is in postgres/spelling.ts.
 */

/** A list stands in `in (select value from json_each(?))`. */
export type Value = string | number | null | readonly string[] | readonly number[];

/** A row, by the names of its columns. Whole numbers are numbers. */
export type Row = Record<string, unknown>;

/** Work that gives others a turn by `yield`, and waits by `yield` of a promise, where the database is elsewhere. */
export type Work<T> = Generator<Promise<unknown> | undefined, T, undefined>;

/** What can be said inside a transaction. */
export interface Statements {
  run(sql: string, ...values: Value[]): Work<void>;
  all(sql: string, ...values: Value[]): Work<Row[]>;
  /**
   * An insert of `values (…)`, an update or a delete once for each of these. They may be one statement: what one does, the
   * next may not see, and of two inserts that update one row only the last counts.
   */
  each<T>(all: Iterable<T>, sql: string, valuesOf: (one: T) => readonly (string | number | null)[]): Work<void>;
  /** Says what is in an inventory; the packages themselves are known already. */
  contain(inventory: number, packages: StoredInventory['packages']): Work<void>;
}

/** An open state. Whatever goes wrong is a PlimsollError 'STATE' with the sentence for whoever owns it. */
export interface Database {
  /** A join that finds, for each row of `package`, the rows of `inventory` that hold it. */
  readonly holders: string;
  ask(sql: string, ...values: Value[]): Promise<Row[]>;
  /** A change of one statement. */
  change(sql: string, ...values: Value[]): Promise<void>;
  /** All of it or nothing, one after the other. */
  transaction<T>(work: (inside: Statements) => Work<T>): Promise<T>;
}

/** Does the work to its end. Throws what it throws, or what it waited for. */
export async function finished<T>(work: Work<T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (value !== undefined) await value;
    else if (isTurnOver()) await nextTurn();
  }
}

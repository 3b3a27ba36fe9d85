import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { type Database, finished, type Row, type Statements, type Value, type Work } from '../database.ts';
import type { StoredInventory } from '../fleet.ts';

/** So many rows are read or written before others have a turn; some milliseconds. */
const rowsPerStep = 1000;

/**
 * An open state file. Every failure is a PlimsollError 'STATE' with the sentence for whoever owns the file.
 *
 * There is one connection, and a transaction of it may take many turns of the event loop: whoever asks meanwhile waits,
 * or the statement would land in that transaction. So outsiders come by `ask`, `change`, `alone` and `transaction`, one
 * after the other; the other methods are for the work that is let in.
 */
export class SqliteDatabase implements Database, Statements {
  readonly holders =
    'join contains on contains.package = package.id join inventory on inventory.id = contains.inventory';
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Settles when the last that was let in is done. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string, database: DatabaseSync) {
    this.file = file;
    this.#database = database;
  }

  /** The same statement for the same text: SQLite's memory for one is seen by no garbage collector. */
  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  exec(sql: string): void {
    guarded(this.file, () => this.#database.exec(sql));
  }

  ask(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.alone(() => this.#prepare(sql).all(...values.map(bound)));
  }

  change(sql: string, ...values: Value[]): Promise<void> {
    return this.alone(() => void this.#prepare(sql).run(...values.map(bound)));
  }

  *run(sql: string, ...values: Value[]): Work<void> {
    this.#prepare(sql).run(...values.map(bound));
    yield;
  }

  /** With turns for others: for tables that grow with the fleet. Nothing may change meanwhile but in a transaction. */
  *all(sql: string, ...values: Value[]): Work<Row[]> {
    const rows: Row[] = [];
    for (const row of this.#prepare(sql).iterate(...values.map(bound))) {
      rows.push(row);
      if (rows.length % rowsPerStep === 0) yield;
    }
    return rows;
  }

  *contain(inventory: number, packages: StoredInventory['packages']): Work<void> {
    yield* this.each(
      packages,
      `insert into contains (package, inventory) select id, ?4 from package where name = ?1 and version = ?2 and architecture = ?3
       on conflict do nothing`,
      ({ name, version, architecture }) => [name, version, architecture, inventory],
    );
  }

  /** The statement once for each of these, with turns for others. */
  *each<T>(all: Iterable<T>, sql: string, valuesOf: (one: T) => readonly SQLInputValue[]): Work<void> {
    const statement = this.#prepare(sql);
    let done = 0;
    for (const one of all) {
      statement.run(...valuesOf(one));
      if (++done % rowsPerStep === 0) yield;
    }
  }

  /** A question, or a change of one statement, while no transaction is under way. */
  alone<T>(work: () => T): Promise<T> {
    return this.#letIn(() => guarded(this.file, work));
  }

  /** All of it or nothing, with turns for others between the steps. */
  transaction<T>(work: (inside: Statements) => Work<T>): Promise<T> {
    return this.#letIn(async () => {
      this.exec('begin immediate');
      try {
        const result = await finished(work(this));
        this.exec('commit');
        return result;
      } catch (error) {
        // A full disk has SQLite roll back by itself.
        if (this.#database.isTransaction) this.exec('rollback');
        throw error instanceof PlimsollError ? error : troubleWith(this.file, error);
      }
    });
  }

  close(): void {
    guarded(this.file, () => this.#database.close());
  }

  #letIn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

function bound(value: Value): SQLInputValue {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** What `work` returns; whatever SQLite throws meanwhile is a PlimsollError 'STATE' that names the file. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof PlimsollError ? error : troubleWith(file, error);
  }
}

function troubleWith(file: string, error: unknown): PlimsollError {
  return new PlimsollError('STATE', `the state ${file} cannot be used: ${troubleOf(error)}`, { cause: error });
}

/** The primary result code (sqlite.org/rescode.html), which node:sqlite puts in the low byte of errcode; 0 for other errors. */
export function resultCode(error: unknown): number {
  return Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

/** What has gone wrong and what to do, half a sentence; SQLite's own words are for those who know it. */
export function troubleOf(error: unknown): string {
  switch (resultCode(error)) {
    case 5:
      return 'another process is writing it; try again';
    case 8:
      return 'it cannot be written';
    case 10:
      return 'the disk failed while it was read or written, or is full';
    case 11:
    case 26:
      return 'it is damaged, or no SQLite database; restore it from a copy, or delete it and lose what it remembers';
    case 13:
      return 'the disk is full';
    case 14:
      return 'it cannot be opened or made there; may this user write in its folder?';
    default:
      return refusalOf((error as NodeJS.ErrnoException).code) ?? messageOf(error);
  }
}

/** Why a folder or file could not be made, for the refusals that whoever runs this can do something about. */
function refusalOf(code: string | undefined): string | undefined {
  const elsewhere = 'name a file elsewhere with --state, or "state" in the configuration';
  // Node.js says ENOENT where a folder of folders is to be made on a file system that is only read.
  if (code === 'EROFS' || code === 'ENOENT') {
    return `nothing can be made there, as on a file system that is only read; ${elsewhere} (in a container, mount a volume)`;
  }
  if (code === 'EACCES' || code === 'EPERM') return `this user may not write in its folder; ${elsewhere}`;
  if (code === 'ENOSPC') return 'the disk is full';
  return undefined;
}

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { messageOf, PlimsollError } from '../core/errors.ts';

/** An open state file. Every failure is a PlimsollError 'STATE' with the sentence for whoever owns the file. */
export class Database {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, database: DatabaseSync) {
    this.file = file;
    this.#database = database;
  }

  /** The same statement for the same text: SQLite's memory for one is seen by no garbage collector. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  exec(sql: string): void {
    guarded(this.file, () => this.#database.exec(sql));
  }

  /** Returns the row id of an insert. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return guarded(this.file, () => Number(this.prepare(sql).run(...values).lastInsertRowid));
  }

  all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return guarded(this.file, () => this.prepare(sql).all(...values));
  }

  /** All of it or nothing. */
  transaction<T>(work: () => T): T {
    return guarded(this.file, () => {
      this.#database.exec('begin immediate');
      try {
        const result = work();
        this.#database.exec('commit');
        return result;
      } catch (error) {
        // A full disk has SQLite roll back by itself.
        if (this.#database.isTransaction) this.#database.exec('rollback');
        throw error;
      }
    });
  }

  close(): void {
    guarded(this.file, () => this.#database.close());
  }
}

/** What `work` returns; whatever SQLite throws meanwhile is a PlimsollError 'STATE' that names the file. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    throw new PlimsollError('STATE', `the state ${file} cannot be used: ${troubleOf(error)}`, { cause: error });
  }
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
      return messageOf(error);
  }
}

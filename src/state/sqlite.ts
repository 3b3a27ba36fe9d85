import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Digest } from '../core/digest.ts';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { migrations } from './migrations.ts';
import type { NewRun, Store, StoredLook } from './store.ts';

export interface SqliteOptions {
  /** For commands that only ask: the file must be there and is not changed. */
  readonly readOnly: boolean;
}

// Where POSIX locks and shared memory lie (sqlite.org/wal.html: "WAL does not work over a network filesystem").
// Numbers of statfs(2).
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
]);

/**
 * Opens a state file in WAL mode, creating it and bringing its schema forward unless it is only read. Throws
 * PlimsollError 'STATE' with the sentence for whoever owns the file.
 */
export function openSqliteStore(file: string, { readOnly }: SqliteOptions): Store {
  const folder = path.dirname(path.resolve(file));
  if (readOnly && !existsSync(file))
    throw new PlimsollError('STATE', `there is no state at ${file}; "plimsoll run" makes one`);
  const database = guarded(file, () => {
    if (!readOnly) mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseNetwork(file, folder);
    return open(file, readOnly);
  });
  return new SqliteStore(file, database, readOnly);
}

function refuseNetwork(file: string, folder: string): void {
  const kind = networkFileSystems.get(statfsSync(folder).type);
  if (kind)
    throw new PlimsollError(
      'STATE',
      `the state ${file} is on a network file system (${kind}), where SQLite loses data; put it on a local disk`,
    );
}

function open(file: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: 5000 });
  try {
    if (!readOnly) database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on');
    const [check] = database.prepare('pragma quick_check(1)').all();
    if (check?.['quick_check'] !== 'ok')
      throw new PlimsollError(
        'STATE',
        `the state ${file} is damaged: ${String(check?.['quick_check'])}; restore it from a copy, or delete it and lose what it remembers`,
      );
    migrate(file, database, readOnly);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(file: string, database: DatabaseSync, readOnly: boolean): void {
  const found = Number(database.prepare('pragma user_version').get()?.['user_version'] ?? 0);
  if (found > migrations.length) {
    throw new PlimsollError(
      'STATE',
      `the state ${file} has schema ${found}, written by a newer Plimsoll; this one knows ${migrations.length}. Update Plimsoll`,
    );
  }
  if (found === 0 && database.prepare('select 1 from sqlite_schema limit 1').get() !== undefined) {
    throw new PlimsollError('STATE', `${file} is the database of another program; name another file for the state`);
  }
  if (found === migrations.length) return;
  if (readOnly)
    throw new PlimsollError(
      'STATE',
      `the state ${file} has the older schema ${found}; "plimsoll run" brings it forward`,
    );
  for (const [index, statements] of migrations.entries()) {
    if (index < found) continue;
    database.exec(`begin immediate; ${statements}; pragma user_version = ${index + 1}; commit`);
  }
}

/** SQLite's own words are kept as the cause; node:sqlite puts the primary code in the low byte of errcode. */
function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    const code = Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
    const why =
      code === 5
        ? 'another process is writing it; try again'
        : code === 8
          ? 'it cannot be written'
          : code === 11 || code === 26
            ? 'it is damaged, or no SQLite database; restore it from a copy, or delete it and lose what it remembers'
            : code === 13
              ? 'the disk is full'
              : messageOf(error);
    throw new PlimsollError('STATE', `the state ${file} cannot be used: ${why}`, { cause: error });
  }
}

class SqliteStore implements Store {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #readOnly: boolean;

  constructor(file: string, database: DatabaseSync, readOnly: boolean) {
    this.#file = file;
    this.#database = database;
    this.#readOnly = readOnly;
  }

  lastLook(reference: string, platform = '*'): StoredLook | undefined {
    return this.looks(reference, platform)[0];
  }

  looks(reference: string, platform = '*'): readonly StoredLook[] {
    return this.#all(
      'select digest, first, last from look where reference = ? and platform = ? order by last desc, first desc',
      reference,
      platform,
    ).map((row) => ({
      digest: String(row['digest']) as Digest,
      first: Number(row['first']),
      last: Number(row['last']),
    }));
  }

  undelivered(channel: string, news: readonly string[]): readonly string[] {
    const rows = this.#all("select news from delivery where channel = ? and state = 'delivered'", channel);
    const told = new Set(rows.map((row) => row['news']));
    return news.filter((key) => !told.has(key));
  }

  openNews(): ReadonlyMap<string, { readonly first: number }> {
    const rows = this.#all('select key, first from news where closed is null');
    return new Map(rows.map((row) => [String(row['key']), { first: Number(row['first']) }]));
  }

  recordRun(run: NewRun): number {
    return this.#transaction(() => {
      const now = run.startedAt;
      const id = Number(
        this.#prepare('insert into run (started, finished) values (?, ?)').run(now, now).lastInsertRowid,
      );
      const look = this.#prepare(
        'insert into look (reference, platform, digest, first, last) values (?, ?, ?, ?, ?) on conflict do update set last = max(last, excluded.last)',
      );
      for (const { reference, platform, digest } of run.looks) look.run(reference, platform, digest, now, now);
      const finding = this.#prepare(
        'insert into finding (id, class, reference, file, first_run, last_run) values (?, ?, ?, ?, ?, ?) on conflict do update set last_run = excluded.last_run, file = excluded.file',
      );
      const news = this.#prepare(
        'insert into news (key, class, reference, first) values (?, ?, ?, ?) on conflict do update set closed = null',
      );
      const found = new Set<string>();
      for (const one of run.findings) {
        finding.run(one.id, one.class, one.reference, one.file, id, id);
        for (const key of one.news) {
          news.run(key, one.class, one.reference, now);
          found.add(key);
        }
      }
      const close = this.#prepare('update news set closed = ? where key = ?');
      for (const key of this.openNews().keys()) if (!found.has(key)) close.run(now, key);
      return id;
    });
  }

  batchWeek(channel: string): string | undefined {
    const [row] = this.#all('select week from batch where channel = ?', channel);
    return row && String(row['week']);
  }

  recordDelivered(channel: string, news: readonly string[], now: number, week?: string): void {
    this.#transaction(() => {
      if (week !== undefined) {
        this.#prepare(
          'insert into batch (channel, week) values (?, ?) on conflict do update set week = excluded.week',
        ).run(channel, week);
      }
      const statement = this.#prepare(
        "insert into delivery (news, channel, state, tries, delivered) values (?, ?, 'delivered', 1, ?) on conflict do update set state = 'delivered', tries = tries + 1, delivered = excluded.delivered",
      );
      for (const key of news) statement.run(key, channel, now);
    });
  }

  /** Folds the write-ahead log into the file, so that the file alone can be copied. */
  close(): void {
    guarded(this.#file, () => {
      if (!this.#readOnly) this.#fold();
      this.#database.close();
    });
  }

  /** Also leaves WAL mode, in which even a reader makes two more files, and needs a folder that it may write. */
  #fold(): void {
    this.#database.exec('pragma wal_checkpoint(truncate); pragma busy_timeout = 0');
    try {
      this.#database.exec('pragma journal_mode = delete');
    } catch {
      // Somebody is reading; the next run leaves it as well.
    }
  }

  #prepare(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  #all(sql: string, ...values: (string | number)[]): Record<string, unknown>[] {
    return guarded(this.#file, () => this.#prepare(sql).all(...values));
  }

  #transaction<T>(work: () => T): T {
    return guarded(this.#file, () => {
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
}

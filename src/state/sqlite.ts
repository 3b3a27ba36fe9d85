import { existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlimsollError } from '../core/errors.ts';
import type { FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { limits } from '../core/limits/limits.ts';
import { isNotice, type NewsClass } from '../core/news.ts';
import type { Steps } from '../core/time/turns.ts';
import { Database, guarded } from './database.ts';
import type { Fleet } from './fleet.ts';
import { migrations } from './migrations.ts';
import { type Outbox, SqliteOutbox } from './outbox.ts';
import { sees } from './run-coverage.ts';
import { type Snoozes, snoozesIn } from './snoozes.ts';
import type { NewRun, OpenNews, Store, StoredLook, Watch } from './store.ts';
import { SqliteFleet } from './stored-fleet.ts';

/** How a state is opened. */
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
  refuseNoFile(file);
  const folder = path.dirname(path.resolve(file));
  if (readOnly && !existsSync(file))
    throw new PlimsollError('STATE', `there is no state at ${file}; "plimsoll run" makes one`);
  const database = guarded(file, () => {
    if (!readOnly) mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseNetwork(file, folder);
    return open(file, readOnly);
  });
  return new SqliteStore(new Database(file, database), readOnly);
}

/** Throws PlimsollError 'STATE' for what can be no file of ours, whether or not anything is there. */
export function refuseNoFile(file: string): void {
  // A file of this name could be made, and nobody would mean it; the address may hold a password.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) {
    throw new PlimsollError('STATE', 'the state is named by an address, and has to be a file on this machine');
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PlimsollError('STATE', `the state ${file} cannot be used: it is a folder; name a file in it`);
  }
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
  const database = new DatabaseSync(file, { readOnly, timeout: limits.state.lock.most });
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

/** Where times of the past are kept; null stays null. */
const times: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ['run', ['started', 'finished']],
  ['news', ['first', 'closed']],
  ['delivery', ['delivered', 'reminded', 'closing']],
  ['base_line', ['moved']],
  ['baseline', ['told']],
  ['trouble', ['first']],
  ['watched', ['last']],
];

/** News that was closed for less than this and is found again never was over; what broke again is told again at once. */
const overAfter = 24 * 60 * 60 * 1000;

class SqliteStore implements Store {
  readonly #database: Database;
  readonly #readOnly: boolean;
  readonly outbox: Outbox;
  readonly snoozes: Snoozes;
  readonly fleet: Fleet;
  readonly watch: Watch;

  constructor(database: Database, readOnly: boolean) {
    this.#database = database;
    this.#readOnly = readOnly;
    this.outbox = new SqliteOutbox(database);
    this.snoozes = snoozesIn(database);
    this.fleet = new SqliteFleet(database);
    this.watch = watchIn(database);
  }

  async looks(references: readonly string[], platform = '*'): Promise<ReadonlyMap<string, readonly StoredLook[]>> {
    const sql = `select reference, digest, first, last from look
      where reference in (select value from json_each(?)) and platform = ? order by last desc, first desc`;
    const rows = await this.#database.alone(() => this.#database.all(sql, JSON.stringify(references), platform));
    return new Map(
      [...Map.groupBy(rows, (row) => String(row['reference']))].map(([reference, own]) => [
        reference,
        own.map((row) => ({
          digest: String(row['digest']) as Digest,
          first: Number(row['first']),
          last: Number(row['last']),
        })),
      ]),
    );
  }

  async baseLines(references: readonly string[]): Promise<ReadonlyMap<string, Digest>> {
    const sql = 'select reference, digest from base_line where reference in (select value from json_each(?))';
    const rows = await this.#database.alone(() => this.#database.all(sql, JSON.stringify(references)));
    return new Map(rows.map((row) => [String(row['reference']), String(row['digest']) as Digest]));
  }

  moveBaseLines(lines: ReadonlyMap<string, Digest>, now: number): Promise<void> {
    const sql = `insert into base_line (reference, digest, moved) select value->>0, value->>1, ? from json_each(?) where true
      on conflict do update set digest = excluded.digest, moved = excluded.moved`;
    return this.#database.alone(() => void this.#database.run(sql, now, JSON.stringify([...lines])));
  }

  async openNews(): Promise<ReadonlyMap<string, OpenNews>> {
    const sql = 'select key, class, reference, first, runs from news where closed is null';
    const rows = await this.#database.alone(() => this.#database.all(sql));
    return new Map(
      rows.map((row) => [
        String(row['key']),
        {
          class: String(row['class']) as NewsClass,
          reference: String(row['reference']),
          first: Number(row['first']),
          runs: Number(row['runs']),
        },
      ]),
    );
  }

  recordRun(run: NewRun): Promise<number> {
    return this.#database.transaction(() => this.#record(run));
  }

  *#record(run: NewRun): Steps<number> {
    const now = run.startedAt;
    this.#putRight(now);
    const id = this.#database.run('insert into run (started, finished) values (?, ?)', now, now);
    this.#recordLooks(run, now);
    yield;
    this.#recordFindings(run, id);
    yield;
    const wasSeen = this.#keepFindings(run, id);
    yield;
    this.#recordNews(run, wasSeen, now);
    yield;
    this.#recordWatched(run, now);
    return id;
  }

  /**
   * A clock that once ran ahead has left times that are yet to come: they would hold back reminders, ages and closings until
   * then. Such a time is now; a snooze keeps its length.
   */
  #putRight(now: number): void {
    for (const [table, columns] of times) {
      const ahead = columns.map((column) => `${column} > ?1`).join(' or ');
      const right = columns.map((column) => `${column} = min(${column}, ?1)`).join(', ');
      this.#database.run(`update ${table} set ${right} where ${ahead}`, now);
    }
    // What is looked at now is newer.
    this.#database.run('update look set first = min(first, ?1 - 1), last = min(last, ?1 - 1) where last > ?1', now);
    // `now` is when the run began, and a snooze may be newer than that.
    this.#database.run(
      'update snooze set until = ?1 + until - created, created = ?1 where created > ?1 + 86400000',
      now,
    );
  }

  #recordLooks({ looks }: NewRun, now: number): void {
    const look = this.#database.prepare(
      'insert into look (reference, platform, digest, first, last) values (?, ?, ?, ?, ?) on conflict do update set last = max(last, excluded.last)',
    );
    const baseLine = this.#database.prepare(
      'insert into base_line (reference, digest, moved) values (?, ?, ?) on conflict do nothing',
    );
    for (const { reference, platform, digest } of looks) {
      look.run(reference, platform, digest, now, now);
      if (platform === '*') baseLine.run(reference, digest, now);
    }
  }

  #recordFindings({ findings }: NewRun, run: number): void {
    const statement = this.#database.prepare(
      `insert into finding (id, class, reference, repository, file, line, written, remedy, security, held, reason, first_run, last_run, checked)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict do update set repository = excluded.repository, file = excluded.file, line = excluded.line,
         written = excluded.written, remedy = excluded.remedy, security = excluded.security, held = excluded.held,
         reason = excluded.reason, last_run = excluded.last_run, checked = excluded.checked,
         first_run = iif(last_run >= excluded.last_run - 1, first_run, excluded.first_run)`,
    );
    for (const one of findings) {
      const security = one.security === null ? null : Number(one.security);
      const { id, reference, repository, file, line, written, remedy, held = null, reason } = one;
      statement.run(
        id,
        one.class,
        reference,
        repository,
        file,
        line,
        written,
        remedy,
        security,
        held,
        reason,
        run,
        run,
        run,
      );
    }
  }

  /**
   * What the run could not tell about stands as the run before left it; it is over when a run could tell, and did not find
   * it. Returns whether all that was known of a reference was seen.
   */
  #keepFindings(run: NewRun, id: number): (reference: string) => boolean {
    const isSeen = sees(run);
    const stands = this.#database.prepare('update finding set last_run = ? where id = ? and class = ?');
    const references = new Map<string, boolean>();
    const before = 'select id, class, repository, file, reference from finding where last_run = ?';
    for (const row of this.#database.all(before, id - 1)) {
      const [place, kind, reference] = [
        String(row['id']),
        String(row['class']) as FindingClass,
        String(row['reference']),
      ];
      const untold = run.places.get(place);
      const wasSeen = isSeen(String(row['repository']), String(row['file']));
      references.set(reference, wasSeen && references.get(reference) !== false);
      if (!wasSeen || untold === 'all' || untold?.has(kind)) stands.run(id, place, kind);
    }
    // A state that came without its findings does not say where a reference was used.
    const { scopes, isOpen, places, partly } = run.unread;
    const isWhole = scopes.size + places.length + partly.size === 0 && !isOpen;
    return (reference) => references.get(reference) ?? isWhole;
  }

  #recordWatched({ whole }: NewRun, now: number): void {
    const forget = this.#database.prepare('delete from watched where scope = ?');
    const add = this.#database.prepare(
      'insert into watched (scope, name, file, last) values (?, ?, ?, ?) on conflict do nothing',
    );
    for (const { id, name, files } of whole) {
      forget.run(id);
      add.run(id, name, '', now);
      for (const file of files) add.run(id, name, file, now);
    }
  }

  #recordNews(
    { findings, notices, unsure, unread }: NewRun,
    wasSeen: (reference: string) => boolean,
    now: number,
  ): void {
    const known = this.#database.prepare('select class, first, closed from news where key = ?');
    const add = this.#database.prepare('insert into news (key, class, reference, first) values (?, ?, ?, ?)');
    const again = this.#database.prepare('update news set runs = runs + 1 where key = ?');
    const reopen = this.#database.prepare('update news set closed = null, first = ?, runs = 1 where key = ?');
    const forget = this.#database.prepare('delete from delivery where news = ?');
    const found = new Set<string>();
    for (const one of [...findings, ...notices]) {
      for (const key of one.news) {
        if (found.has(key)) continue;
        found.add(key);
        const row = known.get(key);
        if (row === undefined) add.run(key, one.class, one.reference, now);
        else if (row['closed'] === null) again.run(key);
        else if (one.class === 'pin-broken' || now - Number(row['closed']) >= overAfter) {
          reopen.run(now, key);
          forget.run(key);
        } else reopen.run(Number(row['first']), key);
      }
    }
    const close = this.#database.prepare('update news set closed = ? where key = ?');
    for (const row of this.#database.all('select key, class, reference from news where closed is null')) {
      const [key, kind, reference] = [String(row['key']), String(row['class']) as NewsClass, String(row['reference'])];
      const untold = unsure.get(reference);
      const isUntold = isNotice(kind)
        ? // What stands in the way in a repository that was not read is no better known.
          unread.scopes.size > 0 || unread.isOpen
        : untold === 'all' || untold?.has(kind) || !wasSeen(reference);
      if (!found.has(key) && !isUntold) close.run(now, key);
    }
  }

  /** Folds the write-ahead log into the file, so that the file alone can be copied. */
  close(): Promise<void> {
    return this.#database.alone(() => {
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
}

function watchIn(database: Database): Watch {
  return {
    scopes: async () => {
      const sql = "select scope, name, last from watched where file = '' order by name, scope";
      const rows = await database.alone(() => database.all(sql));
      return rows.map((row) => ({ id: String(row['scope']), name: String(row['name']), last: Number(row['last']) }));
    },
    readBefore: async (places) => {
      const sql = `select value->>'scope' as scope, value->>'file' as file from json_each(?)
        where exists (select 1 from watched where name = value->>'scope' and watched.file = value->>'file')`;
      const rows = await database.alone(() => database.all(sql, JSON.stringify(places)));
      return rows.map((row) => ({ scope: String(row['scope']), file: String(row['file']) }));
    },
    forget: (id) => database.alone(() => void database.run('delete from watched where scope = ?', id)),
  };
}

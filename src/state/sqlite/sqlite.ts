/*
 * src/state/sqlite/
 *
 * A state in a file: migrations.ts has the tables, a version at a time, sqlite-database.ts the one connection and who
 * waits for it, lock.ts keeps two runs apart.
 * Begin here.
 */

import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlimsollError } from '../../core/errors.ts';
import type { Digest } from '../../core/image/digest.ts';
import { limits } from '../../core/limits/limits.ts';
import type { NewsClass } from '../../core/news.ts';
import { type Acts, actsIn } from '../acts.ts';
import type { DaemonState } from '../daemon.ts';
import type { Fleet } from '../fleet.ts';
import type { Keep, Memory } from '../memory.ts';
import { type Outbox, SqliteOutbox } from '../outbox.ts';
import { pruned } from '../pruning.ts';
import { recorded } from '../recording.ts';
import { queued, storedProblems } from '../recording-runs.ts';
import { type Snoozes, snoozesIn } from '../snoozes.ts';
import type {
  NewRun,
  OpenNews,
  QueuedRun,
  RunEnd,
  RunOutcome,
  RunTrigger,
  Store,
  StoredLook,
  StoredRun,
  Watch,
} from '../store.ts';
import { daemonIn } from '../stored-daemon.ts';
import { SqliteFleet } from '../stored-fleet.ts';
import { SqliteMemory } from '../stored-memory.ts';
import { type Swarms, swarmsIn } from '../swarms.ts';
import { migrations } from './migrations.ts';
import { Database, guarded, troubleOf } from './sqlite-database.ts';

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
    const [check] = database.prepare('pragma quick_check(1)').all();
    if (check?.['quick_check'] !== 'ok')
      throw new PlimsollError(
        'STATE',
        `the state ${file} is damaged: ${String(check?.['quick_check'])}; restore it from a copy, or delete it and lose what it remembers`,
      );
    refuseSchema(file, database, readOnly);
    if (!readOnly) bringForward(file, database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function schemaOf(database: DatabaseSync): number {
  return Number(database.prepare('pragma user_version').get()?.['user_version'] ?? 0);
}

function refuseSchema(file: string, database: DatabaseSync, readOnly: boolean): void {
  const found = schemaOf(database);
  if (found > migrations.length) {
    throw new PlimsollError(
      'STATE',
      `the state ${file} has schema ${found}, written by a newer Plimsoll; this one knows ${migrations.length}. Update Plimsoll`,
    );
  }
  if (found === 0 && database.prepare('select 1 from sqlite_schema limit 1').get() !== undefined) {
    throw new PlimsollError('STATE', `${file} is the database of another program; name another file for the state`);
  }
  if (readOnly && found < migrations.length)
    throw new PlimsollError(
      'STATE',
      `the state ${file} has the older schema ${found}; "plimsoll run" brings it forward`,
    );
}

/** A state with something in it is copied before it is changed. */
function bringForward(file: string, database: DatabaseSync): void {
  const found = schemaOf(database);
  if (found > 0 && found < migrations.length) backUp(file, database, found);
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on');
  for (const [index, statements] of migrations.entries()) {
    if (index < schemaOf(database)) continue;
    database.exec('begin immediate');
    // Another process may have waited for the same, and been faster.
    if (index >= schemaOf(database)) database.exec(`${statements}; pragma user_version = ${index + 1}`);
    database.exec('commit');
  }
}

/** `STATE.before-vN` is the state as it was before the schema N; only the newest of them is kept. */
function backUp(file: string, database: DatabaseSync, found: number): void {
  const [folder, name] = [path.dirname(path.resolve(file)), path.basename(file)];
  const backup = `${name}.before-v${migrations.length}`;
  const partial = path.join(folder, `${backup}.partial`);
  try {
    rmSync(partial, { force: true });
    database.prepare('vacuum into ?').run(partial);
    chmodSync(partial, statSync(file).mode);
    renameSync(partial, path.join(folder, backup));
  } catch (error) {
    rmSync(partial, { force: true });
    throw new PlimsollError(
      'STATE',
      `the state ${file} has schema ${found}, and could not be copied to ${backup} beside it before it is brought forward: ${troubleOf(error)}; nothing was changed`,
      { cause: error },
    );
  }
  for (const other of readdirSync(folder)) {
    const isOurs = other.startsWith(`${name}.before-v`) && /^\d+$/.test(other.slice(name.length + '.before-v'.length));
    if (isOurs && other !== backup) rmSync(path.join(folder, other), { force: true });
  }
}

class SqliteStore implements Store {
  readonly #database: Database;
  readonly #readOnly: boolean;
  readonly outbox: Outbox;
  readonly snoozes: Snoozes;
  readonly fleet: Fleet;
  readonly memory: Memory;
  readonly daemon: DaemonState;
  readonly acts: Acts;
  readonly swarms: Swarms;
  readonly watch: Watch;

  constructor(database: Database, readOnly: boolean) {
    this.#database = database;
    this.#readOnly = readOnly;
    this.outbox = new SqliteOutbox(database);
    this.snoozes = snoozesIn(database);
    this.fleet = new SqliteFleet(database);
    this.memory = new SqliteMemory(database);
    this.daemon = daemonIn(database);
    this.acts = actsIn(database);
    this.swarms = swarmsIn(database);
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
    return this.#database.transaction(() => recorded(this.#database, run));
  }

  endRun(run: number, { finishedAt, outcome, exit, problem }: RunEnd): Promise<void> {
    const sql = 'update run set finished = ?, outcome = ?, exit = ?, problems = coalesce(problems, ?) where id = ?';
    const why = problem === undefined ? null : storedProblems([problem]);
    return this.#database.alone(() => void this.#database.run(sql, finishedAt, outcome, exit ?? null, why, run));
  }

  prune(keep: Keep, now: number): Promise<void> {
    return this.#database.transaction(() => pruned(this.#database, keep, now));
  }

  async copyTo(file: string): Promise<void> {
    await this.#database.alone(() => void this.#database.run('vacuum into ?', file));
  }

  queueRun({ trigger, targeted, at }: QueuedRun): Promise<number> {
    return this.#database.transaction(() => queued(this.#database, { trigger, at, ...(targeted && { targeted }) }));
  }

  beginRun(run: number, at: number): Promise<void> {
    // Later than it was queued, whatever the clocks say: the same time is that of a run of an older Plimsoll.
    const sql = 'update run set begun = max(?, started + 1) where id = ?';
    return this.#database.alone(() => void this.#database.run(sql, at, run));
  }

  async run(number: number): Promise<StoredRun | undefined> {
    const rows = await this.#database.alone(() => this.#database.all(`${runsSql} where id = ?`, number));
    return rows.map(toRun)[0];
  }

  async runs(most: number): Promise<readonly StoredRun[]> {
    const rows = await this.#database.alone(() => this.#database.all(`${runsSql} order by id desc limit ?`, most));
    return rows.map(toRun);
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

const runsSql =
  'select *, (select json_group_array(json_array(kind, value)) from run_target where run = run.id) as targets from run';

/** What an older Plimsoll wrote of a run is its time. */
function toRun(row: Record<string, unknown>): StoredRun {
  const json = (column: string, otherwise: unknown): never =>
    (row[column] === null ? otherwise : JSON.parse(String(row[column]))) as never;
  const targets: readonly (readonly [kind: string, value: string])[] = json('targets', []);
  const valuesOf = (wanted: string): ReadonlySet<string> =>
    new Set(targets.flatMap(([kind, value]) => (kind === wanted ? [value] : [])));
  const [references, scopes] = [valuesOf('reference'), valuesOf('scope')];
  return {
    id: Number(row['id']),
    trigger: String(row['trigger']) as RunTrigger,
    ...(row['scope'] === 'targets' && {
      targeted: { ...(references.size > 0 && { references }), ...(scopes.size > 0 && { scopes }) },
    }),
    startedAt: Number(row['started']),
    ...(row['finished'] !== null && { finishedAt: Number(row['finished']) }),
    ...(row['outcome'] !== null && { outcome: String(row['outcome']) as RunOutcome }),
    ...(row['exit'] !== null && { exit: Number(row['exit']) }),
    ...(row['begun'] !== null && { begunAt: Number(row['begun']) }),
    ...(row['cost'] !== null && { cost: json('cost', undefined) }),
    ...(row['summary'] !== null && { summary: json('summary', undefined) }),
    problems: json('problems', { first: [], all: 0 }),
  };
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
  };
}

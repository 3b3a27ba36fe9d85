/*
 * src/state/sqlite/
 *
 * A state in a file: migrations.ts has the tables, a version at a time, sqlite-database.ts the one connection and who
 * waits for it, lock.ts keeps two runs apart.
 * Begin here.
 */

import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { makeFolder } from '../../disk/make-folder.ts';
import type { Store } from '../store.ts';
import { storeIn } from '../stored-store.ts';
import { migrations } from './migrations.ts';
import { guarded, SqliteDatabase, troubleOf } from './sqlite-database.ts';

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
    if (!readOnly) makeFolder(folder, 0o700);
    refuseNetwork(file, folder);
    return open(file, readOnly);
  });
  const opened = new SqliteDatabase(file, database);
  return storeIn(opened, {
    copyTo: (copy) => opened.change('vacuum into ?', copy),
    // Folds the write-ahead log into the file, so that the file alone can be copied.
    close: () =>
      opened.alone(() => {
        if (!readOnly) fold(opened);
        opened.close();
      }),
  });
}

/** Throws PlimsollError 'STATE' for what can be no file of ours, whether or not anything is there. */
export function refuseNoFile(file: string): void {
  // A file of this name could be made, and nobody would mean it; the address may hold a password.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) {
    throw new PlimsollError(
      'STATE',
      'the state is named by an address, and has to be postgres://… or a file on this machine',
    );
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

/** Also leaves WAL mode, in which even a reader makes two more files, and needs a folder that it may write. */
function fold(database: SqliteDatabase): void {
  database.exec('pragma wal_checkpoint(truncate); pragma busy_timeout = 0');
  try {
    database.exec('pragma journal_mode = delete');
  } catch {
    // Somebody is reading; the next run leaves it as well.
  }
}

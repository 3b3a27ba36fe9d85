import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlimsollError } from '../../core/errors.ts';
import { makeFolder } from '../../disk/make-folder.ts';
import type { RunLock } from '../store.ts';
import { resultCode, troubleOf } from './sqlite-database.ts';

interface FileLock extends RunLock {
  release(): void;
}

// node:sqlite closes a database that nobody refers to any more: a caller who keeps no RunLock would lose the lock at the
// next collection of garbage.
const held = new Set<DatabaseSync>();

/**
 * One run at a time per state: an open exclusive transaction on `<state>.lock`, which the kernel ends when the process
 * does, however it dies. Who holds it is written beside it, for the sentence. Throws PlimsollError 'LOCKED'.
 */
export function takeRunLock(state: string, now: number): FileLock {
  return take(`${state}.lock`, now, (who) => `another run is using the state ${state}${who}; this one does nothing`);
}

/** One daemon at a time per state. Throws PlimsollError 'LOCKED'. */
export function takeServeLock(state: string, now: number): FileLock {
  return take(
    `${state}.serve.lock`,
    now,
    (who) => `another "plimsoll serve" is using the state ${state}${who}; stop it, or give this one a state of its own`,
  );
}

/** Does a daemon use this state? Asks without being in the way of one that starts. */
export function isServed(state: string): boolean {
  const file = `${state}.serve.lock`;
  if (!existsSync(file)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    database.prepare('select count(*) from sqlite_schema').get();
    return false;
  } catch (error) {
    return resultCode(error) === 5;
  } finally {
    database?.close();
  }
}

function take(file: string, now: number, sentence: (holder: string) => string): FileLock {
  const holder = `${file}.holder`;
  let database: DatabaseSync | undefined;
  try {
    makeFolder(path.dirname(path.resolve(file)), 0o700);
    // Whoever only asks whether it is held holds it for a moment.
    database = new DatabaseSync(file, { timeout: 200 });
    database.exec('begin exclusive');
  } catch (error) {
    database?.close();
    if (resultCode(error) !== 5) {
      throw new PlimsollError('STATE', `the lock ${file} cannot be taken: ${troubleOf(error)}`, { cause: error });
    }
    throw new PlimsollError('LOCKED', sentence(readHolder(holder)), { cause: error });
  }
  writeHolder(holder, now);
  const taken = database;
  held.add(taken);
  return {
    release: () => {
      held.delete(taken);
      taken.exec('rollback');
      taken.close();
    },
  };
}

function writeHolder(file: string, now: number): void {
  try {
    writeFileSync(
      file,
      `${JSON.stringify({ host: hostname(), pid: process.pid, since: new Date(now).toISOString() })}\n`,
    );
  } catch {
    // Only the sentence for whoever is turned away is poorer; the lock itself is held.
  }
}

function readHolder(file: string): string {
  try {
    const { host, pid, since } = JSON.parse(readFileSync(file, 'utf8')) as { host: string; pid: number; since: string };
    return ` (process ${pid} on ${host}, since ${since})`;
  } catch {
    return '';
  }
}

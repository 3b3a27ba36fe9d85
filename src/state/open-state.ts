import { existsSync } from 'node:fs';
import type { PlimsollError } from '../core/errors.ts';
import { isAddress } from '../core/secret.ts';
import type { RunLock, Store } from './store.ts';

/** What opening a state needs beside where it is. */
export interface Opening {
  /** Authorities that are believed beside the usual ones, as PEM: for a server. */
  readonly ca?: readonly string[];
}

/** Can there be something to read? What a server has is known when it is asked. */
export function mayExist(state: string): boolean {
  return isAddress(state) || existsSync(state);
}

/** Opens a state, wherever it is; one that is only read must be there. Throws PlimsollError 'STATE'. */
export async function openState(state: string, opening: Opening & { readonly readOnly: boolean }): Promise<Store> {
  if (isAddress(state)) return (await (await import('./postgres/postgres.ts')).openPostgres(state, opening)).store;
  return (await import('./sqlite/sqlite.ts')).openSqliteStore(state, opening);
}

/** Opens a state to be read; undefined when there is none yet. Throws PlimsollError 'STATE'. */
export async function openIfThere(state: string, { ca }: Opening): Promise<Store | undefined> {
  if (isAddress(state)) return (await import('./postgres/postgres.ts')).openPostgresIfThere(state, ca);
  return existsSync(state) ? openState(state, { readOnly: true }) : undefined;
}

/**
 * One run, or one daemon, at a time per state. `lost` is told when a server ends what holds it: another may begin then.
 * Throws PlimsollError 'LOCKED', 'STATE'.
 */
export async function takeLock(
  kind: 'run' | 'serve',
  state: string,
  { now, lost, ca }: Opening & { readonly now: number; readonly lost: (error: PlimsollError) => void },
): Promise<RunLock> {
  if (isAddress(state)) {
    return (await import('./postgres/postgres-lock.ts')).takePostgresLock(state, kind, { lost, ...(ca && { ca }) });
  }
  const { takeRunLock, takeServeLock } = await import('./sqlite/lock.ts');
  return (kind === 'run' ? takeRunLock : takeServeLock)(state, now);
}

/** Does a daemon use this state? Asks without being in the way of one that starts. */
export async function isServed(state: string, opening: Opening): Promise<boolean> {
  if (isAddress(state)) return (await import('./postgres/postgres-lock.ts')).isHeld(state, 'serve', opening);
  return (await import('./sqlite/lock.ts')).isServed(state);
}

import { messageOf, PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import type { Logger } from '../core/logger.ts';
import { isAddress, shownState } from '../core/secret.ts';
import { readAtMost } from '../disk/read-at-most.ts';
import { isServed, type Opening, openIfThere, openState, takeLock } from '../state/open-state.ts';
import type { HeldPlaces } from '../state/postgres/host-places.ts';
import type { PostgresState } from '../state/postgres/postgres.ts';
import type { RunLock, Store } from '../state/store.ts';
import { defaultStateFile } from './environment.ts';
import { exitCodes } from './exit-codes.ts';
import { notSet } from './placeholders.ts';
import { workUnderWay } from './uninterrupted.ts';

/** Where the state is, if anywhere: by option, PLIMSOLL_STATE, or the configuration. */
export function namedState(option: string | undefined, configured: string | null): string | undefined {
  return option ?? (process.env['PLIMSOLL_STATE'] || (configured ?? undefined));
}

/** The same, and where it is unless somebody says so. Throws PlimsollError 'STATE'. */
export function statePlace(option: string | undefined, configured: string | null): string {
  return namedState(option, configured) ?? defaultStateFile(process.env);
}

/** Opens it. Throws PlimsollError 'STATE'. */
export function openStateAt(state: string, { readOnly }: { readonly readOnly: boolean }): Promise<Store> {
  return openState(state, { readOnly, ...opening(state) });
}

/** Opens it to be read; undefined when there is none yet. Throws PlimsollError 'STATE'. */
export function openStateIfThere(state: string): Promise<Store | undefined> {
  return openIfThere(state, opening(state));
}

/** Takes the lock of a run, or of the daemon. Throws PlimsollError 'LOCKED', 'STATE'. */
export function lockState(
  kind: 'run' | 'serve',
  state: string,
  now: number,
  lost: (error: PlimsollError) => void,
): Promise<RunLock> {
  return takeLock(kind, state, { now, lost, ...opening(state) });
}

/** Ends a run as a signal does: another may begin now, so that this one tells and records nothing more. */
export function stopsWith(logger: Logger): (lost: PlimsollError) => void {
  return ({ message }) => {
    logger.error(`${message}: this run ends`);
    const exit = (): never => process.exit(exitCodes.unfinished);
    const work = workUnderWay();
    if (work === undefined) exit();
    else void work.then(exit);
  };
}

/** What only PostgreSQL has: a state that several processes share, and what connecting to it takes. */
export interface SharedPlace {
  readonly state: PostgresState;
  /** What has gone wrong, in a sentence. */
  trouble(error: unknown): PlimsollError;
  /** How the queue connects. */
  readonly queue: object;
  /** What all workers agree on about hosts. */
  places(): Promise<HeldPlaces>;
  /** Does work that no other process may do at the same time. */
  alone<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** The lock of a run, for whoever finishes what several have made. */
  lockRun(lost: (error: PlimsollError) => void): Promise<RunLock>;
  /** Does another process make a run by itself? */
  isRunning(): Promise<boolean>;
}

/** Opens a state that several processes share. Throws PlimsollError 'STATE', and 'USAGE' for a file. */
export async function openShared(state: string, { readOnly }: { readonly readOnly: boolean }): Promise<SharedPlace> {
  if (!isAddress(state)) {
    throw new PlimsollError(
      'USAGE',
      `workers share a state in PostgreSQL, and ${state} is a file: name one with --state postgres://HOST/DATABASE; "plimsoll state copy" brings what the file knows there`,
    );
  }
  const rest = opening(state);
  const { openPostgres, queueClient } = await import('../state/postgres/postgres.ts');
  const { openHostPlaces } = await import('../state/postgres/host-places.ts');
  const { alonePostgres, isHeld, takePostgresLock } = await import('../state/postgres/postgres-lock.ts');
  const { troubleWith } = await import('../state/postgres/postgres-trouble.ts');
  const opened = await openPostgres(state, { readOnly, ...rest });
  return {
    state: opened,
    trouble: (error) => troubleWith(shownState(state), error),
    queue: await queueClient(state, opened.database, rest.ca),
    places: () => openHostPlaces(state, opened.database, rest),
    alone: (what, work) => alonePostgres(state, what, rest, work),
    lockRun: (lost) => takePostgresLock(state, 'finish', { lost, ...rest }),
    isRunning: () => isHeld(state, 'run', rest),
  };
}

/** Does a daemon use it? */
export function isServedAt(state: string): Promise<boolean> {
  return isServed(state, opening(state));
}

/** Copies a file to an address; returns the number of rows. Throws PlimsollError 'STATE', 'USAGE'. */
export async function copyStateTo(from: string, to: string): Promise<number> {
  const { copyState } = await import('../state/postgres/copy-state.ts');
  return copyState(from, to, opening(to));
}

/** Throws PlimsollError 'STATE' for an address that was never whole, and where SSL_CERT_FILE cannot be read. */
function opening(state: string): Opening {
  if (!isAddress(state)) return {};
  if (state.includes(encodeURIComponent(notSet)) || state.includes(notSet)) {
    throw new PlimsollError('STATE', 'the address of the state needs a variable of the environment that is not set');
  }
  const bundle = process.env['SSL_CERT_FILE'];
  if (!bundle) return {};
  try {
    return { ca: [readAtMost(bundle, limits.tree.named.most).toString('utf8')] };
  } catch (error) {
    throw new PlimsollError('STATE', `SSL_CERT_FILE cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

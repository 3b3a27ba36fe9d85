import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RunLock } from '../store.ts';
import { connectAlone } from './postgres.ts';
import { parseAddress } from './postgres-address.ts';
import { locks } from './postgres-schema.ts';
import { troubleWith } from './postgres-trouble.ts';

/**
 * One at a time per state: an advisory lock of a session that does nothing else, which the server ends with the process,
 * however it dies. `lost` is told when the session ends before it is released: from then on another may begin. Throws
 * PlimsollError 'LOCKED', 'STATE'.
 */
export async function takePostgresLock(
  address: string,
  kind: 'run' | 'serve' | 'finish',
  { lost, ca }: { readonly lost: (error: PlimsollError) => void; readonly ca?: readonly string[] },
): Promise<RunLock> {
  const parsed = parseAddress(address, ca);
  const { shown } = parsed;
  const client = await connectAlone(parsed, kind);
  let isOurs = true;
  client.on('error', (error) => {
    if (isOurs)
      lost(new PlimsollError('STATE', `${troubleWith(shown, error).message}; nothing keeps others out any more`));
    isOurs = false;
  });
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(${locks.space}, ${numberOf(kind)}) as taken`,
    );
    if (rows[0]?.taken !== true) throw new PlimsollError('LOCKED', sentence(kind, shown, await holderOf(client, kind)));
    const shared = kind === 'run' ? await sharedRun(client) : undefined;
    if (shared !== undefined)
      throw new PlimsollError(
        'LOCKED',
        `workers are making the run ${shared} over the state ${shown}; this one does nothing`,
      );
  } catch (error) {
    isOurs = false;
    await client.end();
    throw troubleWith(shown, error);
  }
  // A server that is gone without a word is found out by asking it now and then.
  const asking = setInterval(() => void client.query('select 1').catch(() => undefined), limits.state.lockAsked.most);
  asking.unref();
  return {
    release: async () => {
      isOurs = false;
      clearInterval(asking);
      await client.end();
    },
  };
}

/** Does somebody hold it? */
export async function isHeld(
  address: string,
  kind: 'run' | 'serve',
  { ca }: { readonly ca?: readonly string[] },
): Promise<boolean> {
  const parsed = parseAddress(address, ca);
  const client = await connectAlone(parsed, 'question');
  try {
    return (await holders(client, kind)).length > 0;
  } catch (error) {
    throw troubleWith(parsed.shown, error);
  } finally {
    await client.end();
  }
}

/**
 * Does work that no other process may do at the same time. Throws PlimsollError 'LOCKED' when one does, and 'STATE'.
 */
export async function alonePostgres<T>(
  address: string,
  what: string,
  { ca }: { readonly ca?: readonly string[] },
  work: () => Promise<T>,
): Promise<T> {
  const parsed = parseAddress(address, ca);
  const client = await connectAlone(parsed, 'act');
  client.on('error', () => undefined);
  try {
    const number = createHash('sha256').update(what).digest().readInt32BE(0);
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', [
      locks.acting,
      number,
    ]);
    if (rows[0]?.taken !== true) throw new PlimsollError('LOCKED', `another process acts on ${what} at the moment`);
    return await work();
  } catch (error) {
    throw troubleWith(parsed.shown, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The number of a run that workers are at; undefined: there is none. */
async function sharedRun(client: Client): Promise<number | undefined> {
  // The lock may be taken before the first run has made any table.
  const { rows: there } = await client.query<{ is: boolean }>(
    "select to_regclass('plimsoll.shared_run') is not null as is",
  );
  if (there[0]?.is !== true) return undefined;
  const { rows } = await client.query<{ run: number }>(
    "select run from shared_run where phase <> 'done' order by run limit 1",
  );
  return rows[0]?.run;
}

/** Who finishes a run for several is as alone as who makes one. */
function numberOf(kind: 'run' | 'serve' | 'finish'): number {
  return locks[kind === 'finish' ? 'run' : kind];
}

interface Holder {
  readonly name: string | null;
  readonly since: Date | null;
}

async function holders(client: Client, kind: 'run' | 'serve' | 'finish'): Promise<readonly Holder[]> {
  const { rows } = await client.query<Holder>(
    `select application_name as name, backend_start as since from pg_locks left join pg_stat_activity using (pid)
     where locktype = 'advisory' and granted and classid = $1 and objid = $2
       and database = (select oid from pg_database where datname = current_database())`,
    [locks.space, numberOf(kind)],
  );
  return rows;
}

/** Its name says what it is: `plimsoll run PID HOST`. */
async function holderOf(client: Client, kind: 'run' | 'serve' | 'finish'): Promise<string> {
  const [holder] = await holders(client, kind);
  const [, pid, host] = /^plimsoll \w+ (\d+) (.*)$/.exec(holder?.name ?? '') ?? [];
  const since = holder?.since?.toISOString();
  return pid === undefined ? '' : ` (process ${pid} on ${host}, since ${since})`;
}

function sentence(kind: 'run' | 'serve' | 'finish', shown: string, who: string): string {
  return kind !== 'serve'
    ? `another run is using the state ${shown}${who}; this one does nothing`
    : `another "plimsoll serve" is using the state ${shown}${who}; stop it, or give this one a state of its own`;
}

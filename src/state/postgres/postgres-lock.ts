import type { Client } from 'pg';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RunLock } from '../store.ts';
import type { PostgresState } from './postgres.ts';
import { locks } from './postgres-schema.ts';
import { troubleWith } from './postgres-trouble.ts';

/**
 * One at a time per state: an advisory lock of a session that does nothing else, which the server ends with the process,
 * however it dies. `lost` is told when the session ends before it is released: from then on another may begin. Throws
 * PlimsollError 'LOCKED', 'STATE'.
 */
export async function takePostgresLock(
  { connect, shown }: Pick<PostgresState, 'connect' | 'shown'>,
  kind: 'run' | 'serve',
  lost: (error: PlimsollError) => void,
): Promise<RunLock> {
  const client = await connect(kind);
  let isOurs = true;
  client.on('error', (error) => {
    if (isOurs)
      lost(
        new PlimsollError(
          'STATE',
          `${troubleWith(shown, error).message}; the run has lost its lock with that, and ends`,
        ),
      );
    isOurs = false;
  });
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(${locks.space}, ${locks[kind]}) as taken`,
    );
    if (rows[0]?.taken !== true) throw new PlimsollError('LOCKED', sentence(kind, shown, await holderOf(client, kind)));
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
export async function isHeld({ database }: Pick<PostgresState, 'database'>, kind: 'run' | 'serve'): Promise<boolean> {
  const sql = `select 1 from pg_locks where locktype = 'advisory' and granted and classid = ? and objid = ?
    and database = (select oid from pg_database where datname = current_database())`;
  return (await database.ask(sql, locks.space, locks[kind])).length > 0;
}

/** Its name says what it is: `plimsoll run PID HOST`. */
async function holderOf(client: Client, kind: 'run' | 'serve'): Promise<string> {
  const { rows } = await client.query<{ name: string | null; since: Date | null }>(
    `select application_name as name, backend_start as since from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and granted and classid = $1 and objid = $2 and database = (select oid from pg_database where datname = current_database())`,
    [locks.space, locks[kind]],
  );
  const [, pid, host] = /^plimsoll \w+ (\d+) (.*)$/.exec(rows[0]?.name ?? '') ?? [];
  const since = rows[0]?.since?.toISOString();
  return pid === undefined ? '' : ` (process ${pid} on ${host}, since ${since})`;
}

function sentence(kind: 'run' | 'serve', shown: string, who: string): string {
  return kind === 'run'
    ? `another run is using the state ${shown}${who}; this one does nothing`
    : `another "plimsoll serve" is using the state ${shown}${who}; stop it, or give this one a state of its own`;
}

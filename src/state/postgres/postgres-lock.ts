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
  kind: 'run' | 'serve',
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

interface Holder {
  readonly name: string | null;
  readonly since: Date | null;
}

async function holders(client: Client, kind: 'run' | 'serve'): Promise<readonly Holder[]> {
  const { rows } = await client.query<Holder>(
    `select application_name as name, backend_start as since from pg_locks left join pg_stat_activity using (pid)
     where locktype = 'advisory' and granted and classid = $1 and objid = $2
       and database = (select oid from pg_database where datname = current_database())`,
    [locks.space, locks[kind]],
  );
  return rows;
}

/** Its name says what it is: `plimsoll run PID HOST`. */
async function holderOf(client: Client, kind: 'run' | 'serve'): Promise<string> {
  const [holder] = await holders(client, kind);
  const [, pid, host] = /^plimsoll \w+ (\d+) (.*)$/.exec(holder?.name ?? '') ?? [];
  const since = holder?.since?.toISOString();
  return pid === undefined ? '' : ` (process ${pid} on ${host}, since ${since})`;
}

function sentence(kind: 'run' | 'serve', shown: string, who: string): string {
  return kind === 'run'
    ? `another run is using the state ${shown}${who}; this one does nothing`
    : `another "plimsoll serve" is using the state ${shown}${who}; stop it, or give this one a state of its own`;
}

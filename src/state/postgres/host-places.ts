import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { HostPlaces } from '../../http/placed-hosts.ts';
import { connectAlone } from './postgres.ts';
import { parseAddress } from './postgres-address.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import { locks } from './postgres-schema.ts';
import { clock } from './shared-run.ts';

/** What was told within so many milliseconds may have been told in another order: the least counts. */
const told = 60_000;

/** How much a registry still gives, as its last answer said. */
export interface SeenPulls {
  readonly limit: number;
  readonly remaining: number;
}

/** Places of a process, as long as its session lasts. */
export interface HeldPlaces {
  readonly places: HostPlaces;
  /** Aborts when the session is lost: then others may have the same places. */
  readonly lost: AbortSignal;
  /** What registries said last, whoever was told. */
  pulls(): Promise<ReadonlyMap<string, SeenPulls>>;
  sawPulls(all: ReadonlyMap<string, SeenPulls>): Promise<void>;
  close(): Promise<void>;
}

/**
 * What all workers agree on about hosts. A request under way is an advisory lock of a session that does nothing else, one of as
 * many as the host has places: with the process they are free. When requests may leave is a row per host. Throws PlimsollError 'STATE'.
 */
export async function openHostPlaces(
  address: string,
  database: Pick<PostgresDatabase, 'ask'>,
  { ca }: { readonly ca?: readonly string[] },
): Promise<HeldPlaces> {
  const client = await connectAlone(parseAddress(address, ca), 'hosts');
  const lost = new AbortController();
  const lose = (): void => lost.abort(new PlimsollError('STATE', 'the connection to the database was lost'));
  client.on('error', lose);
  client.on('end', lose);
  // A server that is gone without a word is found out by asking it now and then.
  const asking = setInterval(() => void client.query('select 1').catch(lose), limits.state.lockAsked.most);
  asking.unref();
  return {
    places: placesIn(client, database),
    lost: lost.signal,
    pulls: async () => {
      const rows = await database.ask('select host, pulls, pull_limit from host_budget where pulls is not null');
      return new Map(
        rows.map((row) => [String(row['host']), { limit: Number(row['pull_limit']), remaining: Number(row['pulls']) }]),
      );
    },
    sawPulls: async (all) => {
      for (const [host, { limit, remaining }] of all) {
        await database.ask(
          `insert into host_budget (host, pulls, pull_limit, seen) values (?, ?, ?, ${clock})
           on conflict (host) do update set pulls = case when host_budget.pull_limit = excluded.pull_limit and host_budget.seen > excluded.seen - ${told}
             then least(host_budget.pulls, excluded.pulls) else excluded.pulls end, pull_limit = excluded.pull_limit, seen = excluded.seen`,
          host,
          remaining,
          limit,
        );
      }
    },
    close: async () => {
      clearInterval(asking);
      client.removeListener('end', lose);
      await client.end().catch(() => undefined);
    },
  };
}

function placesIn(client: Client, database: Pick<PostgresDatabase, 'ask'>): HostPlaces {
  // A session has one statement at a time.
  let line: Promise<unknown> = Promise.resolve();
  const alone = (text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> => {
    const answer = line.then(async () => (await client.query(text, [...values])).rows);
    line = answer.catch(() => undefined);
    return answer;
  };
  return {
    take: async (host, width, held) => {
      // A session gets a lock that it has already once more.
      const [row] = await alone(
        `select place from generate_series(0, $1::int4 - 1) as place
         where case when place = any($2::int4[]) then false else pg_try_advisory_lock(${locks.hosts}, $3::int4 + place) end
         limit 1`,
        [width, held, firstOf(host)],
      );
      return row === undefined ? undefined : Number(row['place']);
    },
    give: async (host, place) => {
      await alone(`select pg_advisory_unlock(${locks.hosts}, $1::int4)`, [firstOf(host) + place]);
    },
    lease: async (host, milliseconds) => {
      const time = Math.ceil(milliseconds);
      const [row] = await database.ask(
        `insert into host_budget (host, next) values (?1, ${clock} + ?2)
         on conflict (host) do update set next = greatest(host_budget.next, ${clock}) + ?2
         returning next - ?2 - ${clock} as wait`,
        host,
        time,
      );
      return Math.max(0, Number(row?.['wait'] ?? 0));
    },
  };
}

/** Where the numbers of a host's places begin: 64 for each, and hosts whose numbers are equal share them. */
function firstOf(host: string): number {
  return (createHash('sha256').update(host).digest().readUInt32BE(0) >>> 7) << 6;
}

import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { sleep } from '../../core/time/clock.ts';
import { Gate } from '../../http/gate.ts';
import type { HostPace, SharedHosts } from '../../http/host.ts';
import { Pace } from '../../http/pace.ts';
import { locks } from './postgres-schema.ts';

/** How much a registry still gives, as its last answer said. */
export interface SeenPulls {
  readonly limit: number;
  readonly remaining: number;
}

/** Between two attempts to get a place that others have; milliseconds, and as many again at most by chance. */
const patience = 15;
/** A place that nobody needs is kept for so long, since the next request usually comes; milliseconds. */
const idleFor = 40;
/** After so many requests a place is given back, so that others have their turn. */
const turns = 40;
/** Starts that are taken from the database at once. */
const startsAtOnce = 10;
/** Milliseconds. */
const stale = 1000;

/**
 * What all workers agree on, in PostgreSQL. A request under way at a host is an advisory lock of a session of the process that
 * sends it, one of as many as the host has places: with the process they are free. When requests may leave is a row per host.
 */
export class PostgresHosts implements SharedHosts {
  readonly #session: Client;
  readonly #asked: (sql: string, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  /** One statement after the other: a session has one at a time. */
  #line: Promise<unknown> = Promise.resolve();

  /** `session`: of its own, which others never use. `asked`: puts statements to any session. */
  constructor(
    session: Client,
    asked: (sql: string, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>,
  ) {
    this.#session = session;
    this.#asked = asked;
  }

  gate(host: string, width: number): Pick<Gate, 'enter' | 'leave'> {
    const first = placesOf(host);
    return new SharedGate(width, {
      take: async (held) => {
        const [row] = await this.#alone(
          `select place from generate_series(0, $1::int4 - 1) as place
           where case when place = any($2::int4[]) then false else pg_try_advisory_lock(${locks.hosts}, $3::int4 + place) end
           limit 1`,
          [width, held, first],
        );
        return row === undefined ? undefined : Number(row['place']);
      },
      give: async (place) => {
        await this.#alone(`select pg_advisory_unlock(${locks.hosts}, $1::int4)`, [first + place]);
      },
    });
  }

  pace(host: string, rate: number | undefined): HostPace {
    return rate === undefined
      ? new Pace(undefined)
      : new SharedPace(rate, async (milliseconds, count) => {
          const [row] = await this.#asked(
            `insert into host_budget (host, next) values ($1, ${clock} + $2::int8)
             on conflict (host) do update set next = greatest(host_budget.next, ${clock}) + $2::int8
             returning next - $2::int8 - ${clock} as wait`,
            [host, Math.ceil(milliseconds * count)],
          );
          return Math.max(0, Number(row?.['wait'] ?? 0));
        });
  }

  /** What registries said last, whoever was told. */
  async pulls(): Promise<ReadonlyMap<string, SeenPulls>> {
    const rows = await this.#asked('select host, pulls, pull_limit from host_budget where pulls is not null', []);
    return new Map(
      rows.map((row) => [String(row['host']), { limit: Number(row['pull_limit']), remaining: Number(row['pulls']) }]),
    );
  }

  async sawPulls(all: ReadonlyMap<string, SeenPulls>): Promise<void> {
    if (all.size === 0) return;
    const rows = [...all];
    await this.#asked(
      `insert into host_budget (host, pulls, pull_limit, seen)
       select *, ${clock} from unnest($1::text[], $2::int8[], $3::int8[])
       on conflict (host) do update set pulls = excluded.pulls, pull_limit = excluded.pull_limit, seen = excluded.seen`,
      [rows.map(([host]) => host), rows.map(([, { remaining }]) => remaining), rows.map(([, { limit }]) => limit)],
    );
  }

  #alone(text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
    const answer = this.#line.then(async () => (await this.#session.query(text, [...values])).rows);
    this.#line = answer.catch(() => undefined);
    return answer;
  }
}

const clock = '(extract(epoch from clock_timestamp()) * 1000)::int8';

/** Where the numbers of a host's places begin: 64 for each, and hosts whose numbers are equal share them. */
function placesOf(host: string): number {
  return (createHash('sha256').update(host).digest().readUInt32BE(0) >>> 7) << 6;
}

interface Places {
  /** A free place that is none of these; undefined: others have them all. */
  take(held: readonly number[]): Promise<number | undefined>;
  give(place: number): Promise<void>;
}

/** A place that is ours, and how many requests have had it. */
interface Held {
  readonly place: number;
  uses: number;
  timer?: NodeJS.Timeout;
}

/** As many inside as places are held; who waits is let in by whoever leaves, or by a place that becomes free. */
class SharedGate {
  readonly #local: Gate;
  readonly #places: Places;
  readonly #free: Held[] = [];
  readonly #inside: Held[] = [];
  #waiting: { readonly enter: () => void; readonly refuse: (error: unknown) => void }[] = [];
  #isTaking = false;

  constructor(width: number, places: Places) {
    this.#local = new Gate(width);
    this.#places = places;
  }

  async enter(signal?: AbortSignal): Promise<void> {
    await this.#local.enter(signal);
    const free = this.#free.pop();
    if (free !== undefined) {
      clearTimeout(free.timer);
      this.#inside.push(free);
      return;
    }
    try {
      await new Promise<void>((enter, refuse) => {
        this.#waiting.push({ enter, refuse });
        void this.#take(signal);
      });
    } catch (error) {
      this.#local.leave();
      throw error;
    }
  }

  leave(): void {
    const held = this.#inside.shift();
    this.#local.leave();
    if (held === undefined) return;
    held.uses++;
    const isOver = held.uses >= turns;
    const next = isOver ? undefined : this.#waiting.shift();
    if (next !== undefined) {
      this.#inside.push(held);
      next.enter();
      return;
    }
    if (isOver) return void this.#places.give(held.place).catch(() => undefined);
    held.timer = setTimeout(() => {
      this.#free.splice(this.#free.indexOf(held), 1);
      void this.#places.give(held.place).catch(() => undefined);
    }, idleFor);
    this.#free.push(held);
  }

  /** One question at a time, until nobody waits. */
  async #take(signal: AbortSignal | undefined): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      while (this.#waiting.length > 0) {
        signal?.throwIfAborted();
        const place = await this.#places.take([...this.#inside, ...this.#free].map((one) => one.place));
        if (place === undefined) {
          await sleep(patience * (1 + Math.random()), signal);
          continue;
        }
        const next = this.#waiting.shift();
        if (next === undefined) {
          await this.#places.give(place);
          continue;
        }
        this.#inside.push({ place, uses: 0 });
        next.enter();
      }
    } catch (error) {
      for (const { refuse } of this.#waiting.splice(0)) refuse(error);
    } finally {
      this.#isTaking = false;
    }
  }
}

/** Takes some starts at once, and hands them out one by one. */
class SharedPace implements HostPace {
  readonly #interval: number;
  readonly #lease: (interval: number, count: number) => Promise<number>;
  readonly #own: Pace;
  #left = 0;
  #next = 0;
  #leasing: Promise<void> | undefined;

  constructor(rate: number, lease: (interval: number, count: number) => Promise<number>) {
    this.#interval = 1000 / rate;
    this.#lease = lease;
    this.#own = new Pace(undefined);
  }

  async take(): Promise<number> {
    // Starts that nobody took in time are gone: they would leave all at once.
    if (this.#next < performance.now() - stale) this.#left = 0;
    while (this.#left === 0) {
      this.#leasing ??= this.#lease(this.#interval, startsAtOnce)
        .then((wait) => {
          this.#next = performance.now() + wait;
          this.#left = startsAtOnce;
        })
        .finally(() => {
          this.#leasing = undefined;
        });
      await this.#leasing;
    }
    this.#left--;
    const at = this.#next;
    this.#next += this.#interval;
    return Math.max(0, at - performance.now(), this.#own.take());
  }

  added(milliseconds: number): number {
    return this.#own.added(milliseconds);
  }

  quiet(milliseconds: number): void {
    this.#own.quiet(milliseconds);
  }
}

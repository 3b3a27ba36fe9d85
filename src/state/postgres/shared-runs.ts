import type { PoolClient } from 'pg';
import { limits } from '../../core/limits/limits.ts';
import type { RunTargets } from '../../core/run-record.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import {
  clock,
  type EndedPart,
  type NewPart,
  type Part,
  type PartEnd,
  type PartName,
  type Phase,
  type PhaseFacts,
  type PlanPhase,
  phases,
  type Row,
  type SeenWorker,
  type SendParts,
  type SharedRun,
  toEnded,
  toRun,
  type Wanted,
  type WantedResolution,
} from './shared-run.ts';

/** Runs that several processes make, as rows. Every method may throw PlimsollError 'STATE'. */
export class SharedRuns {
  readonly #database: PostgresDatabase;
  readonly #plan: PlanPhase;
  readonly #send: SendParts;

  constructor(database: PostgresDatabase, plan: PlanPhase, send: SendParts) {
    this.#database = database;
    this.#plan = plan;
    this.#send = send;
  }

  async now(): Promise<number> {
    const [row] = await this.#database.ask(`select ${clock} as now`);
    return Number(row?.['now']);
  }

  /**
   * Begins a run with the parts of its first phase, or joins the one that is open and about the same. `now` absent: by the
   * clock of the database.
   */
  async begin(
    run: Omit<SharedRun, 'number' | 'phase' | 'facts' | 'now' | 'deadline'> & {
      readonly now?: number;
      readonly trigger: string;
      /** Milliseconds. */
      readonly time: number;
      /** Under which it was queued; absent: it gets one. */
      readonly number?: number;
    },
    parts: readonly NewPart[],
  ): Promise<{ readonly number: number; readonly parts: number; readonly isJoined: boolean }> {
    return this.#database.alone(async (client) => {
      const about = aboutOf(run.targeted);
      const { rows: open } = await client.query<{ run: number; parts: number }>(
        `select run, (select count(*) from part where part.run = shared_run.run) as parts
         from shared_run where phase <> 'done' and config = $1 and about = $2 order by run limit 1`,
        [run.config, about],
      );
      if (open[0] !== undefined) return { number: open[0].run, parts: open[0].parts, isJoined: true };
      const { rows } = await client.query<{ now: number }>(`select ${clock} as now`);
      const now = run.now ?? (rows[0]?.now as number);
      const number = run.number ?? (await queued(client, run.trigger, now, run.targeted));
      await client.query('update run set begun = greatest($2, started + 1) where id = $1', [number, now]);
      const { rows: made } = await client.query<Row>(
        `insert into shared_run (run, config, now, deadline, phase, about)
         values ($1, $2, $3, ${clock} + $4, 'scan', $5) returning *`,
        [number, run.config, now, run.time, about],
      );
      await this.#add(client, toRun(made[0] as Row), 'scan', parts, 0);
      return { number, parts: parts.length, isJoined: false };
    });
  }

  async run(number: number): Promise<SharedRun | undefined> {
    const [row] = await this.#database.ask('select * from shared_run where run = ?', number);
    return row && toRun(row as unknown as Row);
  }

  /** The oldest first. */
  async open(): Promise<readonly SharedRun[]> {
    const rows = await this.#database.ask("select * from shared_run where phase <> 'done' order by run");
    return rows.map((row) => toRun(row as unknown as Row));
  }

  /** Takes a part; undefined: it is over, or its run is. */
  async take(
    { run, phase, number }: PartName,
    worker: string,
  ): Promise<{ readonly part: Part; readonly run: SharedRun } | undefined> {
    const [row] = await this.#database.ask(
      `update part set began = coalesce(began, ${clock}), worker = ?
       where run = ? and phase = ? and number = ? and state = 'open' returning scope, work`,
      worker,
      run,
      phase,
      number,
    );
    const shared = row && (await this.run(run));
    if (shared === undefined || shared.phase === 'done') return undefined;
    return {
      part: { run, phase, number, scope: String(row?.['scope']), work: String(row?.['work']) },
      run: shared,
    };
  }

  /** Why the last attempt at a part came to no end; undefined: nobody could say. */
  async stumbled({ run, phase, number }: PartName): Promise<string | undefined> {
    const sql = 'select reason from part where run = ? and phase = ? and number = ?';
    const [row] = await this.#database.ask(sql, run, phase, number);
    return typeof row?.['reason'] === 'string' ? row['reason'] : undefined;
  }

  /** An attempt at a part came to no end. */
  async stumble({ run, phase, number }: PartName, why: string): Promise<void> {
    const sql = "update part set reason = ? where run = ? and phase = ? and number = ? and state = 'open'";
    await this.#database.change(sql, why.slice(0, limits.state.runProblemText.most), run, phase, number);
  }

  /** Ends a part, unless it is over already; with the last one of a phase the next one begins, in the same transaction. */
  async end(name: PartName, end: PartEnd, more: readonly NewPart[] = []): Promise<void> {
    await this.#database.beside(async (client) => {
      const run = await locked(client, name.run);
      if (run === undefined || run.phase === 'done') return;
      const { rowCount } = await client.query(
        `update part set state = $4, ended = ${clock}, result = $5, reason = $6
         where run = $1 and phase = $2 and number = $3 and state = 'open'`,
        [
          name.run,
          name.phase,
          name.number,
          end.is,
          end.is === 'done' ? end.result : null,
          end.is === 'failed' ? end.reason : null,
        ],
      );
      if (rowCount === 0) return;
      if (more.length > 0) {
        const { rows } = await client.query<{ next: number }>(
          'select max(number) + 1 as next from part where run = $1 and phase = $2',
          [name.run, name.phase],
        );
        await this.#add(client, run, name.phase, more, rows[0]?.next ?? 0);
      }
      if (end.is === 'done' && end.facts) await this.#keep(client, run, end.facts);
      await this.#advance(client, name.run);
    });
  }

  /** Ends what nobody can or will do: all of a run that is past its deadline, and parts that nobody has served for so long. */
  async sweep(unclaimed: number): Promise<void> {
    const rows = await this.#database.ask(
      `select part.run, part.phase, part.number, part.scope, part.made, shared_run.deadline < ${clock} as late
       from part join shared_run using (run)
       where part.state = 'open' and part.phase <> 'finish' and (shared_run.deadline < ${clock} or
         (part.scope <> '' and part.began is null and part.made < ${clock} - ?))
       limit 500`,
      unclaimed,
    );
    for (const row of rows) {
      const name = { run: Number(row['run']), phase: String(row['phase']) as Phase, number: Number(row['number']) };
      const reason =
        row['late'] === true
          ? 'the run took longer than it may; this was not looked at'
          : `no worker that serves ${String(row['scope'])} has taken it for ${Math.round(unclaimed / 60_000)} minutes; start one with --serves ${String(row['scope'])}`;
      await this.end(name, { is: 'failed', reason });
    }
  }

  /** Adds what has to be looked at, unless somebody wants it already. */
  async want(run: number, all: readonly Wanted[]): Promise<void> {
    if (all.length === 0) return;
    await this.#database.beside(async (client) => {
      await client.query(
        `insert into wanted (run, key, host, ask)
         select $1, * from unnest($2::text[], $3::text[], $4::text[]) on conflict do nothing`,
        [run, all.map(({ key }) => key), all.map(({ host }) => host), all.map(({ ask }) => ask)],
      );
    });
  }

  /** What is wanted under these keys and has no such answer yet. */
  async unanswered(
    run: number,
    keys: readonly string[],
    question: 'resolution' | 'result',
  ): Promise<readonly { readonly key: string; readonly ask: string; readonly resolution?: string }[]> {
    const rows = await this.#database.ask(
      `select key, ask, resolution from wanted
       where run = ? and key in (select value from json_each(?)) and ${question} is null order by key`,
      run,
      keys,
    );
    return rows.map((row) => ({
      key: String(row['key']),
      ask: String(row['ask']),
      ...(row['resolution'] !== null && { resolution: String(row['resolution']) }),
    }));
  }

  async resolved(run: number, all: readonly WantedResolution[]): Promise<void> {
    await this.#database.beside(async (client) => {
      await client.query(
        `update wanted set resolution = given.resolution, root = given.root, moved = given.moved
         from unnest($2::text[], $3::text[], $4::text[], $5::bool[]) as given (key, resolution, root, moved)
         where wanted.run = $1 and wanted.key = given.key`,
        [
          run,
          all.map(({ key }) => key),
          all.map(({ resolution }) => resolution),
          all.map(({ root }) => root ?? null),
          all.map(({ moved }) => moved),
        ],
      );
    });
  }

  async examined(run: number, all: readonly { readonly key: string; readonly result: string }[]): Promise<void> {
    await this.#database.beside(async (client) => {
      await client.query(
        `update wanted set result = given.result from unnest($2::text[], $3::text[]) as given (key, result)
         where wanted.run = $1 and wanted.key = given.key`,
        [run, all.map(({ key }) => key), all.map(({ result }) => result)],
      );
    });
  }

  /** What was learnt, by key; without keys: everything. */
  async results(run: number, keys?: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const among = keys === undefined ? '' : 'and key in (select value from json_each(?))';
    const rows = await this.#database.ask(
      `select key, result from wanted where run = ? and result is not null ${among}`,
      run,
      ...(keys === undefined ? [] : [keys]),
    );
    return new Map(rows.map((row) => [String(row['key']), String(row['result'])]));
  }

  /** Parts of a phase that are over, in their order. */
  async ended(run: number, phase: Phase): Promise<readonly EndedPart[]> {
    const sql = "select * from part where run = ? and phase = ? and state <> 'open' order by number";
    return (await this.#database.ask(sql, run, phase)).map(toEnded);
  }

  /** Says that a worker is there; forgets those that have not said so for a day. */
  async seen({ name, config, serves, host }: Omit<SeenWorker, 'seen'>): Promise<void> {
    await this.#database.change(
      `insert into worker (name, config, serves, host, seen) values (?, ?, ?, ?, ${clock})
       on conflict (name) do update set config = excluded.config, serves = excluded.serves, host = excluded.host, seen = excluded.seen`,
      name,
      config,
      JSON.stringify(serves),
      host,
    );
    await this.#database.change(`delete from worker where seen < ${clock} - ?`, 24 * 60 * 60 * 1000);
  }

  async gone(worker: string): Promise<void> {
    await this.#database.change('delete from worker where name = ?', worker);
  }

  async #advance(client: PoolClient, number: number): Promise<void> {
    for (;;) {
      const run = await locked(client, number);
      if (run === undefined || run.phase === 'done') return;
      const { rows } = await client.query<{ open: number }>(
        "select count(*) as open from part where run = $1 and phase = $2 and state = 'open'",
        [number, run.phase],
      );
      if (Number(rows[0]?.open) > 0) return;
      const next = phases[phases.indexOf(run.phase) + 1];
      await client.query('update shared_run set phase = $2 where run = $1', [number, next ?? 'done']);
      if (next === undefined) {
        await client.query('delete from wanted where run = $1', [number]);
        await client.query("update part set work = '', result = null where run = $1 and phase <> 'finish'", [number]);
        // What a run came to is there for whoever waits for it, until the next one is over.
        await client.query('update part set result = null where run < $1 and result is not null', [number]);
        return;
      }
      const parts = await this.#plan(next, factsOf(client, run));
      await this.#add(client, { ...run, phase: next }, next, parts, 0);
    }
  }

  async #add(
    client: PoolClient,
    run: SharedRun,
    phase: Phase,
    parts: readonly NewPart[],
    first: number,
  ): Promise<void> {
    if (parts.length === 0) return;
    const numbered = parts.map((part, index) => ({ ...part, run: run.number, phase, number: first + index }));
    await client.query(
      `insert into part (run, phase, number, scope, work, made)
       select $1, $2, given.number, given.scope, given.work, ${clock}
       from unnest($3::int8[], $4::text[], $5::text[]) as given (number, scope, work)`,
      [
        run.number,
        phase,
        numbered.map(({ number }) => number),
        numbered.map(({ scope }) => scope),
        numbered.map(({ work }) => work),
      ],
    );
    await this.#send(client, numbered);
  }

  async #keep(client: PoolClient, { number }: SharedRun, facts: Readonly<Record<string, string>>): Promise<void> {
    const run = await locked(client, number);
    await client.query('update shared_run set facts = $2 where run = $1', [
      number,
      JSON.stringify({ ...run?.facts, ...facts }),
    ]);
  }
}

/** Equal for runs about the same. */
function aboutOf(targeted: RunTargets | undefined): string {
  const { references, scopes } = targeted ?? {};
  return JSON.stringify({
    ...(references && { references: [...references].sort() }),
    ...(scopes && { scopes: [...scopes].sort() }),
  });
}

async function queued(
  client: PoolClient,
  trigger: string,
  now: number,
  targeted: RunTargets | undefined,
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    'insert into run (started, "trigger", scope) values ($1, $2, $3) returning id',
    [now, trigger, targeted === undefined ? 'all' : 'targets'],
  );
  const id = rows[0]?.id as number;
  for (const [kind, values] of [
    ['reference', targeted?.references ?? []],
    ['scope', targeted?.scopes ?? []],
  ] as const) {
    await client.query('insert into run_target (run, kind, value) select $1, $2, * from unnest($3::text[])', [
      id,
      kind,
      [...values],
    ]);
  }
  return id;
}

/** Whoever ends parts of one run waits for each other, so that one of them sees that it was the last. */
async function locked(client: PoolClient, run: number): Promise<SharedRun | undefined> {
  const { rows } = await client.query<Row>('select * from shared_run where run = $1 for update', [run]);
  return rows[0] && toRun(rows[0]);
}

function factsOf(client: PoolClient, run: SharedRun): PhaseFacts {
  return {
    run,
    results: async (phase) => {
      const { rows } = await client.query<Record<string, unknown>>(
        "select * from part where run = $1 and phase = $2 and state <> 'open' order by number",
        [run.number, phase],
      );
      return rows.map(toEnded);
    },
    unresolved: async () => {
      const { rows } = await client.query<{ key: string; host: string }>(
        'select key, host from wanted where run = $1 and resolution is null order by host, key',
        [run.number],
      );
      return rows;
    },
    unexamined: async () => {
      const { rows } = await client.query<{ key: string; root: string; moved: boolean }>(
        'select key, root, moved from wanted where run = $1 and root is not null and result is null order by moved desc, root, key',
        [run.number],
      );
      return rows;
    },
  };
}

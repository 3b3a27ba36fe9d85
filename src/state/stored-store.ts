import type { Digest } from '../core/image/digest.ts';
import type { NewsClass } from '../core/news.ts';
import { actsIn } from './acts.ts';
import type { Database, Row } from './database.ts';
import { StoredOutbox } from './outbox.ts';
import { pruned } from './pruning.ts';
import { rebuildsIn } from './rebuilds.ts';
import { recorded } from './recording.ts';
import { addTargets, scopeOf, storedProblems } from './recording-runs.ts';
import { snoozesIn } from './snoozes.ts';
import type { RunOutcome, RunTrigger, Store, StoredRun, Watch } from './store.ts';
import { daemonIn } from './stored-daemon.ts';
import { StoredFleet } from './stored-fleet.ts';
import { StoredMemory } from './stored-memory.ts';
import { swarmsIn } from './swarms.ts';

/** The store in a database: {@link Store} says what each method means. */
export function storeIn(database: Database, own: Pick<Store, 'copyTo' | 'close' | 'shared'>): Store {
  return {
    ...own,
    looks: async (references, platform = '*') => {
      const sql = `select reference, digest, first, last from look
        where reference in (select value from json_each(?)) and platform = ? order by last desc, first desc, digest`;
      const rows = await database.ask(sql, references, platform);
      return new Map(
        [...Map.groupBy(rows, (row) => String(row['reference']))].map(([reference, all]) => [
          reference,
          all.map((row) => ({
            digest: String(row['digest']) as Digest,
            first: Number(row['first']),
            last: Number(row['last']),
          })),
        ]),
      );
    },
    baseLines: async (references) => {
      const sql = 'select reference, digest from base_line where reference in (select value from json_each(?))';
      const rows = await database.ask(sql, references);
      return new Map(rows.map((row) => [String(row['reference']), String(row['digest']) as Digest]));
    },
    moveBaseLines: (lines, now) =>
      database.transaction((inside) =>
        inside.each(
          lines,
          `insert into base_line (reference, digest, moved) values (?, ?, ?)
           on conflict (reference) do update set digest = excluded.digest, moved = excluded.moved`,
          ([reference, digest]) => [reference, digest, now],
        ),
      ),
    openNews: async (keys) => {
      const among = keys === undefined ? '' : 'and key in (select value from json_each(?))';
      const rows = await database.ask(
        `select key, class, reference, first, runs from news where closed is null ${among} order by key`,
        ...(keys === undefined ? [] : [keys]),
      );
      return new Map(
        rows.map((row) => [
          String(row['key']),
          {
            class: String(row['class']) as NewsClass,
            reference: String(row['reference']),
            first: Number(row['first']),
            runs: Number(row['runs']),
          },
        ]),
      );
    },
    recordRun: (run) => database.transaction((inside) => recorded(inside, run)),
    endRun: (run, { finishedAt, outcome, exit = null, problem }) =>
      database.change(
        'update run set finished = ?, outcome = ?, exit = ?, problems = coalesce(problems, ?) where id = ?',
        finishedAt,
        outcome,
        exit,
        problem === undefined ? null : storedProblems([problem]),
        run,
      ),
    prune: (keep, now) => database.transaction((inside) => pruned(inside, keep, now)),
    queueRun: ({ trigger, targeted, at }) =>
      database.transaction(function* (inside) {
        const sql = 'insert into run (started, "trigger", scope) values (?, ?, ?) returning id';
        const [row] = yield* inside.all(sql, at, trigger, scopeOf(targeted));
        const id = Number(row?.['id']);
        yield* addTargets(inside, id, targeted);
        return id;
      }),
    // Later than it was queued, whatever the clocks say: the same time is that of a run of an older Plimsoll.
    beginRun: (run, at) => database.change('update run set begun = max(?, started + 1) where id = ?', at, run),
    run: async (number) => {
      const rows = await database.ask('select * from run where id = ?', number);
      return (await toRuns(database, rows))[0];
    },
    runs: async (most, { before = Number.MAX_SAFE_INTEGER, isWhole = false } = {}) => {
      const whole = isWhole ? "and scope = 'all' and summary is not null" : '';
      const sql = `select * from run where id < ? ${whole} order by id desc limit ?`;
      return toRuns(database, await database.ask(sql, before, most));
    },
    outbox: new StoredOutbox(database),
    snoozes: snoozesIn(database),
    fleet: new StoredFleet(database),
    memory: new StoredMemory(database),
    daemon: daemonIn(database),
    acts: actsIn(database),
    rebuilds: rebuildsIn(database),
    swarms: swarmsIn(database),
    watch: watchIn(database),
  };
}

async function toRuns(database: Database, rows: readonly Row[]): Promise<readonly StoredRun[]> {
  const ids = rows.filter((row) => row['scope'] === 'targets').map((row) => Number(row['id']));
  const sql = 'select run, kind, value from run_target where run in (select value from json_each(?))';
  const targets = Map.groupBy(ids.length === 0 ? [] : await database.ask(sql, ids), (row) => Number(row['run']));
  return rows.map((row) => toRun(row, targets.get(Number(row['id'])) ?? []));
}

/** What an older Plimsoll wrote of a run is its time. */
function toRun(row: Row, targets: readonly Row[]): StoredRun {
  const json = (column: string, otherwise: unknown): never =>
    (row[column] === null ? otherwise : JSON.parse(String(row[column]))) as never;
  const valuesOf = (wanted: string): ReadonlySet<string> =>
    new Set(targets.flatMap(({ kind, value }) => (kind === wanted ? [String(value)] : [])));
  const [references, scopes] = [valuesOf('reference'), valuesOf('scope')];
  return {
    id: Number(row['id']),
    trigger: String(row['trigger']) as RunTrigger,
    ...(row['scope'] === 'targets' && {
      targeted: { ...(references.size > 0 && { references }), ...(scopes.size > 0 && { scopes }) },
    }),
    startedAt: Number(row['started']),
    ...(row['finished'] !== null && { finishedAt: Number(row['finished']) }),
    ...(row['outcome'] !== null && { outcome: String(row['outcome']) as RunOutcome }),
    ...(row['exit'] !== null && { exit: Number(row['exit']) }),
    ...(row['begun'] !== null && { begunAt: Number(row['begun']) }),
    ...(row['cost'] !== null && { cost: json('cost', undefined) }),
    ...(row['summary'] !== null && { summary: json('summary', undefined) }),
    problems: json('problems', { first: [], all: 0 }),
  };
}

function watchIn(database: Database): Watch {
  return {
    scopes: async () => {
      const rows = await database.ask("select scope, name, last from watched where file = '' order by name, scope");
      return rows.map((row) => ({ id: String(row['scope']), name: String(row['name']), last: Number(row['last']) }));
    },
    readBefore: async (places) => {
      const sql = `select name, file from watched
        where name in (select value from json_each(?)) and file in (select value from json_each(?))`;
      const [names, files] = [places.map(({ scope }) => scope), places.map(({ file }) => file)];
      const rows = await database.ask(sql, [...new Set(names)], files);
      const known = new Set(rows.map(({ name, file }) => `${name}\n${file}`));
      return places.filter(({ scope, file }) => known.has(`${scope}\n${file}`));
    },
  };
}

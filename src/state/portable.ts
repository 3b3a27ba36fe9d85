import { DatabaseSync } from 'node:sqlite';
import { PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { openSqliteStore } from './sqlite/sqlite.ts';
import { guarded, SqliteDatabase } from './sqlite/sqlite-database.ts';

type Cell = string | number | null;
type Row = readonly Cell[];

/**
 * What of a state must outlive the machine, as text: hashes, digests and times. Neither findings nor packages, which the
 * next run finds again, nor what services called our messages. Names are whatever the store was given (`pseudonymous`).
 */
export type PortableState = { readonly version: 1 } & Readonly<Record<TableName, readonly Row[]>>;

type TableName = keyof typeof tables;

interface Table {
  readonly columns: readonly string[];
  /** So many of the first columns tell rows apart. */
  readonly key: number;
  readonly where?: string;
  readonly order: string;
  /** Two rows of one key, of two runs that did not know of each other: the one row that loses nothing of either. */
  readonly merge: (a: Row, b: Row) => Row;
}

const earliest = (a: Cell = null, b: Cell = null): Cell => (a === null || b === null ? (a ?? b) : a < b ? a : b);
const latest = (a: Cell = null, b: Cell = null): Cell => (a === null || b === null ? (a ?? b) : a > b ? a : b);

/** Columns by `merges`, one for each after the key. */
const byColumn =
  (key: number, merges: readonly ((a: Cell | undefined, b: Cell | undefined) => Cell)[]) =>
  (a: Row, b: Row): Row => [...a.slice(0, key), ...merges.map((merge, i) => merge(a[key + i], b[key + i]))];

/**
 * Open in one of them: then the next run closes it, if it is over. What one has open since after the other closed it began
 * again, and is told again.
 */
function mergeNews(a: Row, b: Row): Row {
  const [key = null, kind = null, reference = null, first = null, closed = null, runs = null] = a;
  const [, , , otherFirst = null, otherClosed = null] = b;
  const again = (one: Cell, end: Cell, over: Cell): boolean =>
    end === null && typeof over === 'number' && typeof one === 'number' && one > over;
  const beginning = again(first, closed, otherClosed)
    ? first
    : again(otherFirst, otherClosed, closed)
      ? otherFirst
      : earliest(first, otherFirst);
  const end = closed === null || otherClosed === null ? null : latest(closed, otherClosed);
  return [key, earliest(kind, b[1]), earliest(reference, b[2]), beginning, end, latest(runs, b[5])];
}

const tables = {
  look: {
    columns: ['reference', 'platform', 'digest', 'first', 'last'],
    key: 3,
    // The newest first, as they are read: then the order says what a reference names, and the time need not be exact.
    order: 'reference, platform, last desc, first desc, digest',
    merge: byColumn(3, [earliest, latest]),
  },
  base_line: {
    columns: ['reference', 'digest', 'moved'],
    key: 1,
    order: 'reference',
    merge: (a: Row, b: Row): Row => {
      const [one, other] = [`${a[2]}`.padStart(20), `${b[2]}`.padStart(20)];
      return one > other || (one === other && String(a[1]) >= String(b[1])) ? a : b;
    },
  },
  news: {
    columns: ['key', 'class', 'reference', 'first', 'closed', 'runs'],
    key: 1,
    order: 'key',
    merge: mergeNews,
  },
  news_place: {
    columns: ['news', 'scope', 'file', 'reference'],
    key: 4,
    order: 'news, scope, file, reference',
    merge: (a: Row): Row => a,
  },
  delivery: {
    columns: ['news', 'channel', 'delivered', 'reminded', 'closing'],
    key: 2,
    where: "state = 'delivered'",
    order: 'news, channel',
    merge: byColumn(2, [latest, latest, latest]),
  },
  window: { columns: ['channel', 'kind', 'period'], key: 2, order: 'channel, kind', merge: byColumn(2, [latest]) },
  baseline: {
    columns: ['channel', 'repository', 'told'],
    key: 2,
    order: 'channel, repository',
    merge: byColumn(2, [earliest]),
  },
  snooze: {
    columns: ['kind', 'value', 'until', 'created'],
    key: 2,
    order: 'kind, value',
    merge: byColumn(2, [latest, latest]),
  },
  trouble: {
    columns: ['channel', 'code', 'first', 'runs'],
    key: 1,
    order: 'channel',
    merge: byColumn(1, [latest, earliest, latest]),
  },
  watched: {
    columns: ['scope', 'file', 'name', 'last'],
    key: 2,
    order: 'scope, file',
    merge: (a: Row, b: Row): Row =>
      Number(a[3]) > Number(b[3]) || (a[3] === b[3] && String(a[2]) >= String(b[2])) ? a : b,
  },
  act: {
    columns: ['workload', 'to_digest', 'manifest', 'began', 'ended', 'outcome', 'told', 'cleared'],
    key: 4,
    order: 'workload, to_digest, manifest, began',
    // What became of it at last is what it is.
    merge: (a: Row, b: Row): Row => {
      const [one, other] = [`${a[4] ?? ''} ${a[5] ?? ''}`.padStart(40), `${b[4] ?? ''} ${b[5] ?? ''}`.padStart(40)];
      const last = one >= other ? a : b;
      return [...last.slice(0, 6), latest(a[6], b[6]), latest(a[7], b[7])];
    },
  },
  rebuild: {
    columns: [
      'image',
      'base',
      'correlation',
      'was',
      'brings',
      'at',
      'timeout',
      'sent',
      'ended',
      'outcome',
      'told',
      'cleared',
    ],
    key: 3,
    order: 'image, base, correlation',
    merge: (a: Row, b: Row): Row => {
      const [one, other] = [`${a[8] ?? ''} ${a[9] ?? ''}`.padStart(40), `${b[8] ?? ''} ${b[9] ?? ''}`.padStart(40)];
      const last = one >= other ? a : b;
      const first = Number(a[5]) <= Number(b[5]) ? a : b;
      const known = [latest(a[7], b[7]), last[8] ?? null, last[9] ?? null, latest(a[10], b[10]), latest(a[11], b[11])];
      return [...first.slice(0, 7), ...known];
    },
  },
} as const satisfies Readonly<Record<string, Table>>;

/** All that may leave the machine, as `table.column`: nothing else of a state stands where others can read it. */
export const portableColumns: readonly string[] = Object.entries(tables).flatMap(([name, { columns }]) =>
  columns.map((column) => `${name}.${column}`),
);

/** Tables that a state may lack which an older Plimsoll wrote. */
const later: ReadonlySet<string> = new Set(['watched', 'news_place', 'act', 'rebuild']);

const names = Object.keys(tables) as TableName[];

/** Reads what is worth keeping of a state file, which may be open elsewhere in this process. Throws PlimsollError 'STATE'. */
export function exportState(file: string, now: number): PortableState {
  const database = new DatabaseSync(file, { readOnly: true, timeout: limits.state.lock.most });
  try {
    const rows = (name: TableName): Row[] => {
      const { columns, order, where }: Table = tables[name];
      const filter = where === undefined ? '' : ` where ${where}`;
      const sql = `select ${columns.join(', ')} from ${name}${filter} order by ${order}`;
      const found = guarded(file, () => database.prepare(sql).all());
      return found.map((row) => columns.map((column) => row[column] as Cell));
    };
    return pruned(fromRows(rows), now);
  } finally {
    database.close();
  }
}

function fromRows(rows: (name: TableName) => readonly Row[]): PortableState {
  return {
    version: 1,
    ...(Object.fromEntries(names.map((name) => [name, rows(name)])) as Record<TableName, readonly Row[]>),
  };
}

function pruned(state: PortableState, now: number): PortableState {
  const isOver = (row: Row): boolean => typeof row[4] === 'number' && row[4] < now - limits.state.age.most;
  const over = new Set(state.news.filter(isOver).map(([key]) => key));
  const seen = new Set<string>();
  const look = state.look.filter(([reference, platform, , , last]) => {
    const name = `${reference} ${platform}`;
    const isNewest = !seen.has(name);
    seen.add(name);
    return isNewest || Number(last) >= now - limits.state.age.most;
  });
  return {
    ...state,
    look,
    news: state.news.filter(([key = null]) => !over.has(key)),
    news_place: state.news_place.filter(([key = null]) => !over.has(key)),
    delivery: state.delivery.filter(([key = null]) => !over.has(key)),
    act: state.act.filter((row) => Number(row[3]) >= now - limits.state.age.most),
    rebuild: state.rebuild.filter((row) => Number(row[5]) >= now - limits.state.age.most),
    snooze: state.snooze.filter(([, , until]) => Number(until) > now),
  };
}

/** Makes a state file of it; the file must not be there yet. Throws PlimsollError 'STATE'. */
export async function importState(file: string, state: PortableState): Promise<void> {
  await openSqliteStore(file, { readOnly: false }).close();
  const database = new SqliteDatabase(file, new DatabaseSync(file));
  try {
    await database.transaction(function* () {
      for (const name of names) {
        const { columns }: Table = tables[name];
        const isDelivery = name === 'delivery';
        const more = isDelivery ? ', state, tries' : '';
        const sql = `insert into ${name} (${columns.join(', ')}${more}) values (${columns.map(() => '?').join(', ')}${isDelivery ? ", 'delivered', 1" : ''})`;
        yield* database.each(state[name], sql, (row) => row);
      }
    });
  } finally {
    database.close();
  }
}

/** Everything that either of two states knows: what was told in one was told. Commutative, and the same twice. */
export function mergeStates(a: PortableState, b: PortableState): PortableState {
  const merged = new Map(
    names.map((name) => {
      const { key, merge }: Table = tables[name];
      const rows = new Map<string, Row>();
      for (const row of [...a[name], ...b[name]]) {
        const id = JSON.stringify(row.slice(0, key));
        const known = rows.get(id);
        rows.set(id, known === undefined ? row : merge(known, row));
      }
      return [name, [...rows.values()].sort(name === 'look' ? byLook : byText)] as const;
    }),
  );
  const all = fromRows((name) => merged.get(name) ?? []);
  const since = new Map(all.news.map(([key = null, , , first]) => [key, Number(first)]));
  // What was told of the time before says nothing of this one.
  const isOfNow = ([news = null, , delivered]: Row): boolean => Number(delivered) >= (since.get(news) ?? 0);
  const open = new Set(all.news.flatMap(([key = null, , , , closed]) => (closed === null ? [key] : [])));
  return {
    ...all,
    news_place: all.news_place.filter(([news = null]) => open.has(news)),
    delivery: all.delivery.filter(isOfNow),
  };
}

function byText(a: Row, b: Row): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** As the table's own order. */
function byLook(a: Row, b: Row): number {
  return (
    byText(a.slice(0, 2), b.slice(0, 2)) ||
    Number(b[4]) - Number(a[4]) ||
    Number(b[3]) - Number(a[3]) ||
    byText(a.slice(2, 3), b.slice(2, 3))
  );
}

/** News of these classes is told after some runs in a row; how often others were found means nothing. */
const countedRuns = 3;

/**
 * Would another run do the same with both? Then nothing needs to be written: on a day without news only the times move at
 * which tags were last looked at.
 */
export function meansTheSame(a: PortableState, b: PortableState): boolean {
  return JSON.stringify(meaning(a)) === JSON.stringify(meaning(b));
}

function meaning({ look, news, watched, ...rest }: PortableState): unknown {
  return {
    ...rest,
    watched: watched.map((row) => row.slice(0, 3)),
    look: look.map((row) => row.slice(0, 4)),
    news: news.map(([key, kind, reference, first, closed, runs]) => {
      const counted = kind === 'unknown' || kind === 'unchecked' ? Math.min(Number(runs), countedRuns) : 1;
      return [key, kind, reference, first, closed, counted];
    }),
  };
}

/** Undefined for what `formatState` did not write. Throws PlimsollError 'STATE' for what a newer Plimsoll wrote. */
export function parseState(text: string): PortableState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const found = value as Partial<PortableState> | null;
  if (typeof found?.version === 'number' && found.version > 1) {
    throw new PlimsollError('STATE', `the state has version ${found.version}, written by a newer Plimsoll; update`);
  }
  if (
    found?.version !== 1 ||
    !names.every((name) => isTable(found[name] ?? (later.has(name) ? [] : undefined), tables[name].columns.length))
  )
    return undefined;
  return fromRows((name) => found[name] ?? []);
}

function isTable(rows: unknown, columns: number): boolean {
  return (
    Array.isArray(rows) &&
    rows.every(
      (row) =>
        Array.isArray(row) &&
        row.length === columns &&
        row.every((cell) => cell === null || typeof cell === 'string' || Number.isSafeInteger(cell)),
    )
  );
}

/** One row per line. */
export function formatState(state: PortableState): string {
  const parts = names.map((name) => {
    const rows = state[name].map((row) => JSON.stringify(row));
    return `${JSON.stringify(name)}:[${rows.length === 0 ? '' : `\n${rows.join(',\n')}\n`}]`;
  });
  return `{"version":1,\n${parts.join(',\n')}}\n`;
}

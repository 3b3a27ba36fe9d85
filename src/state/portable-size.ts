import type { PortableState } from './portable.ts';

type TableName = Exclude<keyof PortableState, 'version'>;
type Row = PortableState[TableName][number];

/** Rows that go together, and when they mattered last. */
interface Part {
  readonly rows: readonly Row[];
  readonly last: number;
}

/** The table `name` of a state, by the value of its column `at`. */
const by = (state: PortableState, name: TableName, at: number): ReadonlyMap<unknown, readonly Row[]> =>
  Map.groupBy(state[name], (row) => row[at]);

/**
 * What may go, in this order: what is over, digests that a tag named once, what was done to workloads, files that were read, what is open, tags. In each
 * the oldest first. What goes is forgotten as a whole: news with who was told of it and where it is.
 */
function partsOf(state: PortableState): readonly Part[] {
  const [deliveries, places, lines] = [by(state, 'delivery', 0), by(state, 'news_place', 0), by(state, 'base_line', 0)];
  const ofNews = (row: Row): readonly Row[] => [row, ...(deliveries.get(row[0]) ?? []), ...(places.get(row[0]) ?? [])];
  const [over, open] = [state.news.filter((row) => row[4] !== null), state.news.filter((row) => row[4] === null)];
  // A state has the newest look of each tag and platform first.
  const looks = [...Map.groupBy(state.look, ([reference, platform]) => `${reference} ${platform}`).values()];
  const tags = [...Map.groupBy(state.look, ([reference]) => reference)];
  const files = state.watched.filter(([, file]) => file !== '');
  const acts = [
    ...state.act.map((row) => ({ rows: [row], last: Number(row[3]) })),
    ...state.rebuild.map((row) => ({ rows: [row], last: Number(row[5]) })),
  ];
  const oldestFirst = (parts: readonly Part[]): readonly Part[] => parts.toSorted((a, b) => a.last - b.last);
  return [
    ...oldestFirst(over.map((row) => ({ rows: ofNews(row), last: Number(row[4]) }))),
    ...oldestFirst(looks.flatMap((own) => own.slice(1).map((row) => ({ rows: [row], last: Number(row[4]) })))),
    ...oldestFirst(acts),
    ...oldestFirst(files.map((row) => ({ rows: [row], last: Number(row[3]) }))),
    ...oldestFirst(open.map((row) => ({ rows: ofNews(row), last: Number(row[3]) }))),
    ...oldestFirst(
      tags.map(([reference, own]) => ({
        rows: [...own.slice(0, 1), ...(lines.get(reference) ?? [])],
        last: Math.max(...own.map((row) => Number(row[4]))),
      })),
    ),
  ];
}

/** The state in at most so many bytes of text, and how many rows had to go for that. Pure. */
export function withinBytes(
  state: PortableState,
  most: number,
): { readonly state: PortableState; readonly left: number } {
  const tables = Object.keys(state).filter((name): name is TableName => name !== 'version');
  // A row stands in a line of its own; the rest is names of tables.
  const sizeOf = (row: Row): number => Buffer.byteLength(JSON.stringify(row)) + 2;
  let size = 1000 + tables.flatMap((name) => state[name]).reduce((sum, row) => sum + sizeOf(row), 0);
  if (size <= most) return { state, left: 0 };
  const gone = new Set<Row>();
  for (const { rows } of partsOf(state)) {
    if (size <= most) break;
    for (const row of rows) {
      if (gone.has(row)) continue;
      gone.add(row);
      size -= sizeOf(row);
    }
  }
  const kept = tables.map((name) => [name, state[name].filter((row) => !gone.has(row))] as const);
  return { state: { ...state, ...Object.fromEntries(kept) }, left: gone.size };
}

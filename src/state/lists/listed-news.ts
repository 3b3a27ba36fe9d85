import { limits } from '../../core/limits/limits.ts';
import { type NewsClass, newsClasses } from '../../core/news.ts';
import type { Database } from '../database.ts';
import type { NewsRow, Page } from '../memory.ts';
import { cursorBehind, type ListOrder, positionOf, rowsByClass } from './class-pages.ts';
import type { ListKey } from './cursors.ts';

/** In what order news of one class are listed. */
const order: ListOrder = { first: 'number', key: 'string' };

const key: ListKey = ['news'];

/** {@link Memory.news}; where news are and who was told is counted only for those of the page. */
export async function listedNews(database: Database, cursor?: string): Promise<Page<NewsRow>> {
  const most = limits.report.pageRows.most;
  const sql = 'select key, class, reference, first, runs from news where closed is null';
  const list = { sql, values: [], classes: newsClasses, order };
  const found = await rowsByClass<NewsClass>(database, list, positionOf(key, cursor, newsClasses, order), most + 1);
  const shown = found.slice(0, most);
  const last = found.length > most ? shown.at(-1) : undefined;
  const keys = shown.map((row) => String(row['key']));
  const [places, told] = [
    await counted(database, 'news_place', 'true', keys),
    await counted(database, 'delivery', "state = 'delivered'", keys),
  ];
  const items = shown.map((row) => ({
    key: String(row['key']),
    class: String(row['class']) as NewsClass,
    reference: String(row['reference']),
    first: Number(row['first']),
    runs: Number(row['runs']),
    places: places.get(String(row['key'])) ?? 0,
    told: told.get(String(row['key'])) ?? 0,
  }));
  return { items, ...(last && { next: cursorBehind(key, last, order) }) };
}

async function counted(
  database: Database,
  table: 'news_place' | 'delivery',
  where: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map();
  const sql = `select news, count(*) as number from ${table} where news in (select value from json_each(?)) and ${where} group by news`;
  return new Map((await database.ask(sql, keys)).map((row) => [String(row['news']), Number(row['number'])]));
}

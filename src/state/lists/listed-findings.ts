/*
 * src/state/lists/
 *
 * Lists that are read page by page. What pages are made of is kept by runs (summaries.ts), so that none is put together
 * from a whole fleet; findings and news are read from an index, each page from where the one before has ended (class-pages.ts).
 * Begin here.
 */

import { type FindingClass, findingClasses } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import { newsClasses } from '../../core/news.ts';
import type { Database, Row, Value } from '../database.ts';
import type { DetailedFinding, FindingQuery, Page } from '../memory.ts';
import { detailed, standingOf } from '../stored-fleet.ts';
import { columnsOf, cursorBehind, type ListOrder, type Position, positionOf, rowsByClass } from './class-pages.ts';
import { conditions, escapeLike } from './conditions.ts';
import type { ListKey } from './cursors.ts';
import { rankOf } from './summaries.ts';

/** The order of urgency, in SQL. */
const rank = rankOf('class');

/** Of findings, from the most urgent class on. */
const byUrgency = newsClasses.filter((kind): kind is FindingClass =>
  (findingClasses as readonly string[]).includes(kind),
);

/** In what order findings of one class are listed. */
const order: ListOrder = {
  since: 'number',
  reference: 'string',
  repository: 'string',
  file: 'string',
  line: 'number',
  id: 'string',
};
const listOrder = columnsOf(order);

/** So many images have few enough findings that these can be sorted. */
const fewNames = 100;

/** {@link Memory.findings} says what it is asked for with. */
export async function listedFindings(
  database: Database,
  { text: part, class: kind, repository, reference, rows: most = limits.report.pageRows.most }: FindingQuery,
  cursor?: string,
): Promise<Page<DetailedFinding>> {
  const kinds = kind === undefined ? byUrgency : [kind];
  const list: ListKey = ['findings', part, kind, repository, reference];
  const from = positionOf(list, cursor, kinds, order);
  const named = part === undefined ? undefined : await imagesNamed(database, part);
  const [where, values] = conditions(
    [
      ['class = ?', kind],
      ['repository = ?', repository],
      ['reference = ?', reference],
      named === undefined || named.length > fewNames
        ? ["reference like ? escape '\\'", part === undefined ? undefined : `%${escapeLike(part)}%`]
        : ['reference in (select value from json_each(?))', named],
    ],
    'gone is null',
  );
  const isFew = repository !== undefined || reference !== undefined || (named?.length ?? Infinity) <= fewNames;
  const found = isFew
    ? await sorted(database, where, values, from, most + 1)
    : await rowsByClass(
        database,
        { sql: `select * from finding ${where}`, values, classes: kinds, order },
        from,
        most + 1,
      );
  const shown = found.slice(0, most);
  const last = found.length > most ? shown.at(-1) : undefined;
  const findings = shown.map(standingOf);
  // A detail is long, and only those of this page are needed: sorting would carry all of them.
  const ids = findings.map(({ id }) => id);
  const sql = 'select * from finding_detail where id in (select value from json_each(?))';
  const rows = ids.length === 0 ? [] : await database.ask(sql, ids);
  const details = new Map(rows.map((row) => [`${row['id']} ${row['class']}`, String(row['detail'])]));
  const items = findings.map((one) => detailed(one, details.get(`${one.id} ${one.class}`)));
  return { items, ...(last && { next: cursorBehind(list, last, order) }) };
}

/** The first findings behind one, of those that are few enough to be sorted. */
function sorted(
  database: Database,
  where: string,
  values: readonly Value[],
  from: Position<FindingClass> | undefined,
  most: number,
): Promise<Row[]> {
  const beyond = from === undefined ? '' : `and (${rank}, ${listOrder}) > (?, ?, ?, ?, ?, ?, ?)`;
  const last = from === undefined ? [] : [newsClasses.indexOf(from.class), ...from.values];
  const sql = `select * from finding ${where} ${beyond} order by ${rank}, ${listOrder} limit ${most}`;
  return database.ask(sql, ...values, ...last);
}

/** Images whose names hold a text; a few more than few say that they are many. */
async function imagesNamed(database: Database, part: string): Promise<readonly string[]> {
  const sql = `select reference from summary_image where reference like ? escape '\\' limit ${fewNames + 1}`;
  return (await database.ask(sql, `%${escapeLike(part)}%`)).map((row) => String(row['reference']));
}

/** Since when the oldest finding of each class stands: the first of each in an index, and not the least of all. */
export async function oldestFindings(database: Database): Promise<ReadonlyMap<string, number>> {
  const first = 'select class, since from finding where gone is null and class = ? order by since limit 1';
  const all = byUrgency.map(() => `select * from (${first}) as first`).join(' union all ');
  const rows = await database.ask(all, ...byUrgency);
  return new Map(rows.map((row) => [String(row['class']), Number(row['since'])]));
}

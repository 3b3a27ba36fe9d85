import type { FindingClass } from '../core/finding.ts';
import type { NewsClass } from '../core/news.ts';
import { isScopeTarget, type KnownPlace } from '../core/run-record.ts';
import type { Statements, Work } from './database.ts';
import { summariseFindings } from './lists/summaries.ts';
import { eventSql, recordChanges, recordDay } from './recording-events.ts';
import { addRun } from './recording-runs.ts';
import { covers, isUntold } from './run-coverage.ts';
import type { NewRun } from './store.ts';

/** News that was closed for less than this and is found again never was over; what broke again is told again at once. */
const overAfter = 24 * 60 * 60 * 1000;

/** All that a run leaves in the state but for who uses what, inside a transaction. Returns the run's number. */
export function* recorded(inside: Statements, run: NewRun): Work<number> {
  yield* putRight(inside, run.startedAt);
  const id = yield* addRun(inside, run);
  yield* recordLooks(inside, run);
  yield* recordFindings(inside, run, id);
  yield* endFindings(inside, run, id);
  if (run.targeted === undefined) yield* recordDay(inside, run);
  yield* recordNews(inside, run);
  yield* recordScopes(inside, run);
  yield* recordWorkloads(inside, run);
  yield* drop(inside, run);
  yield* summariseFindings(inside);
  return id;
}

/** Where times of the past are kept; null stays null. */
const times: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ['run', ['started', 'finished']],
  ['finding', ['since', 'seen', 'gone']],
  ['news', ['first', 'closed']],
  ['delivery', ['delivered', 'reminded', 'closing']],
  ['base_line', ['moved']],
  ['baseline', ['told']],
  ['trouble', ['first']],
  ['watched', ['last']],
  ['workload', ['first', 'last']],
];

/**
 * A clock that once ran ahead has left times that are yet to come: they would hold back reminders, ages and closings until
 * then. Such a time is now; a snooze keeps its length.
 */
function* putRight(inside: Statements, now: number): Work<void> {
  for (const [table, columns] of times) {
    const ahead = columns.map((column) => `${column} > ?1`).join(' or ');
    const right = columns.map((column) => `${column} = min(${column}, ?1)`).join(', ');
    yield* inside.run(`update ${table} set ${right} where ${ahead}`, now);
  }
  // What is looked at now is newer.
  yield* inside.run('update look set first = min(first, ?1 - 1), last = min(last, ?1 - 1) where last > ?1', now);
  // `now` is when the run began, and a snooze may be newer than that.
  yield* inside.run('update snooze set until = ?1 + until - created, created = ?1 where created > ?1 + 86400000', now);
}

/** A reference that is seen for the first time gets its base line. */
function* recordLooks(inside: Statements, { looks, startedAt }: NewRun): Work<void> {
  yield* inside.each(
    looks,
    `insert into look (reference, platform, digest, first, last) values (?, ?, ?, ?, ?)
     on conflict (reference, platform, digest) do update set last = max(look.last, excluded.last)`,
    ({ reference, platform, digest }) => [reference, platform, digest, startedAt, startedAt],
  );
  yield* inside.each(
    looks.filter(({ platform }) => platform === '*'),
    'insert into base_line (reference, digest, moved) values (?, ?, ?) on conflict do nothing',
    ({ reference, digest }) => [reference, digest, startedAt],
  );
}

/** What was gone and is there again began again. */
function* recordFindings(inside: Statements, { findings, startedAt }: NewRun, run: number): Work<void> {
  yield* recordChanges(inside, findings, startedAt, run);
  yield* inside.each(
    findings,
    `insert into finding (id, class, reference, scope, repository, file, line, workload, written, remedy, security, held, reason, since, seen, latest)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id, class) do update set reference = excluded.reference, scope = excluded.scope, repository = excluded.repository,
       file = excluded.file, line = excluded.line, workload = excluded.workload, written = excluded.written, remedy = excluded.remedy,
       security = excluded.security, held = excluded.held, reason = excluded.reason,
       since = case when finding.gone is null then finding.since else excluded.since end, seen = excluded.seen, gone = null, latest = excluded.latest`,
    ({
      id,
      class: kind,
      reference,
      scope,
      repository,
      file,
      line,
      workload,
      written,
      remedy,
      security,
      held = null,
      reason,
      detail,
    }) => [
      id,
      kind,
      reference,
      scope,
      repository,
      file,
      line,
      workload === undefined ? null : JSON.stringify(workload),
      written,
      remedy,
      security === null ? null : Number(security),
      held,
      reason,
      startedAt,
      startedAt,
      detail?.latest ?? detail?.tag ?? null,
    ],
  );
  // A row that says the same is not written again: a fleet has tens of thousands, and most days nothing changes.
  yield* inside.each(
    findings.filter(({ detail }) => detail !== undefined),
    `insert into finding_detail (id, class, detail) values (?, ?, ?)
     on conflict (id, class) do update set detail = excluded.detail where finding_detail.detail <> excluded.detail`,
    ({ id, class: kind, detail }) => [id, kind, JSON.stringify(detail)],
  );
}

/** A finding is over when a run could tell, where it was, and did not find it. */
function* endFindings(inside: Statements, run: NewRun, id: number): Work<void> {
  const isCovered = covers(run);
  const found = new Set(run.findings.map((one) => `${one.id} ${one.class}`));
  const open = yield* inside.all('select id, class, scope, file, reference from finding where gone is null');
  const gone = open.filter((row) => {
    const [id, kind] = [String(row['id']), String(row['class']) as FindingClass];
    return !found.has(`${id} ${kind}`) && !isUntold(run.untold.get(id), kind) && isCovered(placeIn(row));
  });
  yield* inside.each(gone, eventSql, (row) => [
    String(row['id']),
    String(row['class']),
    run.startedAt,
    id,
    'gone',
    null,
    null,
    null,
  ]);
  yield* inside.each(gone, 'update finding set gone = ? where id = ? and class = ?', ({ id, class: kind }) => [
    run.startedAt,
    String(id),
    String(kind),
  ]);
}

/** Something to tell, as this run found it. */
interface FoundNews {
  readonly class: NewsClass;
  readonly reference: string;
  /** By their keys. What shares a list of news shares its places, too: thousands of findings may have thousands of news. */
  readonly places: readonly ReadonlyMap<string, KnownPlace>[];
}

function newsFound({ findings, notices }: NewRun): ReadonlyMap<string, FoundNews> {
  const found = new Map<string, { class: NewsClass; reference: string; places: Map<string, KnownPlace>[] }>();
  const add = (news: readonly string[], kind: NewsClass, reference: string, places: Map<string, KnownPlace>): void => {
    for (const key of news) {
      const known = found.get(key);
      if (known === undefined) found.set(key, { class: kind, reference, places: [places] });
      else known.places.push(places);
    }
  };
  const shared = new Map<readonly string[], Map<string, KnownPlace>>();
  for (const { news, class: kind, reference, scope, file } of findings) {
    const place = { scope, file, reference };
    const places = shared.get(news);
    if (places !== undefined) places.set(placeKey(place), place);
    else {
      const first = new Map([[placeKey(place), place]]);
      shared.set(news, first);
      add(news, kind, reference, first);
    }
  }
  for (const { news, class: kind, reference, places } of notices) {
    add(news, kind, reference, new Map(places.map((place) => [placeKey(place), place])));
  }
  return found;
}

function* recordNews(inside: Statements, run: NewRun): Work<void> {
  const now = run.startedAt;
  const found = newsFound(run);
  yield;
  const stored = yield* inside.all(
    'select key, first, closed from news where key in (select value from json_each(?))',
    [...found.keys()],
  );
  const known = new Map(stored.map((row) => [String(row['key']), row]));
  const fresh = [...found].filter(([key]) => !known.has(key));
  yield* inside.each(
    fresh,
    'insert into news (key, class, reference, first) values (?, ?, ?, ?)',
    ([key, { class: kind, reference }]) => [key, kind, reference, now],
  );
  // Runs are counted that saw everything: many about one image say nothing of how long a host is silent.
  if (run.targeted === undefined) {
    const open = stored.filter((row) => row['closed'] === null);
    yield* inside.each(open, 'update news set runs = runs + 1 where key = ?', ({ key }) => [String(key)]);
  }
  const again = stored.flatMap(({ key, first, closed }) => {
    if (closed === null) return [];
    const isOver = found.get(String(key))?.class === 'pin-broken' || now - Number(closed) >= overAfter;
    return [{ key: String(key), first: isOver ? now : Number(first), isOver }];
  });
  yield* inside.each(again, 'update news set closed = null, first = ?, runs = 1 where key = ?', ({ key, first }) => [
    first,
    key,
  ]);
  yield* inside.each(
    again.filter(({ isOver }) => isOver),
    'delete from delivery where news = ?',
    ({ key }) => [key],
  );
  yield* recordPlaces(inside, run, found);
}

/** News is over when it is at no place any more: each ends by itself, for a run that covers it. */
function* recordPlaces(inside: Statements, run: NewRun, found: ReadonlyMap<string, FoundNews>): Work<void> {
  const isCovered = covers(run);
  const open = yield* inside.all('select key, class, reference from news where closed is null');
  const standing = new Set<string>();
  const ended = new Set<string>();
  for (const keys of portions(open.map(({ key }) => String(key)))) {
    const known = new Map<string, number>();
    const over: Record<string, unknown>[] = [];
    const here = new Map(keys.map((key) => [key, placesOf(found.get(key))]));
    const rows = yield* inside.all(placesSql, keys);
    for (const row of rows) {
      const key = String(row['news']);
      const place = placeIn(row);
      const isHere = here.get(key)?.has(placeKey(place)) ?? false;
      if (isHere) known.set(key, (known.get(key) ?? 0) + 1);
      const untold = place.reference === undefined ? undefined : run.unsure.get(place.reference);
      if (!isHere && isCovered(place) && !isUntold(untold, String(row['class']))) over.push(row);
      else standing.add(key);
    }
    yield* inside.each(
      over,
      'delete from news_place where news = ? and scope = ? and file = ? and reference = ?',
      (row) => ['news', 'scope', 'file', 'reference'].map((column) => String(row[column])),
    );
    for (const row of over) ended.add(String(row['news']));
    const fresh = keys.flatMap((key) => {
      const all = here.get(key);
      // What is known already needs no second row.
      return all === undefined || all.size === known.get(key) ? [] : [...all.values()].map((place) => ({ key, place }));
    });
    yield* inside.each(
      fresh,
      'insert into news_place (news, scope, file, reference) values (?, ?, ?, ?) on conflict do nothing',
      ({ key, place: { scope, file, reference = '' } }) => [key, scope, file, reference],
    );
  }
  const closed = open.filter((row) => {
    const key = String(row['key']);
    if (found.has(key) || standing.has(key)) return false;
    // A state of before knows no places.
    return (
      ended.has(key) || (run.isComplete && !isUntold(run.unsure.get(String(row['reference'])), String(row['class'])))
    );
  });
  yield* inside.each(closed, 'update news set closed = ? where key = ?', ({ key }) => [run.startedAt, String(key)]);
}

/** Those of one list as they are, for other news may share them; those of several together. */
function placesOf(news: FoundNews | undefined): ReadonlyMap<string, KnownPlace> | undefined {
  return news?.places.length === 1 ? news.places[0] : new Map(news?.places.flatMap((some) => [...some]));
}

const placesSql = `select news, scope, file, news_place.reference, class from news_place join news on key = news
  where key in (select value from json_each(?))`;

/** So many news at a time: each may be at thousands of places. */
function* portions(keys: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < keys.length; from += newsAtOnce) yield keys.slice(from, from + newsAtOnce);
}

const newsAtOnce = 100;

function placeIn(row: Record<string, unknown>): KnownPlace {
  const reference = String(row['reference']);
  return { scope: String(row['scope']), file: String(row['file']), ...(reference !== '' && { reference }) };
}

function placeKey({ scope, file, reference = '' }: KnownPlace): string {
  return `${scope}\n${file}\n${reference}`;
}

/** What is watched from now on. A run about references has read no scope for its own sake. */
function* recordScopes(inside: Statements, { read, targeted, startedAt }: NewRun): Work<void> {
  const whole = read.filter(
    ({ id, isPartial }) => !isPartial && targeted?.references === undefined && isScopeTarget(targeted, id),
  );
  yield* inside.each(whole, 'delete from watched where scope = ?', ({ id }) => [id]);
  const files = whole.flatMap(({ id, name, files, lost }) =>
    ['', ...files, ...lost].map((file) => ({ id, name, file })),
  );
  yield* inside.each(
    files,
    'insert into watched (scope, name, file, last) values (?, ?, ?, ?) on conflict do nothing',
    ({ id, name, file }) => [id, name, file, startedAt],
  );
}

/** What runs; on an engine that was read as a whole nothing else does. A run about references has not asked what else there is. */
function* recordWorkloads(inside: Statements, { workloads, read, targeted, startedAt }: NewRun): Work<void> {
  yield* inside.each(
    workloads,
    `insert into workload (scope, kind, name, report, first, last) values (?, ?, ?, ?, ?, ?)
     on conflict (scope, kind, name) do update set report = excluded.report, last = excluded.last`,
    ({ scope, ...report }) => [scope, report.kind, report.name, JSON.stringify(report), startedAt, startedAt],
  );
  if (targeted?.references !== undefined) return;
  const scopes = read.map(({ id }) => id);
  yield* inside.run(
    'delete from workload where last < ?2 and scope in (select value from json_each(?1))',
    scopes,
    startedAt,
  );
}

function* drop(inside: Statements, { dropped, startedAt }: NewRun): Work<void> {
  if (dropped.length === 0) return;
  const scopes = dropped;
  const among = 'scope in (select value from json_each(?1))';
  yield* inside.run(`delete from watched where ${among}`, scopes);
  yield* inside.run(`delete from workload where ${among}`, scopes);
  yield* inside.run(`update finding set gone = ?2 where gone is null and ${among}`, scopes, startedAt);
  const gone = `select news from news_place where ${among} and news not in (select news from news_place where not ${among})`;
  // Nobody has seen that it is over: that is not told.
  yield* inside.run(`update delivery set closing = ?2 where closing is null and news in (${gone})`, scopes, startedAt);
  yield* inside.run(`update news set closed = ?2 where closed is null and key in (${gone})`, scopes, startedAt);
  yield* inside.run(`delete from news_place where ${among}`, scopes);
}

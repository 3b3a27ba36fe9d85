import type { FindingClass } from '../core/finding.ts';
import type { NewsClass } from '../core/news.ts';
import { isScopeTarget, type KnownPlace } from '../core/run-record.ts';
import type { Steps } from '../core/time/turns.ts';
import { eventSql, recordChanges, recordDay } from './recording-events.ts';
import { addRun } from './recording-runs.ts';
import { covers, isUntold } from './run-coverage.ts';
import type { Database } from './sqlite/sqlite-database.ts';
import type { NewRun } from './store.ts';
import { summariseFindings } from './summaries.ts';

/** News that was closed for less than this and is found again never was over; what broke again is told again at once. */
const overAfter = 24 * 60 * 60 * 1000;

/** All that a run leaves in the state but for who uses what, inside a transaction. Returns the run's number. */
export function* recorded(database: Database, run: NewRun): Steps<number> {
  putRight(database, run.startedAt);
  const id = addRun(database, run);
  yield* recordLooks(database, run);
  yield* recordFindings(database, run, id);
  yield* endFindings(database, run, id);
  if (run.targeted === undefined) recordDay(database, run);
  yield* recordNews(database, run);
  yield* recordScopes(database, run);
  yield* recordWorkloads(database, run);
  drop(database, run);
  yield* summariseFindings(database);
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
function putRight(database: Database, now: number): void {
  for (const [table, columns] of times) {
    const ahead = columns.map((column) => `${column} > ?1`).join(' or ');
    const right = columns.map((column) => `${column} = min(${column}, ?1)`).join(', ');
    database.run(`update ${table} set ${right} where ${ahead}`, now);
  }
  // What is looked at now is newer.
  database.run('update look set first = min(first, ?1 - 1), last = min(last, ?1 - 1) where last > ?1', now);
  // `now` is when the run began, and a snooze may be newer than that.
  database.run('update snooze set until = ?1 + until - created, created = ?1 where created > ?1 + 86400000', now);
}

/** A reference that is seen for the first time gets its base line. */
function* recordLooks(database: Database, { looks, startedAt }: NewRun): Steps<void> {
  yield* database.each(
    looks,
    `insert into look (reference, platform, digest, first, last) values (?, ?, ?, ?, ?)
     on conflict do update set last = max(last, excluded.last)`,
    ({ reference, platform, digest }) => [reference, platform, digest, startedAt, startedAt],
  );
  yield* database.each(
    looks.filter(({ platform }) => platform === '*'),
    'insert into base_line (reference, digest, moved) values (?, ?, ?) on conflict do nothing',
    ({ reference, digest }) => [reference, digest, startedAt],
  );
}

/** What was gone and is there again began again. */
function* recordFindings(database: Database, { findings, startedAt }: NewRun, run: number): Steps<void> {
  yield* recordChanges(database, findings, startedAt, run);
  yield* database.each(
    findings,
    `insert into finding (id, class, reference, scope, repository, file, line, workload, written, remedy, security, held, reason, since, seen, latest)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict do update set reference = excluded.reference, scope = excluded.scope, repository = excluded.repository,
       file = excluded.file, line = excluded.line, workload = excluded.workload, written = excluded.written, remedy = excluded.remedy,
       security = excluded.security, held = excluded.held, reason = excluded.reason,
       since = iif(gone is null, since, excluded.since), seen = excluded.seen, gone = null, latest = excluded.latest`,
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
  yield* database.each(
    findings.filter(({ detail }) => detail !== undefined),
    `insert into finding_detail (id, class, detail) values (?, ?, ?)
     on conflict do update set detail = excluded.detail where detail <> excluded.detail`,
    ({ id, class: kind, detail }) => [id, kind, JSON.stringify(detail)],
  );
}

/** A finding is over when a run could tell, where it was, and did not find it. */
function* endFindings(database: Database, run: NewRun, id: number): Steps<void> {
  const isCovered = covers(run);
  const found = new Set(run.findings.map((one) => `${one.id} ${one.class}`));
  const open = yield* database.rows('select id, class, scope, file, reference from finding where gone is null');
  const gone = open.filter((row) => {
    const [id, kind] = [String(row['id']), String(row['class']) as FindingClass];
    return !found.has(`${id} ${kind}`) && !isUntold(run.untold.get(id), kind) && isCovered(placeIn(row));
  });
  yield* database.each(gone, eventSql, (row) => [
    String(row['id']),
    String(row['class']),
    run.startedAt,
    id,
    'gone',
    null,
    null,
    null,
  ]);
  yield* database.each(gone, 'update finding set gone = ? where id = ? and class = ?', ({ id, class: kind }) => [
    run.startedAt,
    String(id),
    String(kind),
  ]);
}

/** Something to tell, as this run found it. */
interface FoundNews {
  readonly class: NewsClass;
  readonly reference: string;
  readonly places: KnownPlace[];
}

function newsFound({ findings, notices }: NewRun): ReadonlyMap<string, FoundNews> {
  const found = new Map<string, FoundNews>();
  const add = (key: string, kind: NewsClass, reference: string, places: readonly KnownPlace[]): void => {
    const known = found.get(key);
    if (known === undefined) found.set(key, { class: kind, reference, places: [...places] });
    else known.places.push(...places);
  };
  for (const { news, class: kind, reference, scope, file } of findings) {
    for (const key of news) add(key, kind, reference, [{ scope, file, reference }]);
  }
  for (const { news, class: kind, reference, places } of notices) {
    for (const key of news) add(key, kind, reference, places);
  }
  return found;
}

function* recordNews(database: Database, run: NewRun): Steps<void> {
  const now = run.startedAt;
  const found = newsFound(run);
  yield;
  const known = database.prepare('select first, closed from news where key = ?');
  const add = database.prepare('insert into news (key, class, reference, first) values (?, ?, ?, ?)');
  const again = database.prepare('update news set runs = runs + 1 where key = ?');
  const reopen = database.prepare('update news set closed = null, first = ?, runs = 1 where key = ?');
  const forget = database.prepare('delete from delivery where news = ?');
  let done = 0;
  for (const [key, { class: kind, reference }] of found) {
    if (++done % 500 === 0) yield;
    const row = known.get(key);
    if (row === undefined) add.run(key, kind, reference, now);
    else if (row['closed'] === null) {
      // Runs are counted that saw everything: many about one image say nothing of how long a host is silent.
      if (run.targeted === undefined) again.run(key);
    } else if (kind === 'pin-broken' || now - Number(row['closed']) >= overAfter) {
      reopen.run(now, key);
      forget.run(key);
    } else reopen.run(Number(row['first']), key);
  }
  yield* recordPlaces(database, run, found);
}

/** News is over when it is at no place any more: each ends by itself, for a run that covers it. */
function* recordPlaces(database: Database, run: NewRun, found: ReadonlyMap<string, FoundNews>): Steps<void> {
  const isCovered = covers(run);
  const here = new Map<string, Set<string>>();
  for (const [key, { places }] of found) here.set(key, new Set(places.map(placeKey)));
  yield;
  const over: Record<string, unknown>[] = [];
  const standing = new Set<string>();
  const open = `select news, scope, file, news_place.reference, class from news_place join news on key = news where closed is null`;
  for (const row of yield* database.rows(open)) {
    const key = String(row['news']);
    const place = placeIn(row);
    // What is known already needs no second row.
    const isHere = here.get(key)?.delete(placeKey(place)) ?? false;
    const untold = place.reference === undefined ? undefined : run.unsure.get(place.reference);
    if (!isHere && isCovered(place) && !isUntold(untold, String(row['class']))) over.push(row);
    else standing.add(key);
  }
  yield* database.each(
    over,
    'delete from news_place where news = ? and scope = ? and file = ? and reference = ?',
    (row) => ['news', 'scope', 'file', 'reference'].map((column) => String(row[column])),
  );
  const fresh = [...found].flatMap(([key, { places }]) =>
    places.filter((place) => here.get(key)?.delete(placeKey(place))).map((place) => ({ key, place })),
  );
  yield* database.each(
    fresh,
    'insert or ignore into news_place (news, scope, file, reference) values (?, ?, ?, ?)',
    ({ key, place: { scope, file, reference = '' } }) => [key, scope, file, reference],
  );
  const ended = new Set(over.map((row) => String(row['news'])));
  const all = yield* database.rows('select key, class, reference from news where closed is null');
  const closed = all.filter((row) => {
    const key = String(row['key']);
    if (found.has(key) || standing.has(key)) return false;
    // A state of before knows no places.
    return (
      ended.has(key) || (run.isComplete && !isUntold(run.unsure.get(String(row['reference'])), String(row['class'])))
    );
  });
  yield* database.each(closed, 'update news set closed = ? where key = ?', ({ key }) => [run.startedAt, String(key)]);
}

function placeIn(row: Record<string, unknown>): KnownPlace {
  const reference = String(row['reference']);
  return { scope: String(row['scope']), file: String(row['file']), ...(reference !== '' && { reference }) };
}

function placeKey({ scope, file, reference = '' }: KnownPlace): string {
  return `${scope}\n${file}\n${reference}`;
}

/** What is watched from now on. A run about references has read no scope for its own sake. */
function* recordScopes(database: Database, { read, targeted, startedAt }: NewRun): Steps<void> {
  const whole = read.filter(
    ({ id, isPartial }) => !isPartial && targeted?.references === undefined && isScopeTarget(targeted, id),
  );
  yield* database.each(whole, 'delete from watched where scope = ?', ({ id }) => [id]);
  const files = whole.flatMap(({ id, name, files, lost }) =>
    ['', ...files, ...lost].map((file) => ({ id, name, file })),
  );
  yield* database.each(
    files,
    'insert into watched (scope, name, file, last) values (?, ?, ?, ?) on conflict do nothing',
    ({ id, name, file }) => [id, name, file, startedAt],
  );
}

/** What runs; on an engine that was read as a whole nothing else does. A run about references has not asked what else there is. */
function* recordWorkloads(database: Database, { workloads, read, targeted, startedAt }: NewRun): Steps<void> {
  yield* database.each(
    workloads,
    `insert into workload (scope, kind, name, report, first, last) values (?, ?, ?, ?, ?, ?)
     on conflict do update set report = excluded.report, last = excluded.last`,
    ({ scope, ...report }) => [scope, report.kind, report.name, JSON.stringify(report), startedAt, startedAt],
  );
  if (targeted?.references !== undefined) return;
  const scopes = JSON.stringify(read.map(({ id }) => id));
  database.run(
    'delete from workload where last < ?2 and scope in (select value from json_each(?1))',
    scopes,
    startedAt,
  );
}

function drop(database: Database, { dropped, startedAt }: NewRun): void {
  if (dropped.length === 0) return;
  const scopes = JSON.stringify(dropped);
  const among = 'scope in (select value from json_each(?1))';
  database.run(`delete from watched where ${among}`, scopes);
  database.run(`delete from workload where ${among}`, scopes);
  database.run(`update finding set gone = ?2 where gone is null and ${among}`, scopes, startedAt);
  const gone = `select news from news_place where ${among} and news not in (select news from news_place where not ${among})`;
  // Nobody has seen that it is over: that is not told.
  database.run(`update delivery set closing = ?2 where closing is null and news in (${gone})`, scopes, startedAt);
  database.run(`update news set closed = ?2 where closed is null and key in (${gone})`, scopes, startedAt);
  database.run(`delete from news_place where ${among}`, scopes);
}

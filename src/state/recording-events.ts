import type { Statements, Work } from './database.ts';
import type { NewRun } from './store.ts';

/** So many findings are counted before others have a turn. */
const rowsPerStep = 1000;

/** A row of the history: id, class, time, run, kind, class before, what it is about, sentence. */
export const eventSql = `insert into finding_event (id, class, at, run, kind, from_class, digest, reason) values (?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (id, class, at) do update set run = excluded.run, kind = excluded.kind, from_class = excluded.from_class,
    digest = excluded.digest, reason = excluded.reason`;

/** What began, and what goes on towards something else than before: the history of a finding, in which nothing is changed. */
export function* recordChanges(inside: Statements, findings: NewRun['findings'], at: number, run: number): Work<void> {
  const known = new Map<string, { readonly open: boolean; readonly latest: string | null }>();
  const classes = new Map<string, string>();
  for (const row of yield* inside.all('select id, class, gone, latest from finding order by id, class')) {
    const open = row['gone'] === null;
    known.set(`${row['id']} ${row['class']}`, { open, latest: row['latest'] === null ? null : String(row['latest']) });
    if (open) classes.set(String(row['id']), String(row['class']));
  }
  const changes = findings.flatMap((one) => {
    const before = known.get(`${one.id} ${one.class}`);
    const latest = one.detail?.latest ?? one.detail?.tag ?? null;
    if (before?.open && before.latest === latest) return [];
    const from = classes.get(one.id);
    const kind = before?.open ? 'changed' : 'opened';
    return [{ one, kind, latest, from: from === one.class ? null : (from ?? null) }];
  });
  yield* inside.each(changes, eventSql, ({ one, kind, latest, from }) => [
    one.id,
    one.class,
    at,
    run,
    kind,
    from,
    latest,
    one.reason,
  ]);
}

/** One row per day, class and owner, by the last run of the day about everything, and one for the whole fleet. */
export function* recordDay(inside: Statements, { startedAt, record: { summary } }: NewRun): Work<void> {
  const date = new Date(startedAt).toISOString().slice(0, 10);
  yield* inside.run('delete from day where date = ?', date);
  // Put together here, in turns: in one statement it would hold everything up for as long as the fleet is large.
  const open = yield* inside.all('select class, repository, reference, security from finding where gone is null');
  const days = new Map<
    string,
    { class: string; owner: string; images: Set<string>; findings: number; security: number }
  >();
  for (const [index, row] of open.entries()) {
    if (index % rowsPerStep === 0) yield;
    const [kind, repository] = [String(row['class']), String(row['repository'])];
    const slash = repository.indexOf('/');
    const owner = slash > 0 ? repository.slice(0, slash) : repository;
    const key = `${kind} ${owner}`;
    const day = days.get(key) ?? { class: kind, owner, images: new Set(), findings: 0, security: 0 };
    day.images.add(String(row['reference']));
    day.findings++;
    day.security += Number(row['security'] ?? 0);
    days.set(key, day);
  }
  yield* inside.each(
    days.values(),
    'insert into day (date, class, owner, images, findings, security) values (?, ?, ?, ?, ?, ?)',
    (day) => [date, day.class, day.owner, day.images.size, day.findings, day.security],
  );
  // No class and no owner has such a name.
  yield* inside.run(
    "insert into day (date, class, owner, images, findings, security) values (?, '*', '*', ?, ?, ?)",
    date,
    summary.images,
    summary.uses,
    summary.unknown + summary.unchecked,
  );
}

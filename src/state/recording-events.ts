import type { Statements, Work } from './database.ts';
import type { NewRun } from './store.ts';

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
  yield* inside.run(
    `insert into day (date, class, owner, images, findings, security)
     select ?, class, 
       case when instr(repository, '/') > 1 then substr(repository, 1, instr(repository, '/') - 1) else repository end as owner,
       count(distinct reference), count(*), sum(coalesce(security, 0))
     from finding where gone is null group by class, owner`,
    date,
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

import { limits } from '../core/limits/limits.ts';
import type { Problem } from '../core/problem.ts';
import type { Statements, Work } from './database.ts';
import type { NewRun } from './store.ts';

/** What a run is about, in its row. */
export function scopeOf(targeted: NewRun['targeted']): 'all' | 'targets' {
  return targeted === undefined ? 'all' : 'targets';
}

/** The row of a run that has found something; returns its number. */
export function* addRun(inside: Statements, { startedAt, trigger, number, targeted, record }: NewRun): Work<number> {
  const { cost, summary, problems } = record;
  const known = number === undefined ? [] : [number];
  const [row] = yield* inside.all(
    `insert into run (${number === undefined ? '' : 'id, '}started, begun, "trigger", scope, requests, pulls, bytes, cost, summary, problems)
     values (${number === undefined ? '' : '?, '}?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id) do update set started = excluded.started, begun = coalesce(run.begun, excluded.begun), requests = excluded.requests,
       pulls = excluded.pulls, bytes = excluded.bytes, cost = excluded.cost, summary = excluded.summary, problems = excluded.problems
     returning id`,
    ...known,
    startedAt,
    startedAt,
    trigger,
    scopeOf(targeted),
    cost.requests,
    cost.countedPulls,
    cost.bytes,
    JSON.stringify(cost),
    JSON.stringify(summary),
    storedProblems(problems),
  );
  const id = Number(row?.['id']);
  yield* addTargets(inside, id, targeted);
  return id;
}

/** The first of them, as they stand in the row of a run. */
export function storedProblems(problems: readonly Problem[]): string {
  const most = limits.state.runProblemText.most;
  return JSON.stringify({
    first: problems.slice(0, limits.state.runProblems.most).map(({ code, message, subject }) => ({
      code,
      message: message.slice(0, most),
      ...(subject !== undefined && { subject: subject.slice(0, most) }),
    })),
    all: problems.length,
  });
}

/** What a run is about. */
export function* addTargets(inside: Statements, id: number, targeted: NewRun['targeted']): Work<void> {
  const targets = [
    ...[...(targeted?.references ?? [])].map((value) => ({ kind: 'reference', value })),
    ...[...(targeted?.scopes ?? [])].map((value) => ({ kind: 'scope', value })),
  ];
  yield* inside.each(
    targets,
    'insert into run_target (run, kind, value) values (?, ?, ?) on conflict do nothing',
    ({ kind, value }) => [id, kind, value],
  );
}

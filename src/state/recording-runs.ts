import { limits } from '../core/limits/limits.ts';
import type { Problem } from '../core/problem.ts';
import type { Steps } from '../core/time/turns.ts';
import type { Database } from './sqlite/sqlite-database.ts';
import type { NewRun, QueuedRun } from './store.ts';

/** The row of a run that has found something; returns its number. */
export function addRun(database: Database, { startedAt, trigger, number, targeted, record }: NewRun): number {
  const { cost, summary, problems } = record;
  const added = database.run(
    `insert into run (id, started, begun, "trigger", scope, requests, pulls, bytes, cost, summary, problems)
     values (?, ?2, ?2, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id) do update set started = excluded.started, begun = coalesce(begun, excluded.begun), requests = excluded.requests,
       pulls = excluded.pulls, bytes = excluded.bytes, cost = excluded.cost, summary = excluded.summary, problems = excluded.problems`,
    number ?? null,
    startedAt,
    trigger,
    targeted === undefined ? 'all' : 'targets',
    cost.requests,
    cost.countedPulls,
    cost.bytes,
    JSON.stringify(cost),
    JSON.stringify(summary),
    storedProblems(problems),
  );
  const id = number ?? added;
  addTargets(database, id, targeted);
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

function addTargets(database: Database, id: number, targeted: NewRun['targeted']): void {
  const target =
    'insert into run_target (run, kind, value) select ?, ?, value from json_each(?) where true on conflict do nothing';
  for (const [kind, values] of [
    ['reference', targeted?.references],
    ['scope', targeted?.scopes],
  ] as const) {
    if (values !== undefined) database.run(target, id, kind, JSON.stringify([...values]));
  }
}

/** A row for a run that is to come; returns its number. */
export function* queued(database: Database, { trigger, targeted, at }: QueuedRun): Steps<number> {
  const scope = targeted === undefined ? 'all' : 'targets';
  const id = database.run('insert into run (started, "trigger", scope) values (?, ?, ?)', at, trigger, scope);
  addTargets(database, id, targeted);
  yield;
  return id;
}

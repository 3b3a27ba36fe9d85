/*
 * src/job/
 *
 * The run, and the scheduled job around it. connections.ts opens what lives as long as the process, and puts together the
 * parts of a run, which remembers nothing of another one. look-at-scopes.ts reads, looks and decides, run.ts concludes, and both change
 * nothing: `check` is that. This file has what `run` does besides, in the order that makes it safe to kill: propose (act.ts), record, tell, move base
 * lines.
 * assemble.ts makes the job of a configuration, for every door; named-image.ts is what is asked of an image that a person
 * named. decide-group.ts joins looking and deciding for one file; record-run.ts and record-fleet.ts bring a run into the state;
 * notices.ts is what is told beside findings; diagnose-….ts is what `plimsoll doctor` tries.
 * Begin with look-at-scopes.ts, then run.ts.
 */

import { imagesBehind } from '../core/finding.ts';
import type { Notice } from '../core/news.ts';
import type { Problem } from '../core/problem.ts';
import type { RunRecord } from '../core/run-record.ts';
import { onceFor } from '../core/shared-work.ts';
import { nextTurn } from '../core/time/turns.ts';
import {
  baselinesOf,
  type ChannelOutcome,
  type DeliverDependencies,
  deliver,
  type OpenChannel,
  planFor,
  type RunNews,
} from '../notify/deliver.ts';
import { type DeliveryPlan, engineKind } from '../notify/delivery-plan.ts';
import type { Keep } from '../state/memory.ts';
import type { OpenNews, RunOutcome, RunTrigger, Store } from '../state/store.ts';
import { unreadScopes } from '../verdict/run-problems.ts';
import type { RunDependencies, RunRequest } from './look-at-scopes.ts';
import type { RunRedeploys } from './moves/redeploys.ts';
import { actNews, droppedScopes, type NoticesRequest, noticesOf, rebuildNews } from './notices.ts';
import { readBefore } from './read-scopes.ts';
import { type FleetDependencies, recordFleet } from './record-fleet.ts';
import { toStoredRun } from './record-run.ts';
import { type Conclusion, type RunResult, run } from './run.ts';
import { settledBaseLines } from './told-base-lines.ts';

/** The scheduled job. */
export interface Job {
  readonly request: RunRequest;
  readonly channels: readonly OpenChannel[];
  readonly timezone: string;
  /** How long the state keeps what is over; absent: nothing is forgotten. */
  readonly keep?: Keep;
  /** Does the configuration still name this repository (`owner/name`, or the folder of a git repository)? */
  readonly isNamed?: (repository: string) => boolean;
  /** Why it was started. Default: a command. */
  readonly trigger?: RunTrigger;
  /** The number under which it was queued. */
  readonly number?: number;
  /** The exit code that whoever does it will give for what came of it. Absent: it is not all that the process does. */
  readonly exitCode?: (result: JobResult) => number;
  /**
   * Opens or refreshes pull requests; its outcomes are in the findings that it returns. Absent: there is no forge. A run
   * about some references proposes nothing: what it did not look for would be taken for gone.
   */
  readonly propose?: (result: RunResult) => Promise<RunResult>;
  /** Moves what runs. Absent: there is no engine that may be told to. */
  readonly redeploys?: RunRedeploys;
  /** Asks for rebuilds of what is published. Absent: nobody may be asked. */
  readonly dispatch?: (result: RunResult, now: () => number) => Promise<RunResult>;
}

/** What the scheduled job needs beside the job itself: everything of a run, the state, and what posting needs. */
export interface JobDependencies extends Omit<DeliverDependencies, 'outbox'> {
  readonly run: RunDependencies & FleetDependencies;
  readonly store: Store;
}

/** What a job found, and what became of each channel. */
export interface JobResult {
  readonly record: RunRecord;
  readonly channels: readonly ChannelOutcome[];
}

/**
 * Looks, proposes, tells, and records. What was found is recorded before anybody is told, and what was told as each
 * service accepts it; the base lines of uses without a digest move last. So a process killed at any moment leaves a
 * state from which the next run tells what is missing, and repeats at most the message whose answer it did not see.
 */
export async function runJob(job: Job, deps: JobDependencies): Promise<JobResult> {
  // What a process that died has left half-way is in the way of looking.
  const repaired = (await job.redeploys?.repair()) ?? [];
  const looked = await proposed(job, await run(job.request, deps.run));
  const moved = (await job.redeploys?.move(looked, repaired)) ?? looked;
  const result = (await job.dispatch?.(moved, () => deps.run.clock.now())) ?? moved;
  return finishJob(job, result, deps);
}

/** What comes after everything was looked at and done: records, tells, and moves the base lines of what was told. */
export async function finishJob(job: Job, result: Conclusion, deps: JobDependencies): Promise<JobResult> {
  const { store } = deps;
  const now = deps.run.now;
  // In a large fleet each of these takes a while.
  await nextTurn();
  const asked = await noticesRequest(job, result, store);
  const notices = noticesOf(result, asked);
  const dropped = droppedScopes(result, asked, now);
  const stored = toStoredRun(result, {
    ...asked,
    notices,
    dropped,
    trigger: job.trigger ?? 'cli',
    startedAt: now,
    ...(job.number !== undefined && { number: job.number }),
  });
  await nextTurn();
  // Whoever began to finish it may have died behind this.
  const before = job.number === undefined ? undefined : await store.run(job.number);
  const number = before?.summary === undefined ? await store.recordRun(stored) : before.id;
  await recordFleet(result, stored, store.fleet, deps.run);
  for (const { id, nodes } of result.swarms) await store.swarms.observe(id, nodes, now);
  const openNews = await store.openNews();
  const record = withSince(result.record, openNews);
  const runNews = runNewsOf(record, notices, job, openNews, now);
  const channels = await deliver(job.channels, runNews, { ...deps, outbox: store.outbox });
  await settle(result, job, runNews, store);
  await settleDone(asked, channels, job, runNews, store);
  const exit = job.exitCode?.({ record, channels });
  const finishedAt = deps.run.clock.now();
  await store.endRun(number, { finishedAt, outcome: outcomeOf(record, channels), ...(exit !== undefined && { exit }) });
  if (job.keep !== undefined && job.request.targeted === undefined) await store.prune(job.keep, now);
  return { record, channels };
}

async function proposed({ propose, request }: Job, looked: RunResult): Promise<RunResult> {
  return propose === undefined || request.targeted?.references !== undefined ? looked : propose(looked);
}

async function noticesRequest(
  { isNamed = () => false, redeploys, request: { targeted } }: Job,
  result: Conclusion,
  { watch, acts, rebuilds }: Store,
): Promise<NoticesRequest> {
  const ailing = (await redeploys?.ailing(result, Date.parse(result.record.startedAt))) ?? [];
  const before = await readBefore(result, watch);
  const untold = { acts: await acts.untold(), rebuilds: await rebuilds.untold() };
  return { before, isNamed, ...untold, ailing, ...(targeted && { targeted }) };
}

/** What was done is over when everybody has heard of it, or wants to hear nothing of it. */
async function settleDone(
  { acts = [], rebuilds = [] }: NoticesRequest,
  outcomes: readonly ChannelOutcome[],
  job: Job,
  runNews: RunNews,
  store: Store,
): Promise<void> {
  if (acts.length + rebuilds.length === 0) return;
  const waiting = new Set<string>();
  for (const one of job.channels) {
    const plan = planFor(one, runNews, await store.outbox.memoryOf(one.name, baselinesOf(runNews)));
    const isLost = outcomes.some(({ name, failed }) => name === one.name && failed !== undefined);
    for (const { news } of [...plan.later, ...(isLost ? plan.notices : [])]) for (const key of news) waiting.add(key);
  }
  const numbers = <T extends { readonly number: number }>(all: readonly T[], news: (one: T) => string): number[] =>
    all.flatMap((one) => (waiting.has(news(one)) ? [] : [one.number]));
  await store.acts.told(numbers(acts, actNews), runNews.now);
  await store.rebuilds.told(numbers(rebuilds, rebuildNews), runNews.now);
}

function outcomeOf(record: RunRecord, channels: readonly ChannelOutcome[]): RunOutcome {
  const isLost = undelivered(channels).length > 0 || record.proposals?.some(({ kind }) => kind === 'failed');
  return isLost ? 'undelivered' : unreadScopes(record).length > 0 ? 'unread' : 'done';
}

/** What each channel would be told; changes nothing. */
export async function planJob(
  job: Job,
  deps: Pick<JobDependencies, 'run'> & { readonly store: Store | undefined },
): Promise<{
  readonly record: RunRecord;
  readonly plans: ReadonlyMap<string, DeliveryPlan>;
  readonly result: RunResult;
}> {
  const now = deps.run.now;
  const looked = await run(job.request, deps.run);
  const result = await proposed(job, looked);
  const { store } = deps;
  const openNews = (await store?.openNews()) ?? new Map();
  const record = withSince(result.record, openNews);
  const notices = store ? noticesOf(result, await noticesRequest(job, result, store)) : [];
  const runNews = runNewsOf(record, notices, job, openNews, now);
  const plans = new Map<string, DeliveryPlan>();
  for (const one of job.channels) {
    const memory = await store?.outbox.memoryOf(one.name, baselinesOf(runNews));
    plans.set(one.name, planFor(one, runNews, memory));
  }
  return { record, plans, result };
}

function runNewsOf(
  record: RunRecord,
  notices: readonly Notice[],
  { timezone, request: { targeted } }: Pick<Job, 'timezone' | 'request'>,
  openNews: ReadonlyMap<string, OpenNews>,
  now: number,
): RunNews {
  const behind = imagesBehind(record.findings);
  const { images, files, formats } = record.summary;
  const engines = record.scopes.filter(({ kind }) => kind === 'engine');
  return {
    record,
    notices,
    // A look at one image is no introduction to where it is used.
    repositories: targeted?.references === undefined ? record.repositories : [],
    formats: [
      ...Object.keys(formats).filter((one) => one !== 'dockerfile'),
      ...engines.filter(({ whole }) => whole).map(({ name }) => engineKind(name)),
    ],
    openNews,
    watched: { images, files, engines: engines.length, behind },
    now,
    timezone,
  };
}

/** Since when each finding's news is known to this state. */
function withSince(record: RunRecord, openNews: ReadonlyMap<string, OpenNews>): RunRecord {
  const sinceOf = onceFor((news: readonly string[]) => {
    const first = news.flatMap((key) => openNews.get(key)?.first ?? []);
    return first.length === 0 ? undefined : new Date(Math.min(...first)).toISOString();
  });
  const findings = record.findings.map((finding) => {
    const since = sinceOf(finding.news);
    return since === undefined ? finding : { ...finding, since };
  });
  return { ...record, findings };
}

/** Moves the base lines whose news everybody has; an event that was told is over, and needs no word about that. */
async function settle(result: Conclusion, job: Job, runNews: RunNews, store: Store): Promise<void> {
  const waiting = new Set<string>();
  for (const one of job.channels) {
    const plan = planFor(one, runNews, await store.outbox.memoryOf(one.name, baselinesOf(runNews)));
    for (const { id, class: kind } of [...plan.findings, ...plan.waiting]) waiting.add(`${id} ${kind}`);
  }
  const settled = settledBaseLines(result, (one) => waiting.has(`${one.id} ${one.class}`));
  if (settled.length === 0) return;
  const told = [...new Set(settled.flatMap(({ news }) => news))];
  for (const { name } of job.channels) await store.outbox.closed(name, told, runNews.now);
  await store.moveBaseLines(new Map(settled.map(({ reference, digest }) => [reference, digest])), runNews.now);
}

/** What could not be delivered, each with the channel it was for. */
export function undelivered(channels: readonly ChannelOutcome[]): readonly Problem[] {
  return channels.flatMap(({ name, failed }) => {
    if (failed === undefined) return [];
    const { problem, permanent } = failed;
    const next = permanent ? '' : '; the next run tries again';
    return [{ ...problem, message: `${problem.message}${next}`, subject: `the channel ${name}` }];
  });
}

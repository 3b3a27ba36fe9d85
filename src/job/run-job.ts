/*
 * src/job/
 *
 * The run, and the scheduled job around it. run.ts reads, looks and decides, and changes nothing: `check` is that. This
 * file has what `run` does besides, in the order that makes it safe to kill: propose, record, tell, move base lines.
 * decide-group.ts joins looking and deciding for one file; record-run.ts and record-fleet.ts bring a run into the state;
 * notices.ts is what is told beside findings; diagnose-….ts is what `plimsoll doctor` tries.
 * Begin with run.ts: it is the story on one screen.
 */

import type { Finding } from '../core/finding.ts';
import type { Notice } from '../core/news.ts';
import type { Problem } from '../core/problem.ts';
import type { RunRecord } from '../core/run-record.ts';
import { nextTurn } from '../core/time/turns.ts';
import {
  type ChannelOutcome,
  type DeliverDependencies,
  deliver,
  type OpenChannel,
  planFor,
  type RunNews,
} from '../notify/deliver.ts';
import type { DeliveryPlan } from '../notify/delivery-plan.ts';
import type { OpenNews, Store } from '../state/store.ts';
import { noticesOf, readBefore } from './notices.ts';
import { type FleetDependencies, recordFleet } from './record-fleet.ts';
import { keyOf, toStoredRun } from './record-run.ts';
import { type RunDependencies, type RunRequest, type RunResult, run } from './run.ts';
import { settledBaseLines } from './told-base-lines.ts';

/** The scheduled job. */
export interface Job {
  readonly request: RunRequest;
  readonly channels: readonly OpenChannel[];
  readonly timezone: string;
  /** Does the configuration still name this repository (`owner/name`, or the folder of a git repository)? */
  readonly isNamed?: (repository: string) => boolean;
  /** Opens or refreshes pull requests; its outcomes are in the findings that it returns. Absent: there is no forge. */
  readonly propose?: (result: RunResult) => Promise<RunResult>;
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
  const { store } = deps;
  const now = deps.run.now;
  const looked = await run(job.request, deps.run);
  const result = job.propose ? await job.propose(looked) : looked;
  // In a large fleet each of these takes a while.
  await nextTurn();
  const before = await readBefore(result, store.watch);
  const notices = noticesOf(result, { before, isNamed: job.isNamed ?? (() => false) });
  const stored = toStoredRun(result, notices, before, now);
  await nextTurn();
  const number = await store.recordRun(stored);
  await recordFleet(result, number, stored, store.fleet, deps.run);
  const openNews = await store.openNews();
  const record = withSince(result.record, openNews);
  const runNews = runNewsOf(record, notices, job, openNews, now);
  const channels = await deliver(job.channels, runNews, { ...deps, outbox: store.outbox });
  await settle(result, job, runNews, store);
  return { record, channels };
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
  const result = job.propose ? await job.propose(looked) : looked;
  const { store } = deps;
  const openNews = (await store?.openNews()) ?? new Map();
  const record = withSince(result.record, openNews);
  const before = store && (await readBefore(result, store.watch));
  const notices = before ? noticesOf(result, { before, isNamed: job.isNamed ?? (() => false) }) : [];
  const runNews = runNewsOf(record, notices, job, openNews, now);
  const plans = new Map<string, DeliveryPlan>();
  for (const one of job.channels) {
    const memory = await store?.outbox.memoryOf(one.name, runNews.repositories);
    plans.set(one.name, planFor(one, runNews, memory));
  }
  return { record, plans, result };
}

function runNewsOf(
  record: RunRecord,
  notices: readonly Notice[],
  { timezone }: Pick<Job, 'timezone'>,
  openNews: ReadonlyMap<string, OpenNews>,
  now: number,
): RunNews {
  const behind = new Set(record.findings.filter(isBehind).map(keyOf)).size;
  const { images, files } = record.summary;
  return {
    record,
    notices,
    repositories: record.repositories,
    openNews,
    watched: { images, files, behind },
    now,
    timezone,
  };
}

const behindClasses: ReadonlySet<Finding['class']> = new Set([
  'pin-broken',
  'security',
  'packages',
  'config',
  'content',
]);

function isBehind({ class: kind }: Finding): boolean {
  return behindClasses.has(kind);
}

/** Since when each finding's news is known to this state. */
function withSince(record: RunRecord, openNews: ReadonlyMap<string, OpenNews>): RunRecord {
  const findings = record.findings.map((finding) => {
    const first = finding.news.flatMap((key) => openNews.get(key)?.first ?? []);
    return first.length === 0 ? finding : { ...finding, since: new Date(Math.min(...first)).toISOString() };
  });
  return { ...record, findings };
}

/** Moves the base lines whose news everybody has; an event that was told is over, and needs no word about that. */
async function settle(result: RunResult, job: Job, runNews: RunNews, store: Store): Promise<void> {
  const waiting = new Set<string>();
  for (const one of job.channels) {
    const plan = planFor(one, runNews, await store.outbox.memoryOf(one.name, runNews.repositories));
    for (const { id, class: kind } of [...plan.findings, ...plan.waiting]) waiting.add(`${id} ${kind}`);
  }
  const settled = settledBaseLines(result, (one) => waiting.has(`${one.id} ${one.class}`));
  if (settled.length === 0) return;
  const told = settled.flatMap(({ news }) => news);
  for (const { name } of job.channels) await store.outbox.closed(name, told, runNews.now);
  await store.moveBaseLines(new Map(settled.map(({ reference, digest }) => [reference, digest])), runNews.now);
}

/** What could not be delivered, each with the channel it was for. */
export function undelivered(channels: readonly ChannelOutcome[]): readonly Problem[] {
  return channels.flatMap(({ name, failed }) =>
    failed ? [{ ...failed.problem, subject: `the channel ${name}` }] : [],
  );
}

import { shortDigest } from '../../core/image/digest.ts';
import { limits } from '../../core/limits/limits.ts';
import type { ProposalOutcome } from '../../core/proposal.ts';
import type { RedeployOutcome } from '../../core/redeploy.ts';
import type { RebuildReport, RunRecord, RunTargets } from '../../core/run-record.ts';
import { assembleJob, type JobWishes } from '../../job/assemble.ts';
import type { RunResult } from '../../job/run.ts';
import { type Job, type JobResult, planJob, runJob, undelivered } from '../../job/run-job.ts';
import { renderPlan } from '../../report/render/plans/plan-report.ts';
import { visible } from '../../report/safe/visible.ts';
import type { RunTrigger, Store } from '../../state/store.ts';
import { idlePatterns, type Seen } from '../../verdict/idle-patterns.ts';
import { unreadScopes } from '../../verdict/run-problems.ts';
import { exitCodes, exitOf } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { printed, printedReport } from '../printed.ts';
import { type PreparedRun, prepareRun, type RunOptions } from '../run-request.ts';
import { lockState, stopsWith } from '../state-place.ts';
import { uninterrupted } from '../uninterrupted.ts';

interface RunCommandOptions extends RunOptions {
  readonly dryRun?: boolean;
  readonly allowEmpty?: boolean;
  /** How `serve` starts one: why, under which number, and about which references and scopes alone. */
  readonly trigger?: RunTrigger;
  readonly number?: string;
  readonly reference?: readonly string[];
  readonly scope?: readonly string[];
}

/**
 * `plimsoll run`: everything in the configuration, once. On a terminal it prints the whole report; elsewhere only what
 * is news, and nothing when there is none or when channels are told.
 */
export async function run(given: Record<string, unknown>, _words: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as RunCommandOptions;
  const prepared = await prepareRun(options, [], options.dryRun ? 'dry-run' : 'run', signal);
  const { session, store, stateFile } = prepared;
  const lost = stopsWith(session.output.logger);
  const lock =
    options.dryRun || stateFile === undefined ? undefined : await lockState('run', stateFile, session.now, lost);
  try {
    const job = await jobOf(prepared, options, signal);
    try {
      if (options.dryRun || store === undefined) return await dryRun(job, prepared, options);
      return await once(job, prepared, options, store, signal);
    } finally {
      job.redeploys?.close();
      await Promise.all(job.channels.map(({ channel }) => channel.close()));
    }
  } finally {
    await prepared.close();
    await lock?.release();
  }
}

async function once(
  job: Job,
  prepared: PreparedRun,
  options: RunCommandOptions,
  store: Store,
  signal: AbortSignal,
): Promise<number> {
  const { session } = prepared;
  const { output, parts } = session;
  const asked = isEmptyAllowed(prepared, options);
  const exitCode = (result: JobResult): number => runExitCode(result, asked);
  const { trigger, number } = options;
  const wanted = {
    ...job,
    exitCode,
    ...(trigger && { trigger }),
    ...(number !== undefined && { number: Number(number) }),
  };
  const result = await runJob(wanted, { run: parts.run, store, signal });
  await sayRun(result, asked, output, output.isTerminal ? 'whole' : 'when nothing was looked up');
  const code = exitCode(result);
  if (code === exitCodes.done) await beat(prepared, signal);
  return code;
}

/** What a run came to, for whoever waits for it: the whole report where that is wanted, and what went wrong. */
export async function sayRun(
  { record, channels }: JobResult,
  allowEmpty: boolean,
  output: Output,
  report: 'whole' | 'when nothing was looked up' | 'elsewhere',
): Promise<void> {
  const failed = sayFailure(record, allowEmpty, output);
  if (report === 'whole' || (report !== 'elsewhere' && failed === 'nothing'))
    await output.result(printedReport(output.isQuiet ? record : withoutUnread(record), record.findings, output));
  const problems = undelivered(channels);
  for (const { subject, message } of problems) output.logger.error(`${subject}: ${message}`);
  for (const { remarks } of channels) for (const { message } of remarks) output.logger.warn(message);
  for (const one of record.proposals ?? []) sayProposal(one, output);
  for (const one of record.redeploys ?? []) sayRedeploy(one, output);
  for (const one of record.rebuilds ?? []) sayRebuild(one, output);
}

/** The log has said what could not be read: once suffices. */
function withoutUnread(record: RunRecord): RunRecord {
  const said = unreadScopes(record);
  return { ...record, problems: record.problems.filter((one) => !said.includes(one)) };
}

/** What could not be told or proposed comes before what could not be read. */
export function runExitCode({ record, channels }: JobResult, allowEmpty: boolean): number {
  const isFailed =
    record.proposals?.some(({ kind }) => kind === 'failed') ||
    record.redeploys?.some(({ outcome }) => outcome === 'undone' || outcome === 'refused') ||
    record.rebuilds?.some(({ state }) => state === 'failed' || state === 'timed-out');
  if (undelivered(channels).length > 0 || isFailed) return exitCodes.found;
  if (record.redeploys?.some(({ outcome }) => outcome === 'unfinished')) return exitCodes.unfinished;
  return failureOf(record, allowEmpty).kind === undefined ? exitCodes.done : exitCodes.unfinished;
}

async function dryRun(job: Job, prepared: PreparedRun, options: RunCommandOptions): Promise<number> {
  const { session, store } = prepared;
  const { output, parts } = session;
  const { record, plans, result } = await planJob(job, { run: parts.run, store });
  const failed = sayFailure(record, isEmptyAllowed(prepared, options), output);
  const idle = idlePatterns(prepared.config, seenBy(result), session.now);
  const lines = idle.map(({ key, reason }) => `${visible(`${key}: ${reason}`)}\n`);
  const moves = { planned: result.redeploys.map(({ id }) => id), refused: result.unmoved };
  const wishes = result.rebuilds.wishes.map(({ image }) => `${visible(image)}: a rebuild would be asked for\n`);
  await output.result([renderPlan(record, plans, output.style, moves), ...wishes, ...lines]);
  return failed === undefined ? exitCodes.done : exitCodes.unfinished;
}

function seenBy({ record, files, matchedGlobs, decided, repositories }: RunResult): Seen {
  return {
    images: () => decided.flatMap(({ examined }) => examined.use.reference ?? []),
    files: files.map(({ file }) => file),
    repositories: repositories.map(({ repository }) => repository.name),
    workloads: record.workloads,
    globs: matchedGlobs,
  };
}

function isEmptyAllowed({ config }: PreparedRun, { allowEmpty = config.allowEmpty }: RunCommandOptions): boolean {
  return allowEmpty;
}

type Failure = 'some' | 'nothing' | undefined;

/** Why a run is no good one, if it is none: some of what it was to read could not be read, or nothing at all. */
function failureOf(
  record: RunRecord,
  allowEmpty: boolean,
): { readonly kind: Failure; readonly sentences: readonly string[] } {
  const unread = unreadScopes(record);
  const { why } = exitOf(record, { failOn: undefined, allowUnknown: false, allowEmpty, isJob: true });
  const ofScopes = unread.map(({ subject, message }) => `${subject}: ${message}`);
  return {
    kind: why !== undefined ? 'nothing' : unread.length > 0 ? 'some' : undefined,
    sentences: why !== undefined && unread.length === 0 ? [why] : ofScopes,
  };
}

function sayFailure(record: RunRecord, allowEmpty: boolean, { logger }: Output): Failure {
  const { kind, sentences } = failureOf(record, allowEmpty);
  for (const sentence of sentences) logger.error(sentence);
  return kind;
}

/** Paper is for those who have no other channel: whoever is told elsewhere would hear everything twice from cron. */
async function jobOf(
  { request, config, engines, session, store }: PreparedRun,
  options: RunCommandOptions,
  signal: AbortSignal,
): Promise<Job> {
  const open: JobWishes['open'] = (wanted) => session.parts.forge(wanted, process.env);
  const proposals = options.dryRun ? 'rehearse' : 'make';
  const targeted = targetsOf(options);
  const wanted = { ...request, ...(targeted && { targeted }) };
  const moving = { stopping: () => signal.aborted, uninterrupted, logger: session.output.logger };
  const dispatches = !options.dryRun;
  const wishes = { config, given: options, request: wanted, engines, open, proposals, moving, dispatches } as const;
  const job = await assembleJob(wishes, session.parts, store);
  return job.channels.length > 0 ? job : { ...job, channels: [printed(session.output)] };
}

function targetsOf({ reference, scope }: RunCommandOptions): RunTargets | undefined {
  if (reference === undefined && scope === undefined) return undefined;
  return { ...(reference && { references: new Set(reference) }), ...(scope && { scopes: new Set(scope) }) };
}

/** What was done to a workload is worth a line to whoever looks; what did not come up, to everybody. */
function sayRedeploy({ workload, to, outcome, reason }: RedeployOutcome, { logger, isTerminal }: Output): void {
  const digest = to === null ? '' : ` (${shortDigest(to)})`;
  const line = `${workload.engine}/${workload.name}: ${outcome}${digest}: ${reason}`;
  if (outcome === 'undone' || outcome === 'refused' || outcome === 'unfinished') logger.error(line);
  else if (isTerminal) logger.warn(line);
  else logger.info(line);
}

/** What was asked for is worth a line to whoever looks; what did not come, to everybody. */
function sayRebuild({ image, state, reason }: RebuildReport, { logger, isTerminal }: Output): void {
  const line = `${image}: ${state}: ${reason}`;
  if (state === 'failed' || state === 'timed-out') logger.error(line);
  else if (isTerminal) logger.warn(line);
  else logger.info(line);
}

/** What was done to a pull request is worth a line to whoever looks; what could not be done, to everybody. */
function sayProposal({ kind, repository, branch, url, reason }: ProposalOutcome, { logger, isTerminal }: Output): void {
  // What is wrong with a whole repository is wrong with no branch of it.
  const about = url ?? branch;
  const line = `${repository}: ${about === '' ? kind : `${kind} ${about}`}: ${reason}`;
  if (kind === 'failed') logger.error(line);
  else if (isTerminal && kind !== 'unchanged' && kind !== 'held') logger.warn(line);
  else logger.info(line);
}

/** Tells whoever waits for it that the job is alive; that nobody hears it is no failure of the job. */
async function beat({ config, session }: PreparedRun, signal: AbortSignal): Promise<void> {
  if (config.heartbeat === null) return;
  const { parts, output } = session;
  try {
    const answer = await parts.notify.fetch(config.heartbeat.reveal(), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.run.heartbeat.most)]),
    });
    if (!answer.ok) output.logger.warn(`the heartbeat was answered with ${answer.status}`);
  } catch {
    // The sentence of the failure may repeat the address, which is a secret.
    output.logger.warn('the heartbeat could not be sent');
  }
}

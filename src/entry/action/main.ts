/*
 * src/entry/action/
 *
 * The Action: one step of a workflow, started by step.ts with the process' signals and log. Inputs (inputs.ts), what
 * the runner says of the job (runner.ts), the operator's configuration (operator-config.ts) and the mode that follows
 * (mode.ts); then the work (work.ts), with state in a ref of the repository (state-keeper.ts) and a cache
 * (job-cache.ts); then the results (job-result.ts) and what GitHub does not let us do, in words (explain.ts).
 * Begin here: runAction is the story.
 */

import path from 'node:path';
import { defaultConfig } from '../../config/config.ts';
import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Forge, Home } from '../../forges/forge.ts';
import { undelivered } from '../../job/run-job.ts';
import { pseudonymous } from '../../state/pseudonyms.ts';
import { openSqliteStore } from '../../state/sqlite/sqlite.ts';
import type { Store } from '../../state/store.ts';
import { unreadScopes } from '../../verdict/run-problems.ts';
import { exitCodes, exitOf } from '../exit-codes.ts';
import { openSession, type Session, withEnvironment } from '../session.ts';
import { explainRefusals, explainSchedule, explainSilentPulls, isRefused } from './explain.ts';
import { type ActionInputs, readInputs } from './inputs.ts';
import { openJobCache } from './job-cache.ts';
import { jobOutput } from './job-output.ts';
import { publishResult } from './job-result.ts';
import { type ChosenMode, modeOf, type Obstacle } from './mode.ts';
import { type OperatorConfig, operatorConfig } from './operator-config.ts';
import { type Runner, readRunner } from './runner.ts';
import { mask, ownPackages } from './secrets.ts';
import { StateKeeper, stateRefs } from './state-keeper.ts';
import { checkPlatforms, type Worked, work } from './work.ts';

/** What `process` is to the rest: environment, log, and a signal that ends the run. */
export interface JobProcess {
  readonly env: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * One step of a workflow: reads inputs and configuration, looks, proposes and tells as the mode allows, keeps state and
 * cache, and hands on what it found. Resolves to why the step failed, or undefined. Throws PlimsollError for
 * what is wrong with inputs and configuration, before any image is asked for.
 */
export async function runAction({ env: environment, write, signal }: JobProcess): Promise<string | undefined> {
  const inputs = readInputs(environment);
  const env = { ...environment, ...inputs.secrets };
  const runner = readRunner(env);
  checkPlatforms(inputs);
  const output = jobOutput({ verbose: env['RUNNER_DEBUG'] === '1', write });
  await mask([inputs.token, env['PLIMSOLL_GITHUB_APP_KEY'], ...Object.values(inputs.secrets)]);
  const cache = await openJobCache(runner, inputs.cache, output.logger);

  const first = openSession({ cache: cache.folder }, withEnvironment(defaultConfig), 'public', later(signal), {
    output,
  });
  try {
    const opened = await first.parts.forge(
      { type: 'github' },
      inputs.token === undefined ? env : { ...env, PLIMSOLL_GITHUB_TOKEN: inputs.token },
    );
    const forge = typeof opened === 'string' ? undefined : opened;
    const { home, obstacle } = await homeOf(runner, forge);
    const operator = await operatorConfig(inputs.config, runner, { home, forge }, env);
    await mask(operator.secrets);
    const chosen = await modeOf(inputs.mode, runner, { home, forge, obstacle });
    // Where only a look was asked for, all that is lost is what a state would know.
    if (obstacle?.isRefusal === true && chosen.failure === undefined) output.logger.warn(obstacle.why);
    const session = openSession({ cache: cache.folder }, withEnvironment(operator.config), 'public', signal, {
      output,
      logins: ownPackages(runner, inputs.token),
    });
    try {
      return await once({
        inputs,
        runner,
        operator,
        chosen,
        session,
        home,
        forge,
        signal,
        cacheFolder: cache.folder,
        env,
      });
    } finally {
      session.close();
    }
  } finally {
    first.close();
    await cache.save();
  }
}

/** Everything that was opened before the state is. */
interface PreparedJob {
  readonly inputs: ActionInputs;
  readonly runner: Runner;
  readonly operator: OperatorConfig;
  readonly chosen: ChosenMode;
  readonly session: Session;
  readonly home: Home | undefined;
  readonly forge: Forge | undefined;
  readonly signal: AbortSignal;
  readonly cacheFolder: string;
  readonly env: NodeJS.ProcessEnv;
}

async function once(prepared: PreparedJob): Promise<string | undefined> {
  const { inputs, runner, operator, chosen, session, home, forge, signal, cacheFolder, env } = prepared;
  const { output, clock } = session;
  const { mode } = chosen;
  const file = path.join(runner.temp, 'plimsoll-state.db');
  const keeps = inputs.state !== 'none';
  const keeper = new StateKeeper({
    file,
    cacheFolder: inputs.cache && keeps ? cacheFolder : undefined,
    home: inputs.state === 'repository' ? home : undefined,
    forge,
    now: clock.now,
    logger: output.logger,
  });
  if (keeps) await keeper.open();
  const saves = keeps && mode !== 'check';
  const store = openStore(file, saves ? () => keeper.request() : undefined);
  const allowEmpty = inputs.allowEmpty || runner.isUntrusted || operator.config.allowEmpty;
  const failure = (one: Worked): string | undefined => failureOf(one, inputs, chosen, allowEmpty);
  const exitCode = (one: Worked): number => (failure(one) === undefined ? exitCodes.done : exitCodes.found);
  let worked: Worked;
  try {
    const { config, file: configFile } = operator;
    const { repository, trigger } = runner;
    const asked = { mode, inputs, config, configFile, repository, trigger, exitCode };
    worked = await work({ ...asked, session, store, forge, signal, env });
  } finally {
    // What was told is kept, whatever else failed.
    if (saves) await keeper.close();
    await store.close();
  }
  const { record } = worked;
  const login = forge && mode === 'pull-request' ? (await forge.account(runner.repository)).login : '';
  const outcomes = record.proposals ?? [];
  const remarks = [
    ...explainRefusals(outcomes, runner),
    ...explainSilentPulls(outcomes, login),
    ...explainSchedule(
      {
        event: runner.event,
        isPrivate: home?.repository.isPrivate ?? runner.isPrivate ?? false,
        lastCommit: home?.lastCommit,
        now: clock.now(),
      },
      runner,
    ),
    ...keeper.remarks,
  ];
  for (const remark of remarks) output.logger.warn(remark);
  const places = { summaryFile: env['GITHUB_STEP_SUMMARY'], sarifFile: inputs.sarif };
  await publishResult(record, { mode: whatItWas(worked, chosen), remarks }, runner, places);
  return failure(worked);
}

/** What the run turned out to be, and why: a default that may open nothing was none. */
function whatItWas({ record, channels }: Worked, { why, isAsked }: ChosenMode): string {
  const outcomes = record.proposals ?? [];
  if (isAsked || outcomes.length === 0 || !outcomes.every(isRefused)) return why;
  return `mode ${channels.length > 0 ? 'alert' : 'check'}: pull requests may not be opened here`;
}

/** Why the step fails; undefined: it does not. */
function failureOf(
  { record, channels }: Worked,
  inputs: ActionInputs,
  { mode, isAsked, failure }: ChosenMode,
  allowEmpty: boolean,
): string | undefined {
  if (failure !== undefined) return failure;
  const lost = undelivered(channels);
  if (lost.length > 0) return lost.map(({ subject, message }) => `${subject}: ${message}`).join('; ');
  // Nobody asked for pull requests when they are only the default: then a sentence about the permission is enough.
  const failed = (record.proposals ?? []).filter((one) => one.kind === 'failed' && (isAsked || !isRefused(one)));
  const [first] = failed;
  if (first !== undefined) return `${first.repository}: ${first.reason}`;
  const { failOn, allowUnknown } = inputs;
  const { code, why } = exitOf(record, { failOn, allowUnknown, allowEmpty, isJob: mode !== 'check' });
  if (code === exitCodes.found) return why;
  const [unread] = unreadScopes(record);
  if (unread !== undefined) return `${unread.subject}: ${unread.message}`;
  return why;
}

/** What the repository is to us, or why it is nothing. */
async function homeOf(
  { repository }: Runner,
  forge: Forge | undefined,
): Promise<{ readonly home?: Home; readonly obstacle?: Obstacle }> {
  if (forge === undefined) {
    return { obstacle: { why: 'there is no token, so pull requests cannot be opened', isRefusal: false } };
  }
  try {
    return { home: await forge.home(repository, stateRefs) };
  } catch (error) {
    return { obstacle: { why: `the repository could not be looked at: ${messageOf(error)}`, isRefusal: true } };
  }
}

/** `changed` is told of everything that a channel accepted. A check reads what there is, and makes nothing. */
function openStore(file: string, changed: (() => void) | undefined): Store {
  const store = pseudonymous(openSqliteStore(file, { readOnly: false }));
  if (changed === undefined) return store;
  const { outbox } = store;
  return {
    ...store,
    outbox: {
      ...outbox,
      delivered: async (channel, delivery) => {
        await outbox.delivered(channel, delivery);
        if (delivery.news.length > 0) changed();
      },
    },
  };
}

/** What is under way when a step is cancelled may still be kept. */
function later(signal: AbortSignal): AbortSignal {
  const end = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => end.abort(signal.reason), limits.run.lastWords.most).unref());
  return end.signal;
}

/*
 * src/entry/commands/moves/
 *
 * Commands that have an engine do something: this file moves workloads and takes moves back, repair.ts ends what was left half-way,
 * rebalance.ts spreads a swarm. Each holds the lock of the state, as a run does.
 * Begin here.
 */

import type { Config } from '../../../config/config.ts';
import { PlimsollError } from '../../../core/errors.ts';
import { type Digest, isDigest } from '../../../core/image/digest.ts';
import type { RedeployOutcome } from '../../../core/redeploy.ts';
import { treeSettings } from '../../../job/assemble.ts';
import { type EngineWish, engineSources, enginesConfigured, openHands } from '../../../job/engines.ts';
import type { EvenIf, MoveDependencies } from '../../../job/moves/engine-moves.ts';
import {
  enginesFor,
  type NamedWorkload,
  readOnce,
  redeployByHand,
  workloadsNamed,
} from '../../../job/moves/redeploy-by-hand.ts';
import { rollbackByHand } from '../../../job/moves/rollback-by-hand.ts';
import { stateKnowledge } from '../../../job/state-knowledge.ts';
import { renderJson } from '../../../report/render/json.ts';
import { renderOutcomes } from '../../../report/render/plans/redeploy-report.ts';
import { mayExist } from '../../../state/open-state.ts';
import type { Store } from '../../../state/store.ts';
import { exitCodes } from '../../exit-codes.ts';
import { operatorConfig } from '../../run-request.ts';
import { type CommonOptions, openSession, type Session, withEnvironment } from '../../session.ts';
import { lockState, openStateAt, statePlace, stopsWith } from '../../state-place.ts';
import { uninterrupted } from '../../uninterrupted.ts';

interface RedeployOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly to?: string;
  readonly evenIf?: readonly string[];
  readonly logs?: boolean;
  /** A daemon's configuration is not always what its file says. */
  readonly configFromStdin?: boolean;
  readonly format: 'text' | 'json';
}

/** `plimsoll redeploy [ENGINE:]NAME…`: moves what a person names to what its tag names now; never asks anything back. */
export async function redeploy(given: Record<string, unknown>, names: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as RedeployOptions;
  const to = digestIn(options.to);
  const even = evenIf(options);
  return withWorkloads(options, names, signal, async ({ named, session, store, deps }) => {
    const { seen } = stateKnowledge(store);
    const wish = { names, even, dryRun: options.dryRun ?? false, wantsLog: options.logs ?? false, ...(to && { to }) };
    const result = await redeployByHand(
      named,
      wish,
      { trees: [], baseLines: [], seen },
      { ...deps, run: session.parts.run },
    );
    for (const sentence of result.unanswered) session.output.logger.error(sentence);
    // What could not be asked was left to do.
    if (result.outcomes.length > 0 || options.format === 'json') await print(result.outcomes, session, options, result);
    return exitCodeOf(result.outcomes, result.unanswered.length > 0);
  });
}

/** `plimsoll rollback [ENGINE:]NAME…`: the same swap towards what ran before. */
export async function rollback(given: Record<string, unknown>, names: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as RedeployOptions;
  return withWorkloads(options, names, signal, async ({ named, session, deps }) => {
    const outcomes = await rollbackByHand(named, { even: evenIf(options), dryRun: options.dryRun ?? false }, deps);
    await print(outcomes, session, options);
    return exitCodeOf(outcomes, false);
  });
}

function digestIn(text: string | undefined): Digest | undefined {
  if (text === undefined) return undefined;
  if (isDigest(text)) return text;
  throw new PlimsollError('USAGE', `--to ${text}: expected sha256: and 64 hex digits`);
}

const allowed = ['unhealthy', 'major', 'volumes'] as const;

function evenIf({ evenIf: words = [] }: RedeployOptions): EvenIf {
  const unknown = words.find((word) => !allowed.some((one) => one === word));
  if (unknown !== undefined) throw new PlimsollError('USAGE', `--even-if ${unknown}: expected ${allowed.join(', ')}`);
  return new Set(allowed.filter((one) => words.includes(one)));
}

/** What a command about named workloads works with. */
interface Opened {
  readonly named: readonly NamedWorkload[];
  readonly session: Session;
  readonly store: Store;
  readonly deps: MoveDependencies;
}

/**
 * Opens state, engines and registries, finds the workloads and lets nobody else move anything meanwhile. Throws
 * PlimsollError 'USAGE', 'CONFIG', 'STATE', 'LOCKED' before anything is touched, and 'ENGINE' where one cannot be read.
 */
async function withWorkloads(
  options: RedeployOptions,
  names: readonly string[],
  signal: AbortSignal,
  work: (opened: Opened) => Promise<number>,
): Promise<number> {
  const config = await actingConfig(options);
  const wishes = await enginesConfigured(config.engines, process.env);
  const wanted = enginesFor(names, wishes);
  return withMoves(options, config, signal, async (opened) => {
    const { policy } = treeSettings(config, undefined, options);
    const { parts } = opened.session;
    const sources = await Promise.all(
      wanted.map(async (wish) => {
        const [source] = await engineSources([wish], policy, parts);
        return source === undefined ? [] : [{ source, wish }];
      }),
    );
    const scopes = await readOnce(sources.flat());
    const unread = scopes.find(({ scope }) => scope.problems.some(({ code }) => code === 'ENGINE') && !scope.isWhole);
    if (unread !== undefined) {
      const [problem] = unread.scope.problems.filter(({ code }) => code === 'ENGINE');
      throw new PlimsollError(
        'ENGINE',
        `${unread.scope.name}: ${problem?.message ?? 'it could not be read as a whole'}`,
      );
    }
    return work({ ...opened, named: workloadsNamed(names, scopes) });
  });
}

/** The operator's file: without it nothing is told to do anything. Throws PlimsollError 'USAGE' where there is none. */
export async function actingConfig(options: CommonOptions & { readonly configFromStdin?: boolean }): Promise<Config> {
  const config = await operatorConfig(options, 'run');
  if (config !== undefined) return config;
  throw new PlimsollError('USAGE', 'there is no plimsoll.yml here: name the configuration with --config');
}

/** Opens the state, alone, and what moving needs. */
export async function withMoves(
  options: CommonOptions & { readonly dryRun?: boolean; readonly observes?: boolean },
  config: Config,
  signal: AbortSignal,
  work: (opened: Omit<Opened, 'named'>) => Promise<number>,
): Promise<number> {
  const session = openSession(options, withEnvironment(config), 'public', signal);
  const file = statePlace(options.state, config.state);
  // What only asks is in nobody's way, and makes no state that is not there.
  const isAsking = options.dryRun === true && mayExist(file);
  const lock = isAsking ? undefined : await lockState('run', file, session.now, stopsWith(session.output.logger));
  const store = await openStateAt(file, { readOnly: isAsking && !(options.observes ?? false) });
  try {
    const { parts, output } = session;
    const deps: MoveDependencies = {
      open: (wish: EngineWish) => openHands(wish, parts.hands),
      acts: store.acts,
      clock: session.clock,
      credentials: parts.credentials,
      logger: output.logger,
      stopping: () => signal.aborted,
      uninterrupted,
    };
    return await work({ session, store, deps });
  } finally {
    await store.close();
    session.close();
    await lock?.release();
  }
}

/** Prints what came of it. */
export async function print(
  outcomes: readonly RedeployOutcome[],
  { output }: Session,
  { format, logs }: Pick<RedeployOptions, 'format' | 'logs'>,
  more: Parameters<typeof renderOutcomes>[2] = {},
): Promise<void> {
  if (format === 'json') await output.result(renderJson({ schema: 2, outcomes }), 'document');
  else await output.result(renderOutcomes(outcomes, output.layout, more), 'text');
  for (const [name, lines] of logs ? (more.logs ?? []) : []) {
    for (const line of lines) output.note(`${name}: ${line}`);
  }
}

function exitCodeOf(outcomes: readonly RedeployOutcome[], isUnanswered: boolean): number {
  if (outcomes.some(({ outcome }) => outcome === 'undone' || outcome === 'refused')) return exitCodes.found;
  if (isUnanswered || outcomes.some(({ outcome }) => outcome === 'unfinished')) return exitCodes.unfinished;
  return exitCodes.done;
}

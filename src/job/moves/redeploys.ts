import { messageOf } from '../../core/errors.ts';
import type { Finding, Held } from '../../core/finding.ts';
import type { Digest } from '../../core/image/digest.ts';
import type { RedeployOutcome } from '../../core/redeploy.ts';
import type { Act, Acts } from '../../state/acts.ts';
import type { DecidedUse } from '../../verdict/decided.ts';
import { summarise } from '../../verdict/summarise.ts';
import type { EngineWish, OpenHands } from '../engines.ts';
import type { Conclusion, RunResult } from '../run.ts';
import {
  actsLookedAt,
  endLostActs,
  type MoveDependencies,
  moveOne,
  outcomeOf,
  repairEngine,
  wishOf,
} from './engine-moves.ts';
import type { RedeployCandidate, RedeployJudging } from './judge-redeploys.ts';

/** What one run does on engines, besides looking. Whoever has it closes it. */
export interface RunRedeploys {
  readonly judging: RedeployJudging;
  /** Before anything is looked at: ends what a process that died left in between. */
  repair(): Promise<readonly RedeployOutcome[]>;
  /** Moves what may be moved, one after the other; of a digest that is put back nothing else is moved. */
  move(result: RunResult, repaired: readonly RedeployOutcome[]): Promise<RunResult>;
  /** What was moved, can still be taken back, and does not do well. */
  ailing(result: Pick<Conclusion, 'ailing'>, now: number): Promise<readonly AilingAct[]>;
  close(): void;
}

/** A move whose end was good, and what became of it since. */
export interface AilingAct {
  readonly act: Act;
  readonly says: string;
}

/** The engines that may be told to redeploy; undefined where there is none. Without a state nothing is moved: nobody would know what failed. */
export function runRedeploys(
  wishes: readonly EngineWish[],
  timezone: string,
  { acts, ...others }: Omit<MoveDependencies, 'acts'> & { readonly acts: Acts | undefined },
): RunRedeploys | undefined {
  const acting = wishes.filter(({ redeploy }) => redeploy !== undefined);
  if (acting.length === 0) return undefined;
  const deps = acts && { ...others, acts };
  const opened = new Map<EngineWish, Promise<OpenHands>>();
  const handsOn = (wish: EngineWish): Promise<OpenHands> => {
    const hands = opened.get(wish) ?? others.open(wish);
    opened.set(wish, hands);
    return hands;
  };
  // One engine alone may be without a name.
  const wishFor = (engine: string): EngineWish | undefined =>
    acting.find(({ name }) => name === engine) ?? acting.find(({ name }) => name === undefined);
  return {
    judging: {
      timezone,
      failed: async () => (await acts?.failed()) ?? new Map(),
      refusal: async (candidate) => {
        const wish = wishFor(candidate.workload.engine);
        if (wish?.redeploy === undefined) return 'its engine is not configured any more';
        try {
          const { hands } = await handsOn(wish);
          const planned = await hands.plan(wishOf(candidate, wish.redeploy.keepOld));
          return planned.is === 'refused' ? planned.reason : undefined;
        } catch (error) {
          return messageOf(error);
        }
      },
    },
    repair: async () => {
      const outcomes: RedeployOutcome[] = [];
      for (const wish of deps === undefined ? [] : acting) {
        try {
          const { hands } = await handsOn(wish);
          outcomes.push(...(await repairEngine(wish, hands, deps as MoveDependencies)));
        } catch (error) {
          // That it cannot be read is told by the run.
          others.logger.warn(`${wish.asked}: nothing could be repaired: ${messageOf(error)}`);
        }
      }
      return outcomes;
    },
    move: async (result, repaired) => {
      if (deps === undefined) return result;
      await endLost(result, deps);
      const outcomes: RedeployOutcome[] = [];
      const failed = new Set<Digest>();
      for (const candidate of result.redeploys) {
        const wish = wishFor(candidate.workload.engine);
        if (wish?.redeploy === undefined || deps.stopping()) break;
        if (failed.has(candidate.to.manifest)) continue;
        try {
          const { hands } = await handsOn(wish);
          const { outcome } = await moveOne(candidate, wishOf(candidate, wish.redeploy.keepOld), hands, deps);
          outcomes.push(outcome);
          if (outcome.outcome === 'undone') failed.add(candidate.to.manifest);
        } catch (error) {
          outcomes.push(outcomeOf(candidate, { outcome: 'unfinished', reason: messageOf(error) }));
        }
      }
      await cleanUp(acting, handsOn, deps);
      return withRedeploys(result, [...repaired, ...outcomes]);
    },
    ailing: async ({ ailing }, now) => {
      if (acts === undefined || ailing.length === 0) return [];
      // Of each workload the newest move counts.
      const newest = new Map<string, Act>();
      for (const act of await acts.list(actsLookedAt)) {
        const key = `${act.workload.engine} ${act.workload.name}`;
        if (!newest.has(key)) newest.set(key, act);
      }
      return ailing.flatMap(({ engine, name, says }) => {
        const act = newest.get(`${engine} ${name}`);
        const keepOld = wishFor(engine)?.redeploy?.keepOld ?? 0;
        const isOld = act?.ended === undefined || now - act.ended > keepOld;
        return act === undefined || isOld || act.outcome !== 'moved' ? [] : [{ act, says }];
      });
    },
    close: () => {
      for (const hands of opened.values())
        hands.then(
          (one) => one.close(),
          () => undefined,
        );
    },
  };
}

/** What runs now tells how acts ended whose process did not live to say it. */
async function endLost({ record }: RunResult, deps: Pick<MoveDependencies, 'acts' | 'clock'>): Promise<void> {
  for (const { name, kind, whole } of record.scopes) {
    if (kind !== 'engine' || !whole) continue;
    const own = record.workloads.filter(({ engine }) => engine === name);
    const running = new Map(own.flatMap(({ name: one, running }) => (running ? [[one, running.root] as const] : [])));
    await endLostActs(running, name, deps);
  }
}

async function cleanUp(
  wishes: readonly EngineWish[],
  handsOn: (wish: EngineWish) => Promise<OpenHands>,
  { clock, logger, stopping }: MoveDependencies,
): Promise<void> {
  for (const wish of wishes) {
    if (stopping()) return;
    try {
      const { hands } = await handsOn(wish);
      const removed = await hands.cleanup(clock.now(), { removeImages: wish.redeploy?.cleanup ?? false });
      for (const line of removed) logger.info(`${wish.asked}: ${line}`);
    } catch (error) {
      logger.warn(`${wish.asked}: what was kept could not be removed: ${messageOf(error)}`);
    }
  }
}

/**
 * The run as it stands after that: what was moved is behind no more, and what was put back waits for another digest. Pure.
 */
export function withRedeploys<T extends Conclusion>(result: T, outcomes: readonly RedeployOutcome[]): T {
  if (outcomes.length === 0) return result;
  const { record, redeploys } = result;
  const of = (candidate: RedeployCandidate): RedeployOutcome | undefined =>
    outcomes.findLast(({ workload }) => isSame(workload, candidate.workload));
  const moved = redeploys.filter((one) => of(one)?.outcome === 'moved' || of(one)?.outcome === 'current');
  const numbers = new Map<string, number>();
  for (const { id } of moved) numbers.set(id, (numbers.get(id) ?? 0) + 1);
  const failed = new Map(
    redeploys.flatMap((one): readonly (readonly [string, Held])[] => {
      const { outcome, reason = '' } = of(one) ?? {};
      if (outcome === 'undone') return [[one.id, { reason: 'failed', detail: `it was put back: ${reason}` }]];
      return outcome === 'refused' ? [[one.id, { reason: 'workload', detail: reason }]] : [];
    }),
  );
  const after = new Map(moved.map((one) => [one.id, one.to]));
  const decided = result.decided.map((one) => afterMove(one, numbers, after, failed));
  const known = new Map(decided.flatMap(({ findings }) => findings.map((one) => [`${one.id} ${one.class}`, one])));
  const ofWorkloads = new Set(
    decided.filter(({ examined }) => 'workload' in examined.use.place).map(({ examined }) => examined.use.key),
  );
  const findings = record.findings.flatMap((one) =>
    ofWorkloads.has(one.id) ? (known.get(`${one.id} ${one.class}`) ?? []) : [one],
  );
  const workloads = record.workloads.map((one) => {
    const move = moved.find(({ workload }) => isSame(workload, one));
    if (move === undefined) return one;
    const running = { root: move.to.root, manifest: move.to.manifest, by: 'state' as const };
    return { ...one, running, state: 'current' as const, findings: [] };
  });
  const examined = decided.map((one) => one.examined);
  const summary = { ...record.summary, ...summarise(findings, examined, record.unchecked, record.summary) };
  return { ...result, decided, record: { ...record, findings, workloads, summary, redeploys: outcomes } };
}

function isSame(a: { readonly engine: string; readonly name: string; readonly kind: string }, b: typeof a): boolean {
  return a.engine === b.engine && a.name === b.name && (a.kind === 'service') === (b.kind === 'service');
}

function afterMove(
  one: DecidedUse,
  numbers: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, RedeployCandidate['to']>,
  failed: ReadonlyMap<string, Held>,
): DecidedUse {
  const { use, examination } = one.examined;
  const done = numbers.get(use.key) ?? 0;
  const held = failed.get(use.key);
  const left = (use.count ?? 1) - done;
  const isOfMove = ({ class: kind }: Finding): boolean => moves.has(kind);
  if (left > 0) {
    const findings = one.findings.map((finding) =>
      isOfMove(finding) ? withCount({ ...finding, ...(held && { held }) }, left) : finding,
    );
    return { ...one, findings };
  }
  const to = after.get(use.key);
  if (to === undefined) return one;
  return {
    findings: one.findings.filter((finding) => !isOfMove(finding)),
    examined: {
      ...one.examined,
      use: { ...use, has: { digest: to.root, by: 'running' } },
      examination: { ...examination, resolution: { kind: 'current', digest: to.root }, platforms: [] },
    },
  };
}

/** One that stands for itself alone says no number. */
function withCount({ count: _, ...finding }: Finding, number: number): Finding {
  return number > 1 ? { ...finding, count: number } : finding;
}

const moves: ReadonlySet<string> = new Set(['security', 'packages', 'config', 'content']);

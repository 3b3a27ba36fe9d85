import { afterForcing, deviation, tasksPerNode } from './placement.ts';
import type { SwarmPicture, SwarmService } from './swarm-picture.ts';

/** What a rebalance may do. */
export interface RebalanceWish {
  /** It ends at this standard deviation of tasks per node. */
  readonly above: number;
  /** Services that are forced, at most. */
  readonly max: number;
  /** Services that may be forced although they are tied to where they run: a rule names them. */
  readonly named: ReadonlySet<string>;
  readonly now: number;
}

/** Forced updates, in their order, and what the spread is then. */
export interface RebalancePlan {
  readonly services: readonly SwarmService[];
  readonly deviation: number;
  /** Tasks that are started anew. */
  readonly restarts: number;
  /** Where the tasks are then. */
  readonly tasks: SwarmPicture['tasks'];
}

const hour = 60 * 60 * 1000;
/** A forced update that wins less is not worth the restarts. */
const leastGain = 0.1;
/** Sequences that are tried out; beyond that the best next one is taken each time. */
const sequences = 20_000;

/**
 * The services whose forced updates bring the tasks per node to the wished deviation with the fewest restarted tasks; where
 * none do, those that come nearest. Pure.
 */
export function planRebalance(picture: SwarmPicture, wish: RebalanceWish): RebalancePlan {
  const start = { services: [], deviation: spread(picture), restarts: 0, tasks: picture.tasks };
  const candidates = picture.services.filter((one) => isCandidate(one, picture, wish));
  const isSmall = candidates.length ** Math.max(1, wish.max) <= sequences;
  const found = isSmall ? search(picture, candidates, wish, start) : greedy(picture, candidates, wish, start);
  return found.deviation <= start.deviation - leastGain ? found : start;
}

function spread(picture: SwarmPicture): number {
  return deviation(tasksPerNode(picture).values());
}

/** May a service be forced? Not one that would be gone meanwhile, nor one that was updated a moment ago, nor what is tied to its node. */
function isCandidate(service: SwarmService, { tasks }: SwarmPicture, { named, now }: RebalanceWish): boolean {
  const { id, name, mode, isTied, labels, update } = service;
  const running = tasks.filter((task) => task.service === id).length;
  return (
    mode === 'replicated' &&
    running > 1 &&
    (!isTied || named.has(name)) &&
    labels['plimsoll.rebalance'] !== 'false' &&
    !(update.at !== undefined && now - update.at < hour)
  );
}

function forced(plan: RebalancePlan, service: SwarmService, picture: SwarmPicture): Step | undefined {
  const tasks = afterForcing(service, picture);
  if (tasks === undefined) return undefined;
  const next = { ...picture, tasks };
  const own = tasks.filter((task) => task.service === service.id).length;
  return {
    picture: next,
    plan: {
      services: [...plan.services, service],
      deviation: spread(next),
      restarts: plan.restarts + own,
      tasks,
    },
  };
}

interface Step {
  readonly picture: SwarmPicture;
  readonly plan: RebalancePlan;
}

/** Every sequence of at most so many different services. */
function search(
  picture: SwarmPicture,
  candidates: readonly SwarmService[],
  wish: RebalanceWish,
  plan: RebalancePlan,
): RebalancePlan {
  if (plan.deviation <= wish.above || plan.services.length >= wish.max) return plan;
  let best = plan;
  for (const service of candidates) {
    if (plan.services.includes(service)) continue;
    const step = forced(plan, service, picture);
    if (step === undefined || step.plan.deviation > plan.deviation - leastGain) continue;
    const found = search(step.picture, candidates, wish, step.plan);
    if (isBetter(found, best, wish)) best = found;
  }
  return best;
}

function greedy(
  picture: SwarmPicture,
  candidates: readonly SwarmService[],
  wish: RebalanceWish,
  plan: RebalancePlan,
): RebalancePlan {
  if (plan.deviation <= wish.above || plan.services.length >= wish.max) return plan;
  const steps = candidates
    .filter((one) => !plan.services.includes(one))
    .flatMap((one) => forced(plan, one, picture) ?? [])
    .map((step) => ({ step, gain: (plan.deviation - step.plan.deviation) / (step.plan.restarts - plan.restarts) }));
  const [best] = steps.sort((a, b) => b.gain - a.gain);
  if (best === undefined || best.step.plan.deviation > plan.deviation - leastGain) return plan;
  return greedy(best.step.picture, candidates, wish, best.step.plan);
}

/** First whether it gets there, then what it costs, then how near it comes. */
function isBetter(a: RebalancePlan, b: RebalancePlan, { above }: RebalanceWish): boolean {
  const [done, other] = [a.deviation <= above, b.deviation <= above];
  if (done !== other) return done;
  if (!done) return a.deviation < b.deviation || (a.deviation === b.deviation && a.restarts < b.restarts);
  return a.restarts < b.restarts || (a.restarts === b.restarts && a.services.length < b.services.length);
}

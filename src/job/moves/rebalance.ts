import { PlimsollError } from '../../core/errors.ts';
import type { Clock } from '../../core/time/clock.ts';
import { deviation, tasksPerNode } from '../../engines/docker/swarm/placement.ts';
import { planRebalance, type RebalanceWish } from '../../engines/docker/swarm/plan-rebalance.ts';
import type { SwarmHands } from '../../engines/docker/swarm/swarm-hands.ts';
import type { SwarmPicture } from '../../engines/docker/swarm/swarm-picture.ts';
import type { Swarms } from '../../state/swarms.ts';

/** How tasks are spread over the nodes that take some. */
export interface Spread {
  /** Population standard deviation, to two places. */
  readonly deviation: number;
  readonly nodes: readonly { readonly name: string; readonly tasks: number }[];
}

/** What a rebalance did, or would do. */
export interface Rebalanced {
  readonly before: Spread;
  readonly after: Spread;
  /** In their order. `planned`: nothing was done. */
  readonly forced: readonly { readonly service: string; readonly outcome: string }[];
  /** Why it ended before the threshold; absent where it got there. */
  readonly reason?: string;
}

/** What rebalancing works with. */
export interface RebalanceDependencies {
  readonly swarms: Swarms;
  readonly clock: Clock;
  readonly stopping: () => boolean;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

const minute = 60_000;
/** A node that came back may go again. */
const leastReady = 10 * minute;
/** Every forced update starts tasks anew that were well. */
const leastPause = 24 * 60 * minute;
const moving: ReadonlySet<string> = new Set(['updating', 'paused', 'rollback_started', 'rollback_paused']);

/**
 * Forces one service after the other until the tasks per node are spread well enough, looking again after each; it ends at
 * the first that does not complete. Throws PlimsollError 'ENGINE'.
 */
export async function rebalance(
  hands: SwarmHands,
  { dryRun, above, max, named }: Omit<RebalanceWish, 'now'> & { readonly dryRun: boolean },
  { swarms, clock, stopping, uninterrupted }: RebalanceDependencies,
): Promise<Rebalanced> {
  const look = async (): Promise<SwarmPicture> => {
    const picture = await hands.picture();
    if (picture === undefined) throw new PlimsollError('ENGINE', 'it manages no swarm: there is nothing to spread');
    return picture;
  };
  const now = clock.now();
  const first = await look();
  const before = spreadOf(first);
  const ready = await swarms.observe(first.cluster, first.nodes, now);
  const last = await swarms.rebalanced(first.cluster);
  const why = before.exact <= above ? undefined : hindrance(first, ready, last, now);
  const start = { before: shown(before), after: shown(before), forced: [] };
  if (before.exact <= above) return start;
  if (why !== undefined) return { ...start, reason: why };
  const plan = planRebalance(first, { above, max, named, now });
  if (plan.services.length === 0)
    return { ...start, reason: 'no forced update would bring the tasks nearer to each other' };
  if (dryRun) {
    const simulated = spreadOf({ ...first, tasks: plan.tasks });
    const forced = plan.services.map(({ name }) => ({ service: name, outcome: 'planned' }));
    return {
      ...start,
      after: shown(simulated),
      forced,
      ...(simulated.exact > above && { reason: reached(max, plan.services.length) }),
    };
  }
  return uninterrupted(async () => {
    const forced: { service: string; outcome: string }[] = [];
    const done = new Set<string>();
    let picture = first;
    for (;;) {
      const left = {
        ...picture,
        services: picture.services.map((one) => (done.has(one.id) ? { ...one, isTied: true } : one)),
      };
      const allowed = new Set([...named].filter((name) => !forced.some(({ service }) => service === name)));
      const next = planRebalance(left, { above, max: max - forced.length, named: allowed, now }).services[0];
      const spread = spreadOf(picture);
      const end = { before: shown(before), after: shown(spread), forced };
      if (spread.exact <= above) return end;
      if (next === undefined) return { ...end, reason: reached(max, forced.length) };
      if (stopping()) return { ...end, reason: 'it was stopped' };
      await swarms.setRebalanced(picture.cluster, now);
      const outcome = await hands.force(next.id, stopping);
      forced.push({ service: next.name, outcome });
      done.add(next.id);
      picture = await look();
      if (outcome !== 'completed') {
        return {
          ...end,
          after: shown(spreadOf(picture)),
          forced,
          reason: `the update of ${next.name} did not complete: ${outcome}`,
        };
      }
    }
  });
}

function reached(max: number, forced: number): string {
  return forced >= max
    ? `no more than ${max} services are forced at once`
    : 'no other forced update would bring the tasks nearer to each other';
}

/** Why now is no time to start anything anew. */
function hindrance(
  { nodes, services, unsettled }: SwarmPicture,
  ready: ReadonlyMap<string, number>,
  last: number | undefined,
  now: number,
): string | undefined {
  const down = nodes.find(({ isDown }) => isDown);
  if (down !== undefined) return `the node ${down.name} does not answer`;
  const busy = services.find(({ update }) => moving.has(update.state ?? ''));
  if (busy !== undefined) return `the service ${busy.name} is on the move (${busy.update.state})`;
  if (unsettled > 0) return `${unsettled} tasks are to run and do not yet`;
  const young = nodes.find(({ id, isReady }) => isReady && now - (ready.get(id) ?? now) < leastReady);
  if (young !== undefined) {
    const since = Math.floor((now - (ready.get(young.id) ?? now)) / minute);
    return `the node ${young.name} has been seen ready for ${since} minutes, and 10 are waited for; every run, and "plimsoll workloads --live", looks`;
  }
  if (last !== undefined && now - last < leastPause) return 'it was rebalanced less than a day ago';
  return undefined;
}

interface ExactSpread {
  readonly exact: number;
  readonly nodes: Spread['nodes'];
}

function spreadOf(picture: SwarmPicture): ExactSpread {
  const counts = tasksPerNode(picture);
  const nodes = picture.nodes.flatMap(({ id, name }) => {
    const tasks = counts.get(id);
    return tasks === undefined ? [] : [{ name, tasks }];
  });
  return { exact: deviation(counts.values()), nodes };
}

function shown({ exact, nodes }: ExactSpread): Spread {
  return { deviation: Math.round(exact * 100) / 100, nodes };
}

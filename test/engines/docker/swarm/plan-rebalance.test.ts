import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterForcing,
  deviation,
  eligibleNodes,
  tasksPerNode,
} from '../../../../src/engines/docker/swarm/placement.ts';
import { planRebalance, type RebalancePlan } from '../../../../src/engines/docker/swarm/plan-rebalance.ts';
import type { SwarmNode, SwarmPicture, SwarmService } from '../../../../src/engines/docker/swarm/swarm-picture.ts';

const now = Date.parse('2026-11-30T04:00:00Z');

function node(id: string, more: Partial<SwarmNode> = {}): SwarmNode {
  return {
    id,
    name: id,
    role: 'worker',
    isReady: true,
    isDown: false,
    os: 'linux',
    architecture: 'x86_64',
    labels: {},
    engineLabels: {},
    ...more,
  };
}

function service(id: string, more: Partial<SwarmService> = {}): SwarmService {
  return {
    id,
    name: id,
    mode: 'replicated',
    constraints: [],
    hasPreferences: false,
    platforms: [],
    maxPerNode: 0,
    isTied: false,
    labels: {},
    update: { order: 'stop-first', parallelism: 1 },
    ...more,
  };
}

/** Services with the nodes that their tasks run on. */
function picture(
  nodes: readonly SwarmNode[],
  all: Readonly<Record<string, readonly [SwarmService, string]>>,
): SwarmPicture {
  return {
    cluster: 'c',
    unsettled: 0,
    nodes,
    services: Object.values(all).map(([one]) => one),
    tasks: Object.values(all).flatMap(([one, where]) => [...where].map((id) => ({ service: one.id, node: id }))),
  };
}

const pair = [node('a'), node('b')];
const onOne = (number: number, more: Partial<SwarmService> = {}): SwarmPicture =>
  picture(
    pair,
    Object.fromEntries(Array.from({ length: number }, (_, i) => [`s${i}`, [service(`s${i}`, more), 'aa']])),
  );
const wish = { above: 2, max: 3, named: new Set<string>(), now };
const names = ({ services }: RebalancePlan): readonly string[] => services.map(({ name }) => name);

describe('where a scheduler puts tasks', () => {
  it('is what was seen on two nodes: a service of two is spread over both', () => {
    const before = onOne(5);
    expect(deviation(tasksPerNode(before).values())).toBe(5);
    const [first] = before.services as [SwarmService];
    const after = { ...before, tasks: afterForcing(first, before) ?? [] };
    expect([...tasksPerNode(after).values()]).toEqual([9, 1]);
    expect(deviation(tasksPerNode(after).values())).toBe(4);
  });

  it.each([
    [['node.hostname==a'], ['a']],
    [['node.hostname != a'], ['b', 'c']],
    [['node.role==MANAGER'], ['a']],
    [['node.labels.disk==ssd', 'node.role==worker'], ['b']],
    [['engine.labels.rack==2'], ['c']],
    [['node.platform.arch==x86_64'], ['a', 'b', 'c']],
    [['node.ip==10.0.0.0/8'], undefined],
    [['rubbish'], undefined],
  ])('by constraints %j: %j', (constraints, expected) => {
    const nodes = [
      node('a', { role: 'manager' }),
      node('b', { labels: { disk: 'ssd' } }),
      node('c', { engineLabels: { rack: '2' } }),
      node('d', { isReady: false }),
    ];
    expect(eligibleNodes(service('s', { constraints }), nodes)?.map(({ id }) => id)).toEqual(expected);
  });

  it('by platform and tasks per node', () => {
    const nodes = [node('a'), node('b', { architecture: 'aarch64' })];
    expect(
      eligibleNodes(service('s', { platforms: [{ os: 'linux', architecture: 'arm64' }] }), nodes)?.map(({ id }) => id),
    ).toEqual(['b']);
    const full = picture(nodes, { s: [service('s', { maxPerNode: 1 }), 'ab'] });
    expect(afterForcing(full.services[0] as SwarmService, full)).toHaveLength(2);
  });
});

describe('rebalancing', () => {
  it('takes as many services as it needs, one after the other', () => {
    const plan = planRebalance(onOne(5), wish);
    expect(plan).toMatchObject({ deviation: 2, restarts: 6 });
    expect(names(plan)).toHaveLength(3);
  });

  it('does nothing where there is nothing to win', () => {
    expect(planRebalance(picture(pair, { s: [service('s'), 'ab'], t: [service('t'), 'ab'] }), wish)).toMatchObject({
      deviation: 0,
      services: [],
    });
    expect(names(planRebalance(onOne(2), wish))).toEqual([]);
  });

  it.each<readonly [string, Partial<SwarmService>]>([
    ['global', { mode: 'other' }],
    ['tied to its node', { isTied: true }],
    ['marked', { labels: { 'plimsoll.rebalance': 'false' } }],
    ['updated within the hour', { update: { order: 'stop-first', parallelism: 1, at: now - 59 * 60_000 } }],
    ['of constraints that nobody understands', { constraints: ['node.ip==10.0.0.1'] }],
    ['spread by preferences', { hasPreferences: true }],
  ])('leaves alone what is %s', (_, more) => {
    expect(names(planRebalance(onOne(5, more), wish))).toEqual([]);
  });

  it('leaves a single task alone, and takes what is tied where a rule names it', () => {
    const alone = picture(pair, {
      s: [service('s'), 'a'],
      t: [service('t'), 'a'],
      u: [service('u'), 'a'],
      v: [service('v'), 'a'],
      w: [service('w'), 'a'],
    });
    expect(names(planRebalance(alone, { ...wish, above: 1 }))).toEqual([]);
    expect(names(planRebalance(onOne(3, { isTied: true }), { ...wish, named: new Set(['s1']) }))).toEqual(['s1']);
  });

  it('restarts as little as an exhaustive search finds, and never leaves the spread worse', () => {
    const arbitrary = fc.record({
      nodes: fc.integer({ min: 2, max: 4 }),
      services: fc.array(
        fc.record({
          tasks: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }),
          order: fc.constantFrom('start-first' as const, 'stop-first' as const),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      above: fc.constantFrom(0.5, 1, 2),
    });
    fc.assert(
      fc.property(arbitrary, ({ nodes: number, services, above }) => {
        const nodes = Array.from({ length: number }, (_, i) => node(String(i)));
        const before = picture(
          nodes,
          Object.fromEntries(
            services.map(({ tasks, order }, i) => [
              `s${i}`,
              [service(`s${i}`, { update: { order, parallelism: 1 } }), tasks.map((one) => one % number).join('')],
            ]),
          ),
        );
        const start = deviation(tasksPerNode(before).values());
        const plan = planRebalance(before, { ...wish, above });
        expect(plan.deviation).toBeLessThanOrEqual(start);
        const best = exhaustive(before, above, 3);
        if (best !== undefined && start > above) expect(plan).toMatchObject({ restarts: best });
      }),
      { numRuns: 60 },
    );
  });
});

/** Of all sequences whose every step wins something: the fewest restarts that reach the threshold. */
function exhaustive(start: SwarmPicture, above: number, max: number): number | undefined {
  const results: number[] = [];
  const walk = (now: SwarmPicture, used: readonly string[], restarts: number): void => {
    const spread = deviation(tasksPerNode(now).values());
    if (spread <= above && used.length > 0) results.push(restarts);
    if (spread <= above || used.length === max) return;
    for (const one of now.services) {
      const own = now.tasks.filter(({ service: id }) => id === one.id).length;
      if (used.includes(one.id) || own < 2) continue;
      const tasks = afterForcing(one, now);
      if (tasks === undefined) continue;
      const next = { ...now, tasks };
      if (deviation(tasksPerNode(next).values()) <= spread - 0.1) walk(next, [...used, one.id], restarts + own);
    }
  };
  walk(start, [], 0);
  return results.length === 0 ? undefined : Math.min(...results);
}

import type { SwarmNode, SwarmPicture, SwarmService, SwarmTask } from './swarm-picture.ts';

/** Another name for the same processor (swarmkit, manager/scheduler/filter.go, normalizeArch). */
const architectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/**
 * Where tasks of a service may run; undefined when a constraint is not understood. Constraints as in `docker service create
 * --constraint` (swarmkit, manager/constraint/constraint.go): names and values without regard to case. Pure.
 */
export function eligibleNodes(service: SwarmService, nodes: readonly SwarmNode[]): readonly SwarmNode[] | undefined {
  const tests = service.constraints.map(testOf);
  if (service.hasPreferences || tests.includes(undefined)) return undefined;
  const ready = nodes.filter(({ isReady }) => isReady);
  return ready.filter((node) => tests.every((test) => test?.(node)) && servesPlatform(service, node));
}

function testOf(text: string): ((node: SwarmNode) => boolean) | undefined {
  const { key, operator, value } =
    /^\s*(?<key>[^\s!=]+)\s*(?<operator>==|!=)\s*(?<value>.+?)\s*$/.exec(text)?.groups ?? {};
  const read = key === undefined ? undefined : fieldOf(key);
  if (read === undefined || value === undefined) return undefined;
  return (node) => (read(node).toLowerCase() === value.toLowerCase()) === (operator === '==');
}

function fieldOf(key: string): ((node: SwarmNode) => string) | undefined {
  const label = /^(?<of>node|engine)\.labels\.(?<name>.+)$/i.exec(key)?.groups;
  if (label !== undefined) {
    const { of, name = '' } = label;
    return ({ labels, engineLabels }) => (of?.toLowerCase() === 'node' ? labels : engineLabels)[name] ?? '';
  }
  return fields[key.toLowerCase()];
}

const fields: Readonly<Record<string, (node: SwarmNode) => string>> = {
  'node.id': ({ id }) => id,
  'node.hostname': ({ name }) => name,
  'node.role': ({ role }) => role,
  'node.platform.os': ({ os }) => os,
  'node.platform.arch': ({ architecture }) => architecture,
};

function servesPlatform({ platforms }: SwarmService, node: SwarmNode): boolean {
  const same = (a: string, b: string): boolean => a === '' || (architectures[a] ?? a) === (architectures[b] ?? b);
  return (
    platforms.length === 0 ||
    platforms.some(({ os, architecture }) => same(os, node.os) && same(architecture, node.architecture))
  );
}

/** Tasks of replicated services on each node that takes some. */
export function tasksPerNode({ nodes, services, tasks }: SwarmPicture): ReadonlyMap<string, number> {
  const replicated = new Set(services.filter(({ mode }) => mode === 'replicated').map(({ id }) => id));
  const counts = new Map(nodes.filter(({ isReady }) => isReady).map(({ id }) => [id, 0]));
  for (const { service, node } of tasks) {
    const before = counts.get(node);
    if (replicated.has(service) && before !== undefined) counts.set(node, before + 1);
  }
  return counts;
}

/** Population standard deviation. */
export function deviation(counts: Iterable<number>): number {
  const all = [...counts];
  const mean = all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length);
  return Math.sqrt(all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, all.length));
}

/**
 * The tasks after a forced update: each new task goes to the eligible node with the fewest tasks of its service, then with
 * the fewest at all. Undefined where that cannot be told. Pure.
 */
export function afterForcing(service: SwarmService, picture: SwarmPicture): readonly SwarmTask[] | undefined {
  const eligible = eligibleNodes(service, picture.nodes);
  if (eligible === undefined || eligible.length === 0) return undefined;
  const own = picture.tasks.filter((task) => task.service === service.id);
  const others = picture.tasks.filter((task) => task.service !== service.id);
  const size = service.update.parallelism > 0 ? service.update.parallelism : own.length;
  let old = own;
  const fresh: SwarmTask[] = [];
  while (old.length > 0) {
    const [batch, rest] = [old.slice(0, size), old.slice(size)];
    // One that is to stop does not count any more; one that runs on until the new one is there does.
    if (service.update.order === 'stop-first') old = rest;
    for (const _ of batch) {
      const all = [...others, ...old, ...fresh];
      const node = bestNode(service, eligible, all);
      if (node === undefined) return undefined;
      fresh.push({ service: service.id, node });
    }
    old = rest;
  }
  return [...others, ...fresh];
}

function bestNode(
  { id, maxPerNode }: SwarmService,
  eligible: readonly SwarmNode[],
  tasks: readonly SwarmTask[],
): string | undefined {
  const counted = eligible.map((node) => {
    const here = tasks.filter((task) => task.node === node.id);
    return { node: node.id, own: here.filter(({ service }) => service === id).length, all: here.length };
  });
  const open = counted.filter(({ own }) => maxPerNode === 0 || own < maxPerNode);
  return open.sort((a, b) => a.own - b.own || a.all - b.all)[0]?.node;
}

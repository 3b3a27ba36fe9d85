import { formatPlatform, type Platform } from '../../core/image/platform.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import type { RunningWorkload, SwarmNodeState } from '../engine.ts';
import { modeByLabels } from '../labels/workload-mode.ts';
import { platformOf, referenceIn } from '../workload-parts.ts';
import {
  type DockerContainer,
  type DockerNode,
  type DockerService,
  readNode,
  readService,
  readTask,
} from './docker-answers.ts';
import { describe, listed, type Reading, withPlatform } from './docker-workload.ts';

/** The services of the swarm that the daemon manages; `tasks` are its containers on this machine. */
export async function readSwarm(
  tasks: readonly DockerContainer[],
  reading: Reading,
): Promise<{
  readonly workloads: readonly RunningWorkload[];
  readonly count: number;
  /** Absent: they were not listed. */
  readonly nodes?: readonly SwarmNodeState[];
}> {
  const services = await listed('/services', readService, reading);
  if (services === undefined || services.length === 0) return { workloads: [], count: 0 };
  const nodes = await listed('/nodes', readNode, reading);
  const platforms = await platformsByService(services, nodes ?? [], reading);
  const workloads: RunningWorkload[] = [];
  for (const one of services) {
    // Nothing runs of it.
    if (one.replicas === 0 && !reading.options.stopped) continue;
    workloads.push(await workloadOf(one, platforms(one), tasks, reading));
  }
  return { workloads, count: services.length, ...(nodes && { nodes }) };
}

/**
 * The command line of Docker writes into a service the digest that its tag names; that is no pin of its owner, but what runs. A stack
 * keeps beside it what was written.
 */
async function workloadOf(
  { id, name, labels, image, containerLabels, hasData }: DockerService,
  platforms: readonly Platform[],
  tasks: readonly DockerContainer[],
  reading: Reading,
): Promise<RunningWorkload> {
  const who = { kind: 'service', name } as const;
  const all = { ...containerLabels, ...labels };
  const spec = referenceIn(image);
  if (typeof spec !== 'object')
    return { ...who, written: image, platforms, mode: 'watch', image: { is: 'skipped' }, why: spec };
  const own = all['com.docker.stack.image'];
  const written = own ?? (spec.tag === undefined ? image : image.replace(/@.*$/, ''));
  const reference = referenceIn(written);
  const task = tasks.find((one) => one.labels['com.docker.swarm.service.id'] === id);
  if (spec.digest === undefined && task !== undefined)
    return withPlatform({ ...(await describe(who, written, all, task, reading)), platforms });
  const ofImage = task === undefined ? {} : (reading.images.get(task.imageId)?.labels ?? {});
  const { mode, why, problems, unread, labels: ours } = modeByLabels(name, all, ofImage);
  reading.problems.push(...problems);
  for (const key of unread) reading.unread.add(key);
  const base = { ...who, written, platforms, mode, why, labels: ours, hasData };
  if (typeof reference !== 'object') return { ...base, image: { is: 'skipped' }, why: reference };
  if (mode === 'ignore') return { ...base, reference, image: { is: 'skipped' } };
  const root = digestOf(spec, reference);
  if (root !== undefined)
    return withPlatform({ ...base, reference, image: { is: 'known', running: { root, by: 'written' } } });
  const message =
    'its specification has no digest, and none of its tasks runs on this machine, so which digest runs is not known';
  return {
    ...base,
    reference,
    image: { is: 'unknown', problem: { code: 'running-digest-unknown', message, subject: name } },
  };
}

/** The digest that all its tasks were told to run. */
function digestOf(spec: ImageReference, written: ImageReference): ImageReference['digest'] {
  return spec.digest ?? written.digest;
}

/** Where its tasks run; what the image was found to serve when the service was made is more than that. */
async function platformsByService(
  services: readonly DockerService[],
  nodes: readonly DockerNode[],
  reading: Reading,
): Promise<(service: DockerService) => readonly Platform[]> {
  const ofNode = new Map(nodes.map(({ id, platform }) => [id, platformOf(platform)[0]]));
  const known = distinct([...ofNode.values()]);
  if (known.length === 1 || services.length === 0) return () => known;
  const running = await listed('/tasks', readTask, reading, {
    filters: JSON.stringify({ 'desired-state': ['running'] }),
  });
  const byService = Map.groupBy(running ?? [], ({ service }) => service);
  return ({ id, platforms }) => {
    const own = distinct((byService.get(id) ?? []).map(({ node }) => ofNode.get(node)));
    return own.length > 0 ? own : distinct(platforms.map((text) => platformOf(text)[0]));
  };
}

function distinct(platforms: readonly (Platform | undefined)[]): readonly Platform[] {
  const found = platforms.filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [formatPlatform(one), one])).values()];
}

import type { Problem } from '../../core/problem.ts';
import { inTurns } from '../../core/time/turns.ts';
import { readList } from '../connection/answer-fields.ts';
import { EngineFailure } from '../connection/ask.ts';
import type { Ailing, EngineReading, ReadOptions, RunningWorkload } from '../engine.ts';
import { composeOf, inBatches, isNameless } from '../workload-parts.ts';
import { type DockerContainer, readContainer, readImage, readInfo, readWritten } from './docker-answers.ts';
import type { DockerClient } from './docker-client.ts';
import { describe, type Reading } from './docker-workload.ts';
import { readSwarm } from './read-swarm.ts';
import { ownLabels, splitName } from './swap/own-names.ts';

/** What does not run. */
const stopped: ReadonlySet<string> = new Set(['created', 'exited', 'dead', 'removing']);

/** Reads what a daemon runs: its containers, and the services of the swarm that it manages. Throws EngineFailure. */
export async function readDocker(client: DockerClient, options: ReadOptions): Promise<EngineReading> {
  await client.negotiate();
  const problems: Problem[] = [];
  const info = readInfo(await client.get({ path: '/info' }));
  const listed = await client.get({ path: '/containers/json', query: { all: '1' } });
  const all = await inTurns(readList(listed, '/containers/json', readContainer));
  const reading: Reading = { client, options, info, problems, unread: new Set(), images: new Map() };
  problems.push(...leftHalfWay(all));
  const isTask = ({ labels }: DockerContainer): boolean => Object.hasOwn(labels, 'com.docker.swarm.task.id');
  const tasks = all.filter(isTask);
  const replaced = new Set(all.map(({ labels }) => labels[ownLabels.replaces]));
  const own = all.filter((one) => !isTask(one) && !isOwnedElsewhere(one) && !isParked(one, replaced));
  const running = own.filter(({ state }) => !stopped.has(state));
  const chosen = options.stopped ? own : running;
  const swarm = info.swarm?.isManager === true ? info.swarm : undefined;
  await readImages([...chosen, ...(swarm ? tasks : [])], reading);
  const containers = (await inBatches(chosen, (one) => workloadOf(one, reading))).filter((one) => one !== undefined);
  const services =
    swarm === undefined ? { workloads: [], count: 0, nodes: undefined } : await readSwarm(tasks, reading);
  const workloads = [...containers, ...services.workloads];
  if (tasks.length > 0 && swarm === undefined) {
    const message = `${tasks.length === 1 ? '1 task' : `${tasks.length} tasks`} of a swarm that is not read: ask one of its managers`;
    problems.push({ code: 'swarm-unread', message });
  }
  return {
    id: info.id,
    name: info.name,
    ...(swarm?.cluster !== undefined && { swarm: swarm.cluster }),
    ...(services.nodes && { nodes: services.nodes }),
    workloads,
    counts: {
      containers: running.length,
      services: services.count,
      stopped: own.length - running.length,
      tasks: tasks.length,
      local: workloads.filter(({ image }) => image.is === 'local').length,
    },
    ailing: own.flatMap(ailment),
    isWhole: !problems.some(({ code }) => code === 'ENGINE'),
    problems,
    unreadLabels: [...reading.unread].sort(),
  };
}

function ailment({ name, state, status }: DockerContainer): readonly Ailing[] {
  const says = status.includes('(unhealthy)') ? 'is unhealthy' : ailments[state];
  return says === undefined ? [] : [{ name, says }];
}

const ailments: Readonly<Record<string, string>> = {
  restarting: 'starts again and again',
  exited: 'has stopped',
  dead: 'is dead',
};

/** A process that moved a container died on the way. */
function leftHalfWay(all: readonly DockerContainer[]): readonly Problem[] {
  const names = all.flatMap(({ name, labels }) => {
    const [, workload, as] = /^(.+)\.plimsoll-(new|old)$/.exec(name) ?? [];
    return workload === undefined || (as === 'new' && !Object.hasOwn(labels, 'plimsoll.name')) ? [] : [workload];
  });
  return [...new Set(names)].map((name) => ({
    code: 'redeploy-unfinished',
    message: 'a redeploy of it was left half-way: "plimsoll repair", with the name of its engine, ends it',
    subject: name,
  }));
}

/** What a kubelet runs is its own. */
function isOwnedElsewhere({ labels }: DockerContainer): boolean {
  return Object.keys(labels).some((key) => key.startsWith('io.kubernetes.'));
}

/** One of two containers of a workload that is being moved, or was: the new one says so itself, and names the old one. */
function isParked({ id, name, labels }: DockerContainer, replaced: ReadonlySet<string | undefined>): boolean {
  return splitName(name).as !== 'itself' && (Object.hasOwn(labels, ownLabels.name) || replaced.has(id));
}

/** Looks at each image once, however many containers run it. */
async function readImages(
  containers: readonly DockerContainer[],
  { client, images, problems }: Reading,
): Promise<void> {
  const ids = [...new Set(containers.map(({ imageId }) => imageId))].filter(isId);
  const refused = new Map<string, number>();
  await inBatches(ids, async (id) => {
    try {
      const answer = await client.get({ path: '/images/{id}/json', id });
      images.set(id, answer === undefined ? undefined : readImage(answer));
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      refused.set(error.message, (refused.get(error.message) ?? 0) + 1);
    }
  });
  for (const [message, number] of refused)
    problems.push({ code: 'ENGINE', message: number === 1 ? message : `${message} (for ${number} images)` });
}

async function workloadOf(container: DockerContainer, reading: Reading): Promise<RunningWorkload | undefined> {
  const { name, labels } = container;
  const written = isNameless(container.image) ? await writtenIn(container, reading) : container.image;
  // It went away since it was listed.
  if (written === undefined) return undefined;
  const compose = composeOf(labels);
  const who = { kind: 'container', name, ...(compose && { compose }) } as const;
  return describe(who, written, labels, container, reading);
}

/** The list shows an id in place of the name when the tag has moved on; what was typed is kept elsewhere. */
async function writtenIn({ id }: DockerContainer, { client }: Reading): Promise<string | undefined> {
  if (!isId(id)) return undefined;
  const answer = await client.get({ path: '/containers/{id}/json', id });
  return answer === undefined ? undefined : readWritten(answer);
}

/** What may stand in a path. */
function isId(text: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{6,128}$/.test(text);
}

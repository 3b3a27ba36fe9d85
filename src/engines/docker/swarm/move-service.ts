import { sleep } from '../../../core/time/clock.ts';
import { type Fields, fields, optional, text } from '../../connection/answer-fields.ts';
import { EngineFailure } from '../../connection/ask.ts';
import type { RedeployHooks, RedeployOutcome, RedeployWish } from '../../engine-hands.ts';
import { referenceIn } from '../../workload-parts.ts';
import type { DockerClient } from '../docker-client.ts';
import type { TimedGate } from '../swap/swap-gate.ts';
import { planService, type ServicePlan } from './plan-service.ts';
import { readPicture } from './read-picture.ts';
import {
  containerSpec,
  isOutOfSequence,
  updateEnd,
  updateService,
  updateTime,
  type WholeService,
  wholeService,
  withTask,
} from './service-update.ts';

type Result = Pick<RedeployOutcome, 'outcome' | 'reason' | 'gate'>;
type Found = ServicePlan | { readonly refused: string } | 'current';

/** The plan for a service, or why there is none. */
export async function plannedService(client: DockerClient, wish: RedeployWish): Promise<Found> {
  const picture = await readPicture(client);
  if (picture === undefined) return { refused: 'this engine manages no swarm' };
  const service = await wholeService(client, wish.workload);
  return service === undefined ? { refused: 'there is no service of that name' } : planService(wish, service, picture);
}

/** Back to the image of the specification before; undefined where there is no service of that name. */
export async function plannedServiceBack(
  client: DockerClient,
  wish: Omit<RedeployWish, 'reference' | 'to' | 'newImage' | 'kind'>,
): Promise<Found | undefined> {
  const picture = await readPicture(client);
  const service = picture && (await wholeService(client, wish.workload));
  if (picture === undefined || service === undefined) return undefined;
  const before = referenceIn(text(containerSpec(service.previous)['Image']));
  if (typeof before !== 'object' || before.digest === undefined)
    return { refused: 'the swarm has kept no digest of what was before' };
  const { digest, ...reference } = before;
  const to = { root: digest, manifest: digest };
  return planService({ ...wish, kind: 'service', reference, to }, service, picture);
}

/** How often a service is read and judged anew when somebody else was quicker. */
const attempts = 3;

/** Has a swarm move a service by the service's own rules, watches its tasks, and has it go back where they do not hold. */
export async function moveService(client: DockerClient, planned: ServicePlan, hooks: RedeployHooks): Promise<Result> {
  const { wish } = planned;
  const auth = await hooks.credentials(wish.reference);
  let current: ServicePlan = planned;
  for (let attempt = 1; ; attempt++) {
    const service = await wholeService(client, current.id);
    const again = await plannedService(client, wish);
    if (again === 'current') return { outcome: 'current' };
    if ('refused' in again) return { outcome: 'refused', reason: again.refused };
    if (service === undefined) return { outcome: 'refused', reason: 'it went away meanwhile' };
    if (hooks.stopping()) return { outcome: 'refused', reason: 'it was asked to end before anything was changed' };
    current = again;
    const { image } = current;
    const spec = withTask(service.spec, (task) => ({
      ...task,
      ContainerSpec: { ...optional(task['ContainerSpec']), Image: image },
    }));
    try {
      await updateService(client, { ...service, spec }, { auth });
      return await watched(client, service, spec, planned.gate, hooks);
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      if (error.status === undefined) return { outcome: 'unfinished', reason: error.message };
      if (!isOutOfSequence(error) || attempt === attempts) return { outcome: 'refused', reason: error.message };
    }
  }
}

/** `service`: as it was before; `spec`: what it was given. */
async function watched(
  client: DockerClient,
  service: WholeService,
  spec: Fields,
  timed: TimedGate,
  hooks: RedeployHooks,
): Promise<Result> {
  const gate = { kind: timed.gate.kind, seconds: timed.seconds, verdict: 'not reached' as const };
  const { id } = service;
  const replicated = optional(optional(spec['Mode'])?.['Replicated']);
  // Nothing runs of it: there is nothing to wait for.
  if (replicated?.['Replicas'] === 0) return { outcome: 'moved', reason: 'it has no tasks to watch', gate };
  try {
    const end = await updateEnd(client, id, updateTime(spec), hooks.stopping);
    switch (end) {
      case 'completed':
        break;
      case 'rollback_completed':
        return { outcome: 'undone', reason: 'its new tasks did not come up, and the swarm has put it back', gate };
      case 'paused':
        return await back(client, service, 'its new tasks did not come up', gate, hooks);
      case 'gone':
        return { outcome: 'unfinished', reason: 'it went away meanwhile', gate };
      default:
        return { outcome: 'unfinished', reason: `its update is not over (${end}); the swarm goes on with it`, gate };
    }
    const why = await tasksFail(client, id, timed, hooks.stopping);
    if (why === 'stopped') return { outcome: 'unfinished', reason: 'it was asked to end while it watched', gate };
    if (why !== undefined) return await back(client, service, why, { ...gate, verdict: 'failed' }, hooks);
    return { outcome: 'moved', gate: { ...gate, verdict: 'passed' } };
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    return { outcome: 'unfinished', reason: error.message, gate };
  }
}

/** To the specification before, which the swarm has kept; unless what it has kept is another one, since somebody has changed it after us. */
async function back(
  client: DockerClient,
  { id, spec: before }: WholeService,
  reason: string,
  gate: RedeployOutcome['gate'],
  hooks: RedeployHooks,
): Promise<Result> {
  const now = await wholeService(client, id);
  if (now === undefined) return { outcome: 'unfinished', reason: 'it went away meanwhile', ...(gate && { gate }) };
  if (containerSpec(now.previous)['Image'] !== containerSpec(before)['Image']) {
    const changed = 'it was not put back, since somebody else has changed it meanwhile: look at it';
    return { outcome: 'unfinished', reason: `${reason}; ${changed}`, ...(gate && { gate }) };
  }
  await updateService(client, now, { rollback: true });
  const end = await updateEnd(client, id, updateTime(now.spec), hooks.stopping);
  const isBack = end === 'rollback_completed' || end === 'completed';
  return {
    outcome: isBack ? 'undone' : 'unfinished',
    reason: isBack ? reason : `${reason}; and its way back is not over (${end})`,
    ...(gate && { gate }),
  };
}

/** In these a task has ended, and is made anew. */
const ended: ReadonlySet<string> = new Set(['failed', 'rejected', 'complete', 'shutdown', 'orphaned', 'remove']);

const pause = 500;

/** Why its tasks do not hold; undefined: they did. A task that is not healthy has not come to `running` yet, or fails. */
async function tasksFail(
  client: DockerClient,
  id: string,
  { gate, seconds }: TimedGate,
  stopping: () => boolean,
): Promise<string | undefined> {
  if (gate.kind === 'none') return undefined;
  const begun = performance.now();
  const first = await tasksOf(client, id);
  for (;;) {
    if (stopping()) return 'stopped';
    const elapsed = (performance.now() - begun) / 1000;
    const now = await tasksOf(client, id);
    // One that ends is replaced: the new one has another id.
    const lost = [...first.keys()].some((one) => !now.has(one) || ended.has(now.get(one) ?? ''));
    if (lost) return 'one of its new tasks ended';
    const isUp = [...now.values()].every((state) => state === 'running');
    if (gate.kind === 'health' && isUp) return undefined;
    if (elapsed >= seconds) return isUp ? undefined : `one of its new tasks was not up after ${Math.ceil(seconds)} s`;
    await sleep(Math.min(pause, Math.max(20, (seconds - elapsed) * 1000)));
  }
}

async function tasksOf(client: DockerClient, service: string): Promise<ReadonlyMap<string, string>> {
  const filters = JSON.stringify({ service: [service], 'desired-state': ['running'] });
  const answer = await client.get({ path: '/tasks', query: { filters } });
  const all = (Array.isArray(answer) ? answer : []).map((one): Fields => fields(one, '/tasks'));
  return new Map(all.map((one) => [text(one['ID']), text(optional(one['Status'])?.['State'])]));
}

import { optional } from '../../connection/answer-fields.ts';
import { EngineFailure } from '../../connection/ask.ts';
import type { RedeployHooks } from '../../engine-hands.ts';
import type { DockerClient } from '../docker-client.ts';
import { type Renewed, repointed } from './dependants.ts';
import { type Component, isLost, LeftOff, move, nameBack, nameOf, type SwapResult } from './exchange.ts';
import { type Inspected, restartPolicy, type StoredImage } from './inspected.ts';
import { moveBegins, moveEnded } from './mover.ts';
import { remaining } from './new-volumes.ts';
import { type OwnTag, ownLabels, suffixes } from './own-names.ts';
import { composeLabels, type Follower, imageComplaint, mergedHealthcheck, type SwapPlan } from './plan-swap.ts';
import { gateWord, type TimedGate, timedGate } from './swap-gate.ts';
import {
  addOwnTag,
  connectNetwork,
  createContainer,
  digestName,
  dropOwnTag,
  inspectContainer,
  inspectImage,
  nameImage,
  pullImage,
  removeContainer,
} from './swap-requests.ts';

/** Ends a swap before the old one was stopped; what was made for it is taken away. */
class Withdrawn extends Error {}

const askedToEnd = 'it was asked to end before the old one was stopped';

/**
 * Moves a container to another image: the new one is made before the old one is stopped, watched until its gate is passed, and taken back if
 * it is not; those that need it are made anew with it. Killed at any request it leaves what `repair` needs.
 */
export async function swap(client: DockerClient, planned: SwapPlan, hooks: RedeployHooks): Promise<SwapResult> {
  const by = moveBegins();
  try {
    return await swapBy(client, planned, hooks, by);
  } finally {
    moveEnded(by);
  }
}

async function swapBy(client: DockerClient, planned: SwapPlan, hooks: RedeployHooks, by: string): Promise<SwapResult> {
  const { old, wish } = planned;
  const tags = { of: old.id.slice(0, 12), until: Math.floor(hooks.now / 1000) + wish.keepOld };
  const made: Made = { by, containers: [] };
  try {
    await addOwnTag(client, planned.image.id, { kind: 'kept', ...tags });
    const prepared = await prepare(client, planned, hooks, tags, made);
    await createAll(client, planned, prepared, made);
    if (hooks.stopping()) throw new Withdrawn(askedToEnd);
  } catch (error) {
    if (error instanceof LeftOff && made.containers.length === 0) return { outcome: 'refused', reason: error.message };
    if (isLost(error)) return { outcome: 'unfinished', reason: error.message };
    if (!(error instanceof EngineFailure || error instanceof Withdrawn || error instanceof LeftOff)) throw error;
    try {
      const left = await withdraw(client, planned, made, { kind: 'kept', ...tags });
      return { outcome: 'refused', reason: `${error.message}${left}` };
    } catch (again) {
      if (!(again instanceof EngineFailure)) throw again;
      return { outcome: 'unfinished', reason: error.message };
    }
  }
  const component = [old, ...planned.followers.map((one) => one.old)].map(({ name, id }) => ({
    workload: name,
    oldId: id,
    newId: newIdOf(made, id),
  }));
  return move(client, component as unknown as Component, hooks, { gateTimeout: wish.gateTimeout });
}

/** What a swap has made so far: the image to which it moved the name that the owner wrote, and new containers. */
interface Made {
  readonly by: string;
  named?: string;
  readonly containers: Renewed[];
}

function newIdOf({ containers }: Pick<Made, 'containers'>, id: string): string {
  return containers.find(({ old }) => old.id === id)?.newId ?? '';
}

/**
 * No old one was touched: what was made for the new ones goes, and nothing that somebody else may have made at the same time. Gives what is
 * left behind, as a clause.
 */
async function withdraw(
  client: DockerClient,
  { old, followers }: SwapPlan,
  { named, containers }: Made,
  kept: OwnTag,
): Promise<string> {
  if (named === undefined && containers.length === 0) {
    await dropOwnTag(client, kept);
    return '';
  }
  // The one that the others need goes last: until then whoever comes next sees that it is not over.
  await nameBack(client, old, named);
  const ids = containers.map(({ newId }) => newId).reverse();
  const made = await Promise.all(ids.map((id) => inspectContainer(client, id)));
  for (const id of ids) await removeContainer(client, id);
  return remaining([old, ...followers.map((one) => one.old)], made);
}

interface Prepared {
  readonly image: StoredImage;
  readonly gate: TimedGate;
}

/** The judged image is there, is what was judged, and has the name that its owner wrote. */
async function prepare(
  client: DockerClient,
  { wish, image: before, platform, settings, back }: SwapPlan,
  hooks: RedeployHooks,
  tags: Omit<OwnTag, 'kind'>,
  made: Made,
): Promise<Prepared> {
  const { reference, to } = wish;
  const name = back ?? digestName(reference, to.root);
  let image = await inspectImage(client, name);
  if (image === undefined && back === undefined) {
    const auth = await hooks.credentials(reference);
    try {
      await pullImage(client, { ...reference, digest: to.root }, platform, auth, hooks.stopping);
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      throw new Withdrawn(`the new image could not be pulled: ${error.message}`);
    }
    image = await inspectImage(client, name);
  }
  if (image === undefined) throw new Withdrawn('the engine does not have the new image');
  const complaint = imageComplaint(wish, before, image);
  if (complaint !== undefined) throw new Withdrawn(complaint);
  const healthcheck = mergedHealthcheck(settings.body['Healthcheck'], image.config['Healthcheck']);
  const gate = timedGate(wish.gate, healthcheck, wish.gateTimeout);
  if (typeof gate === 'string') throw new Withdrawn(gate);
  if (hooks.stopping()) throw new Withdrawn(askedToEnd);
  const named = await inspectImage(client, nameOf(reference));
  if (named?.id !== image.id) {
    await addOwnTag(client, named?.id ?? before.id, { kind: 'was', ...tags });
    made.named = image.id;
    await nameImage(client, image.id, reference);
  }
  return { image, gate };
}

/** The new container, and those that need it; then what was made is compared with what was judged. */
async function createAll(
  client: DockerClient,
  planned: SwapPlan,
  { image, gate }: Prepared,
  made: Made,
): Promise<void> {
  const { wish, old, followers, plan, platform, back } = planned;
  const digests = { [ownLabels.from]: plan.from.root ?? '', [ownLabels.to]: wish.to.root };
  await create(client, planned, made, platform, image, {
    ...composeLabels(old, image.id, wish.to.manifest),
    ...digests,
    [ownLabels.keep]: String(wish.keepOld),
    [ownLabels.gated]: gateWord(gate.gate),
  });
  for (const one of followers) {
    await create(client, one, made, platform, one.image, {
      [ownLabels.keep]: '0',
      [ownLabels.gated]: gateWord(one.gate),
      [ownLabels.with]: old.id,
    });
  }
  const manifest = back === undefined ? wish.to.manifest : undefined;
  await compare(client, old, made, image.id, manifest);
  for (const one of followers)
    await compare(client, one.old, made, one.sharesName ? image.id : one.image.id, undefined);
}

async function create(
  client: DockerClient,
  { old, settings }: Pick<Follower, 'old' | 'settings'>,
  made: Made,
  platform: string,
  image: StoredImage,
  labels: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { Labels: own, HostConfig: host, ...body } = settings.body;
  const ours = {
    [ownLabels.name]: old.name,
    [ownLabels.replaces]: old.id,
    [ownLabels.restart]: restartPolicy(old),
    [ownLabels.by]: made.by,
  };
  const whole = {
    ...body,
    HostConfig: repointed(optional(host) ?? {}, made.containers),
    Labels: { ...optional(own), ...labels, ...ours },
  };
  try {
    const newId = await createContainer(
      client,
      old.name + suffixes.new,
      whole,
      image.hasDescriptor ? platform : undefined,
    );
    made.containers.push({ old, newId });
    for (const { network, endpoint } of settings.connect) await connectNetwork(client, newId, network, endpoint);
  } catch (error) {
    // The name is the lock: what there is of it belongs to whoever was first.
    if (error instanceof EngineFailure && error.status === 409)
      throw new LeftOff('somebody else is redeploying it at this moment');
    throw error;
  }
}

/** Is what was made what was judged, and is the old one still what was planned with? */
async function compare(
  client: DockerClient,
  old: Inspected,
  making: Made,
  imageId: string,
  manifest: string | undefined,
): Promise<void> {
  const made = await inspectContainer(client, newIdOf(making, old.id));
  if (
    made?.imageId !== imageId ||
    (made.manifest !== undefined && manifest !== undefined && made.manifest !== manifest)
  )
    throw new Withdrawn('the new container would not run the image that was judged: its name was moved meanwhile');
  const now = await inspectContainer(client, old.id);
  if (now === undefined || now.name !== old.name || now.imageId !== old.imageId)
    throw new Withdrawn('it was changed by somebody else meanwhile');
  if (old.status === 'running' && now.status !== 'running')
    throw new Withdrawn('it was changed by somebody else meanwhile');
}

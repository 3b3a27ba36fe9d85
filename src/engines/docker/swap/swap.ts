import type { Digest } from '../../../core/image/digest.ts';
import type { ImageReference } from '../../../core/image/reference.ts';
import type { Gate } from '../../../core/redeploy.ts';
import { EngineFailure } from '../../connection/ask.ts';
import type { RedeployHooks, RedeployOutcome } from '../../engine-hands.ts';
import { referenceIn } from '../../workload-parts.ts';
import type { DockerClient } from '../docker-client.ts';
import { type Inspected, restartPolicy, type StoredImage } from './inspected.ts';
import { type OwnTag, ownLabels, suffixes } from './own-names.ts';
import { composeLabels, imageComplaint, mergedHealthcheck, type SwapPlan } from './plan-swap.ts';
import { gateWord, parseGateWord, type TimedGate, timedGate, watchGate } from './swap-gate.ts';
import {
  addOwnTag,
  connectNetwork,
  createContainer,
  digestName,
  dropOwnTag,
  inspectContainer,
  inspectImage,
  lastLines,
  nameImage,
  ownTags,
  pullImage,
  removeContainer,
  renameContainer,
  setRestart,
  startContainer,
  stopContainer,
  type TaggedImage,
} from './swap-requests.ts';

/** What came of a swap, without whose it was. */
export type SwapResult = Pick<RedeployOutcome, 'outcome' | 'reason' | 'gate' | 'downtimeMs' | 'log'>;

/** Two containers of one workload: whose place is taken, and who takes it. */
export interface Pair {
  readonly workload: string;
  readonly oldId: string;
  readonly newId: string;
}

/** Ends a swap before the old one was stopped; what was made for it is taken away. */
class Withdrawn extends Error {}

/** Ends a swap in between: whoever comes next sees by names and labels how it stands. */
class LeftOff extends Error {}

/** Did the engine go away, rather than say no? Then nothing more can be done, and nothing is known to be bad. */
function isLost(error: unknown): error is EngineFailure {
  if (!(error instanceof EngineFailure)) return false;
  return error.status === undefined || error.status === 502 || error.status === 503 || error.status === 504;
}

/**
 * Moves a container to another image: the new one is made before the old one is stopped, watched until its gate is passed, and taken back if
 * it is not. Killed at any request it leaves what `repair` needs.
 */
export async function swap(client: DockerClient, planned: SwapPlan, hooks: RedeployHooks): Promise<SwapResult> {
  const { old, wish } = planned;
  const tags = { of: old.id.slice(0, 12), until: Math.floor(hooks.now / 1000) + wish.keepOld };
  const made: Made = {};
  try {
    await addOwnTag(client, planned.image.id, { kind: 'kept', ...tags });
    const prepared = await prepare(client, planned, hooks, tags, made);
    const newId = await create(client, planned, prepared);
    made.container = newId;
    for (const { network, endpoint } of planned.settings.connect)
      await connectNetwork(client, newId, network, endpoint);
    await compare(client, planned, prepared.image, newId);
    if (hooks.stopping()) throw new Withdrawn(askedToEnd);
  } catch (error) {
    if (error instanceof LeftOff) return { outcome: 'refused', reason: error.message };
    if (isLost(error)) return { outcome: 'unfinished', reason: error.message };
    if (!(error instanceof EngineFailure || error instanceof Withdrawn)) throw error;
    try {
      await withdraw(client, old, made, { kind: 'kept', ...tags });
      return { outcome: 'refused', reason: error.message };
    } catch (again) {
      if (!(again instanceof EngineFailure)) throw again;
      return { outcome: 'unfinished', reason: error.message };
    }
  }
  return move(client, { workload: old.name, oldId: old.id, newId: made.container }, hooks, {
    gateTimeout: wish.gateTimeout,
  });
}

/** What a swap has made so far: the image to which it moved the name that the owner wrote, and the new container. */
interface Made {
  named?: string;
  container?: string;
}

const askedToEnd = 'it was asked to end before the old one was stopped';

/** The old one was not touched: what was made for the new one goes, and nothing that somebody else may have made at the same time. */
async function withdraw(client: DockerClient, old: Inspected, { named, container }: Made, kept: OwnTag): Promise<void> {
  if (named === undefined && container === undefined) return void (await dropOwnTag(client, kept));
  // Its name goes last: until then whoever comes next sees that it is not over.
  await nameBack(client, old, named);
  if (container !== undefined) await removeContainer(client, container);
}

interface Prepared {
  readonly image: StoredImage;
  readonly gate: TimedGate;
}

/** The judged image is there, is what was judged, and has the name that its owner wrote. */
async function prepare(
  client: DockerClient,
  { wish, image: before, platform, settings }: SwapPlan,
  hooks: RedeployHooks,
  tags: Omit<OwnTag, 'kind'>,
  made: Made,
): Promise<Prepared> {
  const { reference, to } = wish;
  const name = digestName(reference, to.root);
  let image = await inspectImage(client, name);
  if (image === undefined) {
    const auth = await hooks.credentials(reference);
    try {
      await pullImage(client, { ...reference, digest: to.root }, platform, auth, hooks.stopping);
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      throw new Withdrawn(`the new image could not be pulled: ${error.message}`);
    }
    image = await inspectImage(client, name);
  }
  if (image === undefined) throw new Withdrawn('the engine pulled the new image, and does not have it');
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

function nameOf({ registry, repository, tag = 'latest' }: ImageReference): string {
  return `${registry}/${repository}:${tag}`;
}

async function create(
  client: DockerClient,
  { wish, old, settings, plan, platform }: SwapPlan,
  { image, gate }: Prepared,
): Promise<string> {
  const { Labels: labels, ...body } = settings.body;
  const ours = {
    [ownLabels.name]: old.name,
    [ownLabels.replaces]: old.id,
    [ownLabels.restart]: restartPolicy(old),
    [ownLabels.from]: plan.from.root ?? '',
    [ownLabels.to]: wish.to.root,
    [ownLabels.keep]: String(wish.keepOld),
    [ownLabels.gated]: gateWord(gate.gate),
  };
  const whole = {
    ...body,
    Labels: { ...(labels as object | undefined), ...composeLabels(old, image.id, wish.to.manifest), ...ours },
  };
  try {
    return await createContainer(client, old.name + suffixes.new, whole, image.hasDescriptor ? platform : undefined);
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
  { wish, old }: SwapPlan,
  image: StoredImage,
  newId: string,
): Promise<void> {
  const made = await inspectContainer(client, newId);
  if (made?.imageId !== image.id || (made.manifest !== undefined && made.manifest !== wish.to.manifest))
    throw new Withdrawn('the new container would not run the image that was judged: its name was moved meanwhile');
  const now = await inspectContainer(client, old.id);
  if (now === undefined || now.name !== old.name || now.status !== 'running' || now.imageId !== old.imageId)
    throw new Withdrawn('it was changed by somebody else meanwhile');
}

/** How a move is gone about: how long its gate may take. */
interface MoveOptions {
  readonly gateTimeout: number;
}

/** The new one takes the place of the old one, from wherever that was left, up to the end. */
export async function move(
  client: DockerClient,
  pair: Pair,
  hooks: RedeployHooks,
  { gateTimeout }: MoveOptions,
): Promise<SwapResult> {
  let gate: RedeployOutcome['gate'];
  const unlessStopping = (): void => {
    if (hooks.stopping()) throw new LeftOff('it was asked to end; the next run goes on with it');
  };
  try {
    const made = await found(client, pair.newId);
    const timed = timedGate(gateOf(made), made.config['Healthcheck'], gateTimeout);
    if (typeof timed === 'string') return await undone(client, pair, hooks, timed, undefined);
    gate = { kind: timed.gate.kind, seconds: timed.seconds, verdict: 'not reached' };
    await exchange(client, pair, unlessStopping);
    const verdict = await watchGate(() => inspectContainer(client, pair.newId), timed, hooks.stopping);
    if (verdict === undefined) unlessStopping();
    if (verdict?.is === 'failed') return await undone(client, pair, hooks, verdict.why, { ...gate, verdict: 'failed' });
    const downtimeMs = await downtime(client, pair);
    await commit(client, pair);
    return { outcome: 'moved', gate: { ...gate, verdict: 'passed' }, ...(downtimeMs !== undefined && { downtimeMs }) };
  } catch (error) {
    if (error instanceof LeftOff || isLost(error))
      return { outcome: 'unfinished', reason: error.message, ...(gate && { gate }) };
    if (!(error instanceof EngineFailure)) throw error;
    return undone(client, pair, hooks, error.message, gate);
  }
}

/** Undone, and why; or not even that could be done. */
export async function undone(
  client: DockerClient,
  pair: Pair,
  hooks: RedeployHooks,
  reason: string,
  gate: RedeployOutcome['gate'],
): Promise<SwapResult> {
  const said = { reason, ...(gate && { gate }) };
  try {
    const log = await undo(client, pair, hooks);
    return { outcome: 'undone', ...said, ...(log.length > 0 && { log }) };
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    return { outcome: 'unfinished', ...said, reason: `${reason}; and it could not be put back: ${error.message}` };
  }
}

async function found(client: DockerClient, id: string): Promise<Inspected> {
  const one = await inspectContainer(client, id);
  if (one === undefined) throw new EngineFailure('one of its two containers is gone', 404);
  return one;
}

/** Each step is left out where it is done already. The old one starts by itself after a reboot until the new one has its name. */
async function exchange(
  client: DockerClient,
  { workload, oldId, newId }: Pair,
  unlessStopping: () => void,
): Promise<void> {
  const steps: ((old: Inspected, made: Inspected) => Promise<void> | undefined)[] = [
    (old) => (old.isRunning ? stopContainer(client, old) : undefined),
    (old) => (old.name === workload ? renameContainer(client, oldId, workload + suffixes.old) : undefined),
    (_, made) => (made.name === workload ? undefined : renameContainer(client, newId, workload)),
    (old) => (restartPolicy(old) === 'no' ? undefined : setRestart(client, oldId, 'no')),
    (_, made) => (made.isRunning ? undefined : startContainer(client, newId)),
  ];
  const [old, made] = [await found(client, oldId), await found(client, newId)];
  for (const step of steps) {
    const asked = step(old, made);
    if (asked === undefined) continue;
    await asked;
    unlessStopping();
  }
}

/** The mark of the end is the name of the old one, or that it is gone. Compose would take it for one more of its service. */
async function commit(client: DockerClient, { workload, oldId, newId }: Pair): Promise<void> {
  const [old, made] = [await found(client, oldId), await found(client, newId)];
  const tags = await ownTags(client);
  if (isManaged(old) || made.labels[ownLabels.keep] === '0') await removeContainer(client, oldId);
  else {
    const before = await inspectContainer(client, workload + suffixes.kept);
    if (before !== undefined && isKept(before.id, old, tags)) await removeContainer(client, before.id);
    await renameContainer(client, oldId, workload + suffixes.kept);
  }
  // What the name stood for is kept by the other tag, unless it was an image that nobody ran.
  const ours = tags.filter(({ tag }) => tag.of === oldId.slice(0, 12));
  for (const { id, tag } of ours) if (tag.kind === 'was' && id === old.imageId) await dropOwnTag(client, tag);
}

/** Was that container parked by us, for the one that is there now or for one before it? */
export function isKept(id: string, current: Pick<Inspected, 'labels'>, tags: readonly TaggedImage[]): boolean {
  return (
    current.labels[ownLabels.replaces] === id ||
    tags.some(({ tag }) => tag.kind === 'kept' && tag.of === id.slice(0, 12))
  );
}

function isManaged({ labels }: Inspected): boolean {
  return labels['com.docker.compose.project'] !== undefined;
}

/** By the engine's own clock. */
async function downtime(client: DockerClient, { oldId, newId }: Pair): Promise<number | undefined> {
  const [old, made] = [await found(client, oldId), await found(client, newId)];
  const between = Date.parse(made.startedAt) - Date.parse(old.finishedAt);
  return Number.isFinite(between) ? Math.max(0, between) : undefined;
}

/**
 * The old one has its name, policy and place again, and what its owner wrote names the image that it named. Whatever is done already is
 * left out. Gives the last lines of the one that failed.
 */
export async function undo(
  client: DockerClient,
  { workload, oldId, newId }: Pair,
  hooks: Pick<RedeployHooks, 'wantsLog'>,
): Promise<readonly string[]> {
  // Without the old one there is nothing to go back to: then the new one is better than none.
  const old = await found(client, oldId);
  const made = await inspectContainer(client, newId);
  // First it must not come back by itself: two would write to the same volumes.
  if (made?.wasStarted && restartPolicy(made) !== 'no') await setRestart(client, made.id, 'no');
  if (made?.isRunning) await stopContainer(client, made);
  const policy = made?.labels[ownLabels.restart];
  if (policy !== undefined && restartPolicy(old) !== policy) await setRestart(client, oldId, policy);
  if (made?.name === workload) await renameContainer(client, made.id, workload + suffixes.new);
  if (old.name !== workload) await renameContainer(client, oldId, workload);
  if (!old.isRunning) await startContainer(client, oldId);
  await nameBack(client, old, made?.imageId);
  if (made === undefined) return [];
  const log = hooks.wantsLog && made.wasStarted ? await lastLines(client, made) : [];
  if (!made.wasStarted || isManaged(old) || made.labels[ownLabels.keep] === '0') await removeContainer(client, made.id);
  else await setAside(client, workload, made);
  return log;
}

/** For whoever wants to look into it; the mark that all is undone. */
async function setAside(client: DockerClient, workload: string, made: Inspected): Promise<void> {
  const earlier = await inspectContainer(client, workload + suffixes.failed);
  if (earlier !== undefined && earlier.labels[ownLabels.name] !== workload) return removeContainer(client, made.id);
  if (earlier !== undefined) await removeContainer(client, earlier.id);
  await renameContainer(client, made.id, workload + suffixes.failed);
}

/** What the owner wrote names again what it named, unless somebody has moved it since; then tags of ours are not needed any more. */
export async function nameBack(client: DockerClient, old: Inspected, failed: string | undefined): Promise<void> {
  const tags = (await ownTags(client)).filter(({ tag }) => tag.of === old.id.slice(0, 12));
  const was = tags.find(({ tag }) => tag.kind === 'was');
  const reference = referenceIn(String(old.config['Image'] ?? ''));
  if (was !== undefined && typeof reference === 'object') {
    const named = await inspectImage(client, nameOf(reference));
    if (named?.id !== was.id && (failed === undefined || named === undefined || named.id === failed))
      await nameImage(client, was.id, reference);
  }
  for (const { tag } of tags) await dropOwnTag(client, tag);
}

/** The gate that was chosen when it was made. */
function gateOf({ labels }: Inspected): Gate | undefined {
  return parseGateWord(labels[ownLabels.gated] ?? '');
}

/** Of a label; undefined where it is not known. */
export function digestIn(label: string | undefined): Digest | null {
  return label !== undefined && /^sha256:[0-9a-f]{64}$/.test(label) ? (label as Digest) : null;
}

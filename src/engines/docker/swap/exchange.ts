import type { ImageReference } from '../../../core/image/reference.ts';
import type { Gate } from '../../../core/redeploy.ts';
import { EngineFailure } from '../../connection/ask.ts';
import type { RedeployHooks, RedeployOutcome } from '../../engine-hands.ts';
import { referenceIn } from '../../workload-parts.ts';
import type { DockerClient } from '../docker-client.ts';
import { type Inspected, restartPolicy } from './inspected.ts';
import { remaining } from './new-volumes.ts';
import { ownLabels, suffixes } from './own-names.ts';
import { parseGateWord, type Standing, type TimedGate, timedGate, watchGate } from './swap-gate.ts';
import {
  dropOwnTag,
  inspectContainer,
  inspectImage,
  lastLines,
  nameImage,
  ownTags,
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

/** What moves as one: a container, and behind it those that live in its network or have its volumes, each behind what it needs. */
export type Component = readonly [Pair, ...Pair[]];

/** Ends a swap in between: whoever comes next sees by names and labels how it stands. */
export class LeftOff extends Error {}

/** Did the engine go away, rather than say no? Then nothing more can be done, and nothing is known to be bad. */
export function isLost(error: unknown): error is EngineFailure {
  if (!(error instanceof EngineFailure)) return false;
  return error.status === undefined || error.status === 502 || error.status === 503 || error.status === 504;
}

/** How a move is gone about. */
export interface MoveOptions {
  /** Seconds. */
  readonly gateTimeout: number;
  /** Their gates were passed: nothing is watched, and nothing is undone. */
  readonly isProven?: boolean;
}

/** The new ones take the place of the old ones, from wherever that was left, up to the end. */
export async function move(
  client: DockerClient,
  component: Component,
  hooks: RedeployHooks,
  { gateTimeout, isProven = false }: MoveOptions,
): Promise<SwapResult> {
  let gate: RedeployOutcome['gate'];
  let areProven = isProven;
  const unlessStopping = (): void => {
    if (hooks.stopping()) throw new LeftOff('it was asked to end; the next run goes on with it');
  };
  try {
    const gates: TimedGate[] = [];
    for (const { newId } of component) {
      const made = await found(client, newId);
      const timed = timedGate(isProven ? { kind: 'none' } : gateOf(made), made.config['Healthcheck'], gateTimeout);
      if (typeof timed === 'string') return await undone(client, component, hooks, timed, undefined);
      gates.push(timed);
    }
    const [first] = gates;
    if (first !== undefined) gate = { kind: first.gate.kind, seconds: first.seconds, verdict: 'not reached' };
    await exchange(client, component, unlessStopping);
    const verdict = isProven ? ({ is: 'passed' } as const) : await watchAll(client, component, gates, hooks.stopping);
    if (verdict === undefined) unlessStopping();
    if (verdict?.is === 'failed')
      return await undone(client, component, hooks, verdict.why, gate && { ...gate, verdict: 'failed' });
    const downtimeMs = await downtime(client, component[0]);
    areProven = true;
    // Whoever finds some of them committed knows that all were proven, so the one that the others need is the last.
    for (const pair of component.toReversed()) await commit(client, pair);
    return {
      outcome: 'moved',
      ...(gate && { gate: { ...gate, verdict: 'passed' } }),
      ...(downtimeMs !== undefined && { downtimeMs }),
    };
  } catch (error) {
    if (error instanceof LeftOff || isLost(error))
      return { outcome: 'unfinished', reason: error.message, ...(gate && { gate }) };
    if (!(error instanceof EngineFailure)) throw error;
    if (areProven) return { outcome: 'unfinished', reason: error.message, ...(gate && { gate }) };
    return undone(client, component, hooks, error.message, gate);
  }
}

/** All at their gates at once; the first that fails ends it for all. */
async function watchAll(
  client: DockerClient,
  component: Component,
  gates: readonly TimedGate[],
  stopping: () => boolean,
): Promise<Exclude<Standing, { is: 'open' }> | undefined> {
  let failed: Extract<Standing, { is: 'failed' }> | undefined;
  const over = new AbortController();
  const verdicts = await Promise.all(
    component.map(async ({ workload, newId }, index) => {
      const timed = gates[index] as TimedGate;
      const look = (): Promise<Inspected | undefined> => inspectContainer(client, newId);
      const verdict = await watchGate(look, timed, () => failed !== undefined || stopping(), over.signal);
      if (verdict?.is === 'failed') {
        failed ??= index === 0 ? verdict : { ...verdict, why: `${workload}: ${verdict.why}` };
        over.abort();
      }
      return verdict;
    }),
  );
  return failed ?? (verdicts.includes(undefined) ? undefined : { is: 'passed' });
}

/** Undone, and why; or not even that could be done. */
export async function undone(
  client: DockerClient,
  component: Component,
  hooks: RedeployHooks,
  reason: string,
  gate: RedeployOutcome['gate'],
): Promise<SwapResult> {
  const said = { reason, ...(gate && { gate }) };
  try {
    const { log, left } = await undo(client, component, hooks);
    return { outcome: 'undone', ...said, reason: `${reason}${left}`, ...(log.length > 0 && { log }) };
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

/** A pair as it was found. */
interface FoundPair extends Pair {
  readonly old: Inspected;
  readonly made: Inspected;
}

/** Each step is left out where it is done already. An old one starts by itself after a reboot until the new one has its name. */
async function exchange(client: DockerClient, component: Component, unlessStopping: () => void): Promise<void> {
  const all: FoundPair[] = [];
  for (const pair of component)
    all.push({ ...pair, old: await found(client, pair.oldId), made: await found(client, pair.newId) });
  const each = async (
    pairs: readonly FoundPair[],
    isDue: (pair: FoundPair) => boolean,
    step: (pair: FoundPair) => Promise<void>,
  ): Promise<void> => {
    for (const pair of pairs) {
      if (!isDue(pair)) continue;
      await step(pair);
      unlessStopping();
    }
  };
  await each(
    all.toReversed(),
    ({ old }) => old.isRunning,
    ({ old }) => stopContainer(client, old),
  );
  await each(
    all,
    ({ old, workload }) => old.name === workload,
    ({ oldId, workload }) => renameContainer(client, oldId, workload + suffixes.old),
  );
  await each(
    all,
    ({ made, workload }) => made.name !== workload,
    ({ newId, workload }) => renameContainer(client, newId, workload),
  );
  await each(
    all,
    ({ old }) => restartPolicy(old) !== 'no',
    ({ oldId }) => setRestart(client, oldId, 'no'),
  );
  await each(
    all,
    ({ made }) => !made.isRunning,
    ({ newId }) => startContainer(client, newId),
  );
}

/** The mark of the end is the name of the old one, or that it is gone. Compose would take it for one more of its service. */
async function commit(client: DockerClient, { workload, oldId, newId }: Pair): Promise<void> {
  const [old, made] = [await inspectContainer(client, oldId), await found(client, newId)];
  // Somebody else was at it at the same time.
  if (old === undefined || old.name === workload + suffixes.kept) return;
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
 * The old ones have their names, policies and places again, and what the owner wrote names the image that it named. Whatever is done
 * already is left out. Gives the last lines of the one that failed, and what is left behind of it, as a clause.
 */
async function undo(
  client: DockerClient,
  component: Component,
  hooks: Pick<RedeployHooks, 'wantsLog'>,
): Promise<{ readonly log: readonly string[]; readonly left: string }> {
  // Without an old one there is nothing to go back to: then the new one is better than none.
  const all: (Pair & { readonly old: Inspected; readonly made: Inspected | undefined })[] = [];
  for (const pair of component)
    all.push({ ...pair, old: await found(client, pair.oldId), made: await inspectContainer(client, pair.newId) });
  for (const { made } of all.toReversed()) {
    // First it must not come back by itself: two would write to the same volumes.
    if (made?.wasStarted && restartPolicy(made) !== 'no') await setRestart(client, made.id, 'no');
    if (made?.isRunning) await stopContainer(client, made);
  }
  for (const { workload, oldId, old, made } of all) {
    const policy = made?.labels[ownLabels.restart];
    if (policy !== undefined && restartPolicy(old) !== policy) await setRestart(client, oldId, policy);
    if (made?.name === workload) await renameContainer(client, made.id, workload + suffixes.new);
    if (old.name !== workload) await renameContainer(client, oldId, workload);
    if (!old.isRunning) await startContainer(client, oldId);
  }
  const [{ old, made }] = all as [(typeof all)[number]];
  await nameBack(client, old, made?.imageId);
  const log = hooks.wantsLog && made?.wasStarted ? await lastLines(client, made) : [];
  const left = remaining(
    all.map(({ old }) => old),
    all.map(({ made }) => made),
  );
  // The one that the others need is the last: until then whoever comes next sees that it is not over.
  for (const pair of all.toReversed()) {
    if (pair.made === undefined) continue;
    if (!pair.made.wasStarted || isManaged(pair.old) || pair.made.labels[ownLabels.keep] === '0')
      await removeContainer(client, pair.made.id);
    else await setAside(client, pair.workload, pair.made);
  }
  return { log, left };
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

/** Repository and tag of what an owner wrote. */
export function nameOf({ registry, repository, tag = 'latest' }: ImageReference): string {
  return `${registry}/${repository}:${tag}`;
}

/** The gate that was chosen when it was made. */
function gateOf({ labels }: Inspected): Gate | undefined {
  return parseGateWord(labels[ownLabels.gated] ?? '');
}

/*
 * src/engines/docker/swap/
 *
 * Moving a container to another image, so that it can be killed at any request and be finished or undone by whoever comes next: the daemon is
 * the journal (own-names.ts: names, labels and tags of ours). plan-swap.ts says what would be done, or why not, with create-body.ts, which
 * tells the owner's own settings from the image's, and dependants.ts, who has to move with it; all are pure, as is new-volumes.ts, which names what stays behind of one that failed. swap.ts makes the new one, exchange.ts
 * lets it take the old one's place, or puts that back, a request at a time (swap-requests.ts), with swap-gate.ts as the judge. repair.ts finds what was
 * left in between, by the table in left-over.ts, and by mover.ts what is not, since somebody is at it. kept-images.ts has what is kept for a while; missing-rights.ts tells
 * what a proxy in front would not let through. Everything that a container is
 * inspected with stays in this folder, in memory.
 * Begin with swap.ts.
 */

import { readFileSync } from 'node:fs';
import { inTurns } from '../../../core/time/turns.ts';
import { readList } from '../../connection/answer-fields.ts';
import type { EngineHands, Planned, RedeployPlan, RedeployWish } from '../../engine-hands.ts';
import { inBatches, referenceIn } from '../../workload-parts.ts';
import { type DockerContainer, readContainer, readInfo } from '../docker-answers.ts';
import { type DockerClient, podmanMovesItself } from '../docker-client.ts';
import { moveService, plannedService, plannedServiceBack } from '../swarm/move-service.ts';
import type { ServicePlan } from '../swarm/plan-service.ts';
import { followersOf } from './dependants.ts';
import { isKept, nameOf } from './exchange.ts';
import type { Inspected } from './inspected.ts';
import { cleanup, keptImages } from './kept-images.ts';
import { missingRights } from './missing-rights.ts';
import { splitName } from './own-names.ts';
import { type FollowerSituation, planSwap, type SwapPlan } from './plan-swap.ts';
import { repair, unfinished } from './repair.ts';
import { swap } from './swap.ts';
import { digestName, inspectContainer, inspectImage, ownTags } from './swap-requests.ts';

/** Hands on a daemon of Docker, through a client that may redeploy; `address` is where it is. */
export function dockerHands(client: DockerClient, address: string): EngineHands {
  const plans = new WeakMap<RedeployPlan, SwapPlan | ServicePlan>();
  const told = (found: SwapPlan | ServicePlan | { readonly refused: string } | 'current'): Planned => {
    if (found === 'current') return { is: 'current' };
    if ('refused' in found) return { is: 'refused', reason: found.refused };
    plans.set(found.plan, found);
    return { is: 'plan', plan: found.plan };
  };
  return {
    plan: async (wish) =>
      told(
        (await ofPodman(client)) ??
          (wish.kind === 'service' ? await plannedService(client, wish) : await planned(client, address, wish)),
      ),
    redeploy: async (given, hooks) => {
      const own = plans.get(given);
      const base = { workload: given.workload, from: given.from.root ?? null, to: given.to.root };
      if (own === undefined) return { ...base, outcome: 'refused', reason: 'it was not planned here' };
      return { ...base, ...(await ('settings' in own ? swap(client, own, hooks) : moveService(client, own, hooks))) };
    },
    unfinished: () => unfinished(client),
    repair: (hooks) => repair(client, hooks),
    kept: () => keptImages(client),
    planRollback: async (wish) => told((await ofPodman(client)) ?? (await plannedBack(client, address, wish))),
    missingRights: async () =>
      missingRights(client, readInfo(await client.get({ path: '/info' })).swarm?.isManager === true),
    cleanup: (now, options) => cleanup(client, now, options),
  };
}

/** What it runs has other keepers, who would undo a move. */
async function ofPodman(client: DockerClient): Promise<{ readonly refused: string } | undefined> {
  await client.negotiate();
  return client.isPodman ? { refused: podmanMovesItself } : undefined;
}

/** What a container is called; a service's tasks and whatever else could not be one is not asked for. */
const containerName = /^[A-Za-z0-9][\w.-]{0,250}$/;

type Found = SwapPlan | { readonly refused: string } | 'current';

/** `back`: the id of an image that it is to go back to. */
async function planned(client: DockerClient, address: string, wish: RedeployWish, back?: string): Promise<Found> {
  if (!containerName.test(wish.workload)) return { refused: 'that is no name of a container' };
  const info = readInfo(await client.get({ path: '/info' }));
  const old = await inspectContainer(client, wish.workload);
  if (old?.name !== wish.workload) return { refused: 'there is no container of that name' };
  const listed = await client.get({ path: '/containers/json', query: { all: '1' } });
  const all = await inTurns(readList(listed, '/containers/json', readContainer));
  const tags = await ownTags(client);
  return planSwap(wish, {
    old,
    image: await inspectImage(client, old.imageId),
    newImage: await inspectImage(client, back ?? digestName(wish.reference, wish.to.root)),
    named: await inspectImage(client, nameOf(wish.reference)),
    isBack: back !== undefined,
    hostName: info.name,
    names: new Map(all.map(({ id, name }) => [id, name])),
    kept: (id) => isKept(id, old, tags),
    followers: await followers(client, old, all),
    self: ownContainers(),
    address,
  });
}

/** What is kept of what was before is what it goes back to, by the same way. */
async function plannedBack(
  client: DockerClient,
  address: string,
  wish: Parameters<EngineHands['planRollback']>[0],
): Promise<Found | ServicePlan> {
  const nothing = { refused: 'nothing of what was before is kept' };
  if (!containerName.test(wish.workload)) return nothing;
  if ((await inspectContainer(client, wish.workload)) === undefined)
    return (await plannedServiceBack(client, wish)) ?? nothing;
  const before = (await keptImages(client)).find(({ workload }) => workload === wish.workload);
  if (before === undefined) return nothing;
  if (before.digest === undefined) return { refused: 'which digest was before is not known' };
  const image = await inspectImage(client, before.tag);
  const old = await inspectContainer(client, wish.workload);
  const reference = referenceIn(String(old?.config['Image'] ?? ''));
  if (image === undefined || typeof reference !== 'object') return nothing;
  const to = { root: before.digest, manifest: before.digest };
  return planned(client, address, { ...wish, kind: 'container', reference, to }, image.id);
}

async function followers(
  client: DockerClient,
  old: Inspected,
  all: readonly DockerContainer[],
): Promise<readonly FollowerSituation[] | undefined> {
  const others = await inBatches(
    all.filter((one) => one.id !== old.id && /^[0-9a-f]{64}$/.test(one.id) && splitName(one.name).as === 'itself'),
    (one) => inspectContainer(client, one.id),
  );
  const found = followersOf(old, [old, ...others.filter((one) => one !== undefined)]);
  return (
    found &&
    inBatches(found, async (one) => ({
      old: one,
      image: await inspectImage(client, one.imageId),
      named: (await inspectImage(client, String(one.config['Image'] ?? '')))?.id,
    }))
  );
}

/** The container that this process runs in: what is mounted there names its id. None where there is no such file. */
function ownContainers(): ReadonlySet<string> {
  try {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    return new Set([...mounts.matchAll(/\/containers\/([0-9a-f]{64})\//g)].map(([, id = '']) => id));
  } catch {
    return new Set();
  }
}

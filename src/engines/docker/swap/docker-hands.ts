/*
 * src/engines/docker/swap/
 *
 * Moving a container to another image, so that it can be killed at any request and be finished or undone by whoever comes next: the daemon is
 * the journal (own-names.ts: names, labels and tags of ours). plan-swap.ts says what would be done, or why not, with create-body.ts, which
 * tells the owner's own settings from the image's; both are pure. swap.ts does it, a request at a time (swap-requests.ts), with swap-gate.ts as the judge
 * of the new one. repair.ts finds what was left in between, by the table in left-over.ts. kept-images.ts has what is kept for
 * a while. Everything that a container is inspected with stays in this folder, in memory.
 * Begin with swap.ts.
 */

import { readFileSync } from 'node:fs';
import { inTurns } from '../../../core/time/turns.ts';
import { readList } from '../../connection/answer-fields.ts';
import type { EngineHands, Planned, RedeployPlan, RedeployWish } from '../../engine-hands.ts';
import { inBatches } from '../../workload-parts.ts';
import { type DockerContainer, readContainer, readInfo } from '../docker-answers.ts';
import type { DockerClient } from '../docker-client.ts';
import { dependantsOf } from './dependants.ts';
import { cleanup, keptImages } from './kept-images.ts';
import { planSwap, type SwapPlan } from './plan-swap.ts';
import { repair, unfinished } from './repair.ts';
import { isKept, swap } from './swap.ts';
import { digestName, inspectContainer, inspectImage, ownTags } from './swap-requests.ts';

/** Hands on a daemon of Docker, through a client that may redeploy; `address` is where it is. */
export function dockerHands(client: DockerClient, address: string): EngineHands {
  const plans = new WeakMap<RedeployPlan, SwapPlan>();
  const plan = async (wish: RedeployWish): Promise<Planned> => {
    const found = await planned(client, address, wish);
    if (found === 'current') return { is: 'current' };
    if ('refused' in found) return { is: 'refused', reason: found.refused };
    plans.set(found.plan, found);
    return { is: 'plan', plan: found.plan };
  };
  return {
    plan,
    redeploy: async (given, hooks) => {
      const own = plans.get(given);
      const base = { workload: given.workload, from: given.from.root ?? null, to: given.to.root };
      if (own === undefined) return { ...base, outcome: 'refused', reason: 'it was not planned here' };
      return { ...base, ...(await swap(client, own, hooks)) };
    },
    unfinished: () => unfinished(client),
    repair: (hooks) => repair(client, hooks),
    kept: () => keptImages(client),
    planRollback: async () => ({ is: 'refused', reason: 'nothing of before is kept' }),
    cleanup: (now, options) => cleanup(client, now, options),
  };
}

/** What a container is called; a service's tasks and whatever else could not be one is not asked for. */
const containerName = /^[A-Za-z0-9][\w.-]{0,250}$/;

async function planned(
  client: DockerClient,
  address: string,
  wish: RedeployWish,
): Promise<SwapPlan | { readonly refused: string } | 'current'> {
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
    newImage: await inspectImage(client, digestName(wish.reference, wish.to.root)),
    hostName: info.name,
    names: new Map(all.map(({ id, name }) => [id, name])),
    kept: (id) => isKept(id, old, tags),
    dependants: await dependants(client, old.id, old.name, all),
    self: ownContainers(),
    address,
  });
}

async function dependants(
  client: DockerClient,
  id: string,
  name: string,
  all: readonly DockerContainer[],
): Promise<readonly string[]> {
  const others = await inBatches(
    all.filter((one) => one.id !== id && /^[0-9a-f]{64}$/.test(one.id)),
    (one) => inspectContainer(client, one.id),
  );
  return dependantsOf(
    { id, name },
    others.filter((one) => one !== undefined),
  ).map((one) => one.name);
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

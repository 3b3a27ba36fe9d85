import { inTurns } from '../../../core/time/turns.ts';
import { readList } from '../../connection/answer-fields.ts';
import type { RedeployHooks, RedeployOutcome, Unfinished } from '../../engine-hands.ts';
import { readContainer } from '../docker-answers.ts';
import type { DockerClient } from '../docker-client.ts';
import { type Component, move, nameBack, type Pair, undone } from './exchange.ts';
import type { Inspected } from './inspected.ts';
import { type ComponentStep, componentStep, type FoundPair, nextStep, orphan } from './left-over.ts';
import { isUnderWay } from './mover.ts';
import { digestIn, ownLabels, splitName } from './own-names.ts';
import { inspectContainer, isOfImage, ownTags, type TaggedImage } from './swap-requests.ts';

/** Something that was left in between. */
type LeftOver =
  | { readonly is: 'component'; readonly pairs: readonly [FoundPair, ...FoundPair[]]; readonly step: ComponentStep }
  /** The name that the owner wrote was moved, and no new container was made. */
  | { readonly is: 'name'; readonly old: Inspected; readonly was: TaggedImage }
  | { readonly is: 'orphan'; readonly unfinished: Unfinished };

const isId = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** Everything that was left in between. Asks, and changes nothing. */
async function leftOvers(client: DockerClient): Promise<readonly LeftOver[]> {
  const listed = await client.get({ path: '/containers/json', query: { all: '1' } });
  const all = await inTurns(readList(listed, '/containers/json', readContainer));
  const found: FoundPair[] = [];
  const replaced = new Set<string>();
  for (const { id, labels } of all) {
    if (!Object.hasOwn(labels, ownLabels.name) || !isId(id)) continue;
    const made = await inspectContainer(client, id);
    const oldId = made?.labels[ownLabels.replaces] ?? '';
    if (made === undefined || !isId(oldId) || (await isOfImage(client, made))) continue;
    replaced.add(oldId);
    // Somebody is at it at this moment.
    if (isUnderWay(made.labels[ownLabels.by] ?? '')) continue;
    const old = await inspectContainer(client, oldId);
    found.push({ made, old, step: nextStep(made, old) });
  }
  const rest: LeftOver[] = [];
  const tags = await ownTags(client);
  for (const { id, name } of all) {
    if (replaced.has(id) || !isId(id)) continue;
    const { as } = splitName(name);
    const was = tags.find(({ tag }) => tag.kind === 'was' && tag.of === id.slice(0, 12));
    if (as !== 'old' && (as !== 'itself' || was === undefined)) continue;
    const old = await inspectContainer(client, id);
    if (old === undefined) continue;
    if (as === 'old') rest.push({ is: 'orphan', unfinished: orphan(old) });
    else if (was !== undefined) rest.push({ is: 'name', old, was });
  }
  return [...componentsOf(found), ...rest];
}

/** Those that move as one, the one that the others need first. */
function componentsOf(found: readonly FoundPair[]): readonly LeftOver[] {
  const ofWhom = ({ made: { labels } }: FoundPair): string =>
    labels[ownLabels.with] ?? labels[ownLabels.replaces] ?? '';
  const rank = ({ made }: FoundPair): string => (made.labels[ownLabels.with] === undefined ? '' : made.created);
  return [...Map.groupBy(found, ofWhom).values()].flatMap((all) => {
    const step = componentStep(all);
    const [first, ...others] = all
      .filter((one) => one.step.is !== 'settled')
      .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
    return step === undefined || first === undefined ? [] : [{ is: 'component', pairs: [first, ...others], step }];
  });
}

/** What was left in between, as it is told. */
export async function unfinished(client: DockerClient): Promise<readonly Unfinished[]> {
  return (await leftOvers(client)).map(told);
}

const sentences: Readonly<Record<Exclude<ComponentStep['is'], 'off'>, string>> = {
  'go on': 'the new container has its name, and is not proven',
  undo: 'the old container is to serve again',
  commit: 'the new container is proven, and the old one is still parked',
};

function told(one: LeftOver): Unfinished {
  if (one.is === 'orphan') return one.unfinished;
  if (one.is === 'name') {
    const says = 'the name of its image was moved, and no new container was made';
    return { workload: one.old.name, says, hands: 'repairable' };
  }
  const { step } = one;
  const [{ made }] = one.pairs;
  const base = { workload: made.labels[ownLabels.name] ?? '', since: made.created };
  return step.is === 'off'
    ? { ...base, says: step.says, hands: 'off' }
    : { ...base, says: sentences[step.is], hands: 'repairable' };
}

/** Finishes or undoes all of it. */
export async function repair(client: DockerClient, hooks: RedeployHooks): Promise<readonly RedeployOutcome[]> {
  const outcomes: RedeployOutcome[] = [];
  for (const one of await leftOvers(client)) {
    if (hooks.stopping()) break;
    outcomes.push(await repaired(client, one, hooks));
  }
  return outcomes;
}

async function repaired(client: DockerClient, one: LeftOver, hooks: RedeployHooks): Promise<RedeployOutcome> {
  const { workload, says } = told(one);
  if (one.is === 'orphan') return { workload, from: null, to: null, outcome: 'refused', reason: says };
  if (one.is === 'name') {
    await nameBack(client, one.old, undefined);
    return { workload, from: null, to: null, outcome: 'undone', reason: says };
  }
  const { step, pairs } = one;
  const { labels } = pairs[0].made;
  const base = { workload, from: digestIn(labels[ownLabels.from]), to: digestIn(labels[ownLabels.to]) };
  const component = pairs.map(pairOf) as [Pair, ...Pair[]] satisfies Component;
  switch (step.is) {
    case 'off':
      return { ...base, outcome: 'refused', reason: says };
    case 'undo': {
      const why = 'an earlier run was ended before it was done';
      return { ...base, ...(await undone(client, component, hooks, why, undefined)) };
    }
    default: {
      const options = { gateTimeout: Number.POSITIVE_INFINITY, isProven: step.is === 'commit' };
      return { ...base, ...(await move(client, component, hooks, options)) };
    }
  }
}

function pairOf({ made }: FoundPair): Pair {
  const { [ownLabels.name]: workload = '', [ownLabels.replaces]: oldId = '' } = made.labels;
  return { workload, oldId, newId: made.id };
}

import { inTurns } from '../../../core/time/turns.ts';
import { readList } from '../../connection/answer-fields.ts';
import type { RedeployHooks, RedeployOutcome, Unfinished } from '../../engine-hands.ts';
import { readContainer } from '../docker-answers.ts';
import type { DockerClient } from '../docker-client.ts';
import type { Inspected } from './inspected.ts';
import { type NextStep, nextStep, orphan } from './left-over.ts';
import { hasOwnLabel, ownLabels, splitName } from './own-names.ts';
import { digestIn, move, nameBack, undone } from './swap.ts';
import { inspectContainer, inspectImage, ownTags, type TaggedImage } from './swap-requests.ts';

/** Something that was left in between. */
type LeftOver =
  | {
      readonly is: 'pair';
      readonly made: Inspected;
      readonly old: Inspected | undefined;
      readonly step: Exclude<NextStep, { is: 'settled' }>;
    }
  /** The name that the owner wrote was moved, and no new container was made. */
  | { readonly is: 'name'; readonly old: Inspected; readonly was: TaggedImage }
  | { readonly is: 'orphan'; readonly unfinished: Unfinished };

/** Everything that was left in between. Asks, and changes nothing. */
async function leftOvers(client: DockerClient): Promise<readonly LeftOver[]> {
  const listed = await client.get({ path: '/containers/json', query: { all: '1' } });
  const all = await inTurns(readList(listed, '/containers/json', readContainer));
  const found: LeftOver[] = [];
  const replaced = new Set<string>();
  for (const { id, labels } of all) {
    if (!Object.hasOwn(labels, ownLabels.name) || !/^[0-9a-f]{64}$/.test(id)) continue;
    const made = await inspectContainer(client, id);
    const oldId = made?.labels[ownLabels.replaces] ?? '';
    // What an image brings along says nothing of us.
    if (made === undefined || !/^[0-9a-f]{64}$/.test(oldId) || (await isOfImage(client, made))) continue;
    replaced.add(oldId);
    const old = await inspectContainer(client, oldId);
    const step = nextStep(made, old);
    if (step.is !== 'settled') found.push({ is: 'pair', made, old, step });
  }
  const tags = await ownTags(client);
  for (const { id, name } of all) {
    if (replaced.has(id) || !/^[0-9a-f]{64}$/.test(id)) continue;
    const { as } = splitName(name);
    const was = tags.find(({ tag }) => tag.kind === 'was' && tag.of === id.slice(0, 12));
    if (as !== 'old' && (as !== 'itself' || was === undefined)) continue;
    const old = await inspectContainer(client, id);
    if (old === undefined) continue;
    if (as === 'old') found.push({ is: 'orphan', unfinished: orphan(old) });
    else if (was !== undefined) found.push({ is: 'name', old, was });
  }
  return found;
}

async function isOfImage(client: DockerClient, { imageId }: Inspected): Promise<boolean> {
  return hasOwnLabel((await inspectImage(client, imageId))?.labels ?? {});
}

/** What was left in between, as it is told. */
export async function unfinished(client: DockerClient): Promise<readonly Unfinished[]> {
  return (await leftOvers(client)).map(told);
}

function told(one: LeftOver): Unfinished {
  if (one.is === 'orphan') return one.unfinished;
  if (one.is === 'name')
    return {
      workload: one.old.name,
      says: 'the name of its image was moved, and no new container was made',
      hands: 'repairable',
    };
  const { made, step } = one;
  const base = { workload: made.labels[ownLabels.name] ?? '', since: made.created };
  if (step.is === 'off') return { ...base, says: step.says, hands: 'off' };
  return {
    ...base,
    says:
      step.is === 'go on' ? 'the new container has its name, and is not proven' : 'the old container is to serve again',
    hands: 'repairable',
  };
}

/** Finishes or undoes all of it. */
export async function repair(client: DockerClient, hooks: RedeployHooks): Promise<readonly RedeployOutcome[]> {
  const outcomes: RedeployOutcome[] = [];
  for (const one of await leftOvers(client)) {
    if (hooks.stopping()) break;
    const { workload, says } = told(one);
    if (one.is === 'orphan') outcomes.push({ workload, from: null, to: null, outcome: 'refused', reason: says });
    else if (one.is === 'name') {
      await nameBack(client, one.old, undefined);
      outcomes.push({ workload, from: null, to: null, outcome: 'undone', reason: says });
    } else {
      const { made, step } = one;
      const base = { workload, from: digestIn(made.labels[ownLabels.from]), to: digestIn(made.labels[ownLabels.to]) };
      const pair = { workload, oldId: made.labels[ownLabels.replaces] ?? '', newId: made.id };
      if (step.is === 'off') outcomes.push({ ...base, outcome: 'refused', reason: says });
      else if (step.is === 'go on')
        outcomes.push({ ...base, ...(await move(client, pair, hooks, { gateTimeout: Number.POSITIVE_INFINITY })) });
      else
        outcomes.push({
          ...base,
          ...(await undone(client, pair, hooks, 'an earlier run was ended before it was done', undefined)),
        });
    }
  }
  return outcomes;
}

import { shortDigest } from '../../../core/image/digest.ts';
import { timestamp } from '../../../core/time/clock.ts';
import { inTurns } from '../../../core/time/turns.ts';
import { readList } from '../../connection/answer-fields.ts';
import type { Kept } from '../../engine-hands.ts';
import { referenceIn } from '../../workload-parts.ts';
import { readContainer } from '../docker-answers.ts';
import type { DockerClient } from '../docker-client.ts';
import { type Inspected, pulledDigest } from './inspected.ts';
import { digestIn, ownLabels, ownTagName, splitName } from './own-names.ts';
import {
  dropImageName,
  dropOwnTag,
  inspectContainer,
  inspectImage,
  isOfImage,
  ownTags,
  removeContainer,
} from './swap-requests.ts';

/** All containers that have something to do with a swap, whole. */
async function ofOurs(client: DockerClient): Promise<readonly Inspected[]> {
  const listed = await client.get({ path: '/containers/json', query: { all: '1' } });
  const all = await inTurns(readList(listed, '/containers/json', readContainer));
  const found: Inspected[] = [];
  for (const { id, name, labels } of all) {
    const isOurs = Object.hasOwn(labels, ownLabels.name) || splitName(name).as !== 'itself';
    const one = isOurs && /^[0-9a-f]{64}$/.test(id) ? await inspectContainer(client, id) : undefined;
    if (one !== undefined) found.push(one);
  }
  return found;
}

/** What of before is kept, for each workload what was before it now. */
export async function keptImages(client: DockerClient): Promise<readonly Kept[]> {
  const tags = await ownTags(client);
  const kept: Kept[] = [];
  for (const one of await ofOurs(client)) {
    const workload = one.labels[ownLabels.name];
    const oldId = one.labels[ownLabels.replaces];
    if (workload === undefined || oldId === undefined || one.name !== workload) continue;
    if (await isOfImage(client, one)) continue;
    const found = tags.findLast(({ tag }) => tag.kind === 'kept' && tag.of === oldId.slice(0, 12));
    const image = found === undefined ? undefined : await inspectImage(client, found.id);
    if (found === undefined || image === undefined) continue;
    const reference = referenceIn(String(one.config['Image'] ?? ''));
    const pulled = typeof reference === 'object' ? pulledDigest(image, reference) : undefined;
    const digest = digestIn(one.labels[ownLabels.from]) ?? pulled;
    const container = await inspectContainer(client, oldId);
    kept.push({
      workload,
      ...(digest !== undefined && { digest }),
      until: timestamp(found.tag.until * 1000),
      ...(container !== undefined && { containerId: container.id }),
      tag: ownTagName(found.tag),
    });
  }
  return kept;
}

/**
 * Removes containers that were kept, or set aside after they failed, and names of ours, when their time is over; gives a sentence for each.
 * Images only where `removeImages` says so and nothing else has or names them; nothing is ever forced.
 */
export async function cleanup(
  client: DockerClient,
  now: number,
  { removeImages }: { readonly removeImages: boolean },
): Promise<readonly string[]> {
  const said: string[] = [];
  const seconds = now / 1000;
  const tags = await ownTags(client);
  for (const one of await ofOurs(client)) {
    const { as } = splitName(one.name);
    if (one.isRunning || !isOver(one, as, tags, seconds)) continue;
    await removeContainer(client, one.id);
    said.push(`removed the container ${one.name}`);
  }
  const used = await imagesInUse(client);
  for (const { id, tag } of tags.filter(({ tag }) => tag.until <= seconds)) {
    const image = await inspectImage(client, id);
    if (image === undefined) continue;
    const others = [...image.repoTags, ...image.repoDigests].filter((name) => !name.startsWith('plimsoll.local/'));
    // Without another name the image would go with it; one that nobody ran is not ours to remove, and may be nowhere else.
    const isLast = others.length === 0 && image.repoTags.length <= 1;
    if (isLast && !(removeImages && tag.kind === 'kept')) continue;
    if (await dropOwnTag(client, tag)) said.push(`removed the name ${ownTagName(tag)}`);
    if (removeImages && tag.kind === 'kept' && !used.has(id) && (await removeImage(client, id)))
      said.push(`removed the image ${shortDigest(id)}`);
  }
  return said;
}

function isOver(
  one: Inspected,
  as: ReturnType<typeof splitName>['as'],
  tags: Awaited<ReturnType<typeof ownTags>>,
  seconds: number,
): boolean {
  if (as === 'kept') {
    const own = tags.filter(({ tag }) => tag.kind === 'kept' && tag.of === one.id.slice(0, 12));
    return own.length > 0 && own.every(({ tag }) => tag.until <= seconds);
  }
  const keep = Number(one.labels[ownLabels.keep]);
  return (
    as === 'failed' &&
    splitName(one.name).workload === one.labels[ownLabels.name] &&
    Date.parse(one.finishedAt) / 1000 + keep <= seconds
  );
}

async function imagesInUse(client: DockerClient): Promise<ReadonlySet<string>> {
  const listed = await client.get({ path: '/containers/json', query: { all: '1' } });
  const all = await inTurns(readList(listed, '/containers/json', readContainer));
  return new Set(all.map(({ imageId }) => imageId));
}

/** With its last name it goes; one that has a name of its own, or that another name of ours keeps, stays. */
async function removeImage(client: DockerClient, id: string): Promise<boolean> {
  const image = await inspectImage(client, id);
  if (image === undefined) return true;
  if (image.repoTags.length > 0) return false;
  for (const name of image.repoDigests) if (!(await dropImageName(client, name))) return false;
  return (await inspectImage(client, id)) === undefined;
}

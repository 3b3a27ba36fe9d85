import { type Digest, isDigest } from '../../core/image/digest.ts';
import type { Platform } from '../../core/image/platform.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import type { Workload } from '../../core/place.ts';
import type { Problem } from '../../core/problem.ts';
import { inTurns } from '../../core/time/turns.ts';
import { readList } from '../connection/answer-fields.ts';
import { EngineFailure } from '../connection/ask.ts';
import type { ReadOptions, RunningWorkload } from '../engine.ts';
import { modeByLabels } from '../labels/workload-mode.ts';
import { isNameless, madeThere, platformOf, referenceIn } from '../workload-parts.ts';
import type { DockerContainer, DockerImage, DockerInfo } from './docker-answers.ts';
import type { DockerClient, WatchPath } from './docker-client.ts';
import { runningDigest } from './running-image.ts';

/** A reading in the making: what was asked, what was refused. */
export interface Reading {
  readonly client: DockerClient;
  readonly options: ReadOptions;
  readonly info: DockerInfo;
  readonly problems: Problem[];
  readonly unread: Set<string>;
  /** Of every image that a container has; undefined: it could not be looked at. */
  readonly images: Map<string, DockerImage | undefined>;
}

/** A workload with the image that its container runs. */
export async function describe(...given: Parameters<typeof described>): Promise<RunningWorkload> {
  return withPlatform(await described(...given));
}

/** What is compared is compared for a platform: without one nothing is known. */
export function withPlatform(workload: RunningWorkload): RunningWorkload {
  const { name, platforms, image } = workload;
  if (image.is !== 'known' || platforms.length > 0) return workload;
  const message = 'its image could not be looked at, so for which platform it is is not known';
  return { ...workload, image: { is: 'unknown', problem: { code: 'running-digest-unknown', message, subject: name } } };
}

async function described(
  who: Pick<Workload, 'kind' | 'name' | 'compose'>,
  written: string,
  labels: DockerContainer['labels'],
  { imageId, manifest, hasData }: Pick<DockerContainer, 'imageId' | 'manifest' | 'hasData'>,
  reading: Reading,
): Promise<RunningWorkload> {
  const { client, info, images, options, problems, unread } = reading;
  const { name } = who;
  const image = images.get(imageId);
  const {
    problems: ofLabels,
    unread: ignored,
    labels: ours,
    mode,
    why,
  } = modeByLabels(name, labels, image?.labels ?? {});
  problems.push(...ofLabels);
  for (const key of ignored) unread.add(key);
  const platforms = platformOf(image?.platform);
  const base = { ...who, written, platforms, mode, labels: ours, hasData };
  const reference = isNameless(written, imageId) ? undefined : referenceIn(written);
  if (typeof reference !== 'object')
    return {
      ...base,
      image: { is: 'skipped' },
      why: reference ?? 'it was started from an image id: there is no name to ask a registry for',
    };
  if (mode === 'ignore') return { ...base, reference, image: { is: 'skipped' }, why };
  const found = runningDigest(name, {
    reference,
    imageId,
    isContentStore: image?.hasDescriptor === true || info.isContentStore,
    manifest,
    repoDigests: image?.repoDigests,
    isPodman: client.isPodman,
  });
  switch (found.is) {
    case 'local':
      return {
        ...base,
        reference,
        image: found,
        why: madeThere,
      };
    case 'one of': {
      const root = await chosenDigest(reference, found.digests, imageId, platforms[0], options);
      if (root !== undefined)
        return { ...base, reference, image: { is: 'known', running: { root, by: 'repo-digest' } }, why };
      const message = `the engine keeps ${found.digests.length} digests of ${written} for its image, and which of them it is could not be told`;
      return {
        ...base,
        reference,
        image: { is: 'unknown', problem: { code: 'running-digest-unknown', message, subject: name } },
        why,
      };
    }
    case 'known':
      if (found.differs) problems.push(found.differs);
      return { ...base, reference, image: { is: 'known', running: found.running }, why };
    case 'unknown':
      return { ...base, reference, image: found, why };
  }
}

async function chosenDigest(
  repository: ImageReference,
  digests: readonly Digest[],
  config: string,
  platform: Platform | undefined,
  { choose }: ReadOptions,
): Promise<Digest | undefined> {
  if (!isDigest(config) || platform === undefined) return undefined;
  return choose({ repository, digests, config, platform });
}

/** A list that may be refused: then the reading is not whole, and goes on. */
export async function listed<T>(
  path: WatchPath,
  read: (one: unknown) => T,
  { client, problems }: Reading,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly T[] | undefined> {
  try {
    return await inTurns(readList(await client.get({ path, query }), path, read));
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    problems.push({ code: 'ENGINE', message: error.message });
    return undefined;
  }
}

import { isDigest } from '../../core/image/digest.ts';
import type { Problem } from '../../core/problem.ts';
import { inTurns } from '../../core/time/turns.ts';
import { readList } from '../connection/answer-fields.ts';
import { EngineFailure } from '../connection/ask.ts';
import type { EngineReading, ReadOptions, RunningWorkload } from '../engine.ts';
import { modeByLabels } from '../labels/workload-mode.ts';
import { composeOf, inBatches, isNameless, madeThere, platformOf, referenceIn } from '../workload-parts.ts';
import {
  type PodmanContainer,
  type PodmanImage,
  type PodmanInfo,
  readPodmanContainer,
  readPodmanImage,
  readPodmanInfo,
} from './podman-answers.ts';
import type { PodmanClient } from './podman-client.ts';
import { podmanDigest } from './podman-digest.ts';
import { podmanOwner } from './podman-owner.ts';

interface Reading {
  readonly info: PodmanInfo;
  readonly options: ReadOptions;
  readonly problems: Problem[];
  readonly unread: Set<string>;
  readonly images: ReadonlyMap<string, PodmanImage>;
}

/** What has something running in it. */
const running: ReadonlySet<string> = new Set(['running', 'paused', 'restarting', 'stopping']);

/** Reads what a Podman runs: containers, those in pods as well. Throws EngineFailure. */
export async function readPodman(client: PodmanClient, options: ReadOptions): Promise<EngineReading> {
  await client.greet();
  const info = readPodmanInfo(await client.get('/libpod/info'));
  const path = '/libpod/containers/json';
  const listed = await inTurns(readList(await client.get(path, undefined, '?all=true'), path, readPodmanContainer));
  const own = listed.filter(({ isInfra }) => !isInfra);
  const runs = own.filter(({ state }) => running.has(state));
  const chosen = options.stopped ? own : runs;
  const problems: Problem[] = [];
  const images = await readImages(chosen, client, problems);
  const reading: Reading = { info, options, problems, unread: new Set(), images };
  const workloads = await inBatches(chosen, (one) => workloadOf(one, reading));
  return {
    // It has no identity of its own; a machine's users have one Podman each.
    id: `podman:${info.host}:${info.store}`,
    name: `podman@${info.host}`,
    workloads,
    counts: {
      containers: runs.length,
      services: 0,
      stopped: own.length - runs.length,
      tasks: 0,
      local: workloads.filter(({ image }) => image.is === 'local').length,
    },
    isWhole: !problems.some(({ code }) => code === 'ENGINE'),
    problems,
    unreadLabels: [...reading.unread].sort(),
  };
}

/** Looks at each image once, however many containers run it. */
async function readImages(
  containers: readonly PodmanContainer[],
  client: PodmanClient,
  problems: Problem[],
): Promise<ReadonlyMap<string, PodmanImage>> {
  const images = new Map<string, PodmanImage>();
  const ids = [...new Set(containers.map(({ imageId }) => imageId))].filter((id) => /^[0-9a-f]{6,128}$/.test(id));
  await inBatches(ids, async (id) => {
    try {
      const answer = await client.get('/libpod/images/{id}/json', id);
      if (answer !== undefined) images.set(id, readPodmanImage(answer));
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      problems.push({ code: 'ENGINE', message: error.message });
    }
  });
  return images;
}

async function workloadOf(container: PodmanContainer, reading: Reading): Promise<RunningWorkload> {
  const { name, image: written, imageId, labels } = container;
  const { info, images, problems, unread } = reading;
  const image = images.get(imageId);
  const mode = modeByLabels(name, labels, image?.labels ?? {});
  problems.push(...mode.problems);
  for (const key of mode.unread) unread.add(key);
  const compose = composeOf(labels);
  const platforms = platformOf(image?.platform);
  const base = { kind: 'container', name, ...(compose && { compose }), written, platforms, mode: mode.mode } as const;
  const reference = isNameless(written) ? undefined : referenceIn(written);
  if (typeof reference !== 'object')
    return { ...base, image: { is: 'skipped' }, why: reference ?? 'its image has no name to ask a registry for' };
  if (mode.mode === 'ignore') return { ...base, reference, image: { is: 'skipped' }, why: mode.why };
  // The registry of what was built here, in Podman's own words; a real one on this machine has a port.
  if (reference.registry === 'localhost')
    return {
      ...base,
      reference,
      image: { is: 'local' },
      why: madeThere,
    };
  const { why = mode.why, redeploy } = podmanOwner(labels, reference, info.isRootless);
  const found = await runningOf(container, reference, image, reading);
  return { ...base, reference, image: found, why, ...(redeploy !== undefined && { redeploy }) };
}

async function runningOf(
  { name, imageId }: PodmanContainer,
  reference: Parameters<typeof podmanDigest>[0],
  image: PodmanImage | undefined,
  { options }: Reading,
): Promise<RunningWorkload['image']> {
  const unknown = (message: string): RunningWorkload['image'] => ({
    is: 'unknown',
    problem: { code: 'running-digest-unknown', message, subject: name },
  });
  const [platform] = platformOf(image?.platform);
  if (image === undefined || platform === undefined)
    return unknown('its image could not be looked at, so which digest runs is not known');
  const found = podmanDigest(reference, image);
  if (found.is === 'known') return { is: 'known', running: { root: found.root, by: 'podman' } };
  if (found.is === 'unknown') return unknown('Podman keeps no digest of its image, so which one runs is not known');
  const config = `sha256:${imageId}`;
  const { digests } = found;
  const root = isDigest(config)
    ? await options.choose({ repository: reference, digests, config, platform })
    : undefined;
  if (root !== undefined) return { is: 'known', running: { root, by: 'podman' } };
  return unknown(
    `Podman keeps ${digests.length === 1 ? '1 digest' : `${digests.length} digests`} for its image, and ${digests.length === 1 ? 'whether' : 'which of them'} its registry serves as that could not be told`,
  );
}

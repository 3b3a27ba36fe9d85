import { type Digest, isDigest } from '../../core/image/digest.ts';
import { formatPlatform, type Platform } from '../../core/image/platform.ts';
import { compareText } from '../../core/place.ts';
import type { Problem } from '../../core/problem.ts';
import { cut } from '../connection/answer-fields.ts';
import type { RunningWorkload } from '../engine.ts';
import { modeByLabels } from '../labels/workload-mode.ts';
import { referenceIn } from '../workload-parts.ts';
import type { KubeContainer, KubePod, KubeWorkload } from './kube-answers.ts';
import { kubeOwner, ownedWords, restartLine } from './kube-owners.ts';

/** A workload with its pods; without a list of its kind only what they say of it is known. */
export interface OwnedPods {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly workload?: KubeWorkload;
  /** What could not be listed, so that pods that are not there say nothing. */
  readonly unread?: 'pods' | 'jobs';
  readonly pods: KubePod[];
}

/** What is known beside it, and what is found about it. */
export interface KubeReading {
  readonly problems: Problem[];
  readonly unread: Set<string>;
  /** For which platform a node is; of one that is not known the second holds. */
  readonly nodes: ReadonlyMap<string, readonly Platform[]>;
  readonly assumed: readonly Platform[];
}

/** What it is called, and where it stands. */
export function keyOf(kind: string, namespace: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}

/** It runs, or is about to. */
export function isAlive({ phase }: KubePod): boolean {
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** Of each container, one for each image and digest that its pods run. Problems go to the reading. */
export function kubeWorkloads(one: OwnedPods, reading: KubeReading): readonly RunningWorkload[] {
  const { kind, namespace, name, workload, unread, pods } = one;
  const seen = runningPods(kind, pods);
  const full = cut(keyOf(kind, namespace, name));
  const [first] = pods;
  const { labels, annotations } = workload ?? first ?? { labels: {}, annotations: [] };
  // An image's own labels are none of a pod's.
  const asked = modeByLabels(full, { ...first?.labels, ...labels }, {});
  const { mode, why } = asked;
  reading.problems.push(...asked.problems);
  for (const key of asked.unread) reading.unread.add(key);
  const owner = kubeOwner({ labels, annotations });
  // Whose it is stands on itself alone.
  const line = owner === undefined && workload?.rollsOut === true ? restartLine(kind, namespace, name) : undefined;
  const base = { kind, name: full, mode };
  if (seen.length === 0) {
    return (workload?.containers ?? []).map(({ image }) => {
      const reference = referenceIn(image);
      return {
        ...base,
        written: image,
        ...(typeof reference === 'object' && { reference }),
        platforms: unread === undefined ? [] : reading.assumed,
        ...(unread === undefined || mode === 'ignore'
          ? {
              image: { is: 'skipped' },
              why: mode === 'ignore' ? why : 'none of its pods is there, so there is no digest that runs',
            }
          : { image: unknownImage(full, `its ${unread} could not be listed`), why }),
      };
    });
  }
  return runningIn(seen).map(({ container, pods: own, digest, isReady }) => {
    const written = container.image;
    const reference = referenceIn(written);
    const platforms = platformsOf(own, reading);
    if (typeof reference !== 'object') return { ...base, written, platforms, image: { is: 'skipped' }, why: reference };
    if (mode === 'ignore') return { ...base, written, reference, platforms, image: { is: 'skipped' }, why };
    const redeploy = container.isPulled && reference.digest === undefined ? line : undefined;
    return {
      ...base,
      written,
      reference,
      platforms,
      why: owner === undefined ? why : ownedWords(owner),
      ...(redeploy !== undefined && { redeploy }),
      image: imageOf(reference.digest, digest) ?? unknownImage(full, isReady ? idAlone : noneReady),
    };
  });
}

/**
 * Those that say which digest runs: what is alive. Of what is to end, and where none of that serves, also the last that ended well, with what
 * belonged to the same run; the runs before it have left nothing that runs.
 */
function runningPods(kind: string, pods: readonly KubePod[]): readonly KubePod[] {
  const alive = pods.filter(isAlive);
  if (!['cronjob', 'job', 'pod'].includes(kind)) return alive;
  if (alive.some(({ containers }) => containers.some(({ isReady, isInit }) => isReady && !isInit))) return alive;
  const ended = pods.filter(({ phase }) => phase === 'Succeeded').sort((a, b) => compareText(a.created, b.created));
  const last = ended.at(-1)?.owner?.name;
  return [...alive, ...ended.filter(({ owner }, i) => i === ended.length - 1 || owner?.name === last)];
}

interface RunningContainer {
  readonly container: KubeContainer;
  readonly digest?: Digest;
  readonly pods: KubePod[];
  isReady: boolean;
}

/** Containers of pods by their image and digest. One that is just starting says nothing while others serve. */
function runningIn(pods: readonly KubePod[]): readonly RunningContainer[] {
  const running = new Map<string, RunningContainer>();
  const known = new Set<string>();
  const placeOf = ({ name, image }: KubeContainer): string => `${name} ${image}`;
  for (const pod of pods) {
    for (const container of pod.containers) {
      const digest = container.isReady ? digestIn(container.imageId) : undefined;
      if (digest !== undefined) known.add(placeOf(container));
      const key = `${placeOf(container)} ${digest}`;
      const one = running.get(key) ?? { container, pods: [], ...(digest !== undefined && { digest }), isReady: false };
      one.pods.push(pod);
      if (container.isReady) one.isReady = true;
      running.set(key, one);
    }
  }
  return [...running.values()].filter(
    ({ container, digest }) => digest !== undefined || !known.has(placeOf(container)),
  );
}

/** A digest that was written is what runs, whatever its node calls that. */
function imageOf(written: Digest | undefined, running: Digest | undefined): RunningWorkload['image'] | undefined {
  if (written !== undefined) return { is: 'known', running: { root: written, by: 'written' } };
  return running && { is: 'known', running: { root: running, by: 'repo-digest' } };
}

const idAlone = 'its node names an image id and no digest of a registry';
const noneReady = 'none of its pods is ready';

function unknownImage(name: string, why: string): RunningWorkload['image'] {
  const message = `${why}, so which digest runs is not known`;
  return { is: 'unknown', problem: { code: 'running-digest-unknown', message, subject: name } };
}

/** `docker-pullable://repository@digest`, `repository@digest`; an id alone is that of a config, or nobody knows of what. */
function digestIn(imageId: string): Digest | undefined {
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(imageId)?.[1];
  return digest !== undefined && isDigest(digest) ? digest : undefined;
}

function platformsOf(pods: readonly KubePod[], { nodes, assumed }: KubeReading): readonly Platform[] {
  const found = pods.flatMap(({ node }) => nodes.get(node) ?? []);
  const distinct = [...new Map(found.map((one) => [formatPlatform(one), one])).values()];
  return distinct.length > 0 ? distinct : assumed;
}

import { type Digest, isDigest } from '../../core/image/digest.ts';
import { formatPlatform, type Platform } from '../../core/image/platform.ts';
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
  readonly pods: KubePod[];
}

/** What is known beside it, and what is found about it. */
export interface KubeReading {
  readonly problems: Problem[];
  readonly unread: Set<string>;
  /** For which platform a node is; of one that is not known the second holds. */
  readonly nodes: ReadonlyMap<string, readonly Platform[]> | undefined;
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
  const { kind, namespace, name, workload, pods } = one;
  // What ended well has run that digest; of a job there is nothing else.
  const isTask = kind === 'job' || kind === 'cronjob';
  const seen = pods.filter((pod) => isAlive(pod) || (isTask && pod.phase === 'Succeeded'));
  const full = cut(keyOf(kind, namespace, name));
  const [first] = pods;
  const { labels, annotations } = workload ?? first ?? { labels: {}, annotations: [] };
  // An image's own labels are none of a pod's.
  const { mode, why, problems, unread } = modeByLabels(full, { ...first?.labels, ...labels }, {});
  reading.problems.push(...problems);
  for (const key of unread) reading.unread.add(key);
  const owner = kubeOwner({ labels, annotations });
  const line = owner === undefined ? restartLine(kind, namespace, name) : undefined;
  const base = { kind, name: full, mode };
  if (seen.length === 0) {
    return (workload?.containers ?? []).map(({ image }) => {
      const reference = referenceIn(image);
      return {
        ...base,
        written: image,
        ...(typeof reference === 'object' && { reference }),
        platforms: [],
        image: { is: 'skipped' },
        why: mode === 'ignore' ? why : 'none of its pods is there, so there is no digest that runs',
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
      image: imageOf(reference.digest, digest) ?? unknownImage(full, isReady),
    };
  });
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

function unknownImage(name: string, isReady: boolean): RunningWorkload['image'] {
  const message = isReady
    ? 'its node names an image id and no digest of a registry, so which digest runs is not known'
    : 'none of its pods is ready, so which digest runs is not known';
  return { is: 'unknown', problem: { code: 'running-digest-unknown', message, subject: name } };
}

/** `docker-pullable://repository@digest`, `repository@digest`; an id alone is that of a config, or nobody knows of what. */
function digestIn(imageId: string): Digest | undefined {
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(imageId)?.[1];
  return digest !== undefined && isDigest(digest) ? digest : undefined;
}

function platformsOf(pods: readonly KubePod[], { nodes, assumed }: KubeReading): readonly Platform[] {
  const found = pods.flatMap(({ node }) => nodes?.get(node) ?? []);
  const distinct = [...new Map(found.map((one) => [formatPlatform(one), one])).values()];
  return distinct.length > 0 ? distinct : assumed;
}

import { type Digest, isDigest } from '../../core/image/digest.ts';
import { formatPlatform, type Platform, parsePlatform } from '../../core/image/platform.ts';
import type { Problem } from '../../core/problem.ts';
import { cut } from '../connection/answer-fields.ts';
import { EngineFailure } from '../connection/ask.ts';
import type { EngineReading, ReadOptions, RunningWorkload } from '../engine.ts';
import { modeByLabels } from '../labels/workload-mode.ts';
import { platformOf, referenceIn } from '../workload-parts.ts';
import {
  type KubeContainer,
  type KubeObject,
  type KubePod,
  type KubeWorkload,
  readCronJob,
  readNode,
  readObject,
  readPod,
  readWorkload,
} from './kube-answers.ts';
import type { KubeClient, KubeKind } from './kube-client.ts';
import { kubeOwner, ownedWords, restartLine } from './kube-owners.ts';

/** Everything that was listed, of the namespaces that are read. */
interface Listed {
  readonly pods: readonly KubePod[];
  readonly workloads: ReadonlyMap<string, KubeWorkload>;
  /** Who controls a ReplicaSet or a Job: what a pod says is only the first step. */
  readonly above: ReadonlyMap<string, KubeObject>;
  readonly nodes: ReadonlyMap<string, readonly Platform[]> | undefined;
}

/** A workload with its pods; without one of the lists only what they say of it is known. */
interface Owned {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly workload?: KubeWorkload;
  readonly pods: KubePod[];
}

interface Reading {
  readonly problems: Problem[];
  readonly unread: Set<string>;
  readonly options: ReadOptions;
  readonly nodes: Listed['nodes'];
}

const assumed: readonly Platform[] = [parsePlatform('linux/amd64')];

/** Reads what a cluster runs, or some of its namespaces. Throws EngineFailure when no pods could be listed. */
export async function readKubernetes(
  client: KubeClient,
  { id, name }: { readonly id: string; readonly name: string },
  options: ReadOptions,
): Promise<EngineReading> {
  const problems: Problem[] = [];
  const listed = await listAll(client, options.namespaces ?? [], problems);
  const reading: Reading = { problems, unread: new Set(), options, nodes: listed.nodes };
  const all = owned(listed);
  const isOff = ({ workload, pods }: Owned): boolean => workload?.isStopped === true && !pods.some(isAlive);
  const chosen = all.filter((one) => options.stopped || !isOff(one));
  const workloads = chosen.flatMap((one) => workloadsOf(one, reading));
  return {
    id: `kube:${id}`,
    name,
    workloads,
    counts: {
      containers: listed.pods
        .filter(isAlive)
        .reduce((sum, one) => sum + one.containers.filter(({ isInit }) => !isInit).length, 0),
      services: 0,
      stopped: all.filter(isOff).length,
      tasks: 0,
      local: 0,
    },
    isWhole: !problems.some(({ code }) => code === 'ENGINE'),
    problems,
    unreadLabels: [...reading.unread].sort(),
  };
}

async function listAll(client: KubeClient, namespaces: readonly string[], problems: Problem[]): Promise<Listed> {
  const within = namespaces.length === 0 ? [undefined] : namespaces;
  const pods: KubePod[] = [];
  const failures: EngineFailure[] = [];
  for (const namespace of within) {
    try {
      pods.push(...(await client.list('pods', namespace, readPod)));
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first !== undefined && failures.length === within.length) throw first;
  problems.push(...failures.map(({ message }) => ({ code: 'ENGINE', message }) as const));
  const list = async <T>(kind: KubeKind, read: (one: unknown) => T): Promise<readonly T[] | undefined> => {
    const found: T[] = [];
    for (const namespace of kind === 'nodes' ? [undefined] : within) {
      try {
        found.push(...(await client.list(kind, namespace, read)));
      } catch (error) {
        if (!(error instanceof EngineFailure)) throw error;
        if (kind === 'nodes') return undefined;
        problems.push({ code: 'ENGINE', message: error.message });
      }
    }
    return found;
  };
  const nodes = await list('nodes', readNode);
  if (nodes === undefined) {
    const message = `nodes may not be listed, so for which platform it all is was not told; ${assumed.map(formatPlatform)} was taken`;
    problems.push({ code: 'nodes-unread', message });
  }
  const workloads = new Map<string, KubeWorkload>();
  const above = new Map<string, KubeObject>();
  for (const [kind, lists] of [
    ['deployment', 'deployments'],
    ['statefulset', 'statefulsets'],
    ['daemonset', 'daemonsets'],
    ['cronjob', 'cronjobs'],
  ] as const) {
    const found = await list(lists, kind === 'cronjob' ? readCronJob : readWorkload);
    for (const one of found ?? []) workloads.set(keyOf(kind, one.namespace, one.name), one);
  }
  for (const [kind, lists] of [
    ['replicaset', 'replicasets'],
    ['job', 'jobs'],
  ] as const) {
    for (const one of (await list(lists, readObject)) ?? []) above.set(keyOf(kind, one.namespace, one.name), one);
  }
  return {
    pods,
    workloads,
    above,
    nodes: nodes && new Map(nodes.map(({ name, platform }) => [name, platformOf(platform)])),
  };
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}

/** Workloads with their pods, and pods that are nobody's. */
function owned({ pods, workloads, above }: Listed): readonly Owned[] {
  const all = new Map<string, Owned>();
  for (const [key, workload] of workloads) {
    const [, kind = ''] = key.split('/');
    all.set(key, { kind, namespace: workload.namespace, name: workload.name, workload, pods: [] });
  }
  for (const pod of pods) {
    let { owner } = pod;
    // A ReplicaSet is a Deployment's, a Job a CronJob's; or somebody's whose kind is not known here.
    const next = owner && above.get(keyOf(owner.kind.toLowerCase(), pod.namespace, owner.name));
    if (next?.owner !== undefined) owner = next.owner;
    // What a kubelet runs from a file of its own is its node's.
    const { kind, name } = owner === undefined || owner.kind === 'Node' ? { kind: 'pod', name: pod.name } : owner;
    const key = keyOf(kind.toLowerCase(), pod.namespace, name);
    const known = all.get(key) ?? { kind: kind.toLowerCase(), namespace: pod.namespace, name, pods: [] };
    known.pods.push(pod);
    all.set(key, known);
  }
  return [...all.values()];
}

function isAlive({ phase }: KubePod): boolean {
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** Of each container, one for each image and digest that its pods run. */
function workloadsOf(one: Owned, reading: Reading): readonly RunningWorkload[] {
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
  const running = new Map<
    string,
    { readonly container: KubeContainer; readonly pods: KubePod[]; readonly digest?: Digest; isReady: boolean }
  >();
  for (const pod of seen) {
    for (const container of pod.containers) {
      const digest = container.isReady ? digestIn(container.imageId) : undefined;
      const key = JSON.stringify([container.name, container.image, digest]);
      const known = running.get(key) ?? {
        container,
        pods: [],
        ...(digest !== undefined && { digest }),
        isReady: false,
      };
      known.pods.push(pod);
      if (container.isReady) known.isReady = true;
      running.set(key, known);
    }
  }
  const known = new Set(
    [...running.values()].flatMap(({ container, digest }) =>
      digest === undefined ? [] : [`${container.name} ${container.image}`],
    ),
  );
  const rows = [...running.values()].filter(
    // A pod that is just starting says nothing while others serve.
    ({ container, digest }) => digest !== undefined || !known.has(`${container.name} ${container.image}`),
  );
  const templates = seen.length > 0 ? [] : (workload?.containers ?? []);
  const base = { kind, name: full, mode };
  return [
    ...rows.map(({ container, pods: own, digest, isReady }): RunningWorkload => {
      const written = container.image;
      const reference = referenceIn(written);
      const platforms = platformsOf(own, reading);
      if (typeof reference !== 'object')
        return { ...base, written, platforms, image: { is: 'skipped' }, why: reference };
      if (mode === 'ignore') return { ...base, written, reference, platforms, image: { is: 'skipped' }, why };
      const redeploy = container.isPulled && reference.digest === undefined ? line : undefined;
      return {
        ...base,
        written,
        reference,
        platforms,
        why: owner === undefined ? why : ownedWords(owner),
        ...(redeploy !== undefined && { redeploy }),
        image: runningOf(reference.digest, digest) ?? unknownImage(full, isReady),
      };
    }),
    ...templates.map(({ image }): RunningWorkload => {
      const reference = referenceIn(image);
      return {
        ...base,
        written: image,
        ...(typeof reference === 'object' && { reference }),
        platforms: [],
        image: { is: 'skipped' },
        why: mode === 'ignore' ? why : 'none of its pods is there, so there is no digest that runs',
      };
    }),
  ];
}

/** A digest that was written is what runs, whatever its node calls that. */
function runningOf(written: Digest | undefined, running: Digest | undefined): RunningWorkload['image'] | undefined {
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

function platformsOf(pods: readonly KubePod[], { nodes }: Reading): readonly Platform[] {
  const found = pods.flatMap(({ node }) => nodes?.get(node) ?? []);
  const distinct = [...new Map(found.map((one) => [formatPlatform(one), one])).values()];
  return distinct.length > 0 ? distinct : assumed;
}

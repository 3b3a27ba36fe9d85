import { formatPlatform, type Platform, parsePlatform } from '../../core/image/platform.ts';
import type { Problem } from '../../core/problem.ts';
import { inTurns, type Steps } from '../../core/time/turns.ts';
import { EngineFailure } from '../connection/ask.ts';
import type { EngineReading, ReadOptions, RunningWorkload } from '../engine.ts';
import { platformOf } from '../workload-parts.ts';
import {
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
import { isAlive, type KubeReading, keyOf, kubeWorkloads, type OwnedPods } from './kube-workload.ts';

/** Everything that was listed, of the namespaces that are read. */
interface Listed {
  readonly pods: readonly KubePod[];
  readonly workloads: ReadonlyMap<string, KubeWorkload>;
  /** Who controls a ReplicaSet or a Job: what a pod says is only the first step. */
  readonly above: ReadonlyMap<string, KubeObject>;
  readonly nodes: ReadonlyMap<string, readonly Platform[]>;
  /** Could a list not be had, of this namespace or of all? */
  readonly isUnread: (kind: KubeKind, namespace: string) => boolean;
}

/** A list that could not be had. */
interface UnreadList {
  readonly kind: KubeKind;
  readonly namespace: string | undefined;
  readonly error: EngineFailure;
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
  const reading: KubeReading = { problems, unread: new Set(), nodes: listed.nodes, assumed };
  const all = await inTurns(owned(listed));
  // What nobody keeps running is over when its pods are: a Job that is done.
  const isOff = ({ workload, pods }: OwnedPods): boolean => (workload?.isStopped ?? true) && !pods.some(isAlive);
  const chosen = all.filter((one) => options.stopped || !isOff(one));
  const workloads = await inTurns(described(chosen, reading));
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
  const unread = new Map<string, UnreadList>();
  // Who is gone is not waited for again.
  let lost: EngineFailure | undefined;
  const list = async <T>(kind: KubeKind, read: (one: unknown) => T): Promise<readonly T[]> => {
    const found: T[] = [];
    for (const namespace of kind === 'nodes' ? [undefined] : within) {
      try {
        if (lost !== undefined) throw lost;
        found.push(...(await client.list(kind, namespace, read)));
      } catch (error) {
        if (!(error instanceof EngineFailure)) throw error;
        if (error.status === undefined) lost = error;
        unread.set(keyOf(kind, namespace ?? '', ''), { kind, namespace, error });
      }
    }
    return found;
  };
  const pods = await list('pods', readPod);
  const isUnread = (kind: KubeKind, namespace: string): boolean =>
    unread.has(keyOf(kind, '', '')) || unread.has(keyOf(kind, namespace, ''));
  const [first] = unread.values();
  if (first !== undefined && within.every((namespace) => isUnread('pods', namespace ?? ''))) throw first.error;
  const nodes = await list('nodes', readNode);
  const workloads = new Map<string, KubeWorkload>();
  const above = new Map<string, KubeObject>();
  for (const [kind, lists] of [
    ['deployment', 'deployments'],
    ['statefulset', 'statefulsets'],
    ['daemonset', 'daemonsets'],
    ['cronjob', 'cronjobs'],
  ] as const) {
    const found = await list(lists, kind === 'cronjob' ? readCronJob : readWorkload);
    for (const one of found) workloads.set(keyOf(kind, one.namespace, one.name), one);
  }
  for (const [kind, lists] of [
    ['replicaset', 'replicasets'],
    ['job', 'jobs'],
  ] as const) {
    for (const one of await list(lists, readObject)) above.set(keyOf(kind, one.namespace, one.name), one);
  }
  problems.push(...unreadProblems([...unread.values()]));
  return {
    pods,
    workloads,
    above,
    nodes: new Map(nodes.map(({ name, platform }) => [name, platformOf(platform)])),
    isUnread,
  };
}

/** What could not be listed, by its words: each list that was refused, and everything that followed where the server was lost. Pure. */
function unreadProblems(unread: readonly UnreadList[]): readonly Problem[] {
  const named = ({ kind, namespace }: UnreadList): string =>
    namespace === undefined || kind === 'nodes' ? kind : `${kind} in ${namespace}`;
  const nodes = unread.find(({ kind }) => kind === 'nodes');
  const isOfCluster = nodes?.error.status === 403;
  const message = `nodes ${isOfCluster ? 'may' : 'could'} not be listed, so for which platform it all is was not told; ${assumed.map(formatPlatform)} was taken`;
  // An account of some namespaces may not list what is of the cluster.
  const failed = unread.filter((one) => one !== nodes || !isOfCluster);
  const problems = [...Map.groupBy(failed, ({ error }) => error.status ?? 0).values()].map((all): Problem => {
    const said = all[0]?.error.message ?? '';
    const others = all.slice(1).map(named);
    return {
      code: 'ENGINE',
      message: others.length === 0 ? said : `${said}; likewise not listed: ${others.join(', ')}`,
    };
  });
  return [...problems, ...(nodes === undefined ? [] : [{ code: 'nodes-unread', message } as const])];
}

/** So many are looked at before others have a turn. */
const objectsPerStep = 500;

/** Workloads with their pods, and pods that are nobody's. */
function* owned({ pods, workloads, above, isUnread }: Listed): Steps<readonly OwnedPods[]> {
  const all = new Map<string, OwnedPods>();
  let done = 0;
  for (const [key, workload] of workloads) {
    const [, kind = ''] = key.split('/');
    const { namespace, name } = workload;
    const unread = isUnread('pods', namespace)
      ? 'pods'
      : kind === 'cronjob' && isUnread('jobs', namespace)
        ? 'jobs'
        : undefined;
    all.set(key, { kind, namespace, name, workload, ...(unread && { unread }), pods: [] });
  }
  for (const pod of pods) {
    if (++done % objectsPerStep === 0) yield;
    const owner = ownerOf(pod, above);
    // What a kubelet runs from a file of its own is its node's.
    const { kind, name } = owner === undefined || owner.kind === 'Node' ? { kind: 'pod', name: pod.name } : owner;
    const key = keyOf(kind.toLowerCase(), pod.namespace, name);
    const known = all.get(key) ?? { kind: kind.toLowerCase(), namespace: pod.namespace, name, pods: [] };
    known.pods.push(pod);
    all.set(key, known);
  }
  return [...all.values()];
}

/**
 * Who controls a pod. A ReplicaSet is a Deployment's, a Job a CronJob's; or somebody's whose kind is not known here. A ReplicaSet that is not
 * in the list, since that is refused or older, is told by its name: a Deployment calls it after itself and the hash that its pods are labelled with.
 */
function ownerOf({ namespace, owner, labels }: KubePod, above: Listed['above']): KubeObject['owner'] {
  if (owner === undefined) return undefined;
  const next = above.get(keyOf(owner.kind.toLowerCase(), namespace, owner.name));
  if (next !== undefined) return next.owner ?? owner;
  const end = `-${labels['pod-template-hash']}`;
  return owner.kind === 'ReplicaSet' && owner.name.endsWith(end)
    ? { kind: 'Deployment', name: owner.name.slice(0, -end.length) }
    : owner;
}

function* described(all: readonly OwnedPods[], reading: KubeReading): Steps<readonly RunningWorkload[]> {
  const workloads: RunningWorkload[] = [];
  for (const [i, one] of all.entries()) {
    if (i % objectsPerStep === objectsPerStep - 1) yield;
    workloads.push(...kubeWorkloads(one, reading));
  }
  return workloads;
}

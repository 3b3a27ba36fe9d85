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
  readonly nodes: ReadonlyMap<string, readonly Platform[]> | undefined;
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
  const isOff = ({ workload, pods }: OwnedPods): boolean => workload?.isStopped === true && !pods.some(isAlive);
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

/** So many are looked at before others have a turn. */
const objectsPerStep = 500;

/** Workloads with their pods, and pods that are nobody's. */
function* owned({ pods, workloads, above }: Listed): Steps<readonly OwnedPods[]> {
  const all = new Map<string, OwnedPods>();
  let done = 0;
  for (const [key, workload] of workloads) {
    const [, kind = ''] = key.split('/');
    all.set(key, { kind, namespace: workload.namespace, name: workload.name, workload, pods: [] });
  }
  for (const pod of pods) {
    if (++done % objectsPerStep === 0) yield;
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

function* described(all: readonly OwnedPods[], reading: KubeReading): Steps<readonly RunningWorkload[]> {
  const workloads: RunningWorkload[] = [];
  for (const [i, one] of all.entries()) {
    if (i % objectsPerStep === objectsPerStep - 1) yield;
    workloads.push(...kubeWorkloads(one, reading));
  }
  return workloads;
}

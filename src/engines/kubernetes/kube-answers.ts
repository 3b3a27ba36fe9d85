import { type Fields, fields, type Labels, labelsIn, optional, text } from '../connection/answer-fields.ts';

/*
 * Of what an API server answers (kubernetes, api/openapi-spec), the few fields that are read. Env, commands, volumes and annotations but for
 * those of programs that own a workload never leave this file.
 */

/** Who an object is, and who controls it. */
export interface KubeObject {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Annotations, by their keys alone. */
  readonly annotations: readonly string[];
  readonly owner?: { readonly kind: string; readonly name: string };
}

/** A container of a pod, or of the template of one. */
export interface KubeContainer {
  readonly name: string;
  readonly image: string;
  /** Is its image asked for whenever it starts? */
  readonly isPulled: boolean;
}

/** An entry of a list of pods. */
export interface KubePod extends KubeObject {
  /** RFC 3339, in UTC and to the second. */
  readonly created: string;
  readonly node: string;
  /** Running, Succeeded. */
  readonly phase: string;
  readonly containers: readonly (KubeContainer & {
    /** As the node has it: `repository@digest`, or an id; empty before it was pulled. */
    readonly imageId: string;
    /** It serves, or was to end and did. */
    readonly isReady: boolean;
    readonly isInit: boolean;
  })[];
}

/** A Deployment, StatefulSet, DaemonSet or CronJob. */
export interface KubeWorkload extends KubeObject {
  /** It is to run nothing. */
  readonly isStopped: boolean;
  /** A new template starts its pods anew by itself: it is not paused, and does not wait until somebody deletes them. */
  readonly rollsOut: boolean;
  readonly containers: readonly KubeContainer[];
}

/** A node: for which platform it is. */
export interface KubeNode {
  readonly name: string;
  readonly platform: string;
}

/** Reads who an object is. Throws EngineFailure where it is none. */
export function readObject(answer: unknown): KubeObject {
  const metadata = optional(fields(answer, 'a list')['metadata']);
  const owners = (Array.isArray(metadata?.['ownerReferences']) ? metadata['ownerReferences'] : []).map(optional);
  const owner = owners.find((one) => one?.['controller'] === true);
  return {
    namespace: text(metadata?.['namespace']),
    name: text(metadata?.['name']),
    labels: labelsIn(metadata?.['labels']),
    annotations: Object.keys(optional(metadata?.['annotations']) ?? {}),
    ...(owner && { owner: { kind: text(owner['kind']), name: text(owner['name']) } }),
  };
}

/** Reads an entry of a list of pods. */
export function readPod(answer: unknown): KubePod {
  const { spec, status } = fields(answer, 'a list');
  const [own, now] = [optional(spec), optional(status)];
  const of = (list: string, statuses: string, isInit: boolean): KubePod['containers'] => {
    const states = listOf(now?.[statuses]);
    return containersIn(own?.[list]).map((one) => {
      const state = states.find(({ name }) => name === one.name);
      const ended = optional(optional(state?.['state'])?.['terminated']);
      const isReady = state?.['ready'] === true || ended?.['exitCode'] === 0;
      return { ...one, imageId: text(state?.['imageID']), isReady, isInit };
    });
  };
  return {
    ...readObject(answer),
    created: text(optional(fields(answer, 'a list')['metadata'])?.['creationTimestamp']),
    node: text(own?.['nodeName']),
    phase: text(now?.['phase']),
    containers: [
      ...of('initContainers', 'initContainerStatuses', true),
      ...of('containers', 'containerStatuses', false),
    ],
  };
}

/** Reads a Deployment, StatefulSet or DaemonSet. */
export function readWorkload(answer: unknown): KubeWorkload {
  const spec = optional(fields(answer, 'a list')['spec']);
  const waits = text(optional(spec?.['updateStrategy'])?.['type']) === 'OnDelete';
  return {
    ...readObject(answer),
    isStopped: spec?.['replicas'] === 0,
    rollsOut: spec?.['paused'] !== true && !waits,
    containers: templateIn(spec),
  };
}

/** Reads a CronJob. */
export function readCronJob(answer: unknown): KubeWorkload {
  const spec = optional(fields(answer, 'a list')['spec']);
  const job = optional(optional(spec?.['jobTemplate'])?.['spec']);
  return { ...readObject(answer), isStopped: spec?.['suspend'] === true, rollsOut: false, containers: templateIn(job) };
}

/** Reads a node. */
export function readNode(answer: unknown): KubeNode {
  const info = optional(optional(fields(answer, 'a list')['status'])?.['nodeInfo']);
  const [os, architecture] = [text(info?.['operatingSystem']), text(info?.['architecture'])];
  return { name: readObject(answer).name, platform: os === '' || architecture === '' ? '' : `${os}/${architecture}` };
}

function templateIn(spec: Fields | undefined): readonly KubeContainer[] {
  const pod = optional(optional(spec?.['template'])?.['spec']);
  return [...containersIn(pod?.['initContainers']), ...containersIn(pod?.['containers'])];
}

function containersIn(value: unknown): readonly KubeContainer[] {
  return listOf(value).map((one) => ({
    name: text(one['name']),
    image: text(one['image']),
    isPulled: one['imagePullPolicy'] === 'Always',
  }));
}

function listOf(value: unknown): readonly Fields[] {
  return (Array.isArray(value) ? value : []).map(optional).filter((one) => one !== undefined);
}

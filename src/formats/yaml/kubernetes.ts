import { isMap } from 'yaml';
import type { Unread } from '../text/image-values.ts';
import type { Traced } from '../text/traced.ts';
import { helmImages } from './helm-shapes.ts';
import { select } from './select.ts';
import { entriesOf, scalarText, valueOf, type YamlDocument } from './yaml-documents.ts';
import { type ImageValue, scalarValues, yamlReader } from './yaml-format.ts';

/**
 * Manifests of Kubernetes, by their content. Source: kubernetes.io/docs/reference/kubernetes-api (PodSpec, and where each
 * kind has one); argoproj.io Rollout, serving.knative.dev Service and GitHub's AutoscalingRunnerSet have it where a Deployment
 * has, keda.sh ScaledJob in the Job it makes; Flux's HelmRelease and Argo CD's Application have a chart's values inside;
 * argoproj.io Workflow has containers of its own (argo-workflows.readthedocs.io/en/latest/fields). Nothing is looked for in other kinds: a definition of a resource and a
 * policy speak of images without using them.
 */
const podSpecs: Readonly<Record<string, string>> = {
  Pod: 'spec',
  PodTemplate: 'template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
  ScaledJob: 'spec.jobTargetRef.template.spec',
  ...Object.fromEntries(
    'Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Job Rollout Service Configuration AutoscalingRunnerSet'
      .split(' ')
      .map((kind) => [kind, 'spec.template.spec']),
  ),
};
/** These have other things of the name in other groups. */
const groups: Readonly<Record<string, RegExp>> = {
  Service: /^serving\.knative\.dev\//,
  Configuration: /^serving\.knative\.dev\//,
  Rollout: /^argoproj\.io\//,
  Workflow: /^argoproj\.io\//,
  WorkflowTemplate: /^argoproj\.io\//,
  ScaledJob: /^keda\.sh\//,
};
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  HelmRelease: ['spec.values'],
  HelmChart: ['spec.set'],
  Application: ['spec.source.helm.valuesObject', 'spec.sources[].helm.valuesObject'],
  ApplicationSet: ['spec.template.spec.source.helm.valuesObject', 'spec.template.spec.sources[].helm.valuesObject'],
};
/** Where the steps of Argo's workflows stand. */
const workflowsOf: Readonly<Record<string, string>> = {
  Workflow: 'spec',
  WorkflowTemplate: 'spec',
  ClusterWorkflowTemplate: 'spec',
  CronWorkflow: 'spec.workflowSpec',
};
const containersOfStep = [
  'container',
  'script',
  'containerSet.containers[]',
  'initContainers[]',
  'sidecars[]',
] as const;

/** What `apiVersion` and `kind` say; undefined for what is no object of Kubernetes. */
export function objectType(
  document: YamlDocument,
  node: unknown,
): { readonly group: string; readonly kind: string } | undefined {
  const [group, kind] = ['apiVersion', 'kind'].map((key) => scalarText(document, valueOf(document, node, key)));
  return group && kind ? { group, kind } : undefined;
}

/** Variables that deployment tools put in afterwards. */
export function image(text: Traced): Traced | Unread {
  if (text.text.startsWith('ko://')) return { skipped: 'output', why: 'ko builds it from the sources' };
  return /\$[{(\w]|\{\{/.test(text.text)
    ? { skipped: 'template', why: 'a variable that another program fills in' }
    : text;
}

function imagesOf(document: YamlDocument): readonly ImageValue[] {
  return objectsOf(document, document.root).flatMap((object) => imagesOfObject(document, object));
}

/** The objects of a document: itself, or those of a list. */
export function objectsOf(document: YamlDocument, root: unknown): readonly unknown[] {
  const type = objectType(document, root);
  if (type === undefined) return [];
  return type.kind.endsWith('List') ? select(document, root, 'items[]').map(({ node }) => node) : [root];
}

/** The kind of an object that may hold images. */
function kindOf(document: YamlDocument, object: unknown): string | undefined {
  const { group, kind } = objectType(document, object) ?? { group: '', kind: '' };
  const isKnown = [podSpecs, valuesOf, workflowsOf].some((kinds) => kinds[kind] !== undefined);
  return isKnown && (groups[kind]?.test(group) ?? true) ? kind : undefined;
}

/** The images of an object of Kubernetes' own kinds, and of those that hold pods or values as these do. */
export function imagesOfObject(document: YamlDocument, object: unknown): readonly ImageValue[] {
  const kind = kindOf(document, object);
  if (kind === undefined) return [];
  const values = valuesOf[kind];
  if (values !== undefined) {
    const found = values.flatMap((path) => select(document, object, path));
    return found.flatMap(({ node }) => helmImages(document, node, image));
  }
  const workflow = workflowsOf[kind];
  if (workflow !== undefined) {
    const steps = containersOfStep.flatMap((one) => select(document, object, `${workflow}.templates[].${one}.image`));
    return scalarValues(document, steps, { kind: 'image', role: 'runs' }, image);
  }
  const path = podSpecs[kind];
  if (path === undefined) return [];
  const owner = ownerOf(document, object);
  return select(document, object, path)
    .flatMap(({ node }) => imagesOfPod(document, node))
    .map((one) =>
      owner === undefined ? one : { ...one, skipped: 'owned', why: `${owner} changes the images of this object` },
    );
}

/** Whose policy on the object says that it moves the image by itself (keel.sh/docs). */
function ownerOf(document: YamlDocument, object: unknown): string | undefined {
  for (const path of ['metadata.annotations', 'metadata.labels']) {
    for (const { node } of select(document, object, path)) {
      if (!isMap(node)) continue;
      const policy = entriesOf(document, node).get('keel.sh/policy');
      if (policy !== undefined && scalarText(document, policy) !== 'never') return 'Keel';
    }
  }
  return undefined;
}

/** The images of a pod's specification. */
export function imagesOfPod(document: YamlDocument, spec: unknown): ImageValue[] {
  const selector = valueOf(document, spec, 'nodeSelector');
  const architecture = scalarText(document, valueOf(document, selector, 'kubernetes.io/arch'));
  const platform = architecture && /^[a-z0-9]+$/.test(architecture) ? { platform: `linux/${architecture}` } : {};
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((key) =>
    scalarValues(document, select(document, spec, `${key}[].image`), { kind: 'image', role: 'runs' }, image),
  );
  const volumes = select(document, spec, 'volumes[].image.reference');
  return [...containers, ...scalarValues(document, volumes, { kind: 'volume', role: 'runs' }, image)].map((one) => ({
    ...one,
    ...platform,
  }));
}

/** Is it an object, by its first lines, too large to be parsed? Definitions of resources are large, and name no image. */
function isHidden({ excess, text, start }: YamlDocument): boolean {
  if (excess === undefined) return false;
  const head = text.slice(start, start + 10_000);
  return /^apiVersion:/m.test(head) && /^kind:(?![ \t]*CustomResourceDefinition)/m.test(head);
}

/** What reads manifests. */
export const reader = yamlReader({
  name: 'kubernetes',
  mayHold: (text) => /\bkind["']?\s*:/.test(text) && /\bapiVersion["']?\s*:/.test(text) && /image|values/.test(text),
  isOwn: (document) =>
    isHidden(document) || objectsOf(document, document.root).some((object) => kindOf(document, object) !== undefined),
  images: imagesOf,
});

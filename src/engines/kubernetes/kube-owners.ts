import type { KubeObject } from './kube-answers.ts';

/** Programs that put a workload there, and take back what anybody else changes: by a label or an annotation of theirs. */
const marks: readonly (readonly [key: string, owner: string, value?: string])[] = [
  ['argocd.argoproj.io/instance', 'Argo CD'],
  ['argocd.argoproj.io/tracking-id', 'Argo CD'],
  ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
  ['helm.toolkit.fluxcd.io/name', 'Flux'],
  ['meta.helm.sh/release-name', 'Helm'],
  ['app.kubernetes.io/managed-by', 'Helm', 'Helm'],
  ['keel.sh/policy', 'Keel'],
];

/** Who owns a workload; undefined for nobody that is known. Pure. */
export function kubeOwner({ labels, annotations }: Pick<KubeObject, 'labels' | 'annotations'>): string | undefined {
  return marks.find(([key, , value]) =>
    value === undefined ? Object.hasOwn(labels, key) || annotations.includes(key) : labels[key] === value,
  )?.[1];
}

/** What has to be done, and where: a sentence. Pure. */
export function ownedWords(owner: string): string {
  return owner === 'Keel' ? 'Keel moves it' : `${owner} owns it: change it where ${owner} reads it from`;
}

/** The line that starts it anew, for kinds that can be; its pods ask for the image then. Names that could not be typed have none. Pure. */
export function restartLine(kind: string, namespace: string, name: string): string | undefined {
  const isWord = (text: string): boolean => /^[a-z0-9][a-z0-9.-]*$/.test(text);
  return ['deployment', 'statefulset', 'daemonset'].includes(kind) && isWord(namespace) && isWord(name)
    ? `kubectl -n ${namespace} rollout restart ${kind}/${name}`
    : undefined;
}

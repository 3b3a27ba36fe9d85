/*
 * src/formats/yaml/
 *
 * Files of YAML that name images: one walker and a table per format. yaml-documents.ts splits a file and parses each
 * document into a syntax tree with exact ranges, aliases known and never expanded; select.ts leads along paths;
 * yaml-format.ts makes a format of a table: which documents are of it, where images stand in them, how their values are
 * expanded. What is done with such values is in ../text/image-values.ts. This file has the names and paths, so that
 * a tree without such files loads nothing of it; facts and traps of each format are in its own file.
 * Begin with yaml-format.ts, then compose.ts.
 */

import type { Format, FormatReader } from '../format.ts';

/** The last component of a path. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);

function yaml(
  name: string,
  reads: string,
  matches: Format['matches'],
  load: () => Promise<{ readonly reader: FormatReader }>,
): Format {
  return { name, reads, matches, load: async () => (await load()).reader };
}

/** Kinds of YAML, those with names of their own first: what a name does not tell goes to the first that knows the content. */
export const yamlFormats: readonly Format[] = [
  yaml(
    'compose',
    'compose files (compose.yaml, docker-compose.yml, or what has services with images)',
    (path) => (/^(?:docker-)?compose[^/]*\.ya?ml$/i.test(nameOf(path)) ? 'yes' : isYaml(path) ? 'maybe' : 'no'),
    () => import('./compose.ts'),
  ),
  yaml(
    'workflow',
    'workflows and actions of GitHub, Gitea and Forgejo (.github/workflows/*.yml, action.yml)',
    (path) =>
      /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/.test(path) ||
      /(?:^|\/)workflow-templates\/[^/]+\.ya?ml$/.test(path) ||
      /(?:^|\/)action\.ya?ml$/.test(path)
        ? 'yes'
        : 'no',
    () => import('./workflow.ts'),
  ),
  yaml(
    'kustomize',
    'kustomizations (kustomization.yaml)',
    (path) => (/^kustomization(?:\.ya?ml)?$/i.test(nameOf(path)) ? 'yes' : isYaml(path) ? 'maybe' : 'no'),
    () => import('./kustomize.ts'),
  ),
  yaml(
    'gitlab-ci',
    "GitLab's pipelines (.gitlab-ci.yml, .gitlab/ci/**)",
    (path) => {
      if (/(?:^|\/|[^/]*)\.gitlab-ci\.ya?ml$/.test(path)) return 'yes';
      return /(?:^|\/)(?:\.gitlab\/.*|templates\/(?:[^/]+\/)?[^/]+)\.ya?ml$/.test(path) ? 'maybe' : 'no';
    },
    () => import('./gitlab-ci.ts'),
  ),
  yaml(
    'woodpecker',
    'Woodpecker (.woodpecker.yml, .woodpecker/*.yml)',
    (path) => (/(?:^|\/)\.woodpecker(?:\.ya?ml|\/.+\.ya?ml)$/.test(path) ? 'yes' : 'no'),
    async () => ({ reader: (await import('./pipelines.ts')).readers.woodpecker }),
  ),
  yaml(
    'crow',
    'Crow (.crow.yml, .crow/*.yml)',
    (path) => (/(?:^|\/)\.crow(?:\.ya?ml|\/.+\.ya?ml)$/.test(path) ? 'yes' : 'no'),
    async () => ({ reader: (await import('./pipelines.ts')).readers.crow }),
  ),
  yaml(
    'drone',
    'Drone (.drone.yml)',
    (path) => (/(?:^|\/)\.drone(?:\.ya?ml|\/.+\.ya?ml)$/.test(path) ? 'yes' : 'no'),
    async () => ({ reader: (await import('./pipelines.ts')).readers.drone }),
  ),
  yaml(
    'vela',
    'Vela (.vela.yml)',
    (path) => (/(?:^|\/)\.vela\.ya?ml$/.test(path) ? 'yes' : 'no'),
    async () => ({ reader: (await import('./pipelines.ts')).readers.vela }),
  ),
  yaml(
    'circleci',
    'CircleCI (.circleci/*.yml)',
    (path) => (/(?:^|\/)\.circleci\/.+\.ya?ml$/.test(path) ? 'yes' : 'no'),
    plain('circleci'),
  ),
  yaml(
    'azure',
    'Azure Pipelines (azure-pipelines*.yml, .azuredevops/**)',
    (path) =>
      /(?:^|\/)[^/]*azure-pipelines?[^/]*\.ya?ml$/i.test(path) ||
      /(?:^|\/)\.(?:azuredevops|azure-pipelines)\/.+\.ya?ml$/.test(path)
        ? 'yes'
        : 'no',
    plain('azure'),
  ),
  yaml(
    'bitbucket',
    'Bitbucket Pipelines (bitbucket-pipelines.yml)',
    (path) => (/(?:^|\/)[^/]*bitbucket-pipelines\.ya?ml$/.test(path) ? 'yes' : 'no'),
    plain('bitbucket'),
  ),
  yaml(
    'cloudbuild',
    'Cloud Build (cloudbuild.yaml)',
    (path) => (/^cloudbuild[^/]*\.ya?ml$/.test(nameOf(path)) ? 'yes' : 'no'),
    plain('cloudbuild'),
  ),
  yaml(
    'batect',
    'Batect (batect.yml)',
    (path) => (/^batect[^/]*\.ya?ml$/.test(nameOf(path)) ? 'yes' : 'no'),
    plain('batect'),
  ),
  yaml('ko', 'ko (.ko.yaml)', (path) => (/^\.ko\.ya?ml$/.test(nameOf(path)) ? 'yes' : 'no'), plain('ko')),
  yaml('tekton', 'Tekton (YAML of tekton.dev)', (path) => (isYaml(path) ? 'maybe' : 'no'), plain('tekton')),
  yaml(
    'kubernetes',
    'manifests of Kubernetes (YAML with apiVersion and kind)',
    (path) => (isYaml(path) || /(?:k8s|kube|manifest|deploy).*\.json$/i.test(path) ? 'maybe' : 'no'),
    () => import('./kubernetes.ts'),
  ),
  yaml('ansible', 'Ansible (lists of tasks with images)', (path) => (isYaml(path) ? 'maybe' : 'no'), plain('ansible')),
  // The last one: an image anywhere is all that tells the content.
  yaml(
    'helm',
    'values of Helm charts (values.yaml, values-*.yaml)',
    (path) => (/^values(?:[-._][^/]*)?\.ya?ml$/i.test(nameOf(path)) ? 'yes' : 'no'),
    () => import('./helm.ts'),
  ),
];

function plain(
  name: keyof typeof import('./plain-tables.ts').readers,
): () => Promise<{ readonly reader: FormatReader }> {
  return async () => ({ reader: (await import('./plain-tables.ts')).readers[name] });
}

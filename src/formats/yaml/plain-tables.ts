import { isMap, isSeq, type Node } from 'yaml';
import type { FormatReader } from '../format.ts';
import { behind, type Unread } from '../text/image-values.ts';
import { join, type Traced, untied } from '../text/traced.ts';
import { imagesOfObject, image as manifestImage, objectsOf, objectType } from './kubernetes.ts';
import { type Found, select } from './select.ts';
import { entriesOf, resolved, scalarText, valueOf, type YamlDocument } from './yaml-documents.ts';
import { type ImageValue, scalarValues, yamlReader } from './yaml-format.ts';

/**
 * Formats whose table says all: CircleCI (circleci.com/docs/configuration-reference), Azure Pipelines
 * (learn.microsoft.com/azure/devops/pipelines/yaml-schema), Bitbucket (support.atlassian.com, "Docker image options"),
 * Tekton (tekton.dev/docs/pipelines/tasks), Cloud Build (cloud.google.com/build/docs/build-config-file-schema), Batect, ko
 * (ko.build/configuration), Ansible (docs.ansible.com/ansible/latest/collections/community/docker).
 */
const filledIn: Unread = { skipped: 'template', why: 'an expression that another program fills in' };

function unless(pattern: RegExp): (text: Traced) => Traced | Unread {
  return (text) => {
    if (pattern.test(text.text)) return filledIn;
    return text.text.startsWith('docker://') ? behind(text, 'docker://') : text;
  };
}

interface Table {
  readonly name: string;
  readonly paths: readonly string[];
  readonly kind?: string;
  readonly role?: ImageValue['role'];
  readonly read: (text: Traced) => Traced | Unread;
}

function tableReader({ name, paths, kind = 'image', role = 'runs', read }: Table): FormatReader {
  const images = (document: YamlDocument): readonly ImageValue[] =>
    paths.flatMap((path) => scalarValues(document, select(document, document.root, path), { kind, role }, read));
  return yamlReader({ name, mayHold: () => true, isOwn: (document) => hasName(images(document)), images });
}

/** What has lists or mappings in all these places is a file of somebody else. */
function hasName(images: readonly ImageValue[]): boolean {
  return images.some(({ skipped }) => skipped !== 'invalid');
}

const circleci = tableReader({
  name: 'circleci',
  paths: ['jobs', 'executors'].flatMap((key) => [`${key}.*.docker[].image`, `orbs.*.${key}.*.docker[].image`]),
  read: unless(/<<|\$\{?\w/),
});

const cloudbuild = tableReader({
  name: 'cloudbuild',
  paths: ['steps[].name'],
  kind: 'step',
  read: unless(/\$[{_A-Za-z]/),
});

const batect = tableReader({ name: 'batect', paths: ['containers.*.image'], read: unless(/\$\{?\w|<\{?\w/) });

const ko = tableReader({
  name: 'ko',
  paths: ['defaultBaseImage', 'baseImageOverrides.*'],
  kind: 'base',
  role: 'base',
  read: unless(/\{\{|\$\{/),
});

/** A job's `container` names one of the resources, or an image. */
const azure = yamlReader({
  name: 'azure',
  mayHold: (text) => /container|services/.test(text),
  isOwn: (document) => hasName(azureImages(document)),
  images: azureImages,
});

function azureImages(document: YamlDocument): readonly ImageValue[] {
  const { root } = document;
  const resources = select(document, root, 'resources.containers[]');
  const names = new Set(resources.map(({ node }) => scalarText(document, valueOf(document, node, 'container'))));
  const images = resources.flatMap(({ node }): Found[] =>
    scalarText(document, valueOf(document, node, 'type')) === 'ACR' ? [] : [...select(document, node, 'image')],
  );
  const jobs = [
    ...select(document, root, 'jobs[]'),
    ...select(document, root, 'stages[].jobs[]'),
    { node: resolved(document, root) as Node },
  ];
  const used = jobs.flatMap(({ node }) =>
    ['container', 'container.image', 'services.*'].flatMap((path) => [...select(document, node, path)]),
  );
  const read = unless(/\$\(|\$\{\{|\$\[/);
  const notAlias = (text: Traced): Traced | Unread | 'none' => (names.has(text.text) ? 'none' : read(text));
  return [
    ...scalarValues(document, images, { kind: 'container', role: 'runs' }, read),
    ...scalarValues(document, used, { kind: 'container', role: 'runs' }, notAlias, 'mapping'),
  ];
}

const bitbucket = yamlReader({
  name: 'bitbucket',
  mayHold: (text) => /image|docker:\/\//.test(text),
  isOwn: (document) => select(document, document.root, 'pipelines.*').length > 0,
  images: (document) => {
    const { root } = document;
    const steps = deep(document, valueOf(document, root, 'pipelines'), (key) => key === 'step').map(({ node }) => node);
    const places = [root, ...steps].flatMap((node) => [
      ...select(document, node, 'image'),
      ...select(document, node, 'image.name'),
    ]);
    const services = [
      ...select(document, root, 'definitions.services.*.image'),
      ...select(document, root, 'definitions.services.*.image.name'),
    ];
    const pipes = deep(document, root, (key) => key === 'pipe');
    const read = unless(/\$\{?\w/);
    return [
      ...scalarValues(document, places, { kind: 'image', role: 'runs' }, read, 'mapping'),
      ...scalarValues(document, services, { kind: 'service', role: 'runs' }, read, 'mapping'),
      // Without the scheme a pipe is versioned by tags of its repository.
      ...scalarValues(document, pipes, { kind: 'pipe', role: 'runs' }, (text) =>
        text.text.startsWith('docker://') ? read(text) : 'none',
      ),
    ];
  },
});

/** Every value under such a key, however deep it is, in the order of the file. */
function deep(
  document: YamlDocument,
  root: unknown,
  isWanted: (key: string) => boolean,
): readonly { readonly key: string; readonly node: Node }[] {
  const found: { readonly key: string; readonly node: Node }[] = [];
  const seen = new Set<Node>();
  const waiting: unknown[] = [root];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const node = resolved(document, one);
    if (node === null || seen.has(node) || document.budget.left-- <= 0) continue;
    seen.add(node);
    if (isSeq(node)) waiting.push(...node.items.toReversed());
    if (!isMap(node)) continue;
    for (const [key, value] of [...entriesOf(document, node)].reverse()) {
      const target = resolved(document, value);
      if (target !== null && isWanted(key)) found.push({ key, node: target });
      waiting.push(value);
    }
  }
  return found;
}

/** Objects of Kubernetes' own kinds often stand in the same file, which no other reader is asked about then. */
const tekton = yamlReader({
  name: 'tekton',
  mayHold: (text) => text.includes('tekton.dev'),
  isOwn: (document) => objectsOf(document, document.root).some((object) => isTekton(document, object)),
  images: (document) =>
    objectsOf(document, document.root).flatMap((object) =>
      isTekton(document, object) ? tektonImages(document, object) : imagesOfObject(document, object),
    ),
});

function tektonImages(document: YamlDocument, root: unknown): readonly ImageValue[] {
  const templates = ['spec.resourcetemplates[]', 'spec.resourceTemplates[]'].flatMap((path) =>
    select(document, root, path).map(({ node }) => node),
  );
  return [root, ...templates].flatMap((object) => {
    const spec = valueOf(document, object, 'spec');
    const pipeline = valueOf(document, spec, 'pipelineSpec');
    const tasks = [spec, pipeline].flatMap((one) =>
      ['tasks[].taskSpec', 'finally[].taskSpec'].flatMap((path) => select(document, one, path)),
    );
    const specs = [spec, valueOf(document, spec, 'taskSpec'), ...tasks.map(({ node }) => node)];
    return specs.flatMap((one) =>
      ['steps[].image', 'sidecars[].image', 'stepTemplate.image', 'image'].flatMap((path) =>
        scalarValues(document, select(document, one, path), { kind: 'image', role: 'runs' }, (text) =>
          text.text.includes('$(') ? filledIn : manifestImage(text),
        ),
      ),
    );
  });
}

function isTekton(document: YamlDocument, object: unknown): boolean {
  return objectType(document, object)?.group.includes('tekton.dev/') ?? false;
}

/** Modules by their short and full names; what each calls the image. */
const modules: Readonly<Record<string, string>> = {
  docker_container: 'image',
  docker_image: 'name',
  docker_image_pull: 'name',
  docker_swarm_service: 'image',
  podman_container: 'image',
  podman_image: 'name',
};

const ansible = yamlReader({
  name: 'ansible',
  mayHold: (text) => /docker_|podman_/.test(text),
  isOwn: (document) => isSeq(document.root) && hasName(ansibleImages(document)),
  images: ansibleImages,
});

function ansibleImages(document: YamlDocument): readonly ImageValue[] {
  const module = (key: string): string | undefined =>
    /^(?:(?:community\.(?:docker|general)|containers\.podman)\.)?(\w+)$/.exec(key)?.[1];
  const tasks = deep(document, document.root, (key) => modules[module(key) ?? ''] !== undefined);
  return tasks.flatMap(({ key, node }) => {
    // An image that is built is the task's own.
    if (
      valueOf(document, node, 'build') !== undefined ||
      scalarText(document, valueOf(document, node, 'source')) === 'build'
    )
      return [];
    const named = modules[module(key) ?? ''] ?? '';
    const [tag] = select(document, node, 'tag');
    const found = scalarValues(
      document,
      select(document, node, named),
      { kind: 'image', role: 'runs' },
      unless(/\{\{|\{%/),
      // Modules take lists of names, and variables of such a name may be anything.
      'anything',
    );
    return named === 'name' && tag !== undefined ? found.map((one) => withTag(document, one, tag)) : found;
  });
}

function withTag(document: YamlDocument, value: ImageValue, { node }: Found): ImageValue {
  const [tag] = scalarValues(document, [{ node }], { kind: 'image', role: 'runs' });
  const [name, number] = [value.text, tag?.text];
  if (tag === undefined || name === undefined || number === undefined || !('runs' in name) || !('runs' in number))
    return value;
  if (/[:@]/.test(name.text.slice(name.text.lastIndexOf('/') + 1))) return value;
  return { ...value, at: { name: value.at.name, tag: tag.at.name }, text: join([name, untied(':'), number]) };
}

/** What reads each of them. */
export const readers = { circleci, cloudbuild, batect, ko, azure, bitbucket, tekton, ansible } as const;

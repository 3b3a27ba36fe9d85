import type { FormatReader } from '../format.ts';
import { behind, type Unread } from '../text/image-values.ts';
import type { Traced } from '../text/traced.ts';
import { select } from './select.ts';
import { scalarText, valueOf, type YamlDocument } from './yaml-documents.ts';
import { type ImageValue, scalarValues, yamlReader } from './yaml-format.ts';

/**
 * Woodpecker, Crow, Drone and Vela, which stem from one another. Sources: woodpecker-ci.org/docs/usage/workflow-syntax,
 * crowci.dev, docs.drone.io/pipeline/docker/syntax, go-vela.github.io/docs/reference/yaml. Steps, services and clone are a
 * mapping or a list; `settings` are inputs of a plugin, whatever they are called.
 */
function image(text: Traced): Traced | Unread {
  if (/\$(?:\{|\w)|\{\{/.test(text.text)) {
    return { skipped: 'template', why: 'a variable that only the pipeline knows the value of' };
  }
  return text.text.startsWith('docker://') ? behind(text, 'docker://') : text;
}

const paths: readonly (readonly [path: string, kind: string])[] = [
  ['steps.%.image', 'step'],
  ['pipeline.%.image', 'step'],
  ['services.%.image', 'service'],
  ['clone.%.image', 'clone'],
  ['stages.*.steps[].image', 'step'],
  ['secrets[].origin.image', 'secret'],
  ['trigger.image', 'step'],
];

function imagesOf(document: YamlDocument): readonly ImageValue[] {
  const { root } = document;
  const platform = platformOf(document, root);
  return paths
    .flatMap(([path, kind]) => scalarValues(document, select(document, root, path), { kind, role: 'runs' }, image))
    .map((one) => (platform === undefined ? one : { ...one, platform }));
}

/** Drone's `platform: { os, arch }`, and Woodpecker's `labels.platform`. */
function platformOf(document: YamlDocument, root: unknown): string | undefined {
  const label = scalarText(document, valueOf(document, valueOf(document, root, 'labels'), 'platform'));
  if (label !== undefined && /^\w+\/\w+$/.test(label)) return label;
  const own = valueOf(document, root, 'platform');
  const [os, architecture] = ['os', 'arch'].map((key) => scalarText(document, valueOf(document, own, key)));
  return os && architecture && /^\w+$/.test(os + architecture) ? `${os}/${architecture}` : undefined;
}

function pipelineReader(name: string): FormatReader {
  return yamlReader({
    name,
    mayHold: (text) => text.includes('image'),
    isOwn: (document) => paths.some(([path]) => select(document, document.root, path).length > 0),
    images: imagesOf,
  });
}

/** What reads each of them. */
export const readers = {
  woodpecker: pipelineReader('woodpecker'),
  crow: pipelineReader('crow'),
  drone: pipelineReader('drone'),
  vela: pipelineReader('vela'),
} as const;

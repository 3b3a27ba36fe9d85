import { isMap, type Scalar } from 'yaml';
import { buildOf } from '../build.ts';
import { readDockerfile } from '../dockerfile/parse.ts';
import type { OrderedBuild } from '../format.ts';
import type { ValuesBeside } from '../text/image-values.ts';
import { insertion } from '../text/replacement.ts';
import { slice, type Traced } from '../text/traced.ts';
import { environmentOf, envValues, wordsIn } from './env-file.ts';
import { interpolate, type Variables } from './interpolate.ts';
import { select } from './select.ts';
import { scalarOf, scalarText, tracedScalar, valueOf, valueRange, type YamlDocument } from './yaml-documents.ts';
import { type ImageValue, misplaced, type YamlTable, yamlReader } from './yaml-format.ts';

/**
 * Compose files. Sources: compose-spec, 05-services.md, build.md and 12-interpolation.md; docs.docker.com/compose.
 * `services.*.image`, images of volumes, and `docker-image://` among a build's additional contexts. The name beside `build`
 * is what is built. Services at the top of the file are version 1.
 */
const table: YamlTable = {
  name: 'compose',
  mayHold: (text) => /image|services|build/.test(text),
  isOwn: (document) => select(document, document.root, 'services.*').some(({ node }) => isService(document, node)),
  images: imagesOf,
  builds: (document, file, beside) => {
    const values = envValues(beside?.text ?? '');
    return buildsOf(document, file, (name) => values.get(name)?.text);
  },
  beside: '.env',
};

/** What reads compose files. */
export const reader = yamlReader(table);

function isService(document: YamlDocument, node: unknown): boolean {
  return (
    isMap(node) && (valueOf(document, node, 'image') !== undefined || valueOf(document, node, 'build') !== undefined)
  );
}

/** The images of a document, with the variables that the `.env` beside it gives. */
function imagesOf(document: YamlDocument, beside: ValuesBeside | undefined): readonly ImageValue[] {
  if (beside === undefined) return imagesIn(document, () => undefined);
  const { values, valueAt, whyFixed } = environmentOf(document.text, beside);
  const images = imagesIn(document, (name) => values.get(name)?.text);
  const ranges = images
    .filter(({ text }) => text !== undefined && 'runs' in text)
    .map(({ at }) => valueRange(document, at.name));
  const own = new Map(ranges.map(({ start, end }) => [start, document.text.slice(start, end)]));
  const inImages = wordsIn([...own.values()].join('\n'), values);
  return images.map((image) => {
    if (image.text === undefined || !('runs' in image.text)) return image;
    const found = new Set(image.text.runs.map(({ from }) => valueAt(from)).filter((one) => one !== undefined));
    const from = Array.from(found, ({ name, range }) => {
      const fixed = whyFixed(name, inImages);
      return { ...range, ...(fixed !== undefined && { fixed }) };
    });
    return from.length === 0 ? image : { ...image, from };
  });
}

function imagesIn(document: YamlDocument, variables: Variables): readonly ImageValue[] {
  const { root } = document;
  const services = select(document, root, 'services.*');
  // Version 1 had them at the top, and nothing else there.
  const all =
    valueOf(document, root, 'services') === undefined
      ? select(document, root, '*').filter(
          ({ key }) => !/^(?:x-.*|version|name|include|networks|volumes|secrets|configs|models)$/.test(key),
        )
      : services;
  // A fragment is reached by whoever merges it; one that nobody merges is used by nobody.
  return all.flatMap(({ node }) => imagesOfService(document, node, variables));
}

function imagesOfService(document: YamlDocument, service: unknown, variables: Variables): ImageValue[] {
  if (!isMap(service)) return [];
  const platformText = scalarText(document, valueOf(document, service, 'platform'));
  const platform = platformText === undefined || /[$]/.test(platformText) ? {} : { platform: platformText };
  const image = scalarOf(document, valueOf(document, service, 'image'));
  const build = valueOf(document, service, 'build');
  const isBuilt = build !== undefined && !isNothing(document, build);
  const read = (text: Traced, scalar: Scalar): Pick<ImageValue, 'text' | 'fixed' | 'note' | 'digestAt'> =>
    expandedText(document, text, scalar, variables);
  const own: ImageValue[] =
    image === undefined || isNothing(document, image)
      ? misplaced(document, valueOf(document, service, 'image'), { kind: 'image', role: 'runs' })
      : [
          isBuilt
            ? {
                at: { name: image },
                kind: 'image',
                role: 'runs',
                skipped: 'output',
                why: 'it is the name of what is built here',
              }
            : {
                at: { name: image },
                kind: 'image',
                role: 'runs',
                ...platform,
                ...read(tracedScalar(document, image), image),
              },
        ];
  const volumes = select(document, service, 'volumes[]').flatMap(({ node }): ImageValue[] => {
    const source = scalarOf(document, valueOf(document, node, 'source'));
    if (source === undefined || scalarText(document, valueOf(document, node, 'type')) !== 'image') return [];
    return [
      {
        at: { name: source },
        kind: 'volume',
        role: 'runs',
        ...platform,
        ...read(tracedScalar(document, source), source),
      },
    ];
  });
  return [...own, ...volumes, ...contexts(document, service, read), ...inlineImages(document, service)];
}

/** `build` of every service, as far as it can be told from this file: its path or its `context`, `dockerfile` and `args`. */
function buildsOf(document: YamlDocument, file: string, variables: Variables): OrderedBuild[] {
  const known = (node: unknown): string | undefined => {
    const scalar = scalarOf(document, node);
    if (scalar === undefined || isNothing(document, scalar)) return undefined;
    const result = interpolate(tracedScalar(document, scalar), variables);
    return result.kind === 'text' && result.unset.length === 0 ? result.text.text : undefined;
  };
  return select(document, document.root, 'services.*.build').flatMap(({ node, parent }) => {
    const of = (key: string): unknown => valueOf(document, node, key);
    if (of('dockerfile_inline') !== undefined) return [];
    const args = new Map<string, string>();
    for (const { node: value, key, parent } of select(document, node, 'args.%')) {
      const text = known(value);
      const [name, given] = isMap(parent) ? [key, text] : (text?.split(/=(.*)/s) ?? []);
      if (name !== undefined && given !== undefined) args.set(name, given);
    }
    const context = isMap(node) ? (of('context') === undefined ? '.' : known(of('context'))) : known(node);
    const dockerfile = of('dockerfile') === undefined ? 'Dockerfile' : known(of('dockerfile'));
    const image = known(valueOf(document, parent, 'image'));
    const tags = select(document, node, 'tags[]').map(({ node: tag }) => known(tag));
    const images = [image, ...tags].filter((one) => one !== undefined);
    return buildOf({ from: file, context, dockerfile }, { args, images, target: known(of('target')) });
  });
}

/** `dockerfile_inline`: a Dockerfile in a block. */
function inlineImages(document: YamlDocument, service: unknown): ImageValue[] {
  const scalar = scalarOf(document, valueOf(document, valueOf(document, service, 'build'), 'dockerfile_inline'));
  if (scalar === undefined) return [];
  const content = tracedScalar(document, scalar);
  const inner = readDockerfile(content.text);
  return inner.uses.map((use) => ({
    at: { name: scalar },
    kind: use.kind,
    role: use.role,
    inner: { use, content, document: inner },
  }));
}

/** Null, in any spelling, also what `!reset` undoes. */
function isNothing(document: YamlDocument, node: unknown): boolean {
  const scalar = scalarOf(document, node);
  return scalar !== undefined && /^(?:|~|null)$/i.test(tracedScalar(document, scalar).text);
}

const scheme = 'docker-image://';

/** `additional_contexts`, as a mapping or as a list of `name=value`. */
function contexts(
  document: YamlDocument,
  service: unknown,
  read: (text: Traced, scalar: Scalar) => Pick<ImageValue, 'text' | 'fixed' | 'note' | 'digestAt'>,
): ImageValue[] {
  const all = select(document, service, 'build.additional_contexts.%');
  return all.flatMap(({ node }): ImageValue[] => {
    const scalar = scalarOf(document, node);
    const text = scalar && tracedScalar(document, scalar);
    const at = text?.text.indexOf(scheme) ?? -1;
    if (scalar === undefined || text === undefined || at < 0) return [];
    if (at > 0 && text.text[at - 1] !== '=') return [];
    return [
      {
        at: { name: scalar },
        kind: 'additional-context',
        role: 'base',
        ...read(slice(text, at + scheme.length), scalar),
      },
    ];
  });
}

/**
 * A value with its variables. A digest goes where the image ends: into a default, or the `.env` that sets the variable; else
 * behind the value: a variable that is set without one then simply wins.
 */
function expandedText(
  document: YamlDocument,
  text: Traced,
  scalar: Scalar,
  variables: Variables,
): Pick<ImageValue, 'text' | 'fixed' | 'note' | 'digestAt'> {
  const result = interpolate(text, variables);
  if (result.kind === 'invalid') return { text: { skipped: 'invalid', why: result.message } };
  if (result.kind === 'required') {
    const why = `${result.name} has no value in this file, and compose requires one`;
    return { text: { skipped: 'unresolved', why } };
  }
  if (result.unset.length === 0) {
    const names = [...new Set(text.text.match(/\$\{?[A-Za-z_]\w*/g) ?? [])].map((one) => one.replace(/^\$\{?/, ''));
    const note = `what ${names.join(', ')} is set to where it is started stands before what is written here`;
    return { text: result.text, ...(names.length > 0 && { note }), ...behindValue(document, result.text, scalar) };
  }
  const names = [...new Set(result.unset)].join(', ');
  const why = `${names} has no value in this file`;
  if (!/^[^:@]+(?::[^/:@]+)?(?:@.+)?$/.test(result.text.text)) return { text: { skipped: 'unresolved', why } };
  return { text: result.text, fixed: `${why}, and whoever starts it may give one` };
}

/** Where the last character of the image is no part of this very value, a digest stands behind the value. */
function behindValue(document: YamlDocument, text: Traced, scalar: Scalar): Pick<ImageValue, 'digestAt'> {
  const { start, end } = valueRange(document, scalar);
  const last = text.runs.at(-1);
  const isInFile = last !== undefined && (last.from >= document.text.length || (last.from >= start && last.from < end));
  return isInFile ? {} : { digestAt: insertion(end, '@') };
}

import { readDockerfile } from '../dockerfile/parse.ts';
import type { FormatReader } from '../format.ts';
import { readJson } from '../jsonc/json-values.ts';
import { type ImageValue, valuesReader } from '../text/image-values.ts';
import { entries, entry, items, type ObjectValue, stringText, type Value } from '../text/value-tree.ts';
import { hclReader, variablesOf, withError } from './hcl-format.ts';
import { imagesIn, readLoosely, type Variables } from './hcl-template.ts';

/*
 * Files of `docker buildx bake` (docs.docker.com/build/bake/reference), in HCL or JSON: `docker-image://` among the
 * contexts of a target, and Dockerfiles written into it. `tags`, `output` and caches name what is made, `target:` another
 * target.
 */

const scheme = /^docker-image:\/\//;

/** A variable is named where it is declared, and where it is used. */
const once = 2;

const hcl = hclReader({
  name: 'bake',
  mayHold,
  isOwn: (body) => body.blocks.some(({ type, labels }) => type === 'target' && labels.length === 1),
  images: (body, text) => {
    const declared = body.blocks.flatMap(({ type, labels: [name], body: { attributes } }) =>
      type === 'variable' && name !== undefined ? [[name, attributes.get('default')] as const] : [],
    );
    const variables = variablesOf(text, declared, once);
    const targets = body.blocks.filter(({ type }) => type === 'target');
    return targets.flatMap(({ body: own }) => imagesOfTarget(text, [...own.attributes], variables));
  },
});

const json = valuesReader({
  name: 'bake',
  recognises: (text) => mayHold(text) && entries(entry(readJson(text).root, 'target')).length > 0,
  find: (text) => {
    if (!mayHold(text)) return { values: [], problems: [] };
    const { root, error } = readJson(text);
    const declared = entries(entry(root, 'variable')).map(([name, one]) => [name, entry(one, 'default')] as const);
    const variables = variablesOf(text, declared, once);
    const targets = entries(entry(root, 'target'));
    const images = targets.flatMap(([, target]) => imagesOfTarget(text, entries(target), variables));
    return withError(images, error && { ...error, code: 'json-invalid', language: 'JSON' });
  },
});

function mayHold(text: string): boolean {
  return /target/.test(text);
}

const isJson = (text: string): boolean => /^\ufeff?\s*\{/.test(text);

/** What reads files of bake. */
export const reader: FormatReader = {
  name: 'bake',
  recognises: (text) => (isJson(text) ? json : hcl).recognises(text),
  read: (text, file) => (isJson(text) ? json : hcl).read(text, file),
};

function imagesOfTarget(text: string, target: ObjectValue['entries'], variables: Variables): ImageValue[] {
  const of = (key: string): Value | undefined => target.findLast(([name]) => name === key)?.[1];
  const platforms = items(of('platforms')).map(stringText);
  const [platform] = platforms;
  const only = platforms.length === 1 && platform !== undefined && /^[\w./-]+$/.test(platform) ? { platform } : {};
  const contexts = entries(of('contexts')).flatMap(([, value]) =>
    imagesIn(text, value, { kind: 'context', role: 'base', ...only }, variables, scheme),
  );
  const inline = of('dockerfile-inline');
  if (inline?.kind !== 'string') return contexts;
  const content = readLoosely(inline, variables);
  const document = readDockerfile(content.text);
  const images = document.uses.map(
    (use): ImageValue => ({
      at: { name: inline.range },
      kind: use.kind,
      role: use.role,
      inner: { use, content, document },
    }),
  );
  return [...contexts, ...images];
}

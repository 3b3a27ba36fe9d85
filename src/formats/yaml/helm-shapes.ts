import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { Unread } from '../text/image-values.ts';
import { insertion } from '../text/replacement.ts';
import { join, type Traced, untied } from '../text/traced.ts';
import { entriesOf, resolved, scalarOf, tracedScalar, valueRange, type YamlDocument } from './yaml-documents.ts';
import type { ImageValue } from './yaml-format.ts';

/**
 * Images in the values of a chart, which have no schema: only shapes whose keys stand beside each other in one mapping.
 * `repository` with `tag`, and with `registry` and `digest` where they are there; `image: name:tag`, also under names that end
 * in Image; `image` with a `tag` beside it. A `digest` that is there and empty is filled, as charts that have it read it before
 * the tag; where there is none, the digest goes behind the tag, since templates join both with a colon. Convention of
 * charts: helm.sh/docs/chart_best_practices/values and Bitnami's common library.
 */
export function helmImages(
  document: YamlDocument,
  root: unknown,
  read: (text: Traced) => Traced | Unread,
): readonly ImageValue[] {
  const found: ImageValue[] = [];
  const seen = new Set<Node>();
  const waiting: { readonly node: unknown; readonly key: string }[] = [{ node: root, key: '' }];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const node = resolved(document, one.node);
    if (node === null || seen.has(node) || document.budget.left-- <= 0) continue;
    seen.add(node);
    if (isSeq(node)) for (const item of node.items) waiting.push({ node: item, key: one.key });
    if (!isMap(node)) continue;
    const taken = shapeOf(document, node, one.key, read);
    found.push(...taken);
    for (const [key, value] of entriesOf(document, node)) waiting.push({ node: value, key });
  }
  return found;
}

const isImageKey = (key: string): boolean => /^image$|Image$|_image$|^image[A-Z_]|-image$/.test(key);

function shapeOf(
  document: YamlDocument,
  map: YAMLMap<unknown, unknown>,
  key: string,
  read: (text: Traced) => Traced | Unread,
): ImageValue[] {
  const entries = entriesOf(document, map);
  const scalar = (name: string): Scalar | undefined => {
    const one = scalarOf(document, entries.get(name));
    return one && isText(document, one) ? one : undefined;
  };
  const tag = scalar('tag') ?? (isImageKey(key) ? scalar('version') : undefined);
  const repository = scalar('repository') ?? (isImageKey(key) ? scalar('name') : undefined);
  const images: ImageValue[] = [];
  if (repository !== undefined && entries.has('tag') && tag === undefined) return images;
  if (repository !== undefined && tag !== undefined) {
    images.push(
      apart(document, { registry: scalar('registry'), repository, tag, digest: digestOf(document, entries) }, read),
    );
  }
  for (const [name, value] of entries) {
    if (!isImageKey(name)) continue;
    const whole = scalarOf(document, value);
    if (whole === undefined || !isText(document, whole)) continue;
    const text = tracedScalar(document, whole);
    const beside =
      name === 'image'
        ? (scalar('imageTag') ?? (/[:@]/.test(lastPart(text.text)) ? undefined : scalar('tag')))
        : undefined;
    if (beside !== undefined) {
      const parts = {
        registry: scalar('registry'),
        repository: whole,
        tag: beside,
        digest: digestOf(document, entries),
      };
      images.push(apart(document, parts, read));
    } else if (/[:@]/.test(lastPart(text.text)) && !/\s/.test(text.text)) {
      images.push({ at: { name: whole }, kind: 'image', role: 'runs', text: read(text) });
    }
  }
  return images;
}

/** The component that may have a tag or a digest. */
function lastPart(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

function isText(document: YamlDocument, scalar: Scalar): boolean {
  return !/^(?:|~|null|true|false)$/i.test(tracedScalar(document, scalar).text);
}

/** A digest key that is there, be it empty. */
function digestOf(document: YamlDocument, entries: ReadonlyMap<string, unknown>): Scalar | undefined {
  const node = resolved(document, entries.get('digest'));
  return isScalar(node) ? node : undefined;
}

function apart(
  document: YamlDocument,
  {
    registry,
    repository,
    tag,
    digest,
  }: {
    readonly registry: Scalar | undefined;
    readonly repository: Scalar;
    readonly tag: Scalar;
    readonly digest: Scalar | undefined;
  },
  read: (text: Traced) => Traced | Unread,
): ImageValue {
  const name = tracedScalar(document, repository);
  const host = registry && tracedScalar(document, registry);
  const known = digest && isText(document, digest) ? [untied('@'), tracedScalar(document, digest)] : [];
  const whole = join([...(host ? [host, untied('/')] : []), name, untied(':'), tracedScalar(document, tag), ...known]);
  const isEmpty = digest !== undefined && known.length === 0;
  return {
    at: { name: repository, tag, ...(digest && !isEmpty && { digest }) },
    kind: 'image',
    role: 'runs',
    text: read(whole),
    ...(isEmpty && { digestAt: emptyPlace(document, digest) }),
  };
}

/** Between the quotes of an empty value, or behind the colon of one that is not there. */
function emptyPlace(document: YamlDocument, scalar: Scalar): (digest: string) => ReturnType<typeof insertion> {
  const { start, end } = valueRange(document, scalar);
  const written = document.text.slice(start, end);
  return (digest) => {
    if (written !== '') return { range: { start, end }, text: digest };
    return insertion(start, document.text[start - 1] === ':' ? ` ${digest}` : digest);
  };
}

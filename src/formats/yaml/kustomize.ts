import { isMap, type Scalar } from 'yaml';
import { insertion, type Replacement } from '../text/replacement.ts';
import { join, type Traced, untied } from '../text/traced.ts';
import { image, objectType } from './kubernetes.ts';
import { select } from './select.ts';
import { entriesOf, scalarOf, tracedScalar, valueRange, type YamlDocument } from './yaml-documents.ts';
import { type ImageValue, misplaced, yamlReader } from './yaml-format.ts';

/**
 * `images` of kustomizations. Source: kubectl.docs.kubernetes.io/references/kustomize/kustomization/images, and its
 * `imagetag` updater: `newName` replaces the name; `newTag` alone drops a digest of the manifests, `digest` alone their tag,
 * and both give `name:newTag@digest`. What has neither takes its tag from the manifests, and cannot be followed from here.
 */
function imagesOf(document: YamlDocument): readonly ImageValue[] {
  const entries = [...select(document, document.root, 'images[]'), ...select(document, document.root, 'imageTags[]')];
  return entries.flatMap(({ node }): ImageValue[] => {
    if (!isMap(node)) return [];
    const fields = entriesOf(document, node);
    const field = (name: string): Scalar | undefined => {
      const scalar = scalarOf(document, fields.get(name));
      return scalar && tracedScalar(document, scalar).text !== '' ? scalar : undefined;
    };
    const wrong = ['name', 'newName', 'newTag', 'digest'].flatMap((key) =>
      misplaced(document, fields.get(key), { kind: 'image', role: 'runs' }),
    );
    if (wrong.length > 0) return wrong;
    const [name, tag, digest] = [field('newName') ?? field('name'), field('newTag'), field('digest')];
    if (name === undefined) return [];
    if (tag === undefined && digest === undefined) {
      // A new name may bring the tag along.
      const whole = tracedScalar(document, name);
      const isWhole = fields.has('newName') && /[:@]/.test(whole.text.slice(whole.text.lastIndexOf('/') + 1));
      return isWhole ? [{ at: { name }, kind: 'image', role: 'runs', text: image(whole) }] : [];
    }
    const text = (scalar: Scalar): Traced => tracedScalar(document, scalar);
    const whole = join([
      text(name),
      ...(tag ? [untied(':'), text(tag)] : []),
      ...(digest ? [untied('@'), text(digest)] : []),
    ]);
    return [
      {
        at: { name, ...(tag && { tag }), ...(digest && { digest }) },
        kind: 'image',
        role: 'runs',
        text: image(whole),
        ...(tag &&
          !digest &&
          !/@/.test(text(tag).text) && { digestAt: (wanted: string) => digestLine(document, tag, wanted) }),
      },
    ];
  });
}

/** A line of its own behind that of the tag, as deep as its key; in a flow mapping, behind the tag. */
function digestLine(document: YamlDocument, tag: Scalar, digest: string): Replacement {
  const { text } = document;
  const { start, end } = valueRange(document, tag);
  const head = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const before = /^(\s*(?:- +)?)(["']?newTag["']?\s*:\s*["']?)$/.exec(head)?.[1];
  const close = start > 0 && /["']/.test(text[start - 1] ?? '') && text[end] === text[start - 1] ? end + 1 : end;
  if (before === undefined) return insertion(close, `, digest: ${digest}`);
  const feed = text.indexOf('\n', close);
  const lineEnd = feed < 0 ? text.length : text[feed - 1] === '\r' ? feed - 1 : feed;
  const newline = text[feed - 1] === '\r' ? '\r\n' : '\n';
  return insertion(lineEnd, `${newline}${before.replace('-', ' ')}digest: ${digest}`);
}

/** What reads kustomizations. */
export const reader = yamlReader({
  name: 'kustomize',
  mayHold: (text) => /image/.test(text),
  isOwn: (document) => {
    const type = objectType(document, document.root);
    return type !== undefined && /^kustomize\.config\.k8s\.io\//.test(type.group);
  },
  images: imagesOf,
});

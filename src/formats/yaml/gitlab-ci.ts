import { isMap, type Scalar } from 'yaml';
import { buildOf } from '../build.ts';
import type { OrderedBuild } from '../format.ts';
import type { Unread } from '../text/image-values.ts';
import { insertion } from '../text/replacement.ts';
import { join, slice, type Traced } from '../text/traced.ts';
import { buildLines } from './docker-build-lines.ts';
import { select } from './select.ts';
import {
  entriesOf,
  scalarOf,
  scalarText,
  tracedScalar,
  valueOf,
  valueRange,
  type YamlDocument,
} from './yaml-documents.ts';
import { type ImageValue, misplaced, yamlReader } from './yaml-format.ts';

/**
 * GitLab's pipelines. Source: docs.gitlab.com/ci/yaml (`image`, `services`, `variables`, `default`), ci/variables. A variable
 * that the file gives a literal value is expanded; a project may override it. The prefixes of the dependency proxy are
 * Docker Hub through a cache. `$[[ … ]]` and what the runner alone knows are left to it.
 */
const reserved = new Set(
  'default include stages variables workflow cache spec before_script after_script image services pages:deploy'.split(
    ' ',
  ),
);
const proxies = /^\$\{?CI_DEPENDENCY_PROXY_(?:DIRECT_)?GROUP_IMAGE_PREFIX\}?\//;
const foreign: Unread = { skipped: 'template', why: 'a variable that only the pipeline knows the value of' };

function imagesOf(document: YamlDocument): readonly ImageValue[] {
  const { root } = document;
  const globals = variablesOf(document, root);
  const jobs = [...entriesOf(document, root)].flatMap(([name, job]) =>
    reserved.has(name) || !isMap(job) ? [] : [job],
  );
  return [root, valueOf(document, root, 'default'), ...jobs].flatMap((job) => {
    const own = job === root ? globals : new Map([...globals, ...variablesOf(document, job)]);
    const read = (scalar: Scalar): Pick<ImageValue, 'text' | 'digestAt'> => expanded(document, scalar, own);
    const found: { readonly scalar: Scalar; readonly kind: string }[] = [];
    const wrong: ImageValue[] = [];
    for (const path of ['image', 'image.name', 'services[]', 'services[].name']) {
      const kind = path.startsWith('image') ? 'image' : 'service';
      for (const { node } of select(document, job, path)) {
        const scalar = scalarOf(document, node);
        const about = { kind, role: 'runs' } as const;
        if (scalar === undefined)
          wrong.push(...misplaced(document, node, about, path.endsWith('name') ? 'nothing' : 'mapping'));
        else if (scalarText(document, scalar) !== '') found.push({ scalar, kind });
      }
    }
    const platform = scalarText(document, select(document, job, 'image.docker.platform')[0]?.node);
    const named = found.map(
      ({ scalar, kind }): ImageValue => ({
        at: { name: scalar },
        kind,
        role: 'runs',
        ...(platform && !platform.includes('$') && { platform }),
        ...read(scalar),
      }),
    );
    return [...named, ...wrong];
  });
}

/** Literal values, be they written as `value` of a mapping. */
function variablesOf(document: YamlDocument, job: unknown): Map<string, Scalar> {
  const found = new Map<string, Scalar>();
  for (const [name, value] of entriesOf(document, valueOf(document, job, 'variables'))) {
    const scalar = scalarOf(document, value) ?? scalarOf(document, valueOf(document, value, 'value'));
    if (scalar !== undefined) found.set(name, scalar);
  }
  return found;
}

function expanded(
  document: YamlDocument,
  scalar: Scalar,
  variables: ReadonlyMap<string, Scalar>,
): Pick<ImageValue, 'text' | 'digestAt'> {
  const text = tracedScalar(document, scalar);
  const proxy = proxies.exec(text.text)?.[0];
  const whole = expand(document, proxy === undefined ? text : slice(text, proxy.length), variables, 0);
  if (whole === undefined || /\$\[\[|%\w+%|\{\{/.test(whole.text)) return { text: foreign };
  const { start, end } = valueRange(document, scalar);
  const last = whole.runs.at(-1);
  const isHere = last !== undefined && last.from >= start && last.from < end;
  return { text: whole, ...(!isHere && { digestAt: insertion(end, '@') }) };
}

/** Variables within variables are expanded a few levels deep; undefined for one that the file gives no value. */
function expand(
  document: YamlDocument,
  text: Traced,
  variables: ReadonlyMap<string, Scalar>,
  depth: number,
): Traced | undefined {
  const pieces: Traced[] = [];
  let from = 0;
  for (const match of text.text.matchAll(/\$(?:\{(\w+)\}|(\w+)|\$|\[\[)/g)) {
    if (match[0] === '$[[') return undefined;
    pieces.push(slice(text, from, match.index));
    from = match.index + match[0].length;
    const known = variables.get(match[1] ?? match[2] ?? '');
    if (known === undefined || depth > 4) return undefined;
    const value = expand(document, tracedScalar(document, known), variables, depth + 1);
    if (value === undefined) return undefined;
    pieces.push(value);
  }
  pieces.push(slice(text, from));
  return join(pieces.filter((one) => one.text !== ''));
}

/** Builds that a job's script runs, where they are written out. */
function buildsOf(document: YamlDocument): readonly OrderedBuild[] {
  return [...entriesOf(document, document.root)].flatMap(([name, job]) => {
    if (reserved.has(name) || !isMap(job)) return [];
    const lines = [...select(document, job, 'script'), ...select(document, job, 'script[]')];
    const script = lines.map(({ node }) => scalarText(document, scalarOf(document, node)) ?? '').join('\n');
    return buildLines(script).flatMap(({ context, dockerfile, ...said }) =>
      buildOf(dockerfile === undefined ? { from: '', context } : { from: '', context: '.', dockerfile }, said),
    );
  });
}

/** What reads GitLab's pipelines. */
export const reader = yamlReader({
  name: 'gitlab-ci',
  mayHold: (text) => /image|services/.test(text),
  isOwn: (document) => select(document, document.root, '*.script').length > 0,
  images: imagesOf,
  builds: buildsOf,
});

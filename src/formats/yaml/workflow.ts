import { buildOf } from '../build.ts';
import type { OrderedBuild } from '../format.ts';
import { behind, type Unread } from '../text/image-values.ts';
import type { Traced } from '../text/traced.ts';
import { type Found, select } from './select.ts';
import { scalarText, valueOf, type YamlDocument } from './yaml-documents.ts';
import { type ImageValue, scalarValues, yamlReader } from './yaml-format.ts';

/**
 * Workflows and actions of GitHub, Gitea and Forgejo. Sources: docs.github.com, "Workflow syntax" (`container`, `services`,
 * `uses`) and "Metadata syntax" (`runs.image`); Forgejo's and Gitea's follow it. `docker://` is allowed before both kinds of
 * image; without it `uses` names an action, and `runs.image` a file.
 */
const scheme = 'docker://';
const expression: Unread = { skipped: 'template', why: 'an expression that only a run knows the value of' };

function image(text: Traced): Traced | Unread {
  if (text.text.includes('${{')) return expression;
  return text.text.startsWith(scheme) ? behind(text, scheme) : text;
}

function dockerUse(text: Traced): Traced | Unread | 'none' {
  return text.text.startsWith(scheme) ? image(text) : 'none';
}

function imagesOf(document: YamlDocument): readonly ImageValue[] {
  const { root } = document;
  const at = (path: string): readonly Found[] => select(document, root, path);
  const jobs = at('jobs.*').flatMap(({ node }) => {
    const runner = scalarText(document, valueOf(document, node, 'runs-on')) ?? '';
    const platform = /-arm(?:64)?$/.test(runner) ? { platform: 'linux/arm64' } : {};
    const inJob = (path: string): readonly Found[] => select(document, node, path);
    const images = [
      ...scalarValues(document, inJob('container'), { kind: 'container', role: 'runs' }, image, 'mapping'),
      ...scalarValues(document, inJob('container.image'), { kind: 'container', role: 'runs' }, image),
      ...scalarValues(document, inJob('services.*'), { kind: 'service', role: 'runs' }, image, 'mapping'),
      ...scalarValues(document, inJob('services.*.image'), { kind: 'service', role: 'runs' }, image),
      ...scalarValues(document, inJob('steps[].uses'), { kind: 'uses', role: 'runs' }, dockerUse),
    ];
    return images.map((one) => ({ ...one, ...platform }));
  });
  return [
    ...jobs,
    ...scalarValues(document, at('runs.steps[].uses'), { kind: 'uses', role: 'runs' }, dockerUse),
    ...scalarValues(document, at('runs.image'), { kind: 'image', role: 'runs' }, dockerUse),
  ];
}

/**
 * Steps of docker/build-push-action: `context`, `file`, `target`, `build-args` and `tags` (a line each). Source: its README, "inputs". Paths
 * are those of the checkout, and what an expression says only a run knows.
 */
function buildsOf(document: YamlDocument): OrderedBuild[] {
  return select(document, document.root, 'jobs.*.steps[]').flatMap(({ node }) => {
    const of = (key: string): string | undefined =>
      scalarText(document, valueOf(document, valueOf(document, node, 'with'), key));
    const uses = scalarText(document, valueOf(document, node, 'uses')) ?? '';
    if (!/^docker\/build-push-action@/.test(uses)) return [];
    const [context = '.', file] = [of('context'), of('file')];
    const args = new Map<string, string>();
    for (const line of (of('build-args') ?? '').split('\n')) {
      const [, name, value = ''] = /^\s*([A-Za-z_]\w*)=(.*?)\s*$/.exec(line) ?? [];
      if (name !== undefined && !value.includes('${{')) args.set(name, value);
    }
    if (/\$\{\{/.test(`${context}${file}`)) return [];
    const images = (of('tags') ?? '').split(/[\n,]/).map((tag) => tag.trim());
    const paths = file === undefined ? { from: '', context } : { from: '', context: '.', dockerfile: file };
    return buildOf(paths, { args, images, target: of('target') });
  });
}

/** What reads workflows and actions. */
export const reader = yamlReader({
  name: 'workflow',
  mayHold: (text) => /docker:\/\/|container|services|build-args/.test(text),
  isOwn: (document) => select(document, document.root, 'jobs.*.runs-on').length > 0,
  images: imagesOf,
  builds: buildsOf,
});

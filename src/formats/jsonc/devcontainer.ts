import { type FoundValues, type ImageValue, valuesReader } from '../text/image-values.ts';
import { entries, entry, items, platformArgument } from '../text/value-tree.ts';
import { readJson } from './json-values.ts';

/**
 * devcontainer.json (containers.dev/implementors/json_reference): `image`. What is built is read as a Dockerfile or compose
 * file of its own; `features` are artifacts that the lock file beside it pins, and `build.cacheFrom` is a cache.
 */
export const reader = valuesReader({
  name: 'devcontainer',
  recognises: (text) => {
    if (!/"(?:image|build|dockerFile|dockerComposeFile)"/.test(text)) return false;
    const keys = new Set(entries(readJson(text).root).map(([key]) => key));
    const isOurs = ['features', 'customizations', 'remoteUser', 'postCreateCommand', 'forwardPorts', 'runArgs'];
    return ['image', 'build'].some((key) => keys.has(key)) && isOurs.some((key) => keys.has(key));
  },
  find,
});

function find(text: string): FoundValues {
  if (!text.includes('"image"')) return { values: [], problems: [] };
  const { root, error } = readJson(text);
  const problems: FoundValues['problems'][number][] = error
    ? [{ code: 'json-invalid', message: `not JSON: ${error.message}; nothing in it is changed`, offset: error.offset }]
    : [];
  const image = entry(root, 'image');
  if (image?.kind === 'list' || image?.kind === 'object') {
    const what = image.kind === 'list' ? 'a list' : 'an object';
    const message = `${what} where the name of one image is wanted; nothing is read of it`;
    problems.push({ code: 'image-invalid', message, offset: text.indexOf('"image"') });
  }
  if (image?.kind !== 'string' || image.text.text === '') return { values: [], problems };
  const platform = platformArgument(items(entry(root, 'runArgs')));
  const value: ImageValue = {
    at: { name: image.range },
    kind: 'image',
    role: 'runs',
    text: /\$\{/.test(image.text.text)
      ? { skipped: 'template', why: 'what starts the container fills in a part of it' }
      : image.text,
    ...(platform !== undefined && { platform }),
    ...(error && { fixed: 'the file has errors; repair it first' }),
  };
  return { values: [value], problems };
}

/*
 * src/formats/jsonc/
 *
 * Files of JSON with comments. json-values.ts reads any of them into values with their places (../text/value-tree.ts);
 * devcontainer.ts says which value is an image. What is done with it is in ../text/image-values.ts.
 * Begin with devcontainer.ts.
 */

import type { Format } from '../format.ts';

/** Kinds of files of JSON. */
export const jsonFormats: readonly Format[] = [
  {
    name: 'devcontainer',
    reads: 'devcontainer.json',
    matches: (path) => (/(?:^|\/)\.?devcontainer\.json$/.test(path) ? 'yes' : 'no'),
    load: async () => (await import('./devcontainer.ts')).reader,
  },
];

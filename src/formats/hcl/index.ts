/*
 * src/formats/hcl/
 *
 * Files of HCL. hcl-reader.ts reads the structure of any of them, with the place of every value (../text/value-tree.ts), and
 * passes over expressions (hcl-skip.ts); hcl-template.ts puts texts together from what the file says of its variables;
 * hcl-format.ts makes a format of a table. A table says where images stand: bake.ts and its like.
 * Begin with hcl-format.ts, then bake.ts.
 */

import type { Format } from '../format.ts';

/** Kinds of HCL, those with names of their own first: what a name does not tell goes to the first that knows the content. */
export const hclFormats: readonly Format[] = [
  {
    name: 'bake',
    reads: 'files of docker buildx bake (docker-bake.hcl, docker-bake.json, or HCL with targets)',
    matches: (path) => {
      if (/(?:^|\/)docker-bake[^/]*\.(?:hcl|json)$/.test(path)) return 'yes';
      return /[^/]\.hcl$/.test(path) && !/\.(?:lock|nomad|pkr)\.hcl$/.test(path) ? 'maybe' : 'no';
    },
    load: async () => (await import('./bake.ts')).reader,
  },
];

/*
 * src/formats/hcl/
 *
 * Files of HCL. hcl-reader.ts reads the structure of any of them, with the place of every value (../text/value-tree.ts), and
 * passes over expressions (hcl-skip.ts); hcl-template.ts puts texts together from what the file says of its variables;
 * hcl-format.ts makes a format of a table. A table says where images stand: bake.ts and its like.
 * Begin with hcl-format.ts, then bake.ts.
 */

import type { Format } from '../format.ts';

/** HCL of a name that does not tell; those that do are of Terraform's locks, Packer and Nomad. */
function isOtherHcl(path: string): boolean {
  return /[^/]\.hcl$/.test(path) && !/\.(?:lock|pkr|nomad)\.hcl$/.test(path);
}

/** Kinds of HCL, those with names of their own first: what a name does not tell goes to the first that knows the content. */
export const hclFormats: readonly Format[] = [
  {
    name: 'bake',
    reads: 'files of docker buildx bake (docker-bake.hcl, docker-bake.json, or HCL with targets)',
    matches: (path) => {
      if (/(?:^|\/)docker-bake[^/]*\.(?:hcl|json)$/.test(path)) return 'yes';
      return isOtherHcl(path) ? 'maybe' : 'no';
    },
    load: async () => (await import('./bake.ts')).reader,
  },
  {
    name: 'terraform',
    reads: 'Terraform and OpenTofu (*.tf, *.tofu, *.tf.json, *.tofu.json)',
    matches: (path) => (/[^/]\.(?:tf|tofu)(?:\.json)?$/.test(path) ? 'yes' : 'no'),
    load: async () => (await import('./terraform.ts')).reader,
  },
  {
    name: 'nomad',
    reads: 'jobs of Nomad (*.nomad, *.nomad.hcl, or HCL with a job)',
    matches: (path) => {
      if (/[^/]\.nomad(?:\.hcl)?$/.test(path)) return 'yes';
      return isOtherHcl(path) ? 'maybe' : 'no';
    },
    load: async () => (await import('./nomad.ts')).reader,
  },
];

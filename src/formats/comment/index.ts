/*
 * src/formats/comment/
 *
 * Files of any kind in which a comment says what the line below it names: `# plimsoll: image=debian:12`. comment-values.ts
 * finds the comments and what they speak of; what is done with it is in ../text/image-values.ts. Files that another format
 * takes are that one's.
 *
 * Nobody knows such a file by its name, and every one of such a name is read to see. So the names are those that people keep
 * versions in (scripts, settings, what builds something), and not those of programs, of which a tree has thousands: they are
 * read when the configuration names them (`files: { comment: […] }`, `include`).
 * Begin with comment-values.ts.
 */

import type { Format } from '../format.ts';

const names =
  /(?:^|\/)(?:GNUmakefile|[Mm]akefile|[Jj]ustfile|Jenkinsfile|Earthfile|Tiltfile|Vagrantfile|WORKSPACE|BUILD|\.env)$/;
const endings =
  /[^/]\.(?:sh|bash|zsh|fish|ps1|bat|cmd|mk|just|toml|ini|cfg|conf|properties|env|tfvars|gradle|kts|groovy|bzl|bazel|star|nix|cue|jsonnet|ya?ml|xml)$/i;

/** Comments, in whatever file. */
export const commentFormats: readonly Format[] = [
  {
    name: 'comment',
    reads: 'files with a comment "plimsoll: image=REFERENCE" above a line that names it',
    isMarked: true,
    matches: (path) => (names.test(path) || endings.test(path) ? 'maybe' : 'no'),
    load: async () => (await import('./comment-values.ts')).reader,
  },
];

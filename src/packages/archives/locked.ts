import type { Problem } from '../../core/problem.ts';

/** Worth knowing of an image whose repositories stand still on purpose: nothing newer will ever be pending in it. */
export function locked(what: string): Problem {
  const message = `the image is locked to ${what}; a rebuild changes nothing until the base moves`;
  return { code: 'archive-locked', message };
}

import type { Digest } from '../../core/image/digest.ts';
import type { RegistryProblem } from '../../core/problem.ts';

/** What a registry says a tag or digest is today. */
export type Look =
  | { readonly kind: 'found'; readonly digest: Digest; readonly index: boolean | undefined }
  /** Not there, by a 404 to a HEAD and one to a GET that says so in words: one half of a proof. `answer` is what came back. */
  | { readonly kind: 'gone'; readonly message: string; readonly answer: string }
  | { readonly kind: 'unknown'; readonly problem: RegistryProblem };

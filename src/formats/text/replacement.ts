import type { Digest } from '../../core/image/digest.ts';
import type { ImageUse, TextRange } from '../../core/parsed-file.ts';
import { rangeOf, slice, type Traced } from './traced.ts';

/** New text for a range of the file. */
export interface Replacement {
  readonly range: TextRange;
  readonly text: string;
}

/** What a use is wanted to name: another digest, another tag, or both. */
export interface Wish {
  readonly digest?: Digest;
  readonly tag?: string;
}

/** `22-slim` to `24-slim` replaces `22`, be it in the word or in the ARG that supplies it. */
export function replaceTag(
  use: Pick<ImageUse, 'reference' | 'written'>,
  expanded: Traced,
  tag: string,
): { readonly replacements: readonly Replacement[] } | { readonly reason: string } {
  const old = use.reference?.tag;
  const at = expanded.text.indexOf('@');
  const end = at < 0 ? expanded.text.length : at;
  // A tag that a comment gives stands nowhere in the word.
  if (old === undefined || expanded.text.slice(end - old.length, end) !== old) {
    return { reason: 'the tag is not part of the image name; write it there' };
  }
  let head = 0;
  while (head < Math.min(old.length, tag.length) && old[head] === tag[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, tag.length) - head;
  while (tail < most && old[old.length - 1 - tail] === tag[tag.length - 1 - tail]) tail++;
  // Whole parts: 1.9 to 1.10 replaces 9, not the end of a number.
  while (head > 0 && /\w/.test(old[head - 1] ?? '') && /\w/.test(`${old[head] ?? ''}${tag[head] ?? ''}`)) head--;
  while (tail > 0 && /\w/.test(old[old.length - tail] ?? '')) tail--;
  const start = end - old.length;
  const range = rangeOf(slice(expanded, start + head, end - tail));
  if (range === undefined) {
    return {
      reason: `the tag of ${JSON.stringify(use.written.slice(0, 200))} is put together from parts; write it in one piece`,
    };
  }
  return { replacements: [{ range, text: tag.slice(head, tag.length - tail) }] };
}

/** Text where none is. */
export function insertion(offset: number, text: string): Replacement {
  return { range: { start: offset, end: offset }, text };
}

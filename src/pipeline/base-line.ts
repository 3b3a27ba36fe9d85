import type { Digest } from '../core/digest.ts';
import { type ImageReference, referenceKey } from '../core/reference.ts';

/** What a reference without a digest named before, by whoever knows; asked in order. */
export type BaseLines = readonly ((reference: ImageReference) => Digest | undefined | Promise<Digest | undefined>)[];

/** The first base line that is known for a reference; a pinned reference needs none. */
export async function baseLineOf(reference: ImageReference, baseLines: BaseLines): Promise<Digest | undefined> {
  if (reference.digest !== undefined) return undefined;
  for (const baseLine of baseLines) {
    const digest = await baseLine(reference);
    if (digest !== undefined) return digest;
  }
  return undefined;
}

/** `--since` with a digest holds for every unpinned use, with an image for the uses of its repository. */
export function sinceBaseLine(
  since: Digest | { readonly image: ImageReference; readonly digest: Digest },
): BaseLines[number] {
  if (typeof since === 'string') return () => since;
  const key = repositoryOf(since.image);
  return (reference) => (repositoryOf(reference) === key ? since.digest : undefined);
}

function repositoryOf({ registry, repository }: ImageReference): string {
  return referenceKey({ registry, repository, tag: '_' });
}

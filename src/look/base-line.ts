import { type Digest, isDigest } from '../core/image/digest.ts';
import { type ImageReference, parseReference, referenceKey } from '../core/image/reference.ts';
import type { ImageHead } from './inspect.ts';

/** What a reference without a digest named before, by whoever knows; asked in order. */
export type BaseLine = (reference: ImageReference) => Digest | undefined | Promise<Digest | undefined>;
export type BaseLines = readonly BaseLine[];

/** The first base line that is known for a reference; a pinned reference needs none. */
export async function baseLineOf(reference: ImageReference, baseLines: BaseLines): Promise<Digest | undefined> {
  if (reference.digest !== undefined) return undefined;
  for (const baseLine of baseLines) {
    const digest = await baseLine(reference);
    if (digest !== undefined) return digest;
  }
  return undefined;
}

/** A digest that a person named holds for every use without one. */
export function digestBaseLine(digest: Digest): BaseLine {
  return () => digest;
}

/** The image that its owner published last, to be compared with its base. */
export interface PublishedImage {
  readonly reference: ImageReference;
  /** What its tag or digest is: an index or a manifest. */
  readonly root: Digest;
  /** The image of the platform that is compared. */
  readonly head: ImageHead;
}

/**
 * The base line that an image gives: itself for uses of its own repository; for the base of an image that was built and
 * published, what it was built from. That is known when today's base still lies at its bottom (its diff IDs begin the
 * image's), or when the builder wrote it down (annotations org.opencontainers.image.base.name and .digest, as buildah,
 * ko and Docker's official images do; BuildKit does not).
 */
export function imageBaseLine(
  published: PublishedImage,
  currentHead: (reference: ImageReference) => Promise<{ root: Digest; head: ImageHead } | undefined>,
): BaseLine {
  const own = repositoryOf(published.reference);
  const { annotations } = published.head.manifest;
  return async (reference) => {
    if (repositoryOf(reference) === own) return published.root;
    const current = await currentHead(reference);
    if (current && isPrefix(current.head.config.diffIds, published.head.config.diffIds)) return current.root;
    const name = annotations['org.opencontainers.image.base.name'];
    const digest = annotations['org.opencontainers.image.base.digest'];
    return name !== undefined && digest !== undefined && isDigest(digest) && namesSame(name, reference)
      ? digest
      : undefined;
  };
}

function isPrefix(base: readonly string[], image: readonly string[]): boolean {
  return base.length > 0 && base.length < image.length && base.every((id, i) => id === image[i]);
}

function namesSame(name: string, reference: ImageReference): boolean {
  try {
    return referenceKey(withoutDigest(parseReference(name))) === referenceKey(reference);
  } catch {
    return false;
  }
}

function withoutDigest({ digest: _, ...named }: ImageReference): ImageReference {
  return named;
}

function repositoryOf({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}

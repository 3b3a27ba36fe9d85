import { messageOf } from '../core/errors.ts';
import type { Digest } from '../core/image/digest.ts';
import { type Platform, parsePlatform } from '../core/image/platform.ts';
import { type ImageReference, parseReference } from '../core/image/reference.ts';
import type { Workload } from '../core/place.ts';
import type { Labels } from './connection/answer-fields.ts';

/** Things that are asked for one by one, at once. */
const askedAtOnce = 8;

/** Why there is nothing to compare what no registry has given by the name that it has. */
export const madeThere = 'its image was built, loaded or named on that machine: there is no registry to ask';

/**
 * An image id, whole or as the beginning that people type. Without `imageId`, the id that it would be of, there is no way to tell that from a
 * name but its length.
 */
export function isNameless(image: string, imageId = ''): boolean {
  const [, digits = ''] = /^(?:sha256:)?([0-9a-f]{4,64})$/.exec(image) ?? [];
  if (digits === '') return false;
  if (digits.length >= 12 && (digits.length === 12 || digits.length === 64 || image !== digits)) return true;
  return imageId.replace(/^sha256:/, '').startsWith(digits);
}

/** The reference, or why it is none. */
export function referenceIn(written: string): ImageReference | string {
  try {
    return parseReference(written);
  } catch (error) {
    return messageOf(error);
  }
}

/** A daemon's spelling of a platform; none where it is nothing that is known. */
export function platformOf(text: string | undefined): readonly Platform[] {
  if (text === undefined || !text.includes('/')) return [];
  try {
    return [parsePlatform(text)];
  } catch {
    return [];
  }
}

/** The service of a compose project; docker/compose writes both labels, or neither counts. */
export function composeOf(labels: Labels): Workload['compose'] {
  const [project, service] = [labels['com.docker.compose.project'], labels['com.docker.compose.service']];
  return project && service ? { project, service } : undefined;
}

/** A few at once, in order. */
export async function inBatches<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < all.length; i = next++) results[i] = await work(all[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(askedAtOnce, all.length) }, worker));
  return results;
}

/** Of the digests that an image store keeps (`repository@digest`), those of this repository. */
export function ownDigests(repoDigests: readonly string[], { registry, repository }: ImageReference): Digest[] {
  return repoDigests.flatMap((text) => {
    try {
      const one = parseReference(text);
      return one.registry === registry && one.repository === repository && one.digest ? [one.digest] : [];
    } catch {
      return [];
    }
  });
}

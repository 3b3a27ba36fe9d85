import { type Digest, isDigest } from '../../core/image/digest.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import { ownDigests } from '../workload-parts.ts';
import type { PodmanImage } from './podman-answers.ts';

/** Which digest of its repository a container of Podman runs, or of which ones it is one. */
export type PodmanDigest =
  | { readonly is: 'known'; readonly root: Digest }
  | { readonly is: 'one of'; readonly digests: readonly Digest[] }
  | { readonly is: 'unknown' };

/**
 * Podman keeps the digest that an image was first pulled by, and beside it those of the platform's manifest and of every other pull; and
 * it lists each of them with each name that the image has, so that they say nothing of a repository once there are two. Then
 * manifests decide. What `localhost/` names is a name that was given here, and brings no digest. Pure.
 */
export function podmanDigest(
  reference: ImageReference,
  { digest, repoDigests }: Pick<PodmanImage, 'digest' | 'repoDigests'>,
): PodmanDigest {
  const own = [...new Set(ownDigests(repoDigests, reference))];
  const { digest: written } = reference;
  if (written !== undefined && (own.includes(written) || own.length === 0)) return { is: 'known', root: written };
  const names = new Set(repoDigests.map((one) => one.replace(/@.*$/, '')).filter((one) => !/^localhost\//.test(one)));
  const isFirst = isDigest(digest) && (own.length === 0 || own.includes(digest));
  if (isFirst && names.size <= Math.min(own.length, 1)) return { is: 'known', root: digest };
  if (own.length === 0) return isFirst ? { is: 'one of', digests: [digest] } : { is: 'unknown' };
  return { is: 'one of', digests: isFirst ? [digest, ...own.filter((one) => one !== digest)] : own };
}

import { shortDigest } from '../../core/image/digest.ts';
import { familiarReference, type ImageReference } from '../../core/image/reference.ts';

/** `debian:12@sha256:1234567890ab`: as people write it, the digest cut to what is recognised. */
export function shortReference(reference: ImageReference): string {
  const { digest, ...named } = reference;
  return `${familiarReference(named)}${digest === undefined ? '' : `@${shortDigest(digest)}`}`;
}

import { PlimsollError } from '../../core/errors.ts';
import { type Digest, hasherFor, shortDigest } from '../../core/image/digest.ts';

/** The digest of bytes in the algorithm of another. */
function digestLike(digest: Digest, bytes: Uint8Array): string {
  return `${digest.slice(0, digest.indexOf(':'))}:${hasherFor(digest).update(bytes).digest('hex')}`;
}

/** Are these the bytes that the digest names? */
export function isOfDigest(bytes: Uint8Array, digest: Digest): boolean {
  return digestLike(digest, bytes) === digest;
}

/** The bytes, if they are what the digest says. Throws PlimsollError 'DIGEST_MISMATCH'; `what` names them for people. */
export function verified(bytes: Uint8Array, digest: Digest, what: string): Uint8Array {
  const got = digestLike(digest, bytes);
  if (got !== digest) throw mismatch(what, `has the digest ${shortDigest(got)}`);
  return bytes;
}

/** What was sent is not what was asked for by digest. */
export function mismatch(what: string, how: string): PlimsollError {
  return new PlimsollError(
    'DIGEST_MISMATCH',
    `${what}: what the registry sent ${how}; it was not used. Something between here and the registry changes or cuts answers`,
  );
}

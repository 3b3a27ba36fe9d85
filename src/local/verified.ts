import type { PlimsollError } from '../core/errors.ts';
import { type Digest, hasherFor, shortDigest } from '../core/image/digest.ts';
import { isOfDigest } from '../oci/registry/verified-bytes.ts';
import { refuse } from './image-path.ts';

/** The bytes, if they are what the digest says. Throws PlimsollError 'LAYER'. */
export function verifiedBytes(bytes: Buffer, digest: Digest, place: string): Buffer {
  if (!isOfDigest(bytes, digest)) throw damaged(place, digest);
  return bytes;
}

/** The pieces as they come; the last step throws PlimsollError 'LAYER' when together they are not what the digest says. */
export async function* verifiedChunks(
  chunks: AsyncIterable<Uint8Array>,
  digest: Digest,
  place: string,
): AsyncGenerator<Uint8Array> {
  const hasher = hasherFor(digest);
  for await (const chunk of chunks) {
    hasher.update(chunk);
    yield chunk;
  }
  if (`${digest.slice(0, digest.indexOf(':'))}:${hasher.digest('hex')}` !== digest) throw damaged(place, digest);
}

function damaged(place: string, digest: Digest): PlimsollError {
  return refuse(
    place,
    `the content of ${shortDigest(digest)} is not what its digest says: damaged, or changed meanwhile`,
  );
}

import { createHash } from 'node:crypto';
import { PlimsollError } from '../errors.ts';

/** A validated content address, `algorithm:lower-case hex`. Only {@link parseDigest} and {@link digestOf} make one. */
export type Digest = string & { readonly __brand: 'Digest' };

const hexLength: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * Is the text a digest in a registered algorithm, with the right length, in lower case?
 * Source: OCI image-spec, descriptor.md "Digests" (sha256, sha512); go-digest also registers sha384.
 */
export function isDigest(text: string): text is Digest {
  const match = /^(sha256|sha384|sha512):([0-9a-f]+)$/.exec(text);
  return match !== null && match[2]?.length === hexLength[match[1] ?? ''];
}

/** Throws PlimsollError 'DIGEST' when the text is no digest: a registry's error page never becomes one. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) {
    throw new PlimsollError(
      'DIGEST',
      `not a digest: ${JSON.stringify(text.slice(0, 140))} (expected sha256: and 64 hex digits)`,
    );
  }
  return text;
}

/** The sha256 digest of bytes, or of UTF-8 text. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

/** A running hash. Named here, since the library's types are to compile without those of Node.js. */
export interface Hasher {
  update(bytes: Uint8Array): Hasher;
  digest(encoding: 'hex'): string;
}

/** A running hash in the digest's own algorithm, to verify a stream against it. */
export function hasherFor(digest: Digest): Hasher {
  return createHash(digest.slice(0, digest.indexOf(':')));
}

/** `sha256:1234567890ab`: enough to recognise, short enough to read. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':');
  return digest.slice(0, colon + 13);
}

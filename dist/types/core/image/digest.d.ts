/** A validated content address, `algorithm:lower-case hex`. Only {@link parseDigest} and {@link digestOf} make one. */
export type Digest = string & {
    readonly __brand: 'Digest';
};
/**
 * Is the text a digest in a registered algorithm, with the right length, in lower case?
 * Source: OCI image-spec, descriptor.md "Digests" (sha256, sha512); go-digest also registers sha384.
 */
export declare function isDigest(text: string): text is Digest;
/** Throws PlimsollError 'DIGEST' when the text is no digest: a registry's error page never becomes one. */
export declare function parseDigest(text: string): Digest;
/** The sha256 digest of bytes, or of UTF-8 text. */
export declare function digestOf(bytes: Uint8Array | string): Digest;
/** A running hash. Named here, since the library's types are to compile without those of Node.js. */
export interface Hasher {
    update(bytes: Uint8Array): Hasher;
    digest(encoding: 'hex'): string;
}
/** A running hash in the digest's own algorithm, to verify a stream against it. */
export declare function hasherFor(digest: Digest): Hasher;
/** `sha256:1234567890ab`: enough to recognise, short enough to read. */
export declare function shortDigest(digest: string): string;

import { type Digest } from './digest.js';
/** `registry/repository[:tag][@digest]`, normalised as Docker does. Tag and digest may both be present: a pinned tag. */
export interface ImageReference {
    /** `docker.io`, never one of its API hosts; with the port if one was written; IPv6 in brackets. */
    readonly registry: string;
    /** `library/debian` */
    readonly repository: string;
    readonly tag?: string;
    readonly digest?: Digest;
}
/**
 * Parses a reference and normalises it as Docker does: `debian` is `docker.io/library/debian`; no tag is invented.
 * Throws PlimsollError 'REFERENCE' with the reason.
 */
export declare function parseReference(text: string): ImageReference;
/** The canonical text; `parseReference(formatReference(r))` equals `r`. */
export declare function formatReference(reference: ImageReference): string;
/** The text as people write it: `debian:12`, `ghcr.io/a/b:1`. */
export declare function familiarReference(reference: ImageReference): string;
/** The identity of a tag across files and spellings: `registry/repository:tag`, `latest` filled in when there is no digest. */
export declare function referenceKey(reference: ImageReference): string;

import { type Digest } from './digest.js';
/** `registry/repository[:tag][@digest]`, normalised as Docker does. Tag and digest may both be present: a pinned tag. */
export interface ImageReference {
    /**
     * `docker.io`, never one of its API hosts; with the port if one was written; IPv6 in brackets. For an image on this
     * machine the kind of place with a colon at its end, as no host has: `dir:`.
     */
    readonly registry: string;
    /** `library/debian`; for an image on this machine the place as typed. */
    readonly repository: string;
    readonly tag?: string;
    readonly digest?: Digest;
}
/**
 * Parses a reference and normalises it as Docker does: `debian` is `docker.io/library/debian`; no tag is invented.
 * Throws PlimsollError 'REFERENCE' with the reason.
 */
export declare function parseReference(text: string): ImageReference;
/** Docker's rule for the first component: a host if it has a dot, a colon or upper case, or is `localhost`. */
export declare function splitRegistry(text: string): {
    registry: string;
    remainder: string;
};
/** Is it an image on this machine, in no registry? */
export declare function isLocal({ registry }: Pick<ImageReference, 'registry'>): boolean;
/** The canonical text; `parseReference(formatReference(r))` equals `r`, unless it is local: that is as it was typed. */
export declare function formatReference(reference: ImageReference): string;
/** The text as people write it: `debian:12`, `ghcr.io/a/b:1`. */
export declare function familiarReference(reference: ImageReference): string;
/** The identity of a tag across files and spellings: `registry/repository:tag`, `latest` filled in when there is no digest. */
export declare function referenceKey(reference: ImageReference): string;

import type { Digest } from '../core/image/digest.ts';
import type { ImageConfig, ImageDocument, ImageManifest } from '../core/image/image.ts';
import type { Problem } from '../core/problem.ts';
import type { PathInterest } from '../oci/layers/layer-collector.ts';

/** An image on this machine that was found and can be read. Everything rejects with PlimsollError 'LAYER'. */
export interface LocalImage {
  /** What the place names: an index or a manifest. */
  readonly root: Digest;
  document(digest: Digest): Promise<ImageDocument>;
  config(manifest: ImageManifest): Promise<ImageConfig>;
  /** The layer's bytes; the last step throws when they are not what its digest says. */
  layer(digest: Digest, size: number): AsyncIterable<Uint8Array>;
  /**
   * Present where only what packages need is handed on, and other files stay unknown: what of that could not be read.
   */
  readonly gaps?: readonly Problem[];
}

/** A way in which images lie on a machine. One file per kind, one line in index.ts. */
export interface LocalKind {
  /** What stands before the place: `dir:`. */
  readonly prefix: string;
  /**
   * Finds the image at a place as it was typed. Throws PlimsollError 'USAGE' when there is none, or another kind,
   * and 'LAYER' when it cannot be read, with the sentence for whoever typed it.
   */
  open(place: string, interest: PathInterest): Promise<LocalImage>;
}

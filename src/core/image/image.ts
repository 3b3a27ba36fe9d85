import type { Digest } from './digest.ts';
import type { Platform } from './platform.ts';

/** OCI image-spec descriptor.md: media type, digest, size in bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  /** A layer that its owner lets nobody copy: a registry may have its description alone. */
  readonly foreign?: true;
}

/** What an index lists: one platform's manifest, or an index of such (OCI image-spec image-index.md, "manifests"). */
export interface IndexEntry extends Descriptor {
  /** Absent where the index does not say: the manifest's config does, or each manifest of the index below. */
  readonly platform?: Platform;
}

/** What a tag or digest points at: a list of manifests per platform, or one platform's manifest. */
export type ImageDocument = ImageIndex | ImageManifest;

/** An image index as far as it is used (OCI image-spec, image-index.md), with the digest of its own bytes. */
export interface ImageIndex {
  readonly kind: 'index';
  readonly digest: Digest;
  /** Images only: attestations, artifacts and `unknown/unknown` entries are left out. */
  readonly children: readonly IndexEntry[];
}

/** An image manifest as far as it is used (OCI image-spec, manifest.md), with the digest of its own bytes. */
export interface ImageManifest {
  readonly kind: 'manifest';
  readonly digest: Digest;
  readonly config: Descriptor;
  /** Base first. */
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** OCI image-spec config.md, the parts that say how an image behaves and when it was made. */
export interface ImageConfig {
  readonly platform: Platform;
  /** RFC 3339, as the publisher wrote it. */
  readonly created?: string;
  /** Uncompressed layer digests, base first; same order as the manifest's layers. */
  readonly diffIds: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** `Env.NAME`, `User`, `Entrypoint`, … to their values as text; what classifies a difference as `config`. */
  readonly behaviour: Readonly<Record<string, string>>;
}

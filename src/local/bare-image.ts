import type { Digest } from '../core/image/digest.ts';
import type { ImageManifest } from '../core/image/image.ts';
import type { Problem } from '../core/problem.ts';
import type { LocalImage } from './local-kind.ts';

/** A root file system that nobody wrapped into an image. */
export interface BareLayer {
  readonly digest: Digest;
  readonly size: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** As {@link LocalImage.gaps}. */
  readonly gaps?: readonly Problem[];
}

/**
 * The image of that one layer, under the digest `root`. Its config says nothing: no command, no variables, and for a
 * platform the `unknown` for which whoever looks into it puts that of its packages.
 */
export function bareImage(root: Digest, { digest, size, chunks, gaps }: BareLayer): LocalImage {
  const manifest: ImageManifest = {
    kind: 'manifest',
    digest: root,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: root, size: 0 },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size }],
    annotations: {},
  };
  return {
    root,
    document: async () => manifest,
    config: async () => ({
      platform: { os: 'linux', architecture: 'unknown' },
      diffIds: [digest],
      labels: {},
      behaviour: {},
    }),
    layer: chunks,
    ...(gaps && { gaps }),
  };
}

import { PlimsollError } from '../core/errors.ts';
import type { Digest } from '../core/image/digest.ts';
import type { Platform } from '../core/image/platform.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { type ImageDocuments, manifestFor, opener } from './platform-child.ts';

/** Digests of one repository, and the config of the image that one of them stands for on a platform. */
export interface ConfigOwnerRequest {
  readonly repository: Pick<ImageReference, 'registry' | 'repository'>;
  readonly digests: readonly Digest[];
  readonly config: Digest;
  readonly platform: Platform;
}

/** The first of the digests whose manifest for the platform has this config; undefined: none that the registry serves. */
export async function configOwner(
  { repository, digests, config, platform }: ConfigOwnerRequest,
  documents: ImageDocuments,
): Promise<Digest | undefined> {
  for (const digest of digests) {
    try {
      const child = await manifestFor(
        await documents.document(repository, digest),
        platform,
        opener(documents, repository),
      );
      if (child === undefined) continue;
      const manifest = await documents.document(repository, child);
      if (manifest.kind === 'manifest' && manifest.config.digest === config) return digest;
    } catch (error) {
      // One that is gone, or cannot be had today, is none that could be told by.
      if (!(error instanceof PlimsollError) || error.code === 'CANCELLED') throw error;
    }
  }
  return undefined;
}

import type { Digest } from '../core/image/digest.ts';
import { formatPlatform, type Platform } from '../core/image/platform.ts';
import { type ImageReference, isLocal } from '../core/image/reference.ts';
import { type ImageDocuments, manifestFor, opener } from './platform-child.ts';

/** One platform's manifest of an image. */
export interface PlatformManifest {
  readonly digest: Digest;
  /** The platform it was chosen for. Absent: whatever the image itself says. */
  readonly platform?: string;
}

/** The manifests of an image for these platforms. A root file system is of one platform, whatever is asked for. */
export async function manifestsOf(
  reference: ImageReference,
  root: Digest,
  platforms: readonly Platform[],
  registry: ImageDocuments,
): Promise<readonly PlatformManifest[]> {
  if (isLocal(reference)) return [{ digest: root }];
  const document = await registry.document(reference, root);
  const manifests: PlatformManifest[] = [];
  for (const platform of platforms) {
    const digest = await manifestFor(document, platform, opener(registry, reference));
    if (digest !== undefined) manifests.push({ digest, platform: formatPlatform(platform) });
  }
  return manifests;
}

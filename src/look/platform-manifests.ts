import type { Digest } from '../core/image/digest.ts';
import { formatPlatform, type Platform } from '../core/image/platform.ts';
import { type ImageReference, isLocal } from '../core/image/reference.ts';
import type { Problem } from '../core/problem.ts';
import { type ImageDocuments, manifestFor, notOffered, opener } from './platform-child.ts';

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
  return (await servedOf(reference, root, platforms, registry)).manifests;
}

/** The same, with why there is none for each of the others. */
export async function servedOf(
  reference: ImageReference,
  root: Digest,
  platforms: readonly Platform[],
  registry: ImageDocuments,
): Promise<{ readonly manifests: readonly PlatformManifest[]; readonly missing: readonly Problem[] }> {
  if (isLocal(reference)) return { manifests: [{ digest: root }], missing: [] };
  const document = await registry.document(reference, root);
  const manifests: PlatformManifest[] = [];
  const missing: Problem[] = [];
  for (const platform of platforms) {
    const digest = await manifestFor(document, platform, opener(registry, reference));
    if (digest === undefined) missing.push(notOffered(reference, document, platform));
    else manifests.push({ digest, platform: formatPlatform(platform) });
  }
  return { manifests, missing };
}

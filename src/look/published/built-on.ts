/*
 * src/look/published/
 *
 * What a published image was built on. This file asks, platform by platform and in the order of trust: its layers, BuildKit's
 * provenance (provenance.ts), annotations; never times. Whether that is older than what the file names is decided elsewhere.
 * Begin here.
 */

import { messageOf } from '../../core/errors.ts';
import type { Digest } from '../../core/image/digest.ts';
import { isDigest } from '../../core/image/digest.ts';
import type { Platform } from '../../core/image/platform.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Attachments } from '../../oci/registry/referrers.ts';
import type { ImageHead, Inspector } from '../inspect.ts';
import type { ImageDocuments } from '../platform-child.ts';
import { manifestsOf } from '../platform-manifests.ts';
import { provenanceMaterials } from './provenance.ts';

/** Who says what an image was built on. */
export type BuiltBy = 'layers' | 'provenance' | 'annotation';

/** What it was built on, on one platform. `fresh`: what the file names now. */
export type BuiltOn =
  | { readonly is: 'fresh'; readonly by: BuiltBy; readonly manifest: Digest }
  | {
      readonly is: 'older';
      readonly by: BuiltBy;
      readonly root: Digest;
      readonly manifest: Digest;
      /** The layers of that are its lowest ones, whoever said so first. */
      readonly isShown: boolean;
    }
  | { readonly is: 'unknown'; readonly why: string };

/** An image and what it is thought to be built on. */
export interface BuiltOnRequest {
  /** The published image, with the digest that its tag names. */
  readonly child: { readonly reference: ImageReference; readonly root: Digest };
  readonly base: ImageReference;
  /** What the file names now. */
  readonly now: Digest;
  /** Digests that the base's tag has had, the newest first. */
  readonly seen: readonly Digest[];
  readonly platform: Platform;
}

/** What asking needs. */
export interface BuiltOnDependencies {
  readonly inspector: Pick<Inspector, 'head'>;
  readonly registry: ImageDocuments;
  readonly attachments: Pick<Attachments, 'listed' | 'artifact' | 'blob'>;
}

// OCI image-spec, annotations.md "Pre-Defined Annotation Keys".
const baseDigest = 'org.opencontainers.image.base.digest';

/** Tells what a published image was built on. Rejects where the published image, or what the file names now, cannot be had. */
export async function builtOn(request: BuiltOnRequest, deps: BuiltOnDependencies): Promise<BuiltOn> {
  const { child, base, now, platform } = request;
  const manifest = await manifestFor(child.reference, child.root, platform, deps);
  const nowManifest = await manifestFor(base, now, platform, deps);
  if (manifest === undefined) return { is: 'unknown', why: 'it does not serve that platform' };
  if (nowManifest === undefined) return { is: 'unknown', why: 'its base does not serve that platform' };
  const [own, current] = [
    await deps.inspector.head(child.reference, manifest),
    await deps.inspector.head(base, nowManifest),
  ];
  if (isPrefix(current, own)) return { is: 'fresh', by: 'layers', manifest: nowManifest };
  const older = request.seen.filter((digest) => digest !== now);
  const most = limits.registry.olderBases.most;
  for (const root of older.slice(0, most)) {
    const one = await headOf(base, root, platform, deps);
    // What is gone from its registry says nothing any more.
    if (one !== undefined && isPrefix(one, own))
      return { is: 'older', by: 'layers', root, manifest: one.digest, isShown: true };
  }
  const provenance = await fromProvenance(request, manifest, deps);
  const named = provenance !== undefined && 'digest' in provenance ? provenance : fromAnnotations(own);
  if (named === undefined) {
    const untold =
      provenance !== undefined && 'why' in provenance
        ? `what it says of how it was built could not be read: ${provenance.why}`
        : 'it does not say what it was built on';
    return {
      is: 'unknown',
      why: `${older.length > most ? `none of the ${most} newest digests of its base that were seen` : 'no digest of its base that was ever seen'} is at the bottom of its layers, and ${untold}`,
    };
  }
  const { digest, by } = named;
  if (digest === now || digest === nowManifest) return { is: 'fresh', by, manifest: nowManifest };
  const then = await headOf(base, digest, platform, deps);
  if (then === undefined)
    return { is: 'unknown', why: `it says that it was built on ${digest}, which its registry does not have any more` };
  if (then.digest === nowManifest) return { is: 'fresh', by, manifest: nowManifest };
  return { is: 'older', by, root: digest, manifest: then.digest, isShown: isPrefix(then, own) };
}

/** Is one image the lower part of the other? By what is in the layers, so that another compression changes nothing. */
function isPrefix(base: ImageHead, image: ImageHead): boolean {
  const ids = base.config.diffIds;
  return ids.length > 0 && ids.every((id, i) => image.config.diffIds[i] === id);
}

async function manifestFor(
  reference: ImageReference,
  root: Digest,
  platform: Platform,
  { registry }: BuiltOnDependencies,
): Promise<Digest | undefined> {
  return (await manifestsOf(reference, root, [platform], registry))[0]?.digest;
}

async function headOf(
  reference: ImageReference,
  root: Digest,
  platform: Platform,
  deps: BuiltOnDependencies,
): Promise<ImageHead | undefined> {
  try {
    const manifest = await manifestFor(reference, root, platform, deps);
    return manifest === undefined ? undefined : await deps.inspector.head(reference, manifest);
  } catch {
    return undefined;
  }
}

type Provenance = { readonly digest: Digest; readonly by: 'provenance' } | { readonly why: string };

/** Of all that a build took, what is of the base's own name: stages before the last may take other tags of it. */
async function fromProvenance(
  { child, base }: BuiltOnRequest,
  manifest: Digest,
  { attachments }: BuiltOnDependencies,
): Promise<Provenance | undefined> {
  try {
    const materials = await provenanceMaterials(child.reference, { root: child.root, manifest }, attachments);
    const own = materials.filter(
      ({ registry, repository }) => registry === base.registry && repository === base.repository,
    );
    const named = own.filter(({ tag }) => tag === (base.tag ?? 'latest'));
    const digests = new Set((named.length > 0 ? named : own).map((one) => one.digest));
    const [digest] = digests;
    return digest !== undefined && digests.size === 1 ? { digest, by: 'provenance' } : undefined;
  } catch (error) {
    // There may be another way to tell.
    return { why: messageOf(error).slice(0, 300) };
  }
}

function fromAnnotations({
  manifest,
  config,
}: ImageHead): { readonly digest: Digest; readonly by: 'annotation' } | undefined {
  const text = manifest.annotations[baseDigest] ?? config.labels[baseDigest] ?? '';
  return isDigest(text) ? { digest: text, by: 'annotation' } : undefined;
}

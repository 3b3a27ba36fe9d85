import { type Digest, shortDigest } from '../core/digest.ts';
import type { ChildManifest, ImageDocument, ImageIndex } from '../core/image.ts';
import { formatPlatform, type Platform, platformMatches } from '../core/platform.ts';
import type { Problem } from '../core/problem.ts';
import { problemOf } from '../core/problem-of.ts';
import { formatReference, type ImageReference } from '../core/reference.ts';
import type { GoneProof } from '../oci/gone-proof.ts';
import type { Look, Repository } from '../oci/registry-client.ts';

/** What the registries say about one reference. */
export type Resolution =
  /** We could not learn what the tag or the pin means today. */
  | {
      readonly kind: 'unknown';
      readonly problem: Problem;
      /** The registry says that it is gone, and answers for no manifest of the repository. */
      readonly silent?: true;
    }
  /** The next build or pull fails: proven. `latest` is what the tag names now, when it names something. */
  | {
      readonly kind: 'broken';
      readonly what: 'tag' | 'digest' | 'platform';
      readonly detail: string;
      readonly latest?: Digest;
    }
  /** The digest answers, its tag is gone: no more updates. */
  | { readonly kind: 'tag-vanished'; readonly digest: Digest; readonly detail: string }
  /** A digest without a tag, and it exists. Nothing can be said about updates. */
  | { readonly kind: 'digest-only'; readonly digest: Digest }
  /** The tag names what the pin (or the base line) says, itself or for its platform. `digest` is what the tag names. */
  | { readonly kind: 'current'; readonly digest: Digest }
  /** The tag names something else than the pin (or the base line) says. */
  | { readonly kind: 'moved'; readonly before: Digest; readonly after: Digest }
  /** No digest and no base line. */
  | { readonly kind: 'unpinned'; readonly latest: Digest };

/** The registry, as this stage needs it. */
export interface Registry {
  look(repository: Repository, target: string): Promise<Look>;
  /** Asked only about what `look` calls gone. */
  proveGone(reference: ImageReference, what: 'tag' | 'digest'): Promise<GoneProof>;
  document(repository: Repository, digest: Digest): Promise<ImageDocument>;
}

export interface ResolveRequest {
  readonly reference: ImageReference;
  readonly platforms: readonly Platform[];
  /** For a reference without a digest: what it named before. */
  readonly baseLine?: Digest;
}

/** Asks the registry what a reference means today: HEADs, and documents by digest only where something must be looked into. */
export async function resolve(request: ResolveRequest, registry: Registry): Promise<Resolution> {
  const { reference } = request;
  const { digest } = reference;
  const tag = reference.tag ?? (digest === undefined ? 'latest' : undefined);
  const tagLook = tag === undefined ? undefined : await registry.look(reference, tag);

  if (tagLook?.kind === 'unknown') return { kind: 'unknown', problem: tagLook.problem };
  if (digest === undefined) return resolveUnpinned(request, registry, tagLook as Exclude<Look, { kind: 'unknown' }>);
  if (tagLook?.kind === 'found' && tagLook.digest === digest) {
    const broken = await brokenChild(request, registry, tagLook, digest);
    return broken ?? (await withoutPlatform(request, registry, tagLook)) ?? { kind: 'current', digest };
  }

  const pinLook = await registry.look(reference, digest);
  if (pinLook.kind === 'unknown') return { kind: 'unknown', problem: pinLook.problem };
  const latest = tagLook?.kind === 'found' ? tagLook.digest : undefined;
  if (pinLook.kind === 'gone') {
    const proof = await registry.proveGone(reference, 'digest');
    if (proof.kind !== 'proven') return unproven(reference, pinLook, proof);
    const detail = `${shortDigest(digest)} is gone: ${pinLook.answer} for it and ${proof.still}`;
    return { kind: 'broken', what: 'digest', detail, ...(latest !== undefined && { latest }) };
  }
  const broken = await brokenChild(request, registry, pinLook, latest);
  if (broken) return broken;
  if (tagLook === undefined) return { kind: 'digest-only', digest };
  if (tagLook.kind === 'gone') {
    const proof = await registry.proveGone(reference, 'tag');
    if (proof.kind !== 'proven') return unproven(reference, tagLook, proof);
    return { kind: 'tag-vanished', digest, detail: `${tagLook.answer} for the tag ${tag} and ${proof.still}` };
  }
  return { kind: 'moved', before: digest, after: tagLook.digest };
}

async function resolveUnpinned(
  { reference, baseLine }: ResolveRequest,
  registry: Registry,
  look: Exclude<Look, { kind: 'unknown' }>,
): Promise<Resolution> {
  if (look.kind === 'gone') {
    const proof = await registry.proveGone(reference, 'tag');
    if (proof.kind !== 'proven') return unproven(reference, look, proof);
    const detail = `the tag ${reference.tag ?? 'latest'} is gone: ${look.answer} for it and ${proof.still}`;
    return { kind: 'broken', what: 'tag', detail };
  }
  if (baseLine === undefined) return { kind: 'unpinned', latest: look.digest };
  return baseLine === look.digest
    ? { kind: 'current', digest: baseLine }
    : { kind: 'moved', before: baseLine, after: look.digest };
}

/** A clean-up of "untagged" manifests can delete the children of an index that is still there. */
async function brokenChild(
  { reference, platforms }: ResolveRequest,
  registry: Registry,
  pin: Extract<Look, { kind: 'found' }>,
  latest: Digest | undefined,
): Promise<Resolution | undefined> {
  if (pin.index === false) return undefined;
  let index: ImageDocument;
  try {
    index = await registry.document(reference, pin.digest);
  } catch (error) {
    return { kind: 'unknown', problem: problemOf(error, formatReference(reference)) };
  }
  if (index.kind !== 'index') return undefined;
  for (const platform of platforms) {
    const child = childFor(index, platform);
    if (child === undefined) continue;
    const look = await registry.look(reference, child.digest);
    if (look.kind === 'unknown') return { kind: 'unknown', problem: look.problem };
    if (look.kind === 'gone') {
      const what = `the manifest for ${formatPlatform(platform)} (${shortDigest(child.digest)})`;
      const detail = `${what} is gone: ${look.answer} for it and still serves the index that lists it`;
      const newer = latest !== undefined && latest !== pin.digest;
      return { kind: 'broken', what: 'platform', detail, ...(newer && { latest }) };
    }
  }
  return undefined;
}

/** An index that has nothing for a platform that is built from it says nothing of that platform: it is not up to date. */
async function withoutPlatform(
  { reference, platforms }: ResolveRequest,
  registry: Registry,
  { digest, index }: Extract<Look, { kind: 'found' }>,
): Promise<Resolution | undefined> {
  if (index === false) return undefined;
  let document: ImageDocument;
  try {
    document = await registry.document(reference, digest);
  } catch (error) {
    return { kind: 'unknown', problem: problemOf(error, formatReference(reference)) };
  }
  const missing = platforms.find((platform) => document.kind === 'index' && !childFor(document, platform));
  return missing && { kind: 'unknown', problem: notOffered(reference, document, missing) };
}

/** The image has no manifest for a platform that is built from it. */
export function notOffered(reference: ImageReference, document: ImageDocument, platform: Platform): Problem {
  const offered =
    document.kind === 'index' ? document.children.map((child) => formatPlatform(child.platform)).join(', ') : '';
  return {
    code: 'platform-not-offered',
    message: `the image has no manifest for ${formatPlatform(platform)}; it serves ${offered || 'no platform'}. Say which platforms you build for with --platform or "platforms"`,
    subject: formatReference(reference),
  };
}

function unproven(
  reference: ImageReference,
  { answer }: Extract<Look, { kind: 'gone' }>,
  { kind, why }: Exclude<GoneProof, { kind: 'proven' }>,
): Resolution {
  const subject = formatReference(reference);
  const silent = kind === 'silent';
  const advice = silent ? `not found, or no access: ${why}, so check the name and the login` : `not proven: ${why}`;
  const problem = { code: 'registry-not-found', message: `${subject}: ${answer}; ${advice}`, subject };
  return { kind: 'unknown', problem, ...(silent && { silent }) };
}

/** The child an image store would take for this platform; the first of several equals, as containerd does. */
export function childFor(index: ImageIndex, platform: Platform): ChildManifest | undefined {
  return index.children.find((child) => platformMatches(platform, child.platform));
}

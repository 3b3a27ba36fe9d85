import { type Digest, shortDigest } from '../core/image/digest.ts';
import type { ImageIndex } from '../core/image/image.ts';
import { isIndexType } from '../core/image/media-types.ts';
import { formatPlatform, type Platform } from '../core/image/platform.ts';
import { formatReference, type ImageReference } from '../core/image/reference.ts';
import { type Problem, problemOf } from '../core/problem.ts';
import type { GoneProof } from '../oci/registry/gone-proof.ts';
import type { Look } from '../oci/registry/look.ts';
import type { Repository } from '../oci/registry/registry-client.ts';
import {
  childFor,
  type ImageDocuments,
  manifestFor,
  notOffered,
  type OpenEntry,
  opener,
  windowsBuilds,
} from './platform-child.ts';

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
export interface Registry extends ImageDocuments {
  /** `next`: its document is read next, if it is there. */
  look(repository: Repository, target: string, next?: 'read'): Promise<Look>;
  /** Asked only about what `look` calls gone. */
  proveGone(reference: ImageReference, what: 'tag' | 'digest'): Promise<GoneProof>;
}

/** A reference, and the platforms for which its meaning matters. */
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

  const pinLook = await registry.look(reference, digest, tagLook?.kind === 'found' ? 'read' : undefined);
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
  try {
    const index = await registry.document(reference, pin.digest);
    if (index.kind !== 'index') return undefined;
    const newer = latest !== undefined && latest !== pin.digest ? { latest } : {};
    const builds = platforms.flatMap((platform) => windowsBuilds(platform, index));
    for (const platform of builds) await requireChild({ reference, platform, newer }, index, registry);
    return undefined;
  } catch (error) {
    return error instanceof Settled
      ? error.resolution
      : { kind: 'unknown', problem: problemOf(error, formatReference(reference)) };
  }
}

/** What was met on the way from an index to a manifest says what the reference is. */
class Settled extends Error {
  readonly resolution: Resolution;

  constructor(resolution: Resolution) {
    super(resolution.kind);
    this.resolution = resolution;
  }
}

/** Throws {@link Settled} where something on the way from an index that answers to a platform's manifest does not. */
async function requireChild(
  child: { readonly reference: ImageReference; readonly platform: Platform; readonly newer: { latest?: Digest } },
  index: ImageIndex,
  registry: Registry,
): Promise<void> {
  const { reference, platform, newer } = child;
  const require = async (digest: Digest, what: string): Promise<void> => {
    const look = await registry.look(reference, digest);
    if (look.kind === 'found') return;
    if (look.kind === 'unknown') throw new Settled({ kind: 'unknown', problem: look.problem });
    const gone = `the ${what} for ${formatPlatform(platform)} (${shortDigest(digest)}) is gone`;
    const detail = `${gone}: ${look.answer} for it and still serves the index that lists it`;
    throw new Settled({ kind: 'broken', what: 'platform', detail, ...newer });
  };
  const open = opener(registry, reference);
  // The documents may be in the cache, long after the registry lost them.
  const openServed: OpenEntry = async (entry) => {
    if (isIndexType(entry.mediaType)) await require(entry.digest, 'index');
    return open(entry);
  };
  const found = await childFor(index, platform, openServed);
  if (found !== undefined) await require(found.digest, 'manifest');
}

/** An index that has nothing for a platform that is built from it says nothing of that platform: it is not up to date. */
async function withoutPlatform(
  { reference, platforms }: ResolveRequest,
  registry: Registry,
  { digest, index }: Extract<Look, { kind: 'found' }>,
): Promise<Resolution | undefined> {
  if (index === false) return undefined;
  try {
    const document = await registry.document(reference, digest);
    for (const platform of platforms) {
      if ((await manifestFor(document, platform, opener(registry, reference))) !== undefined) continue;
      return { kind: 'unknown', problem: notOffered(reference, document, platform) };
    }
    return undefined;
  } catch (error) {
    return { kind: 'unknown', problem: problemOf(error, formatReference(reference)) };
  }
}

function unproven(
  reference: ImageReference,
  { answer }: Extract<Look, { kind: 'gone' }>,
  { kind, why }: Exclude<GoneProof, { kind: 'proven' }>,
): Resolution {
  const subject = formatReference(reference);
  const silent = kind === 'silent';
  const advice = silent ? `not found, or no access: ${why}, so check the name and the login` : `not proven: ${why}`;
  const problem: Problem = { code: 'registry-not-found', message: `${subject}: ${answer}; ${advice}`, subject };
  return { kind: 'unknown', problem, ...(silent && { silent }) };
}

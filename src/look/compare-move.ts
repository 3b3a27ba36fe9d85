import { messageOf } from '../core/errors.ts';
import type { ImageDocument } from '../core/image/image.ts';
import { formatPlatform, type Platform, platformMatches } from '../core/image/platform.ts';
import { formatReference, type ImageReference } from '../core/image/reference.ts';
import { type CompareManifestsDependencies, compareManifests, type PackagesFrom } from './compare-manifests.ts';
import type { Examination, PlatformResult } from './examination.ts';
import type { Inspector } from './inspect.ts';
import { childFor, manifestFor, notOffered, opener, type PlatformChild, windowsBuilds } from './platform-child.ts';
import type { Registry, Resolution } from './resolve.ts';

/** A reference whose meaning moved, and the platforms for which that is looked at. */
export interface MoveRequest {
  readonly reference: ImageReference;
  readonly platforms: readonly Platform[];
  /** Where the packages of a comparison come from. */
  readonly packagesFrom: PackagesFrom;
}

/** What looking into a move needs. */
export interface MoveDependencies extends CompareManifestsDependencies {
  readonly registry: Registry;
  readonly inspector: Inspector;
}

/** Looks into both images on every consumed platform. Rejects when a document that is needed cannot be had. */
export async function examineMove(
  request: MoveRequest,
  resolution: Extract<Resolution, { kind: 'moved' }>,
  deps: MoveDependencies,
): Promise<Examination> {
  const { reference } = request;
  const after = await deps.registry.document(reference, resolution.after);
  let before: ImageDocument;
  try {
    before = await deps.registry.document(reference, resolution.before);
  } catch (error) {
    // An unpinned tag moved and its old image was cleaned away: that it moved is certain, what changed is not.
    if (reference.digest !== undefined) throw error;
    const platforms = request.platforms.map(
      (platform): PlatformResult => ({
        platform: formatPlatform(platform),
        ...withoutBaseLine(reference, messageOf(error)),
      }),
    );
    return { resolution, pinned: 'none', target: resolution.after, platforms, notes: [] };
  }

  const pinned = reference.digest === undefined ? 'none' : before.kind;
  if (before.kind === 'manifest' && pinned === 'manifest') return examinePlatformPin(request, resolution, after, deps);
  const notes =
    before.kind === 'index' && after.kind === 'manifest' && pinned === 'index'
      ? ['the tag named an index and now names the manifest of a single platform']
      : [];
  const platforms = await Promise.all(
    request.platforms
      .flatMap((platform) => windowsBuilds(platform, before, after))
      .map((platform) => comparePlatform(request, platform, before, after, deps)),
  );
  // A base line may be a platform's manifest while the tag names the index over it (ko and buildah write either).
  if (pinned === 'none' && before.kind !== after.kind && platforms.every(({ class: kind }) => kind === 'no-op')) {
    return { resolution: { kind: 'current', digest: resolution.after }, pinned, platforms: [], notes };
  }
  return { resolution, pinned, target: resolution.after, platforms, notes };
}

/** A pin to one platform's manifest stays one: it is compared with, and moved to, the same platform's manifest. */
async function examinePlatformPin(
  request: MoveRequest,
  resolution: Extract<Resolution, { kind: 'moved' }>,
  after: ImageDocument,
  deps: MoveDependencies,
): Promise<Examination> {
  const { reference, platforms } = request;
  const { platform } = (await deps.inspector.head(reference, resolution.before)).config;
  const served = formatPlatform(platform);
  const target = await manifestFor(after, platform, opener(deps.registry, reference));
  const others = platforms.filter((wanted) => !platformMatches(wanted, platform)).map(formatPlatform);
  const notes = [
    ...(after.kind === 'index'
      ? [`the pin is the manifest of ${served} alone, and stays one; other platforms cannot use it`]
      : []),
    ...(others.length > 0 ? [`the pinned manifest is for ${served}, yet it is used for ${others.join(', ')}`] : []),
  ];
  const names = platforms.map(formatPlatform);
  if (target === resolution.before) {
    return { resolution: { kind: 'current', digest: resolution.after }, pinned: 'manifest', platforms: [], notes };
  }
  if (target === undefined) {
    const missing = names.map(
      (name): PlatformResult => ({ platform: name, class: 'content', current: resolution.before, incomplete: true }),
    );
    return { resolution, pinned: 'manifest', platforms: missing, notes };
  }
  const pin = { root: resolution.before, manifest: resolution.before };
  const { isOlderGone: _, ...result } = await compareManifests(
    request,
    pin,
    { root: after.digest, manifest: target },
    deps,
  );
  return {
    resolution,
    pinned: 'manifest',
    target,
    platforms: names.map((name) => ({ platform: name, ...result })),
    notes,
  };
}

/** That it moved is certain, what changed is not. */
function withoutBaseLine(reference: ImageReference, why: string): Pick<PlatformResult, 'class' | 'problem'> {
  const subject = formatReference(reference);
  const message = `what changed cannot be told: ${why.replace(`${subject}: `, '')}`;
  return { class: 'content', problem: { code: 'base-line-gone', message, subject } };
}

async function comparePlatform(
  request: MoveRequest,
  platform: Platform,
  before: ImageDocument,
  after: ImageDocument,
  deps: MoveDependencies,
): Promise<PlatformResult> {
  const name = formatPlatform(platform);
  const open = opener(deps.registry, request.reference);
  const pick = async (document: ImageDocument): Promise<PlatformChild | undefined> =>
    document.kind === 'index'
      ? childFor(document, platform, open)
      : { digest: document.digest, index: document.digest };
  const [current, latest] = [await pick(before), await pick(after)];
  if (current === undefined) {
    return { platform: name, class: 'unknown', problem: notOffered(request.reference, before, platform) };
  }
  if (latest === undefined) return { platform: name, class: 'content', current: current.digest, incomplete: true };
  const [from, to] = [
    { root: current.index, manifest: current.digest },
    { root: latest.index, manifest: latest.digest },
  ];
  const { isOlderGone, ...result } = await compareManifests(request, from, to, deps);
  // What is pinned fails when it is gone; of what merely was, or runs, only what changed is not known any more.
  if (!isOlderGone || request.reference.digest !== undefined) return { platform: name, ...result };
  return { platform: name, ...result, ...withoutBaseLine(request.reference, result.problem?.message ?? '') };
}

import type { ImageComparison } from '../core/comparison.ts';
import { formatReference, type ImageReference } from '../core/image/reference.ts';
import { problemOf } from '../core/problem.ts';
import { type CompareDependencies, compareHeads, compareImages, sameLayers } from './compare-images.ts';
import type { PlatformResult } from './examination.ts';
import type { SbomSubject } from './find-sbom.ts';
import type { ImageHead, InspectedImage, Inspector } from './inspect.ts';
import { type SbomDependencies, type SbomPair, sbomPair } from './sbom-pair.ts';

/** Where the package sets that are compared come from: the image itself, or what its publisher says of it. */
export type PackagesFrom = 'layers' | 'sbom';

/** What comparing two manifests needs: what looks into them, or finds what their publisher says of them. */
export interface CompareManifestsDependencies extends CompareDependencies, SbomDependencies {
  readonly inspector: Inspector;
}

/** An image that is compared, and where its packages are taken from. */
export interface ComparedReference {
  readonly reference: ImageReference;
  readonly packagesFrom: PackagesFrom;
}

/** The older of two images could not be read, though the newer one could. */
class OlderUnread extends Error {}

/** What lies between two manifests of one platform. */
export interface ManifestsResult extends Omit<PlatformResult, 'platform'> {
  /** It is unknown because the registry does not have the older one any more. */
  readonly isOlderGone?: true;
}

/** What lies between two manifests of one platform. What could not be had is `unknown`. */
export async function compareManifests(
  compared: ComparedReference,
  before: SbomSubject,
  after: SbomSubject,
  deps: CompareManifestsDependencies,
): Promise<ManifestsResult> {
  const [current, latest] = [before.manifest, after.manifest];
  if (current === latest) return { class: 'no-op', current, latest };
  try {
    const comparison = await compareLookedInto(compared, before, after, deps);
    return { class: comparison.class, current, latest, comparison };
  } catch (error) {
    const isOlder = error instanceof OlderUnread;
    const problem = problemOf(isOlder ? error.cause : error, formatReference(compared.reference));
    const isOlderGone = isOlder && problem.code === 'registry-not-found';
    return { class: 'unknown', current, latest, problem, ...(isOlderGone && { isOlderGone }) };
  }
}

async function compareLookedInto(
  { reference, packagesFrom }: ComparedReference,
  before: SbomSubject,
  after: SbomSubject,
  deps: CompareManifestsDependencies,
): Promise<ImageComparison> {
  const { inspector } = deps;
  const [a, b] = await pairOf(inspector.head(reference, before.manifest), inspector.head(reference, after.manifest));
  if (sameLayers(a, b)) return compareHeads(a, b);
  const sboms = packagesFrom === 'sbom' ? await sbomPair(reference, before, after, deps) : undefined;
  if (sboms?.kind === 'pair') {
    const comparison = await compareImages(described(a, sboms.before), described(b, sboms.after), deps);
    return { ...comparison, packagesFrom: { kind: 'sbom', note: sboms.note } };
  }
  const images = await pairOf(
    inspector.inspect(reference, before.manifest),
    inspector.inspect(reference, after.manifest),
  );
  return { ...(await compareImages(...images, deps)), ...(sboms && { packagesFrom: insteadOf(sboms) }) };
}

/** Both, or the newer one's failure, or that of the older one said to be that. */
async function pairOf<T>(older: Promise<T>, newer: Promise<T>): Promise<[T, T]> {
  const [before, after] = await Promise.allSettled([older, newer]);
  if (after.status === 'rejected') throw after.reason;
  if (before.status === 'rejected') throw new OlderUnread('', { cause: before.reason });
  return [before.value, after.value];
}

/** An SBOM proves nothing about files that belong to no package. */
function described(head: ImageHead, inventory: InspectedImage['inventory']): InspectedImage {
  return { ...head, inventory, listings: [], isPartial: true };
}

function insteadOf({
  note,
  isPassing,
}: Extract<SbomPair, { kind: 'none' }>): NonNullable<ImageComparison['packagesFrom']> {
  return { kind: 'layers', note, ...(isPassing && { isPassing }) };
}

import type { ByteCache } from '../cache/byte-cache.ts';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { shortDigest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import type { Inventory } from '../core/package.ts';
import { inTurns } from '../core/time/turns.ts';
import type { Gate } from '../http/gate.ts';
import type { Sbom } from '../packages/sbom/read-sbom.ts';
import { type SbomAttachments, type SbomPlace, type SbomSubject, sbomPlaces } from './find-sbom.ts';

type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/** What finding and reading SBOMs needs. */
export interface SbomDependencies {
  readonly attachments: SbomAttachments;
  readonly signal: AbortSignal;
  readonly cache: ByteCache;
  readonly cost: { cacheHits: number };
  /** Bounds how many are read at once: each is held in memory whole. */
  readonly sbomGate: Gate;
}

/** The packages of two images, each from an SBOM of the same kind by the same program; or why there are none such. */
export type SbomPair =
  | { readonly kind: 'pair'; readonly before: Inventory; readonly after: Inventory; readonly note: string }
  | {
      readonly kind: 'none';
      readonly note: string;
      /** Somebody could not be asked. */
      readonly isPassing?: true;
    };

/**
 * The SBOMs of two images, for a comparison. Both sides come from the same kind of place, in the same format, by the same
 * program: two programs list different things of one image, which would all look like changes. Never rejects but when the
 * run is stopped.
 */
export async function sbomPair(
  repository: Repository,
  before: SbomSubject,
  after: SbomSubject,
  deps: SbomDependencies,
): Promise<SbomPair> {
  const reasons: string[] = [];
  let isPassing = false;
  for (const place of sbomPlaces) {
    const sides = [await sbomAt(place, repository, before, deps), await sbomAt(place, repository, after, deps)];
    const [a, b] = sides as [Found, Found];
    if ('why' in a || 'why' in b) {
      reasons.push('why' in a ? a.why : (b as Missing).why);
      isPassing ||= [a, b].some((side) => 'why' in side && side.isPassing === true);
      continue;
    }
    if (a.format !== b.format || a.generator !== b.generator) {
      reasons.push(`${place.name}: one is ${wordsOf(a)}, the other ${wordsOf(b)}`);
      continue;
    }
    const note = `the packages are those that the publisher's SBOMs list (${place.name}, ${wordsOf(a)}), not read from the layers`;
    return { kind: 'pair', before: a.inventory, after: b.inventory, note };
  }
  return {
    kind: 'none',
    note: `the packages were read from the layers, as there are no two SBOMs to compare (${reasons.join('; ')})`,
    ...(isPassing && { isPassing }),
  };
}

interface Missing {
  readonly why: string;
  readonly isPassing?: true;
}

type Found = Sbom | Missing;

async function sbomAt(
  place: SbomPlace,
  repository: Repository,
  subject: SbomSubject,
  deps: SbomDependencies,
): Promise<Found> {
  const image = shortDigest(subject.manifest);
  try {
    const found = await place.find(repository, subject, deps.attachments);
    if (found === undefined) return { why: `${place.name}: ${image} has none` };
    const { blob, wrapping, subject: about } = found;
    if (blob.size > limits.signature.sbom.most) {
      return {
        why: `${place.name}: that of ${image} has ${blob.size} bytes, and more than ${limits.signature.sbom.most} are not read`,
      };
    }
    const key = `1 ${blob.digest} ${wrapping} ${about ?? ''}`;
    const kept = deps.cache.get('sbom', key);
    if (kept !== undefined) {
      deps.cost.cacheHits++;
      return JSON.parse(Buffer.from(kept).toString('utf8')) as Sbom;
    }
    await deps.sbomGate.enter(deps.signal);
    try {
      const bytes = await deps.attachments.blob(repository, blob, limits.signature.sbom.most);
      // Few runs read one.
      const { readSbom } = await import('../packages/sbom/read-sbom.ts');
      const sbom = await inTurns(readSbom(bytes, wrapping, about), deps.signal);
      if ('code' in sbom) return { why: `${place.name}: that of ${image} cannot be used: ${sbom.message}` };
      deps.cache.put('sbom', key, Buffer.from(JSON.stringify(sbom)));
      return sbom;
    } finally {
      deps.sbomGate.leave();
    }
  } catch (error) {
    if (error instanceof PlimsollError && error.code === 'CANCELLED') throw error;
    return {
      why: `${place.name}: that of ${image} could not be had: ${messageOf(error).slice(0, 300)}`,
      isPassing: true,
    };
  }
}

function wordsOf({ format, generator }: Sbom): string {
  return `${format} by ${generator}`;
}

import type { Digest } from '../core/image/digest.ts';
import { formatPlatform, type Platform } from '../core/image/platform.ts';
import { type ImageReference, isLocal } from '../core/image/reference.ts';
import { type PackageChange, releaseName, type VersionScheme } from '../core/package.ts';
import { type PlaceFields, placeFields, placeText, scopeTitle } from '../core/place.ts';
import type { ArchivesDependencies } from '../look/image-archives.ts';
import type { ImageDocuments } from '../look/platform-child.ts';
import { manifestsOf, type PlatformManifest } from '../look/platform-manifests.ts';
import type { Resolution } from '../look/resolve.ts';
import { extractorNumber } from '../packages/wanted-paths.ts';
import type { Consumer, Fix, Fleet, PublishedUse, SeenManifest, Unlooked } from '../state/fleet.ts';
import type { RunCoverage } from '../state/run-coverage.ts';
import type { ExaminedUse } from '../verdict/examined-use.ts';
import type { Conclusion } from './run.ts';
import { keyOf, lookKey, scopeOf } from './state-keys.ts';

/** What recording who uses what needs, beside the state; nothing is fetched that the cache does not have. */
export interface FleetDependencies extends ArchivesDependencies {
  readonly registry: ImageDocuments;
  /** What another process learnt of the manifests of an image; undefined: nothing. Absent: there is none. */
  readonly manifests?: (
    reference: ImageReference,
    digest: Digest,
    platforms: readonly Platform[],
  ) => readonly PlatformManifest[] | undefined;
}

/**
 * Keeps who uses what, what is installed in it, and what would bring another version, so that questions about the fleet
 * are answered without asking anybody. Only images that this run or one before looked into: nothing is fetched for it
 * that the cache does not have. Trouble with one image leaves that one out.
 */
export async function recordFleet(
  result: Conclusion,
  known: RunCoverage,
  fleet: Fleet,
  deps: FleetDependencies,
): Promise<void> {
  const consumers: Consumer[] = [];
  const unlooked: Unlooked[] = [];
  /** Every manifest that somebody builds on, with a reference under which it is found. */
  const images = new Map<Digest, ImageReference>();
  const seen: SeenManifest[] = [];
  for (const { examined } of result.decided) {
    const { reference, role, key, place } = examined.use;
    // A frontend is no base of anything, and was never looked into.
    if (reference === undefined || isLocal(reference) || role === 'frontend') continue;
    const consumer = await consumerOf(examined, result.record, deps);
    if (consumer === undefined) {
      const fields = placeFields(place);
      unlooked.push({
        id: key,
        scope: scopeOf(fields, result.record),
        file: fileOf(fields),
        reference: lookKey(reference),
      });
      continue;
    }
    consumers.push(consumer);
    for (const { manifest } of consumer.manifests) images.set(manifest, reference);
    const newer = await newerOf(examined, deps);
    seen.push(...newer);
    for (const { manifest } of newer) images.set(manifest, reference);
  }
  const published = publishedUses(result);
  for (const { base, use } of published) for (const { manifest } of use.manifests) images.set(manifest, base);
  await recordInventories(images, fleet, deps);
  const at = Date.parse(result.record.startedAt);
  const told = new Set(published.map(({ use }) => use.image));
  const ofPublished = result.published && {
    uses: published.map(({ use }) => use),
    untold: result.published.flatMap(({ image }) => (told.has(image) ? [] : [image])),
  };
  await fleet.record(
    { consumers, unlooked, seen, at, ...(ofPublished && { published: ofPublished }) },
    fixesOf(result),
    known,
  );
}

/** What the tag of a use names now, where that is another image than it uses: it was looked into to compare them. */
async function newerOf({ use, examination }: ExaminedUse, deps: FleetDependencies): Promise<readonly SeenManifest[]> {
  const { reference, platforms } = use;
  const { resolution } = examination;
  if (reference === undefined || resolution.kind !== 'moved') return [];
  try {
    const manifests = await manifestsIn(reference, resolution.after, platforms, deps);
    return manifests.map((one) => ({
      digest: resolution.after,
      platform: one.platform ?? platforms.map(formatPlatform)[0] ?? '',
      manifest: one.digest,
    }));
  } catch {
    return [];
  }
}

async function manifestsIn(
  reference: ImageReference,
  digest: Digest,
  platforms: readonly Platform[],
  { manifests, registry }: FleetDependencies,
): Promise<readonly PlatformManifest[]> {
  return manifests?.(reference, digest, platforms) ?? manifestsOf(reference, digest, platforms, registry);
}

/** What a use has, and what is there now, as far as either was looked into. */
export function digestsOf({ use, examination }: Pick<ExaminedUse, 'use' | 'examination'>): readonly Digest[] {
  const { resolution } = examination;
  const used = usedDigest(use, resolution);
  const newer = resolution.kind === 'moved' ? [resolution.after] : [];
  return [...(used === undefined ? [] : [used]), ...newer];
}

/** What a use takes today; undefined: nobody can tell. */
function usedDigest({ has }: ExaminedUse['use'], resolution: Resolution): Digest | undefined {
  if (resolution.kind === 'unknown' || resolution.kind === 'broken') return undefined;
  return has?.digest ?? (resolution.kind === 'moved' ? resolution.before : undefined) ?? currentOf(resolution);
}

async function consumerOf(
  { use, examination }: ExaminedUse,
  record: Conclusion['record'],
  deps: FleetDependencies,
): Promise<Consumer | undefined> {
  const { reference, role, written, platforms, key } = use;
  const { resolution } = examination;
  if (reference === undefined) return undefined;
  const digest = usedDigest(use, resolution);
  if (digest === undefined) return undefined;
  const place = placeFields(use.place);
  try {
    const manifests = await manifestsIn(reference, digest, platforms, deps);
    return {
      id: key,
      scope: scopeOf(place, record),
      repository: scopeTitle(place),
      role,
      file: fileOf(place),
      line: place.line ?? 0,
      ...(place.workload && { workload: place.workload }),
      written,
      reference: lookKey(reference),
      digest,
      manifests: manifests.map((one) => ({
        platform: one.platform ?? platforms.map(formatPlatform)[0] ?? '',
        manifest: one.digest,
      })),
    };
  } catch {
    return undefined;
  }
}

/** Published images by what they are known to be built on, with the reference of that. */
function publishedUses({
  published = [],
  decided,
  record,
}: Conclusion): readonly { readonly use: PublishedUse; readonly base: ImageReference }[] {
  const uses = new Map(decided.map(({ examined: { use } }) => [use.key, use]));
  return published.flatMap(({ image, served, use: key }) => {
    const { reference: base, place } = uses.get(key) ?? {};
    if (base === undefined || place === undefined || served === undefined) return [];
    const manifests = served.platforms.flatMap(({ platform, built }) =>
      built.is === 'unknown' ? [] : [{ platform, manifest: built.manifest }],
    );
    if (manifests.length === 0) return [];
    const fields = placeFields(place);
    const { digest } = served;
    const where = { scope: scopeOf(fields, record), repository: scopeTitle(fields), file: fileOf(fields) };
    return [{ use: { image, digest, ...where, line: fields.line ?? 0, base: lookKey(base), manifests }, base }];
  });
}

/** What runs is in no file; its name stands for one. */
function fileOf(place: PlaceFields): string {
  return place.file ?? placeText(place);
}

function currentOf(resolution: Resolution): Consumer['digest'] | undefined {
  return resolution.kind === 'current'
    ? resolution.digest
    : resolution.kind === 'unpinned'
      ? resolution.latest
      : undefined;
}

/** Keeps what is installed in these images, unless it is known already. */
export async function recordInventories(
  images: ReadonlyMap<Digest, ImageReference>,
  fleet: Fleet,
  deps: FleetDependencies,
): Promise<void> {
  const known = await fleet.known([...images.keys()], extractorNumber);
  for (const [manifest, reference] of images) {
    if (known.has(manifest)) continue;
    try {
      const { inventory } = await deps.inspector.inspect(reference, manifest);
      const scheme = schemeOf(inventory.database, deps);
      const { coverage, problems, packages } = inventory;
      const isEmpty = coverage === 'none' && problems.length === 0;
      await fleet.addInventory(manifest, extractorNumber, {
        isWhole: isEmpty || (coverage === 'complete' && scheme !== undefined),
        ...(inventory.os && { os: releaseName(inventory.os) }),
        // Without an order of versions there is nothing to ask about, and nothing to order.
        scheme: scheme ?? 'dpkg',
        packages: scheme === undefined ? [] : packages,
      });
    } catch {
      // The report has said what is the matter with it.
    }
  }
}

function schemeOf(database: string | undefined, { families }: FleetDependencies): VersionScheme | undefined {
  return families.find(({ databases }) => databases.includes(database ?? ''))?.scheme;
}

/** Many places may use one image, and share its rows: these are taken once for each remedy. */
function fixesOf({ record }: Conclusion): readonly Fix[] {
  const taken = new Map<string, Set<readonly PackageChange[]>>();
  return record.findings.flatMap((finding): Fix[] => {
    const { subject, packages = [], remedy } = finding;
    const reference = keyOf(finding);
    const rows = taken.get(`${remedy} ${reference}`) ?? new Set();
    if (subject !== 'image' || rows.has(packages)) return [];
    taken.set(`${remedy} ${reference}`, rows.add(packages));
    return packages.flatMap(({ name, after }) =>
      after === undefined ? [] : [{ reference, package: name, version: after, remedy }],
    );
  });
}

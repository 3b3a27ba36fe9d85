import type { Inventory, PackageChange } from '../core/package.ts';
import { inTurns } from '../core/time/turns.ts';
import { comparePackages } from '../packages/compare.ts';
import type { StoredInventory } from '../state/fleet.ts';
import type { Memory } from '../state/memory.ts';

/** What two digests differ in on one platform. */
export type PlatformDifference = { readonly platform: string } & (
  | { readonly kind: 'same-manifest' }
  /** The packages of these are not kept, or nobody has looked into them: it is not known what differs. */
  | { readonly kind: 'not-kept'; readonly missing: 'before' | 'after' | 'both' }
  | {
      readonly kind: 'compared';
      readonly changes: readonly PackageChange[];
      /** How many the newer has. */
      readonly packages: number;
      /** False: something in one of them could not be read, and there may be more. */
      readonly isWhole: boolean;
    }
);

/** What two digests differ in; what is not kept is no empty difference. */
export interface DigestDifference {
  /** Those of the two of which nobody knows any more what they stood for. */
  readonly notKept: readonly string[];
  /** Platforms that both have and that were looked into. */
  readonly platforms: readonly PlatformDifference[];
}

/** What differs between the packages of two digests that runs have seen, platform by platform. Rejects with 'STATE'. */
export async function digestDifference(memory: Memory, from: string, to: string): Promise<DigestDifference> {
  const [olds, news] = await Promise.all([memory.manifests(from), memory.manifests(to)]);
  const notKept = [...(olds.length === 0 ? [from] : []), ...(news.length === 0 ? [to] : [])];
  const platforms: PlatformDifference[] = [];
  for (const { platform, manifest } of olds) {
    const other = news.find((one) => one.platform === platform);
    if (other !== undefined) platforms.push(await onPlatform(memory, platform, manifest, other.manifest));
  }
  return { notKept, platforms };
}

async function onPlatform(
  memory: Memory,
  platform: string,
  before: string,
  after: string,
): Promise<PlatformDifference> {
  if (before === after) return { platform, kind: 'same-manifest' };
  const [old, now] = await Promise.all([memory.inventory(before), memory.inventory(after)]);
  if (old === undefined || now === undefined) {
    const missing = old === undefined && now === undefined ? 'both' : old === undefined ? 'before' : 'after';
    return { platform, kind: 'not-kept', missing };
  }
  const changes = await inTurns(comparePackages(inventoryOf(old), inventoryOf(now)));
  return { platform, kind: 'compared', changes, packages: now.packages.length, isWhole: old.isWhole && now.isWhole };
}

/** The order of versions has the name of the database that it is the order of. */
function inventoryOf({ isWhole, scheme, packages }: StoredInventory): Inventory {
  return {
    coverage: packages.length === 0 ? 'none' : isWhole ? 'complete' : 'partial',
    database: scheme,
    packages: packages.map(({ source, ...one }) => ({
      ...one,
      ...(source && { source: { name: source.name, version: '' } }),
    })),
    problems: [],
  };
}

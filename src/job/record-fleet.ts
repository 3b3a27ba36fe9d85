import { repositoryName } from '../core/finding.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { isLocal } from '../core/image/reference.ts';
import { releaseName, type VersionScheme } from '../core/package.ts';
import { inTurns } from '../core/time/turns.ts';
import type { ArchivesDependencies } from '../look/image-archives.ts';
import type { ImageDocuments } from '../look/platform-child.ts';
import { manifestsOf } from '../look/platform-manifests.ts';
import { extractorNumber } from '../packages/wanted-paths.ts';
import type { Consumer, Fix, Fleet, Unlooked } from '../state/fleet.ts';
import type { NewRun } from '../state/store.ts';
import type { DecidedUse } from '../verdict/decided.ts';
import { placeOf } from '../verdict/finding-id.ts';
import { keyOf, lookKey } from './record-run.ts';
import type { RunResult } from './run.ts';

/** What recording who uses what needs, beside the state; nothing is fetched that the cache does not have. */
export interface FleetDependencies extends ArchivesDependencies {
  readonly registry: ImageDocuments;
}

/**
 * Keeps who uses what, what is installed in it, and what would bring another version, so that questions about the fleet
 * are answered without asking anybody. Only images that this run or one before looked into: nothing is fetched for it
 * that the cache does not have. Trouble with one image leaves that one out.
 */
export async function recordFleet(
  result: RunResult,
  run: number,
  known: Pick<NewRun, 'unsure' | 'whole' | 'unread'>,
  fleet: Fleet,
  deps: FleetDependencies,
): Promise<void> {
  const consumers: Consumer[] = [];
  const unlooked: Unlooked[] = [];
  for (const use of result.decided) {
    const { reference, kind } = use.placed.use;
    // A frontend is no base of anything, and was never looked into.
    if (reference === undefined || isLocal(reference) || kind === 'syntax') continue;
    const consumer = await consumerOf(use, deps);
    if (consumer === undefined) {
      const place = placeOf(use.use);
      unlooked.push({ id: place.id, repository: repositoryName(place), reference: lookKey(reference) });
      continue;
    }
    consumers.push(consumer);
    await recordInventories(use, consumer, fleet, deps);
  }
  await inTurns(fleet.record(run, { consumers, unlooked }, fixesOf(result), known));
}

async function consumerOf(decided: DecidedUse, deps: FleetDependencies): Promise<Consumer | undefined> {
  const { use, placed } = decided;
  const { reference, file, line, written } = use.use;
  const { resolution } = use.examination;
  if (reference === undefined) return undefined;
  const digest =
    reference.digest ?? (resolution.kind === 'moved' ? resolution.before : undefined) ?? currentOf(resolution);
  if (digest === undefined || resolution.kind === 'unknown' || resolution.kind === 'broken') return undefined;
  const place = placeOf(use);
  try {
    const manifests = await manifestsOf(reference, digest, placed.platforms, deps.registry);
    return {
      id: place.id,
      repository: repositoryName(place),
      file: file ?? '',
      line,
      written,
      reference: lookKey(reference),
      digest,
      manifests: manifests.map((one) => ({
        platform: one.platform ?? placed.platforms.map(formatPlatform)[0] ?? '',
        manifest: one.digest,
      })),
    };
  } catch {
    return undefined;
  }
}

function currentOf(resolution: DecidedUse['use']['examination']['resolution']): Consumer['digest'] | undefined {
  return resolution.kind === 'current'
    ? resolution.digest
    : resolution.kind === 'unpinned'
      ? resolution.latest
      : undefined;
}

async function recordInventories(
  { use }: DecidedUse,
  { manifests }: Consumer,
  fleet: Fleet,
  deps: FleetDependencies,
): Promise<void> {
  const { reference } = use.use;
  if (reference === undefined) return;
  for (const { manifest } of manifests) {
    if (fleet.knows(manifest, extractorNumber)) continue;
    try {
      const { inventory } = await deps.inspector.inspect(reference, manifest);
      const scheme = schemeOf(inventory.database, deps);
      const { coverage, problems, packages } = inventory;
      const isEmpty = coverage === 'none' && problems.length === 0;
      fleet.addInventory(manifest, extractorNumber, {
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

function fixesOf({ record }: RunResult): readonly Fix[] {
  return record.findings.flatMap((finding) =>
    finding.subject === 'image'
      ? (finding.packages ?? []).flatMap(({ name, after }) =>
          after === undefined
            ? []
            : [{ reference: keyOf(finding), package: name, version: after, remedy: finding.remedy }],
        )
      : [],
  );
}

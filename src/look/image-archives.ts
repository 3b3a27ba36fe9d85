import type { Digest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { type Inventory, releaseName } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import { meaningOf } from '../core/problem-code.ts';
import type { ArchiveFamily, ArchivesReading } from '../packages/archives/archive-family.ts';
import { excessiveSettings } from '../packages/archives/excessive-settings.ts';
import { type PackageManager, packageManagerOf } from '../packages/package-manager.ts';
import type { InspectedImage, Inspector } from './inspect.ts';

/** What asking the archives of an image needs. */
export interface ArchivesDependencies {
  readonly inspector: Inspector;
  /** Every kind of package archive. */
  readonly families: readonly ArchiveFamily[];
}

/** An image with what the repositories that it enables say today. */
export interface ImageArchives {
  readonly image: InspectedImage;
  /** What can upgrade packages inside the image; absent: only a newer base can. */
  readonly manager?: PackageManager;
  /** Absent when no kind of archive fits the image's packages. */
  readonly family?: ArchiveFamily;
  readonly reading: ArchivesReading;
}

type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/**
 * Looks into one platform's image, and asks the repositories that it enables, also about packages that are not
 * installed. Rejects when the image cannot be had; trouble with archives is in the reading.
 */
export async function readArchives(
  repository: Repository,
  digest: Digest,
  names: ReadonlySet<string>,
  deps: ArchivesDependencies,
): Promise<ImageArchives> {
  const image = await deps.inspector.inspect(repository, digest);
  const { inventory } = image;
  const manager = packageManagerOf(inventory);
  const family = deps.families.find(({ databases }) => databases.includes(inventory.database ?? ''));
  if (family === undefined) return { image, reading: nothingRead(withoutFamily(inventory)) };
  const { files } = await deps.inspector.files(repository, digest);
  const excess = excessiveSettings(files);
  if (excess) return { image, family, reading: nothingRead(excess), ...(manager && { manager }) };
  const { os, packages } = inventory;
  const reading = await family.read({ os, packages, platform: image.config.platform, files, names });
  return { image, family, reading, ...(manager && { manager }) };
}

/** What an image by itself lacks is no trouble of an archive's, stays so, and is nothing to repeat in every report. */
export function isOfTheImage({ code }: Problem): boolean {
  return meaningOf(code).of === 'image';
}

function withoutFamily({ database, os }: Inventory): Problem {
  if (database === undefined) {
    const message =
      'no package database of dpkg, apk, rpm or pacman was found in the image, so nothing can be said about what is pending';
    return { code: 'no-package-database', message };
  }
  const distro = os ? ` of ${releaseName(os)}` : '';
  const message = `the packages${distro} are in ${database}, for which no archive can be asked`;
  return { code: 'archive-not-supported', message };
}

function nothingRead(problem: Problem): ArchivesReading {
  return {
    repositories: [],
    complete: false,
    problems: [problem],
    remarks: [],
    state: problem.code,
    offers: () => [],
    *candidates() {
      yield;
      return [];
    },
    verdict: () => ({ security: null, advisories: [] }),
    foreign: () => null,
  };
}

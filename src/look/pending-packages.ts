import type { Digest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import type { Problem } from '../core/problem.ts';
import { inTurns } from '../core/time/turns.ts';
import type { Candidate, RepositoryReading } from '../packages/archives/archive-family.ts';
import { type ArchivesDependencies, type ImageArchives, readArchives } from './image-archives.ts';
import type { InspectedImage } from './inspect.ts';
import { type FeedDependencies, judgeMoves } from './judge.ts';

export type PendingDependencies = ArchivesDependencies & FeedDependencies;

/** An upgrade that waits, with what advisories say about it. */
export interface PendingPackage extends Candidate {
  readonly severity?: string;
  /** How many advisories there are beside those that are listed; absent: none. */
  readonly unlisted?: number;
  /** Where it comes from when that is not the distro: no advisory of the distro speaks of it. */
  readonly foreign?: string;
}

/** What the distribution offers today for what is installed in one image. */
export interface Pending {
  readonly image: InspectedImage;
  readonly packages: readonly PendingPackage[];
  readonly repositories: readonly RepositoryReading[];
  /** How the upgrades get into the image: a line to run in it, or only a base that has them. */
  readonly remedy: { readonly kind: 'upgrade-line'; readonly line: string } | { readonly kind: 'newer-base' };
  /** False when something was not read: `packages` is then not all, and empty does not mean "nothing pending". */
  readonly complete: boolean;
  /** What makes it incomplete, then what is only worth saying. */
  readonly problems: readonly Problem[];
  /** Those of them that are about archives and feeds, not about what is in the image. */
  readonly archiveProblems: readonly Problem[];
  readonly remarks: readonly Problem[];
}

/** Looks into an image, and asks the repositories that it enables. Rejects when the image cannot be had. */
export async function findPending(
  repository: Pick<ImageReference, 'registry' | 'repository'>,
  digest: Digest,
  deps: PendingDependencies,
): Promise<Pending> {
  return pendingIn(await readArchives(repository, digest, new Set(), deps), deps);
}

/** The upgrades that wait in an image whose archives were read. */
export async function pendingIn(archives: ImageArchives, deps: FeedDependencies): Promise<Pending> {
  const { image, reading, manager } = archives;
  const { inventory } = image;
  const candidates = await inTurns(reading.candidates());
  const installed = Map.groupBy(inventory.packages, (one) => installedKey(one.name, one.architecture, one.version));
  const judged = await judgeMoves(
    candidates.map((one) => ({
      packages: installed.get(installedKey(one.name, one.architecture, one.installed)) ?? [],
      name: one.name,
      architecture: one.architecture,
      before: one.installed,
      after: one.candidate,
      ...(one.replacedBy !== undefined && { replacedBy: one.replacedBy }),
      sourceBefore: one.installedSource ?? { name: one.name, version: one.installed },
      sourceAfter: one.candidateSource ?? { name: one.name, version: one.candidate },
    })),
    archives,
    deps,
  );
  const archiveProblems = [...reading.problems, ...judged.problems];
  return {
    image,
    packages: candidates.map((one, index) => {
      const verdict = judged.verdicts[index];
      return { ...one, ...verdict };
    }),
    repositories: reading.repositories,
    remedy: manager ? { kind: 'upgrade-line', line: manager.upgradeLine } : { kind: 'newer-base' },
    // A repository that the operator wants left alone is a remark.
    complete: inventory.coverage === 'complete' && reading.problems.length === 0,
    problems: [...inventory.problems, ...archiveProblems, ...reading.remarks],
    archiveProblems,
    remarks: reading.remarks,
  };
}

function installedKey(name: string, architecture: string, version: string): string {
  return `${name} ${architecture} ${version}`;
}

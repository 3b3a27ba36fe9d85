import type { Digest } from '../core/digest.ts';
import type { DistroRelease } from '../core/package.ts';
import { formatPlatform, type Platform } from '../core/platform.ts';
import type { Problem } from '../core/problem.ts';
import { problemOf } from '../core/problem-of.ts';
import { formatReference, type ImageReference } from '../core/reference.ts';
import { type ArchivesDependencies, isOfTheImage, readArchives } from './archives.ts';
import type { FeedDependencies } from './judge.ts';
import { type Pending, type PendingPackage, pendingIn } from './pending.ts';
import { manifestsOf } from './platform-manifests.ts';
import type { Registry } from './resolve.ts';

/** What the distribution already has and one platform's image does not. */
export interface PlatformLag {
  readonly platform: string;
  readonly os?: DistroRelease;
  readonly packages: readonly PendingPackage[];
  readonly remedy: Pending['remedy'];
  /** False: there may be more than `packages`. */
  readonly complete: boolean;
}

/** How far the image that a tag names now is behind its own distribution. */
export interface Lag {
  readonly platforms: readonly PlatformLag[];
  /** Trouble with archives and feeds, for the report as a whole. */
  readonly problems: readonly Problem[];
  /** Why the image's own package manager will refuse its repositories: a build that installs fails. */
  readonly refusal?: string;
  /** A suite that its archive does not serve any more. */
  readonly goneSuite?: string;
}

export interface LagDependencies extends ArchivesDependencies, FeedDependencies {
  readonly registry: Registry;
}

/** Never rejects but when the run is stopped: an image that cannot be looked into has a problem instead of packages. */
export async function lagOf(
  reference: ImageReference,
  root: Digest,
  platforms: readonly Platform[],
  deps: LagDependencies,
): Promise<Lag> {
  try {
    const manifests = await manifestsOf(reference, root, platforms, deps.registry);
    const read = await Promise.all(
      manifests.map(async ({ digest, platform }) => {
        const pending = await pendingIn(await readArchives(reference, digest, new Set(), deps), deps);
        return { platform: platform ?? formatPlatform(pending.image.config.platform), pending };
      }),
    );
    const problems = read.flatMap(({ pending }) => [...pending.archiveProblems]);
    const refusal = read.flatMap(({ pending }) => pending.remarks).find(({ code }) => code === 'apt-key-expired');
    const gone = problems.find(({ code }) => code === 'archive-gone')?.subject;
    return {
      platforms: read.map(({ platform, pending: { image, packages, remedy, complete } }) => ({
        platform,
        ...(image.inventory.os && { os: image.inventory.os }),
        packages,
        remedy,
        complete,
      })),
      problems: problems.filter((one) => !isOfTheImage(one)),
      ...(refusal && { refusal: `${refusal.subject ?? 'a repository'}: ${refusal.message}` }),
      ...(gone !== undefined && { goneSuite: gone }),
    };
  } catch (error) {
    const problem = problemOf(error, formatReference(reference));
    return { platforms: [], problems: [{ ...problem, code: `lag-${problem.code}` }] };
  }
}

import type { Digest } from '../core/image/digest.ts';
import { formatPlatform, type Platform } from '../core/image/platform.ts';
import { formatReference, type ImageReference } from '../core/image/reference.ts';
import type { DistroRelease, Inventory } from '../core/package.ts';
import { type Problem, problemOf } from '../core/problem.ts';
import { isOfLayer } from '../core/problem-code.ts';
import { distinctCauses, type Unanswered, unanswered } from '../core/unchecked.ts';
import { isMainSuite, isPublisher } from '../packages/archives/publishers.ts';
import { type ArchivesDependencies, isOfTheImage, readArchives } from './image-archives.ts';
import type { FeedDependencies } from './judge.ts';
import { type Pending, type PendingPackage, pendingIn } from './pending-packages.ts';
import { servedOf } from './platform-manifests.ts';
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
  /** What could not be learnt because of it. */
  readonly unanswered: readonly Unanswered[];
  /** Why the image's own package manager will refuse its repositories: a build that installs fails. */
  readonly refusal?: string;
  /** Its repositories are those of no release: what ends a release does not concern it. */
  readonly isRolling?: true;
  /** The release's own suite, which its own publisher does not serve any more. */
  readonly goneSuite?: string;
}

/** What asking what an image lacks needs. */
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
    const { manifests, missing } = await servedOf(reference, root, platforms, deps.registry);
    const read = await Promise.all(
      manifests.map(async ({ digest, platform }) => {
        const pending = await pendingIn(await readArchives(reference, digest, new Set(), deps), deps);
        return { platform: platform ?? formatPlatform(pending.image.config.platform), pending };
      }),
    );
    const problems = read.flatMap(({ pending }) => pending.archiveProblems).filter((one) => !isOfTheImage(one));
    const refusal = read.flatMap(({ pending }) => pending.remarks).find(({ code }) => code === 'apt-key-expired');
    const gone = read.map(({ pending }) => goneSuite(pending)).find((suite) => suite !== undefined);
    const suites = read.flatMap(({ pending }) => pending.repositories.map(({ suite }) => suite));
    const isRolling = suites.length > 0 && suites.every((suite) => /^edge(?:\/|$)/.test(suite));
    const unread = read.flatMap(({ pending: { image } }) => unreadPackages(image.inventory));
    return {
      platforms: read.map(({ platform, pending: { image, packages, remedy, complete } }) => ({
        platform,
        ...(image.inventory.os && { os: image.inventory.os }),
        packages,
        remedy,
        complete,
      })),
      problems,
      unanswered: distinctCauses([
        ...[...problems, ...unread].map((one) => unanswered('fixes', one, reference.registry)),
        // The release stands in a file of the image.
        ...unread
          .filter(() => read.some(({ pending }) => pending.image.inventory.os === undefined))
          .map((one) => unanswered('end-of-life', one, reference.registry)),
        ...missing.flatMap((one) => allOf(one, reference)),
      ]),
      ...(refusal && { refusal: `${refusal.subject ?? 'a repository'}: ${refusal.message}` }),
      ...(isRolling && { isRolling }),
      ...(gone !== undefined && { goneSuite: gone }),
    };
  } catch (error) {
    const problem = problemOf(error, formatReference(reference));
    return {
      platforms: [],
      problems: [{ ...problem, code: `lag-${problem.code}`, host: reference.registry }],
      unanswered: allOf(problem, reference),
    };
  }
}

/** Nothing could be asked of an image. */
function allOf(problem: Problem, { registry }: ImageReference): readonly Unanswered[] {
  return (['fixes', 'end-of-life'] as const).map((question) => unanswered(question, problem, registry));
}

/** Only the publisher's own answer about the release's own suite says that a release was taken away. */
function goneSuite({ image, archiveProblems }: Pending): string | undefined {
  const { os } = image.inventory;
  if (os === undefined) return undefined;
  const found = archiveProblems.find(
    ({ code, host, subject = '' }) =>
      code === 'archive-gone' && host !== undefined && isPublisher(os, host) && isMainSuite(subject),
  );
  return found?.subject;
}

/** Packages that are there, or may be, and could not be read: what waits for them is not known. */
function unreadPackages({ coverage, database, problems }: Inventory): readonly Problem[] {
  if (coverage === 'complete') return [];
  return problems.filter((one) => !isOfTheImage(one) && (database !== undefined || isOfLayer(one.code)));
}

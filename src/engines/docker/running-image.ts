import { type Digest, isDigest, shortDigest } from '../../core/image/digest.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunningImage } from '../engine.ts';
import { ownDigests } from '../workload-parts.ts';

/** What is known of the image of one container. */
export interface ImageFacts {
  /** As its owner wrote it, normalised. */
  readonly reference: ImageReference;
  /** Of the image store: of a config, or what was pulled where the store knows manifests. */
  readonly imageId: string;
  readonly isContentStore: boolean;
  /** The platform's manifest, where the store says it. */
  readonly manifest?: string | undefined;
  /** `repository@digest`, as the store keeps them; undefined: the image could not be looked at. */
  readonly repoDigests: readonly string[] | undefined;
  /** It is Podman, asked in Docker's words. */
  readonly isPodman: boolean;
}

/** The digest that runs, several of which one is it, or why there is none. `differs`: its owner wrote another one. */
export type RunningDigest =
  | { readonly is: 'known'; readonly running: RunningImage; readonly differs?: Problem }
  | { readonly is: 'one of'; readonly digests: readonly Digest[] }
  | { readonly is: 'local' }
  | { readonly is: 'unknown'; readonly problem: Problem };

/**
 * Which digest a container runs: with containerd's image store the image's id; else the digest that the store keeps for the same
 * repository, never that of another one, which an image built from it without a change has, too; else what
 * its owner wrote. An image that came from no registry is local: of Podman's only what it calls localhost, since it gives such an image digests
 * like any other, and forgets those of one that has lost its name. Pure.
 */
export function runningDigest(name: string, facts: ImageFacts): RunningDigest {
  const { reference, imageId, isContentStore, manifest, repoDigests, isPodman } = facts;
  const written = reference.digest;
  if (isPodman && reference.registry === 'localhost') return { is: 'local' };
  if (isContentStore && isDigest(imageId)) {
    const running = {
      root: imageId,
      ...(manifest !== undefined && isDigest(manifest) && { manifest }),
      by: 'store',
    } as const;
    return known(name, running, written);
  }
  const own = ownDigests(repoDigests ?? [], reference);
  if (written !== undefined && own.includes(written))
    return { is: 'known', running: { root: written, by: 'repo-digest' } };
  const [digest, ...others] = own;
  if (digest !== undefined && others.length > 0) return { is: 'one of', digests: own };
  if (digest !== undefined) return known(name, { root: digest, by: 'repo-digest' }, written);
  if (written !== undefined) return { is: 'known', running: { root: written, by: 'written' } };
  if (repoDigests !== undefined && !isPodman) return { is: 'local' };
  const message =
    repoDigests === undefined
      ? 'its image could not be looked at, so which digest runs is not known'
      : 'Podman tells clients of Docker no digest of its image, so which one runs is not known; asked as Podman it says more';
  return { is: 'unknown', problem: { code: 'running-digest-unknown', message, subject: name } };
}

function known(name: string, running: RunningImage, written: Digest | undefined): RunningDigest {
  if (written === undefined || written === running.root || written === running.manifest)
    return { is: 'known', running };
  const message = `${shortDigest(written)} is written, yet the image store says that ${shortDigest(running.root)} runs; what is written is what was compared`;
  const differs = { code: 'running-digest-differs', message, subject: name } as const;
  return { is: 'known', running: { root: written, by: 'written' }, differs };
}

import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Digest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { placeText } from '../core/place.ts';
import { type Problem, problemOf } from '../core/problem.ts';
import type { Use } from '../sources/use.ts';
import type { Examination } from './examination.ts';
import { type LagDependencies, lagOf } from './lag.ts';

/** What looking into an archive that a stage is made from needs. */
export interface RootfsDependencies extends LagDependencies {
  /** Images that are in no registry. */
  readonly local: { open(reference: ImageReference): Promise<{ readonly root: Digest }> };
}

/** An archive may be made just before the build: that it is not there says nothing. */
export function isMissing({ resolution }: Examination): boolean {
  return resolution.kind === 'unknown' && resolution.problem.code === 'rootfs-missing';
}

/**
 * Looks into the archive that a stage unpacks as its base, like into the image of a tag that has not moved. Never
 * rejects but when the run is stopped: trouble is `unknown`.
 */
export async function examineRootfs(use: Use, deps: RootfsDependencies): Promise<Examination> {
  const subject = placeText(use.place);
  const unknown = (problem: Problem): Examination => ({
    resolution: { kind: 'unknown', problem },
    pinned: 'none',
    platforms: [],
    notes: [],
  });
  const file = findArchive(use);
  if (file === undefined) {
    return unknown({ code: 'rootfs-missing', message: `${use.written} is not in the tree`, subject });
  }
  const archive: ImageReference = { registry: 'tar:', repository: file };
  try {
    const { root } = await deps.local.open(archive);
    const lag = await lagOf(archive, root, [], deps);
    return {
      resolution: { kind: 'current', digest: root },
      pinned: 'none',
      platforms: [],
      notes: [],
      lag,
      archive,
    };
  } catch (error) {
    const { message } = problemOf(error, file);
    return unknown({ code: 'rootfs-unreadable', message, subject });
  }
}

/** The file that a build would most likely add. Undefined when there is none, or when it lies outside the tree. */
function findArchive({ written, archive: { root, contexts = [] } = {} }: Use): string | undefined {
  // Archives in a repository on a forge are not fetched.
  if (root === undefined) return undefined;
  // In a build context `..` stops at its root.
  const inContext = path.posix.normalize(`/${written}`);
  for (const context of contexts) {
    try {
      const file = realpathSync(path.join(context, inContext));
      const isInside = !path.relative(realpathSync(root), file).startsWith('..');
      if (isInside && statSync(file).isFile()) return file;
    } catch {
      // Not there, or not for us to see.
    }
  }
  return undefined;
}

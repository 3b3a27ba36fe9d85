import { limits } from '../../core/limits/limits.ts';
import type { Steps } from '../../core/time/turns.ts';
import type { PathInterest } from '../layers/layer-collector.ts';
import { resolvePath } from '../layers/layer-path.ts';

/** The wanted files of a root file system as they lie in it: by path with its directory resolved. */
export interface FoundFiles {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Targets as written. */
  readonly symlinks: ReadonlyMap<string, string>;
}

/** The files of an image, with those that only a link or another file leads to. */
export interface LinkedFiles {
  /** `files`, and under their own names those that are reached through a symlink, or that other files name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Where a wanted symlink or a named path leads and no file was found, each path resolved as far as it is known. */
  readonly unread: readonly string[];
}

/** Follows wanted symlinks, and the paths that the files themselves name; every step stays inside the root. */
export function* followLinks(
  { files, symlinks }: FoundFiles,
  { wants, named }: Pick<PathInterest, 'wants' | 'named'>,
): Steps<LinkedFiles> {
  const all = new Map(files);
  const unread = new Set<string>();
  const follow = (path: string, isWanted: boolean): void => {
    const place = resolvePath(path, symlinks);
    const content = place === undefined ? undefined : files.get(place);
    if (content !== undefined) all.set(path, content);
    else if (isWanted && place !== undefined) unread.add(place);
  };
  for (const path of symlinks.keys()) {
    yield;
    follow(path, wants(path));
  }
  for (const path of named(all)) follow(path, true);
  return { files: all, unread: [...unread] };
}

/**
 * Looks, and looks again with a wider interest as long as what was found leads to files that were not wanted before.
 * `paths`: those beyond the first interest, sorted.
 */
export async function lookFurther<T>(
  interest: PathInterest,
  look: (
    wider: PathInterest,
    paths: readonly string[],
  ) => Promise<{ readonly found: T; readonly unread: readonly string[] }>,
): Promise<T> {
  const further = new Set<string>();
  for (let looks = 0; ; looks++) {
    const paths = [...further].sort();
    const { found, unread } = await look(widenInterest(interest, paths), paths);
    const fresh = unread.filter((path) => !interest.wants(path) && !further.has(path));
    if (fresh.length === 0 || looks === limits.image.looks.most) return found;
    for (const path of fresh) further.add(path);
  }
}

function widenInterest(interest: PathInterest, paths: readonly string[]): PathInterest {
  if (paths.length === 0) return interest;
  const wanted = new Set(paths);
  const leading = new Set(
    paths.flatMap((path) => {
      const parts = path.split('/');
      return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
    }),
  );
  return {
    ...interest,
    wants: (path) => interest.wants(path) || wanted.has(path),
    leadsToWanted: (path) => interest.leadsToWanted(path) || leading.has(path),
  };
}

import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import type { Steps } from '../../core/time/turns.ts';

/**
 * What the repositories of an image have of one package, in their order, and no more than is looked at: everything that is
 * asked of a package compares its versions.
 */
export function withinBuilds<R, T>(repositories: readonly R[], listOf: (one: R) => readonly T[]): readonly T[] {
  const found: T[] = [];
  for (const one of repositories) {
    found.push(...listOf(one).slice(0, limits.archive.builds.most - found.length));
    if (found.length === limits.archive.builds.most) break;
  }
  return found;
}

/** Says of which of these packages there is more than {@link withinBuilds} takes, of any of the lists. */
export function* manyBuilds<R>(
  names: Iterable<string>,
  repositories: readonly R[],
  listsOf: readonly ((one: R, name: string) => readonly unknown[])[],
): Steps<readonly Problem[]> {
  const found: string[] = [];
  for (const name of new Set(names)) {
    yield;
    const isMany = listsOf.some((listOf) => {
      let left = limits.archive.builds.most;
      for (const one of repositories) {
        left -= listOf(one, name).length;
        if (left < 0) return true;
      }
      return false;
    });
    if (isMany) found.push(name);
  }
  if (found.length === 0) return [];
  const shown = found.slice(0, 5).join(', ') + (found.length > 5 ? ', …' : '');
  const message = `the repositories have more than ${limits.archive.builds.most} builds of ${shown}, of which the first were looked at, so what is pending for that is not known`;
  return [{ code: 'archive-many-builds', message }];
}

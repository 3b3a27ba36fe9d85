import { parseTag, type TagShape } from './parse-tag.ts';

export type Ceiling = 'patch' | 'minor' | 'major';

const ceilings: Readonly<Record<Ceiling, number>> = { major: 0, minor: 1, patch: 2 };

/**
 * The newest tag of the same shape as `current` and newer than it, or undefined. Same shape: the same text around the
 * numbers and as many of them. `allow` says which number may change: the first from `major`, the second from `minor`, the
 * others (and rebuilds such as `-r3`) from `patch`. A pre-release is offered only to a pre-release, a release without
 * long-term support never to one that has it.
 */
export function newestTag(current: string, tags: readonly string[], allow: Ceiling): string | undefined {
  const own = parseTag(current);
  if (!own) return undefined;
  let newest: { tag: string; shape: TagShape } | undefined;
  for (const tag of tags) {
    const shape = parseTag(tag);
    if (!shape || !mayReplace(own, shape, allow)) continue;
    if (!newest || compareShapes(shape, newest.shape) > 0) newest = { tag, shape };
  }
  return newest?.tag;
}

/** Can anything be newer than this tag? Not than `latest`, or a commit's hash. */
export function hasOrder(tag: string): boolean {
  return parseTag(tag) !== undefined;
}

function mayReplace(own: TagShape, other: TagShape, allow: Ceiling): boolean {
  if (other.shape !== own.shape || other.numbers.length !== own.numbers.length) return false;
  if (other.pre && !own.pre) return false;
  if (own.lts && !other.lts) return false;
  if (compareShapes(other, own) <= 0) return false;
  const changed = own.numbers.findIndex((number, i) => number !== other.numbers[i]);
  return changed < 0 || changed >= ceilings[allow];
}

function compareShapes(a: TagShape, b: TagShape): number {
  for (const [i, number] of a.numbers.entries()) {
    const difference = compare(number, b.numbers[i] ?? 0n);
    if (difference !== 0) return difference;
  }
  if (!a.pre !== !b.pre) return a.pre ? -1 : 1;
  return (
    compare(a.pre?.rank ?? 0, b.pre?.rank ?? 0) ||
    compare(a.pre?.number ?? 0n, b.pre?.number ?? 0n) ||
    compare(a.revision ?? 0n, b.revision ?? 0n)
  );
}

function compare<T extends bigint | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

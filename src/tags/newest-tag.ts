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
  if (own.lts === true && other.lts === false) return false;
  if (!own.numbers.every((number, i) => isOfOneStyle(number, other.numbers[i] ?? '', i === 0))) return false;
  if (!own.revision.every((number, i) => isOfOneStyle(number, other.revision[i] ?? '', false))) return false;
  if (compareShapes(other, own) <= 0) return false;
  const changed = own.numbers.findIndex((number, i) => compareNumbers(number, other.numbers[i] ?? '') !== 0);
  return changed < 0 || (isWindowsBuild(own, changed) ? allow === 'major' : changed >= ceilings[allow]);
}

/** The third number of 10.0.17763.5329: containers of another build of Windows may not start on the same host. */
function isWindowsBuild({ numbers }: TagShape, changed: number): boolean {
  return changed === 2 && numbers.length === 4 && numbers[0] === '10' && numbers[1] === '0' && numbers[2]?.length === 5;
}

/**
 * Do both numbers come from one way of counting? Others are in the same lists: build numbers of a CI system (grafana has
 * 9799770991 beside 11.1.0), years (2021.12.16 beside 10.11.4) and padded months (20.04.1 beside 4.6.2).
 */
function isOfOneStyle(own: string, other: string, isFirst: boolean): boolean {
  if (own === '' || other === '') return true;
  const [short, long] = own.length < other.length ? [own, other] : [other, own];
  if (long.startsWith('0') && short.length < long.length && short !== '0') return false;
  const more = other.length - own.length;
  return isFirst ? other.length < 4 || more < 2 : other.length < 6 || more < 3;
}

function compareShapes(a: TagShape, b: TagShape): number {
  const numbers = compareAll(a.numbers, b.numbers);
  if (numbers !== 0) return numbers;
  if (!a.pre !== !b.pre) return a.pre ? -1 : 1;
  return (
    compare(a.pre?.rank ?? 0, b.pre?.rank ?? 0) ||
    compare(a.pre?.number ?? 0n, b.pre?.number ?? 0n) ||
    compareAll(a.revision, b.revision)
  );
}

function compareAll(a: readonly string[], b: readonly string[]): number {
  for (const [i, number] of a.entries()) {
    const difference = compareNumbers(number, b[i] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareNumbers(a: string, b: string): number {
  return compare(BigInt(a), BigInt(b));
}

function compare<T extends bigint | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

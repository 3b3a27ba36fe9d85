/*
 * src/tags/
 *
 * The order of tags: parse-tag.ts takes a tag apart into what must stay and what may grow, codenames.ts knows releases
 * by name, ranges.ts how far a newer one may be away. newestTag (this file) picks the newest of the same shape.
 * Versions of packages have other orders: packages/versions/.
 * Begin here.
 */

import type { Steps } from '../core/time/turns.ts';
import { type Group, type PreRelease, parseTag, preWords, type TagShape } from './parse-tag.ts';
import { type Ceiling, type TagRange, versionsAllowed } from './ranges.ts';

const ceilings: Readonly<Record<Ceiling, number>> = { major: 0, minor: 1, patch: 2 };

/**
 * The newest tag of the same shape as `current` and newer than it, or undefined. Same shape: the same text around the
 * numbers and as many of them. `allow` says which number may change, `none`, `patch` (the third and those behind it, and
 * rebuilds such as `-r3`), `minor` (also the second) or `major`, or is a semver range that the newer tag must lie in. A
 * pre-release is offered only to a pre-release, a release of Ubuntu without long-term support never to one that has it.
 *
 * `repository`, when it is known, tells whose numbers they are: `docker.io/library/ubuntu`. Throws PlimsollError 'RANGE'
 * when `allow` is neither. A step per tag.
 */
export function* newestTag(
  current: string,
  tags: readonly string[],
  allow: string,
  repository?: string,
): Steps<string | undefined> {
  const allowed = versionsAllowed(allow);
  const own = parseTag(current);
  if (!own || allowed === 'none') return undefined;
  const alike: { readonly tag: string; readonly shape: TagShape }[] = [];
  for (const tag of tags) {
    yield;
    const shape = parseTag(tag);
    // 2024-13-01 looks like a date, and is none.
    if (shape?.shape === own.shape && shape.numbers.length === own.numbers.length) alike.push({ tag, shape });
  }
  const shapes = alike.map(({ shape }) => shape);
  const may = replacement(own, {
    allowed,
    isVariant: isVariant(own, shapes),
    calendarFrom: firstCalendarYear(own, shapes),
    hasUbuntuReleases:
      repository === undefined
        ? [own, ...shapes].every(isUbuntuMonth)
        : /(?:^|[-_./])ubuntu(?:$|[-_.])[^/]*$/.test(repository),
  });
  let newest: (typeof alike)[number] | undefined;
  for (const one of alike) {
    yield;
    if (may(one.shape) && (!newest || compareShapes(one.shape, newest.shape) > 0)) newest = one;
  }
  return newest?.tag;
}

/** Can anything be newer than this tag? Not than `latest`, or a commit's hash. */
export function hasOrder(tag: string): boolean {
  return parseTag(tag) !== undefined;
}

/** What only the whole list tells of a tag. */
interface Surroundings {
  readonly allowed: Ceiling | TagRange;
  /** Is the word behind the version a variant's, such as Docker's hardened `-dev`? */
  readonly isVariant: boolean;
  /** Larger first numbers are years of another scheme. */
  readonly calendarFrom: bigint | undefined;
  readonly hasUbuntuReleases: boolean;
}

function replacement(own: TagShape, surroundings: Surroundings): (other: TagShape) => boolean {
  const { allowed, isVariant: isOwnVariant, calendarFrom, hasUbuntuReleases } = surroundings;
  const hasSupport = own.lts ?? (hasUbuntuReleases && isLongTerm(own));
  const ceiling = typeof allowed === 'string' ? allowed : 'minor';
  return (other) => {
    if (isOwnVariant ? !isSameWord(other.pre, own.pre) : other.pre && !own.pre) return false;
    if (hasSupport && !(other.lts ?? isLongTerm(other))) return false;
    if (!isOfOneScheme(own, other) || isOlder(own, other)) return false;
    if (calendarFrom !== undefined && isLonger(other, own) && BigInt(other.numbers[0] ?? '0') >= calendarFrom)
      return false;
    if (!own.behind.every((group, i) => mayBecome(group, other.behind[i]?.numbers ?? [], ceiling))) return false;
    return typeof allowed === 'string' ? isBelow(allowed, own, other) : allowed.holds(other);
  };
}

function isOlder(own: TagShape, other: TagShape): boolean {
  return compareShapes(other, own) <= 0;
}

function isBelow(ceiling: Ceiling, own: TagShape, other: TagShape): boolean {
  const changed = firstChange(own.numbers, other.numbers);
  return changed < 0 || (isWindowsBuild(own, changed) ? ceiling === 'major' : changed >= ceilings[ceiling]);
}

/** A version behind the first one obeys the ceiling, too, and never goes down while the first goes up. */
function mayBecome({ kind, numbers }: Group, other: readonly string[], ceiling: Ceiling): boolean {
  // A count that stands alone begins anew; its last number is the second of a rebuild, or not there.
  if (kind === 'count') return numbers.length === 2 || compareAll(numbers, other) <= 0;
  const changed = firstChange(numbers, other);
  if (changed < 0) return true;
  return (
    compareAll(numbers, other) < 0 && (ceiling === 'major' || changed >= (kind === 'line' ? 2 : ceilings[ceiling]))
  );
}

/** The third number of 10.0.17763.5329: containers of another build of Windows may not start on the same host. */
function isWindowsBuild({ numbers }: TagShape, changed: number): boolean {
  return changed === 2 && numbers.length === 4 && numbers[0] === '10' && numbers[1] === '0' && numbers[2]?.length === 5;
}

/** Words that name what an image is for as often as how far it has come: Docker's and Chainguard's -dev, Rust's -nightly. */
const channels: ReadonlySet<string> = new Set(['dev', 'nightly', 'canary', 'preview', 'ea']);

/**
 * `24.16-dev` beside `24.16`, or one of many tags with that word: the word stays. A number behind the word counts
 * towards a release, and `1.3.0-rc` beside `1.3.0` alone was one.
 */
function isVariant({ pre, numbers, behind }: TagShape, shapes: readonly TagShape[]): boolean {
  if (pre === undefined || pre.number !== undefined) return false;
  const isPlain = (other: TagShape): boolean =>
    other.pre === undefined &&
    compareAll(numbers, other.numbers) === 0 &&
    behind.every((group, i) => compareAll(group.numbers, other.behind[i]?.numbers ?? []) === 0);
  const isAnother = (other: TagShape): boolean =>
    isSameWord(other.pre, pre) && compareAll(numbers, other.numbers) !== 0;
  return (channels.has(pre.word) && shapes.some(isPlain)) || shapes.some(isAnother);
}

function isSameWord(a: PreRelease | undefined, b: PreRelease | undefined): boolean {
  return a?.text === b?.text && a?.number === undefined && b?.number === undefined;
}

/** Ubuntu's releases are of April and October; of an even year's April is the one with long-term support (wiki.ubuntu.com/Releases). */
function isUbuntuMonth({ numbers: [year = '', month = '', ...more] }: TagShape): boolean {
  return more.length === 0 && /^\d{1,2}$/.test(year) && /^(?:04|10)$/.test(month);
}

/** 22.04 and its like; what is no release of Ubuntu's way of counting has no support to lose. */
function isLongTerm({ numbers: [year = '', month = '', ...more] }: TagShape): boolean {
  return more.length === 0 && /^[1-4]\d$/.test(year) && month === '04' && Number(year) % 2 === 0;
}

/** Do all numbers come from one way of counting? */
function isOfOneScheme(own: TagShape, other: TagShape): boolean {
  return (
    own.numbers.every((number, i) => isOfOneStyle(number, other.numbers[i] ?? '', i === 0)) &&
    own.behind.every((group, i) =>
      group.numbers.every((number, j) => isOfOneStyle(number, other.behind[i]?.numbers[j] ?? '', false)),
    )
  );
}

/**
 * Others are in the same lists: build numbers of a CI system (grafana has 9799770991 beside 11.1.0), years (2021.12.16
 * beside 10.11.4) and padded months (20.04.1 beside 4.6.2).
 */
function isOfOneStyle(own: string, other: string, isFirst: boolean): boolean {
  if (own === '' || other === '') return true;
  const [short, long] = own.length < other.length ? [own, other] : [other, own];
  if (long.startsWith('0') && short.length < long.length) return false;
  const more = other.length - own.length;
  return isFirst ? other.length < 4 || more < 2 : other.length < 6 || more < 3;
}

/**
 * The least first number that is a year: a padded month behind a first number with more digits than the tag's own, which
 * pads nothing (20.04.1 beside 4.10.1). The other months of such a list need no padding (20.10.1).
 */
function firstCalendarYear(own: TagShape, shapes: readonly TagShape[]): bigint | undefined {
  if (own.numbers.some(isPadded)) return undefined;
  const years = shapes.filter((one) => isLonger(one, own) && isPadded(one.numbers[1] ?? ''));
  return years
    .map(({ numbers: [year = '0'] }) => BigInt(year))
    .reduce<bigint | undefined>((least, year) => (least === undefined || year < least ? year : least), undefined);
}

function isLonger({ numbers: [a = ''] }: TagShape, { numbers: [b = ''] }: TagShape): boolean {
  return a.length > b.length;
}

function isPadded(number: string): boolean {
  return number.length > 1 && number.startsWith('0');
}

function compareShapes(a: TagShape, b: TagShape): number {
  const numbers = compareAll(a.numbers, b.numbers);
  if (numbers !== 0) return numbers;
  if (!a.pre !== !b.pre) return a.pre ? -1 : 1;
  return (
    compare(rankOf(a.pre), rankOf(b.pre)) ||
    compare(a.pre?.number ?? 0n, b.pre?.number ?? 0n) ||
    a.behind.reduce((order, { numbers: own }, i) => order || compareAll(own, b.behind[i]?.numbers ?? []), 0)
  );
}

function rankOf(pre: PreRelease | undefined): number {
  return pre === undefined ? 0 : preWords.indexOf(pre.word);
}

function firstChange(a: readonly string[], b: readonly string[]): number {
  return a.findIndex((number, i) => compareNumbers(number, b[i] ?? '') !== 0);
}

function compareAll(a: readonly string[], b: readonly string[]): number {
  const changed = firstChange(a, b);
  return changed < 0 ? 0 : compareNumbers(a[changed] ?? '', b[changed] ?? '');
}

function compareNumbers(a: string, b: string): number {
  // Most numbers of most tags are the same, and are not worth numbers of any size.
  return a === b ? 0 : compare(BigInt(a), BigInt(b));
}

function compare<T extends bigint | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

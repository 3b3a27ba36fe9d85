import { compareDigits, compareText, isDigit, isLetter, type Order, skipWhile } from './order.ts';

const tilde = 126;
const caret = 94;

/**
 * RPM's order, from rpm-version(7): `[epoch:]version[-release]`, epoch first (a missing one is 0), then version, then
 * release. A version without a release is older than the same one with any release, as rpm's own library answers; that
 * keeps the order transitive.
 */
export function compareRpm(a: string, b: string): Order {
  if (a === b) return 0;
  const x = split(a);
  const y = split(b);
  const order = compareDigits(x.epoch, y.epoch) || compareSegments(x.version, y.version);
  if (order !== 0) return order;
  if (x.release === undefined || y.release === undefined) {
    return x.release === y.release ? 0 : x.release === undefined ? -1 : 1;
  }
  return compareSegments(x.release, y.release);
}

function split(text: string): { epoch: string; version: string; release: string | undefined } {
  const digits = skipWhile(text, 0, isDigit);
  const hasEpoch = text.charAt(digits) === ':';
  const rest = hasEpoch ? text.slice(digits + 1) : text;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: hasEpoch ? text.slice(0, digits) : '',
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    release: hyphen < 0 ? undefined : rest.slice(hyphen + 1),
  };
}

/**
 * Segment by segment. At the first position where the kinds differ, the order of kinds decides:
 * `~`, then the end, then `^`, then letters, then digits. Everything else only separates.
 */
function compareSegments(a: string, b: string): Order {
  let i = sameSegments(a, b);
  let j = i;
  for (;;) {
    i = skipWhile(a, i, isSeparator);
    j = skipWhile(b, j, isSeparator);
    const kind = kindAt(a, i);
    const difference = kind - kindAt(b, j);
    if (difference !== 0) return difference < 0 ? -1 : 1;
    if (kind === 1) return 0;
    const inSegment = kind === 4 ? isDigit : kind === 3 ? isLetter : undefined;
    const endA = inSegment === undefined ? i + 1 : skipWhile(a, i, inSegment);
    const endB = inSegment === undefined ? j + 1 : skipWhile(b, j, inSegment);
    const order = (kind === 4 ? compareDigits : compareText)(a.slice(i, endA), b.slice(j, endB));
    if (order !== 0) return order;
    i = endA;
    j = endB;
  }
}

/** Where the first segments begin that need not be the same: versions of one package are alike for most of their length. */
function sameSegments(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const last = a.charCodeAt(at - 1);
  const inSegment = isDigit(last) ? isDigit : isLetter(last) ? isLetter : undefined;
  while (inSegment !== undefined && at > 0 && inSegment(a.charCodeAt(at - 1))) at--;
  return at;
}

/** 0 tilde, 1 end, 2 caret, 3 letters, 4 digits. */
function kindAt(text: string, index: number): number {
  if (index >= text.length) return 1;
  const code = text.charCodeAt(index);
  if (code === tilde) return 0;
  if (code === caret) return 2;
  return isDigit(code) ? 4 : 3;
}

function isSeparator(code: number): boolean {
  return !isDigit(code) && !isLetter(code) && code !== tilde && code !== caret;
}

import { compareDigits, isDigit, isLetter, type Order, skipWhile } from './order.ts';

interface DebianVersion {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

/**
 * Debian's order, from deb-version(7): `[epoch:]upstream[-revision]`, compared part by part. Any two strings have an
 * order: what is not a version is read as far as the form goes (a "colon" after something else than digits belongs to
 * the upstream part), and no version at all is older than any (dpkg(1), "--compare-versions").
 */
export function compareDpkg(a: string, b: string): Order {
  if (a === b) return 0;
  const [isNoneA, isNoneB] = [a.trim() === '', b.trim() === ''];
  if (isNoneA || isNoneB) return isNoneA === isNoneB ? 0 : isNoneA ? -1 : 1;
  const x = split(a);
  const y = split(b);
  return (
    compareDigits(x.epoch, y.epoch) || comparePart(x.upstream, y.upstream) || comparePart(x.revision, y.revision) || 0
  );
}

/** The epoch ends at the first colon, the revision starts after the last hyphen. */
function split(text: string): DebianVersion {
  const trimmed = text.trim();
  const digits = skipWhile(trimmed, 0, isDigit);
  const hasEpoch = trimmed.charAt(digits) === ':';
  const rest = hasEpoch ? trimmed.slice(digits + 1) : trimmed;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: hasEpoch ? trimmed.slice(0, digits) : '',
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  };
}

/** Alternates between a run of non-digits, compared by {@link weight}, and a run of digits, compared as an integer. */
function comparePart(a: string, b: string): Order {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a.charCodeAt(i))) || (j < b.length && !isDigit(b.charCodeAt(j)))) {
      const difference = weight(a, i) - weight(b, j);
      if (difference !== 0) return difference < 0 ? -1 : 1;
      i++;
      j++;
    }
    const endA = skipWhile(a, i, isDigit);
    const endB = skipWhile(b, j, isDigit);
    const order = compareDigits(a.slice(i, endA), b.slice(j, endB));
    if (order !== 0) return order;
    i = endA;
    j = endB;
  }
  return 0;
}

/** `~` before the end of a run, the end before letters, letters before everything else. */
function weight(text: string, index: number): number {
  if (index >= text.length) return 0;
  const code = text.charCodeAt(index);
  if (isDigit(code)) return 0;
  if (code === 126) return -1;
  return isLetter(code) ? code : code + 0x100;
}

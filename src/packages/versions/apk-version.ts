import { compareDigits, compareText, type Order } from './order.ts';

type Kind = 'first' | 'number' | 'letter' | 'suffix' | 'suffix-number' | 'hash' | 'revision' | 'end' | 'invalid';

interface Token {
  readonly kind: Kind;
  /** Without the character that introduces it. */
  readonly text: string;
  readonly end: number;
}

const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const release = suffixes.indexOf('');

/** When one version goes on where the other does something else, the kind with the higher rank is newer. */
const rank: Readonly<Record<Kind, number>> = {
  first: 8,
  number: 7,
  letter: 6,
  suffix: 5,
  'suffix-number': 4,
  hash: 3,
  revision: 2,
  end: 1,
  invalid: 0,
};

const patterns: readonly { readonly kind: Kind; readonly pattern: RegExp; readonly after: ReadonlySet<Kind> }[] = [
  { kind: 'number', pattern: /\.([0-9]+)/y, after: new Set<Kind>(['first', 'number']) },
  { kind: 'letter', pattern: /([a-z])/y, after: new Set<Kind>(['first', 'number']) },
  {
    kind: 'suffix',
    pattern: /_(alpha|beta|pre|rc|cvs|svn|git|hg|p)(?![a-z])/y,
    after: new Set<Kind>(['first', 'number', 'letter', 'suffix', 'suffix-number']),
  },
  { kind: 'suffix-number', pattern: /([0-9]+)/y, after: new Set<Kind>(['suffix']) },
  {
    kind: 'hash',
    pattern: /~([0-9a-f]+)/y,
    after: new Set<Kind>(['first', 'number', 'letter', 'suffix', 'suffix-number']),
  },
  {
    kind: 'revision',
    pattern: /-r([0-9]+)/y,
    after: new Set<Kind>(['first', 'number', 'letter', 'suffix', 'suffix-number', 'hash']),
  },
];

/**
 * Alpine's order, from apk-package(5): `digits{.digits}{letter}{_suffix{digits}}{~hash}{-rN}`. What does not follow
 * the grammar is compared up to the point where it stops doing so; there it is older than anything but a pre-release
 * suffix, and two versions that break off at the same point are equal, as apk answers.
 */
export function compareApk(a: string, b: string): Order {
  if (a === b) return 0;
  let x = firstToken(a);
  let y = firstToken(b);
  for (;;) {
    const order = compareTokens(x, y);
    if (order !== 0 || x.kind === 'end' || x.kind === 'invalid') return order;
    x = nextToken(a, x);
    y = nextToken(b, y);
  }
}

function firstToken(version: string): Token {
  const digits = /^[0-9]+/.exec(version)?.[0];
  return digits === undefined
    ? { kind: 'invalid', text: '', end: 0 }
    : { kind: 'first', text: digits, end: digits.length };
}

function nextToken(version: string, previous: Token): Token {
  if (previous.end >= version.length) return { kind: 'end', text: '', end: previous.end };
  for (const { kind, pattern, after } of patterns) {
    if (!after.has(previous.kind)) continue;
    pattern.lastIndex = previous.end;
    const text = pattern.exec(version)?.[1];
    if (text !== undefined) return { kind, text, end: pattern.lastIndex };
  }
  return { kind: 'invalid', text: '', end: previous.end };
}

function compareTokens(x: Token, y: Token): Order {
  if (x.kind !== y.kind) {
    if (isPreRelease(x)) return -1;
    if (isPreRelease(y)) return 1;
    return rank[x.kind] < rank[y.kind] ? -1 : 1;
  }
  switch (x.kind) {
    case 'number':
      // 1.02 is older than 1.1: a leading zero makes it a decimal fraction, so both are compared as text.
      return x.text.startsWith('0') || y.text.startsWith('0')
        ? compareText(x.text, y.text)
        : compareDigits(x.text, y.text);
    case 'first':
    case 'suffix-number':
    case 'revision':
      return compareDigits(x.text, y.text);
    case 'suffix':
      return Math.sign(suffixes.indexOf(x.text) - suffixes.indexOf(y.text)) as Order;
    default:
      return compareText(x.text, y.text);
  }
}

function isPreRelease(token: Token): boolean {
  return token.kind === 'suffix' && suffixes.indexOf(token.text) < release;
}

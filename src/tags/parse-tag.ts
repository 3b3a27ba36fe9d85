/** A tag taken apart: what must stay the same, and what may grow. */
export interface TagShape {
  /** Everything that a newer tag must share: the text around the numbers, and how many numbers there are. */
  readonly shape: string;
  /** Most significant first. */
  readonly numbers: readonly bigint[];
  /** Position in the order of pre-releases; absent for a release. */
  readonly pre?: { readonly rank: number; readonly number: bigint };
  /** A rebuild of the same version: `-r3`, `-ls99`, `-14`. */
  readonly revision?: bigint;
  /** Long-term support, for codenames of a distribution that has such releases. */
  readonly lts?: boolean;
}

// The words people use, in the order of semver's example (semver.org §11) and Maven's milestones.
const preWords = [
  'dev',
  'snapshot',
  'nightly',
  'canary',
  'alpha',
  'a',
  'beta',
  'b',
  'milestone',
  'm',
  'preview',
  'pre',
  'ea',
  'rc',
  'cr',
];
// A letter alone is a word only before a digit, or -alpine would be an alpha.
const prePattern =
  /^[-._]?(?:(?<word>dev|snapshot|nightly|canary|alpha|beta|milestone|preview|pre|ea|rc|cr)(?![a-z])|(?<letter>[abm])(?=\d))[-._]?(?<number>\d*)/i;
const revisionPattern = /^(?<fixed>.*?)(?<mark>[-_+](?:ls|rev|build|r|b|p|v|k3s|rke2r|eksbuild\.)?)(?<number>\d+)$/i;
// Java 8 counts updates and builds in its own way (8u402-b06), SQL Server cumulative updates (2022-CU11).
const numbersPattern = /^(?<prefix>\D*)(?<numbers>\d+u\d+(?:-b\d+)?|\d+(?:(?:[._]|-CU)\d+)*)(?<rest>.*)$/s;
// MinIO's RELEASE.2024-01-16T16-07-38Z among them.
const datePattern =
  /^(?<prefix>\D*)(?<date>(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d{2}-\d{2}-\d{2}Z)?)(?<rest>(?!\d).*)$/s;
const hashPattern = /^(?:(?:sha|commit)[-_.]?[0-9a-f]{7,64}|(?=.*[a-f])[0-9a-f]{7,64})$/i;
// Behind the name of a distribution a number is its release, which is another image and no rebuild.
const distribution =
  /(?:^|[-_])(?:alpine|debian|ubuntu|ubi|centos|fedora|rocky(?:linux)?|alma(?:linux)?|ol|leap|amazon(?:linux)?|al|nanoserver|windowsservercore|ltsc)$/i;

interface Codename {
  readonly family: 'debian' | 'ubuntu';
  readonly numbers: readonly bigint[];
  readonly lts?: boolean;
}

// Oldest first: wiki.debian.org/DebianReleases; wiki.ubuntu.com/Releases, two a year since 14.04 as far as they lived on.
const debianNames = 'jessie stretch buster bullseye bookworm trixie forky duke'.split(' ');
const ubuntuNames =
  'trusty:14.4 xenial:16.4 bionic:18.4 focal:20.4 groovy:20.10 hirsute:21.4 impish:21.10 jammy:22.4 kinetic:22.10 lunar:23.4 mantic:23.10 noble:24.4 oracular:24.10 plucky:25.4 questing:25.10 resolute:26.4';

const codenames: ReadonlyMap<string, Codename> = new Map<string, Codename>([
  ...debianNames.map((name, i): [string, Codename] => [name, { family: 'debian', numbers: [BigInt(8 + i)] }]),
  ...ubuntuNames.split(' ').map((entry): [string, Codename] => {
    const [name = '', year = '', month = ''] = entry.split(/[:.]/);
    return [
      name,
      { family: 'ubuntu', numbers: [BigInt(year), BigInt(month)], lts: Number(year) % 2 === 0 && month === '4' },
    ];
  }),
]);

/** The shape of a tag, or undefined for one without an order, such as `latest`. */
export function parseTag(tag: string): TagShape | undefined {
  const named = /^(?<name>[a-z]+)(?<rest>$|[-_.].*)/.exec(tag)?.groups;
  const release = named && codenames.get(named['name'] ?? '');
  if (release && named) return codenameTag(release, named['rest'] ?? '');
  // A hash is no version: abc1234, 9fceb02, sha-1234567.
  if (hashPattern.test(tag)) return undefined;
  const dated = datePattern.exec(tag)?.groups;
  if (dated) return dateTag(dated['prefix'] ?? '', dated['date'] ?? '', dated['rest'] ?? '');
  const found = numbersPattern.exec(tag)?.groups;
  if (!found) return undefined;
  const { prefix = '', numbers = '', rest = '' } = found;
  const pre = prePattern.exec(rest);
  const suffix = rest.slice(pre?.[0].length ?? 0);
  const { fixed, revision } = splitRevision(suffix);
  // Containers run on Windows of the same build only: 10.0.17763 stays.
  const windows = /^10\.0\.\d{5}(?=\.)/.exec(numbers)?.[0] ?? '';
  const kinds = numbers.slice(windows.length).replace(/\d+/g, kindOf);
  return {
    shape: `${prefix}${windows}${kinds}${fixed}`,
    numbers: numbersIn(numbers),
    ...(pre && {
      pre: {
        rank: preWords.indexOf((pre.groups?.['word'] ?? pre.groups?.['letter'] ?? '').toLowerCase()),
        number: BigInt(pre.groups?.['number'] || '0'),
      },
    }),
    ...(revision !== undefined && { revision }),
  };
}

/** A date stays a date, and a build number of a CI system is never newer than a version (grafana has 9799770991 beside 11.1.0). */
function kindOf(digits: string): string {
  if (/^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits)) return 'date';
  if (/^(?:19|20)\d{2}$/.test(digits)) return 'year';
  return digits.length >= 6 ? 'build' : '#';
}

function numbersIn(text: string): bigint[] {
  return (text.match(/\d+/g) ?? []).map(BigInt);
}

function dateTag(prefix: string, date: string, rest: string): TagShape {
  return { shape: `${prefix}${date.replace(/\d/g, '#')}${rest}`, numbers: numbersIn(date) };
}

function codenameTag(release: Codename, rest: string): TagShape {
  const dated = /^-(?<date>\d{8})(?<suffix>.*)$/.exec(rest)?.groups;
  const numbers = dated?.['date'] === undefined ? release.numbers : [...release.numbers, BigInt(dated['date'])];
  return {
    shape: `codename of ${release.family}${dated ? '-date' : ''}${dated?.['suffix'] ?? rest}`,
    numbers,
    ...(release.lts !== undefined && { lts: release.lts }),
  };
}

function splitRevision(suffix: string): { fixed: string; revision?: bigint } {
  const found = revisionPattern.exec(suffix)?.groups;
  if (!found || distribution.test(found['fixed'] ?? '')) return { fixed: suffix };
  return { fixed: `${found['fixed']}${found['mark']}#`, revision: BigInt(found['number'] ?? '0') };
}

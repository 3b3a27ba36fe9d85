import { type Codename, codenames } from './codenames.ts';

/** A tag taken apart: what must stay the same, and what may grow. */
export interface TagShape {
  /** Everything that a newer tag must share: the text around the numbers, how many numbers there are, which are dates. */
  readonly shape: string;
  /** As they are written, most significant first. */
  readonly numbers: readonly string[];
  /** Absent for a release. A word alone, such as `-dev`, may also name a variant: only the list of tags tells. */
  readonly pre?: PreRelease;
  /** Numbers behind the first group, in their order. */
  readonly behind: readonly Group[];
  /** Long-term support, of a release that is called by its name. */
  readonly lts?: boolean;
}

/** The part of a tag that says that a version is not finished. */
export interface PreRelease {
  /** One of `preWords`. */
  readonly word: string;
  /** As written, without the number and what separates it: `-dev`. */
  readonly text: string;
  /** Absent for a word alone. */
  readonly number?: bigint;
}

/**
 * `count`: rebuilds of one version, `-r3`, `-ls99`, `-14`, `-923.1669829893`, which begin anew with every version.
 * `version`: of something that has one of its own, `14-v0.2.0`. `line`: the same with words behind it that say that it
 * is a part of what is inside, `-3.12-bookworm`: its second number is another line of that part.
 */
export interface Group {
  readonly kind: 'count' | 'version' | 'line';
  /** A number that is not there is empty. */
  readonly numbers: readonly string[];
}

/** The words people use, in the order of semver's example (semver.org §11) and Maven's milestones. */
export const preWords: readonly string[] = [
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
  /^[-._]?(?:(?<word>dev|snapshot|nightly|canary|alpha|beta|milestone|preview|pre|ea|rc|cr)(?![a-z])|(?<letter>[abm])(?=\d))(?:[-._]?(?<number>\d+))?/i;

// Names of processors hold digits that are no version: linux-amd64-2.11.1, arm32v7-3.1.
const processor =
  '(?:x86[-_]64|amd64|i?[36]86|aarch64|arm(?:64(?:v8)?|32v[5-7]|v[5-8](?:hf|l)?|hf)|ppc64(?:le|el)?|s390x|riscv64|mips64(?:le|el)?)';
// What a version stands behind has digits, too: k8s-1.2.3, s6-3.1.0, pg14-v0.2.0, jdk17-1.2.3. A version of its own begins
// with v or the like, or with a digit; that what comes behind is the version, its dot tells, or a letter behind the digit.
const word = '(?!(?:v|r|rel|release|ver|version)\\d[\\d.]*(?![a-z]{3}))[a-z][a-z0-9]*(?:\\.\\d+)*';
const named = `(?:${word}[-_.])*(?:${word}[-_](?=v?\\d+\\.\\d)|[a-z]+\\d+[a-z]+[-_](?=v?\\d))v?`;
const prefixPattern = new RegExp(`^(?:(?!v?\\d+[-_.])[a-z][a-z0-9]*[-_.])*?${processor}[-_.]\\D*|^${named}|^\\D*`, 'i');
const numbersPattern = /^\d+(?:[._]\d+)*/;
// Days with dashes, and MinIO's moments: RELEASE.2024-01-16T16-07-38Z.
const dashedDate = /^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d{2}-\d{2}-\d{2}Z)?(?=$|[-_.])/;
const writtenDate = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

// The commit that something was built from: Plex's 1.43.3.10896-cb3ebc72d, and `git describe --long`'s v3.9.0-177-ged5bcde.
const commit = /[-._](?:g[0-9a-f]{5,40}|(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40})(?=$|[-_])/i;
// linuxserver's ls99, Bitnami's r3, Java's 8u402-b06, Checkmk's p14, Windows' KB4505057, SQL Server's CU14, k3s1, rke2r1, gke.1286000, eksbuild.1.
// In lower case cu129 is CUDA 12.9, and no count.
const revisionWord = '(?:ls|rev|build|kb|(?-i:CU)|k3s|rke2r|gke\\.|eksbuild\\.|r|b|p|v|u)';
const leadingRevision = new RegExp(`^(?<mark>[-_+]${revisionWord}?|[pru])(?<numbers>\\d+(?:\\.\\d+)*)(?=$|[-_+])`, 'i');
const trailingRevision = new RegExp(`^(?<fixed>.*?)(?<mark>[-_+]${revisionWord}?)(?<numbers>\\d+)$`, 'i');
// What may stand behind a count: further ones, a commit, a processor. Any other word says what the number belongs to.
const endOfCounts = new RegExp(
  `^(?:[-_+]${revisionWord}?\\d+(?:\\.\\d+)*(?=$|[-_+]))*(?:$|-commit(?=$|[-_+])|[-_.]${processor}(?=$|[-_.]))`,
  'i',
);
// Behind other words a number that stands alone is a release of what they name (-windowsservercore-1809, -temurin-21),
// unless it is as long as those that a CI system counts (-master-777).
const variantWord =
  /(?:alpine|debian|ubuntu|ubi|centos|fedora|rocky(?:linux)?|alma(?:linux)?|ol|leap|amazon(?:linux)?|al|nanoserver|windowsservercore|ltsc|cuda|cudnn|rocm|python|php|node|java|jdk|jre|go|pg)$/i;

/** The shape of a tag, or undefined for one without an order, such as `latest`, or a commit. */
export function parseTag(tag: string): TagShape | undefined {
  const called = /^(?<name>[a-z]+)(?<rest>$|-\d{8}(?!\d).*|[-_.]\D.*)/s.exec(tag)?.groups;
  const release = called && codenames.get(called['name'] ?? '');
  if (release && called) return codenameTag(release, called['rest'] ?? '');
  if (isOfNoLine(tag)) return undefined;
  const [prefix = ''] = prefixPattern.exec(tag) ?? [];
  const version = tag.slice(prefix.length);
  const [numbers = ''] = dashedDate.exec(version) ?? numbersPattern.exec(version) ?? [];
  if (numbers === '') return undefined;
  const rest = version.slice(numbers.length);
  const pre = prePattern.exec(rest);
  const parts = numbers.match(/\d+/g) ?? [];
  const { fixed, behind } = splitBehind(rest.slice(pre?.[0].length ?? 0), parts);
  return {
    shape: prefix + numbers.replace(/\d+/g, kindOf) + fixed,
    numbers: parts,
    behind,
    ...(pre && { pre: preRelease(pre) }),
  };
}

function preRelease({ 0: text, groups = {} }: RegExpExecArray): PreRelease {
  const { word = groups['letter'] ?? '', number } = groups;
  return {
    word: word.toLowerCase(),
    text: text.replace(/[-._]?\d*$/, ''),
    ...(number !== undefined && { number: BigInt(number) }),
  };
}

/** abc1234, 9fceb02, sha-1234567, pr-12: what comes after one of them is none of its line. */
function isOfNoLine(tag: string): boolean {
  const isHash = /^[0-9a-f]{7,64}$/i.test(tag) && /[a-f]/i.test(tag);
  return isHash || /^(?:(?:sha|git|commit)[-_.][0-9a-f]{7,64}$|(?:pr|mr|pull)[-_.]\d)/i.test(tag);
}

/** A date stays a date. */
function kindOf(digits: string): string {
  return writtenDate.test(digits) ? 'date' : '#';
}

function codenameTag(release: Codename, rest: string): TagShape {
  const dated = /^-(?<date>\d{8})(?<suffix>.*)$/s.exec(rest)?.groups;
  return {
    shape: `codename of ${release.family}${dated ? '-date' : ''}${dated?.['suffix'] ?? rest}`,
    numbers: dated?.['date'] === undefined ? release.numbers : [...release.numbers, dated['date']],
    behind: [],
    ...(release.lts !== undefined && { lts: release.lts }),
  };
}

function splitBehind(
  suffix: string,
  first: readonly string[],
): { readonly fixed: string; readonly behind: readonly Group[] } {
  let rest = suffix.replace(commit, '-commit');
  let fixed = '';
  const behind: Group[] = [];
  const keep = (mark: string, numbers: string, kind: Group['kind']): void => {
    // Red Hat appends the second of a rebuild to some of them: 8.7-1049, 8.7-923.1669829893.
    const counted = withoutSecond(numbers);
    fixed += mark + counted.replace(/\d+/g, kindOf);
    behind.push({ kind, numbers: [...counted.split('.'), numbers.slice(counted.length + 1)] });
  };
  for (let found = leadingRevision.exec(rest); found?.groups; found = leadingRevision.exec(rest)) {
    const { mark = '', numbers = '' } = found.groups;
    rest = rest.slice(found[0].length);
    const kind = kindOfGroup(mark, withoutSecond(numbers).split('.').length, rest, first);
    if (kind === 'fixed') fixed += found[0];
    else keep(mark, numbers, kind);
  }
  const { fixed: before = '', mark = '', numbers = '' } = trailingRevision.exec(rest)?.groups ?? {};
  if (numbers === '' || isVariant(before, mark, numbers)) return { fixed: fixed + rest, behind };
  fixed += before;
  keep(mark, numbers, 'count');
  return { fixed, behind };
}

function withoutSecond(numbers: string): string {
  return numbers.replace(/(?<=\d)\.\d{9,}$/, '');
}

/** `4.0.13-24-trixie` is for version 24 of what comes with it: no count, and nothing that may grow. */
function kindOfGroup(
  mark: string,
  parts: number,
  rest: string,
  [first = '', ...more]: readonly string[],
): Group['kind'] | 'fixed' {
  if (!/^[-_+]v?$/i.test(mark)) return 'count';
  const isLast = endOfCounts.test(rest);
  if (parts === 1) return isLast || mark.length > 1 ? 'count' : 'fixed';
  if (!isLast) return parts > 2 && mark.length > 1 ? 'version' : 'line';
  // 8.0.35-27.1, 15-3.3 and 7.2-0.1 count; what an image's own 0, 1, 2 is put before has its version behind: 0-3.9.
  return parts > 2 || (more.length === 0 && first.length === 1) ? 'version' : 'count';
}

function isVariant(word: string, mark: string, numbers: string): boolean {
  return mark.length === 1 && (variantWord.test(word) || numbers.length < 3);
}

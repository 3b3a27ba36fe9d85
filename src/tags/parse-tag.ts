import { type Codename, codenames } from './codenames.ts';

/** A tag taken apart: what must stay the same, and what may grow. */
export interface TagShape {
  /** Everything that a newer tag must share: the text around the numbers, how many numbers there are, which are dates. */
  readonly shape: string;
  /** As they are written, most significant first. */
  readonly numbers: readonly string[];
  /** Position in the order of pre-releases; absent for a release. */
  readonly pre?: { readonly rank: number; readonly number: bigint };
  /** A rebuild of the same version: `-r3`, `-ls99`, `-14`, `-923.1669829893`. A number that is not there is empty. */
  readonly revision: readonly string[];
  /** Long-term support, where a distribution has such releases and others between them. */
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

// Names of processors hold digits that are no version: linux-amd64-2.11.1, arm32v7-3.1.
const processor =
  '(?:x86[-_]64|amd64|i?[36]86|aarch64|arm(?:64(?:v8)?|32v[5-7]|v[5-8](?:hf|l)?|hf)|ppc64(?:le|el)?|s390x|riscv64|mips64(?:le|el)?)';
const prefixPattern = new RegExp(`^(?:(?!v?\\d+[-_.])[a-z][a-z0-9]*[-_.])*?${processor}[-_.]\\D*|^\\D*`, 'i');
const numbersPattern = /^\d+(?:[._]\d+)*/;
// Days with dashes, and MinIO's moments: RELEASE.2024-01-16T16-07-38Z.
const dashedDate = /^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d{2}-\d{2}-\d{2}Z)?(?=$|[-_.])/;
const writtenDate = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

// The commit that something was built from: Plex's 1.43.3.10896-cb3ebc72d, and `git describe --long`'s v3.9.0-177-ged5bcde.
const commit = /[-._](?:g[0-9a-f]{5,40}|(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40})(?=$|[-_])/i;
// linuxserver's ls99, Bitnami's r3, Java's 8u402-b06, Checkmk's p14, Windows' KB4505057, SQL Server's CU14, k3s1, rke2r1, gke.1286000, eksbuild.1.
const revisionWord = '(?:ls|rev|build|kb|cu|k3s|rke2r|gke\\.|eksbuild\\.|r|b|p|v|u)';
const leadingRevision = new RegExp(`^(?<mark>[-_+]${revisionWord}?|[pru])(?<numbers>\\d+(?:\\.\\d+)*)(?=$|[-_+])`, 'i');
const trailingRevision = new RegExp(`^(?<fixed>.*?)(?<mark>[-_+]${revisionWord}?)(?<numbers>\\d+)$`, 'i');
// Behind other words a number that stands alone is a release of what they name (-windowsservercore-1809, -temurin-21),
// unless it is as long as those that a CI system counts (-master-777).
const variantWord =
  /(?:alpine|debian|ubuntu|ubi|centos|fedora|rocky(?:linux)?|alma(?:linux)?|ol|leap|amazon(?:linux)?|al|nanoserver|windowsservercore|ltsc|cuda|cudnn|rocm|python|php|node|java|jdk|jre|go|pg)$/i;

/** The shape of a tag, or undefined for one without an order, such as `latest`, or a commit. */
export function parseTag(tag: string): TagShape | undefined {
  const named = /^(?<name>[a-z]+)(?<rest>$|-\d{8}(?!\d).*|[-_.]\D.*)/s.exec(tag)?.groups;
  const release = named && codenames.get(named['name'] ?? '');
  if (release && named) return codenameTag(release, named['rest'] ?? '');
  if (isOfNoLine(tag)) return undefined;
  const [prefix = ''] = prefixPattern.exec(tag) ?? [];
  const version = tag.slice(prefix.length);
  const [numbers = ''] = dashedDate.exec(version) ?? numbersPattern.exec(version) ?? [];
  if (numbers === '') return undefined;
  const rest = version.slice(numbers.length);
  const pre = prePattern.exec(rest);
  const { fixed, revision } = splitRevision(rest.slice(pre?.[0].length ?? 0));
  const parts = numbers.match(/\d+/g) ?? [];
  const lts = ubuntuSupport(parts);
  return {
    shape: prefix + numbers.replace(/\d+/g, kindOf) + fixed,
    numbers: parts,
    revision,
    ...(pre && {
      pre: {
        rank: preWords.indexOf((pre.groups?.['word'] ?? pre.groups?.['letter'] ?? '').toLowerCase()),
        number: BigInt(pre.groups?.['number'] || '0'),
      },
    }),
    ...(lts !== undefined && { lts }),
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

/** 22.04 and its like are long-term support, 22.10 and 23.04 are not (wiki.ubuntu.com/Releases); undefined: no release of Ubuntu. */
function ubuntuSupport([year = '', month = '', ...more]: readonly string[]): boolean | undefined {
  if (more.length > 0 || !/^[1-4]\d$/.test(year) || !/^(?:04|10)$/.test(month)) return undefined;
  return month === '04' && Number(year) % 2 === 0;
}

function codenameTag(release: Codename, rest: string): TagShape {
  const dated = /^-(?<date>\d{8})(?<suffix>.*)$/s.exec(rest)?.groups;
  return {
    shape: `codename of ${release.family}${dated ? '-date' : ''}${dated?.['suffix'] ?? rest}`,
    numbers: dated?.['date'] === undefined ? release.numbers : [...release.numbers, dated['date']],
    revision: [],
    ...(release.lts !== undefined && { lts: release.lts }),
  };
}

function splitRevision(suffix: string): { fixed: string; revision: readonly string[] } {
  let rest = suffix.replace(commit, '-commit');
  let fixed = '';
  const revision: string[] = [];
  const keep = (mark: string, numbers: string): void => {
    // Red Hat appends the second of a rebuild to some of them: 8.7-1049, 8.7-923.1669829893.
    const counted = numbers.replace(/(?<=\d)\.\d{9,}$/, '');
    fixed += mark + counted.replace(/\d+/g, kindOf);
    revision.push(...counted.split('.'), numbers.slice(counted.length + 1));
  };
  for (let found = leadingRevision.exec(rest); found?.groups; found = leadingRevision.exec(rest)) {
    keep(found.groups['mark'] ?? '', found.groups['numbers'] ?? '');
    rest = rest.slice(found[0].length);
  }
  const last = trailingRevision.exec(rest)?.groups;
  if (last === undefined || isVariant(last['fixed'] ?? '', last['mark'] ?? '', last['numbers'] ?? ''))
    return { fixed: fixed + rest, revision };
  fixed += last['fixed'] ?? '';
  keep(last['mark'] ?? '', last['numbers'] ?? '');
  return { fixed, revision };
}

function isVariant(word: string, mark: string, numbers: string): boolean {
  return mark.length === 1 && (variantWord.test(word) || numbers.length < 3);
}

import type { ImageComparison } from '../core/comparison.ts';
import type { Finding } from '../core/finding.ts';
import type { PackageChange } from '../core/package.ts';
import { withoutFix } from '../core/row-security.ts';
import { onceFor } from '../core/shared-work.ts';
import type { Examination } from '../look/examination.ts';

type Unreasoned = Omit<Finding, 'reason' | 'reaction'>;

/** Who fixed what, how that gets into the build, and whether it matters. */
export function laggingReason({
  packages,
  security,
  remedy,
  release,
  role,
  against,
}: {
  readonly against: Against;
  readonly role: Finding['role'];
  readonly packages: readonly PackageChange[];
  readonly security: boolean | null;
  readonly remedy: Finding['remedy'];
  readonly release: string;
}): string {
  const how = role === 'runs' && remedy === 'newer-base' ? 'only a newer image brings it' : remedies[remedy];
  return `${heads[against](release)} ${waitingWords(packages, security)}; ${how}.`;
}

/** What the image that lags is to its use: the one that is there, with a tag that names no other; what a newer digest is; or one that no tag leads on from. */
export type Against = 'newest' | 'newer' | 'untagged';

const heads: Readonly<Record<Against, (release: string) => string>> = {
  newest: (release) => `The tag has nothing newer, yet ${release} has`,
  newer: (release) => `The newer image is behind ${release}, too, which has`,
  untagged: (release) => `The image is behind ${release}, which has`,
};

/** `2 security fixes (openssl; CVE-…), and 1 other upgrade`: what the distribution has and an image has not. */
export function waitingWords(packages: readonly PackageChange[], security: boolean | null): string {
  const { fixes, words } = fixesIn(packages);
  const other = packages.length - fixes;
  if (fixes > 0) return `${words}${other > 0 ? `, and ${count(other, 'other upgrade')}` : ''}`;
  const checked = security === null ? 'security not checked' : withoutFix(packages, 'none of them a security fix');
  return `${count(packages.length, 'upgrade')}, ${checked}`;
}

const remedies: Readonly<Record<Finding['remedy'], string>> = {
  edit: 'the edit below takes it',
  rebuild: 'the stage upgrades by itself, so rebuild without cache',
  'upgrade-line': 'a build that upgrades its packages takes it',
  'newer-base': 'only a newer base image brings it',
  redeploy: 'whatever runs it has to be started anew',
  none: 'there is nothing to do here',
};

/** `2 security fixes (openssl, glibc; CVE-…, CVE-…)`: by source, since one source is one fix however it is split. */
/** How many rows are fixes, and how they are named: many findings may share the rows. */
const fixesIn = onceFor((packages: readonly PackageChange[]) => {
  const fixes = packages.filter((change) => change.security === true);
  return { fixes: fixes.length, words: fixes.length > 0 ? fixList(fixes) : '' };
});

function fixList(fixes: readonly PackageChange[]): string {
  const sources = [...new Set(fixes.map(({ source, name }) => source ?? name))];
  const ids = [...new Set(fixes.flatMap(({ advisories }) => advisories))].filter((id) => id.startsWith('CVE-'));
  // Packages of one source share what is said of it.
  const unlisted = Math.max(0, ...fixes.map((row) => row.unlisted ?? 0));
  const names = ids.length > 0 ? `; ${few(ids, unlisted)}` : '';
  return `${count(sources.length, 'security fix', 'security fixes')} (${few(sources)}${names})`;
}

function few(words: readonly string[], others = 0): string {
  const all = words.length + others;
  return all > 4 ? `${words.slice(0, 3).join(', ')} and ${all - 3} more` : words.join(', ');
}

/** The first sentence of every report about a finding: what it means for the reader. */
export function reasonFor(
  finding: Unreasoned,
  examination: Examination,
  comparison: ImageComparison | undefined,
): string {
  const { resolution } = examination;
  switch (finding.class) {
    case 'pin-broken':
      return resolution.kind === 'broken'
        ? `The next ${finding.role === 'runs' ? 'pull' : 'build'} will fail: ${resolution.detail}.`
        : `The next build will fail: ${examination.lag?.refusal ?? 'the base cannot be had'}.`;
    case 'unknown':
      return `Could not be checked: ${finding.problem?.message ?? 'no reason is known'}.`;
    case 'unpinned':
      if (finding.role === 'frontend')
        return 'A frontend follows its tag on purpose; without a digest there is nothing to compare with.';
      return finding.remedy === 'edit'
        ? 'No digest, so nobody can say what changes when the tag moves; the edit gives it the one that the tag names now.'
        : 'No digest, so there is nothing to compare with and no pull request is possible; pin it, or give --since.';
    case 'no-op':
      if (finding.current?.digest !== undefined && finding.current.digest === finding.latest?.digest)
        return 'Both are the same image.';
      return `The digest moved, and nothing you ${finding.role === 'runs' ? 'run' : 'build from'} did: only attestations or other platforms changed.`;
    case 'rebuild':
      return 'Built again with the same packages, config and files.';
    case 'content':
      return `${releaseFirst(finding)}${contentSentence(finding, comparison)}`;
    default:
      return `${releaseFirst(finding)}${changeSentence(finding, comparison)}`.trim();
  }
}

function releaseFirst({ os }: Unreasoned): string {
  return os ? `The distribution changes from ${os.before} to ${os.after}. ` : '';
}

function changeSentence(finding: Unreasoned, comparison: ImageComparison | undefined): string {
  const packages = finding.packages ?? [];
  const parts = [
    packages.length === 0
      ? 'packages unchanged'
      : `${count(packages.length, 'package')} ${packages.length === 1 ? 'changes' : 'change'}${kinds(packages)}`,
    ...(packages.length > 0 ? [securityPart(finding.security, packages)] : []),
    finding.config?.length ? `config changes (${configPart(finding, comparison)})` : 'config unchanged',
  ];
  return `${capitalise(parts.join(', '))}.`;
}

function securityPart(security: Finding['security'], packages: readonly PackageChange[]): string {
  const { fixes, words } = fixesIn(packages);
  if (fixes > 0) return words;
  return security === null ? 'security not checked' : withoutFix(packages, 'no security fix');
}

/** Only when they are not all upgrades, which is what a reader expects. */
const kinds = onceFor((packages: readonly PackageChange[]): string => {
  const counts = (['upgraded', 'added', 'removed', 'downgraded', 'rebuilt'] as const)
    .map((kind) => ({ kind, number: packages.filter((change) => change.kind === kind).length }))
    .filter(({ number }) => number > 0);
  if (counts.length === 1 && counts[0]?.kind === 'upgraded') return '';
  return ` (${counts.map(({ kind, number }) => `${number} ${kind}`).join(', ')})`;
});

function configPart({ config = [] }: Unreasoned, comparison: ImageComparison | undefined): string {
  const keys = config.slice(0, 3).map(({ key }) => key.replace(/^Env\./, 'ENV '));
  const more = config.length - keys.length + (comparison?.unlistedSettings?.config ?? 0);
  return more > 0 ? `${keys.join(', ')} and ${more} more` : keys.join(', ');
}

/** How many settings differ that are not listed, for the notes. */
export function unlistedSettings(comparison: ImageComparison | undefined): readonly string[] {
  const { config = 0, labels = 0 } = comparison?.unlistedSettings ?? {};
  const more = [
    ...(config > 0 ? [`${count(config, 'setting')} of the image`] : []),
    ...(labels > 0 ? [count(labels, 'label')] : []),
  ];
  return more.length > 0 ? [`more differs than is listed: ${more.join(' and ')}`] : [];
}

function contentSentence(finding: Unreasoned, comparison: ImageComparison | undefined): string {
  if (finding.held?.reason === 'incomplete' && comparison === undefined)
    return `The tag moved, but ${finding.held.detail}.`;
  if (finding.problem)
    return `Files differ, and what changed in the packages is not known: ${finding.problem.message}.`;
  if (comparison?.unlisted && comparison.packages) {
    const why = comparison.packagesFrom ? 'an SBOM lists only packages' : 'folders are read only for packages';
    return `Packages and config are the same; other files were not compared, as ${why}.`;
  }
  const same = comparison?.packages
    ? 'although packages and config are the same'
    : 'and packages could not be compared';
  return `Files differ ${same}.`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

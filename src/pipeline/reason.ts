import type { ImageComparison } from '../core/comparison.ts';
import type { Finding } from '../core/finding.ts';
import type { PackageChange } from '../core/package.ts';
import type { Examination } from './examine.ts';

type Unreasoned = Omit<Finding, 'reason' | 'reaction'>;

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
        ? `The next build will fail: ${resolution.detail}.`
        : 'The next build will fail.';
    case 'end-of-life':
      return resolution.kind === 'tag-vanished'
        ? `This tag gets no more updates: ${resolution.detail}.`
        : 'This tag gets no more updates.';
    case 'unknown':
      return `Could not be checked: ${finding.problem?.message ?? 'no reason is known'}.`;
    case 'unpinned':
      return 'No digest, so there is nothing to compare with and no pull request is possible; pin it, or give --since.';
    case 'no-op':
      return 'The digest moved, and nothing you build from did: only attestations or other platforms changed.';
    case 'rebuild':
      return 'Built again with the same packages, config and files.';
    case 'content':
      return `${contentSentence(finding, comparison)}${releaseFirst(finding)}`;
    default:
      return `${releaseFirst(finding)}${changeSentence(finding)}`.trim();
  }
}

function releaseFirst({ os }: Unreasoned): string {
  return os ? `The distribution changes from ${os.before} to ${os.after}. ` : '';
}

function changeSentence(finding: Unreasoned): string {
  const packages = finding.packages ?? [];
  const parts = [
    packages.length === 0
      ? 'packages unchanged'
      : `${count(packages.length, 'package')} ${packages.length === 1 ? 'changes' : 'change'}${kinds(packages)}`,
    ...(packages.length > 0 ? [securityPart(finding)] : []),
    finding.config?.length ? `config changes (${configPart(finding)})` : 'config unchanged',
  ];
  return `${capitalise(parts.join(', '))}.`;
}

function securityPart({ security, packages }: Unreasoned): string {
  if (security === null) return 'security not checked';
  const fixes = (packages ?? []).filter((change) => change.security === true);
  if (fixes.length === 0) return 'no security fix';
  return `${count(fixes.length, 'security fix', 'security fixes')} (${[...new Set(fixes.map(({ source, name }) => source ?? name))].join(', ')})`;
}

/** Only when they are not all upgrades, which is what a reader expects. */
function kinds(packages: readonly PackageChange[]): string {
  const counts = (['upgraded', 'added', 'removed', 'downgraded', 'rebuilt'] as const)
    .map((kind) => ({ kind, number: packages.filter((change) => change.kind === kind).length }))
    .filter(({ number }) => number > 0);
  if (counts.length === 1 && counts[0]?.kind === 'upgraded') return '';
  return ` (${counts.map(({ kind, number }) => `${number} ${kind}`).join(', ')})`;
}

function configPart({ config }: Unreasoned): string {
  const keys = (config ?? []).map(({ key }) => key.replace(/^Env\./, 'ENV '));
  return keys.length > 3 ? `${keys.slice(0, 3).join(', ')} and ${keys.length - 3} more` : keys.join(', ');
}

function contentSentence(finding: Unreasoned, comparison: ImageComparison | undefined): string {
  if (finding.held?.reason === 'incomplete' && comparison === undefined)
    return `The tag moved, but ${finding.held.detail}.`;
  if (finding.problem)
    return `Files differ, and what changed in the packages is not known: ${finding.problem.message}.`;
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

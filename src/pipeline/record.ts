import type { Digest } from '../core/digest.ts';
import { type Finding, repositoryName } from '../core/finding.ts';
import { formatReference } from '../core/reference.ts';
import type { NewLook, NewRun, StoredFinding } from '../state/store.ts';
import type { DecidedUse } from './decide-use.ts';
import type { Resolution } from './resolve.ts';
import type { RunResult } from './run.ts';

/** What a run leaves behind: what every tag names, what was found, what is news. Pure. */
export function toStoredRun({ record, decided, repositories }: RunResult, startedAt: number): NewRun {
  const looks = new Map<string, NewLook>();
  for (const { use } of decided) {
    const { reference } = use.use;
    const { resolution } = use.examination;
    if (!reference) continue;
    const digest = namedByTag(resolution);
    if (digest === undefined) continue;
    const key = lookKey(reference);
    looks.set(key, { reference: key, platform: '*', digest });
  }
  const isUnseen =
    record.problems.some(({ code }) => unlistable.has(code)) || repositories.some((one) => one.isPartial);
  return {
    startedAt,
    looks: [...looks.values()],
    findings: record.findings.map(toStoredFinding),
    unsure: isUnseen ? 'all' : unsureOf(record.findings, decided),
  };
}

/** Files were not seen that may hold anything. */
const unlistable: ReadonlySet<string> = new Set([
  'folder-unreadable',
  'file-unreadable',
  'owner-unreadable',
  'repository-unreadable',
  'repository-config',
]);

function toStoredFinding(finding: Finding): StoredFinding {
  const { id, file, line, written, remedy, security, held, reason, news } = finding;
  return {
    id,
    class: finding.class,
    reference: keyOf(finding),
    repository: repositoryName(finding),
    file,
    line,
    written,
    remedy,
    security,
    ...(held && { held: held.reason }),
    reason,
    news,
  };
}

/** What could not be asked today is not over because it was not found again. */
function unsureOf(findings: readonly Finding[], decided: readonly DecidedUse[]): ReadonlySet<string> {
  const unsure = new Set<string>();
  for (const finding of findings) {
    if (finding.class === 'unknown' || finding.held?.reason === 'budget') unsure.add(keyOf(finding));
  }
  for (const { use } of decided) {
    const { reference } = use.use;
    if (reference && (use.examination.lag?.problems ?? []).length > 0) unsure.add(lookKey(reference));
  }
  return unsure;
}

/** What the tag names now, as far as the run learnt it. */
function namedByTag(resolution: Resolution): Digest | undefined {
  switch (resolution.kind) {
    case 'moved':
      return resolution.after;
    case 'current':
      return resolution.digest;
    case 'unpinned':
    case 'broken':
      return resolution.latest;
    default:
      return undefined;
  }
}

/** The name under which looks are kept: the tag, whatever digest a use pins it to. */
export function lookKey({ registry, repository, tag }: { registry: string; repository: string; tag?: string }): string {
  return formatReference({ registry, repository, tag: tag ?? 'latest' });
}

/** The reference that a finding is about, as state knows it. */
export function keyOf({ reference, written }: Pick<Finding, 'reference' | 'written'>): string {
  return reference ? lookKey(reference) : written;
}

import type { Finding, FindingClass } from '../core/finding.ts';
import type { RunRecord, Summary } from '../core/record.ts';
import type { ExaminedUse } from './decide.ts';

const rebuilding: ReadonlySet<FindingClass> = new Set(['pin-broken', 'security', 'packages', 'config', 'content']);

/** The counts of a run, and its one answer: is a rebuild needed? */
export function summarise(
  findings: readonly Finding[],
  examined: readonly ExaminedUse[],
  counted: Pick<Summary, 'files' | 'excluded' | 'pins' | 'images'>,
): Summary {
  const byClass: Partial<Record<FindingClass, number>> = {};
  for (const finding of findings) byClass[finding.class] = (byClass[finding.class] ?? 0) + 1;
  const unknown = byClass.unknown ?? 0;
  return {
    ...counted,
    uses: examined.length,
    unpinned: examined.filter(({ use }) => use.reference && use.reference.digest === undefined && use.kind !== 'syntax')
      .length,
    findings: byClass,
    unknown,
    deferred: findings.filter(({ held }) => held?.reason === 'budget').length,
    needsRebuild: findings.some(asksForRebuild) ? true : unknown > 0 ? null : false,
  };
}

function asksForRebuild({ class: kind, held, snoozed, security, remedy, reaction }: Finding): boolean {
  if (held || snoozed || reaction?.react.includes('ignore')) return false;
  return rebuilding.has(kind) || (kind === 'lagging' && security === true && remedy === 'rebuild');
}

/** The image uses about which nothing could be learnt; a package pin on one that was looked up is a smaller matter. */
export function unknownUses(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding) => finding.class === 'unknown' && finding.subject === 'image');
}

/** Was there something to ask for, and nobody answered? Then the run says nothing about anything. */
export function nothingLookedUp({ findings, summary }: Pick<RunRecord, 'findings' | 'summary'>): boolean {
  const unknown = unknownUses(findings);
  const unasked = unknown.filter(({ reference }) => reference === undefined).length;
  return summary.images > 0 && unknown.length - unasked === summary.uses - unasked;
}

import { type Finding, type FindingClass, isBehind } from '../core/finding.ts';
import type { RunRecord, Summary } from '../core/run-record.ts';
import type { Unchecked } from '../core/unchecked.ts';
import type { ExaminedUse } from './examined-use.ts';

/** The counts of a run, and its two answers: is a rebuild needed, and can somebody have a security fix? */
export function summarise(
  findings: readonly Finding[],
  examined: readonly ExaminedUse[],
  unchecked: readonly Unchecked[],
  counted: Pick<Summary, 'files' | 'formats' | 'excluded' | 'pins' | 'images' | 'unread'>,
): Summary {
  const byClass: Partial<Record<FindingClass, number>> = {};
  for (const finding of findings) byClass[finding.class] = (byClass[finding.class] ?? 0) + 1;
  const unknown = unknownUses(findings).length;
  const untold = new Set(unchecked.map(({ id }) => id)).size;
  const isSure = unknown + untold === 0;
  const answer = (is: (finding: Finding) => boolean): boolean | null =>
    findings.some(is) ? true : isSure ? false : null;
  const isRunning = ({ workload }: Finding): boolean => workload !== undefined;
  return {
    ...counted,
    uses: examined.length,
    running: examined.filter(({ use }) => 'workload' in use.place).length,
    unpinned: examined.filter(({ use }) => use.reference && !use.has && use.role !== 'frontend').length,
    findings: byClass,
    unknown,
    unchecked: untold,
    deferred: findings.filter(({ held }) => held?.reason === 'budget').length,
    needsRebuild: answer((one) => !isRunning(one) && asksForRebuild(one)),
    needsRedeploy: answer((one) => isRunning(one) && asksForRebuild(one)),
    fixAvailable: answer(bringsFix),
  };
}

function asksForRebuild(finding: Finding): boolean {
  const { class: kind, held, security, remedy } = finding;
  if (held || isSilenced(finding)) return false;
  const isWaiting = kind === 'lagging' || kind === 'stale';
  return isBehind(kind) || (isWaiting && security === true && (remedy === 'edit' || remedy === 'rebuild'));
}

/** Remedies that are in the hands of whoever reads the report; a newer base is not. */
const available: ReadonlySet<Finding['remedy']> = new Set(['edit', 'rebuild', 'upgrade-line', 'redeploy']);

/** A security fix that somebody can have today: what `--fail-on security` counts. */
export function bringsFix(finding: Finding): boolean {
  if (isSilenced(finding) || finding.security !== true) return false;
  const isWaiting = finding.class === 'lagging' || finding.class === 'stale';
  return isBehind(finding.class) || (isWaiting && available.has(finding.remedy));
}

/** Somebody does not want to hear of it. */
export function isSilenced({ snoozed, reaction }: Finding): boolean {
  return snoozed !== undefined || (reaction?.react.includes('ignore') ?? false);
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

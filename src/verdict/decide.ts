/*
 * src/verdict/
 *
 * What is to be said of what is known: rules (policy.ts), ages (age.ts), classes and findings (this file,
 * decide-pin.ts, decide-rootfs.ts, lagging.ts, newer-tag-findings.ts, end-of-life-findings.ts), reasons in words
 * (reason.ts), their identity (said-of-use.ts, news-of.ts); and over a whole run what was not answered
 * (unchecked-uses.ts), what went wrong (run-problems.ts) and the counts (summarise.ts). All of it is pure: no I/O, no
 * waiting, and "now" is an argument.
 * Begin here, then policy.ts.
 */

import type { ImageComparison } from '../core/comparison.ts';
import {
  type ConfigChange,
  type ContentClass,
  type Finding,
  type FindingClass,
  findingClasses,
  type Held,
  type PlatformFinding,
} from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { formatReference, type ImageReference, isLocal, referenceKey } from '../core/image/reference.ts';
import { findingId } from '../core/news.ts';
import type { Problem } from '../core/problem.ts';
import { securityOfRows } from '../core/row-security.ts';
import { isSecretKey } from '../core/secret.ts';
import { onceFor } from '../core/shared-work.ts';
import type { Examination, PlatformResult } from '../look/examination.ts';
import type { Use } from '../sources/use.ts';
import { timingOf } from './age.ts';
import { editsOf } from './edit-preview.ts';
import { endOfLifeFindings } from './end-of-life-findings.ts';
import type { ExaminedUse, Verdict } from './examined-use.ts';
import { laggingFindings } from './lagging.ts';
import { mergeRows, type PlatformRows } from './merge-rows.ts';
import { newerTagFindings } from './newer-tag-findings.ts';
import { newsOf } from './news-of.ts';
import { minimumAgeFor, type Policy, pinsPlace, reactionTo } from './policy.ts';
import { reasonFor, unlistedSettings } from './reason.ts';
import { saidOfUse } from './said-of-use.ts';

/**
 * Turns what is known about one use into its findings: none (up to date), or at most one of each kind. `now` is the
 * run's clock value. Pure.
 */
export function decide(examined: ExaminedUse, policy: Policy, now: number): Finding[] {
  const verdict = contentVerdict(examined, policy);
  const content = verdict && toFinding(examined, verdict, policy);
  const rest = [
    ...laggingFindings(examined),
    ...newerTagFindings(examined, examined.newer ?? { kind: 'none' }, examined.tagEdit),
    ...endOfLifeFindings(examined, now),
  ];
  return [
    ...(content ? [timed(content, examined, policy, now)] : []),
    ...rest.map((finding) => ({ ...finding, reaction: reactionTo(finding, policy) })),
  ];
}

/**
 * Lets a digest wait for its age, by the clock of this state. That of a use without a digest does not: whoever builds has
 * it already, and the next run would not find it again.
 */
function timed(finding: Omit<Finding, 'reaction'>, examined: ExaminedUse, policy: Policy, now: number): Finding {
  if (examined.use.has === undefined) return { ...finding, reaction: reactionTo(finding, policy) };
  const timing = timingOf(finding, examined.seen ?? [], minimumAgeFor(finding, policy), now);
  const held = finding.held ?? timing.held;
  const { latest } = finding;
  const reaction = reactionTo(finding, policy);
  // Nothing is proposed of what runs.
  const isDraft = timing.draft !== undefined && finding.workload === undefined;
  return {
    ...finding,
    ...(held && { held }),
    ...(latest && timing.firstSeen !== undefined && { latest: { ...latest, firstSeen: timing.firstSeen } }),
    ...(isDraft && { notes: [...finding.notes, `proposed as a draft: ${timing.draft}`] }),
    reaction: isDraft ? { ...reaction, draft: true } : reaction,
  };
}

function contentVerdict({ use, examination }: ExaminedUse, { pin }: Policy): Verdict | undefined {
  const { installs, has, role, place } = use;
  const { resolution, lag } = examination;
  // A build that installs stops at `apt-get update`; a newer base brings newer keys.
  if (installs && lag?.refusal !== undefined && resolution.kind !== 'moved' && resolution.kind !== 'broken') {
    return { class: 'pin-broken', results: [], problem: null };
  }
  switch (resolution.kind) {
    case 'unknown':
      return { class: 'unknown', results: [], problem: resolution.problem };
    case 'broken':
      return { class: 'pin-broken', results: [], problem: null };
    case 'unpinned':
      return { class: 'unpinned', results: [], problem: null };
    case 'current': {
      // It is to have a digest, also when an earlier run has seen the one that its tag names.
      const wantsPin = has === undefined && role !== 'frontend' && pinsPlace(pin, place);
      return wantsPin ? { class: 'unpinned', results: [], problem: null } : undefined;
    }
    case 'moved': {
      const results = examination.platforms;
      const worst = mostUrgent(results);
      if (worst === undefined) return undefined;
      const problem = results.find((result) => result.class === worst && result.problem)?.problem ?? null;
      return { class: worst, results, problem: problem ?? comparisonProblem(results, worst) };
    }
    default:
      return undefined;
  }
}

function mostUrgent(results: readonly PlatformResult[]): ContentClass | undefined {
  const classes = results.map((result) => result.class);
  return findingClasses.find((candidate) => classes.includes(candidate as ContentClass)) as ContentClass | undefined;
}

function comparisonProblem(results: readonly PlatformResult[], worst: ContentClass): Problem | null {
  if (worst !== 'content') return null;
  return results.flatMap(({ comparison }) => comparison?.problems ?? [])[0] ?? null;
}

function toFinding(examined: ExaminedUse, verdict: Verdict, policy: Policy): Finding {
  const { use, examination, edit } = examined;
  const comparison = verdict.results.find(({ comparison }) => comparison)?.comparison;
  const packages = packagesOf(verdict.results);
  const held = heldBy(verdict);
  const pinned = use.has?.by === 'text';
  const wantsEdit = pinned || pinsPlace(policy.pin, use.place);
  const proposed = wantsEdit && edit?.kind === 'possible' ? edit : undefined;
  const finding: Omit<Finding, 'reason'> = {
    ...saidOfUse(examined),
    news: newsOf(verdict, examined, packages),
    class: verdict.class,
    security: securityOf(verdict.results),
    ...(held && { held }),
    remedy:
      verdict.class === 'pin-broken' && examination.resolution.kind !== 'broken'
        ? 'newer-base'
        : remedyOf(verdict.class, proposed !== undefined, use),
    ...digests(examined, comparison),
    ...(verdict.results.length > 0 && { perPlatform: verdict.results.flatMap(platformRow) }),
    ...(comparison?.os && { os: comparison.os }),
    ...(packages.length > 0 && { packages }),
    ...(comparison && comparison.config.length > 0 && { config: comparison.config.map(masked) }),
    ...(comparison && comparison.labels.length > 0 && { labels: comparison.labels }),
    ...(proposed && editsOf(proposed)),
    notes: [
      ...examination.notes,
      ...unlistedSettings(comparison),
      ...(examined.newer?.kind === 'unknown' ? [examined.newer.problem.message] : []),
      ...(wantsEdit && edit?.kind === 'refused' ? [`no edit is possible: ${edit.reason}`] : []),
    ],
    problem: verdict.problem,
  };
  return { ...finding, reason: reasonFor(finding, examination, comparison) };
}

const packagesOf = onceFor((results: readonly PlatformResult[]) => mergeRows(results.filter(isCompared).map(rowsOf)));

function rowsOf({ platform, comparison }: PlatformResult): PlatformRows {
  return { platform, rows: comparison?.packages ?? [] };
}

function digests(
  { use, examination }: ExaminedUse,
  comparison: ImageComparison | undefined,
): Pick<Finding, 'current' | 'latest'> {
  const { resolution, target } = examination;
  const current = resolution.kind === 'moved' ? resolution.before : use.has?.digest;
  const latest = target ?? (resolution.kind === 'moved' ? resolution.after : undefined);
  const version = (side: string | null | undefined): { version?: string } => (side ? { version: side } : {});
  const { reference } = use;
  const isTagged = reference && !isLocal(reference) && (reference.tag !== undefined || reference.digest === undefined);
  const tag = isTagged ? (reference.tag ?? 'latest') : undefined;
  return {
    ...(current && { current: { digest: current, ...version(comparison?.version.before) } }),
    ...(latest && {
      latest: { digest: latest, ...(tag !== undefined && { tag }), ...version(comparison?.version.after) },
    }),
  };
}

function platformRow(result: PlatformResult): PlatformFinding[] {
  if (result.class === 'same') return [];
  const { platform, current, latest } = result;
  return [{ platform, class: result.class, ...(current && { current }), ...(latest && { latest }) }];
}

/** Were this platform's packages compared? Equal manifests are equal packages, read or not. */
function isCompared({ class: kind, comparison }: PlatformResult): boolean {
  return kind === 'no-op' || (comparison?.packages ?? null) !== null;
}

/** What a publisher left in ENV by mistake is not ours to spread. */
function masked(change: ConfigChange): ConfigChange {
  if (!change.key.startsWith('Env.') || !isSecretKey(change.key)) return change;
  return {
    key: change.key,
    before: change.before === null ? null : '***',
    after: change.after === null ? null : '***',
  };
}

/** One fix is enough; that there is none takes rows that were read, and judged, on every platform. */
const securityOf = onceFor((results: readonly PlatformResult[]): boolean | null => {
  const rows = results.flatMap(({ comparison }) => comparison?.packages ?? []);
  const together = securityOfRows(rows);
  return together === false && (results.length === 0 || !results.every(isCompared)) ? null : together;
});

function heldBy({ results, problem }: Verdict): Held | undefined {
  // What was not asked is not known, and will be asked when there is room again.
  if (problem?.code === 'budget') return { reason: 'budget', detail: problem.message };
  if (problem?.code === 'policy') return { reason: 'policy', detail: problem.message };
  const missing = results.filter(({ incomplete }) => incomplete).map(({ platform }) => platform);
  if (missing.length > 0) {
    return { reason: 'incomplete', detail: `the new image does not serve ${missing.join(', ')} yet` };
  }
  const downgrade = results.find(({ comparison }) => comparison?.downgrade)?.comparison?.downgrade;
  return downgrade ? { reason: 'downgrade', detail: downgrade } : undefined;
}

function remedyOf(kind: FindingClass, editable: boolean, { has }: Use): Finding['remedy'] {
  if (kind === 'unknown' || kind === 'rebuild' || kind === 'no-op' || kind === 'end-of-life') return 'none';
  if (editable) return 'edit';
  if (has?.by === 'text' || kind === 'unpinned' || kind === 'pin-broken') return 'none';
  // The tag moved: whoever builds again, pulling, has it, and what runs has it when it is started anew.
  return has?.by === 'running' ? 'redeploy' : 'rebuild';
}

/** Two images of one platform and what differs between them. */
export interface ComparedPair {
  readonly before: { readonly reference: ImageReference; readonly root: Digest; readonly manifest: Digest };
  readonly after: { readonly reference: ImageReference; readonly root: Digest; readonly manifest: Digest };
  readonly platform: string;
  readonly comparison: ImageComparison;
}

/** Two images that a person named, as the examination that a use moving from one to the other would have. */
export function examinationOfPair({ before, after, platform, comparison }: ComparedPair): Examination {
  const same = before.manifest === after.manifest;
  const result: PlatformResult = {
    platform,
    class: same ? 'no-op' : comparison.class,
    current: before.manifest,
    latest: after.manifest,
    ...(!same && { comparison }),
  };
  return {
    resolution: { kind: 'moved', before: before.root, after: after.root },
    pinned: before.reference.digest === undefined ? 'none' : null,
    platforms: [result],
    notes: [],
  };
}

/** The finding that such a use would have. Nothing waits for two images that a person compares, in whichever direction. */
export function findingOfPair(
  { before, platform }: Pick<ComparedPair, 'before' | 'platform'>,
  examination: Examination,
): Finding {
  const written = formatReference(before.reference);
  const { digest } = before.reference;
  const use: Use = {
    place: { tree: '.', file: '', format: '', kind: 'diff', line: 0, column: 0 },
    role: 'base',
    written,
    reference: before.reference,
    ...(digest && { has: { digest, by: 'text' } }),
    platforms: [],
    key: findingId({ tree: '.', file: '', subject: 'image', key: referenceKey(before.reference), ordinal: 0 }),
  };
  const results = examination.platforms;
  const kind = mostUrgent(results) ?? 'no-op';
  const verdict = { class: kind, results, problem: comparisonProblem(results, kind) };
  const policy = { rules: [], pin: false };
  const { held: _, ...finding } = toFinding({ use, platforms: [platform], examination }, verdict, policy);
  return { ...finding, reaction: reactionTo(finding, policy) };
}

import type { ImageComparison } from '../core/comparison.ts';
import type { Digest } from '../core/digest.ts';
import {
  type ConfigChange,
  type ContentClass,
  type Finding,
  type FindingClass,
  findingClasses,
  type Held,
  type LineEdit,
  type PlatformFinding,
} from '../core/finding.ts';
import { findingId, newsKey } from '../core/news.ts';
import type { PackageChange } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import { formatReference, type ImageReference, referenceKey } from '../core/reference.ts';
import type { Examination, PlatformResult } from './examine.ts';
import type { PlacedUse } from './parse.ts';
import { type Policy, reactionTo } from './policy.ts';
import { reasonFor } from './reason.ts';

/** One use with everything the earlier stages learnt about it. */
export interface ExaminedUse extends Pick<PlacedUse, 'tree' | 'use' | 'ordinal'> {
  readonly platforms: readonly string[];
  readonly examination: Examination;
  /** What editing this one use would do; absent when there is nothing to write. */
  readonly edit?: EditPreview;
}

export type EditPreview =
  | { readonly kind: 'possible'; readonly written: string; readonly edits: readonly LineEdit[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Turns what is known about one use into its findings: none (up to date), or at most one of each kind. Pure. */
export function decide(examined: ExaminedUse, policy: Policy): Finding[] {
  const { examination } = examined;
  const findings: Finding[] = [];
  const verdict = contentVerdict(examined);
  if (verdict) findings.push(toFinding(examined, verdict, policy));
  if (examination.resolution.kind === 'tag-vanished') {
    findings.push(toFinding(examined, { class: 'end-of-life', results: [], problem: null }, policy));
  }
  return findings;
}

interface Verdict {
  readonly class: FindingClass;
  /** The platforms' results that count for it. */
  readonly results: readonly PlatformResult[];
  readonly problem: Problem | null;
}

function contentVerdict({ examination }: ExaminedUse): Verdict | undefined {
  const { resolution } = examination;
  switch (resolution.kind) {
    case 'unknown':
      return { class: 'unknown', results: [], problem: resolution.problem };
    case 'broken':
      return { class: 'pin-broken', results: [], problem: null };
    case 'unpinned':
      return { class: 'unpinned', results: [], problem: null };
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
  const reference = use.reference;
  const comparison = verdict.results.find(({ comparison }) => comparison)?.comparison;
  const packages = mergeRows(verdict.results);
  const key = reference === undefined ? use.written : referenceKey(reference);
  const held = heldBy(verdict.results);
  const pinned = reference?.digest !== undefined;
  const wantsEdit = pinned || policy.pin;
  const proposed = wantsEdit && edit?.kind === 'possible' ? edit : undefined;
  const finding: Omit<Finding, 'reason' | 'reaction'> = {
    id: findingId({ tree: examined.tree, file: use.file, subject: 'image', key, ordinal: examined.ordinal }),
    news: newsOf(verdict, key, examined, packages),
    subject: 'image',
    class: verdict.class,
    security: securityOf(verdict.results),
    ...(held && { held }),
    remedy: remedyOf(verdict.class, proposed !== undefined, pinned),
    ...(examined.tree !== '.' && { tree: examined.tree }),
    file: use.file,
    line: use.line,
    column: use.column,
    kind: use.kind,
    ...(use.stage !== undefined && { stage: use.stage }),
    ...(use.final !== undefined && { final: use.final }),
    written: use.written,
    ...(reference && { reference }),
    pinned: examination.pinned,
    platforms: examined.platforms,
    ...digests(examined, comparison),
    ...(verdict.results.length > 0 && { perPlatform: verdict.results.flatMap(platformRow) }),
    ...(comparison?.os && { os: comparison.os }),
    ...(packages.length > 0 && { packages }),
    ...(comparison && comparison.config.length > 0 && { config: comparison.config.map(masked) }),
    ...(comparison && comparison.labels.length > 0 && { labels: comparison.labels }),
    ...(proposed && { proposed: proposed.written, edits: proposed.edits }),
    notes: [
      ...examination.notes,
      ...(wantsEdit && edit?.kind === 'refused' ? [`no edit is possible: ${edit.reason}`] : []),
    ],
    problem: verdict.problem,
  };
  return { ...finding, reason: reasonFor(finding, examination, comparison), reaction: reactionTo(finding, policy) };
}

function digests(
  { use, examination }: ExaminedUse,
  comparison: ImageComparison | undefined,
): Pick<Finding, 'current' | 'latest'> {
  const { resolution, target } = examination;
  const current = resolution.kind === 'moved' ? resolution.before : use.reference?.digest;
  const latest = target ?? (resolution.kind === 'moved' ? resolution.after : undefined);
  const version = (side: string | null | undefined): { version?: string } => (side ? { version: side } : {});
  const tag = use.reference && (use.reference.tag ?? (use.reference.digest === undefined ? 'latest' : undefined));
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

/** One row per change; `platforms` only where it does not hold on all that were compared. */
function mergeRows(results: readonly PlatformResult[]): readonly PackageChange[] {
  const compared = results.filter(isCompared);
  const rows = new Map<string, { change: PackageChange; platforms: string[] }>();
  for (const { platform, comparison } of compared) {
    for (const change of comparison?.packages ?? []) {
      const key = JSON.stringify([change.name, change.kind, change.before, change.after, change.architecture]);
      const row = rows.get(key) ?? { change, platforms: [] };
      row.platforms.push(platform);
      rows.set(key, row);
    }
  }
  return [...rows.values()].map(({ change, platforms }) =>
    platforms.length === compared.length ? change : { ...change, platforms },
  );
}

const secretKey = /^Env\..*(secret|token|passw|pwd|passphrase|credential|private_?key|api_?key|access_?key|auth)/i;

/** What a publisher left in ENV by mistake is not ours to spread. */
function masked(change: ConfigChange): ConfigChange {
  if (!secretKey.test(change.key)) return change;
  return {
    key: change.key,
    before: change.before === null ? null : '***',
    after: change.after === null ? null : '***',
  };
}

/** false only where no package moved on any platform; whether one that moved is a fix takes a feed to know. */
function securityOf(results: readonly PlatformResult[]): boolean | null {
  const still = results.every((result) => isCompared(result) && (result.comparison?.packages ?? []).length === 0);
  return results.length > 0 && still ? false : null;
}

function heldBy(results: readonly PlatformResult[]): Held | undefined {
  const missing = results.filter(({ incomplete }) => incomplete).map(({ platform }) => platform);
  if (missing.length > 0) {
    return { reason: 'incomplete', detail: `the new image does not serve ${missing.join(', ')} yet` };
  }
  const downgrade = results.find(({ comparison }) => comparison?.downgrade)?.comparison?.downgrade;
  return downgrade ? { reason: 'downgrade', detail: downgrade } : undefined;
}

function remedyOf(kind: FindingClass, editable: boolean, pinned: boolean): Finding['remedy'] {
  if (kind === 'unknown' || kind === 'rebuild' || kind === 'no-op' || kind === 'end-of-life') return 'none';
  if (editable) return 'edit';
  // An unpinned tag moved: whoever builds again, pulling, has it.
  return !pinned && kind !== 'unpinned' && kind !== 'pin-broken' ? 'rebuild' : 'none';
}

function newsOf(
  { class: kind, results, problem }: Verdict,
  key: string,
  { use, examination }: ExaminedUse,
  packages: readonly PackageChange[],
): string[] {
  switch (kind) {
    case 'pin-broken':
      return [newsKey(kind, key, [use.reference?.digest ?? use.reference?.tag ?? 'latest'])];
    case 'packages':
      return [newsKey(kind, key, packages.map(({ name, after }) => [name, after ?? null]).sort(byText))];
    case 'config': {
      const changes = results.flatMap(({ comparison }) => comparison?.config ?? []);
      return [
        newsKey(kind, key, [...new Set(changes.map(({ key: name, after }) => JSON.stringify([name, after])))].sort()),
      ];
    }
    case 'content':
      return [newsKey(kind, key, results.map(({ latest, platform }) => latest ?? platform).sort())];
    case 'end-of-life':
      return [newsKey(kind, key, [use.reference?.tag ?? ''])];
    case 'unknown':
      return [
        newsKey(kind, key, [use.reference?.registry ?? '', (problem ?? problemOf(examination))?.code ?? 'unknown']),
      ];
    default:
      return [];
  }
}

function problemOf({ resolution }: Examination): Problem | undefined {
  return resolution.kind === 'unknown' ? resolution.problem : undefined;
}

function byText(a: unknown, b: unknown): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

export interface ComparedPair {
  readonly before: { readonly reference: ImageReference; readonly root: Digest; readonly manifest: Digest };
  readonly after: { readonly reference: ImageReference; readonly root: Digest; readonly manifest: Digest };
  readonly platform: string;
  readonly comparison: ImageComparison;
}

/** Two images that a person named, as the finding that a use moving from one to the other would have. */
export function findingOfPair({ before, after, platform, comparison }: ComparedPair): Finding {
  const written = formatReference(before.reference);
  const same = before.manifest === after.manifest;
  const result: PlatformResult = {
    platform,
    class: same ? 'no-op' : comparison.class,
    current: before.manifest,
    latest: after.manifest,
    ...(!same && { comparison }),
  };
  const examination: Examination = {
    resolution: { kind: 'moved', before: before.root, after: after.root },
    pinned: before.reference.digest === undefined ? 'none' : null,
    platforms: [result],
    notes: [],
  };
  const place = {
    tree: '.',
    use: { file: '', kind: 'diff', line: 0, column: 0, written, reference: before.reference },
    ordinal: 0,
  };
  const verdict = {
    class: result.class as ContentClass,
    results: [result],
    problem: comparisonProblem([result], comparison.class),
  };
  // Nothing waits for two images that a person compares, in whichever direction.
  const { held: _, ...finding } = toFinding({ ...place, platforms: [platform], examination }, verdict, {
    rules: [],
    pin: false,
  });
  return finding;
}

import type { Clock } from '../core/clock.ts';
import type { ImageComparison } from '../core/comparison.ts';
import type { Digest } from '../core/digest.ts';
import { messageOf } from '../core/errors.ts';
import type { ContentClass } from '../core/finding.ts';
import type { ImageDocument } from '../core/image.ts';
import { formatPlatform, type Platform, platformMatches } from '../core/platform.ts';
import type { Problem } from '../core/problem.ts';
import { problemOf } from '../core/problem-of.ts';
import { formatReference, type ImageReference } from '../core/reference.ts';
import { type CompareManifestsDependencies, compareManifests } from './compare-manifests.ts';
import type { Inspector } from './inspect.ts';
import { type Lag, type LagDependencies, lagOf } from './lag.ts';
import type { PackagesFrom } from './policy.ts';
import { childFor, notOffered, type Registry, type Resolution, resolve } from './resolve.ts';
import { type SecurityDependencies, withSecurity } from './security.ts';

/** What the difference is for one consumed platform. */
export interface PlatformResult {
  readonly platform: string;
  readonly class: ContentClass | 'same';
  /** Manifest digests. */
  readonly current?: Digest;
  readonly latest?: Digest;
  readonly comparison?: ImageComparison;
  readonly problem?: Problem;
  /** The new index does not serve this platform (yet). */
  readonly incomplete?: true;
}

/** Everything known about one reference on its consumed platforms: what `decide` turns into findings. */
export interface Examination {
  readonly resolution: Resolution;
  readonly pinned: 'index' | 'manifest' | 'none' | null;
  /** What an edit would write: the same kind of digest as the one there. Absent when there is nothing to write. */
  readonly target?: Digest;
  readonly platforms: readonly PlatformResult[];
  readonly notes: readonly string[];
  /** How far what the tag names now is behind its distribution; absent when nobody asked, or there is no such image. */
  readonly lag?: Lag;
  /** The image on this machine that was looked into, for a use without a reference. */
  readonly archive?: ImageReference;
}

export interface ExamineDependencies extends CompareManifestsDependencies, SecurityDependencies, LagDependencies {
  readonly registry: Registry;
  readonly inspector: Inspector;
  readonly clock: Clock;
  /** Milliseconds for which an archive's answer, and what follows from it, holds. */
  readonly archivesMaxAge: number;
  /** Names whom the advisories are from: another source, other answers. */
  readonly advisoriesFrom: string;
  readonly extractorNumber: string;
}

export interface ExamineRequest {
  readonly reference: ImageReference;
  readonly platforms: readonly Platform[];
  readonly baseLine?: Digest;
  /** False for what is no base of anything: a frontend. */
  readonly wantsLag: boolean;
  /** Compared with instead of what the tag names now: an older digest that has reached its age. */
  readonly instead?: Digest;
  /** Where the packages of a comparison come from. */
  readonly packagesFrom: PackagesFrom;
  /** Waits until pulls for something that only lags are in order. */
  readonly lagTurn?: () => Promise<void>;
}

/**
 * Resolves a reference, looks into both images where its meaning moved, and asks their archives. Never rejects: trouble
 * is `unknown`. What archives and feeds said is kept as long as they are not asked again, so that an unchanged day reads
 * one small file per reference.
 */
export async function examine(request: ExamineRequest, deps: ExamineDependencies): Promise<Examination> {
  const today = await resolve(request, deps.registry);
  const resolution = today.kind === 'moved' && request.instead ? { ...today, after: request.instead } : today;
  const root = rootOf(resolution);
  const nothing: Examination = {
    resolution,
    pinned: request.reference.digest === undefined ? 'none' : null,
    platforms: [],
    notes: [],
  };
  if (root === undefined) return nothing;
  const before = resolution.kind === 'moved' ? resolution.before : '';
  const platforms = request.platforms.map(formatPlatform).join(',');
  const how = `${deps.extractorNumber} ${deps.advisoriesFrom} ${request.wantsLag} ${request.packagesFrom}`;
  const key = [resolution.kind, nothing.pinned, before, root, platforms, how].join(' ');
  const known = remembered(key, deps);
  if (known) return resolution.kind === 'moved' ? known : { ...known, resolution };
  const looked = await lookInto(request, nothing, deps);
  if (looked.resolution.kind === 'unknown') return looked;
  const { examination, isSettled: isJudged } = await withSecurity(request.reference, looked, deps);
  if (request.wantsLag) await request.lagTurn?.();
  const lag = request.wantsLag ? await lagOf(request.reference, root, request.platforms, deps) : undefined;
  const whole = { ...examination, ...(lag && { lag }) };
  if (examination.platforms.every(isSettled)) {
    const isWhole = isJudged && (lag?.problems ?? []).length === 0;
    const kept: Kept = { at: deps.clock.now(), isWhole, examination: whole };
    deps.cache.put('today', key, Buffer.from(JSON.stringify(kept)));
  }
  return whole;
}

interface Kept {
  readonly at: number;
  /** Everybody who was asked has answered. */
  readonly isWhole: boolean;
  readonly examination: Examination;
}

/** Whoever could not be asked is left alone for so long; milliseconds. */
const troubleAge = 5 * 60 * 1000;

function remembered(key: string, { cache, clock, archivesMaxAge, cost }: ExamineDependencies): Examination | undefined {
  const bytes = cache.get('today', key);
  if (bytes === undefined) return undefined;
  const { at, isWhole, examination } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Kept;
  const age = clock.now() - at;
  if (!(age >= 0 && age < (isWhole ? archivesMaxAge : Math.min(troubleAge, archivesMaxAge)))) return undefined;
  cost.cacheHits++;
  return examination;
}

/** The image that the next rebuild should stand on, as far as it is known. */
function rootOf(resolution: Resolution): Digest | undefined {
  switch (resolution.kind) {
    case 'moved':
      return resolution.after;
    case 'current':
    case 'digest-only':
    case 'tag-vanished':
      return resolution.digest;
    case 'unpinned':
    case 'broken':
      return resolution.latest;
    case 'unknown':
      return undefined;
  }
}

async function lookInto(
  request: ExamineRequest,
  nothing: Examination,
  deps: ExamineDependencies,
): Promise<Examination> {
  const { resolution } = nothing;
  switch (resolution.kind) {
    case 'moved':
      try {
        return await examineMoveOnce(request, resolution, deps);
      } catch (error) {
        const problem = problemOf(error, formatReference(request.reference));
        return { ...nothing, resolution: { kind: 'unknown', problem } };
      }
    case 'broken':
      // What kind of digest it was can no longer be asked, so the root of the tag is written, which serves everybody.
      return resolution.latest === undefined ? nothing : { ...nothing, target: resolution.latest };
    case 'unpinned':
      return { ...nothing, target: resolution.latest };
    default:
      return nothing;
  }
}

/**
 * What lies between two digests never changes, so it is kept: an unchanged day reads one small file per moved pin.
 * Trouble is not kept, for the next run may have more luck.
 */
async function examineMoveOnce(
  request: ExamineRequest,
  resolution: Extract<Resolution, { kind: 'moved' }>,
  deps: ExamineDependencies,
): Promise<Examination> {
  const pinned = request.reference.digest === undefined ? 'base line' : 'pin';
  const platforms = request.platforms.map(formatPlatform).join(',');
  const { packagesFrom } = request;
  const key = [pinned, resolution.before, resolution.after, platforms, deps.extractorNumber, packagesFrom].join(' ');
  const cached = deps.cache.get('move', key);
  if (cached) {
    deps.cost.cacheHits++;
    return JSON.parse(Buffer.from(cached).toString('utf8')) as Examination;
  }
  const examination = withSources(await examineMove(request, resolution, deps));
  const settled = examination.platforms.every(isSettled);
  if (settled) deps.cache.put('move', key, Buffer.from(JSON.stringify(examination)));
  return examination;
}

/** Where packages came from is said once, however many platforms there are. */
function withSources(examination: Examination): Examination {
  const sources = examination.platforms.flatMap(({ comparison }) => comparison?.packagesFrom?.note ?? []);
  return { ...examination, notes: [...examination.notes, ...new Set(sources)] };
}

/** Learnt in full, from layers that were read, and so verified, to their ends. */
function isSettled({ class: kind, problem, comparison }: PlatformResult): boolean {
  const cut = comparison?.problems.some(({ code }) => code.startsWith('layer-')) ?? false;
  if (comparison?.packagesFrom?.isPassing) return false;
  return kind !== 'unknown' && problem === undefined && !cut;
}

async function examineMove(
  request: ExamineRequest,
  resolution: Extract<Resolution, { kind: 'moved' }>,
  deps: ExamineDependencies,
): Promise<Examination> {
  const { reference } = request;
  const after = await deps.registry.document(reference, resolution.after);
  let before: ImageDocument;
  try {
    before = await deps.registry.document(reference, resolution.before);
  } catch (error) {
    // An unpinned tag moved and its old image was cleaned away: that it moved is certain, what changed is not.
    if (reference.digest !== undefined) throw error;
    const platforms = request.platforms.map(
      (platform): PlatformResult => ({
        platform: formatPlatform(platform),
        class: 'content',
        problem: {
          code: 'base-line-gone',
          message: `what changed cannot be told: ${messageOf(error)}`,
          subject: formatReference(reference),
        },
      }),
    );
    return { resolution, pinned: 'none', target: resolution.after, platforms, notes: [] };
  }

  const pinned = reference.digest === undefined ? 'none' : before.kind;
  if (before.kind === 'manifest' && pinned === 'manifest') return examinePlatformPin(request, resolution, after, deps);
  const notes =
    before.kind === 'index' && after.kind === 'manifest' && pinned === 'index'
      ? ['the tag named an index and now names the manifest of a single platform']
      : [];
  const platforms = await Promise.all(
    request.platforms.map((platform) => comparePlatform(request, platform, before, after, deps)),
  );
  // A base line may be a platform's manifest while the tag names the index over it (ko and buildah write either).
  if (pinned === 'none' && before.kind !== after.kind && platforms.every(({ class: kind }) => kind === 'no-op')) {
    return { resolution: { kind: 'current', digest: resolution.after }, pinned, platforms: [], notes };
  }
  return { resolution, pinned, target: resolution.after, platforms, notes };
}

/** A pin to one platform's manifest stays one: it is compared with, and moved to, the same platform's manifest. */
async function examinePlatformPin(
  request: ExamineRequest,
  resolution: Extract<Resolution, { kind: 'moved' }>,
  after: ImageDocument,
  deps: ExamineDependencies,
): Promise<Examination> {
  const { reference, platforms } = request;
  const { platform } = (await deps.inspector.head(reference, resolution.before)).config;
  const served = formatPlatform(platform);
  const target = after.kind === 'manifest' ? after.digest : childFor(after, platform)?.digest;
  const others = platforms.filter((wanted) => !platformMatches(wanted, platform)).map(formatPlatform);
  const notes = [
    ...(after.kind === 'index'
      ? [`the pin is the manifest of ${served} alone, and stays one; other platforms cannot build from it`]
      : []),
    ...(others.length > 0 ? [`the pinned manifest is for ${served}, yet it is used for ${others.join(', ')}`] : []),
  ];
  const names = platforms.map(formatPlatform);
  if (target === resolution.before) {
    return { resolution: { kind: 'current', digest: resolution.after }, pinned: 'manifest', platforms: [], notes };
  }
  if (target === undefined) {
    const missing = names.map(
      (name): PlatformResult => ({ platform: name, class: 'content', current: resolution.before, incomplete: true }),
    );
    return { resolution, pinned: 'manifest', platforms: missing, notes };
  }
  const pin = { root: resolution.before, manifest: resolution.before };
  const result = await compareManifests(request, pin, { root: after.digest, manifest: target }, deps);
  return {
    resolution,
    pinned: 'manifest',
    target,
    platforms: names.map((name) => ({ platform: name, ...result })),
    notes,
  };
}

async function comparePlatform(
  request: ExamineRequest,
  platform: Platform,
  before: ImageDocument,
  after: ImageDocument,
  deps: ExamineDependencies,
): Promise<PlatformResult> {
  const name = formatPlatform(platform);
  const pick = (document: ImageDocument): Digest | undefined =>
    document.kind === 'manifest' ? document.digest : childFor(document, platform)?.digest;
  const [current, latest] = [pick(before), pick(after)];
  if (current === undefined) {
    return { platform: name, class: 'unknown', problem: notOffered(request.reference, before, platform) };
  }
  if (latest === undefined) return { platform: name, class: 'content', current, incomplete: true };
  const [from, to] = [
    { root: before.digest, manifest: current },
    { root: after.digest, manifest: latest },
  ];
  return { platform: name, ...(await compareManifests(request, from, to, deps)) };
}

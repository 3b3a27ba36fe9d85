/*
 * src/look/
 *
 * What is known today of an image that somebody uses: what registries, archives, advisories and signatures say.
 * examine.ts is the look at one reference: resolve.ts asks its registry; where it moved, compare-move.ts has inspect.ts
 * look into both images and compare-images.ts say what differs; security.ts, lag.ts and package-pins.ts ask archives
 * (image-archives.ts) and advisories (judge.ts). shared-examinations.ts makes one look of however many uses share a
 * reference. Nothing here knows rules, or what is decided from it: that is verdict/. What could not be had is a value
 * with its problem.
 * Begin here, then resolve.ts.
 */

import type { Digest } from '../core/image/digest.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { formatReference } from '../core/image/reference.ts';
import { problemOf } from '../core/problem.ts';
import { isOfLayer } from '../core/problem-code.ts';
import { extractorNumber } from '../packages/wanted-paths.ts';
import { examineMove, type MoveDependencies, type MoveRequest } from './compare-move.ts';
import type { Examination, PlatformResult } from './examination.ts';
import { type LagDependencies, lagOf } from './lag.ts';
import { type Resolution, resolve } from './resolve.ts';
import { type SecurityDependencies, withSecurity } from './security.ts';

/** What examining a reference needs. */
export interface ExamineDependencies extends MoveDependencies, SecurityDependencies, LagDependencies {
  /** The run's time, milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds for which an archive's answer, and what follows from it, holds. */
  readonly archivesMaxAge: number;
  /** Names whom the advisories are from: another source, other answers. */
  readonly advisoriesFrom: string;
}

/** One reference, and what is wanted to be known of it. */
export interface ExamineRequest extends MoveRequest {
  readonly baseLine?: Digest;
  /** False for what is no base of anything: a frontend. */
  readonly wantsLag: boolean;
  /** What the registry said a moment ago; absent: it is asked. */
  readonly resolution?: Resolution;
  /** Compared with instead of what the tag names now: an older digest that has reached its age. */
  readonly instead?: Digest;
}

/** Everything that is to be known, or all but what it lags behind: that may take pulls, so its asker says when. */
export type Examined = { readonly examination: Examination } | { readonly withLag: () => Promise<Examination> };

/**
 * Resolves a reference, looks into both images where its meaning moved, and asks their archives. Never rejects: trouble
 * is `unknown`. What archives and feeds said is kept as long as they are not asked again, so that an unchanged day reads
 * what followed from it.
 */
export async function examine(request: ExamineRequest, deps: ExamineDependencies): Promise<Examined> {
  const today = request.resolution ?? (await resolve(request, deps.registry));
  const resolution = today.kind === 'moved' && request.instead ? { ...today, after: request.instead } : today;
  const root = rootOf(resolution);
  const nothing: Examination = {
    resolution,
    pinned: request.reference.digest === undefined ? 'none' : null,
    platforms: [],
    notes: [],
  };
  if (root === undefined) return { examination: nothing };
  const before = resolution.kind === 'moved' ? resolution.before : '';
  const platforms = request.platforms.map(formatPlatform).join(',');
  const how = `3 ${extractorNumber} ${deps.advisoriesFrom} ${request.wantsLag} ${request.packagesFrom}`;
  const key = [resolution.kind, nothing.pinned, before, root, platforms, how].join(' ');
  const known = remembered(key, deps);
  if (known) return { examination: resolution.kind === 'moved' ? known : { ...known, resolution } };
  const looked = await lookInto(request, nothing, deps);
  if (looked.resolution.kind === 'unknown') return { examination: looked };
  const { examination, isSettled: isJudged } = await withSecurity(request.reference, looked, deps);
  const keep = (whole: Examination): Examination => {
    if (!examination.platforms.every(isSettled)) return whole;
    const isWhole = isJudged && (whole.lag?.problems ?? []).length === 0;
    const kept: Kept = { at: deps.now, isWhole, examination: whole };
    deps.cache.put('today', key, Buffer.from(JSON.stringify(kept)));
    return whole;
  };
  if (!request.wantsLag) return { examination: keep(examination) };
  const { reference, platforms: wanted } = request;
  return { withLag: async () => keep({ ...examination, lag: await lagOf(reference, root, wanted, deps) }) };
}

interface Kept {
  readonly at: number;
  /** Everybody who was asked has answered. */
  readonly isWhole: boolean;
  readonly examination: Examination;
}

/** Whoever could not be asked is left alone for so long; milliseconds. */
const troubleAge = 5 * 60 * 1000;

function remembered(key: string, { cache, now, archivesMaxAge, cost }: ExamineDependencies): Examination | undefined {
  const bytes = cache.get('today', key);
  if (bytes === undefined) return undefined;
  const { at, isWhole, examination } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Kept;
  const age = now - at;
  if (!(age >= 0 && age < (isWhole ? archivesMaxAge : Math.min(troubleAge, archivesMaxAge)))) return undefined;
  cost.cacheHits++;
  return examination;
}

/** The image that the next rebuild should stand on, as far as it is known. */
export function rootOf(resolution: Resolution): Digest | undefined {
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
    case 'current':
      // What a use without a digest may be given stands still as well as it moves.
      return request.reference.digest === undefined ? { ...nothing, target: resolution.digest } : nothing;
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
  const key = [pinned, resolution.before, resolution.after, platforms, extractorNumber, packagesFrom].join(' ');
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
  const cut = comparison?.problems.some(({ code }) => isOfLayer(code)) ?? false;
  if (comparison?.packagesFrom?.isPassing) return false;
  return kind !== 'unknown' && problem === undefined && !cut;
}

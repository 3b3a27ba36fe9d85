import type { Finding } from '../core/finding.ts';
import { type Digest, shortDigest } from '../core/image/digest.ts';
import type { ImageGraph } from '../core/image/published.ts';
import type { Dispatch, DispatchLimits, RebuildOutcome, RebuildRequest } from '../core/image/rebuild.ts';
import type { RebuildSettings } from '../core/image/rebuild-how.ts';
import { newsKey } from '../core/news.ts';
import { timestamp } from '../core/time/clock.ts';
import type { BuiltOn } from '../look/published/built-on.ts';
import { dispatchRule, type Policy } from './policy.ts';

/** What its tag names, and what that is built on, platform by platform. */
export interface ServedImage {
  readonly digest: Digest;
  readonly platforms: readonly { readonly platform: string; readonly built: BuiltOn }[];
}

/** A published image as this run found it. */
export interface PublishedNow {
  /** As the graph prints it. */
  readonly image: string;
  /** What its file names now. */
  readonly base: Digest;
  /** The file itself names the digest: whoever merges that has it built. */
  readonly isPinned: boolean;
  /** Absent: it could not be asked for, or is not there. */
  readonly served?: ServedImage;
  /** Absent: it is not stale, or nobody can tell. */
  readonly stale?: Finding;
  /** When this state has seen the base's digest first; absent: in this run. Milliseconds since 1970, as all times here. */
  readonly baseSeen?: number;
  /** Since when it is known to be stale; absent: since this run. */
  readonly since?: number;
  readonly settings?: RebuildSettings;
  /** Why whoever builds it cannot be asked. */
  readonly obstacle?: string;
  readonly policy: Policy;
}

/** What is known of rebuilds beside the images. */
export interface DispatchFacts {
  readonly graph: Pick<ImageGraph, 'edges' | 'order' | 'cycles'>;
  /** Of all images, the oldest first. */
  readonly requests: readonly RebuildRequest[];
  readonly limits: DispatchLimits;
  readonly now: number;
}

/** A request that is over. */
export interface RebuildEnding {
  readonly number: number;
  readonly outcome: RebuildOutcome;
  readonly reason: string;
}

/** A rebuild to be asked for. */
export interface RebuildWish {
  readonly image: string;
  readonly base: Digest;
  readonly was: Digest;
  readonly brings: string;
  readonly correlation: string;
  readonly settings: RebuildSettings;
}

/** What follows from how images stand: which requests are over, how it stands with each stale image, and what is to be asked for, parents first. */
export interface DispatchPlan {
  readonly endings: readonly RebuildEnding[];
  readonly states: ReadonlyMap<string, Dispatch>;
  readonly wishes: readonly RebuildWish[];
}

const day = 24 * 60 * 60 * 1000;

/** So many in a row that led to nothing, and the image is left alone. */
const failuresInARow = 3;

/**
 * By the operator's word and nothing less; once for an image and a base, parents before children, and never again for what
 * led to nothing until the base moves with something that matters, or a person says so. Pure.
 */
export function dispatchPlan(images: readonly PublishedNow[], facts: DispatchFacts): DispatchPlan {
  const byImage = new Map(images.map((one) => [one.image, one]));
  const endings = facts.requests.flatMap((one) => endingOf(one, byImage.get(one.image), facts.now) ?? []);
  const over = new Map(endings.map((one) => [one.number, one]));
  const requests = facts.requests.map((one) => {
    const end = over.get(one.number);
    return end === undefined ? one : { ...one, ended: facts.now, outcome: end.outcome, reason: end.reason };
  });
  const states = new Map<string, Dispatch>();
  const wishes: RebuildWish[] = [];
  /** Images of which another one is to come. */
  const coming = new Set(requests.filter(({ ended }) => ended === undefined).map(({ image }) => image));
  const recent = requests.filter(({ at }) => facts.now - at < day).map(({ image }) => image);
  for (const one of inOrder(byImage, facts.graph)) {
    if (one.stale === undefined) continue;
    const verdict = verdictOn(one, one.stale, { ...facts, requests, coming, recent });
    if (verdict.isComing) coming.add(one.image);
    states.set(one.image, verdict.dispatch);
    if (verdict.wish === undefined) continue;
    wishes.push(verdict.wish);
    recent.push(one.image);
  }
  return { endings, states, wishes };
}

/** Parents before children; within a level what brings a fix comes first. What is on a circle, or made of that, comes last. */
function inOrder(
  images: ReadonlyMap<string, PublishedNow>,
  { order }: DispatchFacts['graph'],
): readonly PublishedNow[] {
  const placed = new Set(order.flat());
  const levels = [...order, [...images.keys()].filter((name) => !placed.has(name)).sort()];
  const isFix = ({ stale }: PublishedNow): number => (stale?.security === true ? 0 : 1);
  return levels.flatMap((level) => level.flatMap((name) => images.get(name) ?? []).sort((a, b) => isFix(a) - isFix(b)));
}

interface Verdict {
  readonly dispatch: Dispatch;
  /** Another one of this image is to come, by itself: whatever is made of it waits. */
  readonly isComing: boolean;
  readonly wish?: RebuildWish;
}

interface Round extends DispatchFacts {
  readonly coming: ReadonlySet<string>;
  /** The image of every request of the last 24 hours. */
  readonly recent: readonly string[];
}

function verdictOn(one: PublishedNow, stale: Finding, round: Round): Verdict {
  const { image, base, settings, obstacle, policy, served } = one;
  const own = round.requests.filter((request) => request.image === image && !request.isCleared);
  const open = own.find(({ ended }) => ended === undefined);
  if (open !== undefined) return { dispatch: underWay(open), isComing: true };
  const done = own.findLast((request) => request.base === base);
  if (done?.outcome !== undefined) return { dispatch: ended(done, done.outcome), isComing: false };
  const rule = dispatchRule(stale, policy);
  if (!rule.isAsked) return no(stale.security === null ? untold : 'no rule asks for a rebuild');
  if (stale.snoozed !== undefined) return no(`it is snoozed until ${stale.snoozed.until}`);
  if (stale.reaction?.react.includes('ignore')) return no('a rule ignores it');
  if (settings === undefined) return no('the configuration does not say who builds it: "rebuild" of "published"');
  if (obstacle !== undefined) return held(obstacle, false);
  if (served === undefined) return no('its registry could not be asked');
  const circle = round.graph.cycles.find((names) => names.includes(image));
  if (circle !== undefined)
    return held(`it is made of itself (${circle.join(', ')}), so no rebuild would be the last`, false);
  if (stale.packages?.some(({ kind }) => kind === 'downgraded'))
    return held('its base went back to older packages, which nobody is asked for by itself', false);
  const brings = bringsOf(stale);
  const stopped = stopOf(own, brings, image);
  if (stopped !== undefined) return held(stopped, false);
  const waits = waitOf(one, rule.minimumAge ?? day, settings, round) ?? limitOf(image, stale, round);
  if (waits !== undefined) return held(waits, true);
  const times = round.requests.filter((request) => request.image === image && request.base === base).length;
  const correlation = `plimsoll-${newsKey('stale', image, [base, times]).slice(0, 16)}`;
  const dispatch: Dispatch = { state: 'none', reason: 'it is asked for by the next run that may' };
  return { dispatch, isComing: true, wish: { image, base, was: served.digest, brings, correlation, settings } };
}

const untold =
  'whether a fix is among what its base brings could not be told, and no rule asks for a rebuild without that';

function no(reason: string): Verdict {
  return { dispatch: { state: 'none', reason }, isComing: false };
}

function held(reason: string, isComing: boolean): Verdict {
  return { dispatch: { state: 'held', reason }, isComing };
}

function underWay(request: RebuildRequest): Dispatch {
  const until = timestamp(request.at + request.timeout);
  return {
    ...where(request),
    state: 'asked',
    reason: `a rebuild on ${shortDigest(request.base)} was asked for, and is waited for until ${until}`,
  };
}

function ended(request: RebuildRequest, outcome: RebuildOutcome): Dispatch {
  const again = `it is asked for again after "plimsoll retry ${request.image}", or when its base brings something else`;
  const reason =
    outcome === 'served'
      ? 'it was rebuilt on this base already, and its tag names an older one again: whoever moved it back meant it'
      : `${request.reason}; ${again}`;
  return { ...where(request), state: outcome, reason };
}

function where({ at, url }: RebuildRequest): Pick<Dispatch, 'at' | 'url'> {
  return { at: timestamp(at), ...(url !== undefined && { url }) };
}

/** Stands for the packages that differ, by what they come to. */
export function bringsOf({ packages = [] }: Finding): string {
  const rows = packages.map(({ name, after }) => `${name} ${after ?? ''}`).sort();
  return newsKey('stale', '', rows);
}

/** Why nothing is asked for until somebody does something about it. */
function stopOf(own: readonly RebuildRequest[], brings: string, image: string): string | undefined {
  const again = `"plimsoll retry ${image}"`;
  const row = own.slice(-failuresInARow);
  const isFailed = ({ outcome }: RebuildRequest): boolean => outcome === 'failed' || outcome === 'timed-out';
  if (row.length === failuresInARow && row.every(isFailed))
    return `${failuresInARow} requests in a row led to nothing; nobody is asked until ${again}`;
  const last = own.at(-1);
  if (last === undefined || !isFailed(last) || last.brings !== brings) return undefined;
  return `the last request, for ${shortDigest(last.base)}, led to nothing (${last.reason}), and what its base brings is the same since; it is asked for again after ${again}`;
}

function waitOf(
  { image, base, isPinned, baseSeen, since }: PublishedNow,
  age: number,
  { timeout }: RebuildSettings,
  { graph, coming, now }: Round,
): string | undefined {
  const parents = madeOf(image, graph).filter((name) => coming.has(name));
  if (parents.length > 0) return `it waits for ${parents.join(', ')}, which comes first`;
  if (isPinned) {
    // Who merges a digest has the image built: only when that has not come to anything is somebody asked.
    const first = since ?? now;
    if (now - first < timeout)
      return `its file names the digest, and what merged that builds it; asked for when that has not come by ${timestamp(first + timeout)}`;
    return undefined;
  }
  const first = baseSeen ?? now;
  if (now - first >= age) return undefined;
  return `${shortDigest(base)} was first seen ${timestamp(first)}, and is built on when it has been known for ${Math.round(age / 360_000) / 10} hours`;
}

/** Everything below it, at whatever depth: another one of that brings another one of this. */
function madeOf(image: string, { edges }: DispatchFacts['graph']): readonly string[] {
  const found = new Set<string>();
  for (const wanted = [image]; wanted.length > 0; ) {
    const child = wanted.pop();
    for (const edge of edges) {
      if (edge.child !== child || found.has(edge.base)) continue;
      found.add(edge.base);
      wanted.push(edge.base);
    }
  }
  return [...found].sort();
}

function limitOf(image: string, { security }: Finding, { limits, recent }: Round): string | undefined {
  const { perDay, perImage } = security === true ? limits.security : limits;
  if (recent.filter((one) => one === image).length >= perImage)
    return `limits.dispatch: no more than ${perImage} of one image within 24 hours`;
  return recent.length >= perDay ? `limits.dispatch: no more than ${perDay} within 24 hours` : undefined;
}

/** What became of a request, by what the registry serves; undefined: it is as it was. A late one is served all the same. */
function endingOf(request: RebuildRequest, now: PublishedNow | undefined, at: number): RebuildEnding | undefined {
  const { number, base, was, timeout, isCleared, outcome } = request;
  // What was not read in this run may be built all the same.
  if (now === undefined || isCleared || outcome === 'served') return undefined;
  const { served } = now;
  const isOn = ({ built }: ServedImage['platforms'][number]): boolean =>
    built.is === 'fresh' ? true : built.is === 'older' && (built.root === base || built.manifest === base);
  const { platforms = [], digest } = served ?? {};
  if (digest !== was && platforms.length > 0 && platforms.every(isOn)) {
    return { number, outcome: 'served', reason: `it is built on ${shortDigest(base)}` };
  }
  if (outcome !== undefined) return undefined;
  const came = platforms.filter(isOn);
  if (digest !== undefined && digest !== was && came.length === 0) {
    const [other] = platforms;
    const reason =
      other?.built.is === 'unknown'
        ? `another image came, and nobody can tell what it was built on: ${other.built.why}`
        : 'it was built again, on the old base: the builder has to pull it, and to leave its cache alone';
    return { number, outcome: 'failed', reason };
  }
  if (at - request.at < timeout) return undefined;
  const within = `within ${Math.round(timeout / 360_000) / 10} hours`;
  const reason =
    served === undefined
      ? `its registry had nothing to say of it ${within}`
      : digest === was
        ? `the registry has nothing new ${within}`
        : `only ${came.map(({ platform }) => platform).join(', ')} came ${within}`;
  return { number, outcome: 'timed-out', reason };
}

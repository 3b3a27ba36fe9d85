import type { Finding } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { newsKey } from '../core/news.ts';
import { type DistroRelease, releaseName } from '../core/package.ts';
import { endOfLife } from '../core/time/end-of-life.ts';
import type { ExaminedUse } from './examined-use.ts';
import { imageKey, saidOfUse } from './said-of-use.ts';

/** Nothing more will come: the tag is gone while its digest still answers, or the distribution has closed the release. */
export function endOfLifeFindings(examined: ExaminedUse, now: number): Omit<Finding, 'reaction'>[] {
  const { examination, use } = examined;
  const { resolution, lag } = examination;
  const os = lag?.platforms.find((one) => one.os)?.os;
  if (resolution.kind === 'tag-vanished') {
    const news = newsKey('end-of-life', imageKey(examined.use), [use.reference?.tag ?? '']);
    return [finding(examined, news, `This tag gets no more updates: ${resolution.detail}.`, resolution.digest)];
  }
  const why = os && !lag.isRolling ? releaseEnd(os, lag.goneSuite, now) : undefined;
  if (!os || why === undefined) return [];
  return [finding(examined, newsKey('end-of-life', imageKey(examined.use), [releaseName(os)]), why, undefined)];
}

function releaseEnd(os: DistroRelease, goneSuite: string | undefined, now: number): string | undefined {
  const end = endOfLife(os);
  const name = releaseName(os);
  if (end !== undefined && Date.parse(end) <= now) {
    return `${name} gets no more security updates since ${end}: move to a newer release.`;
  }
  return goneSuite === undefined
    ? undefined
    : `The archive of ${name} is gone from its publisher (${goneSuite}): the release was probably moved away at its end; package installs in a build fail.`;
}

function finding(
  examined: ExaminedUse,
  news: string,
  reason: string,
  digest: Digest | undefined,
): Omit<Finding, 'reaction'> {
  const current = examined.use.has?.digest ?? digest;
  return {
    ...saidOfUse(examined),
    news: [news],
    class: 'end-of-life',
    security: null,
    remedy: 'newer-base',
    ...(current && { current: { digest: current } }),
    reason,
    notes: [],
    problem: null,
  };
}

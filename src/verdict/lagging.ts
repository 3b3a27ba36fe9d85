import type { Finding } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { familiarReference, formatReference, type ImageReference, isLocal } from '../core/image/reference.ts';
import { newsKey } from '../core/news.ts';
import { type DistroRelease, type PackageChange, releaseName } from '../core/package.ts';
import { securityOfRows } from '../core/row-security.ts';
import { onceFor } from '../core/shared-work.ts';
import type { Examination } from '../look/examination.ts';
import type { Lag, PlatformLag } from '../look/lag.ts';
import type { DecidedUse } from './decided.ts';
import type { ExaminedUse } from './examined-use.ts';
import { mergeRows } from './merge-rows.ts';
import { type Policy, reactionTo } from './policy.ts';
import { type Against, laggingReason, waitingWords } from './reason.ts';
import { saidOfUse } from './said-of-use.ts';
import { staleId } from './stale.ts';

/**
 * The distribution has what the image that the tag names now has not. In a rolling release something newer is always
 * there, so only fixes count.
 */
export function laggingFindings(examined: ExaminedUse): Omit<Finding, 'reaction'>[] {
  const lag = examined.examination.lag;
  if (lag === undefined) return [];
  const waiting = waitingIn(lag);
  if (waiting === undefined) return [];
  const { packages, security, release, suite, news } = waiting;
  const { remedy, upgradeLine } = remedyFor(examined, waiting.first);
  return [
    {
      ...saidOfUse(examined),
      news,
      class: 'lagging',
      security,
      remedy,
      ...latest(examined, suite),
      packages,
      ...(upgradeLine !== undefined && { upgradeLine }),
      reason: laggingReason({
        against: againstWhat(examined),
        role: examined.use.role,
        packages,
        security,
        remedy,
        release,
      }),
      notes: lag.platforms.every(({ complete }) => complete)
        ? []
        : ['not everything could be read, so there may be more'],
      problem: null,
    },
  ];
}

/** A tag "has nothing newer" only where one was asked, and names what is there. */
function againstWhat({ use: { reference }, examination: { resolution } }: ExaminedUse): Against {
  switch (resolution.kind) {
    case 'moved':
    case 'broken':
      return 'newer';
    case 'digest-only':
    case 'tag-vanished':
      return 'untagged';
    default:
      return reference === undefined || isLocal(reference) ? 'untagged' : 'newest';
  }
}

/** What is said of a lag, whoever uses the image; undefined: nothing. */
const waitingIn = onceFor((lag: Lag) => {
  const packages = mergeRows(lag.platforms.map((one) => ({ platform: one.platform, rows: rowsOf(one) })));
  const [first] = lag.platforms.filter(({ packages: waiting }) => waiting.length > 0);
  if (packages.length === 0 || first === undefined) return undefined;
  const fixes = packages.filter(({ security }) => security === true);
  const release = first.os ? releaseName(first.os) : 'unknown';
  return {
    first,
    packages,
    release,
    security: securityOfRows(packages),
    suite: suiteOf(first, new Set((fixes.length > 0 ? fixes : packages).map(({ name }) => name))),
    news: newsOf(release, packages),
  };
});

function rowsOf({ packages, os }: PlatformLag): readonly PackageChange[] {
  return packages
    .filter(({ held, security }) => !held && (security === true || !isRolling(os)))
    .map(({ name, installed, candidate, candidateSource, installedSource, security, advisories, ...waiting }) => {
      const { replacedBy, severity, foreign, unlisted } = waiting;
      const source = (candidateSource ?? installedSource)?.name;
      return {
        name,
        kind: 'upgraded',
        before: installed,
        after: candidate,
        ...(replacedBy !== undefined && { replacedBy }),
        ...(source !== undefined && source !== name && { source }),
        security,
        advisories,
        ...(unlisted !== undefined && { unlisted }),
        ...(severity !== undefined && { severity }),
        ...(foreign !== undefined && { foreign }),
      };
    });
}

const rolling = new Set(['wolfi', 'chainguard', 'arch', 'opensuse-tumbleweed']);

/** Debian's testing and unstable have no number. */
function isRolling(os: DistroRelease | undefined): boolean {
  return os !== undefined && (rolling.has(os.id) || (os.id === 'debian' && os.versionId === undefined));
}

/** A stage that upgrades by itself needs no new line, only a build that does not take the step from its cache. */
function remedyFor(
  { use: { role, upgrades } }: ExaminedUse,
  { remedy }: PlatformLag,
): { readonly remedy: Finding['remedy']; readonly upgradeLine?: string } {
  if (role !== 'base' || remedy.kind === 'newer-base') return { remedy: 'newer-base' };
  return upgrades !== undefined ? { remedy: 'rebuild' } : { remedy: 'upgrade-line', upgradeLine: remedy.line };
}

function suiteOf({ packages }: PlatformLag, names: ReadonlySet<string>): string | undefined {
  return packages.find(({ name }) => names.has(name))?.suite;
}

function latest({ use, examination }: ExaminedUse, suite: string | undefined): Pick<Finding, 'current' | 'latest'> {
  const { resolution } = examination;
  const digest =
    resolution.kind === 'moved'
      ? resolution.after
      : resolution.kind === 'unpinned' || resolution.kind === 'broken'
        ? resolution.latest
        : resolution.kind === 'unknown'
          ? undefined
          : resolution.digest;
  const current = use.has?.digest ?? digest;
  return {
    ...(current && { current: { digest: current } }),
    ...(digest && { latest: { digest, ...(suite !== undefined && { suite }) } }),
  };
}

/** One news for the whole fleet: no image is in the key, so a base and everything built on it tell it once. */
function newsOf(release: string, packages: readonly PackageChange[]): string[] {
  const keys = packages.map(({ name, source, after }) =>
    newsKey('lagging', '', [release, source ?? name, after ?? null]),
  );
  return [...new Set(keys)].sort();
}

/** A published image, and what its distribution has that it has not. */
export interface PublishedLag {
  readonly image: ImageReference;
  readonly digest: Digest;
  readonly lag: Lag;
  /** What a rebuild on the newer base brings is said by that; absent: it is not stale. */
  readonly stale?: Finding;
  /** Can it be told what it was built on? */
  readonly isBaseKnown: boolean;
}

/**
 * What a published image lacks beside what its base lacks: packages that its own build has installed. The place is that of the use
 * that it is built on. A build that does not take its steps from a cache brings it. Pure.
 */
export function publishedLaggingFindings(
  { examined }: DecidedUse,
  { image, digest, lag, stale, isBaseKnown }: PublishedLag,
  policy: Policy,
): readonly Finding[] {
  const ofBase = new Set(
    (examined.examination.lag?.platforms ?? []).flatMap(({ packages }) =>
      packages.map(({ name, candidate }) => `${name} ${candidate}`),
    ),
  );
  const moved = new Set((stale?.packages ?? []).map(({ name }) => name));
  const platforms = lag.platforms.map((one) => ({
    ...one,
    packages: one.packages.filter(({ name, candidate }) => !ofBase.has(`${name} ${candidate}`) && !moved.has(name)),
  }));
  const examination: Examination = {
    resolution: { kind: 'current', digest },
    pinned: null,
    platforms: [],
    notes: [],
    lag: { ...lag, platforms },
  };
  const [found] = laggingFindings({ ...examined, examination });
  if (found === undefined) return [];
  const { upgradeLine: _, packages = [], security, ...rest } = found;
  const [{ os } = {}] = platforms.filter((one) => one.packages.length > 0);
  const release = os ? releaseName(os) : 'its distribution';
  const finding: Omit<Finding, 'reaction'> = {
    ...rest,
    id: staleId(examined.use.key, image),
    written: formatReference(image),
    reference: image,
    packages,
    security,
    remedy: 'rebuild',
    current: { digest },
    reason: `${familiarReference(image)} has packages${isBaseKnown ? ' beside those of its base' : ''} for which ${release} has ${waitingWords(packages, security)}; a rebuild that takes no step from a cache brings it, where its file names no version.`,
  };
  return [{ ...finding, reaction: reactionTo(finding, policy) }];
}

import type { Finding, FindingClass } from '../core/finding.ts';
import { type Digest, shortDigest } from '../core/image/digest.ts';
import { familiarReference, formatReference, type ImageReference, referenceKey } from '../core/image/reference.ts';
import { findingId, newsKey } from '../core/news.ts';
import type { BuiltBy } from '../look/published/built-on.ts';
import type { DecidedUse } from './decided.ts';
import { type Policy, reactionTo } from './policy.ts';
import { saidOfUse } from './said-of-use.ts';

/** A published image that was built on an older base than its file names now. */
export interface StaleFacts {
  readonly image: ImageReference;
  readonly digest: Digest;
  readonly by: BuiltBy;
  /** Its own layers say so, too. */
  readonly isShown: boolean;
  readonly was: Digest;
  readonly now: Digest;
  /** What lies between the two bases. */
  readonly difference: Finding;
}

/** Nobody takes from a base that was only built again. */
const without: ReadonlySet<FindingClass> = new Set(['rebuild', 'no-op', 'unknown']);

/** Identity of the finding about one published image: one file may be built into several. */
export function staleId(use: string, image: ImageReference): string {
  return findingId({ tree: use, file: 'published', subject: 'image', key: referenceKey(image), ordinal: 0 });
}

/** The finding; undefined where nothing that matters differs between the two bases. Pure. */
export function staleFinding(
  { examined }: DecidedUse,
  { image, digest, by, isShown, was, now, difference }: StaleFacts,
  policy: Policy,
): Finding | undefined {
  if (without.has(difference.class)) return undefined;
  const { packages = [], security } = difference;
  const fixes = packages.filter((row) => row.security === true);
  const name = formatReference(image);
  const finding: Omit<Finding, 'reaction'> = {
    ...saidOfUse(examined),
    id: staleId(examined.use.key, image),
    news:
      fixes.length > 0
        ? fixes.map(({ source, name: own, after }) =>
            newsKey('stale', referenceKey(image), [source ?? own, after ?? null]),
          )
        : [newsKey('stale', referenceKey(image), [was, now])],
    class: 'stale',
    security,
    remedy: 'rebuild',
    current: { digest: was },
    latest: { digest: now },
    ...(packages.length > 0 && { packages }),
    ...(difference.config && { config: difference.config }),
    ...(difference.os && { os: difference.os }),
    published: { image: name, digest, by, tags: [image.tag ?? 'latest'] },
    reason: `${familiarReference(image)} was built on ${shortDigest(was)} of its base, and the file names ${shortDigest(now)} now; a rebuild brings it: ${decapitalised(difference.reason)}`,
    notes: [`what it was built on is known by ${words[by]}${isShown ? '' : ` alone: ${untold}`}`],
    problem: null,
  };
  return { ...finding, reaction: reactionTo(finding, policy) };
}

const words: Readonly<Record<BuiltBy, string>> = {
  layers: 'its layers',
  provenance: 'its provenance',
  annotation: 'its annotations',
};

const untold = 'its layers do not show it, so that it was squashed, or is not what it says';

function decapitalised(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

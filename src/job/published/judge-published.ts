/*
 * src/job/published/
 *
 * What trees publish: this file asks of each image whether it was built on an older base than its file names, image-graph-of.ts
 * puts together which is made of which. plan-rebuilds.ts joins that with what was asked for before, ask-rebuilds.ts asks;
 * diagnose-rebuilds.ts looks whether that would be taken.
 * Begin here.
 */

import { messageOf, PlimsollError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { Digest } from '../../core/image/digest.ts';
import { formatPlatform } from '../../core/image/platform.ts';
import { formatReference, type ImageReference } from '../../core/image/reference.ts';
import type { Problem } from '../../core/problem.ts';
import { type CompareManifestsDependencies, compareManifests } from '../../look/compare-manifests.ts';
import type { PlatformResult } from '../../look/examination.ts';
import { type LagDependencies, lagOf } from '../../look/lag.ts';
import { manifestsOf } from '../../look/platform-manifests.ts';
import { type BuiltOn, type BuiltOnDependencies, builtOn } from '../../look/published/built-on.ts';
import { type SecurityDependencies, withSecurity } from '../../look/security.ts';
import type { RegistryClient } from '../../oci/registry/registry-client.ts';
import { type PublishedBuild, type PublishedSetting, publishedBuilds } from '../../sources/published-builds.ts';
import type { TreeScope } from '../../sources/tree-scope.ts';
import { findingOfPair } from '../../verdict/decide.ts';
import type { DecidedUse } from '../../verdict/decided.ts';
import type { ServedImage } from '../../verdict/dispatch-law.ts';
import { publishedLaggingFindings } from '../../verdict/lagging.ts';
import { staleFinding, staleId } from '../../verdict/stale.ts';
import type { JudgedImage } from './plan-rebuilds.ts';

/** What asking of published images needs. */
export interface PublishedDependencies
  extends Omit<BuiltOnDependencies, 'inspector' | 'attachments'>,
    CompareManifestsDependencies,
    SecurityDependencies,
    Omit<LagDependencies, 'registry' | 'inspector'> {
  readonly attachments: BuiltOnDependencies['attachments'] & CompareManifestsDependencies['attachments'];
  readonly registry: BuiltOnDependencies['registry'] & LagDependencies['registry'] & Pick<RegistryClient, 'look'>;
}

/** A finding about a published image that nobody could tell about. */
export interface UntoldPublished {
  readonly id: string;
  readonly class: 'stale' | 'lagging';
}

/** What was learnt of published images. */
export interface JudgedPublished {
  readonly findings: readonly Finding[];
  /** Identities of findings that nobody could tell about today, with their classes. */
  readonly untold: readonly UntoldPublished[];
  readonly problems: readonly Problem[];
  /** Every image that was asked for, and what each is made of. */
  readonly images: readonly JudgedImage[];
  readonly builds: readonly PublishedBuild[];
}

/** Asks of every image that the trees publish whether it was built on an older base than its file names now. */
export async function judgePublished(
  trees: readonly TreeScope[],
  decided: readonly DecidedUse[],
  settings: readonly PublishedSetting[],
  deps: PublishedDependencies,
): Promise<JudgedPublished> {
  const byPlace = new Map(
    decided.flatMap((one) => {
      const { place } = one.examined.use;
      return 'workload' in place
        ? []
        : [[`${place.repository?.name ?? place.tree}\n${place.file}\n${place.line}`, one] as const];
    }),
  );
  const named = new Set(settings.map(({ image }) => formatReference(image)));
  const [findings, untold, problems]: [Finding[], UntoldPublished[], Problem[]] = [[], [], []];
  const images: JudgedImage[] = [];
  const builds: PublishedBuild[] = [];
  for (const { discovery, name, policy, read } of trees) {
    for (const build of await publishedBuilds(discovery.files, name, settings)) {
      builds.push(build);
      const use = byPlace.get(`${read?.repository.name ?? name}\n${build.file}\n${build.baseLine ?? 0}`);
      const now = use && namedNow(use);
      if (use === undefined || now === undefined || use.examined.use.reference === undefined) continue;
      const image = formatReference(build.image);
      if (!named.has(image) && isNameOnly(build.image)) continue;
      const { platforms: _, rebuild } = build;
      const baseSeen = use.examined.seen?.find(({ digest }) => digest === now)?.first;
      const isPinned = use.examined.use.has !== undefined;
      const known = {
        ...{ image, base: now, isPinned, policy, use: use.examined.use.key },
        ...(read && { read }),
        ...(rebuild && { settings: rebuild }),
        ...(baseSeen !== undefined && { baseSeen }),
      };
      try {
        const { found, served } = await judge(build, use, use.examined.use.reference, now, deps);
        const stale =
          found.is === 'older' ? staleFinding(use, { ...found, image: build.image, now }, policy) : undefined;
        images.push({ ...known, ...(served && { served }), ...(stale && { stale }) });
        if (found.is === 'older') {
          if (stale !== undefined) findings.push(stale);
        } else if (found.is === 'unknown') {
          untold.push({ id: staleId(use.examined.use.key, build.image), class: 'stale' });
          if (named.has(image)) problems.push(note(image, found.why));
        }
        // Its own layers are fetched for it, so that only what somebody has named is asked for.
        if (!named.has(image)) continue;
        if (served === undefined) {
          untold.push({ id: staleId(use.examined.use.key, build.image), class: 'lagging' });
          continue;
        }
        const { digest: __, ...tagged } = build.image;
        const lag = await lagOf(tagged, served.digest, build.platforms ?? use.examined.use.platforms, deps);
        const isBaseKnown = found.is !== 'unknown';
        const facts = { image: build.image, digest: served.digest, lag, isBaseKnown, ...(stale && { stale }) };
        findings.push(...publishedLaggingFindings(use, facts, policy));
        const unanswered = lag.unanswered.find(({ question }) => question === 'fixes');
        if (unanswered === undefined) continue;
        untold.push({ id: staleId(use.examined.use.key, build.image), class: 'lagging' });
        const message = `what its distribution has for it could not be told: ${unanswered.reason}`;
        problems.push({ code: 'published-untold', message, subject: image });
      } catch (error) {
        if (error instanceof PlimsollError && error.code === 'CANCELLED') throw error;
        images.push(known);
        const id = staleId(use.examined.use.key, build.image);
        untold.push({ id, class: 'stale' }, { id, class: 'lagging' });
        if (named.has(image)) problems.push(note(image, messageOf(error)));
      }
    }
  }
  return { findings, untold, problems, images, builds };
}

/** `image: app` beside `build` is a name on somebody's machine, and not what Docker Hub has under it. */
function isNameOnly({ registry, repository }: ImageReference): boolean {
  return registry === 'docker.io' && repository.startsWith('library/');
}

/** Only of what the configuration names: that an image which a pipeline names cannot be asked for is nobody's news. */
function note(image: string, why: string): Problem {
  return { code: 'published-untold', message: `what it was built on could not be told: ${why}`, subject: image };
}

/** What the file names: its pin, else what its tag names. */
function namedNow({ examined }: DecidedUse): Digest | undefined {
  const { resolution } = examined.examination;
  if (examined.use.has !== undefined) return examined.use.has.digest;
  switch (resolution.kind) {
    case 'moved':
      return resolution.after;
    case 'current':
      return resolution.digest;
    case 'unpinned':
      return resolution.latest;
    default:
      return undefined;
  }
}

type Judged =
  | { readonly is: 'fresh' }
  | Extract<BuiltOn, { is: 'unknown' }>
  | {
      readonly is: 'older';
      readonly by: Extract<BuiltOn, { is: 'older' }>['by'];
      readonly isShown: boolean;
      readonly digest: Digest;
      readonly was: Digest;
      readonly difference: Finding;
    };

async function judge(
  { image, platforms: published }: PublishedBuild,
  { examined }: DecidedUse,
  base: ImageReference,
  now: Digest,
  deps: PublishedDependencies,
): Promise<{ readonly found: Judged; readonly served?: ServedImage }> {
  const look = await deps.registry.look(image, image.tag ?? 'latest');
  if (look.kind !== 'found') {
    const why = look.kind === 'gone' ? 'it is not there (yet)' : look.problem.message;
    return { found: { is: 'unknown', why } };
  }
  const { digest, ...tagged } = base;
  const seen = [...(examined.seen ?? []).map((one) => one.digest), ...(digest === undefined ? [] : [digest])];
  const results: { readonly found: BuiltOn; readonly platform: string }[] = [];
  const wanted = published ?? examined.use.platforms;
  for (const platform of wanted) {
    const request = { child: { reference: image, root: look.digest }, base: tagged, now, seen, platform };
    results.push({ found: await builtOn(request, deps), platform: formatPlatform(platform) });
  }
  const served = {
    digest: look.digest,
    platforms: results.map(({ found: built, platform }) => ({ platform, built })),
  };
  const older = results.flatMap(({ found, platform }) => (found.is === 'older' ? [{ ...found, platform }] : []));
  const [first] = older;
  if (first === undefined) {
    const unknown = results.find(({ found }) => found.is === 'unknown')?.found;
    return { found: unknown?.is === 'unknown' ? unknown : { is: 'fresh' }, served };
  }
  const platforms: PlatformResult[] = [];
  for (const { root, manifest, platform } of older) {
    const [asked] = wanted.filter((one) => formatPlatform(one) === platform);
    const after = asked && (await manifestNow(tagged, now, asked, deps));
    if (after === undefined) continue;
    const compared = { reference: tagged, packagesFrom: 'layers' as const };
    const result = await compareManifests(compared, { root, manifest }, { root: now, manifest: after }, deps);
    platforms.push({ ...result, platform });
  }
  const moved = {
    resolution: { kind: 'moved' as const, before: first.root, after: now },
    pinned: null,
    platforms,
    notes: [],
  };
  const { examination } = await withSecurity(tagged, moved, deps);
  const before = { reference: tagged, root: first.root, manifest: first.manifest };
  const difference = findingOfPair({ before, platform: first.platform }, examination);
  const { by, isShown, root: was } = first;
  return { found: { is: 'older', by, isShown, digest: look.digest, was, difference }, served };
}

async function manifestNow(
  reference: ImageReference,
  root: Digest,
  platform: DecidedUse['examined']['use']['platforms'][number],
  { registry }: PublishedDependencies,
): Promise<Digest | undefined> {
  return (await manifestsOf(reference, root, [platform], registry))[0]?.digest;
}

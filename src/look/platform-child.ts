import { PlimsollError } from '../core/errors.ts';
import type { Digest } from '../core/image/digest.ts';
import type { ImageConfig, ImageDocument, ImageIndex, ImageManifest, IndexEntry } from '../core/image/image.ts';
import { isImageConfigType, isIndexType } from '../core/image/media-types.ts';
import { formatPlatform, type Platform, platformMatches, windowsBuild } from '../core/image/platform.ts';
import { formatReference, type ImageReference } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import type { Problem } from '../core/problem.ts';

type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/** Where the documents of an image are read, each verified. */
export interface ImageDocuments {
  document(repository: Repository, digest: Digest): Promise<ImageDocument>;
  config(repository: Repository, manifest: ImageManifest): Promise<ImageConfig>;
}

/** One platform's manifest. */
export interface PlatformChild {
  readonly digest: Digest;
  /** The index that lists it: the one that was asked, or one below. */
  readonly index: Digest;
}

/** Reads what an entry stands for: the index, or the platform of the manifest; undefined where it is no image. */
export type OpenEntry = (entry: IndexEntry) => Promise<ImageIndex | Platform | undefined>;

/**
 * Opens entries of an index that say no platform: an index as it is, of an image its config's platform; undefined for
 * what is no image.
 */
export function opener(documents: ImageDocuments, repository: Repository): OpenEntry {
  return async (entry) => {
    const document = await documents.document(repository, entry.digest);
    if (document.kind === 'index') return document;
    if (!isImageConfigType(document.config.mediaType)) return undefined;
    return (await documents.config(repository, document)).platform;
  };
}

/**
 * The manifest an image store would take for this platform; the first of several equals, and entries that say their
 * platform before those that do not, as containerd does (core/images, Manifest). Follows indexes in the index, of which
 * only those are opened that may hold it. Rejects as `open` does, and with PlimsollError 'REGISTRY' beyond the bounds.
 */
export async function childFor(
  index: ImageIndex,
  platform: Platform,
  open: OpenEntry,
): Promise<PlatformChild | undefined> {
  let opened = 0;
  const search = async (within: ImageIndex, depth: number): Promise<PlatformChild | undefined> => {
    const said = within.children.filter((entry) => entry.platform && platformMatches(platform, entry.platform));
    for (const entry of [...said, ...within.children.filter((one) => one.platform === undefined)]) {
      if (entry.platform !== undefined && !isIndexType(entry.mediaType))
        return { digest: entry.digest, index: within.digest };
      if (++opened > limits.image.indexOpened.most)
        throw tooMuch(index, `more than ${limits.image.indexOpened.most} documents would have to be opened`);
      const found = await open(entry);
      if (found === undefined) continue;
      if (!('kind' in found)) {
        if (platformMatches(platform, found)) return { digest: entry.digest, index: within.digest };
        continue;
      }
      if (depth >= limits.image.indexDepth.most)
        throw tooMuch(index, `there are more than ${limits.image.indexDepth.most} indexes in one another`);
      const child = await search(found, depth + 1);
      if (child !== undefined) return child;
    }
    return undefined;
  };
  return search(index, 1);
}

/**
 * A platform, once for each build of Windows that every one of these documents has for it: which of them is taken is decided
 * by the machine (containerd, platforms, windowsMatchComparer). The platform alone where no build is asked for or said.
 */
export function windowsBuilds(platform: Platform, ...documents: readonly ImageDocument[]): readonly Platform[] {
  if (platform.os !== 'windows' || platform.osVersion !== undefined) return [platform];
  const [said = [], ...others] = documents.flatMap((document) =>
    document.kind === 'index'
      ? [
          document.children.flatMap(({ platform: one }) =>
            one?.osVersion !== undefined && platformMatches(platform, one) ? windowsBuild(one.osVersion) : [],
          ),
        ]
      : [],
  );
  const builds = [...new Set(said)].filter((build) => others.every((other) => other.includes(build)));
  return builds.length > 0 ? builds.map((osVersion) => ({ ...platform, osVersion })) : [platform];
}

/** Does the document have something for the platform? A manifest is what it is. */
export async function manifestFor(
  document: ImageDocument,
  platform: Platform,
  open: OpenEntry,
): Promise<Digest | undefined> {
  return document.kind === 'manifest' ? document.digest : (await childFor(document, platform, open))?.digest;
}

function tooMuch({ digest }: ImageIndex, why: string): PlimsollError {
  return new PlimsollError('REGISTRY', `the index ${digest} was not followed to its manifests: ${why}`);
}

/** The platforms that an index says it serves, the first of them; those of indexes below that do not say are left out. */
export function offeredBy(document: ImageDocument): string {
  if (document.kind === 'manifest') return 'no platform';
  const said = document.children.flatMap(({ platform }) => platform ?? []);
  const names = [...new Set(said.map((one) => formatPlatform(one).slice(0, 80)))];
  const shown = names.slice(0, limits.image.namedPlatforms.most);
  const others = [
    ...(names.length > shown.length ? [`${names.length - shown.length} more`] : []),
    ...(said.length < document.children.length ? ['others that it does not name'] : []),
  ];
  return [...shown, ...others].join(', ') || 'no platform';
}

/** The image has no manifest for a platform that is built from it. */
export function notOffered(reference: ImageReference, document: ImageDocument, platform: Platform): Problem {
  return {
    code: 'platform-not-offered',
    message: `the image has no manifest for ${formatPlatform(platform)}; it serves ${offeredBy(document)}. Say which platforms you build for with --platform or "platforms"`,
    subject: formatReference(reference),
  };
}

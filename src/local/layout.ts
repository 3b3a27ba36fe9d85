import { messageOf, PlimsollError } from '../core/errors.ts';
import { type Digest, digestOf, isDigest } from '../core/image/digest.ts';
import type { ImageDocument, IndexEntry } from '../core/image/image.ts';
import { isIndexType } from '../core/image/media-types.ts';
import { limits } from '../core/limits/limits.ts';
import { parseConfig, parseDocument } from '../oci/registry/documents.ts';
import type { FileSet } from './file-set.ts';
import { refuse } from './image-path.ts';
import { isObject, type Json, parseJson } from './local-json.ts';
import type { LocalImage } from './local-kind.ts';
import { chooseTagged } from './local-tags.ts';
import { verifiedBytes, verifiedChunks } from './verified.ts';

/** One image that index.json lists. */
interface Listed {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Everything it is called. */
  readonly names: readonly string[];
  readonly hasPlatform: boolean;
}

/** Is there an image layout among the files? */
export async function isLayout(files: FileSet): Promise<boolean> {
  return (await files.read('oci-layout', limits.image.document.most)) !== undefined;
}

/**
 * The image of a layout that a tag names, or its only one; several entries that only differ in their platform are one
 * image. Source: OCI image-spec image-layout.md; annotations.md for `ref.name`; containerd writes the whole name into
 * an annotation of its own. Throws PlimsollError 'LAYER'.
 */
export async function openLayout(files: FileSet, tag: string | undefined): Promise<LocalImage> {
  const { place } = files;
  const marker = await files.read('oci-layout', limits.image.document.most);
  const index = await files.read('index.json', limits.image.document.most);
  if (marker === undefined || index === undefined) {
    throw refuse(place, `it is no OCI image layout: it has no ${marker === undefined ? 'oci-layout' : 'index.json'}`);
  }
  const version = parseJson(marker, place, 'oci-layout');
  if (!isObject(version) || !/^1\./.test(String(version['imageLayoutVersion']))) {
    throw refuse(place, 'its oci-layout names no version 1 of the image layout');
  }
  const chosen = chooseTagged(listed(index, place), tag, place);
  const [first] = chosen;
  if (first === undefined) throw refuse(place, 'its index.json lists no image');
  const indexDigest = digestOf(index);
  const children = chosen.length > 1 ? childrenOf(index, chosen) : [];
  const root = chosen.length > 1 ? indexDigest : first.digest;

  const blob = async (digest: Digest): Promise<Buffer> => {
    const bytes = await files.read(pathOf(digest), limits.image.document.most);
    if (bytes === undefined) throw refuse(place, `the blob ${digest} is not in it`);
    return verifiedBytes(bytes, digest, place);
  };
  return {
    root,
    document: async (digest): Promise<ImageDocument> =>
      chosen.length > 1 && digest === indexDigest
        ? { kind: 'index', digest, children }
        : readable(place, async () => parseDocument(await blob(digest), digest)),
    config: ({ config }) => readable(place, async () => parseConfig(await blob(config.digest))),
    layer: (digest) => verifiedChunks(files.stream(pathOf(digest)), digest, place),
  };
}

/** A digest holds no slash and no dot, so the path stays inside. */
function pathOf(digest: Digest): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function listed(index: Buffer, place: string): readonly Listed[] {
  const json = parseJson(index, place, 'index.json');
  const manifests = isObject(json) && Array.isArray(json['manifests']) ? json['manifests'] : undefined;
  if (manifests === undefined) throw refuse(place, 'its index.json lists no manifests');
  return manifests.filter(isObject).flatMap((entry): Listed[] => {
    const { digest, mediaType, platform } = entry;
    const annotations: Json = isObject(entry['annotations']) ? entry['annotations'] : {};
    if (typeof digest !== 'string' || !isDigest(digest))
      throw refuse(place, 'an entry of its index.json has no digest');
    // BuildKit's attestations describe images and are none.
    if (annotations['vnd.docker.reference.type'] !== undefined) return [];
    const names = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'].flatMap((key) => {
      const name = annotations[key];
      return typeof name === 'string' && name !== '' ? [name] : [];
    });
    return [{ digest, names, mediaType: String(mediaType ?? ''), hasPlatform: isObject(platform) }];
  });
}

/** The chosen entries of index.json as the index that they are. */
function childrenOf(index: Buffer, chosen: readonly Listed[]): readonly IndexEntry[] {
  const document = parseDocument(index, digestOf(index));
  const wanted = new Set(chosen.filter(({ mediaType }) => !isIndexType(mediaType)).map(({ digest }) => digest));
  return document.kind === 'index' ? document.children.filter(({ digest }) => wanted.has(digest)) : [];
}

/** What is wrong with a document is said with the place it is in. */
async function readable<T>(place: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PlimsollError && error.code === 'LAYER') throw error;
    throw refuse(place, messageOf(error), error);
  }
}

import { createHash } from 'node:crypto';
import { messageOf } from '../core/errors.ts';
import { type Digest, digestOf, isDigest } from '../core/image/digest.ts';
import type { Descriptor, ImageConfig, ImageManifest } from '../core/image/image.ts';
import { limits } from '../core/limits/limits.ts';
import { parseConfig } from '../oci/registry/documents.ts';
import { compression } from './compression.ts';
import type { FileSet } from './file-set.ts';
import { refuse, splitPlace, wrongPlace } from './image-path.ts';
import { isLayout, openLayout } from './layout.ts';
import { isObject, parseJson } from './local-json.ts';
import type { LocalImage, LocalKind } from './local-kind.ts';
import { chooseTagged } from './local-tags.ts';
import { tarFiles } from './tar-files.ts';
import { verifiedBytes, verifiedChunks } from './verified.ts';

/**
 * `docker-archive:PATH[:TAG]`: what `docker save`, `podman save` and `crane pull` write. Since Docker 25 there is an OCI
 * image layout in it, which is read then; before, manifest.json alone. Source: moby image/spec/v1.2.md, "Combined Image
 * JSON + Filesystem Changeset Format".
 */
export const dockerArchive: LocalKind = {
  prefix: 'docker-archive:',
  async open(place) {
    const { path, stats, tag } = await splitPlace(place);
    if (!stats.isFile()) throw wrongPlace(path, 'it is no plain file; for a folder write oci:PATH or dir:PATH');
    const files = await tarFiles(path);
    return (await isLayout(files)) ? openLayout(files, tag) : openSaved(files, tag);
  },
};

interface Saved {
  readonly config: string;
  readonly layers: readonly string[];
  readonly names: readonly string[];
  readonly hasPlatform: false;
}

async function openSaved(files: FileSet, tag: string | undefined): Promise<LocalImage> {
  const { place } = files;
  const bytes = await files.read('manifest.json', limits.image.document.most);
  if (bytes === undefined) {
    throw refuse(place, 'it is no saved image: it has no manifest.json; for a root file system write tar:PATH');
  }
  const [saved] = chooseTagged(savedImages(bytes, place), tag, place);
  if (saved === undefined) throw refuse(place, 'its manifest.json lists no image');
  const { digest, size, config } = await readConfig(files, saved.config);
  if (config.diffIds.length !== saved.layers.length) {
    throw refuse(place, `its config has ${config.diffIds.length} layers, its manifest.json ${saved.layers.length}`);
  }
  const names = new Map<Digest, string>();
  const layers: Descriptor[] = [];
  for (const [index, name] of saved.layers.entries()) {
    const layer = await describe(files, name, config.diffIds[index] ?? '');
    names.set(layer.digest, name);
    layers.push(layer);
  }
  // No manifest was saved; this one stands for what there is.
  const root = digestOf(JSON.stringify({ config: digest, layers: layers.map((layer) => layer.digest) }));
  const manifest: ImageManifest = {
    kind: 'manifest',
    digest: root,
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', digest, size },
    layers,
    annotations: {},
  };
  return {
    root,
    document: async () => manifest,
    config: async () => config,
    layer: (wanted) => verifiedChunks(files.stream(names.get(wanted) ?? ''), wanted, place),
  };
}

function savedImages(bytes: Buffer, place: string): readonly Saved[] {
  const json = parseJson(bytes, place, 'manifest.json');
  if (!Array.isArray(json)) throw refuse(place, 'its manifest.json is no list of images');
  return json.map((entry): Saved => {
    const { Config: config, Layers: layers, RepoTags: names } = isObject(entry) ? entry : {};
    if (typeof config !== 'string' || !Array.isArray(layers) || !layers.every((one) => typeof one === 'string')) {
      throw refuse(place, 'an entry of its manifest.json has no Config and Layers');
    }
    const tags = Array.isArray(names) ? names.filter((one) => typeof one === 'string') : [];
    return { config, layers, names: tags, hasPlatform: false };
  });
}

async function readConfig(
  files: FileSet,
  name: string,
): Promise<{ readonly digest: Digest; readonly size: number; readonly config: ImageConfig }> {
  const bytes = await files.read(name, limits.image.document.most);
  if (bytes === undefined) throw refuse(files.place, `the config ${name} is not in it`);
  const digest = digestOf(bytes);
  const named = namedDigest(name);
  if (named !== undefined) verifiedBytes(bytes, named, files.place);
  try {
    return { digest, size: bytes.length, config: parseConfig(bytes) };
  } catch (error) {
    throw refuse(files.place, `its config: ${messageOf(error)}`, error);
  }
}

/** Most writers name a file by the digest of its content. */
function namedDigest(name: string): Digest | undefined {
  const digest = `sha256:${/^(?:blobs\/sha256\/|sha256:)?([0-9a-f]{64})(?:\.json|\.tar\.gz)?$/.exec(name)?.[1]}`;
  return isDigest(digest) ? digest : undefined;
}

/**
 * A layer with the digest that its content must have: docker and podman store the archive whose digest the config has,
 * others a compressed one under its own digest.
 */
async function describe(files: FileSet, name: string, diffId: string): Promise<Descriptor> {
  const hash = createHash('sha256');
  let size = 0;
  let head: Uint8Array | undefined;
  for await (const piece of files.stream(name)) {
    head ??= piece;
    size += piece.length;
    if (compression(head) === undefined) break;
    hash.update(piece);
  }
  const mediaType = 'application/vnd.docker.image.rootfs.diff.tar';
  if (head === undefined || compression(head) === undefined) {
    if (!isDigest(diffId)) throw refuse(files.place, 'its config has a layer without a digest');
    return { mediaType, digest: diffId, size };
  }
  return { mediaType, digest: namedDigest(name) ?? (`sha256:${hash.digest('hex')}` as Digest), size };
}

import { createHash } from 'node:crypto';
import type { ByteCache } from '../cache/byte-cache.ts';
import { PlimsollError } from '../core/errors.ts';
import { type Digest, shortDigest } from '../core/image/digest.ts';
import type { Descriptor, ImageConfig, ImageDocument, ImageManifest } from '../core/image/image.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import type { Inventory } from '../core/package.ts';
import { type Problem, problemOf } from '../core/problem.ts';
import { SharedWork } from '../core/shared-work.ts';
import { inTurns } from '../core/time/turns.ts';
import type { Gate } from '../http/gate.ts';
import { readLayers } from '../oci/layers/image-layers.ts';
import { decodeExtract, encodeExtract } from '../oci/layers/layer-codec.ts';
import type { PathInterest } from '../oci/layers/layer-collector.ts';
import type { LayerExtract } from '../oci/layers/layer-extract.ts';
import type { LayerListing } from '../oci/layers/layer-listing.ts';
import { readLayer } from '../oci/layers/layer-reader.ts';
import { type MergedLayers, mergeLayers } from '../oci/layers/merge-layers.ts';
import { lookFurther } from '../oci/registry/follow-links.ts';
import { readInventory } from '../packages/inventory.ts';
import { platformOf } from '../packages/platform-of.ts';
import { extractorNumber, packageInterest } from '../packages/wanted-paths.ts';
import { count } from '../report/say/quantity.ts';

type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/** A manifest with its config: enough to see whether two images have the same file systems. */
export interface ImageHead {
  readonly digest: Digest;
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
}

/** One platform's image, looked into. JSON-safe, so that it can be cached whole. */
export interface InspectedImage extends ImageHead {
  readonly inventory: Inventory;
  /** One per layer, base first. */
  readonly listings: readonly LayerListing[];
  /** Only what packages need was read, so the listings prove nothing about other files. */
  readonly isPartial?: true;
}

/** Where images are read from; the registry client in runs, a folder or tar elsewhere. */
export interface ImageSource {
  document(repository: Repository, digest: Digest): Promise<ImageDocument>;
  config(repository: Repository, manifest: ImageManifest): Promise<ImageConfig>;
  layer(repository: Repository, digest: Digest, size: number): AsyncIterable<Uint8Array>;
  /**
   * For a source that hands on only what packages need: what of that it could not read, such as files of a folder that
   * only their owner may. Undefined where every file is handed on.
   */
  gaps?(repository: Repository): Promise<readonly Problem[] | undefined>;
}

/** What looking into images needs. */
export interface InspectDependencies {
  readonly source: ImageSource;
  readonly cache: ByteCache;
  /** Bounds how many layers are read at once: each costs a core and its buffers. */
  readonly layerGate: Gate;
  readonly signal: AbortSignal;
}

/** Looks into images; what it found is kept in the cache, by digest. */
export interface Inspector {
  head(repository: Repository, digest: Digest): Promise<ImageHead>;
  /**
   * Rejects when a layer cannot be had. What is wrong *in* a layer that is what its digest says, a cut archive or a
   * bomb, is a fact about the image and ends as coverage and problems of its inventory.
   */
  inspect(repository: Repository, digest: Digest): Promise<InspectedImage>;
  /**
   * The wanted files of the merged root file system: package databases, repositories, keys wherever they lie. Not kept
   * with the image, since few ask for them: they are laid together again from the layers' extracts. Rejects as `inspect`
   * does.
   */
  files(repository: Repository, digest: Digest): Promise<MergedLayers>;
}

interface Root {
  /** One per layer, base first. */
  readonly extracts: readonly LayerExtract[];
  readonly merged: MergedLayers;
}

/**
 * Looks into images, each layer read once per extractor number and set of paths found out, whatever number of images
 * share it.
 */
export function createInspector(deps: InspectDependencies): Inspector {
  const heads = new SharedWork<ImageHead>();
  const images = new SharedWork<InspectedImage>(
    limits.image.sharedPackages.most,
    ({ inventory }) => 1 + inventory.packages.length,
  );
  const layers = new SharedWork<LayerExtract>(limits.image.shared.most, sizeOf);
  const headOf = (repository: Repository, digest: Digest): Promise<ImageHead> =>
    heads.get(digest, nameOf(repository), () => readHead(deps, repository, digest));
  /** Looks again, at all layers, for what the first look has found the names of. */
  const rootOf = (repository: Repository, { manifest }: ImageHead): Promise<Root> =>
    lookFurther(packageInterest, async (interest, paths) => {
      const extracts = await readLayers(manifest.layers, (layer) => {
        const key = `${layer.digest} ${extractorNumber} ${sumOf(paths)}`.trimEnd();
        return layers.get(key, nameOf(repository), () => extractLayer(deps, interest, repository, layer, key));
      });
      const merged = await inTurns(mergeLayers(extracts, packageInterest), deps.signal);
      return { found: { extracts, merged }, unread: merged.unread };
    });

  return {
    head: headOf,
    files: async (repository, digest) => (await rootOf(repository, await headOf(repository, digest))).merged,
    inspect: (repository, digest) =>
      images.get(digest, nameOf(repository), async () => {
        const key = `${digest} ${extractorNumber}`;
        const cached = fromJson<InspectedImage>(deps.cache.get('image', key));
        if (cached) return cached;
        const head = await headOf(repository, digest);
        const root = await rootOf(repository, head);
        const image = await assemble(deps, head, root, await deps.source.gaps?.(repository));
        // A layer that was not read to its end was not verified either: good for today's report, not for keeping.
        if (root.extracts.every(({ truncated }) => truncated === undefined))
          deps.cache.put('image', key, toJson(image));
        return image;
      }),
  };
}

function sizeOf({ files }: LayerExtract): number {
  return [...files.values()].reduce((size, content) => size + content.length, 1);
}

function nameOf({ registry, repository }: Repository): string {
  return `${registry}/${repository}`;
}

async function readHead(deps: InspectDependencies, repository: Repository, digest: Digest): Promise<ImageHead> {
  const document = await deps.source.document(repository, digest);
  if (document.kind === 'index')
    throw new PlimsollError('REGISTRY', `${digest} is an index where a manifest was expected`);
  return { digest, manifest: document, config: await deps.source.config(repository, document) };
}

async function extractLayer(
  deps: InspectDependencies,
  interest: PathInterest,
  repository: Repository,
  layer: Descriptor,
  key: string,
): Promise<LayerExtract> {
  const cached = deps.cache.get('extract', key);
  if (cached) {
    try {
      return await decodeExtract(cached);
    } catch {
      // Written by a version that encoded differently: as good as absent.
    }
  }
  await deps.layerGate.enter(deps.signal);
  try {
    const read = (wants: (path: string) => boolean): Promise<LayerExtract> =>
      readLayer(deps.source.layer(repository, layer.digest, layer.size), { ...interest, wants });
    let extract = await read(interest.wants);
    if (extract.missingLinkTargets.length > 0) {
      const targets = new Set(extract.missingLinkTargets);
      extract = await read((path) => interest.wants(path) || targets.has(path));
    }
    if (extract.problems.length === 0) deps.cache.put('extract', key, await encodeExtract(extract));
    return extract;
  } catch (error) {
    const { code } = problemOf(error, layer.digest);
    if (!layer.foreign || code !== 'registry-not-found') throw error;
    const message = `the layer ${shortDigest(layer.digest)} may not be copied to registries and is not in this one; what it holds is not known`;
    const nothing = await readLayer(noBytes(), interest);
    return { ...nothing, truncated: 'layer-foreign', problems: [{ code: 'layer-foreign', message }] };
  } finally {
    deps.layerGate.leave();
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

async function assemble(
  deps: InspectDependencies,
  head: ImageHead,
  { extracts, merged: { files, complete, problems } }: Root,
  gaps: readonly Problem[] | undefined,
): Promise<InspectedImage> {
  const { config } = head;
  const more = [...mismatch(head), ...(gaps ?? [])];
  const inventory = await inTurns(
    readInventory(files, { complete: complete && more.length === 0, problems: [...problems, ...more] }),
    deps.signal,
  );
  return {
    ...head,
    // A root file system without a config does not say what it runs on; its packages do.
    config: config.platform.architecture === 'unknown' ? { ...config, platform: platformOf(inventory) } : config,
    inventory,
    ...(gaps && { isPartial: true as const }),
    listings: extracts.map(({ listing }) => listing),
  };
}

/** Each layer has its diff ID (OCI image-spec config.md, `rootfs`): otherwise nobody can say which layers two images share. */
function mismatch({ manifest: { layers }, config: { diffIds } }: ImageHead): readonly Problem[] {
  if (layers.length === diffIds.length) return [];
  const message = `its config has ${count(diffIds.length, 'layer')} and its manifest ${layers.length}, so that no engine starts it; what is in it is not known for sure`;
  return [{ code: 'layer-mismatch', message }];
}

function sumOf(paths: readonly string[]): string {
  return paths.length === 0 ? '' : createHash('sha256').update(JSON.stringify(paths)).digest('hex').slice(0, 16);
}

function toJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function fromJson<T>(bytes: Uint8Array | undefined): T | undefined {
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as T);
}

import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import type { Platform } from '../../src/core/image/platform.ts';

/** Builds images as bytes: tar archives, layers, configs, manifests, indexes, with correct digests. Everything is pure. */

export interface TarInput {
  /** Written as it is: `./a`, `/a` and `../a` too. */
  readonly path: string;
  /** `file` unless `link` says more. */
  readonly type?: 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  /** Target of a symlink or hardlink. */
  readonly link?: string;
  /** How names beyond 100 bytes are written; pax by default. */
  readonly longNames?: 'pax' | 'gnu';
  /** Records of an extended header before the entry. */
  readonly pax?: Readonly<Record<string, string>>;
}

/** Files by path and content, or entries in order. */
export type TarInputs = readonly TarInput[] | Readonly<Record<string, string | Uint8Array>>;

export type Compression = 'gzip' | 'zstd' | 'none';

export interface BuiltBlob {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
}

export interface BuiltLayer extends BuiltBlob {
  /** Digest of the uncompressed archive. */
  readonly diffId: Digest;
}

export interface BuiltImage {
  readonly manifest: BuiltBlob;
  readonly config: BuiltBlob;
  readonly layers: readonly BuiltLayer[];
  readonly platform: Platform;
}

export interface BuiltIndex extends BuiltBlob {
  readonly images: readonly BuiltImage[];
}

export type MediaTypes = 'oci' | 'docker';

export interface ImageInput {
  readonly layers?: readonly BuiltLayer[];
  /** The `config` member of the image config: Env, User, Entrypoint, … */
  readonly config?: Readonly<Record<string, unknown>>;
  /** linux/amd64 by default. */
  readonly platform?: Platform;
  readonly created?: string;
  readonly history?: readonly Readonly<Record<string, unknown>>[];
  /** Of the manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly mediaTypes?: MediaTypes;
}

export interface IndexInput {
  readonly image: BuiltImage;
  /** What the index says; the image's own platform by default. */
  readonly platform?: Platform;
  /** Of the descriptor. */
  readonly annotations?: Readonly<Record<string, string>>;
}

const typeFlags = { file: '0', hardlink: '1', symlink: '2', character: '3', block: '4', directory: '5', fifo: '6' };

/** A tar archive with its end-of-archive blocks; leave those out with `end: false` to join archives. */
export function tar(inputs: TarInputs, options: { end?: boolean } = {}): Buffer {
  const parts = entriesOf(inputs).flatMap(entryParts);
  return Buffer.concat(options.end === false ? parts : [...parts, Buffer.alloc(1024)]);
}

/** One header block with its checksum. `fields` replaces bytes of it: `[offset, text]`. */
export function tarHeader(
  header: { name: string; flag: string; size?: number; mode?: number; link?: string },
  fields: readonly (readonly [offset: number, bytes: string | Uint8Array])[] = [],
): Buffer {
  const block = Buffer.alloc(512);
  block.write(header.name, 0, 100);
  block.write(`${(header.mode ?? 0o644).toString(8).padStart(7, '0')}\0`, 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${(header.size ?? 0).toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(header.flag, 156);
  block.write(header.link ?? '', 157, 100);
  block.write('ustar\u000000', 257);
  for (const [offset, bytes] of fields) Buffer.from(bytes).copy(block, offset);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A body padded to whole blocks. */
export function tarBody(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** The records of a pax extended header. */
export function paxRecords(records: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
}

export function layer(
  inputs: TarInputs,
  options: { compression?: Compression; mediaTypes?: MediaTypes } = {},
): BuiltLayer {
  const archive = tar(inputs);
  const compression = options.compression ?? 'gzip';
  const bytes = compress(archive, compression);
  return { ...blob(bytes, layerType(compression, options.mediaTypes ?? 'oci')), diffId: digestOf(archive) };
}

export function image(input: ImageInput = {}): BuiltImage {
  const { layers = [], platform = { os: 'linux', architecture: 'amd64' }, mediaTypes = 'oci' } = input;
  const isDocker = mediaTypes === 'docker';
  const config = jsonBlob(
    {
      created: input.created ?? '2024-01-01T00:00:00Z',
      architecture: platform.architecture,
      os: platform.os,
      ...(platform.variant !== undefined && { variant: platform.variant }),
      ...(platform.osVersion !== undefined && { 'os.version': platform.osVersion }),
      config: input.config ?? {},
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: input.history ?? layers.map((_, index) => ({ created_by: `step ${index + 1}` })),
    },
    isDocker ? 'application/vnd.docker.container.image.v1+json' : 'application/vnd.oci.image.config.v1+json',
  );
  const mediaType = isDocker
    ? 'application/vnd.docker.distribution.manifest.v2+json'
    : 'application/vnd.oci.image.manifest.v1+json';
  const manifest = jsonBlob(
    {
      schemaVersion: 2,
      mediaType,
      config: descriptor(config),
      layers: layers.map(descriptor),
      ...(input.annotations && { annotations: input.annotations }),
    },
    mediaType,
  );
  return { manifest, config, layers, platform };
}

export function index(
  inputs: readonly IndexInput[],
  options: { annotations?: Readonly<Record<string, string>>; mediaTypes?: MediaTypes } = {},
): BuiltIndex {
  const mediaType =
    options.mediaTypes === 'docker'
      ? 'application/vnd.docker.distribution.manifest.list.v2+json'
      : 'application/vnd.oci.image.index.v1+json';
  const document = {
    schemaVersion: 2,
    mediaType,
    manifests: inputs.map(({ image: { manifest, platform: own }, platform = own, annotations }) => ({
      ...descriptor(manifest),
      platform: {
        architecture: platform.architecture,
        os: platform.os,
        ...(platform.variant !== undefined && { variant: platform.variant }),
        ...(platform.osVersion !== undefined && { 'os.version': platform.osVersion }),
      },
      ...(annotations && { annotations }),
    })),
    ...(options.annotations && { annotations: options.annotations }),
  };
  return { ...jsonBlob(document, mediaType), images: inputs.map((input) => input.image) };
}

/** An index over anything, such as other indexes; entries without a platform do not say theirs. */
export function indexOf(entries: readonly { readonly of: BuiltBlob; readonly platform?: Platform }[]): BuiltBlob {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const manifests = entries.map(({ of, platform }) => ({ ...descriptor(of), ...(platform && { platform }) }));
  return jsonBlob({ schemaVersion: 2, mediaType, manifests }, mediaType);
}

/** Any bytes as a blob with its digest. */
export function blob(bytes: Uint8Array, mediaType = 'application/octet-stream'): BuiltBlob {
  return { bytes, digest: digestOf(bytes), mediaType, size: bytes.length };
}

/** What another document says of a blob. */
export function descriptor({ mediaType, digest, size }: BuiltBlob): {
  mediaType: string;
  digest: Digest;
  size: number;
} {
  return { mediaType, digest, size };
}

/** Bytes that do not compress, the same for the same seed. */
export function noise(size: number, seed = 'noise'): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, at) =>
    createHash('sha256').update(`${seed}/${at}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, size);
}

function jsonBlob(document: unknown, mediaType: string): BuiltBlob {
  return blob(Buffer.from(JSON.stringify(document)), mediaType);
}

function layerType(compression: Compression, mediaTypes: MediaTypes): string {
  const suffix = { gzip: 'gzip', zstd: 'zstd', none: '' }[compression];
  if (mediaTypes === 'docker') return `application/vnd.docker.image.rootfs.diff.tar${suffix && `.${suffix}`}`;
  return `application/vnd.oci.image.layer.v1.tar${suffix && `+${suffix}`}`;
}

function compress(archive: Buffer, compression: Compression): Buffer {
  if (compression === 'none') return archive;
  return compression === 'gzip' ? gzipSync(archive) : zstdCompressSync(archive);
}

function entriesOf(inputs: TarInputs): readonly TarInput[] {
  if (isEntries(inputs)) return inputs;
  return Object.entries(inputs).map(([path, content]) => ({ path, content }));
}

function isEntries(inputs: TarInputs): inputs is readonly TarInput[] {
  return Array.isArray(inputs);
}

function entryParts(input: TarInput): Buffer[] {
  const { path, type = 'file', link = '', content = '', longNames = 'pax' } = input;
  const flag = typeFlags[type];
  const bytes = type === 'file' ? Buffer.from(content) : Buffer.alloc(0);
  const mode = input.mode ?? (type === 'directory' ? 0o755 : type === 'symlink' ? 0o777 : 0o644);
  const isLongPath = Buffer.byteLength(path) > 100;
  const isLongLink = Buffer.byteLength(link) > 100;
  const header = tarHeader({ name: path, flag, size: bytes.length, mode, link });
  const before: Buffer[] = [];
  const records = {
    ...input.pax,
    ...(longNames === 'pax' && isLongPath && { path }),
    ...(longNames === 'pax' && isLongLink && { linkpath: link }),
  };
  if (Object.keys(records).length > 0) before.push(...metadata('x', paxRecords(records)));
  if (longNames === 'gnu' && isLongPath) before.push(...metadata('L', Buffer.from(`${path}\0`)));
  if (longNames === 'gnu' && isLongLink) before.push(...metadata('K', Buffer.from(`${link}\0`)));
  return [...before, header, tarBody(bytes)];
}

function metadata(flag: string, body: Buffer): Buffer[] {
  return [tarHeader({ name: '././@LongLink', flag, size: body.length }), tarBody(body)];
}

/** `length key=value\n`, where length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length++;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { LayerExtract } from './layer-extract.ts';

/** `magic, version, length of what follows as u32, zstd(length of the JSON as u32, JSON, contents of the files one after the other)` */
const magic = Buffer.from('PLLX');
const version = 2;
const start = magic.length + 1 + 4;
/**
 * Node's default of 16 KiB means sixteen times as many turns for a large one; a small one needs no quarter of a megabyte, nor
 * a window that it never fills.
 */
const chunkFor = (length: number): number => Math.min(256 * 1024, length + 1024);

/** The JSON part: everything but the contents, whose lengths stand beside their paths. */
interface Head extends Omit<LayerExtract, 'files' | 'symlinks' | 'hardlinks'> {
  readonly files: readonly (readonly [path: string, size: number])[];
  readonly symlinks: readonly (readonly [path: string, target: string])[];
  readonly hardlinks: readonly (readonly [path: string, target: string])[];
}

/**
 * The bytes of an extract, for a cache. {@link decodeExtract} reads them back. Piece by piece, as is the reading back: a
 * quarter of a gigabyte takes a moment to copy, and a second to pack.
 */
export async function encodeExtract(extract: LayerExtract): Promise<Uint8Array> {
  const head: Head = {
    ...extract,
    files: [...extract.files].map(([path, content]) => [path, content.length] as const),
    symlinks: [...extract.symlinks],
    hardlinks: [...extract.hardlinks],
  };
  const json = Buffer.from(JSON.stringify(head));
  const parts = [uint32(json.length), json, ...extract.files.values()];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const zstd = createZstdCompress({ chunkSize: chunkFor(length), pledgedSrcSize: length });
  for (const part of parts) zstd.write(part);
  zstd.end();
  const packed: Buffer[] = [];
  for await (const piece of zstd as AsyncIterable<Buffer>) packed.push(piece);
  return Buffer.concat([magic, Buffer.of(version), uint32(length), ...packed]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/**
 * Rejects with PlimsollError 'LAYER' for anything that {@link encodeExtract} of this version did not write. It guards against
 * another version and against damage, not against forgery: the cache is trusted like the program.
 */
export async function decodeExtract(bytes: Uint8Array): Promise<LayerExtract> {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!buffer.subarray(0, 4).equals(magic) || buffer[4] !== version) throw new Error('another format or version');
    const unpacked = await unpack(buffer.subarray(start), buffer.readUInt32LE(start - 4));
    const end = 4 + unpacked.readUInt32LE(0);
    const head: unknown = JSON.parse(unpacked.toString('utf8', 4, end));
    if (!isHead(head)) throw new Error('fields are missing');
    const { files, symlinks, hardlinks, ...rest } = head;
    return {
      ...rest,
      files: contents(unpacked.subarray(end), files),
      symlinks: new Map(symlinks),
      hardlinks: new Map(hardlinks),
    };
  } catch (error) {
    throw new PlimsollError('LAYER', `cannot read a cached layer extract: ${messageOf(error)}`, { cause: error });
  }
}

async function unpack(packed: Buffer, length: number): Promise<Buffer> {
  if (length > limits.image.extract.most) throw new Error('it says that it is larger than any');
  const unpacked = Buffer.allocUnsafeSlow(length);
  const zstd = createZstdDecompress({ chunkSize: chunkFor(length) });
  zstd.end(packed);
  let size = 0;
  for await (const piece of zstd as AsyncIterable<Buffer>) {
    piece.copy(unpacked, size);
    size += piece.length;
  }
  if (size !== length) throw new Error('it has another length than announced');
  return unpacked;
}

function contents(bytes: Buffer, sizes: Head['files']): Map<string, Uint8Array> {
  let at = 0;
  const files = new Map<string, Uint8Array>();
  for (const [path, size] of sizes) {
    files.set(path, bytes.subarray(at, at + size));
    at += size;
  }
  if (at !== bytes.length) throw new Error('the contents have another length than announced');
  return files;
}

const listFields = ['directories', 'nonDirectories', 'whiteouts', 'opaque', 'missingLinkTargets'] as const;
const pairFields = ['files', 'symlinks', 'hardlinks'] as const;

function isHead(value: unknown): value is Head {
  if (typeof value !== 'object' || value === null) return false;
  const head = value as Readonly<Record<string, unknown>>;
  const listing = head['listing'] as { count?: unknown; sum?: unknown } | undefined;
  return (
    listFields.every((field) => isListOf(head[field], (one) => typeof one === 'string')) &&
    pairFields.every((field) => isListOf(head[field], (one) => Array.isArray(one) && one.length === 2)) &&
    isListOf(head['problems'], (one) => typeof one === 'object' && one !== null) &&
    typeof listing?.count === 'number' &&
    typeof listing.sum === 'string'
  );
}

function isListOf(value: unknown, test: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}

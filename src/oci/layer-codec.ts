import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { LayerExtract } from './layer-extract.ts';

/** `magic, version, zstd(length of the JSON as u32, JSON, contents of the files one after the other)` */
const magic = Buffer.from('PLLX');
const version = 1;

/** The JSON part: everything but the contents, whose lengths stand beside their paths. */
interface Head extends Omit<LayerExtract, 'files' | 'symlinks' | 'hardlinks'> {
  readonly files: readonly (readonly [path: string, size: number])[];
  readonly symlinks: readonly (readonly [path: string, target: string])[];
  readonly hardlinks: readonly (readonly [path: string, target: string])[];
}

/** The bytes of an extract, for a cache. {@link decodeExtract} reads them back. */
export function encodeExtract(extract: LayerExtract): Uint8Array {
  const head: Head = {
    ...extract,
    files: [...extract.files].map(([path, content]) => [path, content.length] as const),
    symlinks: [...extract.symlinks],
    hardlinks: [...extract.hardlinks],
  };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const packed = zstdCompressSync(Buffer.concat([length, json, ...extract.files.values()]));
  return Buffer.concat([magic, Buffer.of(version), packed]);
}

/**
 * Throws PlimsollError 'LAYER' for anything that {@link encodeExtract} of this version did not write. It guards against
 * another version and against damage, not against forgery: the cache is trusted like the program.
 */
export function decodeExtract(bytes: Uint8Array): LayerExtract {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!buffer.subarray(0, 4).equals(magic) || buffer[4] !== version) throw new Error('another format or version');
    const unpacked = zstdDecompressSync(buffer.subarray(5), { maxOutputLength: limits.image.extract.most });
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

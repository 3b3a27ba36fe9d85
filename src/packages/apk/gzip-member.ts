import { inflateRawSync, constants as zlib } from 'node:zlib';
import { limits } from '../../core/limits/limits.ts';

/** The first gzip member of some bytes. */
export interface GzipMember {
  readonly content: Buffer;
  /** Compressed bytes up to and with its trailer. */
  readonly size: number;
}

/** Source: RFC 1952, section 2.3. Undefined when the bytes begin with none that ends among them and is small. */
export function firstGzipMember(bytes: Buffer): GzipMember | undefined {
  const start = headerSize(bytes);
  if (start === undefined || start >= bytes.length) return undefined;
  try {
    const { buffer, engine } = inflateRawSync(bytes.subarray(start), {
      info: true,
      maxOutputLength: limits.archive.apkMember.most,
      finishFlush: zlib.Z_SYNC_FLUSH,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    const size = start + engine.bytesWritten + 8;
    return size <= bytes.length ? { content: buffer, size } : undefined;
  } catch {
    return undefined;
  }
}

function headerSize(bytes: Buffer): number | undefined {
  if (bytes.length < 10 || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return undefined;
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : bytes.length);
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  return flags & 2 ? at + 2 : at;
}

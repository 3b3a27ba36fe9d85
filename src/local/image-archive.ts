import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Digest } from '../core/image/digest.ts';
import { limits } from '../core/limits/limits.ts';
import { decompress } from '../oci/layers/decompress.ts';
import { defaultLayerLimits } from '../oci/layers/layer-extract.ts';
import { blockSize, isZeroBlock, parseTarHeader } from '../oci/layers/tar-header.ts';
import { ArchiveTrouble } from '../packages/archives/archive-error.ts';
import { bareImage } from './bare-image.ts';
import { compression } from './compression.ts';
import { refuse, statsOf, why, wrongPlace } from './image-path.ts';
import type { LocalKind } from './local-kind.ts';
import { verifiedChunks } from './verified.ts';

/**
 * `tar:PATH`: an archive of a root file system, plain or compressed with gzip, zstd or xz, told by its first bytes. Its
 * digest is that of the file.
 */
export const archive: LocalKind = {
  prefix: 'tar:',
  async open(place) {
    const stats = await statsOf(place);
    if (stats === undefined) throw wrongPlace(place, 'there is no such file');
    if (stats.isDirectory()) throw wrongPlace(place, 'it is a folder; write dir:PATH for an unpacked root file system');
    if (!stats.isFile()) throw refuse(place, 'it is no plain file');
    const { digest, head } = await summed(place);
    const isXz = compression(head) === 'xz';
    await refuseOther(place, head, isXz);
    const chunks = (): AsyncIterable<Uint8Array> => {
      const stored = verifiedChunks(createReadStream(place), digest, place);
      return isXz ? unpackedXz(stored, place) : stored;
    };
    return bareImage(digest, { digest, size: stats.size, chunks });
  },
};

async function summed(place: string): Promise<{ readonly digest: Digest; readonly head: Buffer }> {
  const hash = createHash('sha256');
  const first: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of createReadStream(place, {
      highWaterMark: limits.image.archiveHead.most,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (size < limits.image.archiveHead.most) first.push(chunk);
      size += chunk.length;
    }
  } catch (error) {
    throw refuse(place, `it cannot be read: ${why(error)}`, error);
  }
  return { digest: `sha256:${hash.digest('hex')}` as Digest, head: Buffer.concat(first) };
}

/** Throws PlimsollError 'LAYER' for what does not begin as an archive does. */
async function refuseOther(place: string, head: Buffer, isXz: boolean): Promise<void> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const take = (bytes: Uint8Array): boolean => {
    pieces.push(Buffer.from(bytes.subarray(0, blockSize)));
    size += bytes.length;
    return size < blockSize;
  };
  if (isXz) {
    try {
      const { xzStream } = await import('../packages/archives/xz.ts');
      for await (const piece of xzStream(once(head))) if (!take(piece)) break;
    } catch {
      // What there is of it decides.
    }
  } else {
    const ending = await decompress(once(head), take);
    if (ending.kind === 'unsupported') {
      throw refuse(place, `it is compressed with ${ending.format}, which is not read; use gzip, zstd or xz`);
    }
  }
  const block = Buffer.concat(pieces);
  const isArchive = block.length >= blockSize && (parseTarHeader(block, 0) !== undefined || isZeroBlock(block, 0));
  if (!isArchive) throw refuse(place, 'it is no tar archive, plain or compressed with gzip, zstd or xz');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The archive in an xz stream, within the bounds that layers have. Throws PlimsollError 'LAYER' when it is damaged. */
async function* unpackedXz(stored: AsyncIterable<Uint8Array>, place: string): AsyncGenerator<Uint8Array> {
  const { decode } = await import('../packages/archives/decode.ts');
  try {
    yield* decode('.xz', stored, Number.POSITIVE_INFINITY, place, defaultLayerLimits);
  } catch (error) {
    if (!(error instanceof ArchiveTrouble)) throw error;
    const isBomb = error.problem.code === 'archive-index-bomb';
    throw refuse(place, isBomb ? 'it grows as in a decompression bomb; it was not read on' : error.message, error);
  }
}

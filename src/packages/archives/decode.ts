import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { ArchiveTrouble } from './archive-error.ts';

/** How an index is compressed, by the suffix that its name then has. */
export type Form = '' | '.gz' | '.xz' | '.zst';

/** When what comes out of a decoder is taken for a bomb. */
export interface RatioLimits {
  /** Uncompressed bytes per compressed one, once there are `ratioFrom` uncompressed bytes. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

/** Of indexes. `size` is uncompressed bytes. */
export const decodeLimits = {
  size: limits.archive.unpacked.most,
  ratio: limits.archive.unpackRatio.most,
  ratioFrom: limits.archive.unpackRatioFrom.most,
};

const chunkSize = 256 * 1024;

/**
 * The uncompressed pieces. What `chunks` throws is thrown on. Throws ArchiveTrouble when the form is damaged or grows
 * beyond `most` bytes or out of proportion.
 */
export async function* decode(
  form: Form,
  chunks: AsyncIterable<Uint8Array>,
  most: number,
  name: string,
  { ratio, ratioFrom }: RatioLimits = decodeLimits,
): AsyncGenerator<Uint8Array> {
  let input = 0;
  let output = 0;
  let failure: unknown;
  let isRead = false;
  // The decoders wrap or lose what their input throws.
  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks) {
        input += chunk.length;
        yield chunk;
      }
      isRead = true;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  const source = counted();
  try {
    for await (const piece of decoder(form, source)) {
      output += piece.length;
      if (output > most || (output > ratioFrom && output > ratio * input)) {
        throw new ArchiveTrouble(
          'archive-index-bomb',
          `stopped unpacking ${name} after ${output} bytes, which is more than its publisher or common sense allows`,
          true,
        );
      }
      yield piece;
    }
    // A decoder may be done before its input is; whoever verifies the input does so at its end.
    for await (const _ of source);
    if (!isRead) throw new Error('bytes follow its end');
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (error instanceof ArchiveTrouble) throw error;
    throw new ArchiveTrouble('archive-index-damaged', `cannot unpack ${name}: ${messageOf(error)}; try another mirror`);
  } finally {
    // Not every decoder closes its input when it is stopped. Nobody waits for that: the input may be standing still.
    source.return(undefined).catch(() => {});
  }
}

async function* decoder(form: Form, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  switch (form) {
    case '':
      return yield* chunks;
    case '.gz': {
      const gunzip = createGunzip({ chunkSize });
      pipeline(Readable.from(chunks, { objectMode: false }), gunzip).catch(() => {});
      return yield* gunzip;
    }
    case '.zst': {
      const zstd = createZstdDecompress({ chunkSize });
      pipeline(Readable.from(chunks, { objectMode: false }), zstd).catch(() => {});
      return yield* zstd;
    }
    case '.xz': {
      const { xzStream } = await import('./xz.ts');
      return yield* xzStream(chunks);
    }
  }
}

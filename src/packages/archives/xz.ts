import xz from 'xz-decompress';
import { isTurnOver, nextTurn } from '../../core/time/turns.ts';

/**
 * Decodes one .xz stream, on this thread: a few bytes become many pieces, and none of them waits for anything. Its own
 * file, so that the decoder loads at first use; the package is UMD and has no named exports at run time.
 */
export async function* xzStream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of new xz.XzReadableStream(ReadableStream.from<Uint8Array>(chunks))) {
    yield piece;
    if (isTurnOver()) await nextTurn();
  }
}

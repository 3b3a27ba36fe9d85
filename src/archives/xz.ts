import xz from 'xz-decompress';

/** Decodes one .xz stream. Its own file, so that the decoder loads at first use; the package is UMD and has no named exports at run time. */
export async function* xzStream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = new xz.XzReadableStream(ReadableStream.from<Uint8Array>(chunks));
  yield* stream;
}

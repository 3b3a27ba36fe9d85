import { gunzipSync } from 'node:zlib';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { HttpResponse } from '../../http/http-client.ts';
import { redactUrl } from '../../http/redact.ts';

/**
 * Reads a whole JSON body of at most `limit` bytes. A `Content-Encoding: gzip` that nobody asked for is undone (Red
 * Hat's registry once sent it whatever was accepted). Throws PlimsollError 'REGISTRY' when the body is larger.
 */
export async function readBody(response: HttpResponse, limit: number): Promise<Uint8Array> {
  const tooLarge = (): PlimsollError =>
    new PlimsollError(
      'REGISTRY',
      `${redactUrl(response.url)} answered with more than ${limit} bytes where a document was expected`,
    );
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > limit) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (response.headers.get('content-encoding') !== 'gzip') return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch {
    throw tooLarge();
  }
}

/** An error answer whose body (the first 64 KiB) has been read, so that it no longer holds a socket. */
export async function settled(response: HttpResponse): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  try {
    let length = 0;
    for await (const chunk of response.body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limits.registry.error.most) break;
    }
  } catch {
    // The status has said what matters.
  }
  return { ...response, body: iterate(chunks), discard: () => undefined };
}

async function* iterate(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

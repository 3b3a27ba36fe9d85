import { gunzipSync } from 'node:zlib';
import { PlimsollError } from '../core/errors.ts';
import type { HttpResponse } from '../http/http-client.ts';
import { redactUrl } from '../http/redact.ts';

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

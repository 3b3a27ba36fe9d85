import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { HttpResponse } from '../../http/http-client.ts';
import { type ArchiveDependencies, get, validatorsOf } from './archive-fetch.ts';
import { type DownloadLimits, download } from './download.ts';

/**
 * The body of a file whose hash is known, gone on with where a connection broke: large indexes on thin lines would
 * otherwise be read from their beginning again and again. Source: RFC 9110 §14.2 (Range), §13.1.5 (If-Range). A server
 * that knows no ranges, or has another file by now, ends it as the break did.
 */
export async function* resumed(
  deps: Pick<ArchiveDependencies, 'http' | 'reach' | 'places'>,
  address: URL,
  first: HttpResponse,
  bounds: DownloadLimits,
): AsyncGenerator<Uint8Array> {
  const { etag, lastModified } = validatorsOf(first);
  // A weak validator names what is as good, not what is the same (RFC 9110 §8.8.1).
  const validator = etag !== undefined && !etag.startsWith('W/') ? etag : lastModified;
  let response = first;
  let read = 0;
  for (let attempt = 0; ; attempt++) {
    try {
      for await (const chunk of download(response, { ...bounds, size: bounds.size - read })) {
        read += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      const isBreak = error instanceof PlimsollError && error.code === 'HTTP';
      if (!isBreak || read === 0 || attempt === limits.archive.resumptions.most) throw error;
      const headers = { range: `bytes=${read}-`, ...(validator !== undefined && { 'if-range': validator }) };
      const rest = await get(deps, address, headers);
      if (rest.status !== 206 || rest.headers.get('content-range')?.startsWith(`bytes ${read}-`) !== true) {
        rest.discard();
        throw error;
      }
      response = rest;
    }
  }
}

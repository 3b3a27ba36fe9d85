import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../http/http-client.ts';
import { redactUrl } from '../../http/redact.ts';
import { ArchiveTrouble } from './archive-error.ts';

/** The bounds on one file of an archive. */
export interface DownloadLimits {
  /** Bytes of the body. */
  readonly size: number;
  /** Milliseconds for the whole of it: a server that drips keeps nobody waiting. */
  readonly time: number;
}

/** The body in pieces. Throws ArchiveTrouble when it is longer, or takes longer, than allowed. */
export async function* download(response: HttpResponse, limits: DownloadLimits): AsyncGenerator<Uint8Array> {
  let size = 0;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    response.discard();
  }, limits.time);
  const late = (): ArchiveTrouble =>
    new ArchiveTrouble(
      'archive-slow',
      `${redactUrl(response.url)} was not complete after ${limits.time / 1000} s; try again later or use another mirror`,
    );
  try {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > limits.size) {
        throw new ArchiveTrouble(
          'archive-file-too-large',
          `${redactUrl(response.url)} is larger than the ${limits.size} bytes that are read of it`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    throw isLate ? late() : error;
  } finally {
    clearTimeout(timer);
  }
  if (isLate) throw late();
}

/** The whole body, for small files. */
export async function downloadAll(response: HttpResponse, limits: DownloadLimits): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of download(response, limits)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What is known about a file before it is read; hashes in lower-case hex, at least one of them. */
export interface ExpectedFile {
  readonly sha256?: string;
  readonly sha512?: string;
  readonly size?: number;
}

/** Passes the pieces on, and throws ArchiveTrouble at their end when they are not what was expected. */
export async function* verified(
  chunks: AsyncIterable<Uint8Array>,
  { sha256, sha512, size }: ExpectedFile,
  name: string,
): AsyncGenerator<Uint8Array> {
  const algorithm = sha512 === undefined ? 'sha256' : 'sha512';
  const hash = createHash(algorithm);
  let read = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    read += chunk.length;
    yield chunk;
  }
  if (read === (size ?? read) && hash.digest('hex') === (sha512 ?? sha256)) return;
  throw new ArchiveTrouble(
    'archive-hash-mismatch',
    `${name} is not what its repository says of it (${read} bytes${size === undefined ? '' : ` of ${size}`}, or another ${algorithm}); the mirror may be in the middle of an update, or somebody changed the file: try again`,
    true,
  );
}

import { createHash } from 'node:crypto';
import type { ByteCache } from '../../cache/byte-cache.ts';
import type { Clock } from '../../core/clock.ts';
import type { AddressClass } from '../../http/host-rules.ts';
import { classifyAddress, literalAddress } from '../../http/host-rules.ts';
import type { HttpClient, HttpResponse } from '../../http/http-client.ts';
import { redactUrl } from '../../http/redact.ts';
import { downloadAll } from './download.ts';
import { longestSignature, type SignedBytes } from './signature.ts';
import { ArchiveTrouble } from './trouble.ts';

export interface ArchiveDependencies {
  readonly http: Pick<HttpClient, 'request' | 'cost'>;
  readonly cache: ByteCache;
  readonly clock: Clock;
  /** How far into the own network addresses may lead that images name. */
  readonly reach: AddressClass;
  /** Milliseconds for which a Release is not asked for again. */
  readonly maxAge: number;
  /** Milliseconds for one file. */
  readonly fileTime: number;
}

export interface FetchedRelease extends SignedBytes {
  /** Taken from the cache without asking whether it still holds. */
  readonly isRemembered: boolean;
  /** Remembers it; called once it is known to be good, so that nothing bad is kept for hours. */
  remember(): void;
}

/** JSON in the cache. */
interface Stored {
  readonly fetched: number;
  readonly form: SignedBytes['form'];
  readonly bytes: string;
  readonly signature?: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** Ubuntu's have 256 kB. Reading a signed text of many short lines costs a hundred times its size. */
const longestRelease = 2 * 1024 * 1024;
const kind = 'release';

/**
 * The Release of a suite, from its folder: InRelease, else Release with Release.gpg. Asked for at most once per
 * `maxAge`, then with the validators of what is known. Throws ArchiveTrouble, or PlimsollError 'HTTP'.
 */
export async function fetchRelease(
  deps: ArchiveDependencies,
  folder: URL,
  options: { readonly revalidate: boolean },
): Promise<FetchedRelease> {
  const { cache, clock } = deps;
  const known = stored(cache.get(kind, folder.href));
  const age = known ? clock.now() - known.fetched : Number.POSITIVE_INFINITY;
  if (known && age >= 0 && age < deps.maxAge && !options.revalidate) {
    deps.http.cost.cacheHits++;
    return fetched(deps, folder, known, true);
  }
  return ask(deps, folder, known);
}

async function ask(deps: ArchiveDependencies, folder: URL, known: Stored | undefined): Promise<FetchedRelease> {
  const limits = { size: longestRelease, time: deps.fileTime };
  const main = known?.form === 'detached' ? 'Release' : 'InRelease';
  const answer = await get(deps, new URL(main, folder), validators(known));
  if (known && answer.status === 304) {
    answer.discard();
    return fetched(deps, folder, { ...known, fetched: deps.clock.now() }, false);
  }
  if (answer.status === 200) {
    const bytes = await downloadAll(answer, limits);
    if (main === 'Release') return detached(deps, folder, answer, bytes);
    return fetched(deps, folder, fresh(deps, answer, 'inline', bytes), false);
  }
  answer.discard();
  if (!isMissing(answer.status)) throw unreadable(answer);
  // It may have changed its form since it was remembered.
  if (main === 'Release') return ask(deps, folder, undefined);
  const other = await get(deps, new URL('Release', folder));
  if (other.status === 200) return detached(deps, folder, other, await downloadAll(other, limits));
  other.discard();
  if (other.status !== 404 && other.status !== 410) throw unreadable(other);
  throw new ArchiveTrouble(
    'archive-gone',
    `${redactUrl(folder)} has neither InRelease nor Release (${other.status}); the release may have moved to an archive of old releases, and apt in this image fails too`,
  );
}

function unreadable({ url, status }: HttpResponse): ArchiveTrouble {
  return new ArchiveTrouble('archive-unreadable', `GET ${redactUrl(url)}: the archive answered ${status}`);
}

/** One file of an archive. Throws ArchiveTrouble for an address that nobody may name, PlimsollError 'HTTP' without an answer. */
export function get(
  { http, reach }: ArchiveDependencies,
  url: URL,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  const literal = literalAddress(url);
  if (literal !== undefined && classifyAddress(literal) === 'forbidden') {
    throw new ArchiveTrouble(
      'archive-address-refused',
      `refused to ask ${url.hostname}: it is the address of a cloud's metadata service or of no server at all, never that of a package archive`,
      true,
    );
  }
  return http.request({ method: 'GET', url, headers, destination: 'archive', reach });
}

/** Some stores answer 403 for what they do not have. */
export function isMissing(status: number): boolean {
  return status === 404 || status === 410 || status === 403;
}

async function detached(
  deps: ArchiveDependencies,
  folder: URL,
  answer: HttpResponse,
  bytes: Buffer,
): Promise<FetchedRelease> {
  const response = await get(deps, new URL('Release.gpg', folder));
  if (response.status !== 200) {
    response.discard();
    if (!isMissing(response.status)) throw unreadable(response);
    return fetched(deps, folder, fresh(deps, answer, 'detached', bytes), false);
  }
  const signature = await downloadAll(response, { size: longestSignature, time: deps.fileTime });
  return fetched(
    deps,
    folder,
    { ...fresh(deps, answer, 'detached', bytes), signature: signature.toString('base64') },
    false,
  );
}

function fresh({ clock }: ArchiveDependencies, answer: HttpResponse, form: Stored['form'], bytes: Buffer): Stored {
  const etag = answer.headers.get('etag');
  const lastModified = answer.headers.get('last-modified');
  return {
    fetched: clock.now(),
    form,
    bytes: bytes.toString('base64'),
    ...(etag !== null && { etag }),
    ...(lastModified !== null && { lastModified }),
  };
}

function fetched({ cache }: ArchiveDependencies, folder: URL, value: Stored, isRemembered: boolean): FetchedRelease {
  return {
    form: value.form,
    bytes: Buffer.from(value.bytes, 'base64'),
    ...(value.signature !== undefined && { signature: Buffer.from(value.signature, 'base64') }),
    isRemembered,
    remember: () => {
      if (!isRemembered) cache.put(kind, folder.href, Buffer.from(JSON.stringify(value)));
    },
  };
}

function validators(known: Stored | undefined): Record<string, string> {
  return {
    ...(known?.etag !== undefined && { 'if-none-match': known.etag }),
    ...(known?.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
  };
}

function stored(bytes: Uint8Array | undefined): Stored | undefined {
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored);
}

/** Names what was signed, for the cache of checks. */
export function sumOf(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(createHash('sha256').update(part).digest());
  return hash.digest('hex');
}

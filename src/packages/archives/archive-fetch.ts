import type { ByteCache } from '../../cache/byte-cache.ts';
import type { ProblemCode } from '../../core/problem-code.ts';

import { type AddressClass, classifyAddress, literalAddress } from '../../http/host-rules.ts';
import type { HttpClient, HttpResponse } from '../../http/http-client.ts';
import { redactUrl } from '../../http/redact.ts';
import { ArchiveTrouble } from './archive-error.ts';
import { type ArchivePlaces, fromFolder, mirrored } from './mirrors.ts';

/** What asking archives needs. `now`: milliseconds since 1970. */
export interface ArchiveDependencies {
  /** Absent: archives are asked where images say. */
  readonly places?: ArchivePlaces;
  readonly http: Pick<HttpClient, 'request' | 'cost'>;
  readonly cache: ByteCache;
  readonly now: number;
  /** How far into the own network addresses may lead that images name. */
  readonly reach: AddressClass;
  /** Milliseconds for which what an archive says of itself (a Release, a repomd.xml) is not asked for again. */
  readonly maxAge: number;
  /** Milliseconds for one file. */
  readonly fileTime: number;
  /** Ends the work on an index that has come; absent: it is finished. */
  readonly signal?: AbortSignal;
}

/** One file of an archive. Throws ArchiveTrouble for an address that nobody may name, PlimsollError 'HTTP' without an answer. */
export async function get(
  { http, reach, places }: Pick<ArchiveDependencies, 'http' | 'reach' | 'places'>,
  url: URL,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  if (places && places.offline !== null) return fromFolder(places.offline, url);
  const mirror = places && mirrored(url, places.mirrors);
  // The operator wrote the mirror's address, so it may be anywhere.
  if (mirror) return http.request({ method: 'GET', url: mirror, headers, destination: 'archive', reach: 'loopback' });
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

/** Some stores answer 403 for what they do not have: enough to look for another file, and no proof of anything. */
export function isMissing(status: number): boolean {
  return status === 404 || status === 410 || status === 403;
}

/**
 * That a file is not there, by whoever was asked. Only the 404 or 410 of the address that the image names can mean that it
 * is gone: what a mirror or a folder of the operator's lacks is missing there, and a refusal (403) says nothing.
 */
export function missing(places: ArchivePlaces | undefined, url: URL, status: number, what: string): ArchiveTrouble {
  if (places && places.offline !== null) {
    const message = `the folder ${places.offline} (archives.offline) has no ${url.host}${url.pathname}; whether its publisher has it was not asked`;
    return new ArchiveTrouble('archive-missing', message, false, places.offline);
  }
  const mirror = places && mirrored(url, places.mirrors);
  if (mirror) {
    const message = `the mirror ${redactUrl(mirror)} (archives.mirrors) answered ${status}: it does not have what ${url.host} publishes, which was not asked`;
    return new ArchiveTrouble('archive-missing', message, false, mirror.host);
  }
  if (status === 403) return new ArchiveTrouble('archive-denied', `GET ${redactUrl(url)}: the archive answered 403`);
  return new ArchiveTrouble('archive-gone', what, false, url.host);
}

/** Not there, whoever said so: what may well be left out is then left out. */
export function isNotThere(error: unknown): boolean {
  return error instanceof ArchiveTrouble && notThere.has(error.problem.code);
}

const notThere: ReadonlySet<ProblemCode> = new Set(['archive-gone', 'archive-missing', 'archive-denied']);

/** Who is asked for what an image names: the operator's mirror or folder, else the address's own host. */
export function askedHost(places: ArchivePlaces | undefined, address: string): string {
  if (places && places.offline !== null) return places.offline;
  const url = URL.parse(address);
  if (url === null) return address;
  return (places && mirrored(url, places.mirrors))?.host ?? url.host;
}

/** An answer that is neither the file nor that it is missing. */
export function unreadable({ url, status }: Pick<HttpResponse, 'url' | 'status'>): ArchiveTrouble {
  return new ArchiveTrouble('archive-unreadable', `GET ${redactUrl(url)}: the archive answered ${status}`);
}

/** By which an archive can say that nothing changed. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** What a later request asks with whether a file has changed. Source: RFC 9110, section 13.1. */
export function validatorsOf({ headers }: Pick<HttpResponse, 'headers'>): Validators {
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  return { ...(etag !== null && { etag }), ...(lastModified !== null && { lastModified }) };
}

/** The headers that ask for a file only if it is another one than is known. */
export function unlessKnown(known: Validators | undefined): Record<string, string> {
  return {
    ...(known?.etag !== undefined && { 'if-none-match': known.etag }),
    ...(known?.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
  };
}

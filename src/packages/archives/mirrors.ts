import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { globToRegExp } from '../../core/glob.ts';
import type { HttpResponse } from '../../http/http-client.ts';

/** Where the operator wants archives to be asked, instead of where images say. */
export interface ArchivePlaces {
  /** An address prefix to the one that is asked instead; the longest that fits counts. */
  readonly mirrors: Readonly<Record<string, string>>;
  /** A folder with `HOST/PATH` of every file, as apt-mirror and `wget --recursive` lay them down; null: ask. */
  readonly offline: string | null;
  /** Globs over addresses of repositories that are left alone: what they offer is not covered, and that is said. */
  readonly skip: readonly string[];
}

/** Does the operator want this repository left alone? `**` at the end takes everything below an address. */
export function isSkipped(address: string, places: ArchivePlaces | undefined): boolean {
  const plain = address.replace(/\/+$/, '');
  const host = URL.parse(address)?.host;
  return (places?.skip ?? []).some((glob) => {
    const pattern = globToRegExp(glob.replace(/\/+$/, ''));
    return [address, plain, plain.replace(/^https?:\/\//, ''), ...(host === undefined ? [] : [host])].some((text) =>
      pattern.test(text),
    );
  });
}

/** The address to ask. Undefined: no mirror was named for it. */
export function mirrored(url: URL, mirrors: ArchivePlaces['mirrors']): URL | undefined {
  const prefixes = Object.keys(mirrors).filter((prefix) => /^https?:/.test(prefix) && begins(url, prefix));
  const prefix = prefixes.sort((a, b) => b.length - a.length)[0];
  if (prefix === undefined) return undefined;
  const rest = url.href.slice(prefix.length).replace(/^\/+/, '');
  return new URL(rest, `${mirrors[prefix]?.replace(/\/*$/, '')}/`);
}

/** `http://deb.example/debian` is no prefix of `http://deb.example/debian-security`. */
function begins({ href }: URL, prefix: string): boolean {
  return (
    href.startsWith(prefix) && (prefix.endsWith('/') || href.length === prefix.length || href[prefix.length] === '/')
  );
}

/** A file of the offline folder, as the answer that its archive would give: 404 for what is not there. */
export function fromFolder(folder: string, url: URL): HttpResponse {
  const root = path.resolve(folder);
  const file = path.join(root, url.host.replace(/:/g, '_'), ...decoded(url.pathname).split('/'));
  const isInside = file.startsWith(`${root}${path.sep}`);
  const found = isInside && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false);
  return {
    status: found ? 200 : 404,
    headers: { get: () => null },
    values: () => [],
    url,
    reach: 'public',
    body: found ? createReadStream(file) : nothing(),
    discard: () => undefined,
  };
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

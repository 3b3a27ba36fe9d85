import type { Secret } from '../core/secret.ts';

/** What the operator says about one registry. */
export interface RegistrySettings {
  readonly username?: string;
  readonly password?: Secret;
  /** Also over plain HTTP, when the host does not speak TLS. */
  readonly insecure?: boolean;
  /** Sockets at once. */
  readonly concurrency?: number;
  /** Requests per second. */
  readonly rps?: number;
  /** Asked first in place of the registry, with the path its repositories lie under: `https://mirror.corp/hub`. */
  readonly mirror?: URL;
  /** PEM: an authority that is believed beside the usual ones; who we are. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: Secret;
}

/** Where distributions publish their packages. */
export interface ArchiveSettings {
  /** An address prefix, or a distro's name for images that bring no sources, to the address that is asked instead. */
  readonly mirrors: Readonly<Record<string, string>>;
  /** A folder with `HOST/PATH` of every file, read instead of asking anybody. */
  readonly offline: string | null;
  /** Globs over addresses of repositories that are left alone: a note in reports, and no question. */
  readonly skip: readonly string[];
  /** Milliseconds for which an answer holds. */
  readonly maxAge: number;
}

/** Who is asked which changes are security fixes. */
export type AdvisorySettings =
  | { readonly kind: 'off' }
  | { readonly kind: 'osv'; readonly base: string }
  | { readonly kind: 'folder'; readonly folder: string };

/** OSV's public API. */
export const osvAddress = 'https://api.osv.dev';

/** `off`, `osv`, an address, or a folder. */
export function advisorySettings(text: string, inFolder: (name: string) => string): AdvisorySettings {
  if (text === 'off') return { kind: 'off' };
  if (text === 'osv') return { kind: 'osv', base: osvAddress };
  return /^https?:\/\//.test(text) ? { kind: 'osv', base: text } : { kind: 'folder', folder: inFolder(text) };
}

import type { AptRelease } from './apt-repository.ts';

/** A file that a Release vouches for. */
export interface ListedFile {
  /** Hex, lower case. */
  readonly sha256: string;
  readonly size: number;
}

/**
 * What a Release says. Source: wiki.debian.org/DebianRepository/Format, "Release files". Times are milliseconds since
 * 1970.
 */
export interface ReleaseFile extends AptRelease {
  /** Milliseconds; undefined when it does not say. */
  readonly date?: number;
  readonly validUntil?: number;
  readonly acquireByHash: boolean;
  /** Empty when it does not say. */
  readonly architectures: readonly string[];
  /** `all` packages are also inside the other indexes, so that their own index need not be read. */
  readonly allIsIncluded: boolean;
  /** By path below the Release's folder. */
  readonly files: ReadonlyMap<string, ListedFile>;
}

/**
 * A Release file: one deb822 paragraph whose `SHA256` field lists ` hash size path` lines. Source: Debian wiki,
 * DebianRepository/Format. Undefined when it lists nothing.
 */
export function parseRelease(text: string): ReleaseFile | undefined {
  const fields = new Map<string, string>();
  const files = new Map<string, ListedFile>();
  let name = '';
  for (const line of text.split('\n')) {
    if (/^[ \t]/.test(line)) {
      const match = name === 'sha256' ? /^\s+([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)\s*$/i.exec(line) : null;
      const [, sha256 = '', size = '', path = ''] = match ?? [];
      if (match) {
        files.set(path.replace(/^\.\//, ''), { sha256: sha256.toLowerCase(), size: Number(size) });
      }
      continue;
    }
    const colon = line.indexOf(':');
    name = colon > 0 ? line.slice(0, colon).toLowerCase() : '';
    if (name !== '') fields.set(name, line.slice(colon + 1).trim());
  }
  if (files.size === 0) return undefined;
  const isYes = (key: string): boolean => /^yes$/i.test(fields.get(key) ?? '');
  const time = (key: string): number | undefined => parseDate(fields.get(key));
  const architectures = (fields.get('architectures') ?? '').split(/\s+/).filter((word) => word !== '');
  const written = (key: string): string | undefined => fields.get(key) || undefined;
  return {
    ...defined({
      origin: written('origin'),
      label: written('label'),
      suite: written('suite'),
      codename: written('codename'),
      version: written('version'),
      date: time('date'),
      validUntil: time('valid-until'),
    }),
    notAutomatic: isYes('notautomatic'),
    butAutomaticUpgrades: isYes('butautomaticupgrades'),
    acquireByHash: isYes('acquire-by-hash'),
    architectures,
    allIsIncluded:
      !architectures.includes('all') ||
      (fields.get('no-support-for-architecture-all') ?? '').split(/\s+/).includes('Packages'),
    files,
  };
}

/** RFC 5322 with `UTC`, `GMT`, `Z` or `+0000`, as apt accepts. A date that cannot be read is no date. */
function parseDate(text: string | undefined): number | undefined {
  const value = Date.parse((text ?? '').replace(/\b(?:UTC|Z)$/, 'GMT'));
  return Number.isNaN(value) ? undefined : value;
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Present<T>;
}

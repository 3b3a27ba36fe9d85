import type { Advisory } from '../core/advisory.ts';
import { compareApk } from '../packages/versions/apk-version.ts';
import type { FeedVerdict, SourceMove } from './feed.ts';
import { collapse } from './osv-record.ts';

/**
 * Alpine's security database, one file per branch and repository: for each source package the versions that fixed
 * something. Wolfi's security.json has the same form. Source: secdb.alpinelinux.org, license.txt beside the files says
 * how they are made; key `0` lists what never applied.
 */
export interface Secdb {
  /** `v3.22`, `edge`; absent in Wolfi's. */
  readonly distroversion?: string;
  readonly packages: readonly {
    readonly pkg: { readonly name: string; readonly secfixes?: Readonly<Record<string, readonly string[]>> | null };
  }[];
}

/** The fixes of one source: version to ids. */
export type Secfixes = ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>;

/** Is a value of JSON a security database, as far as it is used? */
export function isSecdb(value: unknown): value is Secdb {
  const packages = (value as { packages?: unknown } | null)?.packages;
  return Array.isArray(packages) && packages.every((one) => typeof one?.pkg?.name === 'string');
}

/** By source name. */
export function secfixesOf(databases: readonly Secdb[]): Secfixes {
  return new Map(
    databases.flatMap(({ packages }) => packages.map(({ pkg }) => [pkg.name, pkg.secfixes ?? {}] as const)),
  );
}

/** What was fixed on the way; the database knows no regressions. */
export function secdbVerdict(secfixes: Secfixes, { source, name, before, after }: SourceMove): FeedVerdict {
  const fixes = secfixes.get(source) ?? secfixes.get(name) ?? {};
  const reached = Object.entries(fixes).filter(
    ([version]) => version !== '0' && compareApk(before, version) < 0 && compareApk(version, after) <= 0,
  );
  return { fixed: collapse(reached.flatMap(([, entries]) => entries.flatMap(advisoryOf))), introduced: [] };
}

/** `CVE-2024-1 GHSA-abcd`: several names of one weakness. */
function advisoryOf(entry: string): readonly Advisory[] {
  const ids = entry.split(/[\s/]+/).filter((id) => id !== '');
  const id = ids.find((one) => one.startsWith('CVE-')) ?? ids[0];
  return id === undefined ? [] : [{ id, notices: [] }];
}

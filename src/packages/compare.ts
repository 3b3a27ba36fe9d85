import type { Inventory, Package, PackageChange, VersionScheme } from '../core/package.ts';
import { databases } from './databases/index.ts';
import { compareVersions } from './versions/index.ts';

/**
 * The rows of a package difference, sorted by name, then architecture. Versions are compared in the order of the
 * inventories' database; when the two sides have different orders (the distro family changed), nothing is an upgrade:
 * everything was removed and added. `rebuilt`: the version is written differently and compares equal.
 */
export function comparePackages(before: Inventory, after: Inventory): readonly PackageChange[] {
  const scheme = schemeOf(before) ?? schemeOf(after) ?? 'dpkg';
  const comparable = scheme === (schemeOf(after) ?? scheme);
  const oldByName = groupBy(before.packages, ({ name }) => name);
  const newByName = groupBy(after.packages, ({ name }) => name);
  const names = [...new Set([...oldByName.keys(), ...newByName.keys()])].sort();
  return names.flatMap((name) => {
    const olds = oldByName.get(name) ?? [];
    const news = newByName.get(name) ?? [];
    if (!comparable) return [...pairUp(olds, [], scheme), ...pairUp([], news, scheme)];
    if (!hasSeveralArchitectures(olds) && !hasSeveralArchitectures(news)) return pairUp(olds, news, scheme);
    return perArchitecture(olds, news, scheme);
  });
}

function schemeOf({ database, packages }: Inventory): VersionScheme | undefined {
  return packages.length === 0 ? undefined : databases.find(({ name }) => name === database)?.scheme;
}

function perArchitecture(
  olds: readonly Package[],
  news: readonly Package[],
  scheme: VersionScheme,
): readonly PackageChange[] {
  const oldByArchitecture = groupBy(olds, (one) => one.architecture);
  const newByArchitecture = groupBy(news, (one) => one.architecture);
  const architectures = [...new Set([...oldByArchitecture.keys(), ...newByArchitecture.keys()])].sort();
  return architectures.flatMap((architecture) =>
    pairUp(oldByArchitecture.get(architecture) ?? [], newByArchitecture.get(architecture) ?? [], scheme).map((row) => ({
      ...row,
      architecture,
    })),
  );
}

/**
 * One name may be installed in several versions (kernels of rpm distros): versions on both sides cancel out, of the
 * rest the newest are paired.
 */
function pairUp(olds: readonly Package[], news: readonly Package[], scheme: VersionScheme): readonly PackageChange[] {
  const newestFirst = (a: Package, b: Package): number => compareVersions(scheme, b.version, a.version);
  const oldVersions = new Set(olds.map(({ version }) => version));
  const newVersions = new Set(news.map(({ version }) => version));
  const gone = olds.filter(({ version }) => !newVersions.has(version)).sort(newestFirst);
  const come = news.filter(({ version }) => !oldVersions.has(version)).sort(newestFirst);
  const count = Math.max(gone.length, come.length);
  return Array.from({ length: count }, (_, index) => row(gone[index], come[index], scheme)).filter(
    (one) => one !== undefined,
  );
}

function row(
  before: Package | undefined,
  after: Package | undefined,
  scheme: VersionScheme,
): PackageChange | undefined {
  const named = after ?? before;
  if (named === undefined) return undefined;
  const source = named.source?.name;
  return {
    name: named.name,
    kind: kindOf(before, after, scheme),
    ...(before && { before: before.version }),
    ...(after && { after: after.version }),
    ...(source !== undefined && source !== named.name && { source }),
    security: null,
    advisories: [],
  };
}

function kindOf(before: Package | undefined, after: Package | undefined, scheme: VersionScheme): PackageChange['kind'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  const order = compareVersions(scheme, before.version, after.version);
  return order === 0 ? 'rebuilt' : order < 0 ? 'upgraded' : 'downgraded';
}

function hasSeveralArchitectures(packages: readonly Package[]): boolean {
  return packages.some(({ architecture }) => architecture !== packages[0]?.architecture);
}

function groupBy(packages: readonly Package[], key: (one: Package) => string): ReadonlyMap<string, readonly Package[]> {
  return Map.groupBy(packages, key);
}

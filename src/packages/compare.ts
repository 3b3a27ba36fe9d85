import type { Inventory, Package, PackageChange, VersionScheme } from '../core/package.ts';
import { type Steps, sorted, sortedLines } from '../core/time/turns.ts';
import { databases } from './databases/index.ts';
import { compareVersions } from './versions/index.ts';

/**
 * The rows of a package difference, sorted by name, then architecture. Versions are compared in the order of the
 * inventories' database; when the two sides have different orders (the distro family changed), nothing is an upgrade:
 * everything was removed and added. `rebuilt`: the version is written differently and compares equal. A step per name.
 */
export function* comparePackages(before: Inventory, after: Inventory): Steps<readonly PackageChange[]> {
  const scheme = schemeOf(before) ?? schemeOf(after) ?? 'dpkg';
  const comparable = scheme === (schemeOf(after) ?? scheme);
  const oldByName = groupBy(before.packages, ({ name }) => name);
  const newByName = groupBy(after.packages, ({ name }) => name);
  yield;
  const rows: PackageChange[] = [];
  for (const name of yield* sortedLines([...new Set([...oldByName.keys(), ...newByName.keys()])])) {
    yield;
    const olds = oldByName.get(name) ?? [];
    const news = newByName.get(name) ?? [];
    const own = comparable
      ? yield* rowsOf(olds, news, scheme)
      : [...(yield* pairUp(olds, [], scheme)), ...(yield* pairUp([], news, scheme))];
    for (const row of own) rows.push(row);
  }
  return rows;
}

function rowsOf(olds: readonly Package[], news: readonly Package[], scheme: VersionScheme): Steps<PackageChange[]> {
  return hasSeveralArchitectures(olds) || hasSeveralArchitectures(news)
    ? perArchitecture(olds, news, scheme)
    : pairUp(olds, news, scheme);
}

function schemeOf({ database, packages }: Inventory): VersionScheme | undefined {
  return packages.length === 0 ? undefined : databases.find(({ name }) => name === database)?.scheme;
}

function* perArchitecture(
  olds: readonly Package[],
  news: readonly Package[],
  scheme: VersionScheme,
): Steps<PackageChange[]> {
  const oldByArchitecture = groupBy(olds, (one) => one.architecture);
  const newByArchitecture = groupBy(news, (one) => one.architecture);
  const rows: PackageChange[] = [];
  for (const architecture of [...new Set([...oldByArchitecture.keys(), ...newByArchitecture.keys()])].sort()) {
    yield;
    const [before, after] = [oldByArchitecture.get(architecture) ?? [], newByArchitecture.get(architecture) ?? []];
    for (const one of yield* pairUp(before, after, scheme)) rows.push({ ...one, architecture });
  }
  return rows;
}

/**
 * One name may be installed in several versions (kernels of rpm distros): versions on both sides cancel out, of the
 * rest the newest are paired.
 */
function* pairUp(olds: readonly Package[], news: readonly Package[], scheme: VersionScheme): Steps<PackageChange[]> {
  const newestFirst = (a: Package, b: Package): number => compareVersions(scheme, b.version, a.version);
  const gone = yield* sorted(yield* without(olds, news), newestFirst);
  const come = yield* sorted(yield* without(news, olds), newestFirst);
  const rows: PackageChange[] = [];
  for (let i = 0; i < Math.max(gone.length, come.length); i++) {
    const one = row(gone[i], come[i], scheme);
    if (one !== undefined) rows.push(one);
    if (i > 0) yield;
  }
  return rows;
}

/** Versions of one package that are looked up in one step. */
const fewAtOnce = 500;

/** Those whose version the others do not have. */
function* without(packages: readonly Package[], others: readonly Package[]): Steps<readonly Package[]> {
  const versions = new Set(others.map(({ version }) => version));
  // A step of its own where there are many: each version is walked through once to be found again.
  if (others.length > fewAtOnce) yield;
  return packages.filter(({ version }) => !versions.has(version));
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

import { globToRegExp } from '../core/glob.ts';
import { limits } from '../core/limits.ts';
import type { Inventory, Package } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import type { DatabaseReading, PackageDatabase } from './database.ts';
import { databases } from './databases/index.ts';
import { readOsRelease } from './os-release.ts';

/** What is known about how the files were obtained. */
export interface FilesReading {
  /** False when some layer could not be read to its end, or a wanted file was left out. */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

const recognisers = databases.map((database) => ({
  database,
  patterns: database.paths.map((glob) => globToRegExp(glob)),
}));

/**
 * The distro and the installed packages of a merged root file system. Paths have no leading `/`; only files for which
 * `wantedPath` is true are looked at. Never throws. No packages is never a complete empty set: coverage `none`, with a
 * problem unless neither a database nor a distro was found (a `scratch` image).
 */
export function readInventory(
  files: ReadonlyMap<string, Uint8Array>,
  reading: FilesReading = { complete: true, problems: [] },
): Inventory {
  const os = readOsRelease(files);
  const found = readDatabases(files);
  const packages = sortedPackages(found.flatMap(({ packages }) => packages));
  const problems = [...reading.problems, ...found.flatMap((one) => one.problems)];
  const [main] = [...found].sort((a, b) => b.packages.length - a.packages.length);
  if (packages.length === 0) problems.push(...whyNothing(found, os?.prettyName ?? os?.id));
  const complete = reading.complete && found.every((one) => one.problems.length === 0);
  return {
    ...(os && { os }),
    coverage: packages.length === 0 ? 'none' : complete ? 'complete' : 'partial',
    ...(main && { database: main.database.name }),
    packages,
    problems,
  };
}

interface FoundDatabase extends DatabaseReading {
  readonly database: PackageDatabase;
}

function readDatabases(files: ReadonlyMap<string, Uint8Array>): readonly FoundDatabase[] {
  return recognisers.flatMap(({ database, patterns }) => {
    const own = new Map([...files].filter(([path]) => patterns.some((pattern) => pattern.test(path))));
    return own.size === 0 ? [] : [{ database, ...withoutOverlong(database.read(own), [...own.keys()][0] ?? '') }];
  });
}

function withoutOverlong({ packages, problems }: DatabaseReading, path: string): DatabaseReading {
  const isShort = ({ name, version, architecture, source }: Package): boolean =>
    [name, version, architecture, source?.name ?? '', source?.version ?? ''].every(
      (text) => text.length <= limits.image.packageText.most,
    );
  const short = packages.filter(isShort);
  const left = packages.length - short.length;
  if (left === 0) return { packages, problems };
  const message = `${path}: ${left} of its packages have a name or a version of more than ${limits.image.packageText.most} characters and are missing`;
  return { packages: short, problems: [...problems, { code: 'database-damaged', message, subject: path }] };
}

function whyNothing(found: readonly FoundDatabase[], distro: string | undefined): readonly Problem[] {
  if (found.length === 0) {
    if (distro === undefined) return [];
    const message = `the image says it is ${distro}, but no package database was found in it; what is installed is not known`;
    return [{ code: 'no-package-database', message }];
  }
  // A database that could not be read has said so itself.
  if (found.some((one) => one.problems.length > 0)) return [];
  const names = found.map(({ database }) => database.name).join(', ');
  const message = `the package database (${names}) lists no installed package; what is installed is not known`;
  return [{ code: 'empty-package-database', message }];
}

/** By name, architecture, version, in code unit order; what two databases both say is said once. */
function sortedPackages(packages: readonly Package[]): readonly Package[] {
  const unique = new Map(packages.map((one) => [`${one.name}\0${one.architecture}\0${one.version}`, one]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, one]) => one);
}

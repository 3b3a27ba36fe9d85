/*
 * src/packages/
 *
 * Distribution packages: what is installed in an image, how its versions are ordered, and what its repositories offer
 * today. databases/ reads what is installed; this file makes an inventory of it, never an empty one where something
 * could not be read. compare.ts has the rows between two of them, by the orders in versions/. apt/, apk/ and rpm/ are a
 * family each: what an image's files enable, the archives, and the candidates; archives/ is what they share.
 * pin-check.ts asks whether a pinned version can still be installed. sbom/ reads packages from documents.
 * wanted-paths.ts says which files of an image all that needs.
 * Begin here, then archives/archive-family.ts.
 */

import { globToRegExp } from '../core/glob.ts';
import { limits } from '../core/limits/limits.ts';
import type { Inventory, Package } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import { byCodeUnits, type Steps, sorted } from '../core/time/turns.ts';
import { databases } from './databases/index.ts';
import { readOsRelease } from './os-release.ts';
import type { DatabaseReading, PackageDatabase } from './package-database.ts';

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
export function* readInventory(
  files: ReadonlyMap<string, Uint8Array>,
  reading: FilesReading = { complete: true, problems: [] },
): Steps<Inventory> {
  const os = readOsRelease(files);
  const found = yield* readDatabases(files);
  const packages = yield* sortedPackages(found.flatMap(({ packages }) => packages));
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

/** So many files are matched, or packages looked at, in one step. */
const fewAtOnce = 1000;

function* readDatabases(files: ReadonlyMap<string, Uint8Array>): Steps<readonly FoundDatabase[]> {
  const owned = new Map<PackageDatabase, Map<string, Uint8Array>>();
  let looked = 0;
  for (const [path, bytes] of files) {
    if (++looked % fewAtOnce === 0) yield;
    for (const { database, patterns } of recognisers) {
      if (!patterns.some((pattern) => pattern.test(path))) continue;
      const own = owned.get(database);
      if (own) own.set(path, bytes);
      else owned.set(database, new Map([[path, bytes]]));
    }
  }
  const found: FoundDatabase[] = [];
  for (const database of databases) {
    const own = owned.get(database);
    if (own === undefined) continue;
    const reading = yield* database.read(own);
    found.push({ database, ...(yield* withoutOverlong(reading, [...own.keys()][0] ?? '')) });
  }
  return found;
}

function* withoutOverlong({ packages, problems }: DatabaseReading, path: string): Steps<DatabaseReading> {
  const isShort = ({ name, version, architecture, source }: Package): boolean =>
    [name, version, architecture, source?.name ?? '', source?.version ?? ''].every(
      (text) => text.length <= limits.image.packageText.most,
    );
  const short: Package[] = [];
  for (const [index, one] of packages.entries()) {
    if (index % fewAtOnce === 0) yield;
    if (isShort(one)) short.push(one);
  }
  const left = packages.length - short.length;
  if (left === 0) return { packages, problems };
  const message = `${path}: ${left} of its packages have a name or a version of more than ${limits.image.packageText.most} characters and are missing`;
  return { packages: short, problems: [...problems, { code: 'database-damaged', message, subject: path }] };
}

function whyNothing(found: readonly FoundDatabase[], distro: string | undefined): readonly Problem[] {
  if (found.length === 0) {
    if (distro === undefined) return [];
    const message = `the image says it is ${distro}, but no package database of dpkg, apk, rpm or pacman was found in it; what is installed is not known`;
    return [{ code: 'no-package-database', message }];
  }
  // A database that could not be read has said so itself.
  if (found.some((one) => one.problems.length > 0)) return [];
  const names = found.map(({ database }) => database.name).join(', ');
  const message = `the package database (${names}) lists no installed package; what is installed is not known`;
  return [{ code: 'empty-package-database', message }];
}

/** By name, architecture, version, in code unit order; what two databases both say is said once. */
function* sortedPackages(packages: readonly Package[]): Steps<readonly Package[]> {
  const unique = new Map<string, Package>();
  for (const [index, one] of packages.entries()) {
    if (index % fewAtOnce === 0) yield;
    unique.set(`${one.name}\0${one.architecture}\0${one.version}`, one);
  }
  const inOrder = yield* sorted([...unique], ([a], [b]) => byCodeUnits(a, b));
  return inOrder.map(([, one]) => one);
}

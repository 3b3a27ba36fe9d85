import { limits } from '../../core/limits/limits.ts';
import type { Package } from '../../core/package.ts';
import { lineRanges, linesPerStep, readableRecords, tooManyPackages } from '../database-lines.ts';
import type { PackageDatabase } from '../package-database.ts';

/** apk opens `lib/apk/db`; the other spelling is what `lib → usr/lib` leads to. */
const locations = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];
const wantedKeys = new Set(['P', 'V', 'A', 'o']);
const colon = 58;

/**
 * Alpine's, Wolfi's and Chainguard's database (apk-package(5), apk-v2(5)): records of `X:value` lines, ended by an
 * empty line. Records whose name starts with a dot are virtual packages of `apk add --virtual`.
 */
export const apk: PackageDatabase = {
  name: 'apk',
  scheme: 'apk',
  paths: locations,
  *read(files) {
    const path = locations.find((location) => files.has(location)) ?? '';
    const { records, problems } = readableRecords(path, files.get(path) ?? new Uint8Array());
    const packages: Package[] = [];
    let broken = 0;
    for (const record of recordsOf(records)) {
      if (record === undefined) {
        yield;
        continue;
      }
      if (packages.length >= limits.image.packages.most) {
        problems.push(tooManyPackages(path));
        break;
      }
      const name = record.get('P');
      const version = record.get('V');
      if (!name || !version) broken++;
      else if (!name.startsWith('.')) {
        const source = { name: record.get('o') || name, version };
        packages.push({ name, version, architecture: record.get('A') ?? '', source });
      }
    }
    if (broken > 0) {
      const message = `${path}: ${broken} of its records have no name or no version and their packages are missing`;
      problems.push({ code: 'database-damaged', message, subject: path });
    }
    return { packages, problems };
  },
};

/** Undefined where the reading may be interrupted. */
function* recordsOf(bytes: Buffer): Generator<ReadonlyMap<string, string> | undefined> {
  let record = new Map<string, string>();
  let isEmpty = true;
  let lines = 0;
  for (const [start, end] of lineRanges(bytes)) {
    if (++lines % linesPerStep === 0) yield undefined;
    if (start === end) {
      if (!isEmpty) yield record;
      record = new Map();
      isEmpty = true;
      continue;
    }
    isEmpty = false;
    if (bytes[start + 1] !== colon) continue;
    const key = bytes.toString('latin1', start, start + 1);
    if (wantedKeys.has(key)) record.set(key, bytes.toString('utf8', start + 2, end).trim());
  }
  if (!isEmpty) yield record;
}

import { zstdDecompressSync } from 'node:zlib';
import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import type { Steps } from '../../core/time/turns.ts';
import { lineRanges, tooManyPackages } from '../database-lines.ts';
import type { DatabaseReading, PackageDatabase } from '../package-database.ts';

/** The reading pauses after so many bytes: lines of any length take some milliseconds. */
const bytesPerStep = 64 * 1024;

/**
 * The manifest that chisel leaves in an Ubuntu image cut into slices: zstd over lines of JSON, a header and then one
 * object per line (canonical/chisel, public/manifest and public/jsonwall). Only objects of kind `package` matter; they
 * name no source package.
 */
export const chisel: PackageDatabase = {
  name: 'chisel',
  scheme: 'dpkg',
  paths: ['var/lib/chisel/manifest.wall'],
  *read(files) {
    const packages: Package[] = [];
    const problems: Problem[] = [];
    for (const [path, bytes] of files) {
      const reading = yield* readWall(path, bytes);
      for (const one of reading.packages) packages.push(one);
      problems.push(...reading.problems);
    }
    return { packages, problems };
  },
};

function* readWall(path: string, bytes: Uint8Array): Steps<DatabaseReading> {
  const damaged = (why: string): Problem => ({
    code: 'database-damaged',
    message: `the chisel manifest ${path} cannot be read: ${why}`,
    subject: path,
  });
  let text: Buffer;
  try {
    text = zstdDecompressSync(bytes, { maxOutputLength: limits.image.database.most });
  } catch (error) {
    return { packages: [], problems: [damaged(messageOf(error))] };
  }
  yield;
  const packages: Package[] = [];
  const problems: Problem[] = [];
  let header: Row | undefined;
  let [rows, lost, pausedAt] = [0, 0, 0];
  for (const [start, end] of lineRanges(text)) {
    if (end - pausedAt > bytesPerStep) {
      pausedAt = end;
      yield;
    }
    const isFirst = start === 0;
    if (start === end && !isFirst) continue;
    const row = end - start > limits.image.databaseLine.most ? undefined : parseLine(text.toString('utf8', start, end));
    if (isFirst) {
      if (row?.['jsonwall'] !== '1.0' || row['schema'] !== '1.0') break;
      header = row;
      continue;
    }
    rows++;
    const found = row?.['kind'] === 'package' ? toPackage(row) : undefined;
    if (row === undefined || (row['kind'] === 'package' && found === undefined)) lost++;
    if (found === undefined) continue;
    if (packages.length >= limits.image.packages.most) {
      problems.push(tooManyPackages(path));
      break;
    }
    packages.push(found);
  }
  if (header === undefined) return { packages: [], problems: [damaged('its schema is not known')] };
  const count = header['count'];
  const isCut = typeof count === 'number' && rows < count - 1 && problems.length === 0;
  if (lost > 0) problems.push(damaged(`${lost} lines are broken`));
  if (isCut) problems.push(damaged('it breaks off'));
  return { packages, problems };
}

type Row = Readonly<Record<string, unknown>>;

function parseLine(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}

function toPackage({ name, version, arch }: Row): Package | undefined {
  if (typeof name !== 'string' || typeof version !== 'string' || typeof arch !== 'string') return undefined;
  return { name, version, architecture: arch };
}

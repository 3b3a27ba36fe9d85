import { zstdDecompressSync } from 'node:zlib';
import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import type { PackageDatabase } from '../database.ts';

/**
 * The manifest that chisel leaves in an Ubuntu image cut into slices: zstd over lines of JSON, a header and then one
 * object per line (canonical/chisel, public/manifest and public/jsonwall). Only objects of kind `package` matter; they
 * name no source package.
 */
export const chisel: PackageDatabase = {
  name: 'chisel',
  scheme: 'dpkg',
  paths: ['var/lib/chisel/manifest.wall'],
  read(files) {
    const readings = [...files].map(([path, bytes]) => readWall(path, bytes));
    return { packages: readings.flatMap((one) => one.packages), problems: readings.flatMap((one) => one.problems) };
  },
};

function readWall(path: string, bytes: Uint8Array): { packages: readonly Package[]; problems: readonly Problem[] } {
  const damaged = (why: string): Problem => ({
    code: 'database-damaged',
    message: `the chisel manifest ${path} cannot be read: ${why}`,
    subject: path,
  });
  let lines: string[];
  try {
    lines = zstdDecompressSync(bytes, { maxOutputLength: limits.image.database.most }).toString('utf8').split('\n');
  } catch (error) {
    return { packages: [], problems: [damaged(messageOf(error))] };
  }
  const header = parseLine(lines[0] ?? '');
  if (header?.['jsonwall'] !== '1.0' || header['schema'] !== '1.0') {
    return { packages: [], problems: [damaged('its schema is not known')] };
  }
  const rows = lines
    .slice(1)
    .filter((line) => line !== '')
    .map(parseLine);
  const packages = rows.flatMap((row) => (row?.['kind'] === 'package' ? toPackage(row) : []));
  const lost = rows.filter(
    (row) => row === undefined || (row['kind'] === 'package' && toPackage(row).length === 0),
  ).length;
  const count = header['count'];
  const cut = typeof count === 'number' && rows.length < count - 1;
  const problems = [
    ...(lost > 0 ? [damaged(`${lost} lines are broken`)] : []),
    ...(cut ? [damaged('it breaks off')] : []),
  ];
  return { packages, problems };
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function toPackage({ name, version, arch }: Readonly<Record<string, unknown>>): Package[] {
  if (typeof name !== 'string' || typeof version !== 'string' || typeof arch !== 'string') return [];
  return [{ name, version, architecture: arch }];
}

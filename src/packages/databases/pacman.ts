import { limits } from '../../core/limits/limits.ts';
import type { Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import type { PackageDatabase } from '../package-database.ts';

const path = /^var\/lib\/pacman\/local\/[^/]+\/desc$/;

/**
 * pacman's database: a folder per package, whose `desc` holds fields as `%NAME%` lines, values below, a blank line after
 * them (libalpm, lib/libalpm/be_local.c, the format only). `%BASE%` is the source package. Its version order is rpm's
 * with small differences (vercmp(8)) that matter for no version a distribution publishes.
 */
export const pacman: PackageDatabase = {
  name: 'pacman',
  scheme: 'rpm',
  paths: ['var/lib/pacman/local/ALPM_DB_VERSION', 'var/lib/pacman/local/*/desc'],
  *read(files) {
    const packages: Package[] = [];
    const problems: Problem[] = [];
    let broken = 0;
    for (const [file, bytes] of files) {
      if (!path.test(file)) continue;
      yield;
      const found = readDesc(Buffer.from(bytes).toString('utf8'));
      if (found) packages.push(found);
      else if (++broken <= limits.image.packageProblems.most) {
        const message = `${file} names no package, version or architecture; what it stands for is missing`;
        problems.push({ code: 'database-damaged', message, subject: file });
      }
    }
    const left = broken - problems.length;
    if (left > 0) {
      const message = `${left} more files of pacman's database name no package, version or architecture; what they stand for is missing`;
      problems.push({ code: 'database-damaged', message });
    }
    return { packages, problems };
  },
};

function readDesc(text: string): Package | undefined {
  const value = (field: string): string | undefined =>
    new RegExp(`^%${field}%\\r?\\n([^\\r\\n]+)`, 'm').exec(text)?.[1];
  const [name, version, architecture] = [value('NAME'), value('VERSION'), value('ARCH')];
  if (!name || !version || !architecture) return undefined;
  return { name, version, architecture, source: { name: value('BASE') ?? name, version } };
}

import { limits } from '../../core/limits/limits.ts';
import type { Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import { tooManyPackages } from '../database-lines.ts';
import type { PackageDatabase } from '../package-database.ts';
import { readControlFile } from './debian-package.ts';

/**
 * The database of distroless images and Bazel rules: one file per package, the control data of the .deb as it is, so
 * without a Status field (GoogleContainerTools/distroless, PACKAGE_METADATA.md). `*.md5sums` beside it list files.
 */
export const statusD: PackageDatabase = {
  name: 'status.d',
  scheme: 'dpkg',
  paths: ['{var/lib,usr/lib,lib}/dpkg/status.d/*'],
  *read(files) {
    const packages: Package[] = [];
    const problems: Problem[] = [];
    for (const [path, bytes] of files) {
      if (path.endsWith('.md5sums')) continue;
      if (packages.length >= limits.image.packages.most) {
        problems.push(tooManyPackages('status.d'));
        break;
      }
      const reading = yield* readControlFile(path, bytes, () => ({ kind: 'installed' }));
      yield;
      for (const one of reading.packages) packages.push(one);
      problems.push(...reading.problems);
    }
    if (problems.length <= limits.image.packageProblems.most) return { packages, problems };
    const message = `${problems.length - limits.image.packageProblems.most} more files of status.d could not be read and their packages are missing`;
    return {
      packages,
      problems: [...problems.slice(0, limits.image.packageProblems.most), { code: 'database-damaged', message }],
    };
  },
};

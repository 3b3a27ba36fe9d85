import type { Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import type { PackageDatabase } from '../database.ts';
import { mostPackages, tooManyPackages } from '../lines.ts';
import { readControlFile } from './debian-package.ts';

const mostProblems = 10;

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
      if (packages.length >= mostPackages) {
        problems.push(tooManyPackages('status.d'));
        break;
      }
      const reading = yield* readControlFile(path, bytes, () => ({ kind: 'installed' }));
      yield;
      for (const one of reading.packages) packages.push(one);
      problems.push(...reading.problems);
    }
    if (problems.length <= mostProblems) return { packages, problems };
    const message = `${problems.length - mostProblems} more files of status.d could not be read and their packages are missing`;
    return { packages, problems: [...problems.slice(0, mostProblems), { code: 'database-damaged', message }] };
  },
};

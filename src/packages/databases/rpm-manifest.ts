import { limits } from '../../core/limits/limits.ts';
import type { Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import { asBuffer, lineRanges, linesPerStep, tooManyPackages } from '../database-lines.ts';
import type { PackageDatabase } from '../package-database.ts';
import { sourceOf } from './rpm/header.ts';
import { foreignVendor } from './rpm/vendors.ts';

/**
 * What Azure Linux and Mariner leave in their distroless images instead of a database: a line per package with ten
 * columns between tabs: name, version-release, install time, build time, vendor, (none), size, architecture, epoch,
 * source rpm. The epoch is `0` or `(none)` when there is none.
 */
export const rpmManifest: PackageDatabase = {
  name: 'rpm-manifest',
  scheme: 'rpm',
  paths: ['var/lib/rpmmanifest/container-manifest-2'],
  *read(files) {
    const packages: Package[] = [];
    const problems: Problem[] = [];
    for (const [path, bytes] of files) {
      const buffer = asBuffer(bytes);
      let [lines, broken] = [0, 0];
      for (const [start, end] of lineRanges(buffer)) {
        if (++lines % linesPerStep === 0) yield;
        if (packages.length >= limits.image.packages.most) {
          problems.push(tooManyPackages(path));
          break;
        }
        const line = buffer.toString('utf8', start, end).trimEnd();
        if (line === '') continue;
        const [name, version, , , vendor, , , architecture, epoch, sourceRpm] = line.split('\t');
        if (!name || !version || !architecture) broken++;
        else if (name !== 'gpg-pubkey')
          packages.push(toPackage(name, version, architecture, { epoch, sourceRpm, vendor }));
      }
      if (broken > 0) {
        const message = `${broken} lines of ${path} could not be read and their packages are missing`;
        problems.push({ code: 'database-damaged', message, subject: path });
      }
    }
    return { packages, problems };
  },
};

function toPackage(
  name: string,
  evr: string,
  architecture: string,
  more: {
    readonly epoch?: string | undefined;
    readonly sourceRpm?: string | undefined;
    readonly vendor?: string | undefined;
  },
): Package {
  const { epoch = '', sourceRpm = '' } = more;
  const prefix = /^[1-9]\d*$/.test(epoch) ? `${epoch}:` : '';
  const version = `${prefix}${evr}`;
  const vendor = foreignVendor(more.vendor, evr);
  return {
    name,
    version,
    architecture,
    source: sourceOf(sourceRpm, prefix) ?? { name, version },
    ...(vendor !== undefined && { vendor }),
  };
}

import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import type { Steps } from '../../core/time/turns.ts';
import { asBuffer, tooManyPackages } from '../database-lines.ts';
import type { DatabaseReading, PackageDatabase } from '../package-database.ts';
import { berkeleyBlobs, isBerkeleyHash } from './rpm/berkeley.ts';
import { installTimeOf, readHeader } from './rpm/header.ts';
import { ndbBlobs } from './rpm/ndb.ts';
import { sqliteBlobs } from './rpm/sqlite-pages.ts';

/** In one folder rpm reads the form that it writes today, and others are left from before an upgrade. */
const forms = ['rpmdb.sqlite', 'Packages.db', 'Packages'];
/** Where distributions have it, and where they had it before. */
const folders = ['usr/lib/sysimage/rpm', 'var/lib/rpm', 'usr/share/rpm'];

/**
 * rpm's database of installed packages in its three forms, told apart by what they begin with and not by their names:
 * SQLite (rpm >= 4.16), ndb (SUSE), Berkeley hash (EL <= 8, Amazon Linux 2). All three hold the same header blobs. An image
 * has one: of several in a folder the newest form, of several folders the one into which was installed last (`%_dbpath`
 * may be set anywhere).
 */
export const rpm: PackageDatabase = {
  name: 'rpm',
  scheme: 'rpm',
  paths: ['{usr/lib/sysimage,var/lib,usr/share}/rpm/{rpmdb.sqlite,rpmdb.sqlite-wal,Packages.db,Packages}'],
  *read(files) {
    const readings: RpmReading[] = [];
    for (const folder of folders) {
      const path = forms.map((form) => `${folder}/${form}`).find((one) => files.has(one));
      if (path === undefined) continue;
      readings.push(yield* readDatabase(path, asBuffer(files.get(path) ?? new Uint8Array()), files.get(`${path}-wal`)));
    }
    const [first, ...others] = readings;
    const own = others.reduce((best, one) => (best && one.lastInstalled > best.lastInstalled ? one : best), first);
    // One that cannot be read may be the one.
    return { packages: own?.packages ?? [], problems: readings.flatMap(({ problems }) => problems) };
  },
};

interface RpmReading extends DatabaseReading {
  /** Seconds since 1970; 0: nothing says. */
  readonly lastInstalled: number;
}

function* readDatabase(path: string, file: Buffer, wal: Uint8Array | undefined): Steps<RpmReading> {
  const packages: Package[] = [];
  const problems: Problem[] = [];
  let lastInstalled = 0;
  let [read, unsaid] = [0, 0];
  const damaged = (why: string): void => {
    problems.push({ code: 'database-damaged', message: `the rpm database ${path} is damaged: ${why}`, subject: path });
  };
  try {
    for (const blob of blobs(file, wal && asBuffer(wal))) {
      yield;
      if (blob === undefined) continue;
      if (++read > limits.image.packages.most) {
        problems.push(tooManyPackages(path));
        break;
      }
      try {
        const found = readHeader(blob);
        if (found) packages.push(found);
        lastInstalled = Math.max(lastInstalled, installTimeOf(blob));
      } catch (error) {
        // One broken header says nothing about the next.
        if (problems.length < limits.image.packageProblems.most) damaged(messageOf(error));
        else unsaid++;
      }
    }
  } catch (error) {
    damaged(messageOf(error));
  }
  if (unsaid > 0) damaged(`${unsaid} more packages cannot be read`);
  return { packages, problems, lastInstalled };
}

/** The header of each package; undefined where the reading may be interrupted before the next. */
function blobs(file: Buffer, wal: Buffer | undefined): Iterable<Buffer | undefined> {
  if (file.toString('latin1', 0, 16) === 'SQLite format 3\0') return sqliteBlobs(file, wal);
  if (file.toString('latin1', 0, 4) === 'RpmP') return ndbBlobs(file);
  if (isBerkeleyHash(file)) return berkeleyBlobs(file);
  throw new RangeError('it is neither an SQLite, nor an ndb, nor a Berkeley DB hash file');
}

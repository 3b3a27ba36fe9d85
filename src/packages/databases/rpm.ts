import { messageOf } from '../../core/errors.ts';
import type { Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import type { DatabaseReading, PackageDatabase } from '../database.ts';
import { asBuffer } from '../lines.ts';
import { berkeleyBlobs, isBerkeleyHash } from './rpm/berkeley.ts';
import { readHeader } from './rpm/header.ts';
import { ndbBlobs } from './rpm/ndb.ts';
import { sqliteBlobs } from './rpm/sqlite.ts';

const mostProblems = 10;

/**
 * rpm's database of installed packages in its three forms, told apart by what they begin with and not by their names:
 * SQLite (rpm >= 4.16), ndb (SUSE), Berkeley hash (EL <= 8, Amazon Linux 2). All three hold the same header blobs.
 */
export const rpm: PackageDatabase = {
  name: 'rpm',
  scheme: 'rpm',
  paths: ['{usr/lib/sysimage,var/lib,usr/share}/rpm/{rpmdb.sqlite,rpmdb.sqlite-wal,Packages.db,Packages}'],
  read(files) {
    const readings = [...files]
      .filter(([path]) => !path.endsWith('-wal'))
      .map(([path, bytes]) => readDatabase(path, asBuffer(bytes), files.get(`${path}-wal`)));
    return {
      packages: readings.flatMap((reading) => reading.packages),
      problems: readings.flatMap((reading) => reading.problems),
    };
  },
};

function readDatabase(path: string, file: Buffer, wal: Uint8Array | undefined): DatabaseReading {
  const packages: Package[] = [];
  const problems: Problem[] = [];
  const damaged = (why: string): void => {
    problems.push({ code: 'database-damaged', message: `the rpm database ${path} is damaged: ${why}`, subject: path });
  };
  try {
    for (const blob of blobs(file, wal && asBuffer(wal))) {
      try {
        const found = readHeader(blob);
        if (found) packages.push(found);
      } catch (error) {
        // One broken header says nothing about the next.
        if (problems.length < mostProblems) damaged(messageOf(error));
      }
    }
  } catch (error) {
    damaged(messageOf(error));
  }
  return { packages, problems };
}

function blobs(file: Buffer, wal: Buffer | undefined): Iterable<Buffer> {
  if (file.toString('latin1', 0, 16) === 'SQLite format 3\0') return sqliteBlobs(file, wal);
  if (file.toString('latin1', 0, 4) === 'RpmP') return ndbBlobs(file);
  if (isBerkeleyHash(file)) return berkeleyBlobs(file);
  throw new RangeError('it is neither an SQLite, nor an ndb, nor a Berkeley DB hash file');
}

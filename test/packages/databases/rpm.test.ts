import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { readInventory } from '../../../src/packages/inventory.ts';
import { ndbFile, rpmHeader } from '../../support/rpm-header.ts';

const os = (id: string): [string, Uint8Array] => ['etc/os-release', Buffer.from(`ID=${id}\nVERSION_ID=15.6\n`)];
const read = (file: string, bytes: Uint8Array) => atOnce(readInventory(new Map([os('sles'), [file, bytes]])));
const headers = [
  rpmHeader({
    name: 'bash',
    version: '4.4',
    release: '150400.27.3.2',
    architecture: 'x86_64',
    sourceRpm: 'bash-4.4-150400.27.3.2.src.rpm',
  }),
  rpmHeader({
    name: 'libopenssl3',
    version: '3.1.4',
    release: '1',
    architecture: 'x86_64',
    epoch: 1,
    sourceRpm: 'openssl-3-3.1.4-1.src.rpm',
  }),
  rpmHeader({ name: 'gpg-pubkey', version: '39db7c82', release: '5f68629b' }),
];

const fixture = (name: string): Buffer => readFileSync(path.join(import.meta.dirname, '../../fixtures/rpm', name));

describe('ndb', () => {
  it('that rpm itself wrote is read as rpm reads it', () => {
    const { packages, ...rest } = read('var/lib/rpm/Packages.db', gunzipSync(fixture('ndb-Packages.db.gz')));
    expect(rest).toMatchObject({ coverage: 'complete', database: 'rpm', problems: [] });
    const rows = packages.map((one) => [one.name, one.version, one.architecture].join('\t')).sort();
    expect(rows).toEqual(fixture('ndb-listed.txt').toString().trim().split('\n'));
  });

  it('that rpm itself wrote is never taken for whole when it was cut', () => {
    const whole = gunzipSync(fixture('ndb-Packages.db.gz'));
    for (let part = 1; part < 24; part++) {
      const cut = read('var/lib/rpm/Packages.db', whole.subarray(0, Math.floor((whole.length * part) / 24)));
      expect(cut.coverage).not.toBe('complete');
      expect(cut.problems.length).toBeGreaterThan(0);
    }
  });

  it('is read in full, keys and free slots left out', () => {
    expect(read('usr/lib/sysimage/rpm/Packages.db', ndbFile(headers))).toMatchObject({
      coverage: 'complete',
      database: 'rpm',
      packages: [
        {
          name: 'bash',
          version: '4.4-150400.27.3.2',
          architecture: 'x86_64',
          source: { name: 'bash', version: '4.4-150400.27.3.2' },
        },
        { name: 'libopenssl3', version: '1:3.1.4-1', source: { name: 'openssl-3', version: '1:3.1.4-1' } },
      ],
      problems: [],
    });
  });

  it.each([
    ['cut in a package', (file: Buffer) => file.subarray(0, file.length - 64)],
    ['cut in the slots', (file: Buffer) => file.subarray(0, 2000)],
    [
      'with a slot that points elsewhere',
      (file: Buffer) => {
        file.writeUInt32LE(3, 32 + 8);
        return file;
      },
    ],
    [
      'of another version',
      (file: Buffer) => {
        file.writeUInt32LE(1, 4);
        return file;
      },
    ],
    [
      'with as many slot pages as fit in 32 bits',
      (file: Buffer) => {
        file.writeUInt32LE(0xffffffff, 12);
        return file;
      },
    ],
  ])('%s says so', (_name, damage) => {
    const inventory = read('var/lib/rpm/Packages.db', damage(ndbFile(headers)));
    expect(inventory.coverage).not.toBe('complete');
    expect(inventory.problems[0]).toMatchObject({ code: 'database-damaged', subject: 'var/lib/rpm/Packages.db' });
  });

  it('keeps the other packages when one header is broken', () => {
    const [first, second] = headers as [Buffer, Buffer];
    const broken = Buffer.from(second);
    broken.writeUInt32BE(0x7fffffff, 0);
    expect(read('var/lib/rpm/Packages.db', ndbFile([first, broken]))).toMatchObject({
      coverage: 'partial',
      packages: [{ name: 'bash' }],
    });
  });
});

it('the form is told by the content, not by the name', () => {
  expect(read('var/lib/rpm/rpmdb.sqlite', ndbFile(headers))).toMatchObject({ coverage: 'complete' });
  expect(read('var/lib/rpm/Packages', Buffer.from('something else altogether'))).toMatchObject({
    coverage: 'none',
    problems: [{ code: 'database-damaged' }],
  });
  expect(read('var/lib/rpm/Packages', Buffer.alloc(0))).toMatchObject({ coverage: 'none' });
});

describe('hostile SQLite', () => {
  const base = (): Buffer => {
    const file = Buffer.alloc(4096);
    file.write('SQLite format 3\0');
    file.writeUInt16BE(4096, 16);
    return file;
  };
  it.each([
    [
      'no table',
      () => {
        const f = base();
        f.writeUInt8(0x0d, 100);
        return f;
      },
    ],
    [
      'a page that points at itself',
      () => {
        const f = base();
        f.writeUInt8(0x05, 100);
        f.writeUInt32BE(1, 108);
        return f;
      },
    ],
    [
      'a page size of nothing',
      () => {
        const f = base();
        f.writeUInt16BE(0, 16);
        return f;
      },
    ],
    [
      'cells beyond the page',
      () => {
        const f = base();
        f.writeUInt8(0x0d, 100);
        f.writeUInt16BE(60_000, 103);
        return f;
      },
    ],
    ['a header alone', () => base().subarray(0, 20)],
  ])('%s is damage', (_name, make) => {
    expect(read('var/lib/rpm/rpmdb.sqlite', make())).toMatchObject({
      coverage: 'none',
      problems: [{ code: 'database-damaged' }],
    });
  });
});

describe('the manifest of distroless Azure Linux', () => {
  const line =
    'openssl-libs\t3.3.0-1.azl3\t1720000000\t1710000000\tMicrosoft Corporation\t(none)\t100\tx86_64\t0\topenssl-3.3.0-1.azl3.src.rpm\n';
  it('is read by its columns', () => {
    const inventory = atOnce(
      readInventory(
        new Map([os('azurelinux'), ['var/lib/rpmmanifest/container-manifest-2', Buffer.from(`${line}broken line\n`)]]),
      ),
    );
    expect(inventory).toMatchObject({
      coverage: 'partial',
      database: 'rpm-manifest',
      packages: [
        {
          name: 'openssl-libs',
          version: '3.3.0-1.azl3',
          architecture: 'x86_64',
          source: { name: 'openssl', version: '3.3.0-1.azl3' },
        },
      ],
    });
  });
});

describe('the manifest of chisel', () => {
  const wall = (...rows: unknown[]): Buffer =>
    zstdCompressSync(Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
  const head = (count: number) => ({ jsonwall: '1.0', schema: '1.0', count });
  const libc = { kind: 'package', name: 'libc6', version: '2.39-0ubuntu8.4', sha256: 'x', arch: 'amd64' };
  const chiselled = (bytes: Uint8Array) =>
    atOnce(readInventory(new Map([os('ubuntu'), ['var/lib/chisel/manifest.wall', bytes]])));

  it('is read by its packages', () => {
    expect(chiselled(wall(head(3), { kind: 'path', path: '/etc' }, libc))).toMatchObject({
      coverage: 'complete',
      database: 'chisel',
      packages: [{ name: 'libc6', version: '2.39-0ubuntu8.4', architecture: 'amd64' }],
    });
  });

  it.each([
    ['another schema', wall({ jsonwall: '1.0', schema: '2.0', count: 2 }, libc)],
    ['no zstd', Buffer.from('{"jsonwall":"1.0"}')],
    ['a wall that breaks off', wall(head(90), libc)],
    ['a package without a version', wall(head(3), libc, { kind: 'package', name: 'x' })],
  ])('%s is damage', (_name, bytes) => {
    const inventory = chiselled(bytes);
    expect(inventory.coverage).not.toBe('complete');
    expect(inventory.problems).toMatchObject([{ code: 'database-damaged' }]);
  });
});

describe('the database of pacman', () => {
  const desc = (name: string, version: string) =>
    Buffer.from(
      `%NAME%\n${name}\n\n%VERSION%\n${version}\n\n%BASE%\ngcc\n\n%ARCH%\nx86_64\n\n%DEPENDS%\nglibc\nzlib\n`,
    );
  it('is read folder by folder', () => {
    const files = new Map<string, Uint8Array>([
      ['etc/os-release', Buffer.from('ID=arch\n')],
      ['var/lib/pacman/local/ALPM_DB_VERSION', Buffer.from('9\n')],
      ['var/lib/pacman/local/gcc-libs-14.1-1/desc', desc('gcc-libs', '14.1-1')],
    ]);
    expect(atOnce(readInventory(files))).toMatchObject({
      coverage: 'complete',
      database: 'pacman',
      packages: [
        { name: 'gcc-libs', version: '14.1-1', architecture: 'x86_64', source: { name: 'gcc', version: '14.1-1' } },
      ],
    });
    files.set('var/lib/pacman/local/broken-1/desc', Buffer.from('%NAME%\n'));
    expect(atOnce(readInventory(files))).toMatchObject({
      coverage: 'partial',
      problems: [{ code: 'database-damaged' }],
    });
  });
});

describe('of several databases', () => {
  const one = (version: string, installTime?: number, name = 'plain') =>
    rpmHeader({
      name,
      version,
      release: '1',
      architecture: 'noarch',
      ...(installTime !== undefined && { installTime }),
    });
  const all = (files: Readonly<Record<string, Uint8Array>>) =>
    atOnce(readInventory(new Map([os('fedora'), ...Object.entries(files)])));
  const told = (files: Readonly<Record<string, Uint8Array>>): string[] =>
    all(files).packages.map(({ name, version }) => `${name} ${version}`);

  it('in a folder the newest form is read, and nothing of another', () => {
    const [old, now] = [ndbFile([one('1.0', 99, 'gone')]), ndbFile([one('1.1', 1)])];
    expect(told({ 'var/lib/rpm/Packages': old, 'var/lib/rpm/rpmdb.sqlite': now })).toEqual(['plain 1.1-1']);
    expect(told({ 'var/lib/rpm/Packages': old, 'var/lib/rpm/Packages.db': now })).toEqual(['plain 1.1-1']);
    expect(told({ 'var/lib/rpm/Packages.db': old, 'var/lib/rpm/rpmdb.sqlite': now })).toEqual(['plain 1.1-1']);
  });

  it.each([
    ['usr/lib/sysimage/rpm', 'var/lib/rpm'],
    ['var/lib/rpm', 'usr/lib/sysimage/rpm'],
    ['usr/share/rpm', 'var/lib/rpm'],
  ])('that of %s is read, into which was installed last, and not that of %s', (newer, older) => {
    const files = {
      [`${older}/rpmdb.sqlite`]: ndbFile([one('1.0', 1_700_000_000), one('1', 1_700_000_001, 'gone')]),
      [`${newer}/rpmdb.sqlite`]: ndbFile([one('1.1', 1_700_000_002)]),
    };
    expect(told(files)).toEqual(['plain 1.1-1']);
  });

  it('that say nothing of a time, the one that distributions have today is read', () => {
    const files = {
      'var/lib/rpm/rpmdb.sqlite': ndbFile([one('1.0')]),
      'usr/lib/sysimage/rpm/rpmdb.sqlite': ndbFile([one('1.1')]),
    };
    expect(told(files)).toEqual(['plain 1.1-1']);
  });

  it('one that cannot be read is not passed over in silence', () => {
    const files = {
      'var/lib/rpm/rpmdb.sqlite': ndbFile([one('1.0', 5)]),
      'usr/lib/sysimage/rpm/rpmdb.sqlite': Buffer.from('SQLite format 3\0broken'),
    };
    expect(all(files)).toMatchObject({ coverage: 'partial', problems: [{ code: 'database-damaged' }] });
  });
});

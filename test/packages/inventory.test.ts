import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/core/package.ts';
import type { Problem } from '../../src/core/problem.ts';
import { atOnce } from '../../src/core/time/turns.ts';
import { readInventory } from '../../src/packages/inventory.ts';

function files(texts: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
}

function read(texts: Readonly<Record<string, string>>): Inventory {
  return atOnce(readInventory(files(texts)));
}

const os = { 'etc/os-release': 'ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian 12"\n' };

function paragraph(name: string, version: string, architecture = 'amd64'): string {
  return `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: ${architecture}\n\n`;
}

describe('readInventory', () => {
  it('is complete when a database was read to its end', () => {
    expect(read({ ...os, 'var/lib/dpkg/status': paragraph('a', '1') })).toEqual({
      os: { id: 'debian', versionId: '12', prettyName: 'Debian 12' },
      coverage: 'complete',
      database: 'dpkg',
      packages: [{ name: 'a', version: '1', architecture: 'amd64', source: { name: 'a', version: '1' } }],
      problems: [],
    });
  });

  it('leaves out names and versions that only fill reports', () => {
    const long = '1'.repeat(1001);
    const status = [paragraph('a', '1'), paragraph('b', long), paragraph(`c${long}`, '1')].join('');
    expect(read({ ...os, 'var/lib/dpkg/status': status })).toMatchObject({
      coverage: 'partial',
      packages: [{ name: 'a' }],
      problems: [{ code: 'database-damaged', message: expect.stringContaining('2 of its packages') }],
    });
  });

  it('sorts by name, architecture and version in code unit order', () => {
    const status = [
      paragraph('b', '1'),
      paragraph('a-b', '1'),
      paragraph('a', '1', 'i386'),
      paragraph('a', '2'),
      paragraph('B', '1'),
      paragraph('a+', '1'),
    ].join('');
    const { packages } = read({ 'var/lib/dpkg/status': status });
    expect(packages.map(({ name, architecture }) => `${name}:${architecture}`)).toEqual([
      'B:amd64',
      'a:amd64',
      'a:i386',
      'a+:amd64',
      'a-b:amd64',
      'b:amd64',
    ]);
  });

  it('is partial when some packages could not be read', () => {
    const inventory = read({ 'var/lib/dpkg/status': `garbage\n\n${paragraph('a', '1')}` });
    expect(inventory.coverage).toBe('partial');
    expect(inventory.packages).toHaveLength(1);
    expect(inventory.problems.map(({ code }) => code)).toEqual(['database-damaged']);
  });

  it('is partial when the layers were not read completely', () => {
    const problem: Problem = { code: 'layer-truncated', message: 'x' };
    const inventory = atOnce(
      readInventory(files({ 'var/lib/dpkg/status': paragraph('a', '1') }), {
        complete: false,
        problems: [problem],
      }),
    );
    expect(inventory.coverage).toBe('partial');
    expect(inventory.problems).toEqual([problem]);
  });

  it('reads dpkg status and status.d together, and says once what both say', () => {
    const inventory = read({
      ...os,
      'var/lib/dpkg/status': paragraph('a', '1') + paragraph('b', '1'),
      'var/lib/dpkg/status.d/c': 'Package: c\nVersion: 3\nArchitecture: all\n',
      'var/lib/dpkg/status.d/a': 'Package: a\nVersion: 1\nArchitecture: amd64\n',
    });
    expect(inventory.packages.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(inventory).toMatchObject({ coverage: 'complete', database: 'dpkg' });
  });

  it('names status.d in a distroless image', () => {
    expect(read({ 'var/lib/dpkg/status.d/c': 'Package: c\nVersion: 3\nArchitecture: all\n' }).database).toBe(
      'status.d',
    );
  });

  it.each([
    ['a database file without packages', { ...os, 'var/lib/dpkg/status': '' }, 'empty-package-database'],
    ['an empty database without a distro', { 'lib/apk/db/installed': '\n' }, 'empty-package-database'],
    ['a distro without a database', os, 'no-package-database'],
    ['an rpm database', { ...os, 'var/lib/rpm/rpmdb.sqlite': 'SQLite format 3\0' }, 'database-damaged'],
    ['an rpm database of SUSE', { 'usr/lib/sysimage/rpm/Packages.db': 'RpmP' }, 'database-damaged'],
    ['an rpm database of ostree', { 'usr/share/rpm/rpmdb.sqlite': '' }, 'database-damaged'],
    ['an old rpm database', { 'var/lib/rpm/Packages': '' }, 'database-damaged'],
    ['a chisel manifest', { 'var/lib/chisel/manifest.wall': '' }, 'database-damaged'],
    ['a pacman database', { 'var/lib/pacman/local/zlib-1-1/desc': '%NAME%\nzlib\n' }, 'database-damaged'],
  ])('has no coverage for %s', (_, texts, code) => {
    const inventory = read(texts as Record<string, string>);
    expect(inventory).toMatchObject({ coverage: 'none', packages: [] });
    expect(inventory.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('names the damaged database and where it is', () => {
    const { database, problems } = read({ 'var/lib/rpm/Packages': '' });
    expect(database).toBe('rpm');
    expect(problems[0]?.message).toContain('the rpm database var/lib/rpm/Packages is damaged');
  });

  it('is partial when a database that cannot be read stands beside one that can', () => {
    const inventory = read({ 'var/lib/dpkg/status': paragraph('a', '1'), 'var/lib/rpm/Packages': '' });
    expect(inventory).toMatchObject({ coverage: 'partial', database: 'dpkg' });
  });

  it('has nothing to say about an image without distro and database', () => {
    expect(read({})).toEqual({ coverage: 'none', packages: [], problems: [] });
    expect(read({ 'app/server': 'x' })).toEqual({ coverage: 'none', packages: [], problems: [] });
  });
});

it('says of a distribution with a database of another kind only what was looked for', () => {
  const { coverage, problems } = read({ 'etc/os-release': 'ID=void\n', 'var/db/xbps/pkgdb-0.38.plist': '<plist/>' });
  const message = expect.stringContaining('no package database of dpkg, apk, rpm or pacman was found');
  expect({ coverage, problems }).toMatchObject({ coverage: 'none', problems: [{ message }] });
});

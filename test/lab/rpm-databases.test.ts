import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOnce } from '../../src/core/time/turns.ts';
import { readInventory } from '../../src/packages/inventory.ts';
import { runTool } from './support/run-tool.ts';

const packages = [
  { name: 'plain', version: '1.0', release: '1.el9', architecture: 'noarch' },
  { name: 'with-epoch', version: '2.3~rc1', release: '4', architecture: 'noarch', epoch: 7 },
  { name: 'a-name-with-1-digit', version: '0^git1', release: '0.2', architecture: 'noarch' },
  // Larger than a page, so that every format has to chain pages.
  { name: 'large', version: '5', release: '1', architecture: 'noarch', changelog: 40_000 },
  ...Array.from({ length: 120 }, (_, n) => ({
    name: `filler-${n}`,
    version: `${n}`,
    release: '1',
    architecture: 'noarch',
  })),
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-rpm-'));
  for (const one of packages) {
    const text = [
      `Name: ${one.name}`,
      `Version: ${one.version}`,
      `Release: ${one.release}`,
      ...('epoch' in one ? [`Epoch: ${one.epoch}`] : []),
      'Summary: x',
      'License: MIT',
      'BuildArch: noarch',
      '%description',
      'changelog' in one ? 'words and more words\n'.repeat(one.changelog / 20) : 'x',
      '%files',
      '',
    ];
    writeFileSync(path.join(folder, `${one.name}.spec`), text.join('\n'));
  }
  const specs = packages.map(({ name }) => path.join(folder, `${name}.spec`));
  runTool(
    'rpmbuild',
    ['-bb', '--quiet', '--define', `_topdir ${folder}/build`, '--define', '_build_id_links none', ...specs],
    { seconds: 300 },
  );
}, 320_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Installs the packages into a database, and asks rpm what is in it. Debian's rpm writes SQLite only. */
function makeDatabase(): { file: string; listed: string[] } {
  const place = path.join(folder, 'sqlite');
  mkdirSync(place);
  const options = ['--root', place, '--dbpath', '/db', '--define', '_db_backend sqlite'];
  const rpms = packages.map((one) =>
    path.join(folder, 'build/RPMS/noarch', `${one.name}-${one.version}-${one.release}.noarch.rpm`),
  );
  runTool('rpm', [...options, '-i', '--nodeps', '--justdb', '--nosignature', ...rpms], { seconds: 120 });
  const query = '%{NAME}\\t%{EVR}\\t%{ARCH}\\n';
  const listed = runTool('rpm', [...options, '-qa', '--qf', query])
    .trim()
    .split('\n')
    .sort();
  return { file: path.join(place, 'db/rpmdb.sqlite'), listed };
}

function read(name: string, bytes: Uint8Array) {
  return atOnce(
    readInventory(
      new Map([
        ['etc/os-release', Buffer.from('ID=fedora\nVERSION_ID=42\n')],
        [`var/lib/rpm/${name}`, bytes],
      ]),
    ),
  );
}

const rows = (inventory: ReturnType<typeof read>): string[] =>
  inventory.packages.map((one) => [one.name, one.version, one.architecture].join('\t')).sort();

describe('databases that rpm itself wrote', () => {
  it('SQLite is read as rpm reads it', () => {
    const { file, listed } = makeDatabase();
    const inventory = read(path.basename(file), readFileSync(file));
    expect(inventory).toMatchObject({ coverage: 'complete', database: 'rpm', problems: [] });
    expect(listed).toHaveLength(packages.length);
    expect(rows(inventory)).toEqual(listed);
    expect(inventory.packages.find(({ name }) => name === 'with-epoch')?.source).toEqual({
      name: 'with-epoch',
      version: '7:2.3~rc1-4',
    });
  });

  it('a write-ahead log that was not folded in counts', () => {
    const file = path.join(folder, 'wal.sqlite');
    const source = path.join(folder, 'sqlite/db/rpmdb.sqlite');
    writeFileSync(file, readFileSync(source));
    const database = new DatabaseSync(file);
    database.exec('pragma foreign_keys = off; pragma journal_mode = wal; pragma wal_autocheckpoint = 0');
    const [row] = database.prepare('select hnum from Packages limit 1').all();
    database.prepare('delete from Packages where hnum = ?').run(Number(row?.['hnum']));
    const [main, wal] = [readFileSync(file), readFileSync(`${file}-wal`)];
    database.close();
    const base: [string, Uint8Array][] = [['var/lib/rpm/rpmdb.sqlite', main]];
    const count = (files: [string, Uint8Array][]): number => atOnce(readInventory(new Map(files))).packages.length;
    expect(count(base)).toBe(packages.length);
    expect(count([...base, ['var/lib/rpm/rpmdb.sqlite-wal', wal]])).toBe(packages.length - 1);
    // A log that was cut, or changed, ends where it stops making sense.
    expect(count([...base, ['var/lib/rpm/rpmdb.sqlite-wal', wal.subarray(0, 40)]])).toBe(packages.length);
    const changed = Buffer.from(wal);
    changed.writeUInt8(changed.readUInt8(100) ^ 1, 100);
    expect(count([...base, ['var/lib/rpm/rpmdb.sqlite-wal', changed]])).toBe(packages.length);
  });

  it.each([['1234'], ['4321']])('a Berkeley hash in byte order %s holds the same headers', (order) => {
    const database = new DatabaseSync(path.join(folder, 'sqlite/db/rpmdb.sqlite'), { readOnly: true });
    const blobs = database.prepare('select hnum, blob from Packages').all() as { hnum: number; blob: Uint8Array }[];
    database.close();
    const key = (number: number): string => {
      const bytes = Buffer.alloc(4);
      if (order === '1234') bytes.writeUInt32LE(number);
      else bytes.writeUInt32BE(number);
      return bytes.toString('hex');
    };
    // rpm keeps its largest package number under key 0, which is no package.
    const pairs = [
      [key(0), '7b000000'],
      ...blobs.map(({ hnum, blob }) => [key(hnum), Buffer.from(blob).toString('hex')]),
    ];
    const dump = [
      'VERSION=3',
      'format=bytevalue',
      'type=hash',
      `db_lorder=${order}`,
      'db_pagesize=4096',
      'HEADER=END',
      ...pairs.flat().map((hex) => ` ${hex}`),
      'DATA=END',
      '',
    ];
    const file = path.join(folder, `berkeley-${order}`);
    writeFileSync(`${file}.dump`, dump.join('\n'));
    runTool('db5.3_load', ['-f', `${file}.dump`, file]);
    const inventory = read('Packages', readFileSync(file));
    expect(inventory).toMatchObject({ coverage: 'complete', problems: [] });
    expect(rows(inventory)).toEqual(
      rows(read('rpmdb.sqlite', readFileSync(path.join(folder, 'sqlite/db/rpmdb.sqlite')))),
    );
  });

  it('a file cut anywhere is never taken for whole', () => {
    const whole = readFileSync(path.join(folder, 'sqlite/db/rpmdb.sqlite'));
    for (let part = 1; part < 12; part++) {
      const inventory = read('rpmdb.sqlite', whole.subarray(0, Math.floor((whole.length * part) / 12)));
      if (inventory.coverage === 'complete') expect(inventory.packages).toHaveLength(packages.length);
      else expect(inventory.problems.length).toBeGreaterThan(0);
    }
  });
});

/** Databases of real CentOS systems, which a Debian package carries for the tests of another reader, and that reader. */
describe('Berkeley databases of real systems', () => {
  const source = 'usr/share/gocode/src/github.com/knqyf263/go-rpmdb/pkg/testdata';
  const systems = [
    'centos5-plain',
    'centos6-devtools',
    'centos6-many',
    'centos6-plain',
    'centos7-devtools',
    'centos7-httpd24',
    'centos7-many',
    'centos7-plain',
    'centos7-python35',
    'centos8-modularitylabel',
  ];

  beforeAll(() => {
    const names = ['go-rpmdb', 'golang-github-knqyf263-go-rpmdb-dev'];
    runTool('sh', [
      '-c',
      `cd "$0" && apt-get download ${names.join(' ')} && for one in *.deb; do dpkg-deb -x "$one" .; done`,
      folder,
    ]);
  }, 300_000);

  it.each(systems)('%s is read as the other reader reads it', (system) => {
    const place = path.join(folder, source, system);
    const printed = runTool('sh', ['-c', 'cd "$0" && "$1"', place, path.join(folder, 'usr/bin/go-rpmdb')]);
    const others = [...printed.matchAll(/\{Epoch:(\d+) Name:(\S+) Version:(\S+) Release:(\S+) Arch:(\S+) /g)]
      .filter(([, , name]) => name !== 'gpg-pubkey')
      .map(([, epoch, name, version, release, architecture]) =>
        [name, `${epoch === '0' ? '' : `${epoch}:`}${version}-${release}`, architecture].join('\t'),
      )
      .sort();
    const inventory = read('Packages', readFileSync(path.join(place, 'Packages')));
    expect(inventory).toMatchObject({ coverage: 'complete', problems: [] });
    expect(others.length).toBeGreaterThan(100);
    // The other reader does not tell an epoch of 0 from none; rpm's own EVR does.
    expect(rows(inventory).map((row) => row.replace('\t0:', '\t'))).toEqual(others);
  });
});

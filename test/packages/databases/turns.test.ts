import { zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { inTurns } from '../../../src/core/time/turns.ts';
import { readInventory } from '../../../src/packages/inventory.ts';
import { longestStretch } from '../../support/watchdog.ts';

/** Each takes a second or more in one go. */
const megabytes = 24;
const newlines = Buffer.alloc(megabytes * 1024 * 1024, '\n');

function repeated(text: (i: number) => string, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, i) => text(i)).join(''));
}

function wall(rows: readonly string[]): Buffer {
  return zstdCompressSync([JSON.stringify({ jsonwall: '1.0', schema: '1.0' }), ...rows].join('\n'));
}

/** SQLite with a write-ahead log that checks, frame after frame, and commits nothing. */
function sqliteWithLog(): [path: string, bytes: Uint8Array][] {
  const size = 4096;
  const file = Buffer.alloc(size);
  file.write('SQLite format 3\0', 0, 'latin1');
  file.writeUInt16BE(size, 16);
  const log = Buffer.alloc(32 + 25_000 * (24 + size));
  let [a, b] = [0, 0];
  const sum = (start: number, end: number): void => {
    for (let at = start; at < end; at += 8) {
      a = (a + log.readUInt32LE(at) + b) >>> 0;
      b = (b + log.readUInt32LE(at + 4) + a) >>> 0;
    }
  };
  log.writeUInt32BE(0x377f0682, 0);
  sum(0, 24);
  log.writeUInt32BE(a, 24);
  log.writeUInt32BE(b, 28);
  for (let at = 32; at < log.length; at += 24 + size) {
    log.writeUInt32BE(at, at);
    sum(at, at + 8);
    sum(at + 24, at + 24 + size);
    log.writeUInt32BE(a, at + 16);
    log.writeUInt32BE(b, at + 20);
  }
  return [
    ['var/lib/rpm/rpmdb.sqlite', file],
    ['var/lib/rpm/rpmdb.sqlite-wal', log],
  ];
}

/** Berkeley hash: pages full of entries that are no packages. */
function emptyHash(): Buffer {
  const [size, pages] = [512, 120_000];
  const file = Buffer.alloc((pages + 1) * size);
  file.writeUInt32LE(0x00061561, 12);
  file.writeUInt32LE(size, 20);
  file.writeUInt32LE(pages, 32);
  for (let start = size; start < file.length; start += size) {
    file.writeUInt8(13, start + 25);
    file.writeUInt16LE(243, start + 20);
    for (let i = 0; i < 243; i++) file.writeUInt16LE(26, start + 26 + i * 2);
  }
  return file;
}

const hostile: Readonly<Record<string, () => readonly (readonly [path: string, bytes: Uint8Array])[]>> = {
  'a status of blank lines': () => [['var/lib/dpkg/status', newlines]],
  'a status of fields that nobody wants': () => [
    ['var/lib/dpkg/status', repeated(() => `Package: a\nVersion: 1\n${'X: a\n'.repeat(1000)}\n`, megabytes * 200)],
  ],
  'a status with as many packages as are read': () => [
    [
      'var/lib/dpkg/status',
      repeated((i) => `Package: p${i}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n`, 100_000),
    ],
  ],
  'an apk database of lines that nobody wants': () => [
    ['lib/apk/db/installed', repeated(() => `P:a\nV:1\n${'R:a\n'.repeat(1000)}\n`, megabytes * 250)],
  ],
  'a manifest of blank lines': () => [['var/lib/rpmmanifest/container-manifest-2', newlines]],
  'a manifest of a million packages': () => [
    [
      'var/lib/rpmmanifest/container-manifest-2',
      repeated((i) => `p${i}\t1-1\t1\t1\tMicrosoft Corporation\t(none)\t1\tx86_64\t0\t\n`, 1_000_000),
    ],
  ],
  'a chisel manifest of blank lines': () => [['var/lib/chisel/manifest.wall', wall([newlines.toString()])]],
  'a chisel manifest of small objects': () => [
    ['var/lib/chisel/manifest.wall', wall(Array.from({ length: 600_000 }, () => '{"kind":"path"}'))],
  ],
  'a chisel manifest of one line': () => [['var/lib/chisel/manifest.wall', wall(['[],'.repeat(megabytes * 300_000)])]],
  'a long log beside an rpm database': sqliteWithLog,
  'an rpm database of entries that are none': () => [['var/lib/rpm/Packages', emptyHash()]],
};

it.each(Object.entries(hostile))('%s is read in turns', async (_name, make) => {
  const files = new Map(make());
  expect(await longestStretch(() => inTurns(readInventory(files)))).toBeLessThan(250);
});

it.each([
  ['rpmmanifest/container-manifest-2', repeated((i) => `p${i}\t1-1\t\t\t\t\t\tx86_64\t0\t\n`, 100_001)],
  [
    'chisel/manifest.wall',
    wall(Array.from({ length: 100_001 }, (_, i) => `{"kind":"package","name":"p${i}","version":"1","arch":"all"}`)),
  ],
])('%s with more packages than are read says so', async (file, bytes) => {
  const inventory = await inTurns(readInventory(new Map([[`var/lib/${file}`, bytes]])));
  expect([inventory.packages.length, inventory.coverage]).toEqual([100_000, 'partial']);
  expect(inventory.problems).toMatchObject([{ code: 'database-too-large' }]);
});

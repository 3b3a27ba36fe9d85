import { describe, expect, it } from 'vitest';
import { atOnce, inTurns } from '../../../src/core/time/turns.ts';
import { berkeleyBlobs } from '../../../src/packages/databases/rpm/berkeley.ts';
import { readHeader } from '../../../src/packages/databases/rpm/header.ts';
import { ndbBlobs } from '../../../src/packages/databases/rpm/ndb.ts';
import { sqliteBlobs } from '../../../src/packages/databases/rpm/sqlite-pages.ts';
import { readInventory } from '../../../src/packages/inventory.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { ndbFile, rpmHeader } from '../../support/rpm-header.ts';
import { longestStretch } from '../../support/watchdog.ts';

/** SQLite: `rows` cells of one leaf, all with the same chain of overflow pages behind them. */
function sqliteBomb(rows: number, overflowPages: number): Buffer {
  const size = 4096;
  const file = Buffer.alloc((2 + overflowPages) * size);
  file.write('SQLite format 3\0', 0, 'latin1');
  file.writeUInt16BE(size, 16);
  const schema = Buffer.from([5, 0x17, 0x1d, 0, 1, ...Buffer.from('tablePackages'), 2]);
  leaf(0, 100, [Buffer.concat([varint(schema.length), varint(1), schema])]);
  const length = (size - 4) * overflowPages;
  const serial = varint(12 + 2 * (length - 10));
  const local = Buffer.concat([Buffer.from([2 + serial.length, 0]), serial, Buffer.alloc(480)]);
  const cell = Buffer.concat([varint(length), varint(1), local]);
  // 489 bytes of a row stay on its page at least (fileformat2.html); its first overflow page follows them.
  const least = Math.floor(((size - 12) * 32) / 255) - 23;
  const surplus = least + ((length - least) % (size - 4));
  const inPage = surplus <= size - 35 ? surplus : least;
  const head = cell.length - local.length;
  const whole = Buffer.alloc(head + inPage + 4);
  cell.copy(whole);
  whole.writeUInt32BE(3, head + inPage);
  leaf(size, 0, [whole], rows);
  for (let page = 3; page <= 2 + overflowPages; page++) file.writeUInt32BE(page + 1, (page - 1) * size);
  return file;

  function leaf(start: number, header: number, [one]: readonly [Buffer], times = 1): void {
    const at = size - one.length;
    one.copy(file, start + at);
    file.writeUInt8(0x0d, start + header);
    file.writeUInt16BE(times, start + header + 3);
    for (let i = 0; i < times; i++) file.writeUInt16BE(at, start + header + 8 + i * 2);
  }
}

function varint(value: number): Buffer {
  const bytes = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift((rest & 0x7f) | 0x80);
  return Buffer.from(bytes);
}

/** ndb: every slot points at the same blob. */
function ndbBomb(slotPages: number, length: number): Buffer {
  const file = Buffer.alloc(slotPages * 4096 + 16 + length);
  file.write('RpmP', 0);
  file.writeUInt32LE(slotPages, 12);
  for (let at = 32; at < slotPages * 4096; at += 16) {
    file.write('Slot', at);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE((slotPages * 4096) / 16, at + 8);
  }
  const blob = slotPages * 4096;
  file.write('BlbS', blob);
  file.writeUInt32LE(1, blob + 4);
  file.writeUInt32LE(length, blob + 12);
  return file;
}

/** Berkeley hash: every value stands on the same chain of pages. */
function berkeleyBomb(hashPages: number, overflowPages: number): Buffer {
  const size = 4096;
  const last = hashPages + overflowPages;
  const file = Buffer.alloc((last + 1) * size);
  file.writeUInt32LE(0x00061561, 12);
  file.writeUInt32LE(size, 20);
  file.writeUInt32LE(last, 32);
  for (let page = 1; page <= hashPages; page++) {
    const start = page * size;
    file.writeUInt8(13, start + 25);
    file.writeUInt16LE(2000, start + 20);
    for (let i = 0; i < 2000; i++) file.writeUInt16LE(size - 12, start + 26 + i * 2);
    file.writeUInt8(3, start + size - 12);
    file.writeUInt32LE(hashPages + 1, start + size - 8);
    file.writeUInt32LE(overflowPages * (size - 26), start + size - 4);
  }
  for (let page = hashPages + 1; page <= last; page++) {
    file.writeUInt8(7, page * size + 25);
    file.writeUInt32LE(page + 1, page * size + 16);
  }
  return file;
}

const os: [string, Uint8Array] = ['etc/os-release', Buffer.from('ID=fedora\nVERSION_ID=41\n')];

describe('a small database in which packages share their bytes', () => {
  const bombs: Record<string, [file: Buffer, blobs: (file: Buffer) => Iterable<Buffer | undefined>]> = {
    'rpmdb.sqlite': [sqliteBomb(1500, 400), (file) => sqliteBlobs(file, undefined)],
    'Packages.db': [ndbBomb(200, 800_000), ndbBlobs],
    Packages: [berkeleyBomb(100, 300), berkeleyBlobs],
  };
  it.each(Object.entries(bombs))('%s is not read longer than it is', async (name, [file, blobs]) => {
    let joined = 0;
    expect(() => {
      for (const blob of blobs(file)) joined += blob?.length ?? 0;
    }).toThrow(RangeError);
    expect(joined).toBeGreaterThan(0);
    expect(joined).toBeLessThanOrEqual(file.length);
    const spent = await cpuTime(() => {
      const inventory = atOnce(readInventory(new Map([os, [`var/lib/rpm/${name}`, file]])));
      expect(inventory.coverage).not.toBe('complete');
      expect(inventory.problems.map(({ code }) => code)).toContain('database-damaged');
    });
    expect(spent).toBeLessThan(500);
    const files = new Map([os, [`var/lib/rpm/${name}`, file]]);
    expect(await longestStretch(() => inTurns(readInventory(files)))).toBeLessThan(250);
  });
});

it('a header that repeats a tag, each time with a text as long as itself, costs one of them', async () => {
  const [entries, length] = [60_000, 2_000_000];
  const blob = Buffer.alloc(8 + entries * 16 + length, 'x');
  blob.writeUInt32BE(entries, 0);
  blob.writeUInt32BE(length, 4);
  for (let i = 0; i < entries; i++) {
    for (const [at, value] of [1000, 6, i, 1].entries()) blob.writeUInt32BE(value, 8 + i * 16 + at * 4);
  }
  blob[blob.length - 1] = 0;
  const time = await cpuTime(() => expect(() => readHeader(blob)).toThrow('a string is longer than any'));
  expect(time).toBeLessThan(200);
});

it('damaged headers are counted, the first ones by name', () => {
  const broken = rpmHeader({ name: 'a', version: '', release: '1' });
  const whole = rpmHeader({ name: 'bash', version: '5.2', release: '1', architecture: 'x86_64' });
  const file = ndbFile([...Array.from({ length: 25 }, () => broken), whole]);
  const { packages, problems, coverage } = atOnce(readInventory(new Map([os, ['var/lib/rpm/Packages.db', file]])));
  expect([packages.map(({ name }) => name), coverage]).toEqual([['bash'], 'partial']);
  expect(problems).toHaveLength(11);
  expect(problems.at(-1)?.message).toBe(
    'the rpm database var/lib/rpm/Packages.db is damaged: 15 more packages cannot be read',
  );
});

import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readApkIndex } from '../../../src/packages/apk/apk-index.ts';
import { firstGzipMember } from '../../../src/packages/apk/gzip-member.ts';
import { ArchiveTrouble } from '../../../src/packages/archives/archive-error.ts';
import { rowsOf } from '../../../src/packages/archives/package-rows.ts';
import { apkIndexFile, makeApkKey } from '../../support/fake-apk.ts';
import { fc } from '../../support/fast-check.ts';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const key = makeApkKey('k.rsa.pub');
const index = apkIndexFile(
  Array.from({ length: 200 }, (_, n) => ({ name: `p${n}`, version: `${n}`, origin: 'o' })),
  [key],
);

describe('the bytes of an index', () => {
  it.each([1, 7, 511, 512, 513, 100_000])('are read in pieces of %i', async (size) => {
    const found = await readApkIndex(pieces(index, size), 'x');
    expect(found.signatures).toMatchObject([{ key: 'k.rsa.pub', hash: 'sha1' }]);
    expect(rowsOf(found.table, 'p199')).toEqual([
      { name: 'p199', version: '199', architecture: 'x86_64', source: { name: 'o', version: '199' } },
    ]);
  });

  it.each(['ADB.', 'ADBd', 'ADBc'])('that are those of apk 3 (%s) are named as what is not read', async (magic) => {
    await expect(readApkIndex(pieces(Buffer.from(`${magic}indx`), 3), 'http://x/i')).rejects.toMatchObject({
      problem: { code: 'archive-form-unread', message: expect.stringContaining('apk 3 (adb)') },
    });
  });

  it('are trouble at worst, whatever was done to them', async () => {
    const change = fc.tuple(fc.nat(index.length - 1), fc.nat(255), fc.nat(index.length));
    await fc.assert(
      fc.asyncProperty(change, async ([at, byte, length]) => {
        const bytes = Buffer.from(index.subarray(0, length));
        if (at < bytes.length) bytes.writeUInt8(byte, at);
        const found = await readApkIndex(pieces(bytes, 1000), 'x').catch((error: unknown) => error);
        if (found instanceof Error) expect(found).toBeInstanceOf(ArchiveTrouble);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the first gzip member', () => {
  const body = Buffer.concat([deflateRawSync('hello'), Buffer.alloc(8)]);
  const head = (flags: number, ...more: readonly (string | number)[]): Buffer =>
    Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]),
      ...more.map((one) => (typeof one === 'number' ? Buffer.from([one]) : Buffer.from(one, 'latin1'))),
    ]);
  it.each([
    ['nothing more', head(0)],
    ['a name', head(8, 'name\0')],
    ['a comment', head(16, 'comment\0')],
    ['an extra field', head(4, 3, 0, 'abc')],
    ['a checksum', head(2, 1, 2)],
    ['all of them', head(30, 2, 0, 'ab', 'name\0', 'comment\0', 1, 2)],
  ])('ends where it ends, with %s in its header', (_, start) => {
    const member = Buffer.concat([start, body]);
    const found = firstGzipMember(Buffer.concat([member, gzipSync('more')]));
    expect([found?.content.toString(), found?.size]).toEqual(['hello', member.length]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another format', Buffer.from('BZh91AY&SY and more')],
    ['a member that is cut off', gzipSync('x'.repeat(1000)).subarray(0, -3)],
    ['a member that is large', gzipSync(Buffer.alloc(1024 * 1024))],
    ['a name without an end', head(8, 'n'.repeat(50))],
    ['an extra field beyond the end', head(4, 255, 255, 'abc')],
  ])('is not there in %s', (_, bytes) => {
    expect(firstGzipMember(bytes)).toBeUndefined();
  });
});

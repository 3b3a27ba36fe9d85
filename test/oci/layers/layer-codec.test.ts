import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeExtract, encodeExtract } from '../../../src/oci/layers/layer-codec.ts';
import { fc } from '../../support/fast-check.ts';
import { layer, noise } from '../../support/image-builder.ts';
import { readBytes, readEntries } from '../../support/read-layer.ts';

async function example() {
  return readEntries([
    { path: 'var/lib/dpkg/status', content: noise(3000) },
    { path: 'etc/os-release', type: 'symlink', link: '../usr/lib/os-release' },
    { path: 'usr/lib/os-release', content: '' },
    { path: 'lib/apk/db/installed', type: 'hardlink', link: 'opt/ä\u0000' },
    { path: 'usr', type: 'directory' },
    { path: 'var/lib/.wh.pacman' },
    { path: 'var/lib/rpm/.wh..wh..opq' },
    { path: '../x' },
    { path: 'etc/alpine-release', type: 'fifo' },
  ]);
}

describe('the encoding of extracts', () => {
  it('gives back what it was given', async () => {
    const extract = await example();
    const decoded = await decodeExtract(await encodeExtract(extract));
    expect({ ...decoded, files: [...decoded.files].map(([path, bytes]) => [path, Buffer.from(bytes)]) }).toEqual({
      ...extract,
      files: [...extract.files].map(([path, bytes]) => [path, Buffer.from(bytes)]),
    });
    const cut = await readBytes(layer({ a: noise(5000) }, { compression: 'none' }).bytes.subarray(0, 3000));
    expect(await decodeExtract(await encodeExtract(cut))).toEqual(cut);
  });

  it('is compact', async () => {
    const extract = await readEntries({ 'var/lib/dpkg/status': 'Package: a\nVersion: 1\n\n'.repeat(10_000) });
    expect((await encodeExtract(extract)).length).toBeLessThan(2000);
  });

  it.each([
    ['nothing', () => new Uint8Array()],
    ['noise', () => noise(1000)],
    ['another version', (bytes: Buffer) => bytes.fill(99, 4, 5)],
    ['a part', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['no JSON', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 9), zstdCompressSync(noise(100))])],
    ['other JSON', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 9), zstdCompressSync('\x02\0\0\0{}')])],
    ['null', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 9), zstdCompressSync('\x04\0\0\0null')])],
  ])('refuses %s', async (_, damage) => {
    const bytes = damage(Buffer.from(await encodeExtract(await example())));
    await expect(decodeExtract(bytes)).rejects.toMatchObject({ name: 'PlimsollError', code: 'LAYER' });
  });

  it('throws nothing but PlimsollError for changed bytes', async () => {
    const bytes = await encodeExtract(await example());
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        try {
          await decodeExtract(changed);
        } catch (error) {
          expect(error).toMatchObject({ name: 'PlimsollError', code: 'LAYER' });
        }
      }),
      { numRuns: 300 },
    );
  });
});

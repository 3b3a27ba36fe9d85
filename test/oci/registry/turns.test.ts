import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { inTurns } from '../../../src/core/time/turns.ts';
import { decodeExtract, encodeExtract } from '../../../src/oci/layers/layer-codec.ts';
import type { LayerExtract } from '../../../src/oci/layers/layer-extract.ts';
import { mergeLayers } from '../../../src/oci/layers/merge-layers.ts';
import { tar } from '../../support/image-builder.ts';
import { readBytes, readEntries } from '../../support/read-layer.ts';
import { longestStretch } from '../../support/watchdog.ts';

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function entries(count: number, path: (i: number) => string, content = ''): Buffer {
  return tar(Array.from({ length: count }, (_, i) => ({ path: path(i), content })));
}

const hostile: Readonly<Record<string, () => Uint8Array>> = {
  'a plain archive that comes in one piece': () => entries(200_000, (i) => `usr/f${i}`),
  'an archive of one gzip member after the other': () =>
    Buffer.concat(Array.from({ length: 100_000 }, () => gzipSync(''))),
  'an archive of as many databases as are kept': () =>
    gzipSync(entries(50_000, (i) => `var/lib/dpkg/status.d/${i}`, 'a')),
};

it.each(Object.entries(hostile))('%s is read in turns', async (_name, make) => {
  const bytes = make();
  expect(await longestStretch(() => readBytes(inOnePiece(bytes)))).toBeLessThan(250);
});

/** The largest that a layer may leave. */
async function largeExtract(): Promise<LayerExtract> {
  const empty = await readEntries({});
  return {
    ...empty,
    files: new Map([['var/lib/dpkg/status', Buffer.alloc(256 * 1024 * 1024, randomBytes(16 * 1024 * 1024))]]),
  };
}

it('a large extract is packed and unpacked beside everything else', async () => {
  const extract = await largeExtract();
  let packed: Uint8Array = new Uint8Array();
  const packing = async (): Promise<void> => {
    packed = await encodeExtract(extract);
  };
  expect(await longestStretch(packing)).toBeLessThan(250);
  expect(await longestStretch(() => decodeExtract(packed))).toBeLessThan(250);
});

it('the names that a layer may leave are bounded, as each is looked at several times', async () => {
  const long = (i: number): string => `var/lib/dpkg/status.d/${i}${'x'.repeat(4000)}`;
  const extract = await readBytes(gzipSync(entries(10_000, long, 'Package: a\nVersion: 1\nArchitecture: all\n')));
  expect(extract.truncated).toBe('layer-too-many-databases');
  expect(extract.problems[0]?.message).toContain('16777216 bytes of names');
  const [layers, few] = [Array.from({ length: 20 }, () => extract), Array.from({ length: 2 }, () => extract)];
  expect((await inTurns(mergeLayers(few))).files.size).toBeGreaterThan(4000);
  expect(await longestStretch(() => inTurns(mergeLayers(layers)))).toBeLessThan(250);
});

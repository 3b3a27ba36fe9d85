import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZstdFrameEnds } from '../../../src/oci/layers/zstd-frames.ts';
import { fc } from '../../support/fast-check.ts';
import { noise } from '../../support/image-builder.ts';

const frames = [
  zstdCompressSync(''),
  zstdCompressSync('hello'),
  zstdCompressSync('hello', { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  zstdCompressSync(Buffer.alloc(1_000_000), { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  zstdCompressSync(noise(300_000), { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } }),
  Buffer.from('502a4d1800000000', 'hex'),
  Buffer.concat([Buffer.from('5f2a4d1805000000', 'hex'), Buffer.from('12345')]),
];

describe('ZstdFrameEnds', () => {
  it('cuts after each frame, however the stream arrives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(frames.length - 1), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 400_000 }),
        (picks, size) => {
          const chosen = picks.map((pick) => frames[pick] ?? Buffer.alloc(0));
          const stream = Buffer.concat(chosen);
          const ends = new ZstdFrameEnds();
          const cuts = new Set<number>();
          let at = 0;
          for (let start = 0; start < stream.length; start += Math.max(size, stream.length / 5000)) {
            const from = Math.floor(start);
            const to = Math.floor(start + Math.max(size, stream.length / 5000));
            for (const piece of ends.cut(stream.subarray(from, to))) {
              at += piece.length;
              cuts.add(at);
            }
          }
          expect(at).toBe(stream.length);
          let end = 0;
          for (const frame of chosen) {
            end += frame.length;
            expect(cuts.has(end)).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes on what is no frame', () => {
    const ends = new ZstdFrameEnds();
    expect(Buffer.concat([...ends.cut(noise(100)), ...ends.cut(noise(50))])).toEqual(
      Buffer.concat([noise(100), noise(50)]),
    );
  });
});

import { constants, crc32, deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeGzip, type Ending } from '../../../src/oci/layers/gzip-members.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { fc } from '../../support/fast-check.ts';

interface Decoded {
  readonly ending: Ending;
  readonly bytes: Buffer;
}

/** Cut into chunks of these sizes in turn. */
async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let [at, turn] = [0, 0]; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function decode(bytes: Uint8Array, sizes: readonly number[] = [bytes.length || 1]): Promise<Decoded> {
  const pieces: Uint8Array[] = [];
  const ending = await decodeGzip(chunksOf(bytes, sizes), (piece) => {
    pieces.push(Buffer.from(piece));
    return true;
  });
  return { ending, bytes: Buffer.concat(pieces) };
}

interface Fields {
  readonly flags?: number;
  readonly method?: number;
  readonly extra?: Buffer;
  readonly name?: string;
  readonly comment?: string;
  readonly hasSum?: boolean;
}

/** A member with every field of RFC 1952, 2.3. */
function member(content: Buffer, { flags = 0, method = 8, extra, name, comment, hasSum }: Fields = {}): Buffer {
  const all =
    flags | (hasSum ? 2 : 0) | (extra ? 4 : 0) | (name === undefined ? 0 : 8) | (comment === undefined ? 0 : 16);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(extra?.length ?? 0);
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, method, all, 1, 2, 3, 4, 0, 255]),
    ...(extra ? [length, extra] : []),
    ...[name, comment].flatMap((text) => (text === undefined ? [] : [Buffer.from(`${text}\0`)])),
  ]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc32(header) & 0xffff);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, ...(hasSum ? [sum] : []), deflateRawSync(content), trailer]);
}

const complete = { kind: 'complete' };
const damaged = (reason: string): Ending => ({ kind: 'damaged', reason });
const behind = (reason: string): Ending => ({ kind: 'damaged', reason, isBehind: true });
const text = Buffer.from('a layer of an image\n'.repeat(2000));
const large = Buffer.concat(Array.from({ length: 40_000 }, (_, n) => Buffer.from(`${(n * 7919) % 65_521} `)));

describe('what follows the last member', () => {
  const chunkings = [
    [text, [1]],
    [text, [64 * 1024]],
    [large, [1009]],
    [large, [64 * 1024]],
  ] as const;
  it.each<[string, Buffer, Ending]>([
    ['nothing', Buffer.alloc(0), { kind: 'complete' }],
    ['zeros', Buffer.alloc(700), { kind: 'complete' }],
    ['bytes', Buffer.from('garbage'), behind('incorrect header check')],
    ['one byte', Buffer.from('x'), behind('incorrect header check')],
    ['bytes behind zeros', Buffer.concat([Buffer.alloc(512), Buffer.from('x')]), behind('incorrect header check')],
    ['a member behind zeros', Buffer.concat([Buffer.alloc(1), member(text)]), behind('incorrect header check')],
    ['half a magic number', Buffer.from([0x1f]), behind('unexpected end of file')],
    ['another magic number', Buffer.from([0x1f, 0x8c, 8, 0, 0, 0, 0, 0, 0, 0]), behind('incorrect header check')],
    ['half a header', gzipSync('x').subarray(0, 9), behind('unexpected end of file')],
  ])('loses nothing of it: %s', async (_name, tail, ending) => {
    for (const [content, sizes] of chunkings) {
      const found = await decode(Buffer.concat([gzipSync(content), tail]), sizes);
      expect(found.ending).toEqual(ending);
      expect(found.bytes.equals(content)).toBe(true);
    }
  });
});

describe('a header', () => {
  it.each<[string, Fields]>([
    ['a name', { name: 'layer.tar' }],
    ['a comment', { comment: 'made by hand' }],
    ['an extra field', { extra: Buffer.alloc(65_535, 0) }],
    ['an empty extra field', { extra: Buffer.alloc(0) }],
    ['a sum', { hasSum: true }],
    ['all of them', { name: '', comment: 'c'.repeat(100_000), extra: Buffer.from('xx\u0004\u0000abcd'), hasSum: true }],
  ])('may have %s', async (_name, fields) => {
    const bytes = Buffer.concat([member(text, fields), member(text, fields)]);
    expect(gunzipSync(bytes).length).toBe(2 * text.length);
    for (const size of [[1], [10_000]]) {
      const found = await decode(bytes, size);
      expect(found.ending).toEqual(complete);
      expect(found.bytes.equals(Buffer.concat([text, text]))).toBe(true);
    }
  });

  const good = member(text, { name: 'n', hasSum: true });
  const spoilt = (at: number): Buffer => {
    const bytes = Buffer.from(good);
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    return bytes;
  };
  it.each<[string, Buffer, string]>([
    ['another method', member(text, { method: 7 }), 'unknown compression method'],
    ['flags of the future', member(text, { flags: 0x20 }), 'unknown header flags set'],
    ['another sum of its own', spoilt(4), 'header crc mismatch'],
    ['another sum', spoilt(-8), 'incorrect data check'],
    ['another length', spoilt(-1), 'incorrect length check'],
  ])('is damaged in the words of zlib: %s', async (_name, bytes, reason) => {
    expect(() => gunzipSync(bytes)).toThrow(reason);
    expect((await decode(bytes)).ending).toEqual(damaged(reason));
    const second = await decode(Buffer.concat([gzipSync(text), bytes]));
    expect(second.ending).toMatchObject(damaged(reason));
    expect(second.bytes.subarray(0, text.length).equals(text)).toBe(true);
  });
});

it('is what zlib makes of it, however it is made, chunked and cut', async () => {
  const content = fc.oneof(
    fc.constant(Buffer.alloc(0)),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.nat(400_000).map((length) => Buffer.alloc(length, 'abc\n')),
    fc.nat(large.length).map((length) => large.subarray(0, length)),
  );
  const level = fc.constantFrom(constants.Z_NO_COMPRESSION, constants.Z_BEST_SPEED, constants.Z_BEST_COMPRESSION);
  const one = fc.tuple(content, level).map(([bytes, how]) => gzipSync(bytes, { level: how }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 }),
      fc.nat(),
      fc.boolean(),
      async (members, sizes, cut, isPadded) => {
        const whole = Buffer.concat([...members, Buffer.alloc(isPadded ? 100 : 0)]);
        const expected = gunzipSync(whole);
        // One byte at a time is slow where there are many.
        const wide = whole.length > 10_000 ? sizes.map((size) => size + 500) : sizes;
        const found = await decode(whole, wide);
        expect(found.ending).toEqual(complete);
        expect(found.bytes.equals(expected)).toBe(true);

        const part = whole.subarray(0, cut % whole.length);
        const broken = await decode(part, wide);
        let isWhole = part.length > 0;
        try {
          gunzipSync(part);
        } catch {
          isWhole = false;
        }
        expect(broken.ending).toMatchObject(isWhole ? complete : damaged('unexpected end of file'));
        expect(broken.bytes.equals(expected.subarray(0, broken.bytes.length))).toBe(true);
        // All members that end before the cut are there.
        let [ends, least] = [0, 0];
        for (const bytes of members) {
          ends += bytes.length;
          if (ends <= part.length) least += gunzipSync(bytes).length;
        }
        expect(broken.bytes.length).toBeGreaterThanOrEqual(least);
      },
    ),
    { numRuns: 150 },
  );
});

it('never hangs on a byte that is changed, and gives nothing that zlib would not', async () => {
  const whole = Buffer.concat([gzipSync(text), gzipSync(large.subarray(0, 5000)), gzipSync('')]);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: 1, max: 5000 }),
      async (at, change, size) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= change;
        // Node takes all that comes behind a zero for padding.
        fc.pre(bytes[at] !== 0 || whole[at] !== 0x1f);
        let expected: Buffer | undefined;
        try {
          expected = gunzipSync(bytes);
        } catch {
          expected = undefined;
        }
        const { ending, bytes: found } = await decode(bytes, [size]);
        expect(ending.kind === 'complete').toBe(expected !== undefined);
        if (expected !== undefined) expect(found.equals(expected)).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

it.each([
  ['at once', gzipSync(large)],
  ['in a later member', Buffer.concat([gzipSync('x'), gzipSync('y'), gzipSync(large)])],
  ['in a small member', Buffer.concat([gzipSync(''), gzipSync('y'), gzipSync('z')])],
])('stops when nobody wants more: %s', async (_name, bytes) => {
  let [taken, given] = [0, 0];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(bytes, [1000])) {
      given++;
      yield chunk;
    }
  }
  expect(await decodeGzip(chunks(), () => ++taken < 1)).toEqual({ kind: 'stopped' });
  expect(taken).toBe(1);
  expect(given).toBeLessThan(bytes.length / 1000 + 1);
});

it('throws what its input throws', async () => {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield gzipSync(large).subarray(0, 5000);
    throw new Error('the line is cut');
  }
  await expect(decodeGzip(chunks(), () => true)).rejects.toThrow('the line is cut');
});

it('reads many small members in little time', async () => {
  const many = Buffer.concat(Array.from({ length: 20_000 }, (_, n) => gzipSync(n % 2 === 0 ? '' : 'x')));
  const took = async (bytes: Buffer): Promise<number> =>
    cpuTime(async () => expect((await decode(bytes, [64 * 1024])).ending).toEqual({ kind: 'complete' }));
  const tenth = await took(many.subarray(0, many.length / 10));
  const all = await took(many);
  expect(all).toBeLessThan(40 * tenth + 200);
  expect(all).toBeLessThan(8000);
});

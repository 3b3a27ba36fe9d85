import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, inflateSync } from 'node:zlib';
import { limits } from '../../core/limits/limits.ts';
import type { Steps } from '../../core/time/turns.ts';
import { type GitObject, type GitObjectType, objectId } from './git-objects.ts';

/* Packs of objects, version 2. Source: gitformat-pack(5). */

const types: readonly (GitObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob'];
const deltaOf = { offset: 6, name: 7 } as const;
const compress = promisify(deflate);

/** A pack with these objects, each whole. */
export async function writePack(objects: readonly GitObject[]): Promise<Buffer> {
  const head = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1');
  head.writeUInt32BE(objects.length, 8);
  const parts: Buffer[] = [head];
  for (const { type, bytes } of objects) parts.push(sizeOf(types.indexOf(type), bytes.length), await compress(bytes));
  const pack = Buffer.concat(parts);
  return Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
}

/** Type and size before an object: four bits of the size, then seven each. */
function sizeOf(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (type << 4) | (size & 15);
  for (let left = Math.floor(size / 16); left > 0; left = Math.floor(left / 128)) {
    bytes.push(byte | 128);
    byte = left & 127;
  }
  return Buffer.from([...bytes, byte]);
}

/**
 * The objects of a pack by their names, which are computed here and so can be believed. Throws an Error when it is none, when
 * it is cut, or beyond the bounds on what is read of one.
 */
export function* readPack(pack: Buffer): Steps<ReadonlyMap<string, GitObject>> {
  if (pack.length < 32 || pack.toString('latin1', 0, 4) !== 'PACK' || pack.readUInt32BE(4) !== 2)
    throw new Error('what came is no pack');
  const end = pack.length - 20;
  if (!createHash('sha1').update(pack.subarray(0, end)).digest().equals(pack.subarray(end)))
    throw new Error('the pack was cut or changed on its way');
  const count = pack.readUInt32BE(8);
  if (count > limits.tree.packObjects.most) throw new Error(`more than ${limits.tree.packObjects.most} objects`);
  const byName = new Map<string, GitObject>();
  const byOffset = new Map<number, GitObject>();
  const waiting: { readonly offset: number; readonly base: string; readonly delta: Buffer }[] = [];
  let total = 0;
  const add = (offset: number, object: GitObject): void => {
    byName.set(objectId(object), object);
    byOffset.set(offset, object);
    total += object.bytes.length;
    if (total > limits.tree.gitAnswer.most) throw new Error(`more than ${limits.tree.gitAnswer.most} bytes`);
  };
  let at = 12;
  for (let n = 0; n < count; n++) {
    const offset = at;
    let byte = pack[at++] ?? 0;
    const kind = (byte >> 4) & 7;
    let size = byte & 15;
    for (let unit = 16; byte & 128; unit *= 128) {
      byte = pack[at++] ?? 0;
      size += (byte & 127) * unit;
    }
    if (size > limits.tree.gitAnswer.most) throw new Error(`an object of ${size} bytes`);
    let base: string | number = '';
    if (kind === deltaOf.offset) {
      byte = pack[at++] ?? 0;
      let back = byte & 127;
      while (byte & 128) {
        byte = pack[at++] ?? 0;
        back = (back + 1) * 128 + (byte & 127);
      }
      base = offset - back;
    } else if (kind === deltaOf.name) {
      base = pack.toString('hex', at, at + 20);
      at += 20;
    }
    const { buffer, engine } = inflateSync(pack.subarray(at, end), {
      info: true,
      maxOutputLength: size + 1,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    at += engine.bytesWritten;
    if (buffer.length !== size) throw new Error('an object is not as long as it says');
    const type = types[kind];
    if (type !== undefined) add(offset, { type, bytes: buffer });
    else if (typeof base === 'number') {
      const from = byOffset.get(base);
      if (from === undefined) throw new Error('a difference to an object that is not there');
      add(offset, { type: from.type, bytes: applyDelta(from.bytes, buffer) });
    } else if (base !== '') waiting.push({ offset, base, delta: buffer });
    // A tag is nothing that we ask for.
    yield;
  }
  for (const { offset, base, delta } of waiting) {
    const from = byName.get(base);
    if (from !== undefined) add(offset, { type: from.type, bytes: applyDelta(from.bytes, delta) });
    yield;
  }
  return byName;
}

/** Copies of the base and new bytes. Source: gitformat-pack(5), "Deltified representation". */
function applyDelta(base: Uint8Array, delta: Buffer): Buffer {
  let at = 0;
  const size = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = delta[at++] ?? 0;
      value += (byte & 127) * unit;
      if ((byte & 128) === 0) return value;
    }
  };
  if (size() !== base.length) throw new Error('a difference to another object');
  const length = size();
  if (length > limits.tree.gitAnswer.most) throw new Error(`an object of ${length} bytes`);
  const result = Buffer.alloc(length);
  let to = 0;
  while (at < delta.length) {
    const code = delta[at++] ?? 0;
    if (code & 128) {
      const field = (bits: number, first: number): number => {
        let value = 0;
        for (let i = 0; i < bits; i++) if (code & (1 << (first + i))) value += (delta[at++] ?? 0) * 256 ** i;
        return value;
      };
      const from = field(4, 0);
      const many = field(3, 4) || 0x10000;
      if (from + many > base.length || to + many > length) throw new Error('a difference that leads nowhere');
      result.set(base.subarray(from, from + many), to);
      to += many;
    } else {
      if (code === 0 || at + code > delta.length || to + code > length)
        throw new Error('a difference that leads nowhere');
      result.set(delta.subarray(at, at + code), to);
      at += code;
      to += code;
    }
  }
  if (to !== length) throw new Error('a difference that ends too early');
  return result;
}

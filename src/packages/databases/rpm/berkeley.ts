const hashMagic = 0x00061561;
const types = { hashUnsorted: 2, overflow: 7, hash: 13 } as const;
const offPage = 3;
const pageHeader = 26;

/** Is this a Berkeley DB hash file, of either byte order? */
export function isBerkeleyHash(file: Buffer): boolean {
  return file.length >= 72 && (file.readUInt32LE(12) === hashMagic || file.readUInt32BE(12) === hashMagic);
}

/**
 * The header blobs of a `Packages` file (rpm until 4.15, EL 8 and Amazon Linux 2): a Berkeley DB hash whose values stand
 * on overflow pages, in the byte order of the machine that wrote it. Source: Berkeley DB, db_page.h (layout only).
 * After each page undefined, so that the reading can be interrupted. Throws RangeError when the file is damaged.
 */
export function* berkeleyBlobs(file: Buffer): Generator<Buffer | undefined> {
  const little = file.readUInt32LE(12) === hashMagic;
  const u16 = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const u32 = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const size = u32(20);
  const last = u32(32);
  if (size < 512 || size > 65_536 || (size & (size - 1)) !== 0) throw new RangeError('the page size is none');
  if ((last + 1) * size > file.length) throw new RangeError('the file is shorter than it says');
  const used = new Uint8Array(last + 1);
  for (let page = 1; page <= last; page++) {
    const start = page * size;
    const type = file.readUInt8(start + 25);
    yield undefined;
    if (type !== types.hash && type !== types.hashUnsorted) continue;
    const entries = u16(start + 20);
    if (pageHeader + entries * 2 > size) throw new RangeError('a page lists more than it can hold');
    // Keys and values in turns; a package is a value on pages of its own.
    for (let i = 1; i < entries; i += 2) {
      const at = start + u16(start + pageHeader + i * 2);
      if (at + 12 > start + size || file.readUInt8(at) !== offPage) continue;
      yield overflow(u32(at + 4), u32(at + 8));
    }
  }

  function overflow(first: number, length: number): Buffer {
    const parts: Buffer[] = [];
    let missing = length;
    for (let page = first; missing > 0; ) {
      const start = page * size;
      if (page === 0 || page > last || file.readUInt8(start + 25) !== types.overflow) {
        throw new RangeError('a package breaks off');
      }
      // A page that many packages share would be joined as often: a small file then takes minutes.
      if (used[page] === 1) throw new RangeError('a page is used twice');
      used[page] = 1;
      const part = file.subarray(start + pageHeader, start + pageHeader + Math.min(missing, size - pageHeader));
      parts.push(part);
      missing -= part.length;
      page = u32(start + 16);
    }
    return Buffer.concat(parts);
  }
}

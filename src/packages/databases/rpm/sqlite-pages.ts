import type { Steps } from '../../../core/time/turns.ts';

/** Pages of an SQLite database by number, from 1; each is handed out once. Throws RangeError. */
type Pages = (number: number) => Buffer;

/**
 * The `blob` column of the table `Packages` in an `rpmdb.sqlite` (rpm >= 4.16). Reads the file format itself
 * (sqlite.org/fileformat2.html): nothing is opened on disk, and a write-ahead log that an image was committed with is
 * laid over the file. Between them undefined, where the reading may be interrupted. Throws RangeError when the file is
 * damaged.
 */
export function* sqliteBlobs(file: Buffer, wal: Buffer | undefined): Generator<Buffer | undefined> {
  const size = file.readUInt16BE(16) === 1 ? 65_536 : file.readUInt16BE(16);
  if (size < 512 || (size & (size - 1)) !== 0) throw new RangeError('the page size is none');
  const usable = size - file.readUInt8(20);
  const newer = wal && wal.length > 0 ? yield* committedFrames(wal, size) : new Map<number, Buffer>();
  const used = new Set<number>();
  const pages: Pages = (number) => {
    // A page that many rows share would be joined as often: a small file then takes hours.
    if (used.has(number)) throw new RangeError('a page is used twice');
    used.add(number);
    const own = newer.get(number);
    if (own) return own;
    const start = (number - 1) * size;
    if (number < 1 || start + size > file.length) throw new RangeError('a page is missing');
    return file.subarray(start, start + size);
  };
  let room = file.length + (wal?.length ?? 0);
  for (const row of rows(pages, 1, usable)) {
    yield undefined;
    const [type, name, , root] = record(row);
    if (type?.toString() !== 'table' || name?.toString() !== 'Packages' || !root) continue;
    for (const found of rows(pages, root.readUIntBE(0, root.length), usable)) {
      // The rowid alias hnum is stored as NULL; the header is the second column.
      const blob = record(found)[1];
      room -= found.length;
      if (room < 0) throw new RangeError('its rows are longer than the file');
      if (blob) yield blob;
    }
    return;
  }
  throw new RangeError('there is no table Packages');
}

/** Walks a table b-tree, leaves in order, and yields each row's payload with its overflow pages joined. */
function* rows(pages: Pages, root: number, usable: number): Generator<Buffer> {
  const waiting = [root];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    const page = pages(number);
    const header = number === 1 ? 100 : 0;
    const kind = page.readUInt8(header);
    const cells = page.readUInt16BE(header + 3);
    if (kind === 0x05) {
      const children = [page.readUInt32BE(header + 8)];
      for (let i = cells - 1; i >= 0; i--) children.push(page.readUInt32BE(page.readUInt16BE(header + 12 + i * 2)));
      waiting.push(...children);
    } else if (kind === 0x0d) {
      for (let i = 0; i < cells; i++) yield payload(pages, page, page.readUInt16BE(header + 8 + i * 2), usable);
    } else throw new RangeError('a page of the table is of another kind');
  }
}

/** fileformat2.html, "Cell Payload Overflow Pages". */
function payload(pages: Pages, page: Buffer, cell: number, usable: number): Buffer {
  const [length, afterLength] = varint(page, cell);
  const [, start] = varint(page, afterLength);
  const most = usable - 35;
  if (length <= most) return cut(page, start, length);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const surplus = least + ((length - least) % (usable - 4));
  const local = surplus <= most ? surplus : least;
  const parts = [cut(page, start, local)];
  let missing = length - local;
  let next = page.readUInt32BE(start + local);
  while (missing > 0) {
    const overflow = pages(next);
    const part = cut(overflow, 4, Math.min(missing, usable - 4));
    parts.push(part);
    missing -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** Of the columns of a row, so many are looked at. */
const mostColumns = 4;

/** fileformat2.html, "Record Format": the first columns as raw bytes; NULL and the constants 0 and 1 as undefined or one byte. */
function record(row: Buffer): (Buffer | undefined)[] {
  const [headerSize, first] = varint(row, 0);
  const columns: (Buffer | undefined)[] = [];
  let at = headerSize;
  for (let pointer = first; pointer < headerSize && columns.length < mostColumns; ) {
    const [serial, next] = varint(row, pointer);
    pointer = next;
    const length = serial >= 12 ? Math.floor((serial - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0][serial] ?? 0);
    if (serial === 0) columns.push(undefined);
    else if (serial === 8 || serial === 9) columns.push(Buffer.from([serial - 8]));
    else columns.push(cut(row, at, length));
    at += length;
  }
  return columns;
}

/** A big-endian number of one to nine bytes, seven bits each, eight in the ninth. Values beyond 2^53 mean damage. */
function varint(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes.readUInt8(at + i);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + i + 1];
  }
  const last = value * 256 + bytes.readUInt8(at + 8);
  return [last, at + 9];
}

function cut(bytes: Buffer, start: number, length: number): Buffer {
  if (start + length > bytes.length) throw new RangeError('a row runs past its page');
  return bytes.subarray(start, start + length);
}

/** fileformat2.html, "The Write-Ahead Log": the newest committed version of each page; frames that do not check end it. */
function* committedFrames(wal: Buffer, size: number): Steps<Map<number, Buffer>> {
  const committed = new Map<number, Buffer>();
  const magic = wal.length >= 32 ? wal.readUInt32BE(0) : 0;
  if ((magic & 0xfffffffe) >>> 0 !== 0x377f0682) return committed;
  const bigEndian = (magic & 1) === 1;
  let sums: [number, number] = checksum(wal, 0, 24, bigEndian, [0, 0]);
  if (sums[0] !== wal.readUInt32BE(24) || sums[1] !== wal.readUInt32BE(28)) return committed;
  let open = new Map<number, Buffer>();
  for (let at = 32; at + 24 + size <= wal.length; at += 24 + size) {
    yield;
    const salts = wal.compare(wal, 16, 24, at + 8, at + 16) === 0;
    sums = checksum(wal, at, at + 8, bigEndian, sums);
    sums = checksum(wal, at + 24, at + 24 + size, bigEndian, sums);
    if (!salts || sums[0] !== wal.readUInt32BE(at + 16) || sums[1] !== wal.readUInt32BE(at + 20)) break;
    open.set(wal.readUInt32BE(at), wal.subarray(at + 24, at + 24 + size));
    // A frame with the size of the database in it commits all before it.
    if (wal.readUInt32BE(at + 4) !== 0) {
      for (const [number, page] of open) committed.set(number, page);
      open = new Map();
    }
  }
  return committed;
}

function checksum(
  wal: Buffer,
  start: number,
  end: number,
  bigEndian: boolean,
  [a, b]: readonly [number, number],
): [number, number] {
  let [first, second] = [a, b];
  for (let at = start; at < end; at += 8) {
    const x = bigEndian ? wal.readUInt32BE(at) : wal.readUInt32LE(at);
    const y = bigEndian ? wal.readUInt32BE(at + 4) : wal.readUInt32LE(at + 4);
    first = (first + x + second) >>> 0;
    second = (second + y + first) >>> 0;
  }
  return [first, second];
}

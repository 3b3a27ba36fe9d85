import { limits } from '../../../core/limits/limits.ts';

const slotSize = 16;
const pageSize = 4096;
const blockSize = 16;

/**
 * The header blobs of a `Packages.db` (rpm's own "ndb" format, SUSE since 15): a header of 32 bytes, pages of slots that
 * point at blobs in blocks of 16 bytes. Everything little-endian. Source: rpm, lib/backend/ndb/rpmpkg.c (layout only).
 * Throws RangeError when the file is damaged.
 */
export function* ndbBlobs(file: Buffer): Generator<Buffer> {
  if (file.readUInt32LE(4) !== 0) throw new RangeError('the version of the database is not known');
  const slotPages = file.readUInt32LE(12);
  if (slotPages === 0 || slotPages > limits.image.rpmSlots.most)
    throw new RangeError('the number of slot pages is none');
  // Slots that share a blob would make a small file a long one.
  let room = file.length;
  // The header takes the place of the first two slots.
  for (let at = 2 * slotSize; at < slotPages * pageSize; at += slotSize) {
    if (file.toString('latin1', at, at + 4) !== 'Slot') throw new RangeError('a slot is damaged');
    const packageIndex = file.readUInt32LE(at + 4);
    if (packageIndex === 0) continue;
    const start = file.readUInt32LE(at + 8) * blockSize;
    if (file.toString('latin1', start, start + 4) !== 'BlbS' || file.readUInt32LE(start + 4) !== packageIndex) {
      throw new RangeError('a slot points at something else than its package');
    }
    const length = file.readUInt32LE(start + 12);
    if (start + 16 + length > file.length) throw new RangeError('a package runs past the end of the file');
    room -= 16 + length;
    if (room < 0) throw new RangeError('its packages are longer than the file');
    yield file.subarray(start + 16, start + 16 + length);
  }
}

import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';

const chunk = 64 * 1024;

/** A file has more bytes than are read. `size`: how many, where it has a size. */
export class TooLarge extends Error {
  readonly size: number | undefined;

  constructor(most: number, size?: number) {
    super(`larger than ${most} bytes`);
    this.size = size;
  }
}

/**
 * The bytes of a file, or of an open descriptor. Throws what the system says, and {@link TooLarge} where there are more than `most` of
 * them: what is no ordinary file has no size that could be asked for, and need not have an end (a pipe, /dev/zero, much in /proc).
 */
export function readAtMost(file: string | number, most: number): Buffer {
  return readWithStats(file, most).bytes;
}

/** The same, with what the system says of the file. */
export function readWithStats(file: string | number, most: number): { readonly bytes: Buffer; readonly stats: Stats } {
  const descriptor = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const stats = fstatSync(descriptor);
    const size = stats.isFile() ? stats.size : 0;
    if (size > most) throw new TooLarge(most, size);
    return { bytes: size > 0 ? readSized(descriptor, size) : readOn(descriptor, most), stats };
  } finally {
    if (typeof file === 'string') closeSync(descriptor);
  }
}

/** In one call where the file stays as it is; what is added to it meanwhile is not of it yet. */
function readSized(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  for (let more = -1; read < size && more !== 0; read += more)
    more = readSync(descriptor, bytes, read, size - read, null);
  return read === size ? bytes : bytes.subarray(0, read);
}

function readOn(descriptor: number, most: number): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(chunk);
    const read = readSync(descriptor, part);
    if (read === 0) return Buffer.concat(parts);
    size += read;
    if (size > most) throw new TooLarge(most);
    parts.push(part.subarray(0, read));
  }
}

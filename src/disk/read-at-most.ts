import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

const chunk = 64 * 1024;

/**
 * The bytes of a file, or of an open descriptor. Throws what the system says, and an Error where there are more than `most` of them:
 * what is no ordinary file has no size that could be asked for, and need not have an end (a pipe, /dev/zero, much in /proc).
 */
export function readAtMost(file: string | number, most: number): Buffer {
  const descriptor = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile() && stats.size > most) throw tooLarge(most);
    if (stats.isFile() && stats.size > 0) return readFileSync(descriptor);
    const parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const part = Buffer.allocUnsafe(chunk);
      const read = readSync(descriptor, part);
      if (read === 0) return Buffer.concat(parts);
      size += read;
      if (size > most) throw tooLarge(most);
      parts.push(part.subarray(0, read));
    }
  } finally {
    if (typeof file === 'string') closeSync(descriptor);
  }
}

function tooLarge(most: number): Error {
  return new Error(`larger than ${most} bytes`);
}

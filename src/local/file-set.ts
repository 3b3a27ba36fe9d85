import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { openPlain, refuse, why } from './image-path.ts';

/** Named files: those of a folder, or those in an archive. */
export interface FileSet {
  /** How a person would name it. */
  readonly place: string;
  /** Undefined when there is none. Throws PlimsollError 'LAYER' when it is larger than `most` bytes or cannot be read. */
  read(name: string, most: number): Promise<Buffer | undefined>;
  /** Throws PlimsollError 'LAYER' at the first step when there is none. */
  stream(name: string): AsyncIterable<Uint8Array>;
}

const chunkSize = 256 * 1024;

/** The files of a folder; links are not followed. `name` is made by the caller and never leads out. */
export function folderFiles(folder: string): FileSet {
  const at = (name: string): string => path.join(folder, name);
  return {
    place: folder,
    async read(name, most) {
      try {
        const file = await openPlain(at(name));
        try {
          const { size } = await file.stat();
          if (size > most) throw new Error(`its ${size} bytes are more than the ${most} that are read of it`);
          const content = Buffer.alloc(size);
          const { bytesRead } = await file.read(content, 0, size, 0);
          return content.subarray(0, bytesRead);
        } finally {
          await file.close();
        }
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return undefined;
        throw refuse(folder, `${name} cannot be read: ${why(error)}`, error);
      }
    },
    async *stream(name) {
      try {
        const file = await openPlain(at(name));
        yield* piecesOf(file, 0, (await file.stat()).size);
      } catch (error) {
        throw refuse(folder, `${name} cannot be read: ${why(error)}`, error);
      }
    },
  };
}

/** Reads `size` bytes from `start` on, and closes the file at the end, whichever way that comes. */
export async function* piecesOf(
  file: Awaited<ReturnType<typeof open>>,
  start: number,
  size: number,
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = start; at < start + size; ) {
      // Whoever reads may keep a piece, so each has memory of its own.
      const piece = Buffer.allocUnsafeSlow(Math.min(chunkSize, start + size - at));
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Opens what a person typed, links included. */
export function openTyped(place: string): ReturnType<typeof open> {
  return open(place, constants.O_RDONLY | constants.O_NONBLOCK);
}

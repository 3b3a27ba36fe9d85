/** The head of one entry in a tar stream; POSIX ustar says all that indexes need. */
export interface TarHead {
  readonly name: string;
  readonly size: number;
  /** No folder, link, nor header of the pax form. */
  readonly isFile: boolean;
}

/** A 512-byte block as a head; undefined for a block of zeros and for what is none. */
function tarHead(block: Buffer): TarHead | undefined {
  const name = text(block, 0, 100);
  const size = /^ *([0-7]{1,11})[ \0]*$/.exec(block.toString('latin1', 124, 136))?.[1];
  if (name === '' || size === undefined) return undefined;
  const type = block[156] ?? 0;
  return { name, size: Number.parseInt(size, 8), isFile: type === 0 || type === 48 };
}

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}

/** Bytes that a content takes in blocks. */
function padded(size: number): number {
  return Math.ceil(size / 512) * 512;
}

/** The files of a small archive that is there as a whole; what follows the first block that is no head is left out. */
export function* smallTar(bytes: Buffer): Generator<{ readonly name: string; readonly content: Buffer }> {
  for (let at = 0; at + 512 <= bytes.length; ) {
    const head = tarHead(bytes.subarray(at, at + 512));
    if (head === undefined || at + 512 + head.size > bytes.length) return;
    if (head.isFile) yield { name: head.name, content: bytes.subarray(at + 512, at + 512 + head.size) };
    at += 512 + padded(head.size);
  }
}

/**
 * The content of the file with this name in a tar stream, in pieces as it comes. Blocks of zeros between files are
 * passed over, as apk does with archives that were joined. Throws Error when the file is not there or is cut off.
 */
export async function* tarFile(pieces: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0);
  let content = 0;
  let padding = 0;
  let isWanted = false;
  let isDone = false;
  for await (const piece of pieces) {
    let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    while (rest.length > 0) {
      if (content > 0) {
        const part = rest.subarray(0, content);
        if (isWanted) yield part;
        content -= part.length;
        rest = rest.subarray(part.length);
        if (content === 0 && isWanted) isDone = true;
      } else if (padding > 0) {
        const part = Math.min(padding, rest.length);
        padding -= part;
        rest = rest.subarray(part);
      } else {
        const part = rest.subarray(0, 512 - head.length);
        head = Buffer.concat([head, part]);
        rest = rest.subarray(part.length);
        if (head.length < 512) continue;
        const found = tarHead(head);
        if (found === undefined && head.some((byte) => byte !== 0)) throw new Error('it is no tar archive');
        content = found?.size ?? 0;
        padding = padded(content) - content;
        isWanted = !isDone && found?.isFile === true && found.name === name;
        if (isWanted && content === 0) isDone = true;
        head = Buffer.alloc(0);
      }
    }
  }
  if (!isDone) throw new Error(`it has no whole ${name}`);
}

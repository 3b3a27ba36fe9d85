/** Every header and every padded body is a multiple of this (POSIX pax, "ustar Interchange Format"). */
export const blockSize = 512;

/** One header block as it stands, before long names and extended headers are applied. */
export interface TarHeader {
  readonly name: string;
  readonly link: string;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of body that follow. */
  readonly size: number;
  /** The type flag, one character; NUL and `7` are `0`. */
  readonly flag: string;
  /** Old GNU sparse files: another header block follows this one. */
  readonly isExtended: boolean;
}

/**
 * Parses one header block at `at`. Undefined when the checksum does not fit or the size is no number: nothing after
 * such a block can be trusted.
 */
export function parseTarHeader(block: Buffer, at: number): TarHeader | undefined {
  const size = parseNumber(block, at + 124, 12);
  if (size === undefined || !hasValidChecksum(block, at)) return undefined;
  const flag = String.fromCharCode(block[at + 156] ?? 0);
  const prefix = prefixOf(block, at);
  const name = text(block, at, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    link: text(block, at + 157, 100),
    mode: (parseNumber(block, at + 100, 8) ?? 0) & 0o7777,
    size,
    flag: flag === '\0' || flag === '7' ? '0' : flag,
    isExtended: flag === 'S' && block[at + 482] === 1,
  };
}

/** Is the block at this offset of zeros alone? Two of them end an archive. */
export function isZeroBlock(block: Buffer, at: number): boolean {
  for (let i = at; i < at + blockSize; i++) {
    if (block[i] !== 0) return false;
  }
  return true;
}

/** POSIX archives split long names; GNU's (`ustar  `) keep times in that place; star's prefix is shorter. */
function prefixOf(block: Buffer, at: number): string {
  if (block[at + 345] === 0 || block.toString('latin1', at + 257, at + 263) !== 'ustar\0') return '';
  const isStar = block.toString('latin1', at + 508, at + 512) === 'tar\0';
  return text(block, at + 345, isStar ? 131 : 155);
}

/** The sum of the block's bytes with the checksum field as spaces; some old archivers summed signed bytes. */
function hasValidChecksum(block: Buffer, at: number): boolean {
  const expected = parseNumber(block, at + 148, 8);
  let sum = 0;
  for (let i = at; i < at + blockSize; i++) sum += block[i] ?? 0;
  for (let i = at + 148; i < at + 156; i++) sum += 32 - (block[i] ?? 0);
  if (sum === expected) return true;
  for (let i = at; i < at + blockSize; i++) {
    if ((i < at + 148 || i >= at + 156) && (block[i] ?? 0) > 127) sum -= 256;
  }
  return sum === expected;
}

/** Octal digits padded with spaces or NULs, or GNU's base-256 when the top bit is set. An empty field is 0. */
function parseNumber(block: Buffer, at: number, length: number): number | undefined {
  const first = block[at] ?? 0;
  if (first >= 0x80) {
    // 0xff would start a negative number.
    let value = first & 0x7f;
    for (let i = at + 1; i < at + length; i++) {
      value = value * 256 + (block[i] ?? 0);
      if (value > Number.MAX_SAFE_INTEGER) return undefined;
    }
    return value;
  }
  let i = at;
  const end = at + length;
  while (i < end && (block[i] === 32 || block[i] === 0)) i++;
  let value = 0;
  for (; i < end; i++) {
    const digit = (block[i] ?? 0) - 48;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; i < end; i++) {
    if (block[i] !== 32 && block[i] !== 0) return undefined;
  }
  return value;
}

function text(block: Buffer, at: number, length: number): string {
  const end = block.subarray(at, at + length).indexOf(0);
  return block.toString('utf8', at, at + (end < 0 ? length : end));
}

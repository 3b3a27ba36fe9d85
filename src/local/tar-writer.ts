import { blockSize } from '../oci/layers/tar-header.ts';

/** One entry of an archive to be. */
export interface WrittenEntry {
  /** Without leading `/`. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly is:
    | { readonly type: 'file'; readonly content: Buffer }
    | { readonly type: 'directory' }
    | { readonly type: 'symlink'; readonly target: string };
}

const flags = { file: '0', symlink: '2', directory: '5' };

/** The blocks of one entry: POSIX ustar, and GNU's `L` and `K` for names beyond its 100 bytes. */
export function tarEntry({ path, mode, is }: WrittenEntry): Buffer[] {
  const link = is.type === 'symlink' ? is.target : '';
  const content = is.type === 'file' ? is.content : Buffer.alloc(0);
  return [
    ...longName('L', path),
    ...longName('K', link),
    header({ name: path, link, mode, size: content.length, flag: flags[is.type] }),
    ...padded(content),
  ];
}

/** The two blocks of zeros that end an archive. */
export const tarEnd: Buffer = Buffer.alloc(2 * blockSize);

function longName(flag: string, text: string): Buffer[] {
  const bytes = Buffer.from(`${text}\0`);
  if (bytes.length <= 101) return [];
  return [header({ name: '././@LongLink', link: '', mode: 0o644, size: bytes.length, flag }), ...padded(bytes)];
}

function padded(content: Buffer): Buffer[] {
  return content.length === 0 ? [] : [content, Buffer.alloc(-content.length & (blockSize - 1))];
}

interface Header {
  readonly name: string;
  readonly link: string;
  readonly mode: number;
  readonly size: number;
  readonly flag: string;
}

function header({ name, link, mode, size, flag }: Header): Buffer {
  const block = Buffer.alloc(blockSize);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0, 100);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(flag, 156);
  block.write(link, 157, 100);
  block.write('ustar\u000000', 257);
  // The checksum counts itself as spaces.
  block.fill(' ', 148, 156);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  );
  return block;
}

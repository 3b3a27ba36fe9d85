import { limits } from '../../core/limits/limits.ts';
import { blockSize, isZeroBlock, parseTarHeader, type TarHeader } from './tar-header.ts';
import { type PaxOverrides, parsePax } from './tar-pax.ts';

/** `sparse`: a file whose body in the archive is not its content. `other`: a type nobody unpacks. */
export type TarEntryType =
  | 'file'
  | 'hardlink'
  | 'symlink'
  | 'character'
  | 'block'
  | 'directory'
  | 'fifo'
  | 'sparse'
  | 'other';

/** The head of one entry, with what extended headers say of it. */
export interface TarEntry {
  /** As written: not normalised, not checked. */
  readonly path: string;
  readonly type: TarEntryType;
  readonly mode: number;
  /** Of the body in the archive, in bytes; 0 for entries without one. */
  readonly size: number;
  readonly link: string;
}

/** Who is told of what is in an archive, in its order. */
export interface TarVisitor {
  /** Called for each entry. What it returns receives the whole body, in memory of its own, once it is there. */
  entry(entry: TarEntry): ((body: Buffer) => void) | undefined;
  /** An entry whose name cannot be known: its extended header or long name is larger than is read. */
  unreadable(): void;
}

const types: Readonly<Record<string, TarEntryType>> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  S: 'sparse',
};

interface Body {
  /** Where the bytes go; undefined when they are passed over. */
  readonly target: Buffer | undefined;
  readonly size: number;
  readonly done: ((body: Buffer) => void) | undefined;
}

/**
 * Reads a tar archive pushed in pieces of any size, without copying what nobody wants: ustar, pax and GNU long names,
 * base-256 sizes, sparse files passed over. It reads what Go's archive/tar reads, since that unpacks images: a global
 * pax header changes no entry, links and directories have no body whatever their size field says, a zero block ends it.
 */
export class TarScanner {
  /** Why nothing after this place can be read. */
  damage: string | undefined;
  /** Header blocks read so far. */
  entries = 0;
  #visitor: TarVisitor;
  #isEnded = false;
  #header = Buffer.alloc(blockSize);
  #headerFilled = 0;
  #body: Body | undefined;
  #bodyFilled = 0;
  #padding = 0;
  #pendingSparse: TarHeader | undefined;
  #pax: PaxOverrides = {};
  #longName: string | undefined;
  #longLink: string | undefined;
  #isUnreadable = false;

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
  }

  /** Has the end-of-archive block been seen? What follows it means nothing. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Is this a place where an archive without an end-of-archive block may stop? */
  get isAtBoundary(): boolean {
    return (
      this.#headerFilled === 0 && this.#body === undefined && this.#padding === 0 && this.#pendingSparse === undefined
    );
  }

  push(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < chunk.length && !this.#isEnded && this.damage === undefined) {
      if (this.#body !== undefined) at = this.#takeBody(this.#body, chunk, at);
      else if (this.#padding > 0) {
        const taken = Math.min(this.#padding, chunk.length - at);
        this.#padding -= taken;
        at += taken;
      } else at = this.#takeHeader(chunk, at);
    }
  }

  #takeBody(body: Body, chunk: Buffer, at: number): number {
    const taken = Math.min(body.size - this.#bodyFilled, chunk.length - at);
    if (body.target !== undefined) chunk.copy(body.target, this.#bodyFilled, at, at + taken);
    this.#bodyFilled += taken;
    if (this.#bodyFilled === body.size) this.#finishBody(body);
    return at + taken;
  }

  #finishBody(body: Body): void {
    this.#body = undefined;
    this.#padding = (blockSize - (body.size % blockSize)) % blockSize;
    if (body.target !== undefined) body.done?.(body.target);
  }

  #takeHeader(chunk: Buffer, at: number): number {
    if (this.#headerFilled === 0 && chunk.length - at >= blockSize) {
      this.#block(chunk, at);
      return at + blockSize;
    }
    const taken = Math.min(blockSize - this.#headerFilled, chunk.length - at);
    chunk.copy(this.#header, this.#headerFilled, at, at + taken);
    this.#headerFilled += taken;
    if (this.#headerFilled === blockSize) {
      this.#headerFilled = 0;
      this.#block(this.#header, 0);
    }
    return at + taken;
  }

  #block(block: Buffer, at: number): void {
    if (this.#pendingSparse !== undefined) {
      // Old GNU sparse files: further blocks of the map, each saying whether another one follows.
      if (block[at + 504] !== 1) this.#entry(this.#pendingSparse);
      return;
    }
    if (isZeroBlock(block, at)) {
      this.#isEnded = true;
      return;
    }
    const header = parseTarHeader(block, at);
    if (header === undefined) {
      this.damage = 'a header has a wrong checksum or no valid size';
      return;
    }
    this.entries++;
    switch (header.flag) {
      case 'x':
        this.#metadata(header.size, (body) => {
          const overrides = parsePax(body);
          if (overrides === undefined) this.damage = 'an extended header is malformed';
          else this.#pax = overrides;
        });
        break;
      case 'g':
        this.#expect(header.size, undefined);
        break;
      case 'L':
        this.#metadata(header.size, (body) => {
          this.#longName = untilNul(body);
        });
        break;
      case 'K':
        this.#metadata(header.size, (body) => {
          this.#longLink = untilNul(body);
        });
        break;
      default:
        if (!header.isExtended) this.#entry(header);
        else this.#pendingSparse = header;
    }
  }

  #metadata(size: number, done: (body: Buffer) => void): void {
    if (size > limits.image.layerHeader.most) this.#isUnreadable = true;
    this.#expect(size, size > limits.image.layerHeader.most ? undefined : done);
  }

  #entry(header: TarHeader): void {
    const isBodiless = '123456'.includes(header.flag);
    const size = isBodiless ? 0 : (this.#pax.size ?? header.size);
    const path = this.#longName ?? this.#pax.path ?? header.name;
    const type = this.#pax.isSparse ? 'sparse' : typeOf(header.flag, path);
    const link = type === 'symlink' || type === 'hardlink' ? (this.#longLink ?? this.#pax.link ?? header.link) : '';
    const isUnreadable = this.#isUnreadable;
    this.#pax = {};
    this.#longName = undefined;
    this.#longLink = undefined;
    this.#isUnreadable = false;
    this.#pendingSparse = undefined;
    if (isUnreadable) this.#visitor.unreadable();
    this.#expect(size, isUnreadable ? undefined : this.#visitor.entry({ path, type, mode: header.mode, size, link }));
  }

  #expect(size: number, done: ((body: Buffer) => void) | undefined): void {
    this.#bodyFilled = 0;
    const body: Body = { target: done && Buffer.allocUnsafeSlow(size), size, done };
    if (size === 0) this.#finishBody(body);
    else this.#body = body;
  }
}

/** Archivers before POSIX mark a directory only by its name. */
function typeOf(flag: string, path: string): TarEntryType {
  const type = types[flag] ?? 'other';
  return type === 'file' && path.endsWith('/') ? 'directory' : type;
}

function untilNul(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString('utf8', 0, end < 0 ? body.length : end);
}

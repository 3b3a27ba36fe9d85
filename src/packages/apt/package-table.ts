import { limits } from '../../core/limits/limits.ts';
import type { Steps } from '../../core/time/turns.ts';
import { sortedTable } from '../archives/package-rows.ts';

const newline = 10;
const blockSize = 64 * 1024;

/**
 * Reads a Packages index (deb822, one paragraph per package) as it comes, and keeps the row of each, as
 * ../package-rows.ts finds it again, sorted, a twentieth of the index. Only the bytes that matter become text. Paragraphs
 * without a name, version or architecture are left out.
 */
export class PackageTable {
  /** Pieces of a line whose end has not come; joined once, however small they are. */
  #rest: Buffer[] = [];
  #restSize = 0;
  readonly #rows: Buffer[] = [];
  /** Rows that are not yet bytes. */
  #text = '';
  #size = 0;
  #isReal = true;
  #name = '';
  #version = '';
  #architecture = '';
  #source = '';

  /** False when a line, a word or the table is longer than anything real: stop then. */
  write(piece: Uint8Array): boolean {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      if (this.#restSize > 0) this.#joinedLine(bytes.subarray(start, end));
      else this.#line(bytes, start, end);
      start = end + 1;
    }
    // A copy, since a piece belongs to whoever made it.
    if (start < bytes.length) this.#rest.push(Buffer.from(bytes.subarray(start)));
    this.#restSize += bytes.length - start;
    return this.#isReal && this.#restSize <= limits.archive.line.most && this.#size <= limits.archive.table.most;
  }

  /** Throws ArchiveTrouble when one package has more rows than any; `name` is the index's. */
  *end(name: string): Steps<Buffer> {
    if (this.#restSize > 0) this.#joinedLine(Buffer.alloc(0));
    this.#paragraphEnd();
    this.#flush();
    const rows: string[] = [];
    for (const block of this.#rows) {
      for (const row of block.toString('utf8').split('\n')) if (row !== '') rows.push(row);
      yield;
    }
    return Buffer.from(yield* sortedTable(rows, name));
  }

  #joinedLine(last: Buffer): void {
    const line = Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    this.#restSize = 0;
    this.#line(line, 0, line.length);
  }

  #line(all: Buffer, start: number, end: number): void {
    if (end === start || (end === start + 1 && all[start] === 13)) return this.#paragraphEnd();
    switch (all[start]) {
      case 80: // P
        this.#name = field(all, start, end, 'Package:') ?? this.#name;
        return;
      case 86: // V
        this.#version = field(all, start, end, 'Version:') ?? this.#version;
        return;
      case 65: // A
        this.#architecture = field(all, start, end, 'Architecture:') ?? this.#architecture;
        return;
      case 83: // S
        this.#source = field(all, start, end, 'Source:') ?? this.#source;
        return;
    }
  }

  #flush(): void {
    this.#rows.push(Buffer.from(this.#text));
    this.#text = '';
  }

  #paragraphEnd(): void {
    if (isWord(this.#name) && isWord(this.#version) && isWord(this.#architecture)) {
      const [, source = '', version = ''] = /^(\S+)(?:\s+\((\S+)\))?$/.exec(this.#source) ?? [];
      const from = source === '' ? '' : ` ${source}${version === '' ? '' : ` ${version}`}`;
      const isLong = [this.#name, this.#version, this.#architecture, source, version].some(
        (word) => word.length > limits.archive.word.most,
      );
      if (isLong) this.#isReal = false;
      const row = `${this.#name} ${this.#version} ${this.#architecture}${from}\n`;
      this.#size += row.length;
      this.#text += row;
      if (this.#text.length > blockSize) this.#flush();
    }
    this.#name = '';
    this.#version = '';
    this.#architecture = '';
    this.#source = '';
  }
}

function field(all: Buffer, start: number, end: number, name: string): string | undefined {
  const valueAt = start + name.length;
  return valueAt <= end && all.toString('latin1', start, valueAt) === name
    ? all.toString('utf8', valueAt, end).trim()
    : undefined;
}

function isWord(text: string): boolean {
  return text !== '' && !/\s/.test(text);
}

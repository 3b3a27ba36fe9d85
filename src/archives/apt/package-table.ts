/** The rows of an index that candidates need, as text: `name version architecture` per line. A twentieth of the index. */
export interface PackageRow {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

const newline = 10;
const blockSize = 64 * 1024;
const longestLine = 1024 * 1024;
/** Debian's main has 3 MB. */
const longestTable = 128 * 1024 * 1024;

/**
 * Reads a Packages index (deb822, one paragraph per package) as it comes, and keeps a row of each. Only the bytes that
 * matter become text. Paragraphs without a name, version or architecture are left out.
 */
export class PackageTable {
  /** Pieces of a line whose end has not come; joined once, however small they are. */
  #rest: Buffer[] = [];
  #restSize = 0;
  readonly #rows: Buffer[] = [];
  /** Rows that are not yet bytes. */
  #text = '';
  #size = 0;
  #name = '';
  #version = '';
  #architecture = '';

  /** False when a line or the table is longer than anything real: stop then. */
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
    return this.#restSize <= longestLine && this.#size <= longestTable;
  }

  end(): Buffer {
    if (this.#restSize > 0) this.#joinedLine(Buffer.alloc(0));
    this.#paragraphEnd();
    this.#flush();
    return Buffer.concat(this.#rows);
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
    }
  }

  #flush(): void {
    this.#rows.push(Buffer.from(this.#text));
    this.#text = '';
  }

  #paragraphEnd(): void {
    if (isWord(this.#name) && isWord(this.#version) && isWord(this.#architecture)) {
      const row = `${this.#name} ${this.#version} ${this.#architecture}\n`;
      this.#size += row.length;
      this.#text += row;
      if (this.#text.length > blockSize) this.#flush();
    }
    this.#name = '';
    this.#version = '';
    this.#architecture = '';
  }
}

/** The rows of these packages. */
export function selectRows(table: Uint8Array, names: ReadonlySet<string>): readonly PackageRow[] {
  const text = Buffer.from(table.buffer, table.byteOffset, table.byteLength).toString('utf8');
  const rows: PackageRow[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    const name = text.slice(start, text.indexOf(' ', start));
    if (names.has(name)) {
      const [, version = '', architecture = ''] = text.slice(start, end).split(' ');
      rows.push({ name, version, architecture });
    }
    start = end + 1;
  }
  return rows;
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

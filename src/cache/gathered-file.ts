import { hash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { limits } from '../core/limits/limits.ts';
import { discard } from '../disk/discard.ts';
import { makeFolder } from '../disk/make-folder.ts';

const lineFeed = 10;
/** Characters of a sha256 in hexadecimal, and at most of what stands before a payload. */
const sumSize = 64;
const headSize = 2 * sumSize + 10;
const heads = /^([0-9a-f]{64}) ([0-9]{1,6})(?: ([0-9a-f]{64}) ([tb]))?$/;
/** Days for which a value stays that nobody asks for, and those after which it is written down again that somebody did. */
const [unusedFor, touchedAfter] = [30, 7];

interface Entry {
  /** Days since 1970. */
  readonly used: number;
  readonly sum: string;
  /** As written: the bytes, or base64 of what has a line feed. */
  readonly as: 't' | 'b';
  readonly written: Buffer;
}

/**
 * Small values in one file that is only ever added to: what is in it outlives whoever is killed, and several processes may write. A line
 * for each: sha256 of its key, day of its use, sha256 of its bytes, then `t` and the bytes, or `b` and their base64 where
 * one of them is a line feed. A line of the first two alone says that it was used again. The last line of a key holds, no bytes take
 * away what was there before, and bytes that are not what their line says are a miss. What is added waits until `flush`, which
 * throws what the system says when it cannot write.
 */
export class GatheredFile {
  readonly #file: string;
  readonly #today: () => number;
  readonly #entries = new Map<string, Entry>();
  /** Lines to be added, the newest of each key; what only says that a value was used is worth no complaint. */
  readonly #waiting = new Map<string, Buffer>();
  #uses: Buffer[] = [];
  /** Which file was read, and how many of its bytes. */
  #inode = -1;
  #read = 0;
  #size = 0;

  /** `today`: days since 1970. */
  constructor(file: string, today: () => number) {
    this.#file = file;
    this.#today = today;
    this.#catchUp();
    if (this.#size > limits.run.gatheredFile.most / 2) this.#tidy();
  }

  get(name: string): Buffer | undefined {
    // Another process may have put it there since.
    if (!this.#entries.has(name)) this.#catchUp();
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const value = entry.as === 't' ? entry.written : Buffer.from(entry.written.toString('latin1'), 'base64');
    if (hash('sha256', value) !== entry.sum) {
      this.#entries.delete(name);
      return undefined;
    }
    if (Math.abs(this.#today() - entry.used) >= touchedAfter) {
      this.#entries.set(name, { ...entry, used: this.#today() });
      this.#uses.push(Buffer.from(`${name} ${this.#today()}\n`));
    }
    return value;
  }

  /** False when there is no room for it: it is not kept. */
  put(name: string, bytes: Uint8Array): boolean {
    const entry = entryOf(bytes, this.#today());
    const line = lineOf(name, entry);
    if (this.#size + line.length > limits.run.gatheredFile.most) return false;
    this.#entries.set(name, entry);
    this.#add(name, line);
    return true;
  }

  /** Whatever it has of this key is no longer so. */
  remove(name: string): void {
    if (!this.#entries.has(name)) this.#catchUp();
    if (!this.#entries.delete(name)) return;
    this.#add(name, lineOf(name, entryOf(Buffer.alloc(0), this.#today())));
  }

  flush(): void {
    const [lines, uses] = [[...this.#waiting.values()], this.#uses];
    if (lines.length + uses.length === 0) return;
    this.#waiting.clear();
    this.#uses = [];
    try {
      makeFolder(path.dirname(this.#file), 0o700);
      // Whoever was killed while writing has left half a line.
      appendFileSync(this.#file, Buffer.concat([Buffer.from('\n'), ...lines, ...uses]), { mode: 0o600 });
    } catch (error) {
      if (lines.length > 0) throw error;
    }
  }

  #add(name: string, line: Buffer): void {
    this.#waiting.set(name, line);
    this.#size += line.length;
  }

  /** Reads what was added to the file since, or all of it where it is another. */
  #catchUp(): void {
    try {
      this.#readOn();
    } catch {
      // It cannot be read: it is as if it were not there.
    }
  }

  #readOn(): void {
    const stats = statSync(this.#file, { throwIfNoEntry: false });
    if (!stats?.isFile()) return;
    this.#size = Math.max(this.#size, stats.size);
    if (stats.size > 2 * limits.run.gatheredFile.most) return;
    if (stats.ino !== this.#inode || stats.size < this.#read) {
      this.#inode = stats.ino;
      this.#read = 0;
      this.#touch(stats);
    }
    if (stats.size === this.#read) return;
    const bytes = readFrom(this.#file, this.#read, stats.size);
    const end = bytes.lastIndexOf(lineFeed) + 1;
    for (let at = 0; at < end; ) {
      const next = bytes.indexOf(lineFeed, at);
      this.#learn(bytes.subarray(at, next));
      at = next + 1;
    }
    this.#read += end;
  }

  #learn(line: Buffer): void {
    const head = line.toString('latin1', 0, headSize);
    const space = head.indexOf(' ', sumSize + 1);
    const payload = space < 0 ? line.length : space + sumSize + 3;
    const [, name, used, sum, as] = heads.exec(head.slice(0, payload)) ?? [];
    if (name === undefined || this.#waiting.has(name)) return;
    const known = this.#entries.get(name);
    if (sum !== undefined && payload === line.length) this.#entries.delete(name);
    else if (sum !== undefined)
      this.#entries.set(name, {
        used: Number(used),
        sum,
        as: as === 'b' ? 'b' : 't',
        written: line.subarray(payload),
      });
    else if (known !== undefined) this.#entries.set(name, { ...known, used: Number(used) });
  }

  /** Written anew when half of it is worth nothing any more. What others add meanwhile is lost, which costs them a request. */
  #tidy(): void {
    const kept = [...this.#entries].filter(([, { used }]) => Math.abs(this.#today() - used) <= unusedFor);
    const lines = kept.map(([name, entry]) => lineOf(name, entry));
    const size = lines.reduce((sum, line) => sum + line.length, 0);
    if (size > this.#size / 2) return;
    const temporary = `${this.#file}.${randomUUID()}.tmp`;
    try {
      writeFileSync(temporary, Buffer.concat(lines), { mode: 0o600 });
      renameSync(temporary, this.#file);
      this.#size = size;
    } catch {
      // Where it cannot be written it is as good as before.
      discard(temporary);
    }
  }

  /** Files that nobody has used for long go first when the cache is too large. */
  #touch({ mtimeMs }: Stats): void {
    const now = this.#today() * 86_400;
    if (mtimeMs / 1000 >= now) return;
    try {
      utimesSync(this.#file, now, now);
    } catch {
      // The folder is read-only, or another process has pruned it.
    }
  }
}

function entryOf(bytes: Uint8Array, used: number): Entry {
  const sum = hash('sha256', bytes);
  return bytes.includes(lineFeed)
    ? { used, sum, as: 'b', written: Buffer.from(Buffer.from(bytes).toString('base64')) }
    : { used, sum, as: 't', written: Buffer.from(bytes) };
}

function lineOf(name: string, { used, sum, as, written }: Entry): Buffer {
  return Buffer.concat([Buffer.from(`${name} ${used} ${sum} ${as}`), written, Buffer.from('\n')]);
}

/** The bytes of a file from one place up to another, or to its end. */
function readFrom(file: string, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(end - start);
  const descriptor = openSync(file, 'r');
  try {
    let read = 0;
    for (let more = -1; read < bytes.length && more !== 0; read += more)
      more = readSync(descriptor, bytes, read, bytes.length - read, start + read);
    return bytes.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}

import { hash } from 'node:crypto';
import { limits } from '../core/limits/limits.ts';
import type { Clock } from '../core/time/clock.ts';
import type { ByteCache } from './byte-cache.ts';

const day = 86_400_000;
/** Days after which a value that nobody asked for leaves its file. */
const unusedFor = 7;
/** Milliseconds that what was put waits: whoever is killed meanwhile does that much again. */
const waits = 1000;

/** A value beside others: when it was last asked for, in days since 1970, and its bytes, one character each. */
interface Gathered {
  readonly day: number;
  readonly text: string;
}

interface Shelf {
  readonly kind: string;
  readonly key: string;
  /** As read, with what was put since. */
  readonly values: Map<string, Gathered>;
  /** Characters of all values. */
  size: number;
  /** Names of what was put, taken away or asked for on another day than before. */
  readonly changed: Set<string>;
}

/**
 * A cache that gathers small values of some kinds, sixteen files for each: whoever asks for hundreds in a row would take longer to
 * open a file for each than to read what is in it. A line per value: sha256 of its key, day of its last use, bytes; what has a line
 * feed, is large, or finds its file full goes to the cache below alone, as does everything of other kinds. Files are
 * written a second after the first change, and by `flush`; what another process has written into one meanwhile stays.
 */
export class GatheringCache implements ByteCache {
  readonly #below: ByteCache;
  readonly #kinds: ReadonlySet<string>;
  readonly #clock: Clock;
  readonly #shelves = new Map<string, Shelf>();
  #timer: NodeJS.Timeout | undefined;

  constructor(below: ByteCache, kinds: readonly string[], clock: Clock) {
    this.#below = below;
    this.#kinds = new Set(kinds);
    this.#clock = clock;
  }

  get(kind: string, key: string): Uint8Array | undefined {
    if (!this.#kinds.has(kind)) return this.#below.get(kind, key);
    const name = hash('sha256', key);
    const shelf = this.#shelfOf(kind, name);
    const found = shelf.values.get(name);
    if (found === undefined) return this.#below.get(kind, key);
    if (found.day !== this.#today()) this.#set(shelf, name, found.text);
    return Buffer.from(found.text, 'latin1');
  }

  put(kind: string, key: string, bytes: Uint8Array): void {
    if (!this.#kinds.has(kind)) return this.#below.put(kind, key, bytes);
    const name = hash('sha256', key);
    const shelf = this.#shelfOf(kind, name);
    if (remove(shelf, name)) this.#changed(shelf, name);
    if (isGatherable(bytes) && fits(shelf, bytes.length)) this.#set(shelf, name, Buffer.from(bytes).toString('latin1'));
    else this.#below.put(kind, key, bytes);
  }

  /** Hands what has changed to the cache below, and forgets what was read. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const shelf of this.#shelves.values()) if (shelf.changed.size > 0) this.#write(shelf);
    this.#shelves.clear();
  }

  #write({ kind, key, values, changed }: Shelf): void {
    const now = this.#read(kind, key);
    for (const name of changed) {
      remove(now, name);
      const value = values.get(name);
      if (value !== undefined && fits(now, value.text.length)) add(now, name, value);
    }
    const lines = [...now.values].map(([name, value]) => `${name} ${value.day} ${value.text}\n`);
    this.#below.put(kind, key, Buffer.from(lines.join(''), 'latin1'));
  }

  #set(shelf: Shelf, name: string, text: string): void {
    remove(shelf, name);
    add(shelf, name, { day: this.#today(), text });
    this.#changed(shelf, name);
  }

  #changed(shelf: Shelf, name: string): void {
    shelf.changed.add(name);
    this.#timer ??= setTimeout(() => this.flush(), waits).unref();
  }

  #shelfOf(kind: string, name: string): Shelf {
    const key = `gathered ${name.slice(0, 1)}`;
    const place = `${kind} ${key}`;
    const shelf = this.#shelves.get(place) ?? this.#read(kind, key);
    this.#shelves.set(place, shelf);
    return shelf;
  }

  /** What was not used for long, or by a clock that went wrong, is not read. */
  #read(kind: string, key: string): Shelf {
    const shelf: Shelf = { kind, key, values: new Map(), size: 0, changed: new Set() };
    const text = Buffer.from(this.#below.get(kind, key) ?? []).toString('latin1');
    for (const line of text.split('\n')) {
      const [, name, used, value] = /^([0-9a-f]{64}) ([0-9]{1,9}) (.*)$/s.exec(line) ?? [];
      if (name === undefined || value === undefined || Math.abs(this.#today() - Number(used)) > unusedFor) continue;
      add(shelf, name, { day: Number(used), text: value });
    }
    return shelf;
  }

  #today(): number {
    return Math.floor(this.#clock.now() / day);
  }
}

function isGatherable(bytes: Uint8Array): boolean {
  return bytes.length <= limits.run.gatheredValue.most && !bytes.includes(10);
}

function fits(shelf: Shelf, size: number): boolean {
  return shelf.size + size <= limits.run.gatheredFile.most;
}

function add(shelf: Shelf, name: string, value: Gathered): void {
  shelf.values.set(name, value);
  shelf.size += value.text.length;
}

function remove(shelf: Shelf, name: string): boolean {
  const old = shelf.values.get(name);
  if (old === undefined) return false;
  shelf.size -= old.text.length;
  return shelf.values.delete(name);
}

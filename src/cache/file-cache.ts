import { hash, randomUUID } from 'node:crypto';
import { lstatSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Clock } from '../core/time/clock.ts';
import { discard } from '../disk/discard.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { readWithStats } from '../disk/read-at-most.ts';
import type { ByteCache } from './byte-cache.ts';

const version = 1;
// Below the folder. Whatever else lies there is not ours to delete: --cache may name any folder.
const ownFile = /^[^/]+\/(?:gathered|[0-9a-f]{1,2}\/[0-9a-f]{62,63})(?:\.[0-9a-f-]{36}\.tmp)?$/;
const day = 86_400_000;
/** Bytes that a line before a payload may have: keys are some hundred characters. */
const headerSize = 64 * 1024;

/** Where the cache is and how large it may become. */
export interface FileCacheOptions {
  readonly folder: string;
  /** Bytes; the least recently used files beyond it go when `prune` is called. */
  readonly max: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What became of a cache: bytes kept and freed, and how many files went. */
export interface Pruned {
  readonly kept: number;
  readonly freed: number;
  readonly files: number;
}

/**
 * A cache in a folder, one file per key: a line of JSON `{version, key, sha256}` of the rest, then the payload. A file
 * that does not match is a miss. Written beside and renamed, so a reader never sees half a file, and while other work goes
 * on: until then it is read from memory. When the folder cannot be written, that is said once
 * and the run goes on without it. What is larger than the limit of a payload is not kept.
 */
export class FileCache implements ByteCache {
  readonly #options: FileCacheOptions;
  #writable = true;
  readonly #made = new Set<string>();
  /** What is not yet in its file, whole; oldest first. */
  readonly #waiting = new Map<string, Buffer>();
  #waitingBytes = 0;
  #isWriting = false;

  constructor(options: FileCacheOptions) {
    this.#options = options;
  }

  get(kind: string, key: string): Uint8Array | undefined {
    const file = this.#file(kind, key);
    const waiting = this.#waiting.get(file);
    if (waiting !== undefined) return waiting.subarray(waiting.indexOf(10) + 1);
    let found: ReturnType<typeof readWithStats>;
    try {
      // An error for each of thousands that are not there costs more than to ask first.
      if (!statSync(file, { throwIfNoEntry: false })) return undefined;
      found = readWithStats(file, limits.run.cachePayload.most + headerSize);
    } catch {
      return undefined;
    }
    const { bytes, stats } = found;
    const newline = bytes.indexOf(10);
    const payload = bytes.subarray(newline + 1);
    if (newline < 0 || bytes.toString('utf8', 0, newline) !== header(key, payload)) return undefined;
    this.#touch(file, stats.mtimeMs);
    return payload;
  }

  put(kind: string, key: string, bytes: Uint8Array): void {
    if (!this.#writable || bytes.length > limits.run.cachePayload.most) return;
    const file = this.#file(kind, key);
    this.#forget(file);
    const whole = Buffer.concat([Buffer.from(`${header(key, bytes)}\n`), bytes]);
    this.#waiting.set(file, whole);
    this.#waitingBytes += whole.length;
    if (this.#waitingBytes > limits.run.cacheWaiting.most || this.#waiting.size > limits.run.cacheFiles.most)
      this.flush();
    else if (!this.#isWriting) {
      this.#isWriting = true;
      setImmediate(() => void this.#write());
    }
  }

  /** Writes what is still waiting, and prunes once a day: looking at every file costs more than most runs. */
  close(): void {
    this.flush();
    this.#pruneWhenDue();
  }

  #forget(file: string): void {
    this.#waitingBytes -= this.#waiting.get(file)?.length ?? 0;
    this.#waiting.delete(file);
  }

  /** The one writer beside the work, until nothing waits. */
  async #write(): Promise<void> {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      const [file, bytes] = next;
      const temporary = temporaryFor(file);
      const isWanted = (): boolean => this.#waiting.get(file) === bytes;
      try {
        this.#makeFolder(file);
        await writeFile(temporary, bytes, { mode: 0o600 });
        // Closing may have written it meanwhile, or a newer value came.
        if (isWanted()) await rename(temporary, file);
        else discard(temporary);
      } catch (error) {
        discard(temporary);
        if (isWanted()) this.giveUp(error);
      }
      if (isWanted()) this.#forget(file);
    }
    this.#isWriting = false;
  }

  /** Writes now what is still waiting. */
  flush(): void {
    for (const [file, bytes] of this.#waiting) {
      const temporary = temporaryFor(file);
      this.#forget(file);
      try {
        this.#makeFolder(file);
        writeFileSync(temporary, bytes, { mode: 0o600 });
        renameSync(temporary, file);
      } catch (error) {
        discard(temporary);
        this.giveUp(error);
      }
    }
  }

  #makeFolder(file: string): void {
    const folder = path.dirname(file);
    if (!this.#made.has(folder)) makeFolder(folder, 0o700);
    this.#made.add(folder);
  }

  /** Says once that nothing can be written, and goes on without it. */
  giveUp(error: unknown): void {
    if (!this.#writable) return;
    this.#writable = false;
    this.#waiting.clear();
    this.#waitingBytes = 0;
    this.#options.logger.warn('the cache cannot be written; going on without it', {
      folder: this.#options.folder,
      reason: messageOf(error),
    });
  }

  #pruneWhenDue(): void {
    const marker = path.join(this.#options.folder, 'pruned');
    const now = this.#options.clock.now();
    try {
      // A marker that a clock ahead has left says nothing.
      const pruned = statSync(marker).mtimeMs;
      if (pruned > now - day && pruned <= now + day) return;
    } catch {
      // Never pruned, or no folder at all.
    }
    if (!this.#writable || this.#made.size === 0) return;
    this.prune();
    try {
      writeFileSync(marker, '');
      utimesSync(marker, now / 1000, now / 1000);
    } catch {
      // Said already when the first file could not be written.
    }
  }

  /** Deletes the least recently used files beyond the limit (in bytes), and remains of killed writers. */
  prune(max = this.#options.max): Pruned {
    const files = listFiles(this.#options.folder).sort((a, b) => b.used - a.used);
    const pruned = { kept: 0, freed: 0, files: 0 };
    for (const { file, size, used } of files) {
      const remains = file.endsWith('.tmp') && used < this.#options.clock.now() - day;
      if (!remains && pruned.kept + size <= max) {
        pruned.kept += size;
        continue;
      }
      discard(file);
      if (lstatSync(file, { throwIfNoEntry: false })) continue;
      pruned.freed += size;
      pruned.files++;
    }
    return pruned;
  }

  #file(kind: string, key: string): string {
    const name = hash('sha256', key);
    // Of a folder each for every 256th, most would be made for a file or two, which costs more than the file.
    return path.join(this.#options.folder, kind, name.slice(0, 1), name.slice(1));
  }

  /** Keeps the time of last use to the day; more would be a write per read. */
  #touch(file: string, used: number): void {
    const now = this.#options.clock.now();
    if (used >= now - day) return;
    try {
      utimesSync(file, now / 1000, now / 1000);
    } catch {
      // Another process pruned it, or the folder is read-only: the bytes are already here.
    }
  }
}

function temporaryFor(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

function header(key: string, payload: Uint8Array): string {
  return JSON.stringify({ version, key, sha256: hash('sha256', payload) });
}

function listFiles(folder: string): { file: string; size: number; used: number }[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .filter((name) => ownFile.test(name))
    .flatMap((name) => {
      const file = path.join(folder, name);
      // Another run may have pruned it meanwhile.
      const stats = lstatSync(file, { throwIfNoEntry: false });
      return stats?.isFile() ? [{ file, size: stats.size, used: stats.mtimeMs }] : [];
    });
}

import { hash } from 'node:crypto';
import path from 'node:path';
import { limits } from '../core/limits/limits.ts';
import type { Clock } from '../core/time/clock.ts';
import type { ByteCache } from './byte-cache.ts';
import type { FileCache } from './file-cache.ts';
import { GatheredFile } from './gathered-file.ts';

const day = 86_400_000;
/** Milliseconds that what was put waits to be written with others, and after which what was read is forgotten. */
const [writtenAfter, forgottenAfter] = [50, 10_000];

/** Where the files are, and of which kinds values are gathered. */
export interface GatheringOptions {
  readonly folder: string;
  readonly kinds: readonly string[];
  readonly clock: Clock;
}

/**
 * A cache that gathers the small values of some kinds in a file for each kind: hundreds of files take longer to open, and far
 * longer to make, than everything that is done with what is in them. What is large or finds its file full goes to the cache
 * below, as does everything of other kinds.
 */
export class GatheringCache implements ByteCache {
  readonly #below: FileCache;
  readonly #options: GatheringOptions;
  readonly #files = new Map<string, GatheredFile>();
  #writing: NodeJS.Timeout | undefined;
  #isWritable = true;

  constructor(below: FileCache, options: GatheringOptions) {
    this.#below = below;
    this.#options = options;
  }

  get(kind: string, key: string): Uint8Array | undefined {
    return this.#file(kind)?.get(hash('sha256', key)) ?? this.#below.get(kind, key);
  }

  put(kind: string, key: string, bytes: Uint8Array): void {
    const file = this.#isWritable ? this.#file(kind) : undefined;
    const name = hash('sha256', key);
    if (file) this.#writing ??= setTimeout(() => this.flush(), writtenAfter).unref();
    if (file && isGatherable(bytes) && file.put(name, bytes)) return;
    file?.remove(name);
    this.#below.put(kind, key, bytes);
  }

  /** Writes what was put. */
  flush(): void {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    if (!this.#isWritable) return;
    try {
      for (const file of this.#files.values()) file.flush();
    } catch (error) {
      this.#isWritable = false;
      this.#below.giveUp(error);
    }
  }

  #file(kind: string): GatheredFile | undefined {
    const { folder, kinds, clock } = this.#options;
    const known = this.#files.get(kind);
    if (known || !kinds.includes(kind)) return known;
    const file = new GatheredFile(path.join(folder, kind, 'gathered'), () => Math.floor(clock.now() / day));
    this.#files.set(kind, file);
    setTimeout(() => this.#forget(kind), forgottenAfter).unref();
    return file;
  }

  /** A daemon does not hold for days what it has read for a minute's work. */
  #forget(kind: string): void {
    this.flush();
    this.#files.delete(kind);
  }
}

function isGatherable(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.length <= limits.run.gatheredValue.most;
}

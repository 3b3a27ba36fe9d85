/*
 * src/cache/
 *
 * Derived bytes by kind and key, which may vanish at any time and then cost requests, nothing else. What must last is
 * in state/. ByteCache below is what the rest knows. file-cache.ts keeps a file per key, written beside the work and
 * renamed, bounded in all; gathering-cache.ts puts small values of some kinds into one file each (gathered-file.ts);
 * memory-cache.ts is for runs without a folder. A value that is not what was put is a miss, never an error. Which kinds
 * there are, and by what key, is a table in docs/architecture.md.
 * Begin here, then file-cache.ts.
 */

/** Derived bytes by kind and key. It may forget anything at any time; what it returns is what was put, or nothing. */
export interface ByteCache {
  get(kind: string, key: string): Uint8Array | undefined;
  put(kind: string, key: string, bytes: Uint8Array): void;
}

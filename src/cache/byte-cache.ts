/** Derived bytes by kind and key. It may forget anything at any time; what it returns is what was put, or nothing. */
export interface ByteCache {
  get(kind: string, key: string): Uint8Array | undefined;
  put(kind: string, key: string, bytes: Uint8Array): void;
}

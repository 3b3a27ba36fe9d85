import type { ByteCache } from './byte-cache.ts';

/** For runs without a cache folder: keeps documents and inventories for the length of one run. */
export function memoryCache(): ByteCache {
  const kept = new Map<string, Uint8Array>();
  return {
    get: (kind, key) => kept.get(`${kind} ${key}`),
    put: (kind, key, bytes) => {
      kept.set(`${kind} ${key}`, bytes);
    },
  };
}

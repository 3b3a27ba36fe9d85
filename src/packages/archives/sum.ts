import { createHash } from 'node:crypto';

/** One hash over several parts, for cache keys and states; where one part ends and the next begins is part of it. */
export function sumOf(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(createHash('sha256').update(part).digest());
  return hash.digest('hex');
}

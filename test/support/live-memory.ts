import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * What this process holds, in bytes, after a full collection: the heap's objects and the buffers beside it.
 *
 * Not the resident size: how far a collector lets a process grow before it cleans up depends on the machine's memory and on what
 * else runs there, not on what was asked of it.
 */
export function liveMemory(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

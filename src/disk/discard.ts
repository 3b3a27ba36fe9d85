import { rmSync } from 'node:fs';

/** Takes away what an attempt to write has left. What keeps it from that is what the attempt itself has failed for. */
export function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // `force` passes over a file that is not there, yet not over a path that leads through one.
  }
}

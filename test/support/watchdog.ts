import { slowness, threadTime } from './cpu-time.ts';

/** Sees to it that nothing holds the main thread for long. */
export interface Watchdog {
  /**
   * The longest stretch so far, in milliseconds of this thread's processor time: what ran between two turns of the event
   * loop, the one under way and garbage collection included.
   */
  longest(): number;
  stop(): void;
}

/**
 * Watches the thread it is called in, from this moment on. Keeps no process alive, and waits with the loop. `isCounted`
 * is asked at the end of each stretch.
 */
export function watchdog(isCounted: () => boolean = () => true): Watchdog {
  let last = threadTime();
  let longest = 0;
  let isWatching = true;
  const look = (): void => {
    if (!isWatching) return;
    const now = threadTime();
    if (isCounted()) longest = Math.max(longest, now - last);
    last = now;
  };
  const next = (): void => {
    look();
    // Unlike a timer it runs in every turn; unlike one that is waited for it does not make the loop spin.
    if (isWatching) setImmediate(next).unref();
  };
  setImmediate(next).unref();
  return {
    longest: () => {
      look();
      return longest;
    },
    stop: () => {
      look();
      isWatching = false;
    },
  };
}

/**
 * The longest stretch of some work, in milliseconds of the machine of the bars, the best of some: what comes from the
 * machine comes once, what comes from the work comes every time.
 */
export async function longestStretch(work: () => Promise<unknown>, most = 5): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  // One that is good enough for any bar is enough.
  for (let tries = 0; tries < most && best > 150; tries++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const slownessBefore = slowness();
    const dog = watchdog();
    await work();
    dog.stop();
    best = Math.min(best, dog.longest() / Math.max(slownessBefore, slowness()));
  }
  return best;
}

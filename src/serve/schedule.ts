import { createHash } from 'node:crypto';
import { parseCron } from '../core/time/cron.ts';

/** When runs are due. */
export interface Schedule {
  /** The last time that was due up to now; milliseconds since 1970. Undefined: there never was one. */
  last(now: number): number | undefined;
  next(now: number): number | undefined;
}

/**
 * A time table in a time zone, moved by what the machine's name gives: between nothing and `jitter` milliseconds, the same every
 * time, so that not everybody asks a registry in the same minute. A time that a change of the clocks leaves out is due when
 * the clocks have changed, one that comes twice is due once.
 */
export function scheduleOf(text: string, timezone: string, jitter: number, machine: string): Schedule {
  const cron = parseCron(text, timezone);
  if (cron === undefined) return { last: () => undefined, next: () => undefined };
  const hash = createHash('sha256').update(machine).digest().readUInt32BE(0);
  const shift = jitter === 0 ? 0 : hash % jitter;
  return {
    last: (now) => {
      // What is due at this very moment is due.
      const [last] = cron.previousRuns(1, new Date(now - shift + 1000));
      return last === undefined ? undefined : last.getTime() + shift;
    },
    next: (now) => {
      const next = cron.nextRun(new Date(now - shift));
      return next === null ? undefined : next.getTime() + shift;
    },
  };
}

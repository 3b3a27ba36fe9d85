import { lastTime, parseCron } from './cron.ts';
import { localTime } from './local-time.ts';
import { isoWeek } from './week.ts';

/** When a reaction happens: at once, with the first run in an ISO week, or with the first after a time of crontab(5). */
export type When = 'now' | 'weekly' | (string & {});

/** May this stand in a rule? */
export function isWhen(text: string): boolean {
  if (text === 'now' || text === 'weekly') return true;
  const cron = parseCron(text);
  return cron !== undefined && lastTime(cron, { day: '2026-01-01', minute: 0 }) !== undefined;
}

/**
 * The period that a moment belongs to: what is found in it goes out together, once. `2026-W47`, or when the time table
 * held last, such as `2026-11-21T06:00`. Undefined for what waits for nothing.
 */
export function batchPeriod(when: When, milliseconds: number, timezone: string): string | undefined {
  if (when === 'now') return undefined;
  if (when === 'weekly') return isoWeek(milliseconds, timezone);
  const cron = parseCron(when);
  return cron && lastTime(cron, localTime(milliseconds, timezone));
}

/** When a reaction happens: at once, with the first run in an ISO week, or with the first after a time of crontab(5). */
export type When = 'now' | 'weekly' | (string & {});
/** May this stand in a rule? */
export declare function isWhen(text: string): boolean;
/**
 * The period that a moment belongs to: what is found in it goes out together, once. `2026-W47`, or when the time table
 * held last, such as `2026-11-21T06:00`. Undefined for what waits for nothing.
 */
export declare function batchPeriod(when: When, milliseconds: number, timezone: string): string | undefined;

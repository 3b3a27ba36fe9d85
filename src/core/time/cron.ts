import { createRequire } from 'node:module';
import type { Cron } from 'croner';

/** Loaded with the first time table: most configurations have none, and whoever reads one cannot wait. */
let loaded: typeof import('croner') | undefined;
function croner(): typeof import('croner') {
  loaded ??= createRequire(import.meta.url)('croner') as typeof import('croner');
  return loaded;
}

/**
 * Reads the five fields of crontab(5) (minute, hour, day of the month, month, day of the week; lists, ranges, steps, names), with
 * `L`, `W` and `#` of later crons, or one of its nicknames (`@daily`). Undefined: it is none.
 */
export function parseCron(text: string, timezone = 'UTC'): Cron | undefined {
  const fields = text.trim().split(/\s+/);
  const [, , day = '', , weekday = ''] = fields;
  if (fields.length !== 5 && !text.trim().startsWith('@')) return undefined;
  try {
    const { Cron } = croner();
    // crontab(5): "If both fields are restricted (i.e., do not contain the "*" character), the command will be run when either
    // field matches." croner takes */2 for restricted.
    return new Cron(text.trim(), {
      timezone,
      paused: true,
      mode: '5-part',
      domAndDow: /\*/.test(day + weekday),
    });
  } catch {
    return undefined;
  }
}

/**
 * When a time table held last, up to a moment of the wall clock (`day` as 2026-11-21, `minute` since midnight): such as
 * `2026-11-21T06:00`. Undefined: it never does.
 */
export function lastTime(
  cron: Cron,
  { day, minute }: { readonly day: string; readonly minute: number },
): string | undefined {
  // Up to the moment is before the next minute. The wall clock is told as if it were that of UTC.
  const [last] = cron.previousRuns(1, new Date(Date.parse(`${day}T00:00:00Z`) + (minute + 1) * 60_000));
  return last?.toISOString().slice(0, 16);
}

/** A time table of crontab(5): the minutes, hours and days at which something is due. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** Does the table hold on a day? 0 is Sunday. */
  readonly isDay: (dayOfMonth: number, weekday: number) => boolean;
}

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const dayNames = 'sun mon tue wed thu fri sat'.split(' ');
const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/**
 * Reads the five fields of crontab(5) (minute, hour, day of the month, month, day of the week; lists, ranges, steps,
 * names of months and days, 7 for Sunday) or one of its nicknames. Undefined: it is none.
 */
export function parseCron(text: string): Cron | undefined {
  const fields = (nicknames[text.trim().toLowerCase()] ?? text).trim().toLowerCase().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) return undefined;
  const minutes = readField(minute, 0, 59);
  const hours = readField(hour, 0, 23);
  const days = readField(day, 1, 31);
  const months = readField(month, 1, 12, (name) => monthNames.indexOf(name) + 1);
  const weekdays = readField(weekday, 0, 7, (name) => dayNames.indexOf(name));
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const isWeekday = (one: number): boolean => weekdays.has(one) || (one === 0 && weekdays.has(7));
  // "If both fields are restricted (i.e., do not contain the "*" character), the command will be run when either field matches."
  const isEither = !day.includes('*') && !weekday.includes('*');
  return {
    minutes,
    hours,
    months,
    isDay: (dayOfMonth, one) =>
      isEither ? days.has(dayOfMonth) || isWeekday(one) : days.has(dayOfMonth) && isWeekday(one),
  };
}

function readField(
  text: string,
  least: number,
  most: number,
  named: (name: string) => number = () => -1,
): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const { from, to, step } =
      /^(?:\*|(?<from>\d{1,2}|[a-z]{3})(?:-(?<to>\d{1,2}|[a-z]{3}))?)(?:\/(?<step>\d{1,2}))?$/.exec(part)?.groups ?? {};
    if (from === undefined && !part.startsWith('*')) return undefined;
    // A step goes over a range or over everything.
    if (step !== undefined && from !== undefined && to === undefined) return undefined;
    const number = (word: string): number => (/^\d/.test(word) ? Number(word) : named(word));
    const first = from === undefined ? least : number(from);
    const last = from === undefined ? most : number(to ?? from);
    const by = Number(step ?? 1);
    if (first < least || last > most || first > last || by < 1 || /^\*\d/.test(part)) return undefined;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

/** Every day of the calendar comes back within eight years, 29 February over a turn of the century. */
const mostDays = 8 * 366 + 1;
const dayTime = 24 * 60 * 60 * 1000;

/**
 * When a time table held last, up to a moment of the wall clock (`day` as 2026-11-21, `minute` since midnight): such as
 * `2026-11-21T06:00`. Undefined: it never does.
 */
export function lastTime(
  cron: Cron,
  { day, minute }: { readonly day: string; readonly minute: number },
): string | undefined {
  const today = Date.parse(`${day}T00:00:00Z`);
  for (let back = 0; back < mostDays; back++) {
    const date = new Date(today - back * dayTime);
    if (!cron.months.has(date.getUTCMonth() + 1) || !cron.isDay(date.getUTCDate(), date.getUTCDay())) continue;
    const latest = latestMinute(cron, back === 0 ? minute : 24 * 60 - 1);
    if (latest === undefined) continue;
    const clock = [Math.floor(latest / 60), latest % 60].map((part) => String(part).padStart(2, '0')).join(':');
    return `${date.toISOString().slice(0, 10)}T${clock}`;
  }
  return undefined;
}

function latestMinute({ hours, minutes }: Cron, until: number): number | undefined {
  for (let hour = Math.floor(until / 60); hour >= 0; hour--) {
    if (!hours.has(hour)) continue;
    const fitting = [...minutes].filter((minute) => hour * 60 + minute <= until);
    if (fitting.length > 0) return hour * 60 + Math.max(...fitting);
  }
  return undefined;
}

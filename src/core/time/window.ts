import { type LocalTime, localTime, minuteOf } from './local-time.ts';

/** When something may be done: from a time of these days on, for so long, as a clock on the wall has it. */
export interface TimeWindow {
  /** 0 is Sunday. */
  readonly days: ReadonlySet<number>;
  /** Minutes since midnight. */
  readonly from: number;
  /** Minutes; at most a week. */
  readonly length: number;
}

const dayNames: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const minutes: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440, w: 10_080 };
const form =
  /^(?<days>daily|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:,(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))*) (?<from>(?:[01]\d|2[0-3]):[0-5]\d)\/(?<number>\d{1,5})(?<unit>[mhdw])$/;

/** Reads `daily 03:00/2h` or `Sat,Sun 03:00/3h`: days, a start and a length; undefined for anything else. */
export function parseWindow(text: string): TimeWindow | undefined {
  const { days = '', from = '', number, unit = '' } = form.exec(text)?.groups ?? {};
  const length = Number(number) * (minutes[unit] ?? 0);
  if (!(length > 0 && length <= 10_080)) return undefined;
  const named = days === 'daily' ? dayNames : days.split(',');
  return { days: new Set(named.map((name) => dayNames.indexOf(name))), from: minuteOf(from), length };
}

/** Is a moment (milliseconds since 1970) in the window, in this time zone? */
export function isOpen({ days, from, length }: TimeWindow, milliseconds: number, timezone: string): boolean {
  const { minute, ...time } = localTime(milliseconds, timezone);
  const today = weekday(time);
  // One that is longer than a day may have begun some days ago.
  for (let ago = 0; ago * 1440 < length + 1440; ago++) {
    const since = minute + ago * 1440 - from;
    if (since >= 0 && since < length && days.has((today + 7 - (ago % 7)) % 7)) return true;
  }
  return false;
}

/** When it opens next, after a moment at which it is closed; to the minute, but where clocks are put forward or back on the way. */
export function nextOpening({ days, from }: TimeWindow, milliseconds: number, timezone: string): number {
  const { minute, ...time } = localTime(milliseconds, timezone);
  const today = weekday(time);
  for (let ahead = 0; ahead <= 7; ahead++) {
    const wait = ahead * 1440 + from - minute;
    if (wait > 0 && days.has((today + ahead) % 7)) {
      return Math.floor(milliseconds / 60_000) * 60_000 + wait * 60_000;
    }
  }
  return milliseconds;
}

function weekday({ day }: Pick<LocalTime, 'day'>): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** The day and the minute that a clock on the wall shows in a time zone; `timezone` is an IANA name. */
export interface LocalTime {
  /** `2026-11-21` */
  readonly day: string;
  /** Minutes since midnight. */
  readonly minute: number;
}

/**
 * The day and minute of a moment (milliseconds since 1970) in a time zone. Throws RangeError when nobody knows the
 * zone.
 */
export function localTime(milliseconds: number, timezone: string): LocalTime {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(milliseconds);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

/** Is the minute of a day between two, such as 22:00 and 07:00? A span that ends before it begins goes over midnight. */
export function isWithin(minute: number, from: number, to: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Minutes since midnight of `22:00`. */
export function minuteOf(text: string): number {
  const [hours = '', minutes = ''] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

import { describe, expect, it } from 'vitest';
import { isWithin, localTime, minuteOf } from '../../../src/core/time/local-time.ts';

describe('the clock on the wall', () => {
  it.each([
    ['2026-01-05T23:30:00Z', 'UTC', '2026-01-05', 23 * 60 + 30],
    ['2026-01-05T23:30:00Z', 'Europe/Berlin', '2026-01-06', 30],
    ['2026-07-05T23:30:00Z', 'Europe/Berlin', '2026-07-06', 90],
    ['2026-01-05T00:10:00Z', 'America/New_York', '2026-01-04', 19 * 60 + 10],
    ['2026-01-05T00:10:00Z', 'Asia/Kathmandu', '2026-01-05', 5 * 60 + 55],
    ['2026-01-05T00:00:00Z', 'UTC', '2026-01-05', 0],
  ])('%s in %s', (time, zone, day, minute) => {
    expect(localTime(Date.parse(time), zone)).toEqual({ day, minute });
  });

  it.each([
    ['21:59', '22:00', '07:00', false],
    ['22:00', '22:00', '07:00', true],
    ['03:00', '22:00', '07:00', true],
    ['07:00', '22:00', '07:00', false],
    ['12:00', '09:00', '17:00', true],
    ['17:00', '09:00', '17:00', false],
    ['12:00', '12:00', '12:00', false],
  ])('%s is between %s and %s: %s', (time, from, to, expected) => {
    expect(isWithin(minuteOf(time), minuteOf(from), minuteOf(to))).toBe(expected);
  });
});

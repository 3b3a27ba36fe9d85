import { expect, it } from 'vitest';
import { isoWeek } from '../../../src/core/time/week.ts';

it.each([
  ['2026-11-20T12:00:00Z', 'UTC', '2026-W47'],
  ['2020-12-31T12:00:00Z', 'UTC', '2020-W53'],
  ['2021-01-03T23:59:59Z', 'UTC', '2020-W53'],
  ['2021-01-04T00:00:00Z', 'UTC', '2021-W01'],
  ['2018-12-31T00:00:00Z', 'UTC', '2019-W01'],
  ['2022-01-01T00:00:00Z', 'UTC', '2021-W52'],
  ['2027-01-01T00:00:00Z', 'UTC', '2026-W53'],
  ['2024-02-29T12:00:00Z', 'UTC', '2024-W09'],
  // Sunday evening in UTC is Monday further east, and still Sunday further west.
  ['2026-11-22T23:30:00Z', 'UTC', '2026-W47'],
  ['2026-11-22T23:30:00Z', 'Europe/Berlin', '2026-W48'],
  ['2026-11-23T04:00:00Z', 'America/New_York', '2026-W47'],
  ['2026-11-22T10:00:00Z', 'Pacific/Kiritimati', '2026-W48'],
  // The night of a change of clocks.
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-W43'],
])('%s in %s is %s', (time, timezone, week) => {
  expect(isoWeek(Date.parse(time), timezone)).toBe(week);
});

it('changes once every seven days, at midnight from Sunday to Monday', () => {
  const hour = 3_600_000;
  const start = Date.parse('2026-11-16T00:00:00Z');
  const weeks = Array.from({ length: 24 * 7 * 60 }, (_, i) => isoWeek(start + i * hour, 'UTC'));
  const changes = weeks.flatMap((week, i) => (i > 0 && week !== weeks[i - 1] ? [i] : []));
  expect(changes).toEqual(Array.from({ length: 59 }, (_, i) => (i + 1) * 168));
  expect(new Set(weeks).size).toBe(60);
});

import { expect, it } from 'vitest';
import { parseUntil } from '../../src/config/snooze-words.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

it.each([
  ['2026-12-24', '2026-12-24T00:00:00.000Z'],
  ['2026-12-24T08:00:00+01:00', '2026-12-24T07:00:00.000Z'],
  ['7d', '2026-03-08T12:00:00.000Z'],
  ['now', '2026-03-01T12:00:00.000Z'],
])('reads %s', (text, time) => {
  expect(new Date(parseUntil(text, now)).toISOString()).toBe(time);
});

it.each(['2027-02-30', '2026-13-01', '24.12.2026', 'forever', '-1d', ''])('takes %j for no date', (text) => {
  expect(() => parseUntil(text, now)).toThrow('is no date');
});

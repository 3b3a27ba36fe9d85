import { describe, expect, it } from 'vitest';
import { batchPeriod, isWhen } from '../../../src/core/time/batch.ts';
import { lastTime, parseCron } from '../../../src/core/time/cron.ts';

describe('a time table of crontab(5)', () => {
  // 2026-11-21 is a Saturday.
  const noon = { day: '2026-11-21', minute: 12 * 60 };
  it.each([
    ['0 6 * * *', '2026-11-21T06:00'],
    ['0 18 * * *', '2026-11-20T18:00'],
    ['* * * * *', '2026-11-21T12:00'],
    ['*/25 * * * *', '2026-11-21T12:00'],
    ['1-59/25 * * * *', '2026-11-21T11:51'],
    ['30 8,20 * * mon-fri', '2026-11-20T20:30'],
    ['0 6 * * 1', '2026-11-16T06:00'],
    ['0 6 * * 0', '2026-11-15T06:00'],
    ['0 6 * * 7', '2026-11-15T06:00'],
    ['0 6 * * SUN', '2026-11-15T06:00'],
    ['0 6 1 * *', '2026-11-01T06:00'],
    ['0 6 31 * *', '2026-10-31T06:00'],
    ['15 0 1 jan,jul *', '2026-07-01T00:15'],
    ['0 0 29 2 *', '2024-02-29T00:00'],
    // Both days restricted: either will do. One with a star: both must hold.
    ['0 0 1 * wed', '2026-11-18T00:00'],
    ['0 0 */2 * wed', '2026-11-11T00:00'],
    ['0 0 L * *', '2026-10-31T00:00'],
    ['0 6 * * tue#2', '2026-11-10T06:00'],
    [' @weekly ', '2026-11-15T00:00'],
    ['@Monthly', '2026-11-01T00:00'],
  ])('%s: %s', (text, time) => {
    const cron = parseCron(text);
    expect(cron && lastTime(cron, noon)).toBe(time);
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '1/5 * * * *',
    'a * * * *',
    '*5 * * * *',
    '-1 * * * *',
    '@often',
    '* * * foo *',
    '1,,2 * * * *',
    '* * * * */8',
    '@reboot',
    '2026-11-21T06:00:00',
  ])('is none: %j', (text) => expect(parseCron(text)).toBeUndefined());

  it('is none of a rule when it never holds', () => {
    expect(['now', 'weekly', '0 6 * * 1', '0 0 29 2 *'].map(isWhen)).toEqual([true, true, true, true]);
    expect(['monthly', '0 0 30 2 *'].map(isWhen)).toEqual([false, false]);
  });
});

describe('the period of a batch', () => {
  const sunday = Date.parse('2026-11-22T23:30:00Z');
  it('is the week, or begins when the table held last, by the clock on the wall', () => {
    expect(batchPeriod('now', sunday, 'UTC')).toBeUndefined();
    expect(batchPeriod('weekly', sunday, 'UTC')).toBe('2026-W47');
    expect(batchPeriod('weekly', sunday, 'Europe/Berlin')).toBe('2026-W48');
    expect(batchPeriod('0 0 * * mon', sunday, 'UTC')).toBe('2026-11-16T00:00');
    expect(batchPeriod('0 0 * * mon', sunday, 'Europe/Berlin')).toBe('2026-11-23T00:00');
  });
});

import { describe, expect, it } from 'vitest';
import { isOpen, nextOpening, parseWindow, type TimeWindow } from '../../../src/core/time/window.ts';

const at = (text: string): number => Date.parse(text);
const read = (text: string): TimeWindow => parseWindow(text) as TimeWindow;

describe('windows', () => {
  it.each([
    ['daily 03:00/2h', '2026-11-30T03:00:00Z', true],
    ['daily 03:00/2h', '2026-11-30T04:59:59Z', true],
    ['daily 03:00/2h', '2026-11-30T05:00:00Z', false],
    ['daily 03:00/2h', '2026-11-30T02:59:59Z', false],
    // Over midnight: it is the day on which it opens that is named.
    ['Sat 23:00/3h', '2026-11-29T01:30:00Z', true],
    ['Sat 23:00/3h', '2026-11-28T01:30:00Z', false],
    ['Sat,Sun 03:00/3h', '2026-11-28T05:59:00Z', true],
    ['Sat,Sun 03:00/3h', '2026-11-30T04:00:00Z', false],
    ['Fri 18:00/3d', '2026-11-30T17:59:00Z', true],
    ['Fri 18:00/3d', '2026-11-30T18:00:00Z', false],
    ['daily 00:00/1w', '2026-11-30T12:00:00Z', true],
    ['Mon 12:00/1w', '2026-11-30T11:00:00Z', true],
  ])('%s at %s: %s', (text, moment, expected) => {
    expect(isOpen(read(text), at(moment), 'UTC')).toBe(expected);
  });

  it('goes by the clock on the wall', () => {
    const window = read('daily 03:00/1h');
    expect(isOpen(window, at('2026-11-30T02:30:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOpen(window, at('2026-07-30T01:30:00Z'), 'Europe/Berlin')).toBe(true);
  });

  it('knows when it opens next', () => {
    const next = (text: string, moment: string, zone = 'UTC'): string =>
      new Date(nextOpening(read(text), at(moment), zone)).toISOString();
    expect(next('daily 03:00/2h', '2026-11-30T05:00:10Z')).toBe('2026-12-01T03:00:00.000Z');
    expect(next('Sat,Sun 03:00/3h', '2026-11-30T05:00:00Z')).toBe('2026-12-05T03:00:00.000Z');
    expect(next('Mon 03:00/1h', '2026-11-30T04:00:00Z')).toBe('2026-12-07T03:00:00.000Z');
    expect(next('daily 03:00/2h', '2026-11-30T05:00:00Z', 'Europe/Berlin')).toBe('2026-12-01T02:00:00.000Z');
  });

  it.each([
    '',
    'daily',
    'daily 3:00/2h',
    'Sat 24:00/1h',
    'Samedi 03:00/1h',
    'daily 03:00/0m',
    'daily 03:00/8d',
    '0 3 * * *',
    'daily 03:00/30s',
  ])('refuses %j', (text) => {
    expect(parseWindow(text)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { scheduleOf } from '../../src/serve/schedule.ts';

const at = (text: string): number => Date.parse(text);
const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);

describe('when a run is due', () => {
  const nightly = scheduleOf('30 2 * * *', 'Europe/Berlin', 0, 'host');

  it('is by the clock of the time zone', () => {
    expect(iso(nightly.last(at('2026-11-29T12:00:00Z')))).toBe('2026-11-29T01:30');
    expect(iso(nightly.next(at('2026-11-29T12:00:00Z')))).toBe('2026-11-30T01:30');
  });

  it('is at the moment itself', () => {
    expect(iso(nightly.last(at('2026-11-29T01:30:00Z')))).toBe('2026-11-29T01:30');
  });

  it('is once on the night that has the hour twice', () => {
    // On 2026-10-25 the clocks go back from 3 to 2 o'clock, at 01:00 UTC.
    const first = nightly.last(at('2026-10-25T23:00:00Z')) ?? 0;
    expect(nightly.last(first - 60_000)).toBe(at('2026-10-24T00:30:00Z'));
  });

  it('is once on the night that has no such hour', () => {
    // On 2026-03-29 the clocks go from 2 to 3 o'clock, at 01:00 UTC.
    const due = nightly.last(at('2026-03-29T12:00:00Z')) ?? 0;
    expect(due).toBeGreaterThanOrEqual(at('2026-03-29T01:00:00Z'));
    expect(due).toBeLessThanOrEqual(at('2026-03-29T01:30:00Z'));
    expect(nightly.last(due - 60_000)).toBe(at('2026-03-28T01:30:00Z'));
  });

  it('is moved by the name of the machine, the same every time and by less than the jitter', () => {
    const moved = ['a', 'b', 'c', 'd'].map((name) => {
      const { last } = scheduleOf('0 * * * *', 'UTC', 300_000, name);
      const due = last(at('2026-11-29T12:30:00Z')) ?? 0;
      expect(last(due - 1000)).toBe(due - 3_600_000);
      return due - at('2026-11-29T12:00:00Z');
    });
    expect(new Set(moved).size).toBe(4);
    for (const shift of moved) {
      expect(shift).toBeGreaterThanOrEqual(0);
      expect(shift).toBeLessThan(300_000);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { driftPlot } from '../../../src/serve/pages/drift-plot.ts';

const day = (date: string, security: number, lagging = 0) => ({ date, findings: { security, lagging } });

describe('the plot of the drift', () => {
  it('draws steps as wide as their days, and leaves days without a run open', () => {
    const plot = driftPlot([day('2026-11-01', 2), day('2026-11-02', 4, 2), day('2026-11-05', 1)], '2026-11-06');
    // Two days in a row, a gap of two, one day, and today without a run.
    expect(plot).toContain('viewBox="0 0 6 180"');
    expect(
      [...plot.matchAll(/<rect class="gap" x="(\d+)" y="0" width="(\d+)"/g)].map(([, x, width]) => [x, width]),
    ).toEqual([
      ['2', '2'],
      ['5', '1'],
    ]);
    const [, bad] = /<path class="bad" d="([^"]*)"/.exec(plot) ?? [];
    expect(bad).toBe('M0,120H1V60H2V180H0ZM4,150H5V180H4Z');
    const [, warn] = /<path class="warn" d="([^"]*)"/.exec(plot) ?? [];
    expect(warn).toBe('M0,120H1V0H2V60H1V120H0ZM4,150H5V150H4Z');
    expect(plot).toContain('From 2 findings on 2026-11-01 to 1 on 2026-11-05; 3 days without a run.');
  });

  it('has the last day of each week in its table', () => {
    const plot = driftPlot([day('2026-11-22', 1), day('2026-11-23', 2), day('2026-11-29', 3)], '2026-11-29');
    expect(
      [...plot.matchAll(/<tr><th scope="row">([^<]+)<\/th><td>([^<]+)<\/td><td>(\d+)/g)].map(([, ...all]) => all),
    ).toEqual([
      ['2026-11-23', '2026-11-29', '3'],
      ['2026-11-16', '2026-11-22', '1'],
    ]);
  });

  it('of 400 days is small, and has no day that is not there', () => {
    const days = Array.from({ length: 400 }, (_, n) =>
      day(new Date(Date.parse('2025-10-26') + n * 86_400_000).toISOString().slice(0, 10), n % 17, n % 5),
    ).filter((_, n) => n % 50 > 3);
    const plot = driftPlot(days, '2026-11-29');
    expect(plot.length).toBeLessThan(60_000);
    expect(plot).not.toMatch(/NaN|undefined|Infinity/);
    expect(plot).toContain('viewBox="0 0 396 180"');
  });

  it('of one day is a day wide', () => {
    expect(driftPlot([day('2026-11-29', 0)], '2026-11-29')).toContain('viewBox="0 0 1 180"');
  });
});

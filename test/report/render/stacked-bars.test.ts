import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Bar, type BarPlot, stackedBars } from '../../../src/report/render/stacked-bars.ts';
import { fc } from '../../support/fast-check.ts';

const kinds = [
  { tone: 'bad', name: 'security fixes' },
  { tone: 'news', name: 'other packages' },
] as const;
const plot = (bars: readonly Bar[]): BarPlot => ({ id: 'p', title: 'T', description: 'D', of: 'image', kinds, bars });
const bar = (label: string, ...counts: number[]): Bar => ({ label, counts, said: String(counts[0]) });

/** Attributes by name of every element of a kind, in order. */
const elements = (html: string, tag: string): Record<string, string>[] =>
  [...html.matchAll(new RegExp(`<${tag}((?: [\\w-]+="[^"]*")*)/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
  );
const percent = (text = ''): number => Number(/^(-?[\d.]+)%$/.exec(text)?.[1]);

it('is what was looked at', () => {
  const bars = [
    { label: 'nginx:1.27', counts: [0, 0], said: 'the next build fails', isBad: true },
    {
      label: 'registry.corp.example:5000/platform-team/very/deep/service:1.2-bookworm-slim',
      counts: [3, 40],
      said: '43, 3 security',
    },
    bar('redis:7', 1, 0),
    bar('<b>&"', 0, 9),
  ];
  const file = path.join(import.meta.dirname, 'golden/stacked-bars.html.txt');
  const html = `${stackedBars(plot(bars)).replaceAll('><', '>\n<')}\n`;
  if (process.env['PLIMSOLL_WRITE_GOLDEN'] === '1') writeFileSync(file, html);
  expect(html).toBe(readFileSync(file, 'utf8'));
});

describe('any plot', () => {
  const bars = fc.array(
    fc.record({
      label: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.webUrl(), fc.constant('a/b'.repeat(200))),
      counts: fc.array(fc.nat({ max: 100_000 }), { minLength: 2, maxLength: 2 }),
      said: fc.string({ maxLength: 28 }),
    }),
    { maxLength: 30 },
  );

  it('has bars as long as their numbers on one scale, which begins at 0 and holds them all', () => {
    fc.assert(
      fc.property(bars, (some) => {
        const html = stackedBars(plot(some));
        expect(html).not.toMatch(/NaN|Infinity|undefined|null/);
        const rects = elements(html, 'rect');
        expect(rects.length).toBe(some.flatMap(({ counts }) => counts).filter((one) => one > 0).length);
        const perUnit = some.flatMap(({ counts: [first = 0, second = 0] }, row) => {
          const mine = rects.filter(({ y }) => Number(y) === row * 38 + 20);
          const ends = mine.map(({ x, width }) => [percent(x), percent(x) + percent(width)] as const);
          if (mine.length === 2) expect(Math.abs((ends[0]?.[1] ?? 0) - (ends[1]?.[0] ?? 0))).toBeLessThan(0.03);
          const end = ends.at(-1)?.[1] ?? 0;
          expect(end).toBeLessThanOrEqual(100.02);
          // A hundredth of a per cent is what is written.
          return first + second > 20_000 ? [end / (first + second)] : [];
        });
        expect(Math.max(0, ...perUnit) - Math.min(...perUnit, Math.max(0, ...perUnit))).toBeLessThan(2e-6);
      }),
    );
  });

  it('shows of a label its end, so much that its number has room', () => {
    fc.assert(
      fc.property(bars, (some) => {
        const plain = some.map((one) => ({ ...one, label: one.label.replaceAll(/[^\w/:.-]/g, 'x') }));
        const texts = [...stackedBars(plot(plain)).matchAll(/<text class="narrow" x="0" y="\d+">([^<]*)</g)];
        const shown = texts.map(([, text = '']) => text);
        expect(shown.length).toBe(plain.length);
        for (const [i, { label, said }] of plain.entries()) {
          const text = shown[i] ?? '';
          expect(text.length + said.length).toBeLessThanOrEqual(46);
          expect(label === text || (text.startsWith('…') && label.endsWith(text.slice(1)))).toBe(true);
        }
      }),
    );
  });

  it.each([1, 2, 50, 500])('keeps rows and numbers of the axis apart, with %i bars', (length) => {
    for (const most of [1, 2, 3, 7, 12, 99, 101, 9_999, 123_456]) {
      const html = stackedBars(
        plot(Array.from({ length }, (_, i) => bar(`image-${i}`, i % 2, Math.ceil((most * (i + 1)) / length)))),
      );
      const [svg] = elements(html, 'svg');
      const ys = elements(html, 'text').map(({ y }) => Number(y));
      expect(Math.max(...ys)).toBeLessThan(Number(svg?.['height']));
      const rows = elements(html, 'text').filter(({ class: kind }) => kind === 'narrow');
      expect(rows.map(({ y }) => Number(y))).toEqual(Array.from({ length }, (_, i) => i * 38 + 14));
      const ticks = [...html.matchAll(/<text class="dim" x="([\d.]+)%" y="\d+" text-anchor="(\w+)">([\d,]+)</g)].slice(
        0,
        -length,
      );
      const axis = ticks
        .filter(([, , , text = '']) => text !== '')
        .map(([, x, anchor, text = '']) => {
          // At 332 px; digits of 13 px are 7 to 8 px wide, commas 4.
          const [at, wide] = [(Number(x) / 100) * 332, text.length * 7.5];
          const start = anchor === 'start' ? at : anchor === 'end' ? at - wide : at - wide / 2;
          return { start, end: start + wide };
        });
      for (const [i, { start }] of axis.entries()) if (i > 0) expect(start).toBeGreaterThan(axis[i - 1]?.end ?? 0);
    }
  });

  it('says the same as a table', () => {
    const html = stackedBars(plot([bar('debian:12', 3, 1_234)]));
    expect(html).toContain('<tr><th scope="row">debian:12</th><td>3</td><td>1,234</td><td>3</td></tr>');
    expect(html).toMatch(
      /role="img" aria-labelledby="p-title p-desc"><title id="p-title">T<\/title><desc id="p-desc">D<\/desc>/,
    );
    expect(html).not.toMatch(/\sstyle=|<style|<script/);
  });
});

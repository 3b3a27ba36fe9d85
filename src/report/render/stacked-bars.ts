import { scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import { escapeHtml } from '../safe/escape-html.ts';
import { visible } from '../safe/visible.ts';
import type { Tone } from '../say/level.ts';

/** One kind of what is counted, with the class of the style sheet that colours it. */
export interface BarKind {
  readonly tone: Tone;
  readonly name: string;
}

/** A bar: how many of each kind, in the kinds' order. */
export interface Bar {
  /** May be text from outside, of any length. */
  readonly label: string;
  readonly counts: readonly number[];
  /** What stands at its end; short, ours. */
  readonly said: string;
  /** What is said is worse than any number. */
  readonly isBad?: boolean;
}

/** A plot of bars that share one scale. */
export interface BarPlot {
  /** Part of ids in the page, unique there. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** What a label names, as a heading of the table. */
  readonly of: string;
  readonly kinds: readonly BarKind[];
  readonly bars: readonly Bar[];
}

const rowHeight = 38;
const barHeight = 10;
/** So many characters of 13 px fit beside each other, on the narrowest telephone that is cared for (360 px), and elsewhere. */
const lineLengths = { narrow: 46, wide: 80 };

/**
 * A plot as HTML: a legend, an SVG without script or style of its own that is as wide as its place (lengths are per cent of it, text
 * keeps its size), and the same numbers as a table. Label and number stand above their bar, the label as much of it as
 * leaves room for the number; the style sheet shows the one for the width that there is.
 */
export function stackedBars({ id, title, description, of, kinds, bars }: BarPlot): string {
  const most = Math.max(1, ...bars.map(({ counts }) => sum(counts)));
  const scale = scaleLinear().domain([0, most]).range([0, 100]).nice(3);
  const x = (value: number): string => `${Math.round(scale(value) * 100) / 100}%`;
  const series = stack<Bar, number>()
    .keys(kinds.keys())
    .value(({ counts }, kind) => counts[kind] ?? 0)(bars);
  const height = bars.length * rowHeight;
  const ticks = scale.ticks(3).filter(Number.isInteger);
  const axis = ticks.map((tick) => {
    const anchor = scale(tick) === 0 ? 'start' : scale(tick) === 100 ? 'end' : 'middle';
    return `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${height}"/><text class="dim" x="${x(tick)}" y="${height + 16}" text-anchor="${anchor}">${tick.toLocaleString('en-US')}</text>`;
  });
  const rows = bars.map(({ label, said, isBad = false }, row) => {
    const y = row * rowHeight;
    const parts = series.flatMap((one, kind) => {
      const [from, to] = one[row] ?? [0, 0];
      return to > from
        ? `<rect class="${kinds[kind]?.tone}" x="${x(from)}" y="${y + 20}" width="${x(to - from)}" height="${barHeight}"/>`
        : [];
    });
    const name = visible(label);
    const labels = Object.entries(lineLengths).map(
      ([width, most]) =>
        `<text class="${width}" x="0" y="${y + 14}">${escapeHtml(endOf(name, most - said.length))}</text>`,
    );
    return `<g><title>${escapeHtml(`${name}: ${said}`)}</title>${labels.join('')}<text class="${isBad ? 'bad' : 'dim'}" x="100%" y="${y + 14}" text-anchor="end">${escapeHtml(said)}</text>${parts.join('')}</g>`;
  });
  const legend = kinds.map(({ tone, name }) => `<li><span class="mark ${tone}"></span>${escapeHtml(name)}</li>`);
  return `<figure class="plot"><ul class="legend">${legend.join('')}</ul>
<svg width="100%" height="${height + 22}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>${axis.join('')}${rows.join('')}</svg>
<details><summary>The same as a table</summary>${table(of, kinds, bars)}</details></figure>`;
}

function table(of: string, kinds: readonly BarKind[], bars: readonly Bar[]): string {
  const head = [of, ...kinds.map(({ name }) => name), ''].map((name) => `<th scope="col">${escapeHtml(name)}</th>`);
  const rows = bars.map(({ label, counts, said }) => {
    const numbers = kinds.map((_, kind) => `<td>${(counts[kind] ?? 0).toLocaleString('en-US')}</td>`);
    return `<tr><th scope="row">${escapeHtml(visible(label))}</th>${numbers.join('')}<td>${escapeHtml(said)}</td></tr>`;
  });
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** What tells names apart stands at their end (`…/team/app:1.2`), of a path from a whole part on. */
function endOf(name: string, most: number): string {
  if (name.length <= most) return name;
  const part = name.indexOf('/', name.length - most + 1);
  const start = part < 0 ? name.length - most + 1 : part;
  // Not the second half of a character.
  const isLow = /[\udc00-\udfff]/.test(name.charAt(start));
  return `…${name.slice(isLow ? start + 1 : start)}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

import { scaleLinear, scaleUtc } from 'd3-scale';
import type { FindingClass } from '../../core/finding.ts';
import { escapeHtml } from '../../report/safe/escape-html.ts';
import { type Tone, toneOf } from '../../report/say/level.ts';
import { count, grouped } from '../../report/say/quantity.ts';
import { dayText } from '../../report/say/times.ts';

/** What stood at the end of a day. */
export interface DriftDay {
  /** `2026-11-29`, UTC. */
  readonly date: string;
  readonly findings: Readonly<Partial<Record<FindingClass, number>>>;
}

const dayLength = 24 * 60 * 60 * 1000;

/** What is drawn, the loudest at the bottom; what asks for nothing is not. */
const kinds = [
  { tone: 'bad', name: 'broken pins, security' },
  { tone: 'warn', name: 'lagging, end of life, unknown' },
  { tone: 'news', name: 'other changes' },
] as const;
const kindOf: ReadonlyMap<Tone, number> = new Map(kinds.map(({ tone }, index) => [tone, index]));

/** A day as it is drawn: days since the first, and how many of each kind. */
interface Point {
  readonly date: string;
  readonly x: number;
  readonly counts: readonly number[];
}

/** Height of the drawing in pixels. */
const height = 180;

/**
 * What stood, day by day, as HTML: stacked steps, one stroke per kind, and a gap where no run was, so that what nobody
 * looked at is never a line. As wide as its place, like other plots; the same numbers week by week as a table. `until` is
 * the day at its right edge.
 */
export function driftPlot(days: readonly DriftDay[], until: string): string {
  const first = days[0]?.date ?? until;
  const points = days.map(({ date, findings }): Point => {
    const counts = kinds.map(() => 0);
    for (const [kind, number] of Object.entries(findings) as [FindingClass, number][]) {
      const index = kindOf.get(toneOf(kind));
      if (index !== undefined) counts[index] = (counts[index] ?? 0) + number;
    }
    return { date, x: daysBetween(first, date), counts };
  });
  const width = Math.max(1, daysBetween(first, until) + 1);
  const most = Math.max(1, ...points.map(sum));
  const scale = scaleLinear().domain([0, most]).range([height, 0]).nice(3);
  const y = (value: number): number => Math.round(scale(value) * 10) / 10;
  const runs = unbroken(points);
  const drawn = runs.map((run) => run.map((point) => ({ x: point.x, edges: edgesOf(point, y) })));
  const shapes = kinds.map(({ tone }, kind) => {
    const path = drawn.map((run) => stepsOf(run, kind)).join('');
    return `<path class="${tone}" d="${path}"/>`;
  });
  const gaps = gapsOf(runs, width).map(
    ([from, to]) => `<rect class="gap" x="${from}" y="0" width="${to - from}" height="${height}"/>`,
  );
  const grid = scale.ticks(3).filter(Number.isInteger);
  const lines = grid.map(
    (tick) =>
      `<line class="grid" x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}"/><text class="dim" x="0" y="${y(tick) - 4}">${grouped(tick)}</text>`,
  );
  const last = points.at(-1);
  const [before, now] = [sum(points[0]), sum(last)];
  const description =
    last === undefined
      ? 'No day with a run yet.'
      : `From ${count(before, 'finding')} on ${points[0]?.date} to ${grouped(now)} on ${last.date}; ${count(width - points.length, 'day')} without a run.`;
  const legend = [...kinds, ...(gaps.length > 0 ? [{ tone: 'gap', name: 'no run' }] : [])].map(
    ({ tone, name }) => `<li><span class="mark ${tone}"></span>${escapeHtml(name)}</li>`,
  );
  return `<figure class="plot drift"><ul class="legend">${legend.join('')}</ul>
<svg width="100%" height="${height + 38}" role="img" aria-labelledby="drift-title drift-desc"><title id="drift-title">Findings by day</title><desc id="drift-desc">${escapeHtml(description)}</desc><svg y="16" width="100%" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${gaps.join('')}${shapes.join('')}</svg><g transform="translate(0 16)">${lines.join('')}${dates(first, width)}</g></svg>
<details><summary>The same as a table</summary>${weekTable(points)}</details></figure>`;
}

function sum(point: Point | undefined): number {
  return point?.counts.reduce((all, one) => all + one, 0) ?? 0;
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayLength);
}

/** Days in a row that have all had a run. */
function unbroken(points: readonly Point[]): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  for (const point of points) {
    const current = runs.at(-1);
    if (current !== undefined && current.at(-1)?.x === point.x - 1) current.push(point);
    else runs.push([point]);
  }
  return runs;
}

function gapsOf(runs: readonly (readonly Point[])[], width: number): readonly (readonly [from: number, to: number])[] {
  const ends = runs.map((run) => (run.at(-1)?.x ?? 0) + 1);
  return ends.flatMap((end, index) => {
    const next = runs[index + 1]?.[0]?.x ?? width;
    return next > end ? [[end, next] as const] : [];
  });
}

/** A day of the drawing: where it begins, and from the bottom up where each kind ends and the next begins. */
interface Column {
  readonly x: number;
  readonly edges: readonly number[];
}

function edgesOf({ counts }: Point, y: (value: number) => number): readonly number[] {
  let all = 0;
  const tops = counts.map((one) => {
    all += one;
    return y(all);
  });
  return [y(0), ...tops];
}

/**
 * One kind as a closed path: along its upper edge to the end of the last day, and along the lower one back. A day is as wide
 * as a day, and has a corner where it differs from the one before.
 */
function stepsOf(run: readonly Column[], kind: number): string {
  const upper = cornersOf(run, kind + 1);
  const lower = cornersOf(run, kind).reverse();
  const end = (run.at(-1)?.x ?? 0) + 1;
  const [first] = upper;
  const there = upper.slice(1).map(([x, y]) => `H${x}V${y}`);
  const back = lower.map(([x, y]) => `V${y}H${x}`);
  return first === undefined ? '' : `M${first[0]},${first[1]}${there.join('')}H${end}${back.join('')}Z`;
}

/** Where an edge is at another height than the day before. */
function cornersOf(run: readonly Column[], edge: number): (readonly [x: number, y: number])[] {
  return run.flatMap(({ x, edges }, index) => {
    const y = edges[edge] ?? 0;
    return index > 0 && run[index - 1]?.edges[edge] === y ? [] : [[x, y] as const];
  });
}

/** Round days below the drawing: as many as a telephone has room for, and more where there is more. */
function dates(first: string, width: number): string {
  const begin = Date.parse(first);
  const scale = scaleUtc()
    .domain([begin, begin + width * dayLength])
    .range([0, 100]);
  const labels = ([size, most]: readonly [string, number]): string =>
    [...new Map(scale.ticks(most).map((tick) => [dayText(tick.getTime()), scale(tick)]))]
      .filter(([, at]) => at >= 0 && at <= 88)
      .map(([day, at]) => `<text class="dim ${size}" x="${Math.round(at * 10) / 10}%" y="${height + 16}">${day}</text>`)
      .join('');
  return `${labels(['narrow', 2])}${labels(['wide', 5])}`;
}

function mondayOf(date: string): string {
  const time = Date.parse(date);
  return dayText(time - ((new Date(time).getUTCDay() + 6) % 7) * dayLength);
}

function weekTable(points: readonly Point[]): string {
  const weeks = Map.groupBy(points, ({ date }) => mondayOf(date));
  const rows = [...weeks].reverse().map(([week, days]) => {
    const last = days.at(-1);
    const numbers = kinds.map((_, kind) => `<td>${grouped(last?.counts[kind] ?? 0)}</td>`);
    return `<tr><th scope="row">${week}</th><td>${last?.date ?? ''}</td>${numbers.join('')}</tr>`;
  });
  const head = ['week of', 'last day with a run', ...kinds.map(({ name }) => name)];
  return `<table><thead><tr>${head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

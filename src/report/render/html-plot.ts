import { limits } from '../../core/limits/limits.ts';
import type { Story } from '../../core/message.ts';
import type { Tone } from '../say/level.ts';
import { count } from '../say/quantity.ts';
import { shortSubject } from '../say/story-text.ts';
import { stackedBars } from './stacked-bars.ts';

/** How far behind one image is: what its update, and its distribution's, would bring. */
interface Behind {
  readonly subject: string;
  readonly fixes: number;
  readonly others: number;
  readonly isBroken: boolean;
}

/** A bar per image, as long as the number of packages it is behind, the security fixes first in it; the worst on top. */
export function behindPlot(stories: readonly Story[]): string {
  const all = behindOf(stories);
  if (all.length === 0) return '';
  const shown = all.slice(0, limits.report.htmlBars.most);
  const bars = shown.map(({ subject, fixes, others, isBroken }) => {
    const number = `${(fixes + others).toLocaleString('en-US')}${fixes > 0 ? `, ${fixes.toLocaleString('en-US')} security` : ''}`;
    return {
      label: shortSubject(subject),
      counts: [fixes, others],
      said: isBroken ? 'the next build fails' : number,
      isBad: isBroken,
    };
  });
  const rest = all.length - shown.length;
  const plot = stackedBars({
    id: 'behind',
    title: 'Packages behind, by image',
    description: `${count(all.length, 'image')}; the furthest behind is ${bars[0]?.label}: ${bars[0]?.said}.`,
    of: 'image',
    kinds: [
      { tone: 'bad', name: 'security fixes' },
      { tone: 'news', name: 'other packages' },
    ],
    bars,
  });
  const more = rest > 0 ? `<p class="dim">… and ${count(rest, 'more image')}</p>` : '';
  return `<section><h2>How far behind</h2><p class="dim">Packages that an update would change, by image.</p>${plot}${more}</section>`;
}

function behindOf(stories: readonly Story[]): readonly Behind[] {
  const images = Map.groupBy(
    stories.filter(({ class: kind, packages }) => kind === 'pin-broken' || packages.length > 0),
    ({ subject }) => subject,
  );
  const all = [...images].map(([subject, group]): Behind => {
    const packages = new Map(group.flatMap((story) => story.packages.map((one) => [one.name, one])));
    const fixes = [...packages.values()].filter(({ security }) => security === true).length;
    return {
      subject,
      fixes,
      others: packages.size - fixes,
      isBroken: group.some(({ class: kind }) => kind === 'pin-broken'),
    };
  });
  return all.sort(
    (a, b) =>
      Number(b.isBroken) - Number(a.isBroken) ||
      b.fixes - a.fixes ||
      b.others - a.others ||
      (a.subject < b.subject ? -1 : 1),
  );
}

const day = 24 * 60 * 60 * 1000;
/** Whole days, up to and with. */
const ages = [
  { label: 'today', until: 0 },
  { label: '1 to 7 days', until: 7 },
  { label: '8 to 30 days', until: 30 },
  { label: '31 to 90 days', until: 90 },
  { label: 'over 90 days', until: Number.POSITIVE_INFINITY },
];

/**
 * How long what is known has been known, the newest on top; nothing where no state says so, or all is new. `now` is RFC 3339.
 * `toneOf` says how loud a story is.
 */
export function agePlot(stories: readonly Story[], toneOf: (story: Story) => Tone, now: string): string {
  const known = stories.flatMap((story) => {
    const since = Date.parse(story.since ?? '');
    // A clock that went back makes nothing younger than today.
    return Number.isNaN(since)
      ? []
      : [{ tone: toneOf(story), days: Math.max(0, Math.floor((Date.parse(now) - since) / day)) }];
  });
  if (!known.some(({ days }) => days > 0)) return '';
  const kinds = [
    { tone: 'bad', name: 'broken pins, security' },
    { tone: 'warn', name: 'lagging, end of life, unknown' },
    { tone: 'news', name: 'other changes' },
  ] as const;
  const bars = ages.map(({ label, until }, i) => {
    const from = ages[i - 1]?.until ?? -1;
    const inside = known.filter(({ days }) => days > from && days <= until);
    const counts = kinds.map(({ tone }) => inside.filter((one) => one.tone === tone).length);
    return { label, counts, said: inside.length.toLocaleString('en-US') };
  });
  const oldest = bars.findLast(({ said }) => said !== '0');
  const plot = stackedBars({
    id: 'age',
    title: 'Findings by age',
    description: `${count(known.length, 'finding')}; the oldest: ${oldest?.label}.`,
    of: 'known for',
    kinds,
    bars,
  });
  return `<section><h2>Since when</h2><p class="dim">How long each of these has been known.</p>${plot}</section>`;
}

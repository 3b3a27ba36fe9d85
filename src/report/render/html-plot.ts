import { limits } from '../../core/limits/limits.ts';
import type { Story } from '../../core/message.ts';
import { escapeHtml } from '../safe/escape-html.ts';
import { visible } from '../safe/visible.ts';
import { shortSubject } from '../say/story-text.ts';

/** How far behind one image is: what its update, and its distribution's, would bring. */
interface Behind {
  readonly subject: string;
  readonly fixes: number;
  readonly others: number;
  readonly isBroken: boolean;
}

const barHeight = 22;
const labelWidth = 260;
const plotWidth = 420;

/**
 * A bar per image, as long as the number of packages it is behind, the security fixes first in it; the worst on top. An
 * SVG in the page, with the same numbers as text for whoever does not see it.
 */
export function behindPlot(stories: readonly Story[]): string {
  const all = behindOf(stories);
  if (all.length === 0) return '';
  const shown = all.slice(0, limits.report.htmlBars.most);
  const most = Math.max(1, ...shown.map(({ fixes, others }) => fixes + others));
  const width = (number: number): number => Math.round((number / most) * plotWidth);
  const rows = shown.map(({ subject, fixes, others, isBroken }, index) => {
    const y = index * barHeight;
    const label = visible(shortSubject(subject));
    const short = label.length > 33 ? `${label.slice(0, 32)}…` : label;
    const said = isBroken ? 'the next build fails' : `${fixes + others}${fixes > 0 ? `, ${fixes} security` : ''}`;
    return `<g><title>${escapeHtml(`${label}: ${said}`)}</title><text x="${labelWidth - 8}" y="${y + 15}" text-anchor="end">${escapeHtml(short)}</text><rect class="bad" x="${labelWidth}" y="${y + 4}" width="${isBroken ? plotWidth : width(fixes)}" height="14" rx="2"/><rect class="news" x="${labelWidth + width(fixes)}" y="${y + 4}" width="${isBroken ? 0 : width(others)}" height="14" rx="2"/><text class="dim" x="${labelWidth + (isBroken ? plotWidth : width(fixes) + width(others)) + 8}" y="${y + 15}">${escapeHtml(said)}</text></g>`;
  });
  const total = labelWidth + plotWidth + 150;
  const height = shown.length * barHeight + 4;
  const rest =
    all.length > limits.report.htmlBars.most
      ? `<p class="dim">… and ${all.length - limits.report.htmlBars.most} more images</p>`
      : '';
  return `<section><h2>How far behind</h2><p class="dim">Packages that an update would change, security fixes first.</p><div class="plot"><svg viewBox="0 0 ${total} ${height}" width="${total}" height="${height}" role="img" aria-label="Packages behind, by image">${rows.join('')}</svg></div>${rest}</section>`;
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

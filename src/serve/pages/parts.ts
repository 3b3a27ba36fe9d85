import type { FindingClass } from '../../core/finding.ts';
import { shortDigest } from '../../core/image/digest.ts';
import type { Dispatch } from '../../core/image/rebuild.ts';
import type { NewsClass } from '../../core/news.ts';
import { inScope, placeText, type Workload } from '../../core/place.ts';
import { safeUrl } from '../../report/safe/safe-url.ts';
import { toneOf } from '../../report/say/level.ts';
import { count, grouped } from '../../report/say/quantity.ts';
import { shortSubject } from '../../report/say/story-text.ts';
import { dayText, minuteText } from '../../report/say/times.ts';
import type { RebuildFacts } from '../../state/fleet.ts';
import type { Html, PageContext } from '../page.ts';
import { link, paths } from './links.ts';
import { attribute, brief, made, markup, type Shown } from './markup.ts';

/** The name of a class with the colour of how loud it is. */
export function classMark(kind: NewsClass): Html {
  return markup`<span class="kind"><span class="mark ${toneOf(kind)}"></span>${kind}</span>`;
}

/** A day, with the minute for whoever points at it. Milliseconds since 1970. */
export function dayMark(time: number): Html {
  return markup`<time datetime="${new Date(time).toISOString()}">${dayText(time)}</time>`;
}

/** A minute of UTC. */
export function minuteMark(time: number): Html {
  return markup`<time datetime="${new Date(time).toISOString()}">${minuteText(time)}</time>`;
}

/** `2026-11-20 (9 days)`: since when something stands. A clock that went back makes nothing younger than today. */
export function sinceMark(time: number, now: number): Html {
  const days = Math.max(0, Math.floor((now - time) / 86_400_000));
  return markup`<span class="kind">${dayMark(time)} <span class="dim">(${days === 0 ? 'today' : count(days, 'day')})</span></span>`;
}

/** An image by the name that people write, as a link to its page. */
export function imageLink(context: PageContext, reference: string): Html {
  return link(context, paths.image(reference), shortSubject(reference));
}

/** The first digits of a digest, or a version as it is. */
export function digestMark(text: string): Html {
  if (!/^\w+:[0-9a-f]{32,}$/.test(text)) return markup`<code>${brief(text)}</code>`;
  return markup`<code class="kind">${shortDigest(text as never)}</code>`;
}

/** A place with its repository, folder or engine in front. */
export function placeMark({
  repository,
  ...place
}: {
  readonly repository: string;
  readonly file?: string;
  readonly line?: number;
  readonly workload?: Workload;
}): Html {
  return markup`<code>${brief(inScope(placeText(place), repository))}</code>`;
}

const rebuildWords: Readonly<Record<Dispatch['state'], string>> = {
  none: 'nobody is asked for it',
  held: 'not asked for yet',
  asked: 'asked for',
  served: 'came',
  failed: 'failed',
  'timed-out': 'did not come',
};

/** How it stands with the rebuild of a stale image, and where it is built. Undefined: of nothing that is published. */
export function rebuildMark({ published, dispatch }: RebuildFacts): Html | undefined {
  if (published === undefined || dispatch === undefined) return undefined;
  const { state, at, url, reason } = dispatch;
  const address = url === undefined ? undefined : safeUrl(url);
  const asked = at !== undefined && markup`${state === 'asked' ? '' : ', asked for'} ${minuteMark(Date.parse(at))}`;
  const place =
    address !== undefined && markup`, <a href="${attribute(address)}" rel="noreferrer">where it is built</a>`;
  // The other states are in the finding's own sentence.
  return markup`<b>Rebuild of ${brief(shortSubject(published.image))}:</b> ${rebuildWords[state]}${asked}${place}${state === 'none' && markup` (${reason})`}`;
}

/** A column: its heading, and what its cells are beside text. */
export interface Column {
  readonly name: string;
  readonly kind?: 'number';
}

const [rowBegin, rowEnd] = [made('<tr>'), made('</tr>\n')];

/** A table that is a list of cards where there is no room for columns. `caption` is for whoever does not see it. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Shown[])[]): Html {
  const head = columns.map(({ name, kind = 'text' }) => markup`<th scope="col" class="${kind}">${name}</th>`);
  // What is the same in every row is made once: these are the longest pages.
  const begin = columns.map(({ name, kind = 'text' }, index) =>
    index === 0 ? made('<th scope="row">') : markup`<td class="${kind}" data-label="${name}">`,
  );
  const end = columns.map((_, index) => made(index === 0 ? '</th>' : '</td>'));
  const cells = (row: readonly Shown[]): Shown => row.map((value, index) => [begin[index], value, end[index]]);
  return markup`<table class="list"><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => [rowBegin, cells(row), rowEnd])}</tbody></table>`;
}

/** Labels with their values. */
export function facts(all: readonly (readonly [name: string, value: Shown])[]): Html {
  return markup`<dl class="facts">${all.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Leads to the rest of a list. */
export function nextLink(context: PageContext, path: string | undefined): Html | undefined {
  return path === undefined ? undefined : markup`<p class="pager">${link(context, path, 'Next page')}</p>`;
}

/** A value of the query, without what is only space. */
export function asked({ query }: Pick<PageContext, 'query'>, key: string): string | undefined {
  const value = query.get(key)?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** How much of each class. */
export function classTiles(counts: readonly (readonly [FindingClass, number, Shown?])[]): Html | undefined {
  if (counts.length === 0) return undefined;
  return markup`<ul class="tiles">${counts.map(([kind, number, words]) => markup`<li class="${toneOf(kind)}"><b>${grouped(number)}</b> ${words ?? kind}</li>`)}</ul>`;
}

import { limits } from '../../core/limits/limits.ts';
import { isNotice } from '../../core/news.ts';
import { count } from '../../report/say/quantity.ts';
import type { DetailedFinding, NewsRow } from '../../state/memory.ts';
import type { Html, Page, PageContext } from '../page.ts';
import { acts } from '../page.ts';
import { paths, withQuery } from './links.ts';
import { attribute, brief, markup, type Shown } from './markup.ts';
import { asked, classMark, imageLink, nextLink, rebuildMark, sinceMark, table } from './parts.ts';

/** What people were told of, or will be, and is not over. */
export const newsPage: Page = {
  path: paths.news,
  async render(context) {
    const { store, now, mayAct } = context;
    const [{ items, next }, snoozes] = await Promise.all([
      store.memory.news(asked(context, 'cursor')),
      store.snoozes.active(now),
    ]);
    const isStale = items.some((one) => one.class === 'stale');
    const stale = isStale ? await store.memory.findings({ class: 'stale' }) : undefined;
    return {
      status: 200,
      title: 'News',
      body: markup`<h1>News</h1>
${items.length === 0 ? markup`<p>No news is open.</p>` : newsTable(context, items, stale?.items ?? [])}
${stale?.next !== undefined && markup`<p class="dim">How rebuilds stand is told of those that have been stale the longest; the page of an image has its own.</p>`}
${nextLink(context, next === undefined ? undefined : withQuery(paths.news, { cursor: next }))}
${
  snoozes.length > 0 &&
  markup`<section><h2>Snoozed</h2>${table(
    `${count(snoozes.length, 'thing')} of which nobody wants to hear for a while`,
    [{ name: 'What' }, { name: 'Kind' }, { name: 'Until' }, ...(mayAct ? [{ name: 'End it' }] : [])],
    snoozes.map(({ kind, value, until }) => [
      brief(value),
      kind,
      new Date(until).toISOString().slice(0, 10),
      ...(mayAct ? [endForm(value)] : []),
    ]),
  )}</section>`
}`,
    };
  },
};

/** `stale`: what stands of that class. */
function newsTable(context: PageContext, rows: readonly NewsRow[], stale: readonly DetailedFinding[]): Html {
  const { mayAct, now } = context;
  const list = table(
    'Open news, the most urgent first',
    [
      { name: 'About' },
      { name: 'Class' },
      { name: 'Since' },
      { name: 'Places', kind: 'number' },
      { name: 'Channels told', kind: 'number' },
      ...(mayAct ? [{ name: 'Do' }] : []),
    ],
    rows.map(({ key, class: kind, reference, first, places, told }): readonly Shown[] => [
      isNotice(kind) ? brief(reference) : imageLink(context, reference),
      markup`${classMark(kind)}${kind === 'stale' && rebuildsOf(reference, stale)}`,
      sinceMark(first, now),
      places === 0 ? '' : places,
      told,
      ...(mayAct
        ? [
            markup`<span class="kind"><button name="value" value="${attribute(key)}">Snooze</button> ${!isNotice(kind) && markup`<button formaction="${acts.recheck}" name="reference" value="${attribute(reference)}">Look up</button>`}</span>`,
          ]
        : []),
    ]),
  );
  // One form for all rows: the button that is pressed says which it is about.
  return mayAct
    ? markup`<form class="rows" action="${acts.snooze}" method="post"><input type="hidden" name="back" value="${paths.news}"><div><label for="until">Snooze until</label><input id="until" name="until" value="7d" required></div>${list}</form>`
    : list;
}

/** How it stands with the images that are built on this one. */
function rebuildsOf(reference: string, stale: readonly DetailedFinding[]): readonly Html[] {
  const marks = stale.filter((one) => one.reference === reference).flatMap((one) => rebuildMark(one) ?? []);
  const shown = marks.slice(0, limits.report.wherePlaces.most);
  return [
    ...shown.map((mark) => markup`<p class="dim">${mark}</p>`),
    ...(marks.length > shown.length ? [markup`<p class="dim">… and ${marks.length - shown.length} more</p>`] : []),
  ];
}

function endForm(value: string): Html {
  return markup`<form action="${acts.snooze}" method="post"><input type="hidden" name="value" value="${attribute(value)}"><input type="hidden" name="back" value="${paths.news}"><input type="hidden" name="until" value="now"><button>Hear of it again</button></form>`;
}

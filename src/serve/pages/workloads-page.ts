import { formatReference } from '../../core/image/reference.ts';
import { workloadPlace } from '../../core/place.ts';
import { count } from '../../report/say/quantity.ts';
import type { StoredWorkload } from '../../state/fleet.ts';
import { pageOfRows } from '../../state/lists/cursors.ts';
import type { Html, Page, PageContext } from '../page.ts';
import { link, paths, withQuery } from './links.ts';
import { brief, markup } from './markup.ts';
import { asked, dayMark, digestMark, nextLink, table } from './parts.ts';

/** What runs on engines, as a run saw it last. */
export const workloadsPage: Page = {
  path: paths.workloads,
  async render(context) {
    const engine = asked(context, 'engine');
    const all = (await context.store.fleet.workloads()).filter((one) => engine === undefined || one.engine === engine);
    const { items: shown, next } = pageOfRows(['workloads', engine], all, asked(context, 'cursor'));
    const states = [...Map.groupBy(all, ({ state }) => state)].map(([state, own]) => `${own.length} ${state}`);
    return {
      status: 200,
      title: 'Workloads',
      body: markup`<h1>Workloads</h1>
${
  all.length === 0
    ? markup`<p>${engine === undefined ? 'No run has looked at an engine yet.' : 'No workload of such an engine is in the state.'}</p>`
    : markup`<p>${count(all.length, 'workload')}: ${states.sort().join(', ')}.</p>${workloadTable(context, shown)}`
}
${nextLink(context, next === undefined ? undefined : withQuery(paths.workloads, { engine, cursor: next }))}`,
    };
  },
};

function workloadTable(context: PageContext, rows: readonly StoredWorkload[]): Html {
  return table(
    'What runs, as a run saw it last',
    [
      { name: 'Workload' },
      { name: 'Engine' },
      { name: 'Image' },
      { name: 'Runs' },
      { name: 'State' },
      { name: 'Why' },
      { name: 'Seen last' },
    ],
    rows.map((one) => [
      markup`${link(context, paths.workload(one.engine, one.name), workloadPlace(one))} <span class="dim">${brief(one.kind)}</span>`,
      link(context, withQuery(paths.workloads, { engine: one.engine }), one.engine),
      one.reference === undefined ? brief(one.written) : link(context, paths.image(keyOf(one.reference)), one.written),
      one.running === null ? markup`<span class="dim">could not be told</span>` : digestMark(one.running.root),
      markup`<span class="mark ${one.state === 'behind' ? 'bad' : one.state === 'current' || one.state === 'local' || one.state === 'skipped' ? 'calm' : 'warn'}"></span>${one.state}`,
      one.why,
      dayMark(one.last),
    ]),
  );
}

/** The name under which the state keeps an image: the tag, whatever digest it is pinned to. */
function keyOf({ registry, repository, tag = 'latest' }: NonNullable<StoredWorkload['reference']>): string {
  return formatReference({ registry, repository, tag });
}

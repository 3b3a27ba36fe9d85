import { type FindingClass, findingClasses } from '../../core/finding.ts';
import { quietClasses } from '../../report/say/level.ts';
import { count } from '../../report/say/quantity.ts';
import { dayText } from '../../report/say/times.ts';
import type { Day, ImageRow } from '../../state/memory.ts';
import type { StoredRun } from '../../state/store.ts';
import type { Html, Page, PageContext } from '../page.ts';
import { type DriftDay, driftPlot } from './drift-plot.ts';
import { imageTable } from './images-page.ts';
import { link, paths, withQuery } from './links.ts';
import { made, markup } from './markup.ts';
import { classTiles, facts, minuteMark, table } from './parts.ts';
import { outcomeWords } from './runs-page.ts';

/** So far back the plot goes: a year, and what is needed to see the same season before it. */
const daysBack = 400;
const dayLength = 24 * 60 * 60 * 1000;
/** The most urgent images that the first page has. */
const first = 10;

/** How the whole fleet stands, how that came to be, and what is most urgent. */
export const fleetPage: Page = {
  path: paths.fleet,
  async render(context) {
    const { store, now } = context;
    const [days, { items }, runs] = await Promise.all([
      store.memory.days(dayText(now - daysBack * dayLength)),
      // Of so many enough are urgent, or none is.
      store.memory.images({ rows: 5 * first }),
      store.runs(1),
    ]);
    const [run] = runs;
    const newest = days.at(-1);
    return {
      status: 200,
      title: 'Fleet',
      body: markup`<h1>${headline(newest)}</h1>
${newest !== undefined && standing(context, newest)}
${days.length > 0 && markup`<section><h2>Drift</h2><p class="dim">What stood at the end of each day. Where it is grey, nothing was looked at.</p>${made(driftPlot(days as readonly DriftDay[], dayText(now)))}</section>`}
${urgent(context, items)}
<section><h2>Runs</h2>${runFacts(context, run)}</section>
${run !== undefined && budgets(run)}`,
    };
  },
};

function headline(day: Day | undefined): string {
  if (day === undefined) return 'No run about everything yet';
  const loud = (day.findings['pin-broken'] ?? 0) + (day.findings.security ?? 0);
  const of = `in ${count(day.images, 'image')}`;
  if (loud > 0) return `${count(loud, 'urgent finding')} ${of}`;
  const all = Object.values(day.findings).reduce((sum, number) => sum + number, 0);
  return all > 0 ? `Nothing urgent was found ${of}` : `Nothing was found ${of}`;
}

/** What was looked at, and what of it could not be told, beside what was found. */
function standing(context: PageContext, day: Day): Html {
  const known = findingClasses
    .map((kind) => [kind, day.findings[kind] ?? 0] as const)
    .filter(([, number]) => number > 0);
  const words = (kind: FindingClass): Html => link(context, withQuery(paths.images, { class: kind }), kind);
  const untold = day.untold > 0 ? `; of ${count(day.untold, 'use')} something is not known` : '';
  return markup`<p>${count(day.uses, 'use')} of ${count(day.images, 'image')}, as of ${day.date}${untold}.</p>
${classTiles(known.map(([kind, number]) => [kind, number, words(kind)]))}`;
}

function urgent(context: PageContext, images: readonly ImageRow[]): Html | undefined {
  const behind = images.filter((one) => one.class !== undefined && !quietClasses.has(one.class)).slice(0, first);
  if (behind.length === 0) return undefined;
  return markup`<section><h2>Most urgent</h2>${imageTable(context, behind, 'The most urgent images, what stands longest first')}<p class="pager">${link(context, paths.images, 'All images')}</p></section>`;
}

function runFacts(context: PageContext, run: StoredRun | undefined): Html {
  const { daemon, isExport = false } = context;
  const { next, running } = daemon;
  return facts([
    ...(running === undefined
      ? []
      : [['Under way', markup`since ${minuteMark(running.since)} (${running.trigger})`] as const]),
    [
      'Last run',
      run === undefined
        ? 'none yet'
        : markup`${link(context, paths.run(run.id), `#${run.id}`)} ${minuteMark(run.startedAt)}, ${outcomeWords(run)}`,
    ],
    ...(isExport ? [] : [['Next run', next === undefined ? 'no schedule' : minuteMark(next)] as const]),
  ]);
}

/** What registries let us have still, by the last run. */
function budgets({ cost, startedAt }: StoredRun): Html | undefined {
  const limits = Object.entries(cost?.rateLimit ?? {});
  if (limits.length === 0) return undefined;
  return markup`<section><h2>Rate limits</h2>${table(
    `Counted pulls that registries had left for us, as of ${dayText(startedAt)}`,
    [{ name: 'Registry' }, { name: 'Left', kind: 'number' }, { name: 'Of', kind: 'number' }],
    limits.map(([host, { remaining, limit }]) => [host, remaining, limit]),
  )}</section>`;
}

import { findingClasses } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { CostReport } from '../../core/run-record.ts';
import { bytes, count, grouped } from '../../report/say/quantity.ts';
import { newestFirst } from '../../state/lists/cursors.ts';
import type { PartsOfRun } from '../../state/postgres/shared-facts.ts';
import { phases } from '../../state/postgres/shared-run.ts';
import type { StoredRun } from '../../state/store.ts';
import type { DaemonFacts, Html, Page, PageAnswer, PageContext } from '../page.ts';
import { link, paths, runNumber, withQuery } from './links.ts';
import { brief, markup, type Shown } from './markup.ts';
import { asked, classTiles, facts, imageLink, minuteMark, nextLink, table } from './parts.ts';

const triggerWords: Readonly<Record<StoredRun['trigger'], string>> = {
  schedule: 'by the schedule',
  hook: 'by a hook',
  person: 'by a person',
  cli: 'by a command',
};

/** How a run ended, in words. */
export function outcomeWords({ outcome, begunAt }: Pick<StoredRun, 'outcome' | 'begunAt'>): string {
  switch (outcome) {
    case 'done':
      return 'done';
    case 'unread':
      return 'not everything could be read';
    case 'undelivered':
      return 'not everything could be told or proposed';
    case 'failed':
      return 'failed';
    case 'aborted':
      return 'stopped before its end';
    default:
      return begunAt === undefined ? 'not begun yet' : 'not ended: under way, or killed';
  }
}

/** The newest runs with what they cost. */
export const runsPage: Page = {
  path: paths.runs,
  async render(context) {
    const { store, isExport = false } = context;
    const ask = (most: number, before?: number): Promise<readonly StoredRun[]> => store.runs(most, { before });
    const { items: runs, next } = await newestFirst(['runs'], asked(context, 'cursor'), ask, ({ id }) => id);
    return {
      status: 200,
      title: 'Runs',
      body: markup`<h1>Runs</h1>
${
  runs.length === 0
    ? markup`<p>No run has been recorded yet.</p>`
    : table(
        'Runs, the newest first',
        [
          { name: 'Run' },
          { name: 'Began' },
          { name: 'Took' },
          { name: 'About' },
          { name: 'Outcome' },
          { name: 'Requests', kind: 'number' },
          { name: 'Counted pulls', kind: 'number' },
          { name: 'Transferred', kind: 'number' },
        ],
        runs.map((run) => [
          link(context, paths.run(run.id), `#${run.id}`),
          markup`${minuteMark(run.startedAt)} ${triggerWords[run.trigger]}`,
          tookWords(run),
          aboutWords(run),
          outcomeWords(run),
          run.cost?.requests ?? '',
          run.cost?.countedPulls ?? '',
          run.cost === undefined ? '' : bytes(run.cost.bytes),
        ]),
      )
}
${isExport ? next !== undefined && markup`<p class="dim">Older runs are not in this export.</p>` : nextLink(context, next === undefined ? undefined : withQuery(paths.runs, { cursor: next }))}`,
    };
  },
};

function tookWords({ startedAt, finishedAt }: StoredRun): string {
  return finishedAt === undefined ? '' : `${Math.max(0, Math.round((finishedAt - startedAt) / 1000))} s`;
}

function aboutWords({ targeted }: StoredRun): string {
  if (targeted === undefined) return 'everything';
  const { references, scopes } = targeted;
  const parts = [
    ...(references === undefined ? [] : [count(references.size, 'image')]),
    ...(scopes === undefined ? [] : [`${count(scopes.size, 'scope')}`]),
  ];
  return parts.join(' in ');
}

/** One run: what it was about, how it ended, what it found, what it cost whom, and what went wrong. */
export const runPage: Page = {
  path: '/runs/:id',
  async render(context): Promise<PageAnswer> {
    const { params, store, daemon } = context;
    const id = runNumber(params['id']);
    const run = id === undefined ? undefined : await store.run(id);
    if (run === undefined) {
      return {
        status: 404,
        title: 'No such run',
        body: markup`<h1>No such run</h1><p>The state has no run of that number, or has forgotten it.</p>`,
      };
    }
    const parts = await store.shared?.parts(run.id);
    const isShared = parts !== undefined && parts.phase !== 'done';
    const isUnderWay =
      run.outcome === undefined && (run.begunAt === undefined || isShared || isRunning(run.begunAt, daemon));
    return {
      status: 200,
      title: `Run #${run.id}`,
      ...(isUnderWay && { refresh: 5 }),
      body: markup`<h1>Run #${run.id}</h1>
${facts([
  ['Began', markup`${minuteMark(run.startedAt)}, ${triggerWords[run.trigger]}`],
  [
    'Outcome',
    isUnderWay
      ? `${run.begunAt === undefined ? 'not begun yet' : 'under way'}; this page asks again every 5 seconds`
      : outcomeWords(run),
  ],
  ...(run.finishedAt === undefined ? [] : [['Took', tookWords(run)] as const]),
  ...(run.exit === undefined ? [] : [['Exit code', run.exit] as const]),
  ['About', aboutWords(run)],
])}
${parts !== undefined && partsOf(parts)}
${targets(context, run)}
${summary(run)}
${run.cost !== undefined && cost(run.cost)}
${problems(run)}`,
    };
  },
};

/** How far each phase is, and what nobody came to an end with. */
function partsOf({ phase: now, counts, failed }: PartsOfRun): Html {
  const rows = phases.map((phase): readonly Shown[] => {
    const { open, done, failed: lost } = counts[phase];
    return [phase === now ? markup`<strong>${phase}</strong>` : phase, done, open, lost];
  });
  const lines = failed.map(({ phase, number, reason = '' }) => markup`<li>${phase} ${number}: ${reason}</li>`);
  return markup`<section><h2>Parts</h2>${table(
    'What workers have done of it, by phase',
    [
      { name: 'Phase' },
      { name: 'Done', kind: 'number' },
      { name: 'Open', kind: 'number' },
      { name: 'Failed', kind: 'number' },
    ],
    rows,
  )}${lines.length > 0 && markup`<ul class="events">${lines}</ul>`}</section>`;
}

/** Is it the one that the daemon has begun? A killed one has no outcome either. The two note their times one after the other. */
function isRunning(begunAt: number, { running }: DaemonFacts): boolean {
  return running !== undefined && Math.abs(running.since - begunAt) < 60_000;
}

function targets(context: PageContext, { targeted }: StoredRun): Html | undefined {
  const references = [...(targeted?.references ?? [])];
  if (references.length === 0) return undefined;
  const shown = references.slice(0, limits.report.pageRows.most);
  return markup`<section><h2>Images it was about</h2><ul class="places">${shown.map((one) => markup`<li>${imageLink(context, one)}</li>`)}</ul>${shown.length < references.length && markup`<p class="dim">… and ${references.length - shown.length} more</p>`}</section>`;
}

function summary({ summary: all }: StoredRun): Html | undefined {
  if (all === undefined) return undefined;
  const { files, images, uses, unknown = 0, unchecked = 0, deferred = 0, unread = {}, findings } = all;
  const counts = findingClasses.map((kind) => [kind, findings[kind] ?? 0] as const).filter(([, number]) => number > 0);
  const notRead = Object.entries(unread).map(([reason, number]) => `${number} ${reason}`);
  return markup`<section><h2>What it looked at</h2>${facts([
    ['Files', grouped(files)],
    ['Uses', grouped(uses)],
    ['Images', grouped(images)],
    ...(unknown > 0 ? [['Could not be looked up', count(unknown, 'use')] as const] : []),
    ...(unchecked > 0 ? [['Not everything asked', count(unchecked, 'use')] as const] : []),
    ...(deferred > 0 ? [['Held by a budget', deferred] as const] : []),
    ...(notRead.length > 0 ? [['Not read', notRead.join(', ')] as const] : []),
  ])}${classTiles(counts)}</section>`;
}

function cost({
  registry,
  archive,
  advisory,
  forge,
  countedPulls,
  requests,
  bytes: all,
  cacheHits,
  rateLimit,
}: CostReport): Html {
  const rows: (readonly Shown[])[] = [
    ['Registries', registry.requests, bytes(registry.bytes)],
    ['Archives of distributions', archive.requests, bytes(archive.bytes)],
    ['Advisory feeds', advisory.requests, bytes(advisory.bytes)],
    ...(forge === undefined ? [] : [['Forges', forge.requests, 'not told']]),
    ['All', requests, bytes(all)],
  ];
  const left = Object.entries(rateLimit ?? {}).map(
    ([host, { remaining, limit }]) => markup`<li>${brief(host)}: ${remaining} of ${limit} counted pulls left</li>`,
  );
  return markup`<section><h2>Cost</h2><p>${count(countedPulls, 'counted pull')}; ${count(cacheHits, 'answer')} came from the cache.</p>${table(
    'Requests by whom they were sent to',
    [{ name: 'To' }, { name: 'Requests', kind: 'number' }, { name: 'Transferred', kind: 'number' }],
    rows,
  )}${left.length > 0 && markup`<ul class="places">${left}</ul>`}</section>`;
}

function problems({ problems: { first = [], all = 0 } }: StoredRun): Html | undefined {
  if (all === 0) return undefined;
  const rows = first.map(
    ({ code, subject, message }) =>
      markup`<li>${subject !== undefined && markup`<code>${brief(subject)}</code>: `}${message} <span class="dim">${code}</span></li>`,
  );
  return markup`<section><h2>Problems <span class="dim">${grouped(all)}</span></h2><ul class="events">${rows}</ul>${first.length < all && markup`<p class="dim">… and ${grouped(all - first.length)} more, in the report of the run</p>`}</section>`;
}

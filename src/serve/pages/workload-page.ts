import { formatReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import { workloadPlace } from '../../core/place.ts';
import type { Act } from '../../state/acts.ts';
import type { StoredWorkload } from '../../state/fleet.ts';
import { acts, type Html, type Page, type PageContext } from '../page.ts';
import { link, paths, withQuery } from './links.ts';
import { attribute, brief, markup } from './markup.ts';
import { dayMark, digestMark, facts, minuteMark, table } from './parts.ts';

/** One workload: what it runs, what was done to it, and what may be done. */
export const workloadPage: Page = {
  path: '/workloads/:engine/:name',
  async render(context) {
    const { engine = '', name = '' } = context.params;
    const { store, query } = context;
    const all = await store.fleet.workloads();
    const found = all.find((one) => one.engine === engine && one.name === name);
    if (found === undefined) {
      return {
        status: 404,
        title: 'No such workload',
        body: markup`<h1>No such workload</h1><p>No run has seen ${brief(name)} on ${brief(engine)}.</p>`,
      };
    }
    const moves = await store.acts.list(actsLookedAt);
    const done = moves.filter(({ workload }) => workload.engine === engine && workload.name === name);
    const people = await store.daemon.audited(limits.report.pageRows.most, `${engine}/${name}: `);
    const waits = (context.daemon.moves ?? []).filter((one) => one.engine === engine && one.name === name);
    const confirmed = query.get('confirm');
    return {
      status: 200,
      title: workloadPlace(found),
      ...(waits.length > 0 && { refresh: 3 }),
      body: markup`<h1>${brief(workloadPlace(found))}</h1>
${standing(context, found)}
${waits.map(({ what }) => markup`<p role="status"><strong>${what} is asked for</strong>, and is done when nothing else is under way.</p>`)}
${context.mayAct && waits.length === 0 && (confirmed === 'redeploy' || confirmed === 'rollback' ? confirmation(found, confirmed) : choices(context, found, done))}
${actsPart(done, moves.length < actsLookedAt)}
${
  people.length > 0 &&
  table(
    'Asked for by people, the newest first',
    [{ name: 'When' }, { name: 'Who' }, { name: 'What' }, { name: 'What came of it' }],
    people.map(({ at, person, action, subject }) => [
      minuteMark(at),
      brief(person),
      action,
      subject.slice(`${engine}/${name}: `.length),
    ]),
  )
}`,
    };
  },
};

/** More are not looked through for one page. */
const actsLookedAt = 1000;

function standing(context: PageContext, one: StoredWorkload): Html {
  const image = one.reference === undefined ? brief(one.written) : link(context, paths.image(keyOf(one)), one.written);
  return facts([
    ['Engine', link(context, withQuery(paths.workloads, { engine: one.engine }), one.engine)],
    ['Kind', one.compose === undefined ? one.kind : `${one.kind} of compose, ${one.name}`],
    ['Image', image],
    ['Runs', one.running === null ? 'could not be told' : digestMark(one.running.root)],
    ['State', one.state],
    ['Mode', `${one.mode}: ${one.why}`],
    ['Seen last', dayMark(one.last)],
  ]);
}

/** A tag whatever digest it is pinned to, as the state keeps it. */
function keyOf({ reference }: StoredWorkload): string {
  if (reference === undefined) return '';
  const { registry, repository, tag = 'latest' } = reference;
  return formatReference({ registry, repository, tag });
}

/** Links to a question, so that nothing is done by a slip; `retry` changes nothing by itself. */
function choices({ config }: PageContext, one: StoredWorkload, done: readonly Act[]): Html {
  const setting =
    config.engines.find(({ name }) => name === one.engine) ?? config.engines.find(({ name }) => name === undefined);
  const retry =
    done.some(({ outcome, isCleared }) => !isCleared && (outcome === 'undone' || outcome === 'rolled-back')) &&
    markup`<form action="${acts.move}" method="post">${hidden(one, 'retry')}<button>Let it be tried again</button></form>`;
  if (setting?.redeploy === undefined) {
    return markup`<p class="dim">Its engine is only looked at; with <code>mode: redeploy</code> in the configuration it can be moved from here.</p>${retry}`;
  }
  const ask = (what: string): Html => attribute(withQuery(paths.workload(one.engine, one.name), { confirm: what }));
  return markup`<p class="choices"><a href="${ask('redeploy')}">Redeploy…</a> <a href="${ask('rollback')}">Roll back…</a></p>${retry}`;
}

function hidden(one: StoredWorkload, what: string): Html {
  const back = paths.workload(one.engine, one.name);
  return markup`<input type="hidden" name="what" value="${what}"><input type="hidden" name="engine" value="${attribute(one.engine)}"><input type="hidden" name="name" value="${attribute(one.name)}"><input type="hidden" name="back" value="${attribute(back)}">`;
}

const questions = {
  redeploy: [
    'Redeploy it now?',
    'It is started anew with the digest that its tag names now, watched, and put back if it does not come up. What the new one writes to volumes meanwhile is not put back.',
  ],
  rollback: [
    'Roll it back?',
    'It is started anew with what it ran before. What it runs now is not tried again anywhere before somebody says so. Data that it changed stays changed.',
  ],
} as const;

function confirmation(one: StoredWorkload, what: keyof typeof questions): Html {
  const [question, says] = questions[what];
  return markup`<section><h2>${question}</h2><p>${says}</p><form action="${acts.move}" method="post">${hidden(one, what)}<button>${what === 'redeploy' ? 'Redeploy' : 'Roll back'}</button> <a href="${attribute(paths.workload(one.engine, one.name))}">Leave it as it is</a></form></section>`;
}

/** `isAll`: no act is older than those that were looked through. */
function actsPart(done: readonly Act[], isAll: boolean): Html {
  if (done.length === 0) {
    return isAll
      ? markup`<p class="dim">Plimsoll has not moved it.</p>`
      : markup`<p class="dim">None of the newest ${actsLookedAt} moves was of this one; older ones were not looked through.</p>`;
  }
  const shown = done.slice(0, limits.report.pageRows.most);
  const list = table(
    'What was done to it, the newest first',
    [{ name: 'When' }, { name: 'From' }, { name: 'To' }, { name: 'Outcome' }, { name: 'Why' }],
    shown.map(({ began, from, to, outcome = 'under way', reason }) => [
      minuteMark(began),
      from === null ? '?' : digestMark(from),
      digestMark(to.root),
      outcome,
      reason,
    ]),
  );
  return isAll && shown.length === done.length ? list : markup`${list}<p class="dim">Older moves are not shown.</p>`;
}

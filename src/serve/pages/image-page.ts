import { readFileSync } from 'node:fs';
import { type KeyPath, keyLines } from '../../config/key-lines.ts';
import { PlimsollError } from '../../core/errors.ts';
import { isDigest } from '../../core/image/digest.ts';
import { limits } from '../../core/limits/limits.ts';
import { afterWords } from '../../core/package.ts';
import { safeUrl } from '../../report/safe/safe-url.ts';
import { advisoryLink } from '../../report/say/advisory-links.ts';
import { moreAdvisories } from '../../report/say/advisory-list.ts';
import { count } from '../../report/say/quantity.ts';
import { silences } from '../../report/say/standing.ts';
import { shortSubject } from '../../report/say/story-text.ts';
import type { DetailedFinding, FindingEvent, KeptChange, UseRow } from '../../state/memory.ts';
import type { StoredLook } from '../../state/store.ts';
import type { Html, Page, PageContext } from '../page.ts';
import { acts } from '../page.ts';
import { differenceOf } from './inventory-difference.ts';
import { link, paths, withQuery } from './links.ts';
import { attribute, brief, markup } from './markup.ts';
import {
  asked,
  classMark,
  dayMark,
  digestMark,
  minuteMark,
  nextLink,
  placeMark,
  rebuildMark,
  sinceMark,
  table,
} from './parts.ts';
import { whyNoProposal } from './why-no-proposal.ts';

/** Findings of one image that are shown whole; the others are places. */
const groupsShown = 12;
const placesShown = 8;
const packagesShown = 20;

/** One image: what stands and why nobody proposes it, who uses it, which digests it had, and what differs between any two. */
export const imagePage: Page = {
  path: '/images/:reference',
  async render(context) {
    const { params, store, isExport = false } = context;
    const reference = params['reference'] ?? '';
    const cursor = asked(context, 'uses');
    const [found, uses, events, looks] = await Promise.all([
      store.memory.findings({ reference }),
      store.memory.uses(reference, cursor),
      store.memory.events({ reference }, limits.report.pageRows.most),
      store.looks([reference]),
    ]);
    const digests = looks.get(reference) ?? [];
    if (found.items.length + uses.items.length + events.length + digests.length === 0) {
      return {
        status: 404,
        title: 'No such image',
        body: markup`<h1>No such image</h1><p>The state knows nothing of ${brief(reference)}. Images have their whole names here, such as docker.io/library/node:22.</p>`,
      };
    }
    return {
      status: 200,
      title: shortSubject(reference),
      body: markup`<h1>${shortSubject(reference)}</h1>
<p class="dim">${brief(reference)}${digests[0] !== undefined && markup`, looked up ${minuteMark(digests[0].last)}`}</p>
${forms(context, reference)}
${await standing(context, found.items, found.next !== undefined)}
${usesPart(context, reference, uses.items, uses.next)}
${digestsPart(digests)}
${await differencePart(context, reference, digests, uses.items)}
${eventsPart(context, events)}
${isExport && markup`<p>${link(context, paths.images, 'All images')}</p>`}`,
    };
  },
};

function forms({ mayAct }: PageContext, reference: string): Html | undefined {
  if (!mayAct) return undefined;
  const back = attribute(paths.image(reference));
  return markup`<form action="${acts.recheck}" method="post"><input type="hidden" name="reference" value="${attribute(reference)}"><input type="hidden" name="back" value="${back}"><button>Look it up now</button></form>
<form action="${acts.snooze}" method="post"><input type="hidden" name="value" value="${attribute(reference)}"><input type="hidden" name="back" value="${back}"><div><label for="until">Say nothing of it until</label><input id="until" name="until" value="7d" required></div><button>Snooze</button></form>`;
}

/** A finding, and why nobody proposes what would help; undefined: somebody does. */
interface Explained {
  readonly finding: DetailedFinding;
  readonly why: string | undefined;
}

/** What says the same at several places is one story. */
async function standing(context: PageContext, findings: readonly DetailedFinding[], isMore: boolean): Promise<Html> {
  if (findings.length === 0) {
    return markup`<section><h2>What stands</h2><p>Nothing that was found stands.</p></section>`;
  }
  const { store, now, config } = context;
  const snoozes = await store.snoozes.active(now);
  // Only news that somebody snoozed is asked for: a fleet has tens of thousands.
  const openNews = await store.openNews(snoozes.flatMap(({ kind, value }) => (kind === 'news' ? [value] : [])));
  const lineOf = linesOf(context);
  const explained = findings.map((finding): Explained => {
    const ends = snoozes.filter((snooze) => silences(snooze, finding, openNews)).map(({ until }) => until);
    const facts = { config, lineOf, ...(ends.length > 0 && { snoozed: Math.max(...ends) }) };
    return { finding, why: whyNoProposal(finding, facts) };
  });
  const groups = [
    ...Map.groupBy(explained, ({ finding: { class: kind, reason, detail }, why }) =>
      JSON.stringify([kind, reason, detail?.latest, detail?.proposal?.url, why]),
    ).values(),
  ];
  const shown = groups.slice(0, groupsShown);
  const rest = groups.length - shown.length;
  return markup`<section><h2>What stands</h2>${shown.map((group) => story(context, group))}
${rest > 0 && markup`<p class="dim">… and ${count(rest, 'more finding')}</p>`}${isMore && markup`<p class="dim">More findings are at more places of this image.</p>`}</section>`;
}

function story({ now }: PageContext, all: readonly Explained[]): Html {
  const [{ finding, why }] = all as [Explained, ...Explained[]];
  const { class: kind, reason, detail, since, chain } = finding;
  const rebuild = rebuildMark(finding);
  const places = all.slice(0, placesShown);
  const url = detail?.proposal === undefined ? undefined : safeUrl(detail.proposal.url);
  const proposal =
    detail?.proposal?.state === 'open'
      ? markup`<p class="why">A pull request is open: ${url === undefined ? brief(detail.proposal.name) : markup`<a href="${attribute(url)}" rel="noreferrer">${brief(detail.proposal.name)}</a>`}.</p>`
      : markup`<p class="why"><b>Why no pull request?</b> ${why}</p>`;
  const move =
    detail?.latest === undefined
      ? undefined
      : markup`<p>${detail.current !== undefined && digestMark(detail.current)} → ${digestMark(detail.latest)}${detail.tag !== undefined && kind === 'newer-tag' && markup` <code>${brief(detail.tag)}</code>`}</p>`;
  return markup`<article><h3>${classMark(kind)}</h3>
<p>${reason}</p>${move}
<p class="dim">since ${sinceMark(since, now)}</p>
${packageRows(detail)}
${proposal}${
  rebuild !== undefined &&
  markup`
<p class="why">${rebuild}.${chain !== undefined && markup` As a chain: ${chain}.`}</p>`
}
<ul class="places">${places.map((one) => markup`<li>${placeMark(one.finding)}</li>`)}</ul>${all.length > places.length && markup`<p class="dim">and ${count(all.length - places.length, 'more place')}</p>`}
</article>`;
}

function packageRows(detail: DetailedFinding['detail']): Html | undefined {
  if (detail === undefined || detail.packages.first.length === 0) return undefined;
  const { first, all } = detail.packages;
  const sorted = [...first].sort((a, b) => Number(b.security === true) - Number(a.security === true));
  const shown = sorted.slice(0, packagesShown);
  const list = table(
    `${count(all, 'package')} ${all === 1 ? 'differs' : 'differ'}`,
    [{ name: 'Package' }, { name: 'Change' }, { name: 'Fixes' }],
    shown.map((one) => [brief(one.name), changeWords(one), fixWords(one)]),
  );
  const more = all > shown.length && markup`<p class="dim">… and ${count(all - shown.length, 'more package')}</p>`;
  return shown.length > 5
    ? markup`<details><summary>${count(all, 'package')}</summary>${list}${more}</details>`
    : markup`${list}${more}`;
}

function changeWords(change: KeptChange): Html {
  const { kind, before } = change;
  const after = afterWords(change);
  return before !== undefined && after !== undefined
    ? markup`<code>${brief(before)}</code> → <code>${brief(after)}</code>`
    : markup`${kind} <code>${brief(after ?? before ?? '')}</code>`;
}

function fixWords({ security, severity, advisories, more = 0, foreign, unlisted }: KeptChange): Html | string {
  if (security === true) {
    const shown = advisories.slice(0, limits.state.findingAdvisories.most);
    const ids = shown.map((id, index) => {
      const page = advisoryLink(id);
      return markup`${index > 0 && ', '}${page === undefined ? brief(id) : markup`<a href="${attribute(page)}" rel="noreferrer">${id}</a>`}`;
    });
    return markup`<b class="bad">${brief(severity ?? 'security')}</b> ${ids}${moreAdvisories(advisories.length - shown.length + more, unlisted)}`;
  }
  return foreign === undefined ? '' : `not the distribution's (${brief(foreign)}): no feed`;
}

function usesPart(context: PageContext, reference: string, uses: readonly UseRow[], next: string | undefined): Html {
  if (uses.length === 0) {
    return markup`<section><h2>Uses</h2><p>No place is known whose image could be looked into.</p></section>`;
  }
  const rest = next === undefined || context.isExport ? undefined : withQuery(paths.image(reference), { uses: next });
  return markup`<section><h2>Uses</h2>${table(
    'Where it is used, and with which digest',
    [{ name: 'Place' }, { name: 'Role' }, { name: 'Digest' }],
    uses.map((one) => [placeMark(one), one.role, digestMark(one.digest)]),
  )}${nextLink(context, rest)}${next !== undefined && context.isExport && markup`<p class="dim">… and more places.</p>`}</section>`;
}

function digestsPart(looks: readonly StoredLook[]): Html | undefined {
  if (looks.length === 0) return undefined;
  const shown = looks.slice(0, limits.report.pageDigests.most);
  return markup`<section><h2>Digests over time</h2>${table(
    'What the tag has named, by our own looks, the newest first',
    [{ name: 'Digest' }, { name: 'Seen first' }, { name: 'Seen last' }],
    shown.map(({ digest, first, last }) => [digestMark(digest), dayMark(first), dayMark(last)]),
  )}${looks.length > shown.length && markup`<p class="dim">… and ${looks.length - shown.length} more</p>`}</section>`;
}

/** Any two digests that were seen; what is not asked for is the newest two. */
async function differencePart(
  context: PageContext,
  reference: string,
  looks: readonly StoredLook[],
  uses: readonly UseRow[],
): Promise<Html | undefined> {
  const { query, store, isExport = false } = context;
  const all = [...new Set([...looks.map(({ digest }) => digest), ...uses.map(({ digest }) => digest)])];
  const seen = all.slice(0, limits.report.pageDigests.most);
  const wanted = (key: string): string | undefined => {
    const text = asked({ query }, key);
    if (text !== undefined && !isDigest(text)) {
      throw new PlimsollError(
        'USAGE',
        `${JSON.stringify(text.slice(0, 100))} is no digest; write sha256: and 64 hexadecimal digits`,
      );
    }
    return text;
  };
  const to = wanted('to') ?? seen[0];
  const from = wanted('from') ?? seen.find((one) => one !== to);
  if (from === undefined || to === undefined) return undefined;
  const option = (digest: string, chosen: string): Html =>
    digest === chosen
      ? markup`<option value="${digest}" selected>${digestWords(digest, looks)}</option>`
      : markup`<option value="${digest}">${digestWords(digest, looks)}</option>`;
  const select = (name: string, label: string, chosen: string): Html =>
    markup`<div><label for="${name}">${label}</label><select id="${name}" name="${name}">${[...new Set([...seen, chosen])].map((one) => option(one, chosen))}</select></div>`;
  const form = markup`<form action="${attribute(paths.image(reference))}" method="get">${select('from', 'From', from)}${select('to', 'To', to)}<button>Compare</button></form>${all.length > seen.length && markup`<p class="dim">The newest ${seen.length} of ${all.length} can be chosen; any two can be named in the address, as from and to.</p>`}`;
  return markup`<section><h2>Difference between two digests</h2>${isExport ? markup`<p>${digestMark(from)} → ${digestMark(to)}</p>` : form}${await differenceOf(store.memory, from, to)}</section>`;
}

function digestWords(digest: string, looks: readonly StoredLook[]): string {
  const look = looks.find((one) => one.digest === digest);
  const when = look === undefined ? 'in use' : `seen ${new Date(look.first).toISOString().slice(0, 10)}`;
  return `${digest.replace(/^\w+:/, '').slice(0, 12)}, ${when}`;
}

const eventWords: Readonly<Record<FindingEvent['kind'], string>> = {
  opened: 'found',
  changed: 'changed',
  gone: 'over',
};

function eventsPart(context: PageContext, events: readonly FindingEvent[]): Html | undefined {
  if (events.length === 0) return undefined;
  const shown = events.slice(0, limits.report.pageDigests.most);
  const rows = shown.map(
    ({ at, run, kind, class: own, from, latest, ...place }) =>
      markup`<li>${minuteMark(at)} ${classMark(own)} ${eventWords[kind]}${from !== undefined && markup` (was ${from})`}${latest !== undefined && markup` ${digestMark(latest)}`}, ${placeMark(place)} <span class="dim">${link(context, paths.run(run), `run #${run}`)}</span></li>`,
  );
  return markup`<section><h2>What happened</h2><ul class="events">${rows}</ul>${events.length > shown.length && markup`<p class="dim">What happened before is not shown.</p>`}</section>`;
}

/** Lines of configurations by the file they came from, as long as they are in force: a page reads no file twice. */
const known = new WeakMap<object, (keys: KeyPath) => number | undefined>();

/** While the file has what is not in force, its lines are of something else. */
function linesOf({ config, configFile, daemon }: PageContext): (keys: KeyPath) => number | undefined {
  const none = (): undefined => undefined;
  if (configFile === undefined || daemon.refused !== undefined) return none;
  const before = known.get(config);
  if (before !== undefined) return before;
  try {
    const lines = keyLines(readFileSync(configFile, 'utf8'));
    known.set(config, lines);
    return lines;
  } catch {
    return none;
  }
}

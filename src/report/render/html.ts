import { createHash } from 'node:crypto';
import { type Finding, type FindingClass, findingClasses } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Story, StoryPlace } from '../../core/message.ts';
import { afterWords, type PackageChange } from '../../core/package.ts';
import { inScope } from '../../core/place.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { escapeHtml } from '../safe/escape-html.ts';
import { safeUrl } from '../safe/safe-url.ts';
import { visible } from '../safe/visible.ts';
import { advisoryLink } from '../say/advisory-links.ts';
import { moreAdvisories } from '../say/advisory-list.ts';
import { otherProblems } from '../say/claims.ts';
import { sectionOf } from '../say/class-words.ts';
import { quietClasses, toneOf } from '../say/level.ts';
import { titleOf } from '../say/message-story.ts';
import { count } from '../say/quantity.ts';
import { storiesOf } from '../say/stories.ts';
import { proposalLinks, shortSubject } from '../say/story-text.ts';
import { summaryLines } from '../say/summary.ts';
import { agePlot, behindPlot } from './html-plot.ts';
import { htmlStyle } from './html-style.ts';

/** The one style sheet that the page may have: an attribute that got in by a hostile name would style nothing. */
const styleHash = `sha256-${createHash('sha256').update(htmlStyle).digest('base64')}`;

/**
 * The report as one page that is complete in itself: no script, nothing fetched, dark and light by the reader's choice.
 * Everything from outside is text; links lead only to http(s). Of the findings only `shown` are listed; the answer is of them all.
 */
export function renderHtml(record: RunRecord, shown: readonly Finding[] = record.findings): string {
  const { looked, verdict, untold, hints, cost } = summaryLines(record);
  const stories = storiesOf(shown, ({ since }) => ({ since }));
  const loud = stories.filter(({ class: kind }) => !quietClasses.has(kind));
  const rest = stories.filter(({ class: kind }) => quietClasses.has(kind));
  const day = record.startedAt.slice(0, 16).replace('T', ' ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>Plimsoll: ${text(verdict)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
<header>
<p class="brand">Plimsoll <span class="dim">${text(day)} UTC</span></p>
<h1>${text(capitalise(verdict))}</h1>
${loud.length === 0 ? '' : `<p class="lead">${text(capitalise(titleOf(loud)))}.</p>`}
<p class="dim">${text(capitalise(looked))}.</p>
</header>
${tiles(stories)}
${behindPlot(loud)}
${agePlot(loud, ({ class: kind }) => toneOf(kind), record.startedAt)}
${sections(loud.slice(0, limits.report.htmlStories.most))}
${loud.length > limits.report.htmlStories.most ? `<p class="dim">… and ${(loud.length - limits.report.htmlStories.most).toLocaleString('en-US')} more, in the JSON report.</p>` : ''}
${quietList(rest)}
${untoldList(untold)}
${problemList(record)}
<footer>
${hints.map((hint) => `<p>${text(capitalise(hint))}.</p>`).join('\n')}
<p>Cost: ${text(cost)}.</p>
</footer>
</main>
</body>
</html>
`;
}

/** What a heading of numbers says first: how much of what. */
function tiles(stories: readonly Story[]): string {
  const counts = findingClasses
    .map((kind) => ({ kind, number: stories.filter((story) => story.class === kind).length }))
    .filter(({ number }) => number > 0);
  if (counts.length === 0) return '';
  const tile = ({ kind, number }: { kind: FindingClass; number: number }): string =>
    `<li class="${toneOf(kind)}"><b>${number.toLocaleString('en-US')}</b> ${text(kind)}</li>`;
  return `<ul class="tiles">${counts.map(tile).join('')}</ul>`;
}

function sections(stories: readonly Story[]): string {
  return findingClasses
    .map((kind) => stories.filter((story) => story.class === kind))
    .filter(({ length }) => length > 0)
    .map((group) => {
      const [{ class: kind }] = group as [Story, ...Story[]];
      return `<section><h2><span class="mark ${toneOf(kind)}"></span>${text(sectionOf({ class: kind, places: group.flatMap(({ places }) => places) }))} <span class="dim">${group.length}</span></h2>\n${group.map(article).join('\n')}</section>`;
    })
    .join('\n');
}

function article(story: Story): string {
  const { subject, from, to, reason, places, packages, config, upgradeLine, write = [], notes, since } = story;
  const lines = [...(upgradeLine === undefined ? [] : [upgradeLine]), ...write];
  const left = lines.length - limits.report.htmlLines.most;
  const more =
    left > 0 ? `<p class="dim">… and ${count(left, 'more line')}; "plimsoll update" writes them all</p>` : '';
  const move = to === undefined ? '' : ` <code>${from === undefined ? '' : `${text(from)} `}→ ${text(to)}</code>`;
  const links = proposalLinks(story).map((link) => `<a href="${link.url}">${text(link.text)}</a>`);
  const age = since === undefined ? [] : [`since ${text(since.slice(0, 10))}`];
  return `<article>
<h3>${text(shortSubject(subject))}${move}</h3>
<p>${text(reason)}</p>
${lines.length === 0 ? '' : `<pre>${lines.slice(0, limits.report.htmlLines.most).map(text).join('\n')}</pre>${more}`}${packageTable(packages)}${configTable(config)}
<p class="dim">${[placesOf(places), ...age, ...links].filter((one) => one !== '').join(' · ')}</p>
${notes.map((note) => `<p class="note">${text(note)}</p>`).join('')}
</article>`;
}

function placesOf(places: readonly StoryPlace[]): string {
  const shown = places
    .slice(0, limits.report.htmlPlaces.most)
    .map(({ repository = '.', file, line, workload, url }) => {
      const name = inScope(workload ?? `${file}:${line}`, repository);
      const link = url === undefined ? undefined : safeUrl(url);
      return link === undefined ? `<code>${text(name)}</code>` : `<a href="${link}"><code>${text(name)}</code></a>`;
    });
  const hidden = places.length - shown.length;
  return `${shown.join(', ')}${hidden > 0 ? ` and ${count(hidden, 'more place')}` : ''}`;
}

/** Security fixes in sight, everything else behind a summary when it is long. */
function packageTable(packages: readonly PackageChange[]): string {
  if (packages.length === 0) return '';
  const fixes = packages.filter(({ security }) => security === true);
  const others = packages.filter(({ security }) => security !== true);
  const table = (rows: readonly PackageChange[]): string =>
    rows.length === 0
      ? ''
      : `<table><tbody>${rows.slice(0, limits.report.htmlRows.most).map(packageRow).join('')}</tbody></table>${rows.length > limits.report.htmlRows.most ? `<p class="dim">… and ${(rows.length - limits.report.htmlRows.most).toLocaleString('en-US')} more</p>` : ''}`;
  if (others.length <= 5) return table([...fixes, ...others]);
  return `${table(fixes)}<details><summary>${count(others.length, fixes.length > 0 ? 'other package' : 'package')}</summary>${table(others)}</details>`;
}

function packageRow(change: PackageChange): string {
  const { name, architecture, kind, before, security, severity, advisories, foreign, unlisted } = change;
  const after = afterWords(change);
  const full = architecture === undefined ? name : `${name}:${architecture}`;
  const versions =
    before !== undefined && after !== undefined
      ? `${text(before)} → ${text(after)}`
      : `${text(kind)} ${text(after ?? before ?? '')}`;
  const fix =
    security === true
      ? `<b class="bad">${text(severity ?? 'security')}</b> ${advisories.map(advisory).join(', ')}${moreAdvisories(0, unlisted)}`
      : foreign === undefined
        ? ''
        : `not the distribution's (${text(foreign)}): no feed`;
  return `<tr><td>${text(full)}</td><td>${versions}</td><td>${fix}</td></tr>`;
}

function advisory(id: string): string {
  const page = advisoryLink(id);
  return page === undefined ? text(id) : `<a href="${escapeHtml(page)}">${text(id)}</a>`;
}

function configTable(config: Story['config']): string {
  if (config.length === 0) return '';
  const shown = (value: string | null): string => (value === null ? '<span class="dim">(not set)</span>' : text(value));
  const rows = config.map(
    ({ key, before, after }) => `<tr><td>${text(key)}</td><td>${shown(before)} → ${shown(after)}</td></tr>`,
  );
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

function quietList(stories: readonly Story[]): string {
  if (stories.length === 0) return '';
  const rows = stories.map(
    (story) =>
      `<li><b>${text(story.class)}</b> ${text(shortSubject(story.subject))} <span class="dim">${placesOf(story.places)}</span></li>`,
  );
  return `<section><details><summary>${stories.length.toLocaleString('en-US')} more that ask for nothing</summary><ul>${rows.join('')}</ul></details></section>`;
}

function untoldList(untold: readonly string[]): string {
  if (untold.length === 0) return '';
  const rows = untold.map((line) => `<li>${text(line)}</li>`);
  return `<section><h2>Not known <span class="dim">${untold.length}</span></h2><ul>${rows.join('')}</ul></section>`;
}

function problemList(record: RunRecord): string {
  const problems = otherProblems(record);
  if (problems.length === 0) return '';
  const rows = problems.map(
    ({ subject, message }) =>
      `<li>${subject === undefined ? '' : `<code>${text(subject)}</code>: `}${text(message)}</li>`,
  );
  return `<section><h2>Problems <span class="dim">${problems.length}</span></h2><ul>${rows.join('')}</ul></section>`;
}

function text(value: string): string {
  return escapeHtml(visible(value));
}

function capitalise(value: string): string {
  return value.charAt(0).toUpperCase() + value.slice(1);
}

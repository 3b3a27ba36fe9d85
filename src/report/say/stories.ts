import { createHash } from 'node:crypto';
import type { Finding, HeldReason } from '../../core/finding.ts';
import { shortDigest } from '../../core/image/digest.ts';
import { formatReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Story, StoryPlace } from '../../core/message.ts';
import { type Notice, newsClasses } from '../../core/news.ts';
import { placeInScope, placeWithCount, scopeTitle } from '../../core/place.ts';
import { onceFor } from '../../core/shared-work.ts';
import { count } from './quantity.ts';
import { remedyWords } from './remedies.ts';
import { targetOf } from './target.ts';

/** What the state knows of a finding beside the finding itself. */
export interface StoryFacts {
  /** RFC 3339: when its news was first seen. */
  readonly since?: string | undefined;
}

/**
 * Findings as people are told of them: those that say the same (class, reference or pin, from, to, news) become one
 * story with several places. A fix that a distribution has and bases lag behind is one story for all images that lack
 * it, and a host that does not answer is one for all its images. Most urgent first: by class, then security before the rest, then what is used most.
 */
export function storiesOf(
  findings: readonly Finding[],
  factsOf: (finding: Finding) => StoryFacts = () => ({}),
): Story[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = sameStory(finding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map((group) => storyOf(group, factsOf)).sort(byUrgency);
}

function sameStory(finding: Finding): string {
  const { class: kind, news } = finding;
  const told = sumOf(news);
  if ((kind === 'lagging' || kind === 'unknown') && news.length > 0) return JSON.stringify([kind, told]);
  return JSON.stringify([
    kind,
    fullSubject(finding),
    fromOf(finding) ?? null,
    targetOf(finding) ?? null,
    told,
    news.length === 0 ? finding.reason : null,
  ]);
}

/** Of all of them, whatever their order: thousands of findings may have the same thousands. */
const sumOf = onceFor((news: readonly string[]) =>
  createHash('sha256')
    .update(JSON.stringify([...news].sort()))
    .digest('base64'),
);

function storyOf(group: readonly Finding[], factsOf: (finding: Finding) => StoryFacts): Story {
  // Every group has a first finding: it exists because of one.
  const [first] = group as readonly [Finding, ...Finding[]];
  const facts = group.map(factsOf);
  const subjects = distinct(group.map(fullSubject));
  const from = subjects.length === 1 ? fromOf(first) : undefined;
  const to = targetOf(first);
  const since = facts
    .flatMap((one) => one.since ?? [])
    .sort()
    .at(0);
  const notes = group.flatMap((finding) => finding.notes);
  const upgradeLine = group.find((finding) => finding.upgradeLine !== undefined)?.upgradeLine;
  const write = distinct(group.flatMap(writtenBy));
  const open = group.flatMap(({ proposal }) => (proposal?.state === 'open' ? [proposal] : []));
  return {
    class: first.class,
    security: first.security,
    subject: subjects.length === 1 ? fullSubject(first) : `${fullSubject(first)} and ${subjects.length - 1} more`,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    reason: first.reason,
    places: distinctPlaces(group.map(placeOf)),
    packages: first.packages ?? [],
    config: first.config ?? [],
    ...(upgradeLine !== undefined && { upgradeLine }),
    ...(write.length > 0 && { write }),
    notes: distinct([
      ...(subjects.length === 1 ? [] : [`the same holds for ${subjects.slice(1).join(', ')}`]),
      ...otherRemedies(first, group),
      ...(first.held === undefined ? [] : [`held back (${first.held.reason}): ${first.held.detail}`]),
      ...notes,
    ]),
    proposals: distinct(open.map(({ url }) => url)),
    ...(open.length > 0 && { proposalNames: Object.fromEntries(open.map(({ url, name }) => [url, name])) }),
    ...(since !== undefined && { since }),
    news: distinct(first.news),
  };
}

/** One fix, and not the same way to it everywhere: what a service runs takes no line, a stage that upgrades needs none. */
function otherRemedies(first: Finding, group: readonly Finding[]): readonly string[] {
  if (first.class !== 'lagging') return [];
  const others = Map.groupBy(group, ({ remedy }) => remedy);
  others.delete(first.remedy);
  return [...others].map(([remedy, all]) => {
    const places = distinct(all.map(placeInScope));
    const shown = places.slice(0, limits.report.remedyPlaces.most).join(', ');
    const more = places.length - limits.report.remedyPlaces.most;
    return `${remedyWords(remedy)} at ${shown}${more > 0 ? ` and ${count(more, 'more place')}` : ''}`;
  });
}

/** The line as it will read; of a package only its own word, for what else such a line runs is nobody's business. */
function writtenBy({ subject, edits, proposed, held }: Finding): readonly string[] {
  if (held !== undefined && !isPassing.has(held.reason)) return [];
  if (subject === 'package') return proposed === undefined ? [] : [proposed];
  return (edits ?? []).map(({ after }) => after.trim());
}

/** What waits for its time, and could be written by hand all the same. */
const isPassing: ReadonlySet<HeldReason> = new Set(['window', 'limit']);

/** What nobody could look at, or write, told like everything else. */
export function noticeStory({ kind, news, subject, repository, file, reason }: Notice): Story {
  return {
    class: kind,
    security: null,
    subject,
    reason,
    places: file === undefined ? [] : [{ ...(repository !== undefined && { repository }), file, line: 1 }],
    packages: [],
    config: [],
    notes: [],
    proposals: [],
    news,
  };
}

/** As configurations match it: with the registry, without the digest. */
function fullSubject({ subject, written, reference }: Finding): string {
  if (subject === 'package' || reference === undefined) return written;
  const { digest, ...named } = reference;
  return formatReference(named.tag === undefined && digest !== undefined ? reference : named);
}

function fromOf({ subject, current, reference }: Finding): string | undefined {
  if (subject === 'package') return current?.version;
  const digest = current?.digest ?? reference?.digest;
  return digest && shortDigest(digest);
}

function placeOf(finding: Finding): StoryPlace {
  const { repository, file, line, workload, stage, final } = finding;
  const name = scopeTitle(finding);
  const isLinked = repository?.lines !== undefined && file !== undefined && line !== undefined;
  const url = isLinked ? lineAt(repository.lines, file, line) : undefined;
  return {
    ...(name !== '.' && { repository: name }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(workload && { workload: placeWithCount(finding) }),
    ...(url !== undefined && { url }),
    ...(stage !== undefined && { stage }),
    ...(final !== undefined && { final }),
  };
}

/** At the commit that was read: the line may have moved since. */
function lineAt(lines: string, file: string, line: number): string {
  const path = file.split('/').map(encodeWell).join('/');
  return lines.replace('{file}', () => path).replace('{line}', String(line));
}

function encodeWell(part: string): string {
  return encodeURIComponent(part.toWellFormed());
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function distinctPlaces(places: readonly StoryPlace[]): StoryPlace[] {
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

/** Most urgent first. */
export function byUrgency(a: Story, b: Story): number {
  return (
    newsClasses.indexOf(a.class) - newsClasses.indexOf(b.class) ||
    weight(a.security) - weight(b.security) ||
    b.places.length - a.places.length ||
    (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0)
  );
}

function weight(security: boolean | null): number {
  return security === true ? 0 : security === null ? 1 : 2;
}

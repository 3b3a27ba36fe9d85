import { createHash } from 'node:crypto';
import { limits } from '../../core/limits/limits.ts';
import { type Message, type MessageKind, newsOfStories, type Story } from '../../core/message.ts';
import { isNotice, type NewsClass, newsClasses } from '../../core/news.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { clip } from '../safe/clip.ts';
import { baselineClaims, untoldClause } from './claims.ts';
import { classWords } from './class-words.ts';
import { count, filesAndEngines } from './quantity.ts';
import { shortSubject } from './story-text.ts';

/** What is new since the last message: `1 broken pin, 2 security fixes for debian:12-slim`. */
export function newsMessage(stories: readonly Story[], record?: RunRecord, occasion = ''): Message {
  return message('news', { title: capitalise(titleOf(stories)), lead: leadOf(stories), stories, record, occasion });
}

/** What a baseline counts: everything looked at, not only what is told. */
export interface Watched {
  readonly images: number;
  readonly files: number;
  /** Default: none. */
  readonly engines?: number;
  /** Images something newer, or something broken, was found for. */
  readonly behind: number;
  /** Those of them that the channel is told of; absent: all. */
  readonly told?: number;
}

/**
 * The first message of a channel: how much is watched and how much of it is behind, naming the broken pins and the
 * security fixes only. Its id is made of all news, so that it stands for those it does not name as well.
 */
export function baselineMessage(all: readonly Story[], watched: Watched, record?: RunRecord, occasion = ''): Message {
  const urgent = all.filter(({ class: kind }) => kind === 'pin-broken' || kind === 'security' || isNotice(kind));
  const { title, nothing, calm } = baselineClaims(watched, record);
  const rest = all.length === 0 ? nothing : urgent.length === 0 ? calm : `Most urgent: ${titleOf(urgent)}.`;
  const lead = `${rest} From now on you hear of what is new.`;
  const about = { title, lead, stories: urgent, more: all.length - urgent.length, record, occasion };
  return message('baseline', about, newsOfStories(all));
}

/** Kinds of files that were read for the first time, and how much of each can wait. */
export type FirstLooks = readonly { readonly format: string; readonly classes: readonly NewsClass[] }[];

/** What is said of kinds of files that were read for the first time: a phrase for each. */
export function firstLookLead(looks: FirstLooks): string {
  const phrases = looks.map(({ format, classes }) => {
    const counts = newsClasses.flatMap((kind) => {
      const { length } = classes.filter((one) => one === kind);
      return length === 0 ? [] : [`${length.toLocaleString('en-US')} ${kind}`];
    });
    return `${format} (${counts.join(', ')})`;
  });
  return `Read for the first time: ${phrases.join('; ')}. That can wait and is not named; from now on you hear of what is new.`;
}

/** Kinds of files that were read for the first time, where there is nothing else to tell. */
export function firstLookMessage(looks: FirstLooks, record?: RunRecord): Message {
  const kinds = looks.map(({ format }) => format);
  const title = `First look at ${kinds.join(', ')}`;
  return message('news', { title, lead: firstLookLead(looks), stories: [], record }, ['first look', ...kinds]);
}

/** What is still open; `occasion` is the week, say, so that the next reminder is another message. */
export function reminderMessage(stories: readonly Story[], occasion: string, record?: RunRecord): Message {
  const oldest = stories
    .flatMap(({ since }) => since ?? [])
    .sort()
    .at(0);
  const lead = `${leadOf(stories)}${oldest === undefined ? '' : ` The oldest is open since ${oldest.slice(0, 10)}.`}`;
  return message('reminder', { title: `Still open: ${titleOf(stories)}`, lead, stories, record, occasion });
}

/** What is resolved. */
export function closedMessage(stories: readonly Story[], record?: RunRecord, occasion = ''): Message {
  const lead = `${count(stories.length, 'thing')} that ${stories.length === 1 ? 'was open is' : 'were open are'} resolved.`;
  return message('closed', { title: `Resolved: ${titleOf(stories)}`, lead, stories, record, occasion });
}

/** Something of ours needs a person. Its id is made of the problems' codes and subjects. */
export function troubleMessage(problems: readonly Problem[], record?: RunRecord, occasion = ''): Message {
  const [first] = problems;
  const about = first?.subject ?? first?.code ?? 'Plimsoll';
  const others = problems.length - 1;
  const title = `Trouble with ${clip(about, 100)}${others > 0 ? ` and ${count(others, 'other')}` : ''}`;
  const lead = `Plimsoll needs help: ${count(problems.length, 'problem')} that did not pass by itself.`;
  const keys = problems.map(({ code, subject }) => `${code} ${subject ?? ''}`);
  return message('trouble', { title, lead, stories: [], problems, record, occasion }, keys);
}

interface About {
  readonly title: string;
  readonly lead: string;
  readonly stories: readonly Story[];
  readonly problems?: readonly Problem[];
  readonly more?: number;
  readonly record?: RunRecord | undefined;
  readonly occasion?: string;
}

/** Puts a message together; `keys` are what its identity is made of where that is not the news it carries. */
export function message(
  kind: MessageKind,
  about: About,
  keys: readonly string[] = newsOfStories(about.stories),
): Message {
  const { title, lead, stories, problems = [], more = 0, record, occasion = '' } = about;
  const identity = [kind, [...new Set(keys)].sort(), ...(occasion === '' ? [] : [occasion])];
  return {
    kind,
    id: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
    title: clip(title, limits.message.title.most),
    lead: clip(
      `${lead}${kind === 'baseline' || kind === 'news' || kind === 'reminder' ? untoldClause(record) : ''}`,
      limits.message.lead.most,
    ),
    stories,
    problems,
    more,
    ...(record !== undefined && { record }),
  };
}

/** The most urgent classes in words, each with its subject where it is one. */
export function titleOf(stories: readonly Story[]): string {
  const groups = byClass(stories);
  const shown = groups.slice(0, limits.message.phrases.most).map(([kind, group]) => phrase(kind, group));
  const hidden = groups.slice(limits.message.phrases.most).reduce((sum, [, { length }]) => sum + length, 0);
  if (hidden > 0) shown.push(`and ${count(hidden, 'other thing')}`);
  return shown.join(', ') || 'nothing new';
}

function phrase(kind: NewsClass, group: readonly Story[]): string {
  const { one, many } = classWords[kind];
  const [first] = group;
  const words = group.length === 1 ? one : many;
  const text = words.replace('#', group.length.toLocaleString('en-US'));
  const named = text.replace('%', () => clip(shortSubject(first?.subject ?? ''), 60));
  if (kind !== 'security') return named;
  const fixes = fixesIn(group);
  return fixes === 0 ? named : named.replace('security fixes', count(fixes, 'security fix', 'security fixes'));
}

/** One source is one fix, however many packages are built from it and whoever uses them. */
function fixesIn(stories: readonly Story[]): number {
  const fixes = stories.flatMap(({ packages }) => packages.filter(({ security }) => security === true));
  return new Set(fixes.map(({ source, name, after }) => JSON.stringify([source ?? name, after ?? null]))).size;
}

/** `4 things to know: 1 pin-broken, 2 security, 1 packages; used in 7 places of 5 files.` */
export function leadOf(stories: readonly Story[]): string {
  if (stories.length === 0) return 'Nothing to tell.';
  const counts = byClass(stories).map(([kind, { length }]) => `${length.toLocaleString('en-US')} ${kind}`);
  const places = stories.flatMap((story) => story.places);
  const inFiles = places.filter(({ workload }) => workload === undefined);
  const files = new Set(inFiles.map(({ repository, file }) => JSON.stringify([repository ?? null, file])));
  const engines = new Set(places.flatMap(({ workload, repository }) => (workload === undefined ? [] : repository)));
  const classes = stories.length === 1 ? stories[0]?.class : counts.join(', ');
  const about = `${count(stories.length, 'thing')} to know: ${classes}`;
  // What was done, or could not be asked, is in no file.
  if (places.length === 0) return `${about}.`;
  return `${about}; used in ${count(places.length, 'place')} of ${filesAndEngines(files.size, engines.size)}.`;
}

function byClass(stories: readonly Story[]): [NewsClass, Story[]][] {
  return newsClasses
    .map((kind): [NewsClass, Story[]] => [kind, stories.filter((story) => story.class === kind)])
    .filter(([, group]) => group.length > 0);
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { type Severity, severities, worstSeverity } from '../core/advisory.ts';
import { type Finding, type FindingClass, type HeldReason, isEvent } from '../core/finding.ts';
import { matchesImage } from '../core/image/image-glob.ts';
import { isEventNotice, isNotice, type NewsClass, type Notice } from '../core/news.ts';
import { repositoryGlob } from '../core/patterns.ts';
import { scopeName, scopeTitle } from '../core/place.ts';
import { onceFor } from '../core/shared-work.ts';
import { batchPeriod, type When } from '../core/time/batch.ts';
import { isWithin, localTime, minuteOf } from '../core/time/local-time.ts';
import { isoWeek } from '../core/time/week.ts';
import type { Closing } from '../state/outbox.ts';
import type { OpenNews } from '../state/store.ts';
import type { ChannelSettings } from './channel-settings.ts';

/** What the configuration says of when and what a channel is told. */
export type DeliveryRules = Pick<ChannelSettings, 'only' | 'mode' | 'quiet' | 'remindAfter' | 'resolved'>;

/** What is known of a channel and of the news, at the time of the run. */
export interface ChannelFacts {
  /** Of these keys, those the channel has not been told. */
  undelivered(news: readonly string[]): readonly string[];
  /** Of these keys, those the channel was told, or reminded of, before a time. */
  dueForReminder(news: readonly string[], time: number): readonly string[];
  readonly closings: readonly Closing[];
  /** Has the channel had its first message about this repository? */
  hasBaseline(repository: string): boolean;
  window(kind: string): string | undefined;
  readonly openNews: ReadonlyMap<string, OpenNews>;
}

/** A batch that may go out once per period, such as a week. */
export interface Window {
  readonly kind: 'mode' | When;
  readonly period: string;
}

/** What one channel is told in one run. Nothing is, when there are no findings, reminders or closings in news. */
export interface DeliveryPlan {
  /** `baseline`: its first message, which names what is urgent and counts the rest. */
  readonly kind: 'baseline' | 'news';
  /** What a message names. */
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
  /** What waits for the end of the quiet hours, or the digest of the day. */
  readonly later: readonly Notice[];
  /** Told before, and still there. */
  readonly reminders: readonly Finding[];
  readonly closings: readonly Closing[];
  /** Over, and nothing to tell: other news of the same image took its place. */
  readonly superseded: readonly Closing[];
  /** What alerts, and waits for its window, the end of the quiet hours, or the digest of the day. */
  readonly waiting: readonly Finding[];
  /** Keys to record with the message; also those of a repository that is new, which it counts and does not name. */
  readonly news: readonly string[];
  /** To close once everything was accepted. */
  readonly windows: readonly Window[];
  /** Repositories, and kinds of files, that the channel hears of for the first time. */
  readonly newRepositories: readonly string[];
  /** Kinds of files that are read for the first time, each with what is counted and not named. */
  readonly introduced: readonly Introduction[];
}

/** What a kind of file is introduced with. */
export interface Introduction {
  readonly format: string;
  readonly findings: readonly Finding[];
}

const urgent: ReadonlySet<FindingClass> = new Set(['pin-broken', 'security']);
const never: ReadonlySet<FindingClass> = new Set(['rebuild', 'no-op', 'unpinned']);

/** A host that does not answer is told of after so many runs, and so long, in a row. */
const unknownRuns = 3;
const unknownTime = 24 * 60 * 60 * 1000;

/**
 * Picks what a channel is told: findings that alert, that nothing holds and nobody snoozed, with news that it does not
 * know. `repositories` are all that the run looked at. Pure.
 */
export function planDelivery(
  findings: readonly Finding[],
  repositories: readonly string[],
  rules: DeliveryRules,
  facts: ChannelFacts,
  {
    now,
    timezone,
    notices = [],
    formats = [],
  }: {
    readonly now: number;
    readonly timezone: string;
    readonly notices?: readonly Notice[];
    /** Kinds of files that the run read. */
    readonly formats?: readonly string[];
  },
): DeliveryPlan {
  const { day, minute } = localTime(now, timezone);
  const period = { each: undefined, run: undefined, daily: day, weekly: isoWeek(now, timezone) }[rules.mode];
  const isDigestDone = period !== undefined && facts.window('mode') === period;
  // Once per word of the rules: a large fleet has thousands of findings.
  const periods = new Map<When, string | undefined>();
  const batchOf = ({ reaction }: Finding): Window | undefined => {
    const kind = reaction?.when ?? 'now';
    if (!periods.has(kind)) periods.set(kind, batchPeriod(kind, now, timezone));
    const period = periods.get(kind);
    return period === undefined ? undefined : { kind, period };
  };
  const { quiet } = rules;
  const isQuiet = quiet !== undefined && isWithin(minute, minuteOf(quiet.from), minuteOf(quiet.to));
  const mayPass = (one: Finding): boolean =>
    !isDigestDone && (!isQuiet || (quiet?.except.includes(one.class) ?? false));

  const relevant = findings.filter((one) => alerts(one, facts.openNews, now) && passes(one, rules.only));
  const open = relevant.filter((one) => !isHeld(one) && !one.snoozed);
  const unheard = open.filter(({ news }) => facts.undelivered(news).length > 0);
  const newsOf = (told: readonly (Finding | Notice)[]): readonly string[] =>
    facts.undelivered([...new Set([...new Set(told.map(({ news }) => news))].flat())]);
  const noticed = notices.filter(
    (one) => isLasting(one, facts.openNews, now) && mayHear(one, rules.only) && facts.undelivered(one.news).length > 0,
  );
  const mayNotice = !isDigestDone && !isQuiet;
  const heardNow = noticed.filter(({ isUrgent }) => mayNotice || isUrgent);
  const windowsOf = (told: readonly Finding[]): readonly Window[] => [
    ...new Map(told.flatMap((one) => batchOf(one) ?? []).map((window) => [window.kind, window])).values(),
    ...(period === undefined ? [] : [{ kind: 'mode' as const, period }]),
  ];

  const newScopes = repositories.filter((name) => !facts.hasBaseline(name));
  const newFormats = formats.filter((name) => !facts.hasBaseline(formatBaseline(name)));
  if (repositories.length > 0 && newScopes.length === repositories.length) {
    // A night without anything urgent is no time to introduce oneself.
    if (isQuiet && !unheard.some(mayPass)) return { ...silence, waiting: unheard, later: noticed };
    const news = newsOf([...unheard, ...noticed]);
    const newRepositories = [...newScopes, ...newFormats.map(formatBaseline)];
    const about = { findings: unheard, notices: noticed, news, windows: windowsOf(unheard), newRepositories };
    return { ...silence, kind: 'baseline', ...about };
  }
  const isOfNewScope = new Set(newScopes);
  const isNew = (one: Finding): boolean => isOfNewScope.has(scopeName(one)) || newFormats.includes(kindOf(one) ?? '');
  const isCounted = (one: Finding): boolean => isNew(one) && !urgent.has(one.class);
  const isBatchDone = (window: Window | undefined): boolean =>
    window !== undefined && facts.window(window.kind) === window.period;
  const isDue = (one: Finding): boolean => mayPass(one) && !isBatchDone(batchOf(one));
  const heard = unheard.filter((one) => !isCounted(one));
  const told = heard.filter(isDue);
  const counted = unheard.filter(isCounted);
  const ofNewKind = counted.filter((one) => !isOfNewScope.has(scopeName(one)));
  // A kind of file is introduced by day.
  const introduced = mayNotice
    ? newFormats.flatMap((format) => {
        const own = ofNewKind.filter((one) => kindOf(one) === format);
        return own.length === 0 ? [] : [{ format, findings: own }];
      })
    : [];
  const known = mayNotice ? counted : counted.filter((one) => isOfNewScope.has(scopeName(one)));
  const isUnheard = new Set(unheard);
  const standing = open.filter((one) => !isUnheard.has(one) && !isEvent(one) && mayPass(one));
  const { remindAfter } = rules;
  const isDueAgain = onceFor(
    (news: readonly string[]) => remindAfter !== undefined && facts.dueForReminder(news, now - remindAfter).length > 0,
  );
  return {
    kind: 'news',
    findings: told,
    notices: heardNow,
    later: noticed.filter((one) => !heardNow.includes(one)),
    reminders: standing.filter(({ news }) => isDueAgain(news)),
    closings: isQuiet || isDigestDone ? [] : facts.closings.filter((one) => !isSuperseded(one, facts.openNews)),
    superseded: facts.closings.filter((one) => isSuperseded(one, facts.openNews)),
    waiting: heard.filter((one) => !isDue(one)),
    news: newsOf([...told, ...known, ...heardNow]),
    windows: windowsOf(told),
    newRepositories: [...newScopes, ...(mayNotice ? newFormats.map(formatBaseline) : [])],
    introduced,
  };
}

/**
 * The first run that reads a kind of file is like a repository's first run: what can wait is counted. Dockerfiles were
 * always read. No repository has such a name.
 */
export function formatBaseline(format: string): string {
  return `files of ${format}`;
}

/** What an engine is introduced as: like a kind of file. */
export function engineKind(name: string): string {
  return `engine ${name}`;
}

function kindOf({ format, workload }: Finding): string | undefined {
  return workload === undefined ? format : engineKind(workload.engine);
}

const silence: DeliveryPlan = {
  kind: 'news',
  findings: [],
  notices: [],
  later: [],
  reminders: [],
  closings: [],
  superseded: [],
  waiting: [],
  news: [],
  windows: [],
  newRepositories: [],
  introduced: [],
};

/** Is everything in it that is a fix rated, and milder than that? */
function isMilder({ packages = [] }: Finding, least: Severity): boolean {
  const fixes = packages.filter(({ security }) => security === true);
  const worst = worstSeverity(fixes.map(({ severity }) => severities.find((one) => one === severity)));
  const isRated = fixes.length > 0 && fixes.every(({ severity }) => severity !== undefined);
  return isRated && worst !== undefined && severities.indexOf(worst) > severities.indexOf(least);
}

/** Is the image still behind, only by something else than was told? */
function isSuperseded({ class: kind, reference }: Closing, openNews: ChannelFacts['openNews']): boolean {
  if (isEventNotice(kind)) return true;
  if (isNotice(kind)) return false;
  const same = (other: NewsClass): boolean => (content.has(kind) ? content.has(other) : other === kind);
  return [...openNews.values()].some((open) => open.reference === reference && same(open.class));
}

/** An image has at most one finding of these: when one goes, another may have come in its place. */
const content: ReadonlySet<NewsClass> = new Set(['pin-broken', 'security', 'packages', 'config', 'content']);

/** What only its pull request waits for keeps nobody from being told. */
function isHeld({ held, workload, class: kind }: Finding): boolean {
  if (held === undefined || held.reason === 'limit' || held.reason === 'window') return false;
  // That something that runs is behind is news, whatever keeps it from being moved; what nobody may ask for is none.
  return workload === undefined || kind === 'unknown' || !redeployHolds.has(held.reason);
}

const redeployHolds: ReadonlySet<HeldReason> = new Set(['workload', 'failed', 'major', 'young', 'policy']);

/** By the rules; a host that does not answer is told of when it has been silent for long, whatever they say but to ignore it. */
function alerts(
  { class: kind, subject, reference, reaction, news }: Finding,
  openNews: ChannelFacts['openNews'],
  now: number,
): boolean {
  const react = reaction?.react ?? [];
  if (react.includes('ignore') || never.has(kind)) return false;
  // A word that nobody can resolve, or a pin that nobody can judge, is no host that might come back.
  if (kind !== 'unknown' || subject === 'package' || reference === undefined) return react.includes('alert');
  return news.some((key) => hasLasted(openNews.get(key), now));
}

/** A host is told of when it has been silent for long; everything else at once. */
function isLasting({ kind, news }: Notice, openNews: ChannelFacts['openNews'], now: number): boolean {
  return kind !== 'unchecked' || news.some((key) => hasLasted(openNews.get(key), now));
}

function hasLasted(open: OpenNews | undefined, now: number): boolean {
  return open !== undefined && open.runs >= unknownRuns && now - open.first >= unknownTime;
}

/** A notice needs no class to pass; a filter that names some of them takes those alone. */
function mayHear({ kind, repository }: Notice, only: DeliveryRules['only']): boolean {
  const named = (only.class ?? []).filter(isNotice);
  if (named.length > 0 && !named.includes(kind)) return false;
  if (only.repository === undefined || repository === undefined) return true;
  return repositoryGlob(only.repository).test(repository);
}

function passes(finding: Finding, only: DeliveryRules['only']): boolean {
  if (only.class !== undefined && !only.class.includes(finding.class)) return false;
  if (only.security !== undefined && only.security !== finding.security) return false;
  if (only.severity !== undefined && isMilder(finding, only.severity)) return false;
  if (only.repository !== undefined) {
    const glob = repositoryGlob(only.repository);
    if (!glob.test(scopeName(finding)) && !glob.test(scopeTitle(finding))) return false;
  }
  return only.image === undefined || matchesImage(only.image, finding.reference);
}

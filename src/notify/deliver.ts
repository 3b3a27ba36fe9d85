import { type Finding, imagesBehind } from '../core/finding.ts';
import { limits } from '../core/limits/limits.ts';
import type { Message, Story } from '../core/message.ts';
import type { Notice } from '../core/news.ts';
import type { Problem } from '../core/problem.ts';
import type { RunRecord } from '../core/run-record.ts';
import { onceFor } from '../core/shared-work.ts';
import { isoWeek } from '../core/time/week.ts';
import {
  baselineMessage,
  closedMessage,
  firstLookLead,
  firstLookMessage,
  newsMessage,
  reminderMessage,
  troubleMessage,
  type Watched,
} from '../report/say/message-story.ts';
import { count } from '../report/say/quantity.ts';
import { byUrgency, noticeStory, storiesOf } from '../report/say/stories.ts';
import type { ChannelMemory, ChannelTrouble, Closing, Outbox } from '../state/outbox.ts';
import type { OpenNews } from '../state/store.ts';
import {
  type ChannelFacts,
  type DeliveryPlan,
  type DeliveryRules,
  formatBaseline,
  planDelivery,
} from './delivery-plan.ts';
import type { Channel } from './notifier.ts';
import { type Failure, Posting, type PostingDependencies } from './posting.ts';

/** A channel that is open for one run. */
export interface OpenChannel {
  /** Its identity in the state. */
  readonly name: string;
  readonly rules: DeliveryRules;
  /** Needs no first message: what is news is told in full from the beginning. */
  readonly isIntroduced?: true;
  readonly channel: Channel;
}

/** What a run has to tell, before it is known what each channel was told already. */
export interface RunNews {
  readonly record: RunRecord;
  /** What is told beside findings. */
  readonly notices: readonly Notice[];
  /** All that the run looked at. */
  readonly repositories: readonly string[];
  /** Kinds of files that the run read, but for Dockerfiles. */
  readonly formats?: readonly string[];
  readonly openNews: ReadonlyMap<string, OpenNews>;
  readonly watched: Watched;
  readonly now: number;
  readonly timezone: string;
}

/** What delivering needs beside channels. */
export interface DeliverDependencies extends PostingDependencies {
  readonly outbox: Outbox;
}

/** What became of one channel in this run. */
export interface ChannelOutcome {
  readonly name: string;
  /** Messages that the service accepted. */
  readonly sent: number;
  readonly waiting: readonly Finding[];
  /** Why not everything was told; what was not is tried again in the next run. */
  readonly failed?: Failure;
  /** Since when it takes nothing, and in how many runs. */
  readonly trouble?: ChannelTrouble;
  /** Accepted, but not by everybody: one of three recipients, say. */
  readonly remarks: readonly Problem[];
}

/**
 * Tells every channel what it has not been told. A delivery is recorded only after the service accepted it, so that a
 * process that dies tells again, under the same id, and never too little. One channel that fails keeps no other back;
 * when it stays so, another one says it. Rejects only when the state does.
 */
export async function deliver(
  channels: readonly OpenChannel[],
  runNews: RunNews,
  deps: DeliverDependencies,
): Promise<readonly ChannelOutcome[]> {
  const outcomes = await Promise.all(channels.map((one) => tell(one, runNews, deps)));
  await tellTrouble(channels, outcomes, runNews, deps);
  return outcomes;
}

/** What is remembered of a channel that was never told anything. */
const nothingTold: ChannelMemory = { told: new Map(), closings: [], baselines: new Set(), windows: new Map() };

/** What a channel would be told, by what is remembered of it. Pure. */
export function planFor(
  { rules, isIntroduced = false }: Pick<OpenChannel, 'rules'> & { readonly isIntroduced?: boolean },
  runNews: RunNews,
  { told, closings, baselines, windows }: ChannelMemory = nothingTold,
): DeliveryPlan {
  const facts: ChannelFacts = {
    undelivered: onceFor((news) => news.filter((key) => !told.has(key))),
    // What was told at a time that is yet to come was told by a clock that ran ahead.
    dueForReminder: (news, time) =>
      news.filter((key) => {
        const last = told.get(key);
        return last !== undefined && (last < time || last > runNews.now);
      }),
    closings,
    hasBaseline: (repository) => isIntroduced || baselines.has(repository),
    window: (kind) => windows.get(kind),
    openNews: runNews.openNews,
  };
  return planDelivery(runNews.record.findings, runNews.repositories, rules, facts, runNews);
}

/** What a channel may have been introduced to already. */
export function baselinesOf({
  repositories,
  formats = [],
}: Pick<RunNews, 'repositories' | 'formats'>): readonly string[] {
  return [...repositories, ...formats.map(formatBaseline)];
}

async function tell(open: OpenChannel, runNews: RunNews, deps: DeliverDependencies): Promise<ChannelOutcome> {
  const { outbox } = deps;
  const { name } = open;
  const { now } = runNews;
  const memory = await outbox.memoryOf(name, baselinesOf(runNews));
  const plan = planFor(open, runNews, memory);
  const posting = new Posting(open.channel, deps);
  const way = open.rules.resolved ?? (open.channel.repliesSilently ? 'reply' : 'next');
  const over = new Set(way === 'next' ? plan.closings.map(({ news }) => news) : []);
  const fresh = new Set(plan.news);
  const untold = new Set(plan.news);
  const messages = messagesOf(plan, open.rules, runNews);
  for (const message of way === 'next' ? withResolved(messages, plan.closings, runNews) : messages) {
    await posting.message(message, undefined, async (part, receipt) => {
      const [closed, open] = split(part.news, (key) => over.has(key));
      const [told, again] = split(open, (key) => fresh.has(key));
      await outbox.delivered(name, { news: told, now, ...(receipt !== undefined && { receipt }) });
      for (const key of told) untold.delete(key);
      if (again.length > 0) await outbox.reminded(name, again, now);
      if (closed.length > 0) await outbox.closed(name, closed, now);
    });
  }
  if (posting.failure === undefined) {
    // What the messages counted without naming it was told as well.
    if (untold.size > 0) await outbox.delivered(name, { news: [...untold], now });
    for (const { kind, period } of plan.windows) await outbox.openWindow(name, kind, period);
    if (plan.newRepositories.length > 0) await outbox.recordBaselines(name, plan.newRepositories, now);
  }
  const superseded = plan.superseded.map(({ news }) => news);
  if (superseded.length > 0) await outbox.closed(name, superseded, now);
  if (way === 'off' && plan.closings.length > 0) await outbox.closed(name, keysOf(plan.closings), now);
  if (way === 'post') await close(plan.closings, undefined, runNews, posting, open, outbox);
  if (way === 'reply') {
    for (const [receipt, group] of Map.groupBy(plan.closings, (one) => one.receipt)) {
      await close(group, receipt, runNews, posting, open, outbox);
    }
  }
  const { failure } = posting;
  const trouble = failure && (await outbox.failed(name, failure.problem.code, now));
  if (failure === undefined && posting.sent > 0 && memory.trouble !== undefined) {
    await outbox.recovered(name);
    await outbox.forget(troubleKey(name));
  }
  return {
    name,
    sent: posting.sent,
    waiting: plan.waiting,
    remarks: posting.remarks,
    ...(failure && { failed: failure }),
    ...(trouble && { trouble }),
  };
}

/** One message per run, or one per story where the channel wants that; none without news. */
function messagesOf(plan: DeliveryPlan, rules: DeliveryRules, runNews: RunNews): readonly Message[] {
  const { record, watched, openNews, now, timezone } = runNews;
  const since = ({ news }: Finding): { readonly since?: string } => sinceOf(news);
  const sinceOf = onceFor((news: readonly string[]) => {
    const first = news.flatMap((key) => openNews.get(key)?.first ?? []);
    return first.length === 0 ? {} : { since: new Date(Math.min(...first)).toISOString() };
  });
  const noticed = plan.notices.map(noticeStory);
  if (plan.kind === 'baseline') {
    const told = { ...watched, told: imagesBehind(plan.findings) };
    return [baselineMessage([...noticed, ...storiesOf(plan.findings, since)], told, record)];
  }
  const stories = [...storiesOf(plan.findings, since), ...noticed].sort(byUrgency);
  const still = storiesOf(plan.reminders, since);
  const looks = plan.introduced.map(({ format, findings }) => ({ format, classes: findings.map((one) => one.class) }));
  if (stories.length === 0 && looks.length > 0) return [firstLookMessage(looks, record)];
  if (stories.length === 0) return still.length === 0 ? [] : [reminderMessage(still, isoWeek(now, timezone), record)];
  if (rules.mode === 'each') {
    const each = stories.map((story) => newsMessage([story], record, openedAt([story], openNews)));
    return looks.length === 0 ? each : [...each, firstLookMessage(looks, record)];
  }
  const news = newsMessage(stories, record, openedAt(stories, openNews));
  const message = looks.length === 0 ? news : { ...news, lead: `${news.lead} ${firstLookLead(looks)}` };
  if (still.length === 0) return [message];
  const lead = `${message.lead} ${count(still.length, 'other')} listed last ${still.length === 1 ? 'is' : 'are'} still open.`;
  return [{ ...message, lead, stories: [...stories, ...still] }];
}

/** What was over and began again is another message, and the same in every attempt; mail programs drop repeated ids. */
function openedAt(stories: readonly Story[], openNews: RunNews['openNews']): string {
  const times = stories.flatMap(({ news }) => news.flatMap((key) => openNews.get(key)?.first ?? []));
  return times.length === 0 ? '' : String(Math.max(...times));
}

function keysOf(closings: readonly Closing[]): readonly string[] {
  return closings.map(({ news }) => news);
}

/** What is over stands at the end of a message that there is anyway; without one it waits for the next. */
function withResolved(
  messages: readonly Message[],
  closings: readonly Closing[],
  { record }: Pick<RunNews, 'record'>,
): readonly Message[] {
  const [first, ...more] = messages;
  if (first === undefined || closings.length === 0) return messages;
  // A message of one story stays one.
  if (more.length > 0) return [...messages, closedMessage(closedStories(closings), record, closedAt(closings))];
  const over = closedStories(closings);
  const lead = `${first.lead} ${count(over.length, 'thing')} told before ${over.length === 1 ? 'is' : 'are'} resolved.`;
  return [{ ...first, lead, stories: [...first.stories, ...over] }];
}

/** When the last of them was; the same in every attempt. */
function closedAt(closings: readonly Closing[]): string {
  return String(Math.max(...closings.map((one) => one.closed)));
}

/** Says by a message of its own that something is over. What told it stays as it is: nothing is ever overwritten. */
async function close(
  group: readonly Closing[],
  receipt: string | undefined,
  { record, now }: RunNews,
  posting: Posting,
  { name }: OpenChannel,
  outbox: Outbox,
): Promise<void> {
  if (group.length === 0) return;
  const message = closedMessage(closedStories(group), record, closedAt(group));
  await posting.message(message, receipt, (part) => outbox.closed(name, part.news, now));
}

/** What is over has no finding any more: what is left of it is its class and image. */
function closedStories(group: readonly Closing[]): readonly Story[] {
  const stories = Map.groupBy(group, (one) => JSON.stringify([one.class, one.reference]));
  return [...stories.values()].map((same) => {
    const [one] = same as [Closing, ...Closing[]];
    return {
      class: one.class,
      isOver: true as const,
      security: one.class === 'security' ? true : null,
      subject: one.reference,
      reason: 'Resolved: the last run found nothing of this any more.',
      places: [],
      packages: [],
      config: [],
      notes: [],
      proposals: [],
      news: same.map(({ news }) => news),
    };
  });
}

/** Says on a channel that works that another one does not: at once when that will not pass, else after some runs. */
async function tellTrouble(
  channels: readonly OpenChannel[],
  outcomes: readonly ChannelOutcome[],
  runNews: RunNews,
  deps: DeliverDependencies,
): Promise<void> {
  const { outbox } = deps;
  const failed = outcomes.flatMap(({ name, failed, trouble }) => (failed ? [{ name, trouble, ...failed }] : []));
  const lasting = failed.filter(
    ({ permanent, trouble }) => permanent || (trouble?.runs ?? 0) >= limits.message.troubleRuns.most,
  );
  const helper = channels.find(({ name }) => !failed.some((one) => one.name === name));
  if (lasting.length === 0 || helper === undefined) return;
  const { told } = await outbox.memoryOf(helper.name, []);
  const untold = lasting.filter(({ name }) => !told.has(troubleKey(name)));
  if (untold.length === 0) return;
  const problems = untold.map(({ name, problem }) => ({ ...problem, subject: `the channel ${name}` }));
  const posting = new Posting(helper.channel, deps);
  await posting.message(troubleMessage(problems, runNews.record), undefined, async () => undefined);
  if (posting.failure === undefined) {
    await outbox.delivered(helper.name, { news: untold.map(({ name }) => troubleKey(name)), now: runNews.now });
  }
}

function troubleKey(channel: string): string {
  return `channel ${channel}`;
}

function split<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

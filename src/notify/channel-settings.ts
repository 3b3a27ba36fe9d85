import type { Severity } from '../core/advisory.ts';
import type { NewsClass } from '../core/news.ts';
import type { Channel, NotifierDependencies } from './notifier.ts';

/** each: a message per story, at once; run: one per run; daily, weekly: one per day or ISO week, in the configuration's time zone. */
export const channelModes = ['each', 'run', 'daily', 'weekly'] as const;
export type ChannelMode = (typeof channelModes)[number];

/**
 * How a channel hears that something is over: in the thread of the message that told it; with the next message that there
 * is; by a message of its own; not at all.
 */
export const resolvedWays = ['reply', 'next', 'post', 'off'] as const;
export type ResolvedWay = (typeof resolvedWays)[number];

/** What a channel is told; everything given must hold. */
export interface ChannelFilter {
  readonly class?: readonly NewsClass[];
  readonly security?: boolean;
  /** The least severity; what nobody has rated passes, for it may be worse. */
  readonly severity?: Severity;
  /** A glob over `owner/name`, or a local tree as it was named. */
  readonly repository?: string;
  /** A glob over `registry/repository[:tag]`. */
  readonly image?: string;
}

/** Times of day, `HH:MM`, in which messages wait; past midnight when `from` is the later one. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
  /** What is told all the same. */
  readonly except: readonly NewsClass[];
}

/** One configured channel: who is told what and when, and how it is opened. */
export interface ChannelSettings {
  /** Identity of the channel in the state. */
  readonly name: string;
  readonly type: string;
  readonly only: ChannelFilter;
  readonly mode: ChannelMode;
  readonly quiet?: QuietHours;
  /** Milliseconds after which what is still open is told again; absent: never. */
  readonly remindAfter?: number;
  /** Absent: `reply` where that disturbs nobody, else `next`. */
  readonly resolved?: ResolvedWay;
  /** Loads what the channel needs; the secrets are inside. */
  open(deps: Omit<NotifierDependencies, 'name'>): Promise<Channel>;
}

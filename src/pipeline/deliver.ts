import type { Finding } from '../core/finding.ts';

export interface ChannelState {
  /** Of these keys, those the channel has not been told. */
  undelivered(news: readonly string[]): readonly string[];
  /** Has the weekly batch of this week gone out already? */
  readonly batchDone: boolean;
}

/** What one message to a channel says, and what waits. */
export interface Delivery {
  readonly findings: readonly Finding[];
  /** The keys to record once the channel has accepted the message. */
  readonly news: readonly string[];
  /** Is it (also) this week's batch? */
  readonly batch: boolean;
  /** Findings whose window has not come. */
  readonly waiting: readonly Finding[];
}

/** Picks what a channel is to be told: findings that alert, are not held, and carry news it does not know. Pure. */
export function chooseDelivery(findings: readonly Finding[], channel: ChannelState): Delivery {
  const alerting = findings.filter(
    ({ reaction, held, news }) => !held && reaction?.react.includes('alert') && channel.undelivered(news).length > 0,
  );
  const inWindow = (finding: Finding): boolean => finding.reaction?.when === 'now' || !channel.batchDone;
  const told = alerting.filter(inWindow);
  return {
    findings: told,
    news: channel.undelivered([...new Set(told.flatMap(({ news }) => news))]),
    batch: told.some(({ reaction }) => reaction?.when === 'weekly'),
    waiting: alerting.filter((finding) => !inWindow(finding)),
  };
}

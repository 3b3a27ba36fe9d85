import type { NewsClass } from '../core/news.ts';
import type { Database, Row, Value } from './database.ts';

/** News that a channel has been told, and that is over now. */
export interface Closing {
  readonly news: string;
  readonly class: NewsClass;
  readonly reference: string;
  /** What the service called the message that told it. */
  readonly receipt?: string;
  /** When the run was that found it no more; milliseconds since 1970. */
  readonly closed: number;
}

/** What a channel accepted. */
export interface NewDelivery {
  readonly news: readonly string[];
  /** What the service calls the message, for an answer to it; at most 500 characters. */
  readonly receipt?: string;
  readonly now: number;
}

/** The first of a series of runs in which a channel took nothing. */
export interface ChannelTrouble {
  readonly code: string;
  readonly first: number;
  readonly runs: number;
}

/** All that is remembered of one channel; times are milliseconds since 1970. */
export interface ChannelMemory {
  /** What it was told, with when it was told, or reminded of it, last. */
  readonly told: ReadonlyMap<string, number>;
  /** What it was told, is over, and has not been told as over. */
  readonly closings: readonly Closing[];
  /** Repositories, of those asked about, of which it has had its first message. */
  readonly baselines: ReadonlySet<string>;
  /** By the kind of a batch: the period (`2026-W47`, `2026-11-21`) in which it last got one. */
  readonly windows: ReadonlyMap<string, string>;
  readonly trouble?: ChannelTrouble;
}

/**
 * What each channel has been told, by its name. A delivery is recorded only after the service accepted it, so a process
 * that dies in between tells the same news again, under the same id, and never loses any.
 */
export interface Outbox {
  /** `repositories`: those of which it is to be known whether the channel has heard of them. */
  memoryOf(channel: string, repositories: readonly string[]): Promise<ChannelMemory>;
  /** The windows of these channels, as {@link ChannelMemory} has them; those that have none are absent. */
  windows(channels: readonly string[]): Promise<ReadonlyMap<string, ChannelMemory['windows']>>;
  delivered(channel: string, delivery: NewDelivery): Promise<void>;
  reminded(channel: string, news: readonly string[], now: number): Promise<void>;
  /** The channel was told that this is over, or needs no word about it. */
  closed(channel: string, news: readonly string[], now: number): Promise<void>;
  /** As if no channel had been told: for news that is not of the fleet. */
  forget(news: string): Promise<void>;
  /** The channel has had its first message about these repositories. */
  recordBaselines(channel: string, repositories: readonly string[], now: number): Promise<void>;
  openWindow(channel: string, kind: string, period: string): Promise<void>;
  /** Counts this run as one in which the channel took nothing. */
  failed(channel: string, code: string, now: number): Promise<ChannelTrouble>;
  recovered(channel: string): Promise<void>;
}

/** The outbox, in tables of the state: {@link Outbox} says what each method means. */
export class StoredOutbox implements Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async memoryOf(channel: string, repositories: readonly string[]): Promise<ChannelMemory> {
    // Asked at once: in a file nobody comes in between.
    const ask = (sql: string, ...more: Value[]): Promise<Row[]> => this.#database.ask(sql, channel, ...more);
    const [told, over, introduced, windows, [trouble]] = await Promise.all([
      ask(
        "select news, max(delivered, coalesce(reminded, 0)) as last from delivery where channel = ? and state = 'delivered'",
      ),
      ask(closings),
      ask(
        'select repository from baseline where channel = ? and repository in (select value from json_each(?))',
        repositories,
      ),
      ask('select kind, period from "window" where channel = ?'),
      ask('select code, first, runs from trouble where channel = ?'),
    ]);
    return {
      told: new Map(told.map((row) => [String(row['news']), Number(row['last'])])),
      closings: over.map(toClosing),
      baselines: new Set(introduced.map((row) => String(row['repository']))),
      windows: new Map(windows.map((row) => [String(row['kind']), String(row['period'])])),
      ...(trouble && {
        trouble: { code: String(trouble['code']), first: Number(trouble['first']), runs: Number(trouble['runs']) },
      }),
    };
  }

  async windows(channels: readonly string[]): Promise<ReadonlyMap<string, ChannelMemory['windows']>> {
    const sql = 'select channel, kind, period from "window" where channel in (select value from json_each(?))';
    const rows = await this.#database.ask(sql, channels);
    return new Map(
      [...Map.groupBy(rows, (row) => String(row['channel']))].map(([channel, own]) => [
        channel,
        new Map(own.map((row) => [String(row['kind']), String(row['period'])])),
      ]),
    );
  }

  delivered(channel: string, { news, receipt, now }: NewDelivery): Promise<void> {
    return this.#database.transaction((inside) =>
      inside.each(
        news,
        `insert into delivery (news, channel, state, tries, message, delivered) values (?, ?, 'delivered', 1, ?, ?)
         on conflict (news, channel) do update set state = 'delivered', tries = delivery.tries + 1, message = excluded.message,
           delivered = excluded.delivered, closing = null, reminded = null`,
        (key) => [key, channel, receipt ?? null, now],
      ),
    );
  }

  reminded(channel: string, news: readonly string[], now: number): Promise<void> {
    return this.#mark('reminded', channel, news, now);
  }

  closed(channel: string, news: readonly string[], now: number): Promise<void> {
    return this.#mark('closing', channel, news, now);
  }

  forget(news: string): Promise<void> {
    return this.#database.change('delete from delivery where news = ?', news);
  }

  recordBaselines(channel: string, repositories: readonly string[], now: number): Promise<void> {
    return this.#database.transaction((inside) =>
      inside.each(
        repositories,
        'insert into baseline (channel, repository, told) values (?, ?, ?) on conflict do nothing',
        (repository) => [channel, repository, now],
      ),
    );
  }

  openWindow(channel: string, kind: string, period: string): Promise<void> {
    return this.#database.change(
      'insert into "window" (channel, kind, period) values (?, ?, ?) on conflict (channel, kind) do update set period = excluded.period',
      channel,
      kind,
      period,
    );
  }

  async failed(channel: string, code: string, now: number): Promise<ChannelTrouble> {
    const [row] = await this.#database.ask(
      `insert into trouble (channel, code, first, runs) values (?, ?, ?, 1)
       on conflict (channel) do update set code = excluded.code, runs = trouble.runs + 1 returning first, runs`,
      channel,
      code,
      now,
    );
    return { code, first: Number(row?.['first']), runs: Number(row?.['runs']) };
  }

  recovered(channel: string): Promise<void> {
    return this.#database.change('delete from trouble where channel = ?', channel);
  }

  #mark(column: 'reminded' | 'closing', channel: string, news: readonly string[], now: number): Promise<void> {
    return this.#database.change(
      `update delivery set ${column} = ? where channel = ? and news in (select value from json_each(?))`,
      now,
      channel,
      news,
    );
  }
}

const closings = `select news, class, reference, message, news.closed
  from delivery join news on news.key = delivery.news
  where channel = ? and state = 'delivered' and closed is not null and closing is null
  order by reference, class, news`;

function toClosing(row: Record<string, unknown>): Closing {
  return {
    news: String(row['news']),
    class: String(row['class']) as NewsClass,
    reference: String(row['reference']),
    ...(row['message'] !== null && { receipt: String(row['message']) }),
    closed: Number(row['closed']),
  };
}

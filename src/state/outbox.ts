import type { NewsClass } from '../core/news.ts';
import type { Database } from './database.ts';

/** News that a channel has been told, and that is over now. */
export interface Closing {
  readonly news: string;
  readonly class: NewsClass;
  readonly reference: string;
  /** What the service called the message that told it. */
  readonly receipt?: string;
  /** When the run was that found it no more; milliseconds since 1970. */
  readonly closed: number;
  /** Is everything else over, too, that the same message told? */
  readonly isWhole: boolean;
}

/** What a channel accepted. */
export interface NewDelivery {
  readonly news: readonly string[];
  /** What the service calls the message, for a thread or an edit; at most 500 characters. */
  readonly receipt?: string;
  readonly now: number;
}

/** The first of a series of runs in which a channel took nothing. */
export interface ChannelTrouble {
  readonly code: string;
  readonly first: number;
  readonly runs: number;
}

/**
 * What each channel has been told, by its name. A delivery is recorded only after the service accepted it, so a process
 * that dies in between tells the same news again, under the same id, and never loses any.
 */
export interface Outbox {
  /** Of these news keys, those that this channel has not been told. */
  undelivered(channel: string, news: readonly string[]): readonly string[];
  delivered(channel: string, delivery: NewDelivery): void;
  /** What the channel was told, with when it was told, or reminded of it, last; milliseconds since 1970. */
  told(channel: string): ReadonlyMap<string, number>;
  reminded(channel: string, news: readonly string[], now: number): void;
  /** What the channel was told, is over, and has not been told as over. */
  closings(channel: string): readonly Closing[];
  closed(channel: string, news: readonly string[], now: number): void;
  receipt(channel: string, news: string): string | undefined;
  /** As if no channel had been told: for news that is not of the fleet. */
  forget(news: string): void;
  /** Has the channel had its first message about this repository? */
  hasBaseline(channel: string, repository: string): boolean;
  recordBaseline(channel: string, repository: string, now: number): void;
  /** The period (`2026-W47`, `2026-11-21`) in which the channel last got a batch of this kind. */
  window(channel: string, kind: string): string | undefined;
  openWindow(channel: string, kind: string, period: string): void;
  trouble(channel: string): ChannelTrouble | undefined;
  /** Counts this run as one in which the channel took nothing. */
  failed(channel: string, code: string, now: number): ChannelTrouble;
  recovered(channel: string): void;
}

/** The outbox, in tables of the state: {@link Outbox} says what each method means. */
export class SqliteOutbox implements Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  undelivered(channel: string, news: readonly string[]): readonly string[] {
    const told = this.told(channel);
    return news.filter((key) => !told.has(key));
  }

  delivered(channel: string, { news, receipt, now }: NewDelivery): void {
    this.#database.transaction(() => {
      const statement = this.#database.prepare(
        "insert into delivery (news, channel, state, tries, message, delivered) values (?, ?, 'delivered', 1, ?, ?) on conflict do update set state = 'delivered', tries = tries + 1, message = excluded.message, delivered = excluded.delivered, closing = null, reminded = null",
      );
      for (const key of news) statement.run(key, channel, receipt ?? null, now);
    });
  }

  told(channel: string): ReadonlyMap<string, number> {
    const rows = this.#database.all(
      "select news, max(delivered, coalesce(reminded, 0)) as last from delivery where channel = ? and state = 'delivered'",
      channel,
    );
    return new Map(rows.map((row) => [String(row['news']), Number(row['last'])]));
  }

  reminded(channel: string, news: readonly string[], now: number): void {
    this.#mark('reminded', channel, news, now);
  }

  closings(channel: string): readonly Closing[] {
    const rows = this.#database.all(
      `select news, class, reference, message, news.closed, not exists (
         select 1 from delivery as other join news as open on open.key = other.news
         where other.channel = delivery.channel and other.message = delivery.message and open.closed is null
       ) as whole
       from delivery join news on news.key = delivery.news
       where channel = ? and state = 'delivered' and closed is not null and closing is null
       order by reference, class, news`,
      channel,
    );
    return rows.map((row) => ({
      news: String(row['news']),
      class: String(row['class']) as NewsClass,
      reference: String(row['reference']),
      ...(row['message'] !== null && { receipt: String(row['message']) }),
      closed: Number(row['closed']),
      isWhole: row['whole'] === 1,
    }));
  }

  closed(channel: string, news: readonly string[], now: number): void {
    this.#mark('closing', channel, news, now);
  }

  receipt(channel: string, news: string): string | undefined {
    const [row] = this.#database.all('select message from delivery where channel = ? and news = ?', channel, news);
    return row?.['message'] == null ? undefined : String(row['message']);
  }

  forget(news: string): void {
    this.#database.run('delete from delivery where news = ?', news);
  }

  hasBaseline(channel: string, repository: string): boolean {
    const found = this.#database.all(
      'select 1 from baseline where channel = ? and repository = ?',
      channel,
      repository,
    );
    return found.length > 0;
  }

  recordBaseline(channel: string, repository: string, now: number): void {
    this.#database.run(
      'insert into baseline (channel, repository, told) values (?, ?, ?) on conflict do nothing',
      channel,
      repository,
      now,
    );
  }

  window(channel: string, kind: string): string | undefined {
    const [row] = this.#database.all('select period from window where channel = ? and kind = ?', channel, kind);
    return row && String(row['period']);
  }

  openWindow(channel: string, kind: string, period: string): void {
    this.#database.run(
      'insert into window (channel, kind, period) values (?, ?, ?) on conflict do update set period = excluded.period',
      channel,
      kind,
      period,
    );
  }

  trouble(channel: string): ChannelTrouble | undefined {
    const [row] = this.#database.all('select code, first, runs from trouble where channel = ?', channel);
    return row && { code: String(row['code']), first: Number(row['first']), runs: Number(row['runs']) };
  }

  failed(channel: string, code: string, now: number): ChannelTrouble {
    this.#database.run(
      'insert into trouble (channel, code, first, runs) values (?, ?, ?, 1) on conflict do update set code = excluded.code, runs = runs + 1',
      channel,
      code,
      now,
    );
    return this.trouble(channel) ?? { code, first: now, runs: 1 };
  }

  recovered(channel: string): void {
    this.#database.run('delete from trouble where channel = ?', channel);
  }

  #mark(column: 'reminded' | 'closing', channel: string, news: readonly string[], now: number): void {
    this.#database.transaction(() => {
      const statement = this.#database.prepare(`update delivery set ${column} = ? where channel = ? and news = ?`);
      for (const key of news) statement.run(now, channel, key);
    });
  }
}

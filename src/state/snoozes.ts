import type { Database } from './database.ts';

/** What is not to be told or proposed for a while: an image (glob over references), a digest, or one news key. */
export interface Snooze {
  readonly kind: 'image' | 'digest' | 'news';
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What nobody wants to hear of for a while. Times are milliseconds since 1970. */
export interface Snoozes {
  /** Those that hold at this time, the first to end first. */
  active(now: number): Promise<readonly Snooze[]>;
  /** A second one for the same thing replaces the first; one that has ended already takes it away. */
  add(snoozes: readonly Snooze[], now: number): Promise<void>;
}

/** Snoozes in the table `snooze`. */
export function snoozesIn(database: Database): Snoozes {
  return {
    active: async (now) => {
      const sql = 'select kind, value, until from snooze where until > ? order by until, kind, value';
      const rows = await database.ask(sql, now);
      return rows.map((row) => ({
        kind: String(row['kind']) as Snooze['kind'],
        value: String(row['value']),
        until: Number(row['until']),
      }));
    },
    add: (snoozes, now) =>
      database.transaction((inside) =>
        inside.each(
          snoozes,
          `insert into snooze (kind, value, until, created) values (?, ?, ?, ?)
           on conflict (kind, value) do update set until = excluded.until, created = excluded.created`,
          ({ kind, value, until }) => [kind, value, until, now],
        ),
      ),
  };
}

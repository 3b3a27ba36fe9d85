import type { Digest } from '../core/image/digest.ts';
import type { RebuildOutcome, RebuildRequest } from '../core/image/rebuild.ts';
import type { Database, Value } from './database.ts';

/** A rebuild that is to be asked for. */
export type NewRebuild = Pick<RebuildRequest, 'image' | 'base' | 'was' | 'brings' | 'correlation' | 'at' | 'timeout'>;

/** Rebuilds that were asked for, and what came of it: written before anybody is asked. */
export interface Rebuilds {
  begin(request: NewRebuild): Promise<number>;
  /** The builder has heard of it. Milliseconds since 1970, as all times here. */
  sent(number: number, sent: { readonly at: number; readonly url?: string }): Promise<void>;
  end(
    number: number,
    end: { readonly outcome: RebuildOutcome; readonly reason: string; readonly at: number },
  ): Promise<void>;
  /** Those of these images, and whichever were asked for since then; the oldest first. */
  list(images: readonly string[], since: number): Promise<readonly RebuildRequest[]>;
  /** What has ended and nobody has been told of. */
  untold(): Promise<readonly RebuildRequest[]>;
  told(numbers: readonly number[], at: number): Promise<void>;
  /** Lets what failed be tried again: of these images; of all where none is given. Which. */
  clear(images: readonly string[] | undefined, at: number): Promise<readonly string[]>;
}

const among = 'image in (select value from json_each(?))';

/** In the table `rebuild`. */
export function rebuildsIn(database: Database): Rebuilds {
  const all = async (sql: string, ...values: Value[]): Promise<readonly RebuildRequest[]> =>
    (await database.ask(sql, ...values)).map(toRequest);
  return {
    begin: async ({ image, base, was, brings, correlation, at, timeout }) => {
      const sql = `insert into rebuild (image, base, was, brings, correlation, at, timeout)
        values (?, ?, ?, ?, ?, ?, ?) returning id`;
      const [row] = await database.ask(sql, image, base, was, brings, correlation, at, timeout);
      return Number(row?.['id']);
    },
    sent: (number, { at, url = null }) =>
      database.change('update rebuild set sent = ?, url = ? where id = ?', at, url, number),
    end: (number, { outcome, reason, at }) =>
      database.change(
        'update rebuild set ended = ?, outcome = ?, reason = ? where id = ?',
        at,
        outcome,
        reason,
        number,
      ),
    list: (images, since) => all(`select * from rebuild where at > ? or ${among} order by at, id`, since, images),
    untold: () => all('select * from rebuild where told is null and ended is not null order by id'),
    told: (numbers, at) =>
      database.change('update rebuild set told = ? where id in (select value from json_each(?))', at, numbers),
    clear: async (images, at) => {
      const sql = `update rebuild set cleared = ? where cleared is null and outcome in ('failed', 'timed-out')`;
      const rows =
        images === undefined
          ? await database.ask(`${sql} returning image`, at)
          : await database.ask(`${sql} and ${among} returning image`, at, images);
      return [...new Set(rows.map((row) => String(row['image'])))].sort();
    },
  };
}

function toRequest(row: Record<string, unknown>): RebuildRequest {
  return {
    number: Number(row['id']),
    image: String(row['image']),
    base: String(row['base']) as Digest,
    was: String(row['was']) as Digest,
    brings: String(row['brings']),
    correlation: String(row['correlation']),
    at: Number(row['at']),
    timeout: Number(row['timeout']),
    ...(row['sent'] !== null && { sent: Number(row['sent']) }),
    ...(row['url'] !== null && { url: String(row['url']) }),
    ...(row['ended'] !== null && { ended: Number(row['ended']), outcome: String(row['outcome']) as RebuildOutcome }),
    reason: String(row['reason']),
    isCleared: row['cleared'] !== null,
  };
}

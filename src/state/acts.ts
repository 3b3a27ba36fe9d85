import type { Digest } from '../core/image/digest.ts';
import type { Workload } from '../core/place.ts';
import type { RedeployOutcome } from '../core/redeploy.ts';
import type { Database, Value } from './database.ts';

/** A workload that is to be moved. */
export interface NewAct {
  /** Its identity: that of its finding. */
  readonly id: string;
  readonly workload: Workload;
  /** Key of the image that it runs. */
  readonly reference: string;
  readonly from: Digest | null;
  /** What is pulled, and the platform's manifest in it. */
  readonly to: { readonly root: Digest; readonly manifest: Digest };
  /** Milliseconds since 1970, as all times here. */
  readonly at: number;
}

/** What became of it; `rolled-back`: a person took it back later, and what was left is marked as failed. */
export type ActOutcome = Exclude<RedeployOutcome['outcome'], 'planned'> | 'rolled-back';

/** A move, as it is remembered. */
export interface Act extends Omit<NewAct, 'at'> {
  readonly number: number;
  readonly began: number;
  /** Absent with the outcome: a process that died, or is still at it. */
  readonly ended?: number;
  readonly outcome?: ActOutcome;
  readonly reason: string;
  /** What it brought, as people are told: `security`. */
  readonly class: string;
  /** Somebody allowed what failed to be tried again. */
  readonly isCleared: boolean;
}

/** What was done to workloads, and what came of it: written before it begins. */
export interface Acts {
  begin(act: NewAct & { readonly class: string }): Promise<number>;
  end(
    number: number,
    end: { readonly outcome: ActOutcome; readonly reason: string; readonly at: number },
  ): Promise<void>;
  /** The newest first; before a number, where one is given. */
  list(most: number, before?: number): Promise<readonly Act[]>;
  /** How many there are of each outcome; what is under way counts as none. */
  counts(): Promise<ReadonlyMap<string, number>>;
  /** Digests that were put back and not cleared since, each with where; and workloads on which the last two were. */
  failed(): Promise<ReadonlyMap<string, string>>;
  /** What has ended and nobody has been told of. */
  untold(): Promise<readonly Act[]>;
  told(numbers: readonly number[], at: number): Promise<void>;
  /** Lets what failed be tried again: of these digests or identities of workloads; of everything where none is given. How many. */
  clear(keys: readonly string[] | undefined, at: number): Promise<number>;
}

/** In the table `act`. */
export function actsIn(database: Database): Acts {
  const all = async (sql: string, ...values: Value[]): Promise<readonly Act[]> =>
    (await database.ask(sql, ...values)).map(toAct);
  return {
    begin: async ({ id, workload, reference, from, to, at, class: kind }) => {
      const [row] = await database.ask(
        `insert into act (workload, described, reference, class, from_digest, to_digest, manifest, began)
         values (?, ?, ?, ?, ?, ?, ?, ?) returning id`,
        id,
        JSON.stringify(workload),
        reference,
        kind,
        from,
        to.root,
        to.manifest,
        at,
      );
      return Number(row?.['id']);
    },
    end: (number, { outcome, reason, at }) =>
      database.change('update act set ended = ?, outcome = ?, reason = ? where id = ?', at, outcome, reason, number),
    list: (most, before = Number.MAX_SAFE_INTEGER) =>
      all('select * from act where id < ? order by id desc limit ?', before, most),
    counts: async () => {
      const sql = 'select outcome, count(*) as number from act where outcome is not null group by outcome';
      return new Map((await database.ask(sql)).map((row) => [String(row['outcome']), Number(row['number'])]));
    },
    failed: async () => {
      const acts = await all(
        `select * from act where cleared is null and outcome in ('undone', 'rolled-back', 'moved') order by id`,
      );
      const failed = new Map<string, string>();
      const last = new Map<string, Act>();
      for (const act of acts) {
        const { id, workload, to, outcome } = act;
        if (outcome === 'moved') {
          last.delete(id);
          continue;
        }
        const where = `${workload.engine}/${workload.name}: ${act.reason || 'it did not come up'}`;
        for (const digest of [to.root, to.manifest]) failed.set(digest, where);
        const before = last.get(id);
        if (before !== undefined && before.to.manifest !== to.manifest) {
          failed.set(id, 'two digests in a row were put back here; it is only watched until "plimsoll retry"');
        }
        last.set(id, act);
      }
      return failed;
    },
    untold: () => all('select * from act where told is null and ended is not null order by id'),
    told: (numbers, at) =>
      database.change('update act set told = ? where id in (select value from json_each(?))', at, numbers),
    clear: async (keys, at) => {
      const among =
        keys === undefined
          ? ''
          : 'and (workload in (select value from json_each(?2)) or to_digest in (select value from json_each(?2)) or manifest in (select value from json_each(?2)))';
      const sql = `update act set cleared = ?1 where cleared is null and outcome in ('undone', 'rolled-back') ${among} returning id`;
      return (await database.ask(sql, at, ...(keys === undefined ? [] : [keys]))).length;
    },
  };
}

function toAct(row: Record<string, unknown>): Act {
  return {
    number: Number(row['id']),
    id: String(row['workload']),
    workload: JSON.parse(String(row['described'])) as Workload,
    reference: String(row['reference']),
    class: String(row['class']),
    from: row['from_digest'] === null ? null : (String(row['from_digest']) as Digest),
    to: { root: String(row['to_digest']) as Digest, manifest: String(row['manifest']) as Digest },
    began: Number(row['began']),
    ...(row['ended'] !== null && { ended: Number(row['ended']), outcome: String(row['outcome']) as ActOutcome }),
    reason: String(row['reason']),
    isCleared: row['cleared'] !== null,
  };
}

import type { Database } from '../database.ts';
import { clock, type EndedPart, type PartCounts, type Phase, phases, type SeenWorker, toEnded } from './shared-run.ts';

/** How far a run is that several processes make. */
export interface PartsOfRun {
  readonly phase: Phase | 'done';
  readonly counts: Readonly<Record<Phase, PartCounts>>;
  /** Those that nobody came to an end with, and why. */
  readonly failed: readonly Pick<EndedPart, 'phase' | 'number' | 'reason'>[];
}

/** What waits for workers. */
export interface WaitingParts {
  readonly phase: Phase;
  /** `begun`: somebody has taken it. */
  readonly state: 'waiting' | 'begun';
  readonly parts: number;
  /** Seconds for which the oldest of them has waited, or been under way. */
  readonly oldest: number;
}

/** What is seen of runs that several processes make. */
export interface SharedFacts {
  /** undefined: one process has made it, or it is not known. */
  parts(run: number): Promise<PartsOfRun | undefined>;
  waiting(): Promise<readonly WaitingParts[]>;
  /** Those that said a moment ago that they are there. */
  workers(): Promise<readonly SeenWorker[]>;
}

/** Workers say that they are there every few seconds; milliseconds. */
const aliveFor = 20_000;

/** From the tables of shared runs. */
export function sharedFactsIn(database: Pick<Database, 'ask'>): SharedFacts {
  return {
    parts: async (run) => {
      const [shared] = await database.ask('select phase from shared_run where run = ?', run);
      if (shared === undefined) return undefined;
      const rows = await database.ask(
        'select phase, state, count(*) as parts from part where run = ? group by phase, state',
        run,
      );
      const of = (phase: Phase, state: string): number =>
        Number(rows.find((row) => row['phase'] === phase && row['state'] === state)?.['parts'] ?? 0);
      const failed = await database.ask(
        "select * from part where run = ? and state = 'failed' order by made, number limit 100",
        run,
      );
      return {
        phase: String(shared['phase']) as Phase | 'done',
        counts: Object.fromEntries(
          phases.map((phase) => [
            phase,
            { open: of(phase, 'open'), done: of(phase, 'done'), failed: of(phase, 'failed') },
          ]),
        ) as Record<Phase, PartCounts>,
        failed: failed.map(toEnded),
      };
    },
    waiting: async () => {
      const rows = await database.ask(
        `select part.phase, part.began is not null as begun, count(*) as parts,
           (${clock} - min(coalesce(part.began, part.made))) / 1000.0 as oldest
         from part join shared_run using (run)
         where part.state = 'open' and shared_run.phase <> 'done' group by part.phase, part.began is not null order by 1, 2`,
      );
      return rows.map((row) => ({
        phase: String(row['phase']) as Phase,
        state: row['begun'] === true ? 'begun' : 'waiting',
        parts: Number(row['parts']),
        oldest: Number(row['oldest']),
      }));
    },
    workers: async () => {
      const rows = await database.ask(`select * from worker where seen >= ${clock} - ? order by name`, aliveFor);
      return rows.map((row) => ({
        name: String(row['name']),
        config: String(row['config']),
        serves: JSON.parse(String(row['serves'])) as string[],
        host: String(row['host']),
        seen: Number(row['seen']),
      }));
    },
  };
}

import { limits } from '../core/limits/limits.ts';
import type { StoredRun } from '../state/store.ts';

/** The bounds of the buckets for how long runs take; seconds. */
export const durationBounds = [1, 5, 15, 60, 300, 900, 1800, limits.serve.run.most / 1000] as const;

/** What has happened since the process began. Every sum only grows, as counters of Prometheus do. */
export class Counts {
  /** Calls of hooks, by `source result`. */
  readonly hooks = new Map<string, number>();
  /** Runs that have ended, by `trigger outcome`. */
  readonly runs = new Map<string, number>();
  /** Requests of those runs, by what they were for. */
  readonly requests = new Map<string, number>();
  countedPulls = 0;
  /** How many of those runs took no longer than each bound, how many there were, and how long all took; seconds. */
  readonly durations = { within: durationBounds.map(() => 0), count: 0, sum: 0 };

  hook(source: string, result: string): void {
    add(this.hooks, `${source} ${result}`, 1);
  }

  run({ trigger, outcome, begunAt, finishedAt, cost }: StoredRun): void {
    add(this.runs, `${trigger} ${outcome ?? 'failed'}`, 1);
    for (const destination of ['registry', 'archive', 'advisory', 'forge'] as const) {
      add(this.requests, destination, cost?.[destination]?.requests ?? 0);
    }
    this.countedPulls += cost?.countedPulls ?? 0;
    if (begunAt === undefined || finishedAt === undefined) return;
    const seconds = Math.max(0, (finishedAt - begunAt) / 1000);
    const { within } = this.durations;
    for (const [index, bound] of durationBounds.entries())
      if (seconds <= bound) within[index] = (within[index] ?? 0) + 1;
    this.durations.count += 1;
    this.durations.sum += seconds;
  }
}

function add(sums: Map<string, number>, key: string, more: number): void {
  sums.set(key, (sums.get(key) ?? 0) + more);
}

import type { RunRecord } from '../core/record.ts';
import type { Cost } from '../http/cost.ts';

/** What a run has cost, as its record says it. */
export function costReport(cost: Cost): RunRecord['cost'] {
  const { registry, archive, advisory } = cost;
  const sum = (pick: (tally: { requests: number; bytes: number }) => number): number =>
    [registry, archive, advisory].map(pick).reduce((a, b) => a + b);
  return {
    requests: sum((tally) => tally.requests),
    countedPulls: cost.countedPulls,
    bytes: sum((tally) => tally.bytes),
    cacheHits: cost.cacheHits,
    registry: { ...registry },
    archive: { ...archive },
    advisory: { ...advisory },
    rateLimit: Object.fromEntries(cost.rateLimit),
  };
}

import type { CostReport } from '../core/run-record.ts';
import type { Cost } from '../http/cost.ts';

/** What a run has cost, as its record says it. */
export function costReport(cost: Cost): CostReport {
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

/** The same after a forge was asked as well. */
export function withForge(cost: CostReport, requests: number): CostReport {
  return {
    ...cost,
    requests: cost.requests + requests,
    forge: { requests: (cost.forge?.requests ?? 0) + requests },
  };
}

/** Whom a request is for; each has its own line in the cost of a run. */
export type Destination = 'registry' | 'archive' | 'advisory';

/** Requests, and bytes of bodies as they were sent. */
export interface Tally {
  requests: number;
  bytes: number;
}

/** What a run has cost so far. Every attempt counts, also failed ones and redirects: that is what the other side counts. */
export class Cost {
  readonly registry: Tally = { requests: 0, bytes: 0 };
  readonly archive: Tally = { requests: 0, bytes: 0 };
  readonly advisory: Tally = { requests: 0, bytes: 0 };
  /** Manifest GETs: what Docker Hub counts as a pull. */
  countedPulls = 0;
  cacheHits = 0;
  /** The last `ratelimit-limit` and `ratelimit-remaining` each registry sent. */
  readonly rateLimit = new Map<string, { limit: number; remaining: number }>();
}

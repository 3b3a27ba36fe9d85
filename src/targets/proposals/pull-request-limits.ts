import type { FindingClass } from '../../core/finding.ts';

/** How many pull requests a repository is asked to bear. */
export interface Limits {
  readonly open: number;
  readonly perRun: number;
  /** For `security` and `pin-broken`, counted for themselves. */
  readonly security: { readonly open: number; readonly perRun: number };
}

export const defaultLimits: Limits = { open: 10, perRun: 3, security: { open: 20, perRun: 5 } };

/** Nobody wants to meet us by twenty pull requests. */
const firstRun = 3;

/** Counts one repository's pull requests during a run. */
export class ProposalCounter {
  readonly #limits: Limits;
  readonly #open = { urgent: 0, other: 0 };
  readonly #made = { urgent: 0, other: 0 };
  readonly #isFirst: boolean;

  /** `open`: the classes of the pull requests that are open; `isFirst`: there never was one. */
  constructor(limits: Limits, open: readonly (FindingClass | undefined)[], isFirst: boolean) {
    this.#limits = limits;
    this.#isFirst = isFirst;
    for (const kind of open) this.#open[bucket(kind)]++;
  }

  hasRoomFor(kind: FindingClass): boolean {
    const own = bucket(kind);
    const { open, perRun } = own === 'urgent' ? this.#limits.security : this.#limits;
    if (this.#isFirst && this.#made.urgent + this.#made.other >= firstRun) return false;
    return this.#open[own] < open && this.#made[own] < perRun;
  }

  made(kind: FindingClass): void {
    this.#open[bucket(kind)]++;
    this.#made[bucket(kind)]++;
  }

  closed(kind: FindingClass | undefined): void {
    this.#open[bucket(kind)]--;
  }
}

function bucket(kind: FindingClass | undefined): 'urgent' | 'other' {
  return kind === 'security' || kind === 'pin-broken' ? 'urgent' : 'other';
}

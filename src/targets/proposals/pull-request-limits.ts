import type { FindingClass } from '../../core/finding.ts';
import type { WantedProposal } from './wanted.ts';

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
  /** How many were made for each kind of file that is read for the first time. */
  readonly #ofNewFormats: Map<string, number>;

  /**
   * `open`: the classes of the pull requests that are open; `isFirst`: there never was one. `newFormats`: kinds of files that no run
   * before this one has read.
   */
  constructor(
    limits: Limits,
    open: readonly (FindingClass | undefined)[],
    { isFirst, newFormats }: { readonly isFirst: boolean; readonly newFormats: ReadonlySet<string> },
  ) {
    this.#limits = limits;
    this.#isFirst = isFirst;
    this.#ofNewFormats = new Map([...newFormats].map((format) => [format, 0]));
    for (const kind of open) this.#open[bucket(kind)]++;
  }

  hasRoomFor({ class: kind, formats }: Pick<WantedProposal, 'class' | 'formats'>): boolean {
    const own = bucket(kind);
    const { open, perRun } = own === 'urgent' ? this.#limits.security : this.#limits;
    if (this.#isFirst && this.#made.urgent + this.#made.other >= firstRun) return false;
    // What is urgent in a new kind of file does not wait behind what is not.
    const isMet = own === 'other' && formats.some((one) => (this.#ofNewFormats.get(one) ?? 0) >= firstRun);
    return !isMet && this.#open[own] < open && this.#made[own] < perRun;
  }

  made({ class: kind, formats }: Pick<WantedProposal, 'class' | 'formats'>): void {
    this.#open[bucket(kind)]++;
    this.#made[bucket(kind)]++;
    if (bucket(kind) === 'urgent') return;
    for (const one of formats) {
      const number = this.#ofNewFormats.get(one);
      if (number !== undefined) this.#ofNewFormats.set(one, number + 1);
    }
  }

  closed(kind: FindingClass | undefined): void {
    this.#open[bucket(kind)]--;
  }
}

function bucket(kind: FindingClass | undefined): 'urgent' | 'other' {
  return kind === 'security' || kind === 'pin-broken' ? 'urgent' : 'other';
}

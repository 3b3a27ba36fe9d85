import type { RateLimit } from './rate-limit.ts';

/** Left for everybody else who pulls with the same account or address. */
const reserve = 0.2;

/**
 * How many counted pulls a run may still make at one registry: four fifths of what was left when it first said so, and
 * never more than what it says is left now.
 */
export class PullBudget {
  #affordable: number | undefined;

  note({ remaining }: RateLimit): void {
    const most = Math.floor(remaining * (1 - reserve));
    this.#affordable = this.#affordable === undefined ? most : Math.min(this.#affordable, remaining);
  }

  /** undefined: the registry has named no limit. */
  get affordable(): number | undefined {
    return this.#affordable;
  }

  /** Takes one; false when none is left. */
  take(): boolean {
    if (this.#affordable === undefined) return true;
    if (this.#affordable === 0) return false;
    this.#affordable--;
    return true;
  }
}

/**
 * When the next request to a host may leave: at most so many a second, and none while the host wants to be left alone.
 * Times are monotonic milliseconds.
 */
export class Pace {
  readonly #interval: number;
  readonly #now: () => number;
  #next = 0;

  /** `rate` is requests per second; undefined: as fast as they come. */
  constructor(rate: number | undefined, now: () => number = () => performance.now()) {
    this.#interval = rate === undefined ? 0 : 1000 / rate;
    this.#now = now;
  }

  /** Takes the next place in the row; how long to wait for it. */
  take(): number {
    const now = this.#now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#interval;
    return at - now;
  }

  /** By how much such a wish would move the next request back; milliseconds. */
  added(milliseconds: number): number {
    return Math.max(0, this.#now() + milliseconds - Math.max(this.#next, this.#now()));
  }

  /** The host asked (by `Retry-After`) for this much quiet. */
  quiet(milliseconds: number): void {
    this.#next = Math.max(this.#next, this.#now() + milliseconds);
  }
}

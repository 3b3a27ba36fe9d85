import { limits } from '../core/limits/limits.ts';

/**
 * Keeps runs from asking a host that is down a thousand times: after some connection failures in a row every request
 * fails at once, and now and then one is let through to see. Any answer, also a refusal, says that the host is there.
 */
export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #hasAnswered = false;
  #opened = 0;
  #probing = false;
  #reason = '';

  /** `now` is monotonic, in milliseconds: a stopped wall clock must not keep a host down for ever. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Why the host is not asked now, in words, or undefined: then ask it, and report how that ended. */
  refusal(): string | undefined {
    if (this.#failures < (this.#hasAnswered ? limits.host.failures.most : limits.host.firstFailures.most))
      return undefined;
    if (!this.#probing && this.#now() >= this.#opened + limits.host.down.most) {
      this.#probing = true;
      return undefined;
    }
    return `not asked, because the host did not answer ${this.#failures} times in a row (${this.#reason})`;
  }

  /** Has the host ever answered? One that has not is waited for less. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  answered(): void {
    this.#hasAnswered = true;
    this.#failures = 0;
    this.#probing = false;
  }

  failed(reason: string): void {
    this.#failures++;
    this.#probing = false;
    this.#opened = this.#now();
    this.#reason = reason;
  }

  /** Another run begins: what was down a while ago may be up, and is asked as if it had never been asked before. */
  begin(): void {
    if (this.#now() >= this.#opened + limits.host.down.most) this.#failures = 0;
  }

  /** Ended for a reason that says nothing about the host. */
  undecided(): void {
    this.#probing = false;
  }
}

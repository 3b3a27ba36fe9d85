/**
 * Lets at most `width` holders in at a time, first come first served. When the signal of somebody who waits aborts, they are
 * turned away with its reason; there is then nothing to leave.
 */
export class Gate {
  readonly #width: number;
  #inside = 0;
  #waiting: Waiting[] = [];
  /** One listener for all who wait with a signal: a run has thousands of requests, and every one would add its own. */
  readonly #heard = new WeakSet<AbortSignal>();

  constructor(width: number) {
    this.#width = width;
  }

  async enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#inside < this.#width) {
      this.#inside++;
      return;
    }
    if (signal !== undefined && !this.#heard.has(signal)) {
      this.#heard.add(signal);
      signal.addEventListener('abort', () => this.#refuse(signal), { once: true });
    }
    await new Promise<void>((enter, refuse) => this.#waiting.push({ enter, refuse, signal }));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next.enter();
    else this.#inside--;
  }

  #refuse(signal: AbortSignal): void {
    const refused = this.#waiting.filter((one) => one.signal === signal);
    this.#waiting = this.#waiting.filter((one) => one.signal !== signal);
    for (const { refuse } of refused) refuse(signal.reason);
  }
}

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (reason: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

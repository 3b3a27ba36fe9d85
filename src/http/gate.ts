/**
 * Lets at most `width` holders in at a time, first come first served. When the signal aborts, everybody who waits is
 * turned away with its reason; there is then nothing to leave.
 */
export class Gate {
  readonly #width: number;
  readonly #signal: AbortSignal | undefined;
  #inside = 0;
  #waiting: { readonly enter: () => void; readonly refuse: (reason: unknown) => void }[] = [];

  constructor(width: number, signal?: AbortSignal) {
    this.#width = width;
    this.#signal = signal;
    signal?.addEventListener('abort', () => this.#refuseAll(), { once: true });
  }

  async enter(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (this.#inside < this.#width) {
      this.#inside++;
      return;
    }
    await new Promise<void>((enter, refuse) => this.#waiting.push({ enter, refuse }));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next.enter();
    else this.#inside--;
  }

  #refuseAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { refuse } of waiting) refuse(this.#signal?.reason);
  }
}

/**
 * Who may pull first where pulls are counted: pins that moved, then bases of package pins, then what may lag behind
 * pinned and unpinned. The first phase never waits; a later one waits until everything of the earlier ones is done.
 */
const phases = ['moved', 'package pins', 'lagging pins', 'lagging tags'] as const;
export type Phase = (typeof phases)[number];

/** The turns of one run: phases are announced, and each waits for the announced ones before it. */
export class PullOrder {
  readonly #open = new Map<Phase, number>();
  #waiting: { readonly phase: Phase; readonly go: () => void }[] = [];
  #complete = false;

  /** Announces work; every announcement needs its `done`. */
  announce(phase: Phase): void {
    this.#open.set(phase, (this.#open.get(phase) ?? 0) + 1);
  }

  done(phase: Phase): void {
    this.#open.set(phase, (this.#open.get(phase) ?? 0) - 1);
    this.#wake();
  }

  /** Everything has been announced. */
  close(): void {
    this.#complete = true;
    this.#wake();
  }

  /** Resolves when it is this phase's turn. */
  turnOf(phase: Phase): Promise<void> {
    if (this.#mayGo(phase)) return Promise.resolve();
    return new Promise((go) => {
      this.#waiting.push({ phase, go });
    });
  }

  #mayGo(phase: Phase): boolean {
    const earlier = phases.slice(0, phases.indexOf(phase));
    return earlier.length === 0 || (this.#complete && earlier.every((one) => (this.#open.get(one) ?? 0) === 0));
  }

  #wake(): void {
    const ready = this.#waiting.filter(({ phase }) => this.#mayGo(phase));
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const { go } of ready) go();
  }
}

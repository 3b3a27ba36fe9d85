import { isTurnOver, nextTurn } from './turns.ts';

/** What begins when the last of what it needs has ended. */
interface Waiting<I> {
  readonly item: I;
  /** Its place among the results. */
  readonly at: number;
  left: number;
}

/**
 * Does some work for each item as soon as all that it needs has ended, while others still wait. Tens of thousands of items
 * wait at once for a few hundred answers that they share: each is one entry of a list, since a promise of its own, with all
 * that waits for that, is kilobytes.
 */
export class WaitingWork<I, T> {
  readonly #work: (item: I) => Promise<T>;
  readonly #waiting = new Map<Promise<unknown>, Waiting<I>[]>();
  readonly #results: T[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #added = 0;
  #done = 0;
  #isWhole = false;

  constructor(work: (item: I) => Promise<T>) {
    this.#work = work;
    // Whatever goes wrong meanwhile (a state that cannot be read) is met where it is waited for.
    this.#ended.promise.catch(() => undefined);
  }

  /** However they end: what has become of what it needs is for the work to find out. */
  add(item: I, needs: Iterable<Promise<unknown>>): void {
    const distinct = new Set(needs);
    const one: Waiting<I> = { item, at: this.#added++, left: distinct.size };
    if (one.left === 0) this.#begin(one);
    for (const need of distinct) {
      const others = this.#waiting.get(need);
      if (others !== undefined) {
        others.push(one);
        continue;
      }
      this.#waiting.set(need, [one]);
      const end = (): void => void this.#end(need);
      need.then(end, end);
    }
  }

  /** The results in the order of their items, when nothing is added any more. Rejects as the first of them that failed. */
  async all(): Promise<readonly T[]> {
    this.#isWhole = true;
    this.#endWhenDone();
    await this.#ended.promise;
    return this.#results;
  }

  async #end(need: Promise<unknown>): Promise<void> {
    const waiting = this.#waiting.get(need) ?? [];
    this.#waiting.delete(need);
    // Who has an answer asks the next question first: a server that waits for one costs more time than this.
    await nextTurn();
    for (const one of waiting) {
      if (--one.left > 0) continue;
      if (isTurnOver()) await nextTurn();
      this.#begin(one);
    }
  }

  #begin({ item, at }: Waiting<I>): void {
    const done = (result: T): void => {
      this.#results[at] = result;
      this.#done++;
      this.#endWhenDone();
    };
    this.#work(item).then(done, this.#ended.reject);
  }

  #endWhenDone(): void {
    if (this.#isWhole && this.#done === this.#added) this.#ended.resolve();
  }
}

/**
 * Work done once per key and shared by all who ask. Success is everybody's; a failure is only that of its owner, for
 * what one repository refuses another may serve. Of the results, those used last are kept, as long as they weigh no more
 * than `most` together: the others are only for those who waited for them.
 */
export class SharedWork<V> {
  /** Least recently used first. */
  readonly #known = new Map<string, Shared<V>>();
  readonly #most: number;
  readonly #weigh: (value: V) => number;
  #weight = 0;

  constructor(most: number = Number.POSITIVE_INFINITY, weigh: (value: V) => number = () => 1) {
    this.#most = most;
    this.#weigh = weigh;
  }

  async get(key: string, owner: string, make: () => Promise<V>): Promise<V> {
    for (;;) {
      const known = this.#known.get(key);
      if (known === undefined) {
        const shared: Shared<V> = { owner, work: make(), weight: 0 };
        this.#known.set(key, shared);
        const value = await shared.work;
        shared.weight = this.#weigh(value);
        this.#weight += shared.weight;
        this.#forget();
        return value;
      }
      try {
        const value = await known.work;
        if (this.#known.get(key) === known) {
          this.#known.delete(key);
          this.#known.set(key, known);
        }
        return value;
      } catch (error) {
        if (known.owner === owner) throw error;
        // Somebody else's trouble: the first who sees it makes room for an attempt of their own.
        if (this.#known.get(key) === known) this.#known.delete(key);
      }
    }
  }

  #forget(): void {
    for (const [key, { weight }] of this.#known) {
      if (this.#weight <= this.#most) return;
      // What weighs nothing is still being made.
      if (weight === 0) continue;
      this.#known.delete(key);
      this.#weight -= weight;
    }
  }
}

interface Shared<V> {
  readonly owner: string;
  readonly work: Promise<V>;
  weight: number;
}

/** Does a piece of work once per key; trouble is shared too: nobody asks a dead mirror once per image. */
export function once<V>(known: Map<string, Promise<V>>, key: string, make: () => Promise<V>): Promise<V> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/**
 * What follows from a value alone, made once for it: thousands of uses share the comparison of one image, which may have as
 * many rows. Found again by identity, and forgotten with the value.
 */
export function onceFor<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}

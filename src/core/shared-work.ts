/**
 * Work done once per key and shared by all who ask. Success is everybody's; a failure is only that of its owner, for
 * what one repository refuses another may serve. A result that is not worth its memory is only for those who waited for it.
 */
export class SharedWork<V> {
  readonly #known = new Map<string, { readonly owner: string; readonly work: Promise<V> }>();
  readonly #isKept: (value: V) => boolean;

  constructor(isKept: (value: V) => boolean = () => true) {
    this.#isKept = isKept;
  }

  async get(key: string, owner: string, make: () => Promise<V>): Promise<V> {
    for (;;) {
      const known = this.#known.get(key);
      if (known === undefined) {
        const work = make();
        this.#known.set(key, { owner, work });
        const value = await work;
        if (!this.#isKept(value)) this.#known.delete(key);
        return value;
      }
      try {
        return await known.work;
      } catch (error) {
        if (known.owner === owner) throw error;
        // Somebody else's trouble: the first who sees it makes room for an attempt of their own.
        if (this.#known.get(key) === known) this.#known.delete(key);
      }
    }
  }
}

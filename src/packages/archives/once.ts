/** Does a piece of work once per key; trouble is shared too: nobody asks a dead mirror once per image. */
export function once<V>(known: Map<string, Promise<V>>, key: string, make: () => Promise<V>): Promise<V> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

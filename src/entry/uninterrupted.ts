/** Work under way that a signal waits for. */
const underWay = new Set<Promise<unknown>>();

/** Does work that must come to an end of its own: an engine in the middle of replacing a container. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  const done = work();
  underWay.add(done);
  try {
    return await done;
  } finally {
    underWay.delete(done);
  }
}

/** Resolves when nothing is under way any more; undefined when nothing is. */
export function workUnderWay(): Promise<unknown> | undefined {
  return underWay.size === 0 ? undefined : Promise.allSettled(underWay);
}

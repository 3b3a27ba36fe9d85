/**
 * Milliseconds of processor time that some work takes in this process, with its threads for compression and files, as the
 * machine of the bars would take them. On a busy machine the clock on the wall judges the machine; this judges the work.
 */
export async function cpuTime(work: () => unknown): Promise<number> {
  const slownessBefore = slowness();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / Math.max(slownessBefore, slowness());
}

/** Milliseconds of processor time of the thread that asks, since it began. */
export function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** What `yardstick` takes on the machine that the bars were set on, in milliseconds. */
const nominal = 20;

let known: { readonly at: number; readonly times: number } | undefined;

/**
 * How many times slower than the machine of the bars this one is just now, at least 1: processor time grows, too, where
 * others share a core, its caches or its power.
 */
export function slowness(): number {
  if (known !== undefined && threadTime() - known.at < 300) return known.times;
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3; tries++) {
    const before = threadTime();
    yardstick();
    best = Math.min(best, threadTime() - before);
  }
  known = { at: threadTime(), times: Math.max(1, best / nominal) };
  return known.times;
}

/** A little of what the work under test is made of: strings, a map, sorting, memory that dies young. */
function yardstick(): number {
  const lengths = new Map<string, number>();
  for (let i = 0; i < 40_000; i++) {
    const text = `package-${(i * 7919) % 40_009}`;
    lengths.set(text, text.charCodeAt(text.length - 1) + (lengths.get(text) ?? 0));
  }
  return [...lengths.keys()].sort().length;
}

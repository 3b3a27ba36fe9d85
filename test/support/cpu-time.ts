/**
 * Milliseconds of processor time that some work takes in this process, with its threads for compression and files. On a
 * busy machine the clock on the wall judges the machine; this judges the work.
 */
export async function cpuTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

import { expect, it } from 'vitest';
import { type HostPlaces, PlacedHosts } from '../../src/http/placed-hosts.ts';

/** What processes agree on, without a database: who holds which place. */
function places(): { of(process: number): HostPlaces; free(process: number): void; held(): number } {
  const holders = new Map<string, number>();
  return {
    held: () => holders.size,
    free: (process) => {
      for (const [key, holder] of holders) if (holder === process) holders.delete(key);
    },
    of: (process) => ({
      take: async (host, width) => {
        await Promise.resolve();
        for (let place = 0; place < width; place++) {
          const key = `${host} ${place}`;
          if (holders.has(key)) continue;
          holders.set(key, process);
          return place;
        }
        return undefined;
      },
      give: async (host, place) => void holders.delete(`${host} ${place}`),
      lease: async () => 0,
    }),
  };
}

const pause = (milliseconds = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

it('lets no more requests be under way at a host than it has places, however many processes ask, and serves all', async () => {
  const shared = places();
  let [inside, most, done] = [0, 0, 0];
  const asking = Array.from({ length: 4 }, async (_, process) => {
    const gate = new PlacedHosts(shared.of(process)).gate('registry.test', 3);
    await Promise.all(
      Array.from({ length: 60 }, async (__, i) => {
        await gate.enter();
        most = Math.max(most, ++inside);
        await pause(i % 3);
        inside--;
        done++;
        gate.leave();
      }),
    );
  });
  await Promise.all(asking);
  expect([most, done]).toEqual([3, 240]);
  await expect.poll(shared.held, { timeout: 5000 }).toBe(0);
});

it('gives the place of a process that died to another, and turns away whoever is asked to stop', async () => {
  const shared = places();
  const dead = new PlacedHosts(shared.of(1)).gate('registry.test', 1);
  await dead.enter();
  const alive = new PlacedHosts(shared.of(2)).gate('registry.test', 1);
  const stop = new AbortController();
  const refused = new PlacedHosts(shared.of(3)).gate('registry.test', 1).enter(stop.signal);
  const waiting = alive.enter();
  stop.abort(new Error('stopped'));
  await expect(refused).rejects.toThrow('stopped');
  shared.free(1);
  await waiting;
  alive.leave();
});

it('says to everybody when nobody answers where the places are', async () => {
  const silent = { ...places().of(1), take: () => Promise.reject(new Error('it is away')) };
  const gate = new PlacedHosts(silent).gate('registry.test', 2);
  const all = await Promise.allSettled([gate.enter(), gate.enter(), gate.enter()]);
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});

it('takes ten starts at once of what all processes share, and hands each out once', async () => {
  const leased: number[] = [];
  const shared: HostPlaces = {
    ...places().of(1),
    // The first lease begins in a while, every other one behind it.
    lease: async (_, milliseconds) => 10_000 + (leased.push(milliseconds) - 1) * milliseconds,
  };
  const pace = new PlacedHosts(shared).pace('registry.test', 100);
  const waits = await Promise.all(Array.from({ length: 30 }, () => pace.take()));
  expect(leased).toEqual([100, 100, 100]);
  const ordered = [...waits].sort((a, b) => a - b);
  expect(new Set(ordered.map((wait) => Math.round((wait - (ordered[0] ?? 0)) / 10))).size).toBe(30);
});

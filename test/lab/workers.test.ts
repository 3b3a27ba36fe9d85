import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { type Machine, type Process, type SharedFleet, startSharedFleet } from './support/shared-fleet.ts';

/* Many processes over one state in PostgreSQL find, tell and cost what one process does, also while they are killed. */

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server?.remove());

let made = 0;
function address(): string {
  const database = `workers${++made}`;
  server.create(database);
  return server.login(database);
}

/** What differs between two runs about the same: when they were, and what a forge was asked. */
function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (typeof value !== 'object' || value === null) return value;
  const times = ['since', 'seen', 'checked', 'startedAt', 'finishedAt', 'lastRun', 'newestRun', 'cost'];
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (times.includes(key) ? [] : [[key, withoutTimes(one)]])),
  );
}

const json = (text: string): unknown => withoutTimes(JSON.parse(text));

/** Workers that are started again when they end, and of which one is killed now and then. */
function startWorkers(
  machine: Machine,
  number: number,
  killEvery?: number,
): { stop(): Promise<string>; kills: () => number } {
  let [names, kills, isOver] = [0, 0, false];
  const all: Process[] = [];
  const start = (): Process => {
    // One of them does more at once than it has connections for its questions.
    const more = ++names === 1 ? ['--concurrency', '8'] : [];
    const one = machine.start('worker', '--name', `w${names}`, ...more);
    all.push(one);
    return one;
  };
  const alive = Array.from({ length: number }, start);
  const again = setInterval(() => {
    for (const [index, { child }] of alive.entries()) {
      if (!isOver && (child.exitCode !== null || child.signalCode !== null)) alive[index] = start();
    }
  }, 200);
  const killing =
    killEvery === undefined
      ? undefined
      : setInterval(() => void alive[kills++ % number]?.child.kill('SIGKILL'), killEvery);
  return {
    kills: () => kills,
    stop: async () => {
      isOver = true;
      clearInterval(again);
      clearInterval(killing);
      for (const { child } of alive) child.kill('SIGTERM');
      await Promise.all(all.map(({ ended }) => ended));
      return all.map(({ stderr }) => stderr).join('');
    },
  };
}

/** Resolves when the first part of a run is over. */
async function begun(machine: Machine): Promise<void> {
  const database = new URL(machine.state).pathname.slice(1);
  const question = (text: string): number => Number(server.sql(database, text).trim());
  const isThere =
    "select count(*) from information_schema.tables where table_schema = 'plimsoll' and table_name = 'part'";
  const isDone = "select count(*) from plimsoll.part where state = 'done'";
  while (question(isThere) === 0 || question(isDone) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
}

describe.each([
  ['left alone', 200, 100, {}],
  [
    'of which one is killed every two seconds',
    process.env['LAB_LONG'] ? 2000 : 600,
    process.env['LAB_LONG'] ? 600 : 200,
    { killEvery: 2000 },
  ],
  ['while PostgreSQL is stopped and started as well', 2000, 600, { killEvery: 2000, restart: true }],
] as const)('three workers, %s', (_, repositories, images, how: { killEvery?: number; restart?: boolean }) => {
  let fleet: SharedFleet;
  beforeAll(async () => {
    fleet = await startSharedFleet(repositories, images);
  }, 120_000);
  afterAll(() => fleet?.close());

  it('find and tell what one process does, for the same requests', async () => {
    const alone = fleet.machine('alone', `${fleet.folder}/alone.db`);
    const single = await alone.run('run');
    expect([single.code, single.stderr]).toEqual([0, '']);
    const requests = fleet.registry.log.length;
    expect(fleet.told).toHaveLength(1);

    const shared = fleet.machine('shared', address());
    const workers = startWorkers(shared, 3, how.killEvery);
    const enqueued = shared.start('enqueue', '--wait', '--timeout', '8m');
    if (how.restart) {
      await begun(shared);
      server.stop('immediate');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      server.start();
    }
    expect([await enqueued.ended, enqueued.stderr.replace(/^warning: .*\n/gm, '')]).toEqual([0, '']);
    const said = await workers.stop();

    const [first, second, ...more] = fleet.told;
    expect(more).toEqual([]);
    // What people read; its times and its cost apart.
    expect(json(second?.text ?? '')).toEqual({ ...(json(first?.text ?? '') as object), id: expect.any(String) });
    const status = [await alone.run('status', '--format', 'json'), await shared.run('status', '--format', 'json')];
    expect(json(status[1]?.stdout ?? '')).toEqual(json(status[0]?.stdout ?? ''));
    const where = [
      await alone.run('where', 'p2', '--format', 'json'),
      await shared.run('where', 'p2', '--format', 'json'),
    ];
    expect(json(where[1]?.stdout ?? '')).toEqual(json(where[0]?.stdout ?? ''));
    expect(fleet.mostAtOnce()).toBeLessThanOrEqual(6);
    const again = fleet.registry.log.length - requests;
    expect(again).toBeGreaterThanOrEqual(requests);
    expect(again).toBeLessThanOrEqual(requests * 1.05);
    expect(said).not.toMatch(/given up/);
    if (how.killEvery !== undefined) expect(workers.kills()).toBeGreaterThan(3);

    // Another day: nothing has moved, and nobody is told.
    const quiet = startWorkers(shared, 3);
    const next = await shared.run('enqueue', '--wait', '--timeout', '8m');
    await quiet.stop();
    expect(next.code).toBe(0);
    expect(fleet.told).toHaveLength(2);
    const { runs } = JSON.parse((await shared.run('runs', '--format', 'json')).stdout) as { runs: { id: number }[] };
    const newest = await shared.run('runs', String(runs[0]?.id), '--format', 'json');
    const { parts } = JSON.parse(newest.stdout) as { parts: Record<string, { open: number; failed: number }> };
    expect(Object.values(parts).every(({ open, failed }) => open + failed === 0)).toBe(true);
  }, 600_000);
});

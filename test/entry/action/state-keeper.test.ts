import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger.ts';
import { type KeeperSettings, StateKeeper, stateRefs } from '../../../src/entry/action/state-keeper.ts';
import { openSqliteStore } from '../../../src/state/sqlite/sqlite.ts';
import type { Store } from '../../../src/state/store.ts';
import { temporaryTree } from '../../support/fleet.ts';
import { forgeFor } from '../../support/github/forge.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';

let github: GitHubServer;
let tree: { folder: string; remove: () => void };
let machines = 0;
beforeEach(async () => {
  github = await startGitHub();
  github.world.create('o/app', { Dockerfile: 'FROM scratch\n' });
  tree = temporaryTree({});
});
afterEach(async () => {
  tree.remove();
  await github.close();
  expect(github.faults).toEqual([]);
});
const repo = () => github.world.repos[0] ?? expect.fail('there is no repository');
const refs = () => [...repo().store.refs().keys()].filter((name) => name.includes('state'));
const news = (number: number): string => String(number).repeat(64);

const twice = JSON.stringify({
  version: 1,
  look: [],
  base_line: [],
  news: [],
  delivery: [],
  window: [
    ['ops', 'weekly', '2026-W01'],
    ['ops', 'weekly', '2026-W02'],
  ],
  baseline: [],
  snooze: [],
  trouble: [],
});

interface Job {
  readonly keeper: StateKeeper;
  readonly store: Store;
  end(): Promise<void>;
}

/** A job on a machine of its own, which has the state. */
async function startJob(more: Partial<KeeperSettings> = {}): Promise<Job> {
  const forge = forgeFor(github);
  const home = await forge.home('o/app', stateRefs);
  const file = path.join(tree.folder, `machine-${++machines}`, 'state.db');
  const keeper = new StateKeeper({
    file,
    cacheFolder: undefined,
    home,
    forge,
    now: () => 0,
    logger: silentLogger,
    ...more,
  });
  await keeper.open();
  const store = openSqliteStore(file, { readOnly: false });
  return {
    keeper,
    store,
    end: async () => {
      await keeper.close();
      await store.close();
    },
  };
}

async function untold(all: readonly string[], more: Partial<KeeperSettings> = {}): Promise<readonly string[]> {
  const { store, end } = await startJob(more);
  const { told } = await store.outbox.memoryOf('ops', []);
  const found = all.filter((one) => !told.has(one));
  await end();
  return found;
}

describe('a state that lives in the repository', () => {
  it('is one commit without parents, out of the way of branches, and there on the next machine', async () => {
    for (const number of [1, 2]) {
      const { store, end } = await startJob();
      await store.outbox.delivered('ops', { news: [news(number)], now: 1 });
      await end();
    }
    expect(refs()).toEqual(['refs/plimsoll/state']);
    expect(await untold([news(1), news(2), news(3)])).toEqual([news(3)]);
  });

  it('is saved while the job goes on, so that a killed one has told what it told', async () => {
    const killed = await startJob();
    await killed.store.outbox.delivered('ops', { news: [news(1)], now: 1 });
    killed.keeper.request();
    await expect.poll(refs).toEqual(['refs/plimsoll/state']);
    expect(await untold([news(1)])).toEqual([]);
    await killed.store.close();
  });

  it('loses nothing of jobs that run at the same time', async () => {
    const jobs = await Promise.all([1, 2, 3].map(() => startJob()));
    for (const [index, { store }] of jobs.entries()) {
      await store.outbox.delivered('ops', { news: [news(index)], now: 1 });
    }
    await Promise.all(jobs.map(({ end }) => end()));
    expect(jobs.flatMap(({ keeper }) => keeper.remarks)).toEqual([]);
    expect(await untold([news(0), news(1), news(2)])).toEqual([]);
  });

  it('is not written on a day on which nothing was told', async () => {
    const { store, end } = await startJob();
    await store.outbox.delivered('ops', { news: [news(1)], now: 1 });
    await end();
    const writes = github.writes().length;
    expect(await untold([news(1)])).toEqual([]);
    expect(github.writes()).toHaveLength(writes);
  });

  it('is a branch where nobody may move a ref of another kind', async () => {
    github.intercept = (_method, _path, body) =>
      body.includes('refs/plimsoll/state') && body.includes('mutation')
        ? {
            status: 200,
            body: { data: null, errors: [{ type: 'UNPROCESSABLE', message: 'refs/plimsoll is reserved' }] },
          }
        : undefined;
    for (const number of [1, 2]) {
      const { store, end, keeper } = await startJob();
      await store.outbox.delivered('ops', { news: [news(number)], now: 1 });
      await end();
      expect(keeper.remarks).toEqual([]);
    }
    expect(refs()).toEqual(['refs/heads/plimsoll-state']);
    expect(await untold([news(1), news(2)])).toEqual([]);
  });

  it('is in the cache when the repository may not be written, and says so once', async () => {
    repo().permissions.set('plimsoll[bot]', 'read');
    const cacheFolder = path.join(tree.folder, 'cache');
    const file = path.join(cacheFolder, 'state.json');
    const cached = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    const { store, end, keeper } = await startJob({ cacheFolder });
    for (const number of [1, 2]) {
      await store.outbox.delivered('ops', { news: [news(number)], now: 1 });
      keeper.request();
      await expect.poll(cached).toContain(news(number));
    }
    await end();
    expect(keeper.remarks).toEqual([expect.stringContaining('the state is kept in the cache only')]);
    expect(await untold([news(1), news(2), news(3)], { cacheFolder })).toEqual([news(3)]);
  });

  it('says that what it told is not kept anywhere, and lives on', async () => {
    const { store, end, keeper } = await startJob();
    await store.outbox.delivered('ops', { news: [news(1)], now: 1 });
    github.intercept = (method, target) =>
      method === 'post' && target.endsWith('/git/trees') ? { status: 500, body: { message: 'broken' } } : undefined;
    await end();
    expect(keeper.remarks).toEqual([expect.stringContaining('could not be kept')]);
  });

  it.each([
    ['damaged', 'not json', 'this run begins anew'],
    ['larger than is read', ' '.repeat(33 * 1024 * 1024), 'is larger than is read; this run begins anew'],
    ['without its tables', '{"version":1}', 'this run begins anew'],
    ['with one row twice', twice, 'this run begins anew'],
  ])('is begun anew when it is %s', async (_name, text, words) => {
    const forge = forgeFor(github);
    const { repository } = await forge.home('o/app', []);
    await forge.keep(repository, stateRefs[0], undefined, { path: 'state.json', text, message: 'x' });
    const { keeper, end, store } = await startJob();
    expect(keeper.remarks).toEqual([expect.stringContaining(words)]);
    await store.outbox.delivered('ops', { news: [news(1)], now: 1 });
    await end();
    expect(await untold([news(1)])).toEqual([]);
  });

  it('is not touched when a newer Plimsoll wrote it', async () => {
    const forge = forgeFor(github);
    const { repository } = await forge.home('o/app', []);
    await forge.keep(repository, stateRefs[0], undefined, { path: 'state.json', text: '{"version":9}', message: 'x' });
    await expect(startJob()).rejects.toThrow('a newer Plimsoll');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import {
  exportState,
  formatState,
  importState,
  meansTheSame,
  mergeStates,
  type PortableState,
  parseState,
  portableColumns,
} from '../../src/state/portable.ts';
import { withinBytes } from '../../src/state/portable-size.ts';
import { pseudonymous } from '../../src/state/pseudonyms.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import type { Store } from '../../src/state/store.ts';
import { a, aRun, b, debian, look, readScope, stored } from '../contract/store.ts';
import { fc, isLong } from '../support/fast-check.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-state-'));
  folders.push(folder);
  return path.join(folder, 'state.db');
}
const key = 'k'.repeat(64);
const day = 24 * 60 * 60 * 1000;

/** The state that some use of a store leaves. */
async function stateAfter(
  use: (store: Store) => Promise<unknown>,
  now = 0,
  from?: PortableState,
): Promise<PortableState> {
  const file = newFile();
  if (from !== undefined) await importState(file, from);
  const store = openSqliteStore(file, { readOnly: false });
  try {
    await use(store);
    return exportState(file, now);
  } finally {
    await store.close();
  }
}

const untold = async (store: Store, channel: string, news: readonly string[]): Promise<string[]> => {
  const { told } = await store.outbox.memoryOf(channel, []);
  return news.filter((one) => !told.has(one));
};

const told = (channel: string, now: number) => async (store: Store) => {
  await store.recordRun(aRun(now, { looks: [look(a)], findings: [stored([key])] }));
  await store.outbox.delivered(channel, { news: [key], receipt: 'https://hook/secret', now });
};

describe('a state that travels', () => {
  it('comes out as it went in', async () => {
    const state = await stateAfter(async (store) => {
      await told('ops', 5)(store);
      await store.outbox.openWindow('ops', 'weekly', '2026-W01');
      await store.outbox.recordBaselines('ops', ['o/app'], 5);
      await store.outbox.failed('mail', 'refused', 5);
      await store.moveBaseLines(new Map([[debian, b]]), 6);
    });
    expect(await stateAfter(async () => undefined, 0, parseState(formatState(state)))).toEqual(state);
    expect(formatState(state)).not.toContain('secret');
  });

  it('has no findings, packages or messages in it', async () => {
    const text = formatState(await stateAfter(told('ops', 5)));
    for (const word of ['Something changed', 'hook']) expect(text).not.toContain(word);
  });

  it('forgets what is over for long, and keeps what each tag names', async () => {
    const old = await stateAfter(async (store) => {
      await told('ops', 0)(store);
      await store.recordRun(aRun(day, { looks: [look(b)] }));
    });
    expect(old.delivery).toHaveLength(1);
    const later = await stateAfter(async () => undefined, 100 * day, old);
    expect([later.news, later.delivery]).toEqual([[], []]);
    expect(later.look.map(([, , digest]) => digest)).toEqual([b]);
  });

  it('that does not say where its news is ends it in a run that read everything', async () => {
    const { news_place: _, ...older } = await stateAfter(told('ops', 5));
    const from = parseState(JSON.stringify(older));
    const whenRead = (isComplete: boolean) =>
      stateAfter((store) => store.recordRun(aRun(day, { isComplete })), 0, from);
    expect((await whenRead(false)).news).toMatchObject([[key, 'packages', debian, 5, null, 1]]);
    expect((await whenRead(true)).news).toMatchObject([[key, 'packages', debian, 5, day, 1]]);
  });

  it('means the same on a day on which nothing happened', async () => {
    const first = await stateAfter(told('ops', 0));
    const again = await stateAfter(
      (store) => store.recordRun(aRun(day, { looks: [look(a)], findings: [stored([key])] })),
      day,
      first,
    );
    expect(again).not.toEqual(first);
    expect(meansTheSame(first, again)).toBe(true);
  });

  it.each([
    ['a tag moved back', aRun(3, { looks: [look(a)] })],
    ['something is news', aRun(3, { looks: [look(b)], findings: [stored(['n'.repeat(64)])] })],
    ['a host does not answer', aRun(3, { looks: [look(b)], findings: [stored([key], 'f', { class: 'unknown' })] })],
  ])('means something else when %s', async (_name, run) => {
    const before = await stateAfter(async (store) => {
      await store.recordRun(aRun(1, { looks: [look(a)] }));
      await store.recordRun(aRun(2, { looks: [look(b)] }));
    });
    expect(meansTheSame(before, await stateAfter((store) => store.recordRun(run), 3, before))).toBe(false);
  });

  it.each([
    ['nothing', () => ''],
    ['another program', () => '{"version":1}'],
    ['no object', () => '[null]'],
    ['a row too short', (text: string) => text.replace(/,"\*"/, '')],
    ['a cell that is no cell', (text: string) => text.replace(/"\*"/, '{}')],
  ])('is not read when it is of %s', async (_name, damaged) => {
    const text = formatState(await stateAfter(told('ops', 1)));
    expect(parseState(damaged(text))).toBeUndefined();
  });

  it('is refused when a newer Plimsoll wrote it', async () => {
    expect(() => parseState('{"version":2}')).toThrow('written by a newer Plimsoll');
  });
});

describe('two states of one job', () => {
  const steps = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 40 }),
      found: fc.subarray([0, 1, 2]),
      tells: fc.subarray(['ops', 'mail']),
      digest: fc.constantFrom(a, b),
    }),
    { maxLength: 5 },
  );
  const keys = [0, 1, 2].map((number) => String(number).repeat(64));
  const play = (
    from: PortableState | undefined,
    story: readonly { at: number; found: number[]; tells: string[]; digest: typeof a }[],
  ): Promise<PortableState> =>
    stateAfter(
      async (store) => {
        for (const { at, found, tells, digest } of [...story].sort((one, other) => one.at - other.at)) {
          const now = 1000 + at * 6 * 60 * 60 * 1000;
          const news = found.map((number) => keys[number] ?? '');
          await store.recordRun(aRun(now, { looks: [look(digest)], findings: news.length > 0 ? [stored(news)] : [] }));
          for (const channel of tells) {
            await store.outbox.delivered(channel, { news: await untold(store, channel, news), now });
          }
        }
      },
      0,
      from,
    );

  it('are joined in either order, and keep what either told of what is open', async () => {
    await fc.assert(
      fc.asyncProperty(steps, steps, steps, async (before, mine, theirs) => {
        const start = await play(undefined, before);
        const [one, other] = [await play(start, mine), await play(start, theirs)];
        const both = mergeStates(one, other);
        expect(mergeStates(other, one)).toEqual(both);
        expect(mergeStates(both, one)).toEqual(both);
        expect(await stateAfter(async () => undefined, 0, both)).toEqual(both);
        const since = new Map(both.news.map(([news, , , first]) => [news, Number(first)]));
        const deliveries = new Set(both.delivery.map(([news, channel]) => `${news} ${channel}`));
        for (const [news = null, channel, delivered] of [...one.delivery, ...other.delivery]) {
          if (Number(delivered) >= (since.get(news) ?? 0)) expect(deliveries).toContain(`${news} ${channel}`);
        }
      }),
      { numRuns: isLong ? 300 : 30 },
    );
  });

  it('tell again what began again after the other saw its end', async () => {
    const over = await stateAfter(async (store) => {
      await told('ops', 0)(store);
      await store.recordRun(aRun(day, {}));
    });
    const again = await stateAfter((store) => store.recordRun(aRun(3 * day, { findings: [stored([key])] })), 0, over);
    expect(mergeStates(over, again)).toMatchObject({
      delivery: [],
      news: [[key, 'packages', debian, 3 * day, null, 1]],
    });
  });
});

describe('what of a state may leave the machine', () => {
  /** What stays: texts, costs, inventories, and whatever names engines, people and workloads. */
  const atHome = new Set(
    [
      'run id started begun finished trigger scope outcome exit requests pulls bytes cost summary problems',
      'run_target run kind value',
      'finding id class reference scope repository file line workload written remedy security held reason since seen gone current',
      'finding latest platforms packages reaction held_detail held_until proposal_url proposal_state why',
      'finding_event id class at run kind from_class digest reason',
      // What the service called our message opens its thread.
      'delivery state tries next message',
      'inventory id manifest extractor os scheme whole used',
      'finding_detail id class detail',
      'package id name version architecture source',
      'contains package inventory',
      'consumer id scope repository role file line workload written reference digest',
      'consumed consumer platform manifest',
      'unlooked id scope file reference',
      'fix reference package version remedy',
      'day date class owner images findings security',
      'manifest_of digest platform manifest',
      'workload scope kind name report first last',
      'act id described reference class from_digest reason',
      'rebuild id url reason',
      'published image platform digest manifest base scope repository file line',
      'node cluster node ready seen',
      'rebalanced cluster at',
      'request reference requested not_before source person',
      'hook source delivery at status',
      'audit id at person action subject',
      'schedule name due',
      'summary_image reference uses repositories class findings security since',
      'summary_repository name uses images findings security since',
      'build id reference digest manifests sample places',
      'build_manifest manifest build',
    ].flatMap((line) => {
      const [table, ...columns] = line.split(' ');
      return columns.map((column) => `${table}.${column}`);
    }),
  );

  it('is listed, and so is what stays: a column is in one of the two', async () => {
    const file = newFile();
    await openSqliteStore(file, { readOnly: false }).close();
    const database = new DatabaseSync(file, { readOnly: true });
    const all = database
      .prepare(
        "select t.name || '.' || c.name as name from sqlite_schema t, pragma_table_info(t.name) c where t.type = 'table'",
      )
      .all()
      .map(({ name }) => String(name));
    database.close();
    expect(all.filter((name) => portableColumns.includes(name) === atHome.has(name))).toEqual([]);
    expect([...atHome, ...portableColumns].filter((name) => !all.includes(name))).toEqual([]);
  });
});

describe('a state that is too large', () => {
  it('loses what is over and what is oldest, and nothing of what is left', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `${i}`.padStart(64, '0'));
    const state = await stateAfter(async (store) => {
      for (const [index, one] of keys.entries()) {
        const older = keys.slice(20, index).map((news) => stored([news], news));
        const looks = [look(index % 2 === 0 ? a : b, '*', `ghcr.io/x/y${index}:1`)];
        const findings = [...older, stored([one], one)];
        await store.recordRun(aRun(index + 1, { looks, findings, read: [readScope('.', { files: ['Dockerfile'] })] }));
        await store.outbox.delivered('ops', { news: [one], now: index + 1 });
      }
    });
    const size = (one: PortableState): number => Buffer.byteLength(formatState(one));
    expect(withinBytes(state, 1e6)).toEqual({ state, left: 0 });
    for (const most of [size(state), 0.9 * size(state), 0.7 * size(state), 0.5 * size(state)]) {
      const { state: kept, left } = withinBytes(state, most);
      expect(size(kept)).toBeLessThanOrEqual(most);
      expect(left).toBe(Object.values(state).flat().length - Object.values(kept).flat().length);
      const news = new Set(kept.news.map(([one]) => one));
      expect(kept.delivery.every(([one = null]) => news.has(one))).toBe(true);
      expect(kept.news_place.every(([one = null]) => news.has(one))).toBe(true);
      // The newest is never over, and never the oldest.
      expect(news.has(keys[39] as string)).toBe(true);
      if (kept.news.some(([, , , , closed]) => closed !== null)) expect(kept.look).toEqual(state.look);
      expect(await stateAfter(async () => undefined, 0, parseState(formatState(kept)))).toEqual(kept);
    }
  });
});

describe('with pseudonyms', () => {
  it('no name of an image, a repository or a channel is in the file', async () => {
    const file = newFile();
    const store = pseudonymous(openSqliteStore(file, { readOnly: false }));
    await told('ops-channel', 5)(store);
    await store.outbox.recordBaselines('ops-channel', ['o/app'], 5);
    await store.outbox.openWindow('proposals o/app', 'weekly', '2026-W01');
    await store.outbox.delivered('mail', { news: ['channel ops-channel'], now: 5 });
    const text = formatState(exportState(file, 5));
    for (const name of ['debian', 'Dockerfile', 'ops', 'o/app', 'mail']) expect(text).not.toContain(name);
    await store.outbox.memoryOf('ops-channel', []);
    expect([...(await store.outbox.memoryOf('mail', [])).told.keys()]).toEqual(['channel ops-channel']);
    await store.close();
  });

  it('names what is over as long as it is in use, and says so when it is not', async () => {
    const file = newFile();
    const store = pseudonymous(openSqliteStore(file, { readOnly: false }));
    await told('ops', 0)(store);
    await store.recordRun(aRun(day));
    expect((await store.outbox.memoryOf('ops', [])).closings).toMatchObject([{ reference: debian }]);
    await store.close();
    const later = pseudonymous(openSqliteStore(file, { readOnly: false }));
    expect((await later.outbox.memoryOf('ops', [])).closings).toMatchObject([
      { reference: 'an image that is not used any more' },
    ]);
    await later.looks([debian]);
    expect((await later.outbox.memoryOf('ops', [])).closings).toMatchObject([{ reference: debian }]);
    await later.close();
  });
});

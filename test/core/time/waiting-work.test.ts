import { expect, it, vi } from 'vitest';
import { WaitingWork } from '../../../src/core/time/waiting-work.ts';

it('begins with each item when the last of what it needs has ended, whatever came of it', async () => {
  const begun: string[] = [];
  const work = new WaitingWork(async (item: string) => {
    begun.push(item);
    return item.toUpperCase();
  });
  const quick = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  const failing = Promise.withResolvers<void>();
  work.add('both', [quick.promise, slow.promise]);
  work.add('quick', [quick.promise, quick.promise]);
  work.add('failing', [failing.promise]);
  work.add('nothing', []);
  expect(begun).toEqual(['nothing']);
  quick.resolve();
  await vi.waitFor(() => expect(begun).toEqual(['nothing', 'quick']));
  failing.reject(new Error('gone'));
  await vi.waitFor(() => expect(begun).toEqual(['nothing', 'quick', 'failing']));
  // What has ended keeps nobody waiting.
  work.add('late', [quick.promise]);
  slow.resolve();
  expect(await work.all()).toEqual(['BOTH', 'QUICK', 'FAILING', 'NOTHING', 'LATE']);
});

it('has nothing when nothing was added', async () => {
  expect(await new WaitingWork(async () => 1).all()).toEqual([]);
});

it('fails as the first that failed, also when nobody waits yet', async () => {
  const work = new WaitingWork(async (item: number) => {
    throw new Error(`item ${item}`);
  });
  work.add(1, []);
  work.add(2, [Promise.resolve()]);
  await new Promise(setImmediate);
  await expect(work.all()).rejects.toThrow('item 1');
});

it('waits for what is added when all before it has been done', async () => {
  const work = new WaitingWork(async (item: number) => item);
  work.add(1, []);
  await new Promise(setImmediate);
  const slow = Promise.withResolvers<void>();
  work.add(2, [slow.promise]);
  const all = work.all();
  await new Promise(setImmediate);
  slow.resolve();
  expect(await all).toEqual([1, 2]);
});

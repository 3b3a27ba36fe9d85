import { expect, it } from 'vitest';
import { SharedWork } from '../../src/core/shared-work.ts';

it('is done once for those who wait, and again later where the result is not kept', async () => {
  const work = new SharedWork<number>((value) => value < 10);
  let made = 0;
  const ask = (key: string, value: number): Promise<number> =>
    work.get(key, 'a', () => {
      made++;
      return Promise.resolve(value);
    });
  expect(await Promise.all([ask('small', 1), ask('small', 1)])).toEqual([1, 1]);
  expect(await ask('small', 1)).toBe(1);
  expect(made).toBe(1);
  expect(await Promise.all([ask('large', 10), ask('large', 10)])).toEqual([10, 10]);
  expect(made).toBe(2);
  await ask('large', 10);
  expect(made).toBe(3);
});

import { expect, it } from 'vitest';
import { SharedWork } from '../../src/core/shared-work.ts';

function counted(most: number): { readonly made: string[]; ask(key: string, value?: number): Promise<number> } {
  const work = new SharedWork<number>(most, (value) => value);
  const made: string[] = [];
  return {
    made,
    ask: (key, value = 1) =>
      work.get(key, 'a', () => {
        made.push(key);
        return Promise.resolve(value);
      }),
  };
}

it('is done once for those who wait, and again later where the result was too heavy to keep', async () => {
  const { made, ask } = counted(9);
  expect(await Promise.all([ask('small'), ask('small')])).toEqual([1, 1]);
  expect(await ask('small')).toBe(1);
  expect(made).toEqual(['small']);
  expect(await Promise.all([ask('large', 10), ask('large', 10)])).toEqual([10, 10]);
  await ask('large', 10);
  expect(made).toEqual(['small', 'large', 'large']);
});

it('forgets first what was used least recently', async () => {
  const { made, ask } = counted(3);
  for (const key of ['a', 'b', 'c', 'a', 'd', 'a', 'c', 'd', 'b']) await ask(key);
  expect(made).toEqual(['a', 'b', 'c', 'd', 'b']);
});

it('shares what is still being made, whatever is forgotten meanwhile', async () => {
  const work = new SharedWork<number>(1);
  const begun: string[] = [];
  let end: (value: number) => void = () => undefined;
  const slow = (): Promise<number> =>
    work.get('slow', 'a', () => {
      begun.push('slow');
      return new Promise((resolve) => {
        end = resolve;
      });
    });
  const first = slow();
  for (const key of ['b', 'c']) await work.get(key, 'a', () => Promise.resolve(1));
  const second = slow();
  end(7);
  expect(await Promise.all([first, second])).toEqual([7, 7]);
  expect(begun).toEqual(['slow']);
});

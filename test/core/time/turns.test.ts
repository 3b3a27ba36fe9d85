import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atOnce,
  byCodeUnits,
  inTurns,
  isTurnOver,
  nextTurn,
  type Steps,
  sorted,
  sortedLines,
} from '../../../src/core/time/turns.ts';
import { longestStretch, watchdog } from '../../support/watchdog.ts';

/** Keeps a core busy for so many milliseconds, in steps of one. */
function* busy(milliseconds: number): Steps<string> {
  for (let i = 0; i < milliseconds; i++) {
    spin(1);
    yield;
  }
  return 'done';
}

function spin(milliseconds: number): void {
  const time = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  for (const end = time() + milliseconds; time() < end; );
}

describe('work in turns', () => {
  it('leaves the event loop its turns', async () => {
    const stretch = await longestStretch(async () => expect(await inTurns(busy(400))).toBe('done'));
    expect(stretch).toBeLessThan(150);
  });

  it('leaves them also where many work side by side', async () => {
    const stretch = await longestStretch(() => Promise.all(Array.from({ length: 20 }, () => inTurns(busy(30)))));
    expect(stretch).toBeLessThan(150);
  });

  it('lets everybody on in the order in which they came', async () => {
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((one) => nextTurn().then(() => order.push(one))));
    expect(order).toEqual([1, 2, 3]);
  });

  it('lets many on in one turn while it lasts, for otherwise they would wait for each other', async () => {
    await nextTurn();
    let turns = 0;
    let isCounting = true;
    const count = (): void => {
      turns++;
      if (isCounting) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(Array.from({ length: 1000 }, () => nextTurn()));
    isCounting = false;
    expect(turns).toBeLessThan(50);
  });

  it('serves everybody alike', async () => {
    const done: number[] = [];
    await Promise.all([5, 3, 1].map((times) => inTurns(busy(times * 25)).then(() => done.push(times))));
    expect(done).toEqual([1, 3, 5]);
  });

  it('takes one turn for what is small', async () => {
    await nextTurn();
    let turns = 0;
    setImmediate(() => turns++);
    await inTurns(sorted(['b', 'a'], byCodeUnits));
    expect(turns).toBe(0);
  });

  it('ends with the reason of a signal that aborts on the way', async () => {
    const stop = new AbortController();
    let steps = 0;
    function* endless(): Steps<never> {
      for (;;) {
        spin(1);
        steps++;
        yield;
      }
    }
    const work = inTurns(endless(), stop.signal);
    setImmediate(() => stop.abort(new Error('stopped')));
    await expect(work).rejects.toThrow('stopped');
    expect(steps).toBeGreaterThan(0);
  });

  it('throws what the work throws', async () => {
    function* broken(): Steps<never> {
      yield;
      throw new RangeError('broken');
    }
    await expect(inTurns(broken())).rejects.toThrow('broken');
    expect(() => atOnce(broken())).toThrow('broken');
  });

  it('knows when a turn is over', async () => {
    await nextTurn();
    expect(isTurnOver()).toBe(false);
    spin(30);
    expect(isTurnOver()).toBe(true);
  });
});

it('the watchdog sees what holds the thread, the stretch under way and the one before', async () => {
  const dog = watchdog();
  spin(300);
  expect(dog.longest()).toBeGreaterThanOrEqual(290);
  await nextTurn();
  dog.stop();
  spin(600);
  // What came after it was stopped is not seen.
  expect(dog.longest()).toBeLessThan(600);
});

describe('sorting in steps', () => {
  it('orders like sort(), and keeps equal values as they stood', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.nat()), { maxLength: 200 }), (pairs) => {
        const many = Array.from(
          { length: 20_000 },
          (_, i) => pairs[i % Math.max(1, pairs.length)] ?? (['', 0] as const),
        );
        const byText = (a: readonly [string, number], b: readonly [string, number]): number => byCodeUnits(a[0], b[0]);
        expect(atOnce(sorted(many, byText))).toEqual([...many].sort(byText));
      }),
      { numRuns: 20 },
    );
  });

  it('orders strings as sort() does without a comparison', () => {
    const texts = Array.from({ length: 200_000 }, (_, i) => `${(i * 7919) % 30_011} 😀é`.slice(0, 3 + (i % 6)));
    expect(atOnce(sortedLines(texts))).toEqual([...texts].sort());
    expect(atOnce(sorted(texts, byCodeUnits))).toEqual([...texts].sort());
  });

  it('holds nobody up', async () => {
    const texts = Array.from({ length: 400_000 }, (_, i) => `package-${(i * 7919) % 400_009}`);
    const stretch = await longestStretch(async () => {
      expect(await inTurns(sortedLines(texts))).toHaveLength(400_000);
    });
    expect(stretch).toBeLessThan(250);
  });
});

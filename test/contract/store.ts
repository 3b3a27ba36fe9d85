import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/digest.ts';
import type { NewLook, NewRun, Store, StoredFinding } from '../../src/state/store.ts';

/** An empty store that can be closed and opened again with what was recorded in it. */
export interface StoreFixture {
  open(): Store;
  remove(): void;
}

export const debian = 'docker.io/library/debian:12';
export const [a, b] = [digestOf('a'), digestOf('b')];

export function look(digest: NewLook['digest'], platform = '*', reference = debian): NewLook {
  return { reference, platform, digest };
}

export function stored(news: readonly string[], id = 'finding'): StoredFinding {
  return { id, class: 'packages', reference: debian, file: 'Dockerfile', news };
}

export function aRun(startedAt: number, more: Partial<NewRun> = {}): NewRun {
  return { startedAt, looks: [], findings: [], ...more };
}

/** What every {@link Store} must keep, whatever it is made of. */
export function describeStore(name: string, fixture: () => StoreFixture): void {
  describe(`the ${name} store`, () => {
    let made: StoreFixture;
    let store: Store;
    beforeEach(() => {
      made = fixture();
      store = made.open();
    });
    afterEach(() => {
      store.close();
      made.remove();
    });
    const reopen = (): void => {
      store.close();
      store = made.open();
    };

    it('knows nothing at first', () => {
      expect(store.lastLook(debian)).toBeUndefined();
      expect(store.looks(debian)).toEqual([]);
      expect(store.openNews()).toEqual(new Map());
      expect(store.undelivered('ops', ['x', 'y'])).toEqual(['x', 'y']);
      expect(store.undelivered('ops', [])).toEqual([]);
      expect(store.batchWeek('ops')).toBeUndefined();
    });

    it('keeps when a digest was seen first and last', () => {
      for (const time of [100, 200, 300]) store.recordRun(aRun(time, { looks: [look(a)] }));
      expect(store.looks(debian)).toEqual([{ digest: a, first: 100, last: 300 }]);
      expect(store.lastLook(debian)).toEqual({ digest: a, first: 100, last: 300 });
    });

    it('names the digest seen last, also after a tag went back', () => {
      store.recordRun(aRun(100, { looks: [look(a)] }));
      store.recordRun(aRun(200, { looks: [look(b)] }));
      expect(store.lastLook(debian)).toEqual({ digest: b, first: 200, last: 200 });
      store.recordRun(aRun(300, { looks: [look(a)] }));
      expect(store.looks(debian)).toEqual([
        { digest: a, first: 100, last: 300 },
        { digest: b, first: 200, last: 200 },
      ]);
    });

    it('never turns a last look back', () => {
      store.recordRun(aRun(300, { looks: [look(a)] }));
      store.recordRun(aRun(100, { looks: [look(a)] }));
      expect(store.lastLook(debian)).toMatchObject({ last: 300 });
    });

    it('keeps references and platforms apart', () => {
      store.recordRun(aRun(100, { looks: [look(a), look(b, 'linux/arm64'), look(b, '*', 'ghcr.io/x/y:1')] }));
      expect(store.lastLook(debian)?.digest).toBe(a);
      expect(store.lastLook(debian, 'linux/arm64')?.digest).toBe(b);
      expect(store.lastLook(debian, 'linux/amd64')).toBeUndefined();
      expect(store.lastLook('ghcr.io/x/y:1')?.digest).toBe(b);
      expect(store.lastLook(debian.toUpperCase())).toBeUndefined();
    });

    it('opens news, closes what a run no longer finds, and opens it again with its first day', () => {
      store.recordRun(aRun(100, { findings: [stored(['x', 'y'])] }));
      expect(store.openNews()).toEqual(
        new Map([
          ['x', { first: 100 }],
          ['y', { first: 100 }],
        ]),
      );
      store.recordRun(aRun(200, { findings: [stored(['y']), stored(['z'], 'other')] }));
      expect(store.openNews()).toEqual(
        new Map([
          ['y', { first: 100 }],
          ['z', { first: 200 }],
        ]),
      );
      store.recordRun(aRun(300, { findings: [stored(['x'])] }));
      expect(store.openNews()).toEqual(new Map([['x', { first: 100 }]]));
      store.recordRun(aRun(400));
      expect(store.openNews()).toEqual(new Map());
    });

    it('remembers deliveries by channel', () => {
      store.recordDelivered('ops', ['x', 'y'], 100);
      store.recordDelivered('ops', ['x'], 200);
      expect(store.undelivered('ops', ['z', 'y', 'x', 'w'])).toEqual(['z', 'w']);
      expect(store.undelivered('mail', ['x', 'y'])).toEqual(['x', 'y']);
    });

    it('does not forget a delivery when its news closes and opens again', () => {
      store.recordRun(aRun(100, { findings: [stored(['x'])] }));
      store.recordDelivered('ops', ['x'], 100);
      store.recordRun(aRun(200));
      store.recordRun(aRun(300, { findings: [stored(['x'])] }));
      expect(store.undelivered('ops', ['x'])).toEqual([]);
    });

    it('remembers the week of a channel’s last batch, and only of a batch', () => {
      store.recordDelivered('ops', ['x'], 100, '2026-W46');
      store.recordDelivered('ops', ['y'], 200);
      expect(store.batchWeek('ops')).toBe('2026-W46');
      store.recordDelivered('ops', [], 300, '2026-W47');
      expect(store.batchWeek('ops')).toBe('2026-W47');
      expect(store.batchWeek('mail')).toBeUndefined();
    });

    it('counts runs', () => {
      const first = store.recordRun(aRun(100));
      expect(store.recordRun(aRun(200))).toBe(first + 1);
    });

    it('records all of a run or nothing of it', () => {
      store.recordRun(aRun(100, { looks: [look(a)], findings: [stored(['x'])] }));
      const broken = { ...stored(['y']), file: undefined as unknown as string };
      expect(() => store.recordRun(aRun(200, { looks: [look(b)], findings: [stored(['z'], '1'), broken] }))).toThrow(
        expect.objectContaining({ code: 'STATE' }),
      );
      expect(store.looks(debian)).toEqual([{ digest: a, first: 100, last: 100 }]);
      expect([...store.openNews().keys()]).toEqual(['x']);
      store.recordRun(aRun(300, { looks: [look(b)] }));
      expect(store.lastLook(debian)?.digest).toBe(b);
    });

    it('takes any text as text', () => {
      const odd = `'; drop table look; -- \u0000 \u{1f40b} "`;
      store.recordRun(aRun(100, { looks: [look(a, '*', odd)], findings: [stored([odd])] }));
      store.recordDelivered(odd, [odd], 100, odd);
      expect(store.undelivered(odd, [odd, 'x'])).toEqual(['x']);
      expect(store.openNews().has(odd)).toBe(true);
      expect(store.batchWeek(odd)).toBe(odd);
    });

    it('outlives being closed', () => {
      store.recordRun(aRun(100, { looks: [look(a)], findings: [stored(['x'])] }));
      store.recordDelivered('ops', ['x'], 100, '2026-W47');
      reopen();
      expect(store.lastLook(debian)).toEqual({ digest: a, first: 100, last: 100 });
      expect(store.openNews()).toEqual(new Map([['x', { first: 100 }]]));
      expect(store.undelivered('ops', ['x'])).toEqual([]);
      expect(store.batchWeek('ops')).toBe('2026-W47');
    });

    it('holds a large fleet', () => {
      const looks = Array.from({ length: 5000 }, (_, i) => look(a, '*', `ghcr.io/x/y${i}:1`));
      const findings = Array.from({ length: 5000 }, (_, i) => stored([`news ${i}`], `finding ${i}`));
      store.recordRun(aRun(100, { looks, findings }));
      store.recordRun(aRun(200, { looks, findings: findings.slice(0, 2500) }));
      expect(store.openNews().size).toBe(2500);
      expect(store.lastLook('ghcr.io/x/y4999:1')).toEqual({ digest: a, first: 100, last: 200 });
    });
  });
}

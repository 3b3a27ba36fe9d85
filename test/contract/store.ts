import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/image/digest.ts';
import { atOnce } from '../../src/core/time/turns.ts';
import { nothingUnread } from '../../src/state/run-coverage.ts';
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

export function stored(news: readonly string[], id = 'finding', more: Partial<StoredFinding> = {}): StoredFinding {
  return {
    id,
    class: 'packages',
    reference: debian,
    repository: '.',
    file: 'Dockerfile',
    line: 1,
    written: 'debian:12',
    remedy: 'edit',
    security: null,
    reason: 'Something changed.',
    news,
    ...more,
  };
}

const nobody = { consumers: [], unlooked: [] };

export function aRun(startedAt: number, more: Partial<NewRun> = {}): NewRun {
  return {
    startedAt,
    looks: [],
    findings: [],
    notices: [],
    unsure: new Map(),
    places: new Map(),
    whole: [],
    unread: nothingUnread,
    ...more,
  };
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
      expect(store.baseLine(debian)).toBeUndefined();
      expect(store.outbox.undelivered('ops', ['x', 'y'])).toEqual(['x', 'y']);
      expect(store.outbox.undelivered('ops', [])).toEqual([]);
      expect(store.outbox.window('ops', 'weekly')).toBeUndefined();
      expect(store.outbox.hasBaseline('ops', '.')).toBe(false);
      expect(store.outbox.closings('ops')).toEqual([]);
      expect(store.outbox.trouble('ops')).toBeUndefined();
      expect(store.snoozes.active(0)).toEqual([]);
      expect(store.fleet.standing()).toEqual([]);
      expect(store.fleet.carriers('openssl')).toEqual([]);
      expect(store.fleet.lastRun()).toBeUndefined();
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

    it('takes a look that is yet to come for one of a moment ago', () => {
      store.recordRun(aRun(300, { looks: [look(a)] }));
      store.recordRun(aRun(100, { looks: [look(b)] }));
      expect(store.looks(debian)).toEqual([
        { digest: b, first: 100, last: 100 },
        { digest: a, first: 99, last: 99 },
      ]);
    });

    it('keeps references and platforms apart', () => {
      store.recordRun(aRun(100, { looks: [look(a), look(b, 'linux/arm64'), look(b, '*', 'ghcr.io/x/y:1')] }));
      expect(store.lastLook(debian)?.digest).toBe(a);
      expect(store.lastLook(debian, 'linux/arm64')?.digest).toBe(b);
      expect(store.lastLook(debian, 'linux/amd64')).toBeUndefined();
      expect(store.lastLook('ghcr.io/x/y:1')?.digest).toBe(b);
      expect(store.lastLook(debian.toUpperCase())).toBeUndefined();
    });

    const keys = (): string[] => [...store.openNews().keys()];
    const day = 24 * 60 * 60 * 1000;

    it('opens news, and closes what a run no longer finds', () => {
      store.recordRun(aRun(100, { findings: [stored(['x', 'y'])] }));
      expect(store.openNews().get('x')).toEqual({ class: 'packages', reference: debian, first: 100, runs: 1 });
      store.recordRun(aRun(200, { findings: [stored(['y']), stored(['z'], 'other')] }));
      expect(keys()).toEqual(['y', 'z']);
      expect(store.openNews().get('y')).toMatchObject({ first: 100, runs: 2 });
      expect(store.openNews().get('z')).toMatchObject({ first: 200, runs: 1 });
      store.recordRun(aRun(400));
      expect(keys()).toEqual([]);
    });

    it('closes nothing that a run could not tell', () => {
      store.recordRun(aRun(100, { findings: [stored(['x']), stored(['y'], '2', { reference: 'ghcr.io/x/y:1' })] }));
      const places = new Map([['1', 'all' as const]]);
      store.recordRun(aRun(200, { unsure: new Map([[debian, 'all']]), places }));
      expect(keys()).toEqual(['x']);
      store.recordRun(aRun(300, { unread: { ...nothingUnread, scopes: new Set(['.']) } }));
      expect(keys()).toEqual(['x']);
      store.recordRun(aRun(400));
      expect(keys()).toEqual([]);
    });

    it('lets findings stand that a run could not tell about, with since when and when they were checked last', () => {
      const standing = (): string[] =>
        store.fleet.standing().map(({ id, class: kind, since, checked }) => `${id} ${kind} ${since} ${checked}`);
      const security = stored(['s'], '1', { class: 'security' });
      const elsewhere = stored(['e'], '2', { repository: 'org/b' });
      const behind = stored(['l'], '3', { class: 'lagging', file: 'api/Dockerfile' });
      const files = ['Dockerfile', 'api/Dockerfile'];
      const whole = [{ id: '.', name: '.', files }];
      store.recordRun(aRun(100, { findings: [security, elsewhere, behind], whole }));
      // One was not found again, one was not seen, and of one only the class that stands could not be told.
      const unread = { ...nothingUnread, scopes: new Set(['org/b']) };
      const places = new Map([['3', new Set(['lagging' as const])]]);
      store.recordRun(aRun(200, { findings: [stored(['u'], '1', { class: 'unknown' })], places, unread, whole }));
      expect(standing()).toEqual(['3 lagging 100 100', '2 packages 100 100', '1 unknown 200 200']);
      store.recordRun(aRun(300, { places: new Map([['1', 'all']]), whole }));
      expect(standing()).toEqual(['1 unknown 200 200']);
    });

    it('keeps since through an outage', () => {
      const security = stored(['s'], '1', { class: 'security' });
      store.recordRun(aRun(100, { findings: [security] }));
      const unknown = stored(['u'], '1', { class: 'unknown' });
      store.recordRun(aRun(200, { findings: [unknown], places: new Map([['1', 'all']]) }));
      store.recordRun(aRun(300, { findings: [security] }));
      expect(store.fleet.standing()).toMatchObject([{ class: 'security', since: 100, checked: 300 }]);
    });

    it('sees of a folder that cannot be read nothing, and of a part that was asked for no more than that', () => {
      const below = stored(['b'], '1', { file: 'api/v1/Dockerfile' });
      const beside = stored(['c'], '2', { file: 'apis/Dockerfile', reference: 'ghcr.io/x/y:1' });
      store.recordRun(aRun(100, { findings: [below, beside] }));
      store.recordRun(aRun(200, { unread: { ...nothingUnread, places: [{ scope: '.', file: 'api' }] } }));
      expect(keys()).toEqual(['b']);
      const partly = new Map([['.', new Set(['other/Dockerfile'])]]);
      store.recordRun(aRun(300, { unread: { ...nothingUnread, partly } }));
      expect(keys()).toEqual(['b']);
      store.recordRun(aRun(400, { unread: { ...nothingUnread, partly: new Map([['.', new Set([below.file])]]) } }));
      expect(keys()).toEqual([]);
    });

    it('knows what was read before, until nobody wants it any more', () => {
      const whole = [{ id: 'github:7', name: 'org/a', files: ['Dockerfile'] }];
      expect(store.watch.lastRead('org/a')).toBeUndefined();
      store.recordRun(aRun(100, { whole }));
      store.recordRun(aRun(200));
      expect(store.watch.lastRead('org/a')).toBe(100);
      expect(store.watch.lastRead('org/a', 'Dockerfile')).toBe(100);
      expect(store.watch.lastRead('org/a', 'other')).toBeUndefined();
      store.recordRun(aRun(300, { whole: [{ id: 'github:7', name: 'org/renamed', files: [] }] }));
      expect(store.watch.scopes()).toEqual([{ id: 'github:7', name: 'org/renamed', last: 300 }]);
      expect(store.watch.lastRead('org/a', 'Dockerfile')).toBeUndefined();
      store.watch.forget('github:7');
      expect(store.watch.scopes()).toEqual([]);
    });

    it('puts right what a clock that ran ahead has left', () => {
      const ahead = Date.UTC(2036, 0, 1);
      const now = Date.UTC(2026, 0, 1);
      store.recordRun(
        aRun(ahead, { looks: [look(a)], findings: [stored(['x'])], whole: [{ id: '.', name: '.', files: [] }] }),
      );
      store.outbox.delivered('ops', { news: ['x'], now: ahead });
      store.outbox.reminded('ops', ['x'], ahead);
      store.snoozes.add({ kind: 'image', value: 'x', until: ahead + day }, ahead);
      store.recordRun(aRun(now, { looks: [look(b)], findings: [stored(['x'])] }));
      expect(store.lastLook(debian)).toEqual({ digest: b, first: now, last: now });
      expect(store.looks(debian)).toContainEqual({ digest: a, first: now - 1, last: now - 1 });
      expect(store.outbox.told('ops').get('x')).toBe(now);
      expect(store.openNews().get('x')).toMatchObject({ first: now });
      expect(store.fleet.lastRun()).toBe(now);
      expect(store.watch.lastRead('.')).toBe(now);
      expect(store.snoozes.active(now)).toEqual([{ kind: 'image', value: 'x', until: now + day }]);
    });

    it('counts runs of notices, and closes them when they are not there any more', () => {
      const notice = { class: 'unchecked', reference: 'deb.example', news: ['n'] } as const;
      store.recordRun(aRun(100, { notices: [notice] }));
      store.recordRun(aRun(200, { notices: [notice] }));
      expect(store.openNews().get('n')).toMatchObject({ class: 'unchecked', first: 100, runs: 2 });
      store.recordRun(aRun(300, { unread: { ...nothingUnread, scopes: new Set(['org/b']) } }));
      expect(keys()).toEqual(['n']);
      store.recordRun(aRun(400));
      expect(keys()).toEqual([]);
    });

    it('says how far the images in use were looked into', () => {
      const place = { repository: 'org/a', file: 'Dockerfile', line: 1, written: 'debian:12', reference: debian };
      const consumer = { id: '1', ...place, digest: a, manifests: [{ platform: 'linux/amd64', manifest: b }] };
      const run = store.recordRun(aRun(100));
      const unlooked = [{ id: '2', repository: 'org/a', reference: 'ghcr.io/x/y:1' }];
      atOnce(store.fleet.record(run, { consumers: [consumer], unlooked }, [], aRun(100)));
      expect(store.fleet.coverage()).toEqual({ looked: 0, images: 2 });
      const inventory = { os: 'debian 12', scheme: 'dpkg', packages: [] } as const;
      store.fleet.addInventory(b, 'e1', { ...inventory, isWhole: false });
      expect(store.fleet.coverage()).toEqual({ looked: 0, images: 2 });
      store.fleet.addInventory(b, 'e1', { ...inventory, isWhole: true });
      expect(store.fleet.coverage()).toEqual({ looked: 1, images: 2 });
      atOnce(store.fleet.record(run, { consumers: [consumer], unlooked: [] }, [], aRun(100)));
      expect(store.fleet.coverage()).toEqual({ looked: 1, images: 1 });
    });

    it('forgets nobody when a run is killed while it writes who uses what', () => {
      const place = { repository: 'org/a', file: 'Dockerfile', line: 1, written: 'debian:12', reference: debian };
      const consumer = { id: '1', ...place, digest: a, manifests: [{ platform: 'linux/amd64', manifest: a }] };
      const run = store.recordRun(aRun(100));
      const packages = [{ name: 'openssl', version: '1', architecture: 'amd64' }];
      for (const manifest of [a, b]) {
        store.fleet.addInventory(manifest, 'e1', { os: 'debian 12', scheme: 'dpkg', packages, isWhole: true });
      }
      atOnce(store.fleet.record(run, { consumers: [consumer], unlooked: [] }, [], aRun(100)));
      const moved = { ...consumer, digest: b, manifests: [{ platform: 'linux/amd64', manifest: b }] };
      store.fleet.addInventory(b, 'e1', { os: 'debian 12', scheme: 'dpkg', packages, isWhole: true });
      const steps = store.fleet.record(run, { consumers: [moved], unlooked: [] }, [], aRun(200));
      for (let isOver = false; !isOver; isOver = steps.next().done === true) {
        expect(store.fleet.carriers('openssl')).toHaveLength(1);
      }
      expect(store.fleet.carriers('openssl')).toMatchObject([{ digest: b }]);
    });

    it('takes what was closed for less than a day for the same, unless it breaks builds', () => {
      const broken = { class: 'pin-broken' } as const;
      const findings = [stored(['x']), stored(['b'], '2', broken)];
      store.recordRun(aRun(100, { findings }));
      store.outbox.delivered('ops', { news: ['x', 'b'], now: 100 });
      store.recordRun(aRun(200));
      store.recordRun(aRun(300, { findings }));
      expect(store.openNews().get('x')).toMatchObject({ first: 100, runs: 1 });
      expect(store.openNews().get('b')).toMatchObject({ first: 300, runs: 1 });
      expect(store.outbox.undelivered('ops', ['x', 'b'])).toEqual(['b']);
    });

    it('tells again what was over for a day', () => {
      store.recordRun(aRun(100, { findings: [stored(['x'])] }));
      store.outbox.delivered('ops', { news: ['x'], now: 100 });
      store.recordRun(aRun(200));
      store.recordRun(aRun(200 + day, { findings: [stored(['x'])] }));
      expect(store.openNews().get('x')).toMatchObject({ first: 200 + day, runs: 1 });
      expect(store.outbox.undelivered('ops', ['x'])).toEqual(['x']);
    });

    it('remembers deliveries by channel', () => {
      store.outbox.delivered('ops', { news: ['x', 'y'], now: 100 });
      store.outbox.delivered('ops', { news: ['x'], now: 200, receipt: '42' });
      expect(store.outbox.undelivered('ops', ['z', 'y', 'x', 'w'])).toEqual(['z', 'w']);
      expect(store.outbox.undelivered('mail', ['x', 'y'])).toEqual(['x', 'y']);
      expect(store.outbox.receipt('ops', 'x')).toBe('42');
      expect(store.outbox.receipt('ops', 'y')).toBeUndefined();
      expect(store.outbox.receipt('mail', 'x')).toBeUndefined();
    });

    it('knows when a channel was told, or reminded, last', () => {
      store.outbox.delivered('ops', { news: ['x', 'y'], now: 100 });
      store.outbox.delivered('ops', { news: ['z'], now: 300 });
      store.outbox.reminded('ops', ['x'], 250);
      expect(store.outbox.told('ops')).toEqual(
        new Map([
          ['x', 250],
          ['y', 100],
          ['z', 300],
        ]),
      );
      expect(store.outbox.told('mail')).toEqual(new Map());
    });

    it('says once that something is over, to whom it was told', () => {
      store.recordRun(aRun(100, { findings: [stored(['x', 'y'])] }));
      store.outbox.delivered('ops', { news: ['x'], now: 100, receipt: '42' });
      expect(store.outbox.closings('ops')).toEqual([]);
      store.recordRun(aRun(200));
      expect(store.outbox.closings('ops')).toEqual([
        { news: 'x', class: 'packages', reference: debian, receipt: '42', closed: 200, isWhole: true },
      ]);
      expect(store.outbox.closings('mail')).toEqual([]);
      store.outbox.closed('ops', ['x'], 200);
      expect(store.outbox.closings('ops')).toEqual([]);
    });

    it('remembers a channel’s windows, baselines and trouble', () => {
      store.outbox.openWindow('ops', 'weekly', '2026-W46');
      store.outbox.openWindow('ops', 'mode', '2026-11-21');
      store.outbox.openWindow('ops', 'weekly', '2026-W47');
      expect(store.outbox.window('ops', 'weekly')).toBe('2026-W47');
      expect(store.outbox.window('ops', 'mode')).toBe('2026-11-21');
      expect(store.outbox.window('mail', 'weekly')).toBeUndefined();
      store.outbox.recordBaseline('ops', 'org/a', 100);
      store.outbox.recordBaseline('ops', 'org/a', 200);
      expect(store.outbox.hasBaseline('ops', 'org/a')).toBe(true);
      expect(store.outbox.hasBaseline('ops', 'org/b')).toBe(false);
      expect(store.outbox.failed('ops', 'http-404', 100)).toEqual({ code: 'http-404', first: 100, runs: 1 });
      expect(store.outbox.failed('ops', 'http-500', 200)).toEqual({ code: 'http-500', first: 100, runs: 2 });
      store.outbox.recovered('ops');
      expect(store.outbox.trouble('ops')).toBeUndefined();
    });

    it('gives a reference its base line once, and moves it only when told to', () => {
      store.recordRun(aRun(100, { looks: [look(a)] }));
      store.recordRun(aRun(200, { looks: [look(b)] }));
      expect(store.lastLook(debian)?.digest).toBe(b);
      expect(store.baseLine(debian)).toBe(a);
      store.moveBaseLine(debian, b, 200);
      expect(store.baseLine(debian)).toBe(b);
      store.moveBaseLine('ghcr.io/x/y:1', a, 200);
      expect(store.baseLine('ghcr.io/x/y:1')).toBe(a);
    });

    it('keeps snoozes until they end', () => {
      const snooze = { kind: 'image', value: 'docker.io/library/*', until: 500 } as const;
      store.snoozes.add(snooze, 100);
      store.snoozes.add({ kind: 'news', value: 'x', until: 300 }, 100);
      expect(store.snoozes.active(200).map(({ value }) => value)).toEqual(['x', snooze.value]);
      expect(store.snoozes.active(300)).toEqual([snooze]);
      store.snoozes.add({ ...snooze, until: 0 }, 200);
      expect(store.snoozes.active(200)).toMatchObject([{ value: 'x' }]);
    });

    it('says what stands, since when without a gap, the oldest first', () => {
      const other = stored(['z'], 'other', { security: true, held: 'young', repository: 'org/a', line: 3 });
      store.recordRun(aRun(100, { findings: [stored(['x'])] }));
      store.recordRun(aRun(200, { findings: [stored(['x']), other] }));
      expect(store.fleet.standing()).toMatchObject([
        { id: 'finding', since: 100, security: null, held: null },
        { id: 'other', since: 200, security: true, held: 'young', repository: 'org/a', file: 'Dockerfile', line: 3 },
      ]);
      store.recordRun(aRun(300, { findings: [other] }));
      expect(store.fleet.standing()).toMatchObject([{ id: 'other', since: 200 }]);
      store.recordRun(aRun(400, { findings: [stored(['x']), other] }));
      expect(store.fleet.standing()).toMatchObject([
        { id: 'other', since: 200 },
        { id: 'finding', since: 400 },
      ]);
      expect(store.fleet.lastRun()).toBe(400);
    });

    it('tells the history of a reference, the newest first', () => {
      store.recordRun(aRun(100, { looks: [look(a)] }));
      store.recordRun(aRun(200, { looks: [look(b)], findings: [stored(['x'])] }));
      expect(store.fleet.references('docker.io/library/debian')).toEqual([debian]);
      expect(store.fleet.references(debian)).toEqual([debian]);
      expect(store.fleet.references('docker.io/library/deb')).toEqual([]);
      expect(store.fleet.history(debian)).toEqual([
        { kind: 'digest', first: 200, last: 200, digest: b },
        {
          kind: 'finding',
          first: 200,
          last: 200,
          class: 'packages',
          place: 'Dockerfile:1',
          reason: 'Something changed.',
        },
        { kind: 'digest', first: 100, last: 100, digest: a },
      ]);
    });

    it('knows which places carry a package, and what would help', () => {
      const run = store.recordRun(aRun(100, { looks: [look(a)] }));
      const place = { repository: 'org/a', file: 'Dockerfile', line: 1, written: 'debian:12', reference: debian };
      const consumer = { id: '1', ...place, digest: a, manifests: [{ platform: 'linux/amd64', manifest: b }] };
      const openssl = { name: 'openssl', version: '3.0.15-1', architecture: 'amd64' };
      const libssl = { ...openssl, name: 'libssl3', source: { name: 'openssl' } };
      const inventory = { os: 'debian 12', scheme: 'dpkg', isWhole: true, packages: [openssl, libssl] } as const;
      atOnce(
        store.fleet.record(
          run,
          { consumers: [consumer], unlooked: [] },
          [
            { reference: debian, package: 'openssl', version: '3.0.17-1', remedy: 'newer-base' },
            { reference: debian, package: 'openssl', version: '3.0.16-1', remedy: 'edit' },
          ],
          aRun(100),
        ),
      );
      expect(store.fleet.knows(b, 'e1')).toBe(false);
      store.fleet.addInventory(b, 'e1', inventory);
      expect(store.fleet.knows(b, 'e1')).toBe(true);
      expect(store.fleet.knows(b, 'e2')).toBe(false);
      expect(store.fleet.carriers('libssl3')).toMatchObject([{ name: 'libssl3', source: 'openssl', fixes: [] }]);
      const [ofSource, ...own] = store.fleet.carriers('openssl');
      expect(ofSource?.name).toBe('libssl3');
      expect(own).toEqual([
        {
          ...place,
          name: 'openssl',
          source: null,
          version: '3.0.15-1',
          architecture: 'amd64',
          scheme: 'dpkg',
          os: 'debian 12',
          platform: 'linux/amd64',
          digest: a,
          fixes: [
            { version: '3.0.16-1', remedy: 'edit' },
            { version: '3.0.17-1', remedy: 'newer-base' },
          ],
        },
      ]);
      store.fleet.addInventory(b, 'e2', { ...inventory, packages: [] });
      expect(store.fleet.carriers('openssl')).toEqual([]);
      atOnce(store.fleet.record(run, nobody, [], aRun(100, { unsure: new Map([[debian, 'all']]) })));
      expect(store.fleet.knows(b, 'e2')).toBe(true);
      const unread = { ...nothingUnread, scopes: new Set(['org/a']) };
      atOnce(store.fleet.record(run, nobody, [], aRun(100, { unread })));
      expect(store.fleet.knows(b, 'e2')).toBe(true);
      atOnce(store.fleet.record(run, { consumers: [{ ...consumer, digest: b }], unlooked: [] }, [], aRun(100)));
      expect(store.fleet.knows(b, 'e2')).toBe(true);
      atOnce(store.fleet.record(run, nobody, [], aRun(100)));
      expect(store.fleet.knows(b, 'e2')).toBe(false);
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
      store.outbox.delivered(odd, { news: [odd], now: 100, receipt: odd });
      store.outbox.openWindow(odd, odd, odd);
      expect(store.outbox.undelivered(odd, [odd, 'x'])).toEqual(['x']);
      expect(store.openNews().has(odd)).toBe(true);
      expect(store.outbox.window(odd, odd)).toBe(odd);
      expect(store.fleet.references(odd)).toEqual([odd]);
    });

    it('outlives being closed', () => {
      store.recordRun(aRun(100, { looks: [look(a)], findings: [stored(['x'])] }));
      store.outbox.delivered('ops', { news: ['x'], now: 100 });
      store.outbox.openWindow('ops', 'weekly', '2026-W47');
      reopen();
      expect(store.lastLook(debian)).toEqual({ digest: a, first: 100, last: 100 });
      expect(keys()).toEqual(['x']);
      expect(store.outbox.undelivered('ops', ['x'])).toEqual([]);
      expect(store.outbox.window('ops', 'weekly')).toBe('2026-W47');
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

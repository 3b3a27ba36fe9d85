import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/image/digest.ts';
import type { DetailedFinding, FindingDetail, FindingQuery } from '../../src/state/memory.ts';
import type { ReadScope } from '../../src/state/run-coverage.ts';
import type { NewLook, NewRun, Store, StoredFinding } from '../../src/state/store.ts';
import { aRecord } from '../support/findings.ts';

/** An empty store that can be closed and opened again with what was recorded in it. */
export interface StoreFixture {
  open(): Store | Promise<Store>;
  remove(): void | Promise<void>;
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
    scope: '.',
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

/** A scope that was read as a whole. */
export function readScope(id: string, more: Partial<ReadScope> = {}): ReadScope {
  return { id, name: id, files: [], lost: [], missed: [], ...more };
}

/** A run that read the folder `.` as a whole, unless a test says otherwise. */
export function aRun(startedAt: number, more: Partial<NewRun> = {}): NewRun {
  return {
    startedAt,
    looks: [],
    findings: [],
    workloads: [],
    notices: [],
    trigger: 'cli',
    record: aRecord([]),
    unsure: new Map(),
    untold: new Map(),
    read: [readScope('.')],
    isComplete: true,
    dropped: [],
    ...more,
  };
}

/** What every {@link Store} must keep, whatever it is made of. */
export function describeStore(name: string, fixture: () => StoreFixture): void {
  describe(`the ${name} store`, () => {
    let made: StoreFixture;
    let store: Store;
    beforeEach(async () => {
      made = fixture();
      store = await made.open();
    });
    afterEach(async () => {
      await store.close();
      await made.remove();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await made.open();
    };

    const looks = async (reference: string, platform?: string) =>
      (await store.looks([reference], platform)).get(reference) ?? [];
    const lastLook = async (reference: string, platform?: string) => (await looks(reference, platform))[0];
    const baseLine = async (reference: string) => (await store.baseLines([reference])).get(reference);
    const memory = (channel: string, repositories: readonly string[] = []) =>
      store.outbox.memoryOf(channel, repositories);
    const untold = async (channel: string, news: readonly string[]) => {
      const { told } = await memory(channel);
      return news.filter((key) => !told.has(key));
    };
    const lastRead = async (name: string) => (await store.watch.scopes()).find((one) => one.name === name)?.last;

    const readBefore = async (scope: string, file: string) =>
      (await store.watch.readBefore([{ scope, file }])).length > 0;

    it('knows nothing at first', async () => {
      expect(await lastLook(debian)).toBeUndefined();
      expect(await looks(debian)).toEqual([]);
      expect(await store.openNews()).toEqual(new Map());
      expect(await baseLine(debian)).toBeUndefined();
      expect(await untold('ops', ['x', 'y'])).toEqual(['x', 'y']);
      expect(await untold('ops', [])).toEqual([]);
      expect((await memory('ops')).windows.get('weekly')).toBeUndefined();
      expect((await memory('ops', ['.'])).baselines.has('.')).toBe(false);
      expect((await memory('ops')).closings).toEqual([]);
      expect((await memory('ops')).trouble).toBeUndefined();
      expect(await store.snoozes.active(0)).toEqual([]);
      expect(await store.fleet.standing()).toEqual([]);
      expect(await store.fleet.carriers('openssl')).toEqual([]);
      expect(await store.fleet.lastRun()).toBeUndefined();
    });

    it('keeps when a digest was seen first and last', async () => {
      for (const time of [100, 200, 300]) await store.recordRun(aRun(time, { looks: [look(a)] }));
      expect(await looks(debian)).toEqual([{ digest: a, first: 100, last: 300 }]);
      expect(await lastLook(debian)).toEqual({ digest: a, first: 100, last: 300 });
    });

    it('names the digest seen last, also after a tag went back', async () => {
      await store.recordRun(aRun(100, { looks: [look(a)] }));
      await store.recordRun(aRun(200, { looks: [look(b)] }));
      expect(await lastLook(debian)).toEqual({ digest: b, first: 200, last: 200 });
      await store.recordRun(aRun(300, { looks: [look(a)] }));
      expect(await looks(debian)).toEqual([
        { digest: a, first: 100, last: 300 },
        { digest: b, first: 200, last: 200 },
      ]);
    });

    it('takes a look that is yet to come for one of a moment ago', async () => {
      await store.recordRun(aRun(300, { looks: [look(a)] }));
      await store.recordRun(aRun(100, { looks: [look(b)] }));
      expect(await looks(debian)).toEqual([
        { digest: b, first: 100, last: 100 },
        { digest: a, first: 99, last: 99 },
      ]);
    });

    it('keeps references and platforms apart', async () => {
      await store.recordRun(aRun(100, { looks: [look(a), look(b, 'linux/arm64'), look(b, '*', 'ghcr.io/x/y:1')] }));
      expect((await lastLook(debian))?.digest).toBe(a);
      expect((await lastLook(debian, 'linux/arm64'))?.digest).toBe(b);
      expect(await lastLook(debian, 'linux/amd64')).toBeUndefined();
      expect((await lastLook('ghcr.io/x/y:1'))?.digest).toBe(b);
      expect(await lastLook(debian.toUpperCase())).toBeUndefined();
    });

    const keys = async (): Promise<string[]> => [...(await store.openNews()).keys()];
    const day = 24 * 60 * 60 * 1000;

    it('opens news, and closes what a run no longer finds', async () => {
      await store.recordRun(aRun(100, { findings: [stored(['x', 'y'])] }));
      expect((await store.openNews()).get('x')).toEqual({ class: 'packages', reference: debian, first: 100, runs: 1 });
      await store.recordRun(aRun(200, { findings: [stored(['y']), stored(['z'], 'other')] }));
      expect(await keys()).toEqual(['y', 'z']);
      expect((await store.openNews()).get('y')).toMatchObject({ first: 100, runs: 2 });
      expect((await store.openNews()).get('z')).toMatchObject({ first: 200, runs: 1 });
      expect([...(await store.openNews(['z', 'nothing'])).keys()]).toEqual(['z']);
      expect(await store.openNews([])).toEqual(new Map());
      await store.recordRun(aRun(400));
      expect(await keys()).toEqual([]);
    });

    it('closes nothing that a run could not tell', async () => {
      await store.recordRun(
        aRun(100, { findings: [stored(['x']), stored(['y'], '2', { reference: 'ghcr.io/x/y:1' })] }),
      );
      const untold = new Map([['1', 'all' as const]]);
      await store.recordRun(aRun(200, { unsure: new Map([[debian, 'all']]), untold }));
      expect(await keys()).toEqual(['x']);
      await store.recordRun(aRun(300, { read: [], isComplete: false }));
      expect(await keys()).toEqual(['x']);
      await store.recordRun(aRun(400));
      expect(await keys()).toEqual([]);
    });

    it('lets findings stand that a run could not tell about, with since when and when they were checked last', async () => {
      const standing = async (): Promise<string[]> =>
        (await store.fleet.standing()).map(
          ({ id, class: kind, since, checked }) => `${id} ${kind} ${since} ${checked}`,
        );
      const security = stored(['s'], '1', { class: 'security' });
      const elsewhere = stored(['e'], '2', { scope: 'org/b', repository: 'org/b' });
      const behind = stored(['l'], '3', { class: 'lagging', file: 'api/Dockerfile' });
      await store.recordRun(aRun(100, { findings: [security, elsewhere, behind] }));
      // One was not found again, one was not seen, and of one only the class that stands could not be told.
      const untold = new Map([['3', new Set(['lagging' as const])]]);
      await store.recordRun(aRun(200, { findings: [stored(['u'], '1', { class: 'unknown' })], untold }));
      expect(await standing()).toEqual(['3 lagging 100 100', '2 packages 100 100', '1 unknown 200 200']);
      const read = [readScope('.'), readScope('org/b')];
      await store.recordRun(aRun(300, { untold: new Map([['1', 'all']]), read }));
      expect(await standing()).toEqual(['1 unknown 200 200']);
    });

    it('keeps since through an outage', async () => {
      const security = stored(['s'], '1', { class: 'security' });
      await store.recordRun(aRun(100, { findings: [security] }));
      const unknown = stored(['u'], '1', { class: 'unknown' });
      await store.recordRun(aRun(200, { findings: [unknown], untold: new Map([['1', 'all']]) }));
      await store.recordRun(aRun(300, { findings: [security] }));
      expect(await store.fleet.standing()).toMatchObject([{ class: 'security', since: 100, checked: 300 }]);
    });

    it('sees of a folder that cannot be read nothing, and of a part that was asked for no more than that', async () => {
      const below = stored(['b'], '1', { file: 'api/v1/Dockerfile' });
      const beside = stored(['c'], '2', { file: 'apis/Dockerfile', reference: 'ghcr.io/x/y:1' });
      await store.recordRun(aRun(100, { findings: [below, beside] }));
      await store.recordRun(aRun(200, { read: [readScope('.', { missed: ['api'] })] }));
      expect(await keys()).toEqual(['b']);
      const partly = (files: string[]) => ({ read: [readScope('.', { files, isPartial: true })] });
      await store.recordRun(aRun(300, partly(['other/Dockerfile'])));
      expect(await keys()).toEqual(['b']);
      await store.recordRun(aRun(400, partly([below.file])));
      expect(await keys()).toEqual([]);
    });

    it('knows what was read before, until nobody wants it any more', async () => {
      const read = [readScope('github:7', { name: 'org/a', files: ['Dockerfile'] })];
      expect(await lastRead('org/a')).toBeUndefined();
      await store.recordRun(aRun(100, { read }));
      await store.recordRun(aRun(200, { read: [] }));
      expect(await lastRead('org/a')).toBe(100);
      expect(await readBefore('org/a', 'Dockerfile')).toBe(true);
      expect(await readBefore('org/a', 'other')).toBe(false);
      await store.recordRun(aRun(300, { read: [readScope('github:7', { name: 'org/renamed' })] }));
      expect(await store.watch.scopes()).toEqual([{ id: 'github:7', name: 'org/renamed', last: 300 }]);
      expect(await readBefore('org/a', 'Dockerfile')).toBe(false);
      await store.recordRun(aRun(400, { read: [], dropped: ['github:7'] }));
      expect(await store.watch.scopes()).toEqual([]);
    });

    it('puts right what a clock that ran ahead has left', async () => {
      const ahead = Date.UTC(2036, 0, 1);
      const now = Date.UTC(2026, 0, 1);
      await store.recordRun(aRun(ahead, { looks: [look(a)], findings: [stored(['x'])] }));
      await store.outbox.delivered('ops', { news: ['x'], now: ahead });
      await store.outbox.reminded('ops', ['x'], ahead);
      await store.snoozes.add([{ kind: 'image', value: 'x', until: ahead + day }], ahead);
      await store.recordRun(aRun(now, { looks: [look(b)], findings: [stored(['x'])] }));
      expect(await lastLook(debian)).toEqual({ digest: b, first: now, last: now });
      expect(await looks(debian)).toContainEqual({ digest: a, first: now - 1, last: now - 1 });
      expect((await memory('ops')).told.get('x')).toBe(now);
      expect((await store.openNews()).get('x')).toMatchObject({ first: now });
      expect(await store.fleet.lastRun()).toBe(now);
      expect(await lastRead('.')).toBe(now);
      expect(await store.snoozes.active(now)).toEqual([{ kind: 'image', value: 'x', until: now + day }]);
    });

    it('counts runs of notices, and closes them when they are not there any more', async () => {
      const places = [{ scope: '.', file: '' }];
      const notice = { class: 'unchecked', reference: 'deb.example', news: ['n'], places } as const;
      await store.recordRun(aRun(100, { notices: [notice] }));
      await store.recordRun(aRun(200, { notices: [notice] }));
      expect((await store.openNews()).get('n')).toMatchObject({ class: 'unchecked', first: 100, runs: 2 });
      await store.recordRun(aRun(300, { read: [readScope('org/b')] }));
      expect(await keys()).toEqual(['n']);
      await store.recordRun(aRun(400));
      expect(await keys()).toEqual([]);
    });

    it('says how far the images in use were looked into', async () => {
      const place = {
        scope: '.',
        repository: 'org/a',
        file: 'Dockerfile',
        line: 1,
        written: 'debian:12',
        reference: debian,
      };
      const consumer = { id: '1', ...place, digest: a, manifests: [{ platform: 'linux/amd64', manifest: b }] };
      await store.recordRun(aRun(100));
      const unlooked = [{ id: '2', scope: '.', file: 'Dockerfile', reference: 'ghcr.io/x/y:1' }];
      await store.fleet.record({ consumers: [consumer], unlooked }, [], aRun(100));
      expect(await store.fleet.coverage()).toEqual({ looked: 0, images: 2 });
      const inventory = { os: 'debian 12', scheme: 'dpkg', packages: [] } as const;
      await store.fleet.addInventory(b, 'e1', { ...inventory, isWhole: false });
      expect(await store.fleet.coverage()).toEqual({ looked: 0, images: 2 });
      await store.fleet.addInventory(b, 'e1', { ...inventory, isWhole: true });
      expect(await store.fleet.coverage()).toEqual({ looked: 1, images: 2 });
      await store.fleet.record({ consumers: [consumer], unlooked: [] }, [], aRun(100));
      expect(await store.fleet.coverage()).toEqual({ looked: 1, images: 1 });
    });

    it('records all of who uses what or nothing of it', async () => {
      const place = {
        scope: '.',
        repository: 'org/a',
        file: 'Dockerfile',
        line: 1,
        written: 'debian:12',
        reference: debian,
      };
      const consumer = { id: '1', ...place, digest: a, manifests: [{ platform: 'linux/amd64', manifest: a }] };
      await store.recordRun(aRun(100));
      const packages = [{ name: 'openssl', version: '1', architecture: 'amd64' }];
      for (const manifest of [a, b]) {
        await store.fleet.addInventory(manifest, 'e1', { os: 'debian 12', scheme: 'dpkg', packages, isWhole: true });
      }
      await store.fleet.record({ consumers: [consumer], unlooked: [] }, [], aRun(100));
      const moved = { ...consumer, digest: b, manifests: [{ platform: 'linux/amd64', manifest: b }] };
      await store.fleet.addInventory(b, 'e1', { os: 'debian 12', scheme: 'dpkg', packages, isWhole: true });
      const broken = { ...moved, id: '2', file: undefined as unknown as string };
      const failing = store.fleet.record({ consumers: [moved, broken], unlooked: [] }, [], aRun(200));
      await expect(failing).rejects.toMatchObject({ code: 'STATE' });
      expect(await store.fleet.carriers('openssl')).toMatchObject([{ digest: a }]);
      await store.fleet.record({ consumers: [moved], unlooked: [] }, [], aRun(200));
      expect(await store.fleet.carriers('openssl')).toMatchObject([{ digest: b }]);
    });

    it('takes what was closed for less than a day for the same, unless it breaks builds', async () => {
      const broken = { class: 'pin-broken' } as const;
      const findings = [stored(['x']), stored(['b'], '2', broken)];
      await store.recordRun(aRun(100, { findings }));
      await store.outbox.delivered('ops', { news: ['x', 'b'], now: 100 });
      await store.recordRun(aRun(200));
      await store.recordRun(aRun(300, { findings }));
      expect((await store.openNews()).get('x')).toMatchObject({ first: 100, runs: 1 });
      expect((await store.openNews()).get('b')).toMatchObject({ first: 300, runs: 1 });
      expect(await untold('ops', ['x', 'b'])).toEqual(['b']);
    });

    it('tells again what was over for a day', async () => {
      await store.recordRun(aRun(100, { findings: [stored(['x'])] }));
      await store.outbox.delivered('ops', { news: ['x'], now: 100 });
      await store.recordRun(aRun(200));
      await store.recordRun(aRun(200 + day, { findings: [stored(['x'])] }));
      expect((await store.openNews()).get('x')).toMatchObject({ first: 200 + day, runs: 1 });
      expect(await untold('ops', ['x'])).toEqual(['x']);
    });

    it('remembers deliveries by channel', async () => {
      await store.outbox.delivered('ops', { news: ['x', 'y'], now: 100 });
      await store.outbox.delivered('ops', { news: ['x'], now: 200, receipt: '42' });
      expect(await untold('ops', ['z', 'y', 'x', 'w'])).toEqual(['z', 'w']);
      expect(await untold('mail', ['x', 'y'])).toEqual(['x', 'y']);
    });

    it('knows when a channel was told, or reminded, last', async () => {
      await store.outbox.delivered('ops', { news: ['x', 'y'], now: 100 });
      await store.outbox.delivered('ops', { news: ['z'], now: 300 });
      await store.outbox.reminded('ops', ['x'], 250);
      expect((await memory('ops')).told).toEqual(
        new Map([
          ['x', 250],
          ['y', 100],
          ['z', 300],
        ]),
      );
      expect((await memory('mail')).told).toEqual(new Map());
    });

    it('says once that something is over, to whom it was told', async () => {
      await store.recordRun(aRun(100, { findings: [stored(['x', 'y'])] }));
      await store.outbox.delivered('ops', { news: ['x'], now: 100, receipt: '42' });
      expect((await memory('ops')).closings).toEqual([]);
      await store.recordRun(aRun(200));
      expect((await memory('ops')).closings).toEqual([
        { news: 'x', class: 'packages', reference: debian, receipt: '42', closed: 200 },
      ]);
      expect((await memory('mail')).closings).toEqual([]);
      await store.outbox.closed('ops', ['x'], 200);
      expect((await memory('ops')).closings).toEqual([]);
    });

    it('remembers a channel’s windows, baselines and trouble', async () => {
      await store.outbox.openWindow('ops', 'weekly', '2026-W46');
      await store.outbox.openWindow('ops', 'mode', '2026-11-21');
      await store.outbox.openWindow('ops', 'weekly', '2026-W47');
      expect((await memory('ops')).windows.get('weekly')).toBe('2026-W47');
      expect((await memory('ops')).windows.get('mode')).toBe('2026-11-21');
      expect((await memory('mail')).windows.get('weekly')).toBeUndefined();
      await store.outbox.recordBaselines('ops', ['org/a'], 100);
      await store.outbox.recordBaselines('ops', ['org/a'], 200);
      expect((await memory('ops', ['org/a'])).baselines.has('org/a')).toBe(true);
      expect((await memory('ops', ['org/b'])).baselines.has('org/b')).toBe(false);
      expect(await store.outbox.failed('ops', 'http-404', 100)).toEqual({ code: 'http-404', first: 100, runs: 1 });
      expect(await store.outbox.failed('ops', 'http-500', 200)).toEqual({ code: 'http-500', first: 100, runs: 2 });
      await store.outbox.recovered('ops');
      expect((await memory('ops')).trouble).toBeUndefined();
    });

    it('gives a reference its base line once, and moves it only when told to', async () => {
      await store.recordRun(aRun(100, { looks: [look(a)] }));
      await store.recordRun(aRun(200, { looks: [look(b)] }));
      expect((await lastLook(debian))?.digest).toBe(b);
      expect(await baseLine(debian)).toBe(a);
      await store.moveBaseLines(new Map([[debian, b]]), 200);
      expect(await baseLine(debian)).toBe(b);
      await store.moveBaseLines(new Map([['ghcr.io/x/y:1', a]]), 200);
      expect(await baseLine('ghcr.io/x/y:1')).toBe(a);
    });

    it('keeps snoozes until they end', async () => {
      const snooze = { kind: 'image', value: 'docker.io/library/*', until: 500 } as const;
      await store.snoozes.add([snooze], 100);
      await store.snoozes.add([{ kind: 'news', value: 'x', until: 300 }], 100);
      expect((await store.snoozes.active(200)).map(({ value }) => value)).toEqual(['x', snooze.value]);
      expect(await store.snoozes.active(300)).toEqual([snooze]);
      await store.snoozes.add([{ ...snooze, until: 0 }], 200);
      expect(await store.snoozes.active(200)).toMatchObject([{ value: 'x' }]);
    });

    it('says what stands, since when without a gap, the oldest first', async () => {
      const other = stored(['z'], 'other', { security: true, held: 'young', repository: 'org/a', line: 3 });
      await store.recordRun(aRun(100, { findings: [stored(['x'])] }));
      await store.recordRun(aRun(200, { findings: [stored(['x']), other] }));
      expect(await store.fleet.standing()).toMatchObject([
        { id: 'finding', since: 100, security: null, held: null },
        { id: 'other', since: 200, security: true, held: 'young', repository: 'org/a', file: 'Dockerfile', line: 3 },
      ]);
      await store.recordRun(aRun(300, { findings: [other] }));
      expect(await store.fleet.standing()).toMatchObject([{ id: 'other', since: 200 }]);
      await store.recordRun(aRun(400, { findings: [stored(['x']), other] }));
      expect(await store.fleet.standing()).toMatchObject([
        { id: 'other', since: 200 },
        { id: 'finding', since: 400 },
      ]);
      expect(await store.fleet.lastRun()).toBe(400);
    });

    it('tells the history of a reference, the newest first', async () => {
      await store.recordRun(aRun(100, { looks: [look(a)] }));
      await store.recordRun(aRun(200, { looks: [look(b)], findings: [stored(['x'])] }));
      expect(await store.fleet.references('docker.io/library/debian')).toEqual([debian]);
      expect(await store.fleet.references(debian)).toEqual([debian]);
      expect(await store.fleet.references('docker.io/library/deb')).toEqual([]);
      expect(await store.fleet.history(debian)).toEqual([
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

    it('knows which places carry a package, and what would help', async () => {
      const helps = ['edit', 'newer-base'].map((remedy, index) =>
        stored([remedy], '1', { class: index === 0 ? 'packages' : 'lagging', remedy }),
      );
      await store.recordRun(aRun(100, { looks: [look(a)], findings: helps }));
      const place = {
        repository: 'org/a',
        role: 'base' as const,
        file: 'Dockerfile',
        line: 1,
        written: 'debian:12',
        reference: debian,
      };
      const consumer = {
        id: '1',
        scope: '.',
        ...place,
        digest: a,
        manifests: [{ platform: 'linux/amd64', manifest: b }],
      };
      const openssl = { name: 'openssl', version: '3.0.15-1', architecture: 'amd64' };
      const libssl = { ...openssl, name: 'libssl3', source: { name: 'openssl' } };
      const inventory = { os: 'debian 12', scheme: 'dpkg', isWhole: true, packages: [openssl, libssl] } as const;
      await store.fleet.record(
        { consumers: [consumer], unlooked: [] },
        [
          { reference: debian, package: 'openssl', version: '3.0.17-1', remedy: 'newer-base' },
          { reference: debian, package: 'openssl', version: '3.0.16-1', remedy: 'edit' },
        ],
        aRun(100),
      );
      expect((await store.fleet.known([b], 'e1')).has(b)).toBe(false);
      await store.fleet.addInventory(b, 'e1', inventory);
      expect((await store.fleet.known([b], 'e1')).has(b)).toBe(true);
      expect((await store.fleet.known([b], 'e2')).has(b)).toBe(false);
      expect(await store.fleet.carriers('libssl3')).toMatchObject([{ name: 'libssl3', source: 'openssl', fixes: [] }]);
      const [ofSource, ...own] = await store.fleet.carriers('openssl');
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
      await store.fleet.addInventory(b, 'e2', { ...inventory, packages: [] });
      expect(await store.fleet.carriers('openssl')).toEqual([]);
      await store.fleet.record(nobody, [], aRun(100, { unsure: new Map([[debian, 'all']]) }));
      expect((await store.fleet.known([b], 'e2')).has(b)).toBe(true);
      await store.fleet.record(nobody, [], aRun(100, { read: [] }));
      expect((await store.fleet.known([b], 'e2')).has(b)).toBe(true);
      await store.fleet.record({ consumers: [{ ...consumer, digest: b }], unlooked: [] }, [], aRun(100));
      expect((await store.fleet.known([b], 'e2')).has(b)).toBe(true);
      // What nobody uses any more can still be compared, for a while.
      await store.fleet.record(nobody, [], aRun(100));
      expect((await store.fleet.known([b], 'e2')).has(b)).toBe(true);
      await store.prune({ events: day, inventories: day, runs: day }, 2 * day);
      expect((await store.fleet.known([b], 'e2')).has(b)).toBe(false);
    });

    it('knows of each place what would help there, and of one that could not be looked up what did', async () => {
      const helps = (id: string, remedy: string, kind: 'lagging' | 'unknown' = 'lagging') =>
        stored([`${id} ${kind}`], id, { class: kind, remedy });
      const all = [helps('1', 'rebuild'), helps('2', 'upgrade-line'), helps('3', 'newer-base')];
      await store.recordRun(aRun(100, { looks: [look(a)], findings: all }));
      const place = { scope: '.', repository: '.', role: 'base' as const, file: 'Dockerfile', written: 'debian:12' };
      const consumers = ['1', '2', '3', '4'].map((id) => ({
        ...place,
        id,
        line: Number(id),
        reference: debian,
        digest: a,
        manifests: [{ platform: 'linux/amd64', manifest: b }],
      }));
      const fixes = ['rebuild', 'upgrade-line', 'newer-base'].map((remedy) => ({
        reference: debian,
        package: 'openssl',
        version: '3.0.16-1',
        remedy,
      }));
      await store.fleet.record({ consumers, unlooked: [] }, fixes, aRun(100));
      const openssl = { name: 'openssl', version: '3.0.15-1', architecture: 'amd64' };
      const inventory = { os: 'debian 12', scheme: 'dpkg', isWhole: true, packages: [openssl] } as const;
      await store.fleet.addInventory(b, 'e1', inventory);
      const known = async () =>
        (await store.fleet.carriers('openssl')).map((one) => [one.line, ...one.fixes.map(({ remedy }) => remedy)]);
      expect(await known()).toEqual([[1, 'rebuild'], [2, 'upgrade-line'], [3, 'newer-base'], [4]]);
      const untold = new Map([['2', 'all' as const]]);
      await store.recordRun(aRun(200, { findings: [helps('2', 'none', 'unknown')], untold }));
      expect((await known())[1]).toEqual([2, 'rebuild', 'upgrade-line', 'newer-base']);
    });

    describe('memory', () => {
      const keep = { events: 10 * day, inventories: 10 * day, runs: 10 * day };
      const detail = (latest: string): FindingDetail => ({
        latest,
        platforms: ['linux/amd64'],
        packages: { first: [], all: 0 },
        react: ['propose'],
      });
      const use = (id: string, more: object = {}) => ({
        id,
        scope: '.',
        repository: 'acme/shop',
        file: 'Dockerfile',
        line: 1,
        written: 'debian:12',
        reference: debian,
        digest: a,
        manifests: [{ platform: 'linux/amd64', manifest: a }],
        ...more,
      });

      it('has what published images are built on, as long as a file builds them', async () => {
        const [used, other] = ['1', '2'].map((n) => ({ id: n, name: n, files: ['Dockerfile'], lost: [], missed: [] }));
        const on = (image: string, scope: string) => ({
          ...{ image, digest: b, scope, repository: 'acme/shop', file: 'Dockerfile', line: 1, base: debian },
          manifests: [{ platform: 'linux/amd64', manifest: a }],
        });
        const packages = [{ name: 'openssl', version: '1', architecture: 'amd64' }];
        await store.fleet.addInventory(a, 'e1', { isWhole: true, scheme: 'dpkg', packages });
        const record = (
          uses: readonly ReturnType<typeof on>[],
          untold: readonly string[],
          read: readonly (typeof used)[] = [used, other],
        ): Promise<void> =>
          store.fleet.record(
            { consumers: [], unlooked: [], published: { uses, untold } },
            [{ reference: debian, package: 'openssl', version: '2', remedy: 'rebuild' }],
            aRun(day, { read: read.flatMap((one) => one ?? []) }),
          );
        const carriers = async (): Promise<readonly string[]> =>
          (await store.fleet.carriers('openssl')).map(
            (one) => `${one.reference} on ${one.builtOn} ${one.fixes[0]?.version}`,
          );
        await record([on('r/app:1', '1'), on('r/tool:1', '2')], []);
        expect(await carriers()).toEqual([`r/app:1 on ${debian} 2`, `r/tool:1 on ${debian} 2`]);
        expect(await store.fleet.carriers('openssl')).toMatchObject([
          { digest: b, file: 'Dockerfile', line: 1, platform: 'linux/amd64', written: 'r/app:1' },
          {},
        ]);
        // One could not be asked for, the other's repository was not read.
        await record([], ['r/app:1'], [used]);
        expect(await carriers()).toHaveLength(2);
        await record([on('r/tool:1', '2')], []);
        expect(await carriers()).toEqual([`r/tool:1 on ${debian} 2`]);
        // A run that did not ask takes nothing away.
        await store.fleet.record({ consumers: [], unlooked: [] }, [], aRun(day));
        expect(await carriers()).toHaveLength(1);
        await store.prune({ events: 0, inventories: 0, runs: 0 }, 9 * day);
        expect(await carriers()).toHaveLength(1);
      });

      it('has of a stale image which one it is, and how it stands with its rebuild', async () => {
        const rebuild = {
          published: { image: 'ghcr.io/acme/app:1', digest: b, by: 'layers', tags: ['1'] },
          dispatch: { state: 'asked', at: '2026-11-29T12:00:00Z', reason: 'a rebuild was asked for' },
          chain: 'built on debian:12: acme/app asked for',
        } as const;
        await store.recordRun(
          aRun(day, {
            findings: [
              stored(['x'], '1', { class: 'stale', detail: { ...detail(b), ...rebuild } }),
              stored(['y'], '2', { detail: detail(b) }),
            ],
          }),
        );
        const { items } = await store.memory.findings({ class: 'stale' });
        const [one] = items;
        expect(one).toMatchObject({ class: 'stale', ...rebuild, detail: { latest: b } });
        expect(one?.detail).not.toHaveProperty('dispatch');
        const standing = await store.fleet.standing();
        expect(standing.find(({ id }) => id === '1')).toMatchObject(rebuild);
        expect(standing.find(({ id }) => id === '2')).not.toHaveProperty('detail');
      });

      it('has what happened to a finding, and nothing that stayed', async () => {
        await store.recordRun(aRun(day, { findings: [stored(['x'], 'f', { detail: detail(a) })] }));
        await store.recordRun(aRun(2 * day, { findings: [stored(['x'], 'f', { detail: detail(a) })] }));
        await store.recordRun(aRun(3 * day, { findings: [stored(['x'], 'f', { detail: detail(b) })] }));
        await store.recordRun(
          aRun(4 * day, { findings: [stored(['y'], 'f', { class: 'security', detail: detail(b) })] }),
        );
        await store.recordRun(aRun(5 * day));
        const events = await store.memory.events({ reference: debian }, 50);
        expect(events.map(({ at, kind, class: own, from, latest }) => [at / day, kind, own, from, latest])).toEqual([
          [5, 'gone', 'security', undefined, undefined],
          [4, 'gone', 'packages', undefined, undefined],
          [4, 'opened', 'security', 'packages', b],
          [3, 'changed', 'packages', undefined, b],
          [1, 'opened', 'packages', undefined, a],
        ]);
        expect(await store.memory.events({ id: 'other' }, 50)).toEqual([]);
        await store.prune({ ...keep, events: day }, 5 * day + day / 2);
        expect(await store.memory.events({ reference: debian }, 50)).toHaveLength(1);
      });

      it('has a day per day with a run about everything, and gaps for the others', async () => {
        const findings = [
          stored(['x'], '1', { repository: 'acme/a' }),
          stored(['y'], '2', { class: 'security', security: true }),
        ];
        await store.recordRun(aRun(day, { findings: findings.slice(0, 1) }));
        await store.recordRun(aRun(day + 1000, { findings }));
        await store.recordRun(aRun(3 * day, { findings, targeted: { references: new Set([debian]) } }));
        await store.recordRun(aRun(4 * day));
        expect(await store.memory.days('1970-01-01')).toMatchObject([
          { date: '1970-01-02', findings: { packages: 1, security: 1 }, security: 1 },
          { date: '1970-01-05', findings: {}, security: 0 },
        ]);
        expect(await store.memory.days('1970-01-03')).toHaveLength(1);
      });

      it('lists images by urgency, with their uses, and what stands of each with its detail', async () => {
        const redis = 'docker.io/library/redis:7';
        const worse = stored(['y'], '9', { class: 'pin-broken', reference: redis, detail: detail(b) });
        await store.recordRun(
          aRun(day, { looks: [look(b)], findings: [stored(['x'], '1', { detail: detail(b) }), worse] }),
        );
        const consumers = [use('1'), use('2', { repository: 'acme/other' }), use('9', { reference: redis })];
        await store.fleet.record({ consumers, unlooked: [] }, [], aRun(day));
        const { items, next } = await store.memory.images({});
        expect(next).toBeUndefined();
        expect(items).toMatchObject([
          { reference: redis, uses: 1, class: 'pin-broken', findings: 1 },
          { reference: debian, uses: 2, repositories: 2, class: 'packages', since: day, looked: day },
        ]);
        expect((await store.memory.images({ text: 'red_s' })).items).toEqual([]);
        expect((await store.memory.images({ text: 'redis' })).items).toHaveLength(1);
        expect((await store.memory.images({ class: 'packages' })).items).toMatchObject([{ reference: debian }]);
        expect((await store.memory.images({ repository: 'acme/other' })).items).toMatchObject([{ reference: debian }]);
        expect((await store.memory.uses(debian)).items.map(({ repository }) => repository)).toEqual([
          'acme/other',
          'acme/shop',
        ]);
        const { items: findings } = await store.memory.findings({ reference: debian });
        expect(findings).toMatchObject([{ class: 'packages', detail: { latest: b, react: ['propose'] } }]);
        expect((await store.memory.repositories()).items.map(({ name }) => name)).toContain('acme/shop');
        expect((await store.memory.news()).items).toMatchObject([
          { class: 'pin-broken', places: 1, told: 0 },
          { class: 'packages' },
        ]);
        expect(await store.memory.openNews()).toEqual(
          new Map([
            ['pin-broken', 1],
            ['packages', 1],
          ]),
        );
        await store.outbox.delivered('ops', { news: ['x'], now: day });
        await store.outbox.failed('mail', 'channel-failed', day);
        expect(await store.memory.channels()).toMatchObject([
          { name: 'mail', trouble: { runs: 1 } },
          { name: 'ops', delivered: 1, last: day },
        ]);
      });

      it('gives long lists page by page', async () => {
        const kinds = ['packages', 'security', 'config'] as const;
        const findings = Array.from({ length: 250 }, (_, n) =>
          stored([`n${n}`], `${n}`, {
            class: kinds[n % 3] ?? 'packages',
            reference: `r/x${1000 + (n % 20)}:1`,
            repository: `acme/${n % 7}`,
            line: n % 2,
          }),
        );
        await store.recordRun(aRun(day, { findings: findings.slice(0, 100) }));
        await store.recordRun(aRun(day + 1, { findings }));
        const pages = async (query: FindingQuery, between = async (): Promise<unknown> => 0) => {
          const seen: DetailedFinding[][] = [];
          for (let cursor: string | undefined, more = true; more; ) {
            const page = await store.memory.findings(query, cursor);
            seen.push([...page.items]);
            cursor = page.next;
            more = cursor !== undefined;
            if (more) await between();
          }
          return seen;
        };
        const [whole = []] = await pages({ rows: 1000 });
        const place = ({ class: kind, since, reference, repository, line }: DetailedFinding): string =>
          `${['security', 'packages', 'config'].indexOf(kind)} ${since + 1e9} ${reference} ${repository} ${line}`;
        expect(whole).toHaveLength(250);
        expect(whole.map(place)).toEqual(whole.map(place).sort());
        for (const rows of [1, 7, 50, 249, 250]) {
          const seen = await pages({ rows });
          expect(seen.map(({ length }) => length).slice(0, -1)).toEqual(seen.slice(1).map(() => rows));
          expect(seen.flat()).toEqual(whole);
        }
        expect((await pages({}))[0]).toHaveLength(100);
        const some = { class: 'config', repository: 'acme/3', text: 'x101', rows: 2 } as const;
        expect((await pages(some)).flat()).toEqual(
          whole.filter(
            (one) => one.class === 'config' && one.repository === 'acme/3' && one.reference.includes('x101'),
          ),
        );
        const ofImage = await pages({ reference: 'r/x1007:1', rows: 5 });
        expect(ofImage.flat()).toEqual(whole.filter(({ reference }) => reference === 'r/x1007:1'));
        // What comes in front of a page while it is read neither shifts the next nor stands twice.
        let more = 0;
        const grown = await pages({ rows: 100 }, async () => {
          more++;
          const urgent = stored([`m${more}`], `m${more}`, { class: 'security', reference: 'a/first:1' });
          await store.recordRun(aRun(day + 1 + more, { findings: [...findings, urgent] }));
        });
        expect(grown.flat().map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
      });

      it.each([
        '',
        '200',
        'x',
        Buffer.from('["security",1]').toString('base64url'),
        Buffer.from('{}').toString('base64url'),
        'AAAA',
        Buffer.from('["AAAAAAAA",7]').toString('base64url'),
      ])('takes for no cursor of a list what none of its pages gave: %s', async (cursor) => {
        await store.recordRun(aRun(day, { findings: [stored(['n'])] }));
        const { memory } = store;
        for (const list of [
          memory.findings({}, cursor),
          memory.news(cursor),
          memory.images({}, cursor),
          memory.uses(debian, cursor),
          memory.digests(debian, cursor),
          memory.packages('openssl', cursor),
          memory.carriers('openssl', '1', cursor),
          memory.fixes(cursor),
          memory.repositories(cursor),
        ]) {
          await expect(list).rejects.toMatchObject({ code: 'USAGE' });
        }
      });

      it('takes the cursor of a list for that list alone, asked for with the same words', async () => {
        const findings = Array.from({ length: 3 }, (_, n) =>
          stored([`n${n}`], `${n}`, { reference: `r/x${n}:1`, repository: 'acme/app' }),
        );
        await store.recordRun(
          aRun(day, { findings, looks: findings.map((one) => ({ ...look(b), reference: one.reference })) }),
        );
        const { memory } = store;
        const images = (query: object, cursor?: string) => memory.images({ rows: 1, ...query }, cursor);
        const found = (query: object, cursor?: string) => memory.findings({ rows: 1, ...query }, cursor);
        for (const [mine, other] of [
          [images, found],
          [found, images],
        ] as const) {
          for (const query of [{}, { text: 'x' }, { class: 'packages' }, { repository: 'acme/app' }]) {
            const { next = '' } = await mine(query);
            expect((await mine(query, next)).items).toHaveLength(1);
            for (const others of [
              {},
              { text: 'x' },
              { class: 'packages' },
              { repository: 'acme/app' },
              { text: 'X' },
            ]) {
              if (JSON.stringify(others) === JSON.stringify(query)) continue;
              await expect(mine(others, next)).rejects.toMatchObject({ code: 'USAGE' });
            }
            await expect(other(query, next)).rejects.toMatchObject({ code: 'USAGE' });
          }
        }
      });

      it('keeps which packages any digest had that was ever seen', async () => {
        const packages = [{ name: 'openssl', version: '1', architecture: 'amd64', source: { name: 'ssl' } }];
        const inventory = { os: 'debian 12', scheme: 'dpkg', isWhole: true } as const;
        await store.recordRun(aRun(day));
        await store.fleet.addInventory(a, 'e', { ...inventory, packages });
        await store.fleet.addInventory(b, 'e', { ...inventory, packages: [] });
        const seen = [{ digest: b, platform: 'linux/amd64', manifest: b }];
        await store.fleet.record({ consumers: [use('1')], unlooked: [], seen, at: day }, [], aRun(day));
        expect(await store.memory.manifests(b)).toEqual([{ platform: 'linux/amd64', manifest: b }]);
        expect(await store.memory.inventory(a)).toEqual({ ...inventory, packages });
        expect(await store.memory.inventory('sha256:none')).toBeUndefined();
        expect((await store.memory.packages('ssl')).items).toEqual([
          { name: 'openssl', version: '1', scheme: 'dpkg', os: 'debian 12', images: 1, places: 1 },
        ]);
        // What is in use stays; what was only seen goes with its time, and is of use anew when it is seen again.
        await store.fleet.record({ consumers: [use('1')], unlooked: [], seen, at: 8 * day }, [], aRun(8 * day));
        await store.prune(keep, 15 * day);
        expect(await store.memory.inventory(b)).toBeDefined();
        await store.prune(keep, 30 * day);
        expect(await store.memory.inventory(b)).toBeUndefined();
        expect(await store.memory.manifests(b)).toEqual([]);
        expect(await store.memory.inventory(a)).toBeDefined();
      });

      it('knows a run before it begins, while it lasts, and what came of it', async () => {
        await store.recordRun(aRun(day));
        const targeted = { references: new Set([debian]) };
        const number = await store.queueRun({ trigger: 'person', targeted, at: 2 * day });
        expect(await store.run(number)).toMatchObject({ id: number, trigger: 'person', targeted, startedAt: 2 * day });
        expect((await store.run(number))?.begunAt).toBeUndefined();
        expect(await store.fleet.lastRun()).toBe(day);
        await store.beginRun(number, 2 * day + 5);
        expect((await store.run(number))?.begunAt).toBe(2 * day + 5);
        expect(await store.recordRun(aRun(2 * day + 6, { number, trigger: 'person', targeted }))).toBe(number);
        await store.endRun(number, { finishedAt: 2 * day + 9, outcome: 'done', exit: 0 });
        expect(await store.run(number)).toMatchObject({ begunAt: 2 * day + 5, outcome: 'done', exit: 0, targeted });
        expect((await store.run(number))?.summary).toBeDefined();
        const lost = await store.queueRun({ trigger: 'schedule', at: 3 * day });
        await store.beginRun(lost, 3 * day);
        await store.endRun(lost, { finishedAt: 3 * day + 1, outcome: 'aborted', exit: 143 });
        expect(await store.run(lost)).toMatchObject({ outcome: 'aborted' });
        expect((await store.run(lost))?.summary).toBeUndefined();
        expect(await store.fleet.lastRun()).toBe(day);
        expect(await store.run(99)).toBeUndefined();
      });

      it('keeps what a daemon is to do, and has done', async () => {
        const { daemon } = store;
        expect(await daemon.due('run')).toBeUndefined();
        for (const due of [1, 7]) await daemon.setDue('run', due);
        expect(await daemon.due('run')).toBe(7);
        const recheck = (reference: string, requested: number) => ({ reference, requested, source: 'github' });
        await daemon.addRechecks([recheck('a/b:1', 5), recheck('a/c:1', 5)]);
        await daemon.addRechecks([recheck('a/b:1', 9)]);
        expect(await daemon.rechecks()).toEqual([recheck('a/b:1', 5), recheck('a/c:1', 5)]);
        await daemon.removeRechecks(['a/b:1', 'nobody']);
        expect(await daemon.rechecks()).toEqual([recheck('a/c:1', 5)]);
        expect([await daemon.firstDelivery('x', '1', 5), await daemon.firstDelivery('x', '1', 6)]).toEqual([
          true,
          false,
        ]);
        expect(await daemon.firstDelivery('y', '1', 6)).toBe(true);
        const entry = { at: 5, person: 'ann', action: 'snooze', subject: 'redis:*' };
        await daemon.audit(entry);
        expect(await daemon.audited(10)).toEqual([entry]);
        await store.prune(keep, 100 * day);
        expect(await daemon.audited(10)).toEqual([]);
        expect(await daemon.firstDelivery('x', '1', 100 * day)).toBe(true);
      });

      it('lists images into which nobody could look, too, and what stands of them', async () => {
        const redis = 'docker.io/library/redis:7';
        const broken = stored(['y'], '9', { class: 'pin-broken', reference: redis, repository: 'acme/cache' });
        await store.recordRun(aRun(day, { findings: [broken] }));
        const unlooked = [{ id: '9', scope: '.', file: 'Dockerfile', reference: redis }];
        await store.fleet.record({ consumers: [], unlooked }, [], aRun(day));
        expect((await store.memory.images({})).items).toMatchObject([
          { reference: redis, class: 'pin-broken', uses: 1, repositories: 1, findings: 1 },
        ]);
        expect((await store.memory.images({ repository: 'acme/cache' })).items).toHaveLength(1);
        expect((await store.memory.images({ repository: 'acme/shop' })).items).toEqual([]);
        await store.recordRun(aRun(2 * day));
        expect((await store.memory.images({})).items).toMatchObject([{ reference: redis, uses: 1, findings: 0 }]);
      });

      it('counts places once, whatever number of platforms their builds have', async () => {
        const packages = [{ name: 'openssl', version: '1', architecture: 'amd64' }];
        const inventory = { os: 'debian 12', scheme: 'dpkg', isWhole: true, packages } as const;
        const both = [
          { platform: 'linux/amd64', manifest: a },
          { platform: 'linux/arm64', manifest: b },
        ];
        await store.recordRun(aRun(day));
        for (const manifest of [a, b]) await store.fleet.addInventory(manifest, 'e', inventory);
        const consumers = [use('1', { manifests: both }), use('2', { manifests: both }), use('3')];
        const fix = { reference: debian, package: 'openssl', version: '2' };
        const fixes = [
          { ...fix, remedy: 'newer-base' },
          { ...fix, remedy: 'edit' },
        ];
        await store.fleet.record({ consumers, unlooked: [] }, fixes, aRun(day));
        expect((await store.memory.packages('openssl')).items).toMatchObject([{ images: 1, places: 3 }]);
        expect((await store.memory.carriers('openssl', '1')).items).toEqual([
          {
            reference: debian,
            digest: a,
            places: 3,
            fixes: [
              { version: '2', remedy: 'edit' },
              { version: '2', remedy: 'newer-base' },
            ],
          },
        ]);
        expect((await store.memory.carriers('openssl', '2')).items).toEqual([]);
        expect((await store.memory.fixes()).items).toEqual([
          { package: 'openssl', versions: ['2'], moreVersions: 0, images: 1, remedies: ['edit', 'newer-base'] },
        ]);
        await store.fleet.record({ consumers: [use('3')], unlooked: [] }, [], aRun(2 * day));
        expect((await store.memory.packages('openssl')).items).toMatchObject([{ images: 1, places: 1 }]);
      });

      it('finds packages and repositories by a part of their name', async () => {
        const packages = ['openssl', 'libssl3', 'zlib%'].map((name) => ({ name, version: '1', architecture: 'amd64' }));
        await store.recordRun(aRun(day));
        await store.fleet.addInventory(a, 'e', { scheme: 'dpkg', isWhole: true, packages });
        await store.fleet.record(
          { consumers: [use('1'), use('2', { repository: 'acme/sh_p' })], unlooked: [] },
          [],
          aRun(day),
        );
        expect(await store.memory.packageNames('ssl')).toEqual(['libssl3', 'openssl']);
        expect(await store.memory.packageNames('%')).toEqual(['zlib%']);
        expect((await store.memory.repositories(undefined, 'shop')).items).toMatchObject([
          { name: 'acme/shop', uses: 1 },
        ]);
        expect((await store.memory.repositories(undefined, 'sh_')).items).toMatchObject([{ name: 'acme/sh_p' }]);
      });

      it('forgets runs that are long over, and never the last', async () => {
        for (const at of [1, 2, 3]) await store.recordRun(aRun(at * day));
        await store.prune({ ...keep, runs: day }, 100 * day);
        expect((await store.runs(10)).map(({ startedAt }) => startedAt / day)).toEqual([3]);
      });
    });

    describe('rebuilds', () => {
      const rebuild = {
        image: 'ghcr.io/acme/base:1',
        base: a,
        was: b,
        brings: 'x',
        correlation: 'c',
        at: 100,
        timeout: 10,
      };

      it('are written before anybody is asked, and end once', async () => {
        const number = await store.rebuilds.begin(rebuild);
        await reopen();
        const [begun] = await store.rebuilds.list([rebuild.image], 1000);
        expect(begun).toEqual({ ...rebuild, number, reason: '', isCleared: false });
        await store.rebuilds.sent(number, { at: 101, url: 'https://forge/1' });
        expect(await store.rebuilds.untold()).toEqual([]);
        await store.rebuilds.end(number, { outcome: 'failed', reason: 'cached', at: 102 });
        const over = { ...begun, sent: 101, url: 'https://forge/1', ended: 102, outcome: 'failed', reason: 'cached' };
        expect(await store.rebuilds.untold()).toEqual([over]);
        await store.rebuilds.told([number], 103);
        expect(await store.rebuilds.untold()).toEqual([]);
        expect(await store.rebuilds.list([], 99)).toEqual([over]);
        expect(await store.rebuilds.list(['other'], 100)).toEqual([]);
      });

      it('that failed may be tried again when somebody says so, of one image or of all', async () => {
        for (const image of ['a', 'b', 'c']) {
          const number = await store.rebuilds.begin({ ...rebuild, image });
          await store.rebuilds.end(number, { outcome: image === 'c' ? 'served' : 'timed-out', reason: '', at: 1 });
        }
        expect(await store.rebuilds.clear(['b', 'c'], 5)).toEqual(['b']);
        expect(await store.rebuilds.clear(undefined, 5)).toEqual(['a']);
        expect((await store.rebuilds.list(['a', 'b', 'c'], 0)).map(({ isCleared }) => isCleared)).toEqual([
          true,
          true,
          false,
        ]);
      });

      it('are forgotten with the runs', async () => {
        await store.rebuilds.end(await store.rebuilds.begin(rebuild), { outcome: 'served', reason: '', at: 100 });
        await store.rebuilds.begin({ ...rebuild, correlation: 'open' });
        await store.prune({ events: 1, inventories: 1, runs: 1 }, 1000);
        expect((await store.rebuilds.list([rebuild.image], 0)).map(({ correlation }) => correlation)).toEqual(['open']);
      });
    });

    it('counts runs', async () => {
      const first = await store.recordRun(aRun(100));
      expect(await store.recordRun(aRun(200))).toBe(first + 1);
    });

    it('records all of a run or nothing of it', async () => {
      await store.recordRun(aRun(100, { looks: [look(a)], findings: [stored(['x'])] }));
      const broken = { ...stored(['y']), file: undefined as unknown as string };
      const failing = store.recordRun(aRun(200, { looks: [look(b)], findings: [stored(['z'], '1'), broken] }));
      await expect(failing).rejects.toMatchObject({ code: 'STATE' });
      expect(await looks(debian)).toEqual([{ digest: a, first: 100, last: 100 }]);
      expect([...(await store.openNews()).keys()]).toEqual(['x']);
      await store.recordRun(aRun(300, { looks: [look(b)] }));
      expect((await lastLook(debian))?.digest).toBe(b);
    });

    it('takes any text as text', async () => {
      const odd = `'; drop table look; -- \u0000 \u{1f40b} "`;
      await store.recordRun(aRun(100, { looks: [look(a, '*', odd)], findings: [stored([odd])] }));
      await store.outbox.delivered(odd, { news: [odd], now: 100, receipt: odd });
      await store.outbox.openWindow(odd, odd, odd);
      expect(await untold(odd, [odd, 'x'])).toEqual(['x']);
      expect((await store.openNews()).has(odd)).toBe(true);
      expect((await memory(odd)).windows.get(odd)).toBe(odd);
      expect(await store.fleet.references(odd)).toEqual([odd]);
    });

    it('outlives being closed', async () => {
      await store.recordRun(aRun(100, { looks: [look(a)], findings: [stored(['x'])] }));
      await store.outbox.delivered('ops', { news: ['x'], now: 100 });
      await store.outbox.openWindow('ops', 'weekly', '2026-W47');
      await reopen();
      expect(await lastLook(debian)).toEqual({ digest: a, first: 100, last: 100 });
      expect(await keys()).toEqual(['x']);
      expect(await untold('ops', ['x'])).toEqual([]);
      expect((await memory('ops')).windows.get('weekly')).toBe('2026-W47');
    });

    it('holds a large fleet', async () => {
      const looks = Array.from({ length: 5000 }, (_, i) => look(a, '*', `ghcr.io/x/y${i}:1`));
      const findings = Array.from({ length: 5000 }, (_, i) => stored([`news ${i}`], `finding ${i}`));
      await store.recordRun(aRun(100, { looks, findings }));
      await store.recordRun(aRun(200, { looks, findings: findings.slice(0, 2500) }));
      expect((await store.openNews()).size).toBe(2500);
      expect(await lastLook('ghcr.io/x/y4999:1')).toEqual({ digest: a, first: 100, last: 200 });
    });
  });
}

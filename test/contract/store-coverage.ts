import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/image/digest.ts';
import type { RunTargets } from '../../src/core/run-record.ts';
import type { Consumer } from '../../src/state/fleet.ts';
import type { NewRun, Store, StoredFinding } from '../../src/state/store.ts';
import { fc, isLong } from '../support/fast-check.ts';
import { aRun, look, readScope, type StoreFixture, stored } from './store.ts';

const day = 24 * 60 * 60 * 1000;

/** A use of an image, and what a run makes of it. */
interface Use {
  readonly scope: string;
  readonly file: string;
  readonly reference: string;
  readonly state: 'fine' | 'packages' | 'security' | 'unknown';
  readonly version: string;
}

const idOf = ({ scope, file, reference }: Use): string => `${scope} ${file} ${reference}`;
/** Who cannot be reached is one piece of news, however many images it has. */
const newsOf = (kind: string, reference: string): string =>
  kind === 'unknown' ? 'unknown host' : `${kind} ${reference}`;

function findingOf(use: Use): readonly StoredFinding[] {
  const { scope, file, reference, state } = use;
  if (state === 'fine') return [];
  const more = { class: state, scope, repository: scope, file, reference };
  return [stored([newsOf(state, reference)], idOf(use), more)];
}

function consumerOf(use: Use): Consumer {
  const { scope, file, reference, version } = use;
  const digest = digestOf(`${reference} ${version}`);
  const manifests = [{ platform: 'linux/amd64', manifest: digest }];
  return { id: idOf(use), scope, repository: scope, file, line: 1, written: reference, reference, digest, manifests };
}

/** A run that finds these uses. */
function runOver(now: number, uses: readonly Use[], more: Partial<NewRun> = {}): NewRun {
  const unknown = uses.filter(({ state }) => state === 'unknown');
  return aRun(now, {
    looks: uses.map(({ reference, version }) => look(digestOf(`${reference} ${version}`), '*', reference)),
    findings: uses.flatMap(findingOf),
    unsure: new Map(unknown.map(({ reference }) => [reference, 'all'])),
    untold: new Map(unknown.map((one) => [idOf(one), 'all'])),
    ...more,
  });
}

async function record(store: Store, run: NewRun, uses: readonly Use[]): Promise<void> {
  await store.recordRun(run);
  const consumers = uses.filter(({ state }) => state !== 'unknown').map(consumerOf);
  for (const { manifests } of consumers) {
    for (const { manifest } of manifests) {
      const packages = [{ name: 'openssl', version: '1', architecture: 'amd64' }];
      await store.fleet.addInventory(manifest, 'e', { isWhole: true, scheme: 'dpkg', packages });
    }
  }
  const fixes = consumers.map(({ reference, digest }) => ({
    reference,
    package: 'openssl',
    version: digest,
    remedy: 'edit',
  }));
  await store.fleet.record({ consumers, unlooked: [] }, fixes, run);
}

/** What every {@link Store} must keep of what a run did not cover. */
export function describeCoverage(name: string, fixture: () => StoreFixture): void {
  describe(`what a run does not cover, in the ${name} store,`, () => {
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
    const use = (scope: string, reference: string, state: Use['state'] = 'packages', file = 'Dockerfile'): Use => ({
      scope,
      file,
      reference,
      state,
      version: '1',
    });
    const keys = async (): Promise<string[]> => [...(await store.openNews()).keys()].sort();
    const standing = async (): Promise<string[]> =>
      (await store.fleet.standing()).map((one) => `${one.repository} ${one.reference} ${one.since} ${one.checked}`);
    const users = async (): Promise<string[]> =>
      (await store.fleet.carriers('openssl')).map((one) => `${one.repository} ${one.reference}`);
    const both = { read: [readScope('a'), readScope('b')] };

    it('stands, however often it is not read', async () => {
      const uses = [use('a', 'x:1'), use('b', 'y:1')];
      await record(store, runOver(100, uses, both), uses);
      for (const now of [200, 300, 400]) {
        await record(store, runOver(now, [uses[0] as Use], { read: [readScope('a')], isComplete: false }), [
          uses[0] as Use,
        ]);
      }
      expect(await standing()).toEqual(['a x:1 100 400', 'b y:1 100 100']);
      expect(await keys()).toEqual(['packages x:1', 'packages y:1']);
      expect(await users()).toEqual(['a x:1', 'b y:1']);
      await record(store, runOver(500, uses, both), uses);
      expect(await standing()).toEqual(['a x:1 100 500', 'b y:1 100 500']);
      await record(store, runOver(600, [], both), []);
      expect([await standing(), await keys(), await users()]).toEqual([[], [], []]);
    });

    it('keeps the news open that it shares with what was read', async () => {
      const uses = [use('a', 'x:1'), use('b', 'x:1')];
      await record(store, runOver(100, uses, both), uses);
      await record(store, runOver(200, [], { read: [readScope('a')] }), []);
      expect(await keys()).toEqual(['packages x:1']);
      expect(await users()).toEqual(['b x:1']);
      await record(store, runOver(300, [], { read: [readScope('b')] }), []);
      expect(await keys()).toEqual([]);
    });

    it('is a file that could not be read, and what lies in a folder that could not be', async () => {
      const uses = [use('a', 'x:1', 'packages', 'api/Dockerfile'), use('a', 'y:1')];
      await record(store, runOver(100, uses, both), uses);
      for (const missed of [['api'], ['api/Dockerfile'], 'somewhere'] as const) {
        await record(store, runOver(200, [], { read: [readScope('a', { missed, files: ['Dockerfile'] })] }), []);
        expect([await keys(), await users()]).toEqual([['packages x:1'], ['a x:1']]);
      }
    });

    it('is no scope as such, because one of its files could not be read', async () => {
      const places = [{ scope: 'a', file: '' }];
      const notice = { class: 'unchecked', reference: 'deb.example', news: ['n'], places } as const;
      await store.recordRun(aRun(100, { notices: [notice], ...both }));
      await store.recordRun(aRun(200, { read: [readScope('a', { isPartial: true })] }));
      expect(await keys()).toEqual(['n']);
      await store.recordRun(aRun(300, { read: [readScope('a', { missed: 'somewhere' })] }));
      expect(await keys()).toEqual([]);
    });

    it('is a scope of another name with the same id no more', async () => {
      const before = use('a', 'x:1');
      await record(store, runOver(100, [before], both), [before]);
      await record(store, runOver(200, [], { read: [readScope('a', { name: 'renamed' })] }), []);
      expect(await keys()).toEqual([]);
    });

    it('stands in a run about a reference, which counts no runs and is not the last', async () => {
      const uses = [use('a', 'x:1', 'unknown'), use('a', 'y:1', 'unknown'), use('b', 'y:1', 'unknown')];
      await record(store, runOver(100, uses, both), uses);
      const targeted = { references: new Set(['y:1']) };
      await record(store, runOver(200, [], { ...both, targeted, isComplete: false }), []);
      expect(await standing()).toEqual(['a x:1 100 100']);
      expect((await store.openNews()).get('unknown host')).toMatchObject({ first: 100, runs: 1 });
      expect(await store.fleet.lastRun()).toBe(100);
      expect(await store.watch.scopes()).toMatchObject([{ last: 100 }, { last: 100 }]);
      const again = [use('a', 'y:1', 'unknown')];
      await record(store, runOver(300, again, { ...both, targeted, isComplete: false }), again);
      expect((await store.openNews()).get('unknown host')).toMatchObject({ first: 100, runs: 1 });
      await record(store, runOver(400, [], both), []);
      expect(await keys()).toEqual([]);
    });

    it('is forgotten when nobody wants it any more, and nobody is told that it is over', async () => {
      const uses = [use('a', 'x:1'), use('b', 'x:1'), use('b', 'y:1')];
      await record(store, runOver(100, uses, both), uses);
      await store.outbox.delivered('ops', { news: ['packages x:1', 'packages y:1'], now: 100 });
      const rest = [use('a', 'x:1')];
      await record(store, runOver(200, rest, { read: [readScope('a')], dropped: ['b'] }), rest);
      expect([await keys(), await users()]).toEqual([['packages x:1'], ['a x:1']]);
      expect((await store.watch.scopes()).map(({ id }) => id)).toEqual(['a']);
      expect((await store.outbox.memoryOf('ops', [])).closings).toEqual([]);
    });

    it('is remembered with the run: what it was about, how it ended, and what was the matter', async () => {
      const first = await store.recordRun(aRun(100, { trigger: 'schedule' }));
      await store.endRun(first, { finishedAt: 150, outcome: 'unread', exit: 3 });
      const problems = Array.from({ length: 500 }, (_, i) => ({
        code: 'file-unreadable' as const,
        message: `m${i}`.repeat(500),
      }));
      const targeted = { references: new Set(['x:1']), scopes: new Set(['a', 'b']) };
      const { record: facts } = aRun(200);
      await store.recordRun(aRun(200, { trigger: 'hook', targeted, record: { ...facts, problems } }));
      const [second, ...others] = await store.runs(10);
      expect(others).toEqual([
        {
          id: first,
          trigger: 'schedule',
          startedAt: 100,
          begunAt: 100,
          finishedAt: 150,
          outcome: 'unread',
          exit: 3,
          cost: facts.cost,
          summary: facts.summary,
          problems: { first: [], all: 0 },
        },
      ]);
      expect(second).toMatchObject({ trigger: 'hook', targeted, startedAt: 200, problems: { all: 500 } });
      expect(second).not.toHaveProperty('finishedAt');
      expect(second).not.toHaveProperty('outcome');
      expect(JSON.stringify(second?.problems).length).toBeLessThan(60_000);
      expect(await store.runs(1)).toEqual([second]);
    });

    it('answers every question as before, after any runs and one about a reference or a scope', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(someRun, { minLength: 1, maxLength: 4 }),
          someRun,
          someTargets,
          async (runs, last, targeted) => {
            const fresh = fixture();
            const one = await fresh.open();
            try {
              for (const [index, { uses, read }] of runs.entries()) {
                const seen = uses.filter(({ scope }) => read.includes(scope));
                const scopes = read.map((id) => readScope(id));
                const now = (index + 1) * day;
                await record(one, runOver(now, seen, { read: scopes, isComplete: read.length === 3 }), seen);
                await one.outbox.delivered('ops', { news: seen.flatMap(findingOf).flatMap(({ news }) => news), now });
              }
              const seen = last.uses.filter((use) => isOf(targeted, use) && last.read.includes(use.scope));
              const looked = new Set(seen.map(({ reference }) => reference));
              const before = await asked(one, targeted, looked);
              const read = last.read.map((id) => readScope(id));
              await record(one, runOver(9 * day, seen, { read, isComplete: false, targeted }), seen);
              expect(await asked(one, targeted, looked, before.news)).toEqual(before);
            } finally {
              await one.close();
              await fresh.remove();
            }
          },
        ),
        { numRuns: isLong ? 1000 : 60 },
      );
    });
  });
}

const someUses = fc.uniqueArray(
  fc.record({
    scope: fc.constantFrom('a', 'b', 'c'),
    file: fc.constantFrom('Dockerfile', 'api/Dockerfile'),
    reference: fc.constantFrom('x:1', 'y:1', 'z:1'),
    state: fc.constantFrom('fine' as const, 'packages' as const, 'security' as const, 'unknown' as const),
    version: fc.constantFrom('1', '2'),
  }),
  { selector: idOf, maxLength: 7 },
);
const someRun = fc.record({ uses: someUses, read: fc.subarray(['a', 'b', 'c']) });
const someTargets: fc.Arbitrary<RunTargets> = fc.oneof(
  fc.constantFrom('x:1', 'y:1').map((one) => ({ references: new Set([one]) })),
  fc.constantFrom('a', 'b').map((one) => ({ scopes: new Set([one]) })),
);

/** Is this what a run was about? */
function isOf({ references, scopes }: RunTargets, { scope, reference }: { scope: string; reference: string }): boolean {
  return references?.has(reference) ?? scopes?.has(scope) ?? false;
}

/**
 * Every answer about what a run was not about. Of news, that is what stands elsewhere; `news` are those keys when they
 * are known from before. What a tag names is known of the tag, wherever it is used.
 */
async function asked(store: Store, targeted: RunTargets, looked: ReadonlySet<string>, news?: readonly string[]) {
  const isOther = (one: { repository: string; reference: string }): boolean =>
    !isOf(targeted, { scope: one.repository, reference: one.reference });
  const standing = (await store.fleet.standing()).filter(isOther);
  const keys = news ?? [...new Set(standing.map((one) => newsOf(one.class, one.reference)))].sort();
  const open = await store.openNews();
  const { told, closings } = await store.outbox.memoryOf('ops', []);
  const references = ['x:1', 'y:1', 'z:1'].filter((one) => !looked.has(one));
  const looks = await store.looks(references);
  return {
    news: keys,
    standing,
    open: keys.map((key) => open.get(key)),
    told: keys.map((key) => told.get(key)),
    closings: closings.filter((one) => keys.includes(one.news)),
    carriers: (await store.fleet.carriers('openssl')).filter(isOther),
    looks: references.map((one) => looks.get(one)),
    baseLines: [...(await store.baseLines(references))].sort(),
    histories: await Promise.all(references.map((one) => store.fleet.history(one))),
    scopes: (await store.watch.scopes()).filter(({ id }) => targeted.scopes?.has(id) !== true),
    lastRun: await store.fleet.lastRun(),
  };
}

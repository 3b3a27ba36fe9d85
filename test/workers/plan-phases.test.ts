import { describe, expect, it } from 'vitest';
import type { EngineWish } from '../../src/job/engines.ts';
import type { EndedPart, Phase, PhaseFacts, SharedRun } from '../../src/state/postgres/shared-run.ts';
import { fromPartText, partText } from '../../src/workers/part-text.ts';
import type { JudgeWork, LookWork, Reading } from '../../src/workers/part-work.ts';
import { phasePlan } from '../../src/workers/plan-phases.ts';
import { localScopes, readings, scopeNames, servedScopes } from '../../src/workers/scopes.ts';
import { chunked } from '../../src/workers/worker-setup.ts';

const wish = (name: string, url: string, more: Partial<EngineWish> = {}): EngineWish => ({
  type: 'docker',
  name,
  asked: name,
  address: { url, from: '' } as EngineWish['address'],
  stopped: false,
  ...more,
});
const config = {
  repositories: ['.', 'apps/shop'],
  forges: [
    { type: 'github', selections: [{ pattern: 'o/*' }, { pattern: 'p/*' }] },
    { type: 'local', selections: [{ pattern: '/srv/git/app' }] },
  ],
} as never;
const engines = [
  wish('nas', 'unix:///var/run/docker.sock'),
  wish('far', 'https://far:2376', { redeploy: {} as never }),
];
const cost = {} as never;

describe('what a configuration has to be read', () => {
  it('is bound to a machine where it is on one', () => {
    expect(readings({ config, engines }).map(({ scope, reading }) => [scope, reading.kind])).toEqual([
      ['path:.', 'folder'],
      ['path:apps/shop', 'folder'],
      ['', 'list'],
      ['path:/srv/git/app', 'list'],
      ['engine:nas', 'engine'],
      ['', 'engine'],
    ]);
    expect(localScopes({ config, engines })).toEqual(['path:.', 'path:apps/shop', 'path:/srv/git/app', 'engine:nas']);
  });

  it('is served by its name, with or without what it is', () => {
    expect(servedScopes(['apps/shop', 'engine:nas'], { config, engines })).toEqual(['path:apps/shop', 'engine:nas']);
    expect(() => servedScopes(['engine:nass'], { config, engines })).toThrow(
      /it has path:., .*did you mean "engine:nas"/,
    );
  });

  it('is called as people call it', () => {
    const names = readings({ config, engines }).flatMap(({ reading }) => scopeNames(reading, { config, engines }));
    expect(names).toEqual(['.', 'apps/shop', 'o/*', 'p/*', '/srv/git/app', 'nas', 'far']);
  });
});

it('branches of one repository stay in one part', () => {
  const branch = (id: number, tree: string) => ({ repository: { id: String(id) } as never, tree });
  const all = Array.from({ length: 25 }, (_, i) => [branch(i, `o/r${i}`), branch(i, `o/r${i}@next`)]).flat();
  const parts = chunked(all);
  expect(parts.map((part) => part.length)).toEqual([20, 20, 10]);
  expect(parts.flat()).toEqual(all);
});

describe('the parts of a phase', () => {
  const plan = phasePlan({ engines });
  const facts = (
    more: Partial<Omit<PhaseFacts, 'run'>> & { readonly run?: Pick<SharedRun, 'facts'> } = {},
  ): PhaseFacts =>
    ({
      results: async () => [],
      unresolved: async () => [],
      unexamined: async () => [],
      ...more,
      run: { facts: {}, ...more.run },
    }) as PhaseFacts;
  const keysOf = (work: string): readonly string[] => fromPartText<LookWork>(work).keys;

  it('look at one host each, fifty references at most', async () => {
    const all = ['a', 'b'].flatMap((host) => Array.from({ length: 70 }, (_, i) => ({ host, key: `${host}${i}` })));
    const parts = await plan('look', facts({ unresolved: async () => all }));
    expect(parts.map(({ work }) => [new Set(keysOf(work).map((key) => key[0])).size, keysOf(work).length])).toEqual([
      [1, 50],
      [1, 20],
      [1, 50],
      [1, 20],
    ]);
  });

  it('look into what is found in one image in one place', async () => {
    const all = Array.from({ length: 40 }, (_, i) => ({ key: `k${i}`, root: `r${i % 3}`, moved: true }));
    const parts = await plan('inspect', facts({ unexamined: async () => all }));
    const partsOf = Map.groupBy(
      parts.flatMap(({ work }, part) => keysOf(work).map((key) => ({ root: Number(key.slice(1)) % 3, part }))),
      ({ root }) => root,
    );
    expect([...partsOf.values()].map((of) => new Set(of.map(({ part }) => part)).size)).toEqual([1, 1, 1]);
    expect(parts.flatMap(({ work }) => keysOf(work))).toHaveLength(40);
  });

  const scanned = (number: number, reading: Reading, result?: object): EndedPart => ({
    run: 1,
    phase: 'scan',
    number,
    scope: number === 2 ? 'engine:nas' : '',
    work: partText(reading),
    ...(result && { result: partText(result) }),
  });
  const results = async (phase: Phase): Promise<readonly EndedPart[]> =>
    phase !== 'scan'
      ? []
      : [
          scanned(0, { kind: 'list', forge: 0, selections: [0] }, { keys: [], newFormats: [], cost }),
          scanned(1, { kind: 'branches', forge: 0, branches: [] }, { keys: ['k'], newFormats: ['helm'], cost }),
          scanned(2, { kind: 'engine', engine: 0 }, { keys: [], newFormats: [], cost }),
          scanned(3, { kind: 'engine', engine: 1 }, { keys: [], newFormats: [], cost }),
          scanned(4, { kind: 'branches', forge: 0, branches: [] }),
        ];

  it('judge what was read, and nothing that was not; engines that may be told to redeploy are acted on', async () => {
    const judged = (await plan('judge', facts({ results }))).map(({ scope, work }) => ({
      scope,
      ...fromPartText<JudgeWork>(work),
    }));
    expect(judged.map(({ scope, reading, keys }) => [scope, reading.kind, keys])).toEqual([
      ['', 'branches', ['k']],
      ['engine:nas', 'engine', []],
    ]);
    expect(judged[0]?.newFormats).toEqual(['helm']);
    const acted = await plan('act', facts({ results, run: { facts: { publishes: 'yes' } } }));
    expect(acted.map(({ work }) => fromPartText<{ kind?: string; reading?: Reading }>(work))).toMatchObject([
      { reading: { kind: 'engine', engine: 1 } },
      { kind: 'builders' },
    ]);
    expect(await plan('act', facts())).toEqual([]);
    expect(await plan('finish', facts())).toHaveLength(1);
  });
});

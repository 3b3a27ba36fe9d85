import { describe, expect, it } from 'vitest';
import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import type { GraphEdge, PublishedImage } from '../../src/core/image/published.ts';
import type { DispatchLimits, RebuildRequest } from '../../src/core/image/rebuild.ts';
import type { RebuildSettings } from '../../src/core/image/rebuild-how.ts';
import { parseReference } from '../../src/core/image/reference.ts';
import type { BuiltOn } from '../../src/look/published/built-on.ts';
import { imageGraph } from '../../src/sources/image-graph.ts';
import {
  type DispatchFacts,
  type DispatchPlan,
  dispatchPlan,
  type PublishedNow,
  type RebuildWish,
} from '../../src/verdict/dispatch-law.ts';
import type { Rule } from '../../src/verdict/policy.ts';
import { fc } from '../support/fast-check.ts';
import { aChange, aFinding } from '../support/findings.ts';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const start = Date.UTC(2026, 10, 30, 6);
const settings: RebuildSettings = { type: 'workflow', workflow: 'build.yml', inputs: {}, timeout: 6 * hour };
const limits: DispatchLimits = { perDay: 10, perImage: 1, security: { perDay: 20, perImage: 2 } };
const asks: Rule = { match: { class: ['stale'] }, react: ['dispatch'] };
const policy = (...rules: readonly Rule[]) => ({ rules, pin: false });

const edge = (base: string, child: string, kind: GraphEdge['kind'] = 'from') => ({
  base,
  child,
  kind,
  file: `${child}/Dockerfile`,
  line: 1,
  pinned: false,
});

/** By the names of images; each is made of those. */
function graphOf(edges: readonly GraphEdge[], names: readonly string[]): DispatchFacts['graph'] {
  const builds = names.map((name) => ({
    image: { registry: 'r', repository: name, tag: '1' } as PublishedImage['image'],
    repository: 'o/r',
    file: `${name}/Dockerfile`,
    uses: edges
      .filter(({ child }) => child === name)
      .map(({ child: _, base, ...rest }) => ({ ...rest, base: `r/${base}:1` })),
  }));
  return imageGraph(builds, () => null);
}
const alone = graphOf([], ['a']);
const [older, now] = [digestOf('older'), digestOf('now')];
const was = digestOf('image');

function stale(image = 'r/a:1', more: Partial<PublishedNow> = {}): PublishedNow {
  return {
    image,
    base: now,
    isPinned: false,
    served: { digest: was, platforms: [{ platform: 'linux/amd64', built: builtOn(older) }] },
    stale: aFinding('stale', { security: true, packages: [aChange(1)], reference: parseReference('debian:12') }),
    baseSeen: start - 2 * day,
    settings,
    policy: policy(asks),
    ...more,
  };
}

function builtOn(root: Digest): BuiltOn {
  return { is: 'older', by: 'layers', isShown: true, root, manifest: root };
}

function request(more: Partial<RebuildRequest> = {}): RebuildRequest {
  return {
    number: 1,
    image: 'r/a:1',
    base: now,
    was,
    brings: 'x',
    correlation: 'c',
    at: start - hour,
    timeout: 6 * hour,
    reason: '',
    isCleared: false,
    ...more,
  };
}

const plan = (images: readonly PublishedNow[], more: Partial<DispatchFacts> = {}): DispatchPlan =>
  dispatchPlan(images, { graph: alone, requests: [], limits, now: start, ...more });

/** What is said of the one image; `ask` where it is asked for. */
function said(one: PublishedNow, more: Partial<DispatchFacts> = {}): string {
  const { states, wishes } = plan([one], more);
  if (wishes.length > 0) return 'ask';
  const { state, reason } = states.get(one.image) ?? { state: 'nothing', reason: '' };
  return `${state}: ${reason}`;
}

describe('a stale image', () => {
  it('is asked for once, by a rule, for a fix, on a base that has been known for a day', () => {
    const { wishes } = plan([stale()]);
    expect(wishes).toMatchObject([{ image: 'r/a:1', base: now, was, settings }]);
    expect(wishes[0]?.correlation).toMatch(/^plimsoll-[0-9a-f]{16}$/);
  });

  it.each([
    ['no rule asks', { policy: policy() }, 'none: no rule asks'],
    ['it brings no fix', { stale: aFinding('stale', { security: false }) }, 'none: no rule asks'],
    ['nobody can tell whether it does', { stale: aFinding('stale', { security: null }) }, 'none: whether a fix'],
    ['whoever builds it cannot be asked', { obstacle: 'it is archived' }, 'held: it is archived'],
    [
      'its base went back',
      { stale: aFinding('stale', { security: true, packages: [aChange(1, { kind: 'downgraded' })] }) },
      'held: its base went back',
    ],
    ['nobody builds it', { settings: undefined }, 'none: the configuration does not say who builds it'],
    ['its base is new', { baseSeen: start - 23 * hour }, 'held: sha256'],
    ['its base was never seen', { baseSeen: undefined }, 'held: sha256'],
    ['its file names the digest', { isPinned: true }, 'held: its file names the digest'],
    [
      'a rule ignores it',
      { stale: aFinding('stale', { security: true, reaction: { react: ['ignore'], when: 'now' } }) },
      'none: a rule ignores it',
    ],
    ['a later rule takes it back', { policy: policy(asks, { match: {}, react: ['alert'] }) }, 'none: no rule'],
    [
      'it is snoozed',
      { stale: aFinding('stale', { security: true, snoozed: { until: 'then' } }) },
      'none: it is snoozed',
    ],
  ] as const)('is left alone where %s', (_, more, why) => {
    expect(said(stale('r/a:1', more as Partial<PublishedNow>))).toContain(why);
  });

  it('is asked for without a fix where a rule says so, young where a rule says so, and pinned when nobody built it', () => {
    const without = policy({ match: { class: ['stale'], security: false }, react: ['dispatch'] });
    expect(said(stale('r/a:1', { policy: without, stale: aFinding('stale', { security: false }) }))).toBe('ask');
    const young = policy(asks, { match: {}, minimumAge: 0 });
    expect(said(stale('r/a:1', { policy: young, baseSeen: start }))).toBe('ask');
    expect(said(stale('r/a:1', { isPinned: true, since: start - 7 * hour }))).toBe('ask');
  });

  it('is not asked for while one is under way, and never twice for the same base', () => {
    expect(said(stale(), { requests: [request()] })).toContain('asked: a rebuild on');
    for (const outcome of ['failed', 'timed-out', 'served'] as const) {
      const over = request({ ended: start - 1, outcome, reason: 'it did' });
      expect(said(stale(), { requests: [over] })).toContain(`${outcome}: it`);
      expect(
        said(stale(), { requests: [{ ...over, isCleared: true }], limits: { ...limits, security: limits } }),
      ).toContain('limits');
      expect(said(stale(), { requests: [{ ...over, isCleared: true, at: start - 2 * day }] })).toBe('ask');
    }
  });

  it('whose last request led to nothing waits until its base brings something else', () => {
    const brings = plan([stale()]).wishes[0]?.brings ?? '';
    const failed = request({
      base: older,
      brings,
      ended: start - day,
      at: start - 2 * day,
      outcome: 'failed',
      reason: 'cached',
    });
    expect(said(stale(), { requests: [failed] })).toContain('held: the last request');
    expect(said(stale(), { requests: [{ ...failed, brings: 'less' }] })).toBe('ask');
  });

  it('is left alone after three failures in a row', () => {
    const failures = [1, 2, 3].map((number) =>
      request({ number, base: digestOf(`${number}`), ended: 1, at: 1, outcome: 'timed-out', reason: 'nothing came' }),
    );
    expect(said(stale(), { requests: failures })).toContain('"plimsoll retry r/a:1"');
    const served = request({ number: 2, base: older, ended: 1, at: 1, outcome: 'served' });
    expect(said(stale(), { requests: [failures[0], served, failures[2]].map((one) => one as RebuildRequest) })).toBe(
      'ask',
    );
  });

  it('on a circle is never asked for, by whatever edge', () => {
    for (const kind of ['from', 'copy', 'mount'] as const) {
      const itself = graphOf([edge('a', 'a', kind)], ['a']);
      expect(said(stale(), { graph: itself })).toContain('held: it is made of itself');
      const circle = graphOf([edge('a', 'b'), edge('b', 'a', kind)], ['a', 'b']);
      expect(said(stale(), { graph: circle })).toContain('held: it is made of itself (r/a:1, r/b:1)');
    }
  });

  it('waits for what it is made of, however far below, and not for what nobody builds', () => {
    const chain = graphOf([edge('a', 'b', 'copy'), edge('b', 'c')], ['a', 'b', 'c']);
    const { wishes, states } = plan([stale('r/c:1'), stale('r/a:1')], { graph: chain });
    expect(wishes.map(({ image }) => image)).toEqual(['r/a:1']);
    expect(states.get('r/c:1')?.reason).toBe('it waits for r/a:1, which comes first');
    const { settings: _, ...unbuilt } = stale('r/a:1');
    expect(plan([stale('r/c:1'), unbuilt], { graph: chain }).wishes.map(({ image }) => image)).toEqual(['r/c:1']);
  });

  it('is held by limits, fixes first', () => {
    const names = ['a', 'b', 'c'];
    const images = names.map((name) => stale(`r/${name}:1`));
    const both = policy({ match: { class: ['stale'], security: false }, react: ['dispatch'] }, asks);
    images[0] = stale('r/a:1', { policy: both, stale: aFinding('stale', { security: false }) });
    const few = { perDay: 2, perImage: 1, security: { perDay: 2, perImage: 1 } };
    const { wishes, states } = plan(images, { graph: graphOf([], names), limits: few });
    expect(wishes.map(({ image }) => image)).toEqual(['r/b:1', 'r/c:1']);
    expect(states.get('r/a:1')).toEqual({ state: 'none', reason: expect.stringContaining('no rule') });
  });
});

describe('a request', () => {
  const after = digestOf('rebuilt');
  const ending = (
    platforms: readonly BuiltOn[],
    digest: Digest = after,
    more: Partial<RebuildRequest> = {},
    at = start,
  ) => {
    const served = { digest, platforms: platforms.map((built, i) => ({ platform: `linux/${i}`, built })) };
    const { stale: _, ...fresh } = stale();
    const { endings } = plan([{ ...fresh, served }], { requests: [request(more)], now: at });
    return endings[0] && `${endings[0].outcome}: ${endings[0].reason}`;
  };
  const fresh: BuiltOn = { is: 'fresh', by: 'layers', manifest: digestOf('now') };
  const late = start + 7 * hour;

  it('is served when every platform is on the new base, or on one that came after it', () => {
    expect(ending([fresh, fresh])).toContain('served');
    expect(ending([builtOn(older)], after, { base: older })).toContain('served');
  });

  it('goes on while only some platforms came, and is told when the others do not', () => {
    expect(ending([fresh, builtOn(older)])).toBeUndefined();
    expect(ending([fresh, builtOn(older)], after, {}, late)).toContain('timed-out: only linux/0 came within 6 hours');
  });

  it('has failed when it was built on the old base again, or something else came', () => {
    expect(ending([builtOn(older)])).toContain('failed: it was built again, on the old base');
    expect(ending([{ is: 'unknown', why: 'squashed' }])).toContain('failed: another image came');
  });

  it('times out when nothing comes, and is served all the same when it comes late', () => {
    expect(ending([builtOn(older)], was)).toBeUndefined();
    expect(ending([builtOn(older)], was, {}, late)).toContain('timed-out: the registry has nothing new within 6 hours');
    const over = { ended: start - 1, outcome: 'timed-out', reason: 'x' } as const;
    expect(ending([fresh], after, over)).toContain('served');
    expect(ending([builtOn(older)], after, over)).toBeUndefined();
    expect(plan([], { requests: [request()], now: late }).endings).toEqual([]);
  });
});

/** A world of images, of which some builders do as they should. */
interface World {
  readonly names: readonly string[];
  readonly edges: readonly GraphEdge[];
  readonly builders: readonly ('serves' | 'caches' | 'sleeps' | 'serves something else')[];
  /** In which rounds the root moves, by six hours. */
  readonly moves: readonly number[];
}

const worlds: fc.Arbitrary<World> = fc.integer({ min: 1, max: 7 }).chain((size) => {
  const names = Array.from({ length: size }, (_, i) => `i${i}`);
  const kinds = fc.constantFrom<GraphEdge['kind']>('from', 'from', 'copy', 'mount');
  const below = fc.tuple(fc.nat(size - 1), fc.nat(size - 1), kinds);
  return fc.record({
    names: fc.constant(names),
    edges: fc.array(below, { maxLength: size * 2 }).map((all) => {
      const from = new Set<string>();
      return all.flatMap(([base, child, kind]) => {
        // Of what is built on, there is one.
        if (kind === 'from' && from.has(names[child] ?? '')) return [];
        if (kind === 'from') from.add(names[child] ?? '');
        return [edge(names[base] ?? '', names[child] ?? '', kind)];
      });
    }),
    builders: fc.array(
      fc.constantFrom<World['builders'][number]>(
        'serves',
        'serves',
        'serves',
        'caches',
        'sleeps',
        'serves something else',
      ),
      {
        minLength: size,
        maxLength: size,
      },
    ),
    moves: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
  });
});

/** Plays runs every six hours until nothing is left to do; what was asked for, with when. */
function play({ names, edges, builders, moves }: World): {
  asked: readonly (RebuildWish & { at: number })[];
  quiet: boolean;
} {
  const graph = graphOf(edges, names);
  const parentOf = new Map(edges.filter(({ kind }) => kind === 'from').map(({ base, child }) => [child, base]));
  let root = digestOf('root 0');
  const digests = new Map(names.map((name) => [name, digestOf(name)]));
  const on = new Map<string, Digest>();
  const seen = new Map<Digest, number>([[root, start - 3 * day]]);
  const baseOf = (name: string): Digest => digests.get(parentOf.get(name) ?? '') ?? root;
  for (const name of names) on.set(name, baseOf(name));
  const requests: RebuildRequest[] = [];
  const asked: (RebuildWish & { at: number })[] = [];
  let builds: { name: string; base: Digest; due: number }[] = [];
  let last = 0;
  const rounds = 160;
  for (let round = 0; round < rounds; round++) {
    const at = start + round * 6 * hour;
    if (moves.includes(round)) root = digestOf(`root ${round}`);
    for (const { name, base } of builds.filter(({ due }) => due <= round)) {
      const how = builders[names.indexOf(name)];
      if (how === 'sleeps') continue;
      digests.set(name, digestOf(`${name} ${round}`));
      on.set(name, how === 'serves' ? base : how === 'caches' ? (on.get(name) ?? base) : digestOf('something else'));
    }
    builds = builds.filter(({ due }) => due > round);
    for (const digest of [root, ...digests.values()]) if (!seen.has(digest)) seen.set(digest, at);
    const images = names.map((name): PublishedNow => {
      const image = `r/${name}:1`;
      const base = baseOf(name);
      const was = on.get(name) ?? base;
      const isStale = was !== base && was !== digestOf('something else');
      const built: BuiltOn =
        was === base
          ? { is: 'fresh', by: 'layers', manifest: digestOf('now') }
          : isStale
            ? builtOn(was)
            : { is: 'unknown', why: 'x' };
      const rows = [aChange(1, { after: base })];
      return {
        image,
        base,
        isPinned: false,
        served: { digest: digests.get(name) ?? was, platforms: [{ platform: 'linux/amd64', built }] },
        ...(isStale && { stale: aFinding('stale', { security: true, packages: rows }) }),
        ...(seen.get(base) !== undefined && { baseSeen: seen.get(base) as number }),
        settings,
        policy: policy(asks),
      };
    });
    const { endings, wishes } = dispatchPlan(images, { graph, requests, limits, now: at });
    for (const { number, outcome, reason } of endings) {
      const found = requests.findIndex((one) => one.number === number);
      requests[found] = { ...(requests[found] as RebuildRequest), ended: at, outcome, reason };
    }
    for (const wish of wishes) {
      last = round;
      asked.push({ ...wish, at });
      const { image, base, was: before, brings, correlation } = wish;
      requests.push(request({ number: requests.length + 1, image, base, was: before, brings, correlation, at }));
      builds.push({ name: image.slice(2, -2), base, due: round + 1 });
    }
  }
  return { asked, quiet: last < rounds - 8 };
}

describe('whatever the graph and the builders do', () => {
  it('each image is asked for once for each base, within limits, never on a circle, and it comes to an end', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { asked, quiet } = play(world);
        expect(quiet).toBe(true);
        const pairs = asked.map(({ image, base }) => `${image} ${base}`);
        expect(new Set(pairs).size).toBe(pairs.length);
        expect(new Set(asked.map(({ correlation }) => correlation)).size).toBe(asked.length);
        const cyclic = new Set(graphOf(world.edges, world.names).cycles.flat());
        for (const { image, at } of asked) {
          expect(cyclic.has(image)).toBe(false);
          const recent = asked.filter((one) => one.at <= at && at - one.at < day);
          expect(recent.length).toBeLessThanOrEqual(limits.security.perDay);
          expect(recent.filter((one) => one.image === image).length).toBeLessThanOrEqual(limits.security.perImage);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a move of the root leads to one request for each image, parents before children', () => {
    const edges = [
      edge('i0', 'i1'),
      edge('i0', 'i2'),
      edge('i1', 'i3'),
      edge('i1', 'i4', 'from'),
      edge('i2', 'i5'),
      edge('i3', 'i5', 'copy'),
    ];
    const names = ['i0', 'i1', 'i2', 'i3', 'i4', 'i5'];
    const { asked, quiet } = play({ names, edges, builders: names.map(() => 'serves'), moves: [3] });
    expect(quiet).toBe(true);
    expect(asked.map(({ image }) => image)).toEqual(['r/i0:1', 'r/i1:1', 'r/i2:1', 'r/i3:1', 'r/i4:1', 'r/i5:1']);
    const at = new Map(asked.map((one) => [one.image, one.at]));
    for (const { base, child, kind } of edges)
      if (kind === 'from') expect(at.get(`r/${child}:1`)).toBeGreaterThan(at.get(`r/${base}:1`) ?? 0);
  });
});

import { describe, expect, it } from 'vitest';
import { type Finding, type FindingClass, findingClasses } from '../../src/core/finding.ts';
import { type ChannelFacts, type DeliveryRules, formatBaseline, planDelivery } from '../../src/notify/delivery-plan.ts';
import { fc } from '../support/fast-check.ts';
import { aChange, aFinding } from '../support/findings.ts';

const monday = Date.parse('2026-01-05T12:00:00Z');
const when = { now: monday, timezone: 'UTC' };

/** A channel that was introduced, and told these keys. */
function facts(told: readonly string[] = [], more: Partial<ChannelFacts> = {}): ChannelFacts {
  return {
    undelivered: (news) => news.filter((key) => !told.includes(key)),
    dueForReminder: (news) => news.filter((key) => told.includes(key)),
    closings: [],
    hasBaseline: () => true,
    window: () => undefined,
    openNews: new Map(),
    ...more,
  };
}

const rules = (more: Partial<DeliveryRules> = {}): DeliveryRules => ({ mode: 'run', only: {}, ...more });
const alert = { react: ['alert'], when: 'now' } as const;

const finding = fc
  .record({
    class: fc.constantFrom(...findingClasses),
    news: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 3 }),
    when: fc.constantFrom('now', 'weekly', '0 6 * * mon', '*/30 * * * *'),
    react: fc.constantFrom('alert' as const, 'record' as const, 'ignore' as const),
    held: fc.boolean(),
    snoozed: fc.boolean(),
    tree: fc.constantFrom('one', 'two'),
  })
  .map(
    ({ class: kind, news, when: at, react, held, snoozed, tree }): Finding =>
      aFinding(kind, {
        id: `${kind}-${tree}-${news}`,
        news,
        tree,
        reaction: { react: [react], when: at },
        ...(held && { held: { reason: 'young', detail: 'x' } }),
        ...(snoozed && { snoozed: { until: '2027-01-01T00:00:00Z' } }),
      }),
  );
const someRules = fc.record({
  mode: fc.constantFrom('each' as const, 'run' as const, 'daily' as const, 'weekly' as const),
  only: fc.constantFrom({}, { class: ['security' as const] }, { repository: 'one' }),
});

describe('what a channel is told', () => {
  it('is never what is held, snoozed, ignored or only recorded, nor what it knows', () => {
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 8 }),
        someRules,
        fc.subarray(['a', 'b', 'c', 'd', 'e']),
        (all, how, told) => {
          const plan = planDelivery(all, ['one', 'two'], how, facts(told), when);
          for (const one of [...plan.findings, ...plan.waiting]) {
            expect(one.held ?? one.snoozed).toBeUndefined();
            expect(one.reaction?.react).toEqual(['alert']);
            expect(one.news.some((key) => !told.includes(key))).toBe(true);
          }
          for (const key of plan.news) expect(told).not.toContain(key);
          for (const one of plan.findings) expect(plan.waiting).not.toContain(one);
        },
      ),
    );
  });

  it('is everything that alerts, sooner or later, and each of it once', () => {
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 8 }), someRules, (all, how) => {
        const told: string[] = [];
        const windows = new Map<string, string>();
        for (let week = 0; week < 3; week++) {
          const now = monday + week * 7 * 24 * 60 * 60 * 1000;
          const known = facts(told, { window: (kind) => windows.get(kind) });
          const plan = planDelivery(all, ['one', 'two'], how, known, { now, timezone: 'UTC' });
          told.push(...plan.news);
          for (const { kind, period } of plan.windows) windows.set(kind, period);
        }
        expect(new Set(told).size).toBe(told.length);
        const last = planDelivery(all, ['one', 'two'], how, facts(told), { ...when, now: monday + 1e10 });
        expect([...last.findings, ...last.waiting]).toEqual([]);
      }),
    );
  });

  it('is the same whatever the order of the findings', () => {
    fc.assert(
      fc.property(fc.uniqueArray(finding, { maxLength: 6, selector: ({ id }) => id }), someRules, (all, how) => {
        const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id).sort();
        const [one, other] = [all, [...all].reverse()].map((some) =>
          planDelivery(some, ['one', 'two'], how, facts(), when),
        );
        expect(ids(one?.findings ?? [])).toEqual(ids(other?.findings ?? []));
        expect([...(one?.news ?? [])].sort()).toEqual([...(other?.news ?? [])].sort());
      }),
    );
  });
});

it.each([
  ['limit', 1],
  ['window', 1],
  ['young', 0],
  ['incomplete', 0],
  ['policy', 0],
] as const)('what is held by %s is told %i times', (reason, times) => {
  const one = aFinding('security', { news: ['s'], reaction: alert, held: { reason, detail: 'x' } });
  expect(planDelivery([one], ['.'], rules(), facts(), when).findings).toHaveLength(times);
});

describe('only severe fixes', () => {
  const fix = (severity?: string) =>
    aFinding('security', {
      news: ['s'],
      reaction: alert,
      packages: [aChange(1, { security: true, ...(severity !== undefined && { severity }) }), aChange(2)],
    });
  it.each([
    ['critical', 1],
    ['high', 1],
    ['medium', 0],
    ['low', 0],
    [undefined, 1],
  ])('of high and more: %s is told %i times', (severity, times) => {
    const plan = planDelivery([fix(severity)], ['.'], rules({ only: { severity: 'high' } }), facts(), when);
    expect(plan.findings).toHaveLength(times);
  });

  it('says nothing about what is no fix', () => {
    const broken = aFinding('pin-broken', { news: ['b'], reaction: alert });
    const plan = planDelivery([broken], ['.'], rules({ only: { severity: 'critical' } }), facts(), when);
    expect(plan.findings).toEqual([broken]);
  });
});

describe('quiet hours', () => {
  const night = { now: Date.parse('2026-01-05T23:00:00Z'), timezone: 'UTC' };
  const quiet = { from: '22:00', to: '07:00', except: ['pin-broken', 'security'] as FindingClass[] };
  const both = [
    aFinding('security', { news: ['s'], reaction: alert }),
    aFinding('packages', { news: ['p'], reaction: alert }),
  ];

  it('let through what is excepted', () => {
    const plan = planDelivery(both, ['.'], rules({ quiet }), facts(), night);
    expect(plan.findings.map((one) => one.class)).toEqual(['security']);
    expect(plan.waiting.map((one) => one.class)).toEqual(['packages']);
    expect(planDelivery(both, ['.'], rules({ quiet }), facts(), when).waiting).toEqual([]);
  });

  it('are in the time zone of the configuration', () => {
    const plan = planDelivery(both, ['.'], rules({ quiet }), facts(), { ...night, timezone: 'America/New_York' });
    expect(plan.waiting).toEqual([]);
  });

  it('keep notes about what is over', () => {
    const closing = { news: 'x', class: 'security', reference: 'r', closed: 0, isWhole: true } as const;
    expect(planDelivery([], ['.'], rules({ quiet }), facts([], { closings: [closing] }), night).closings).toEqual([]);
    expect(planDelivery([], ['.'], rules({ quiet }), facts([], { closings: [closing] }), when).closings).toEqual([
      closing,
    ]);
  });
});

describe('a repository that is new', () => {
  const old = aFinding('packages', { id: '1', news: ['old'], tree: 'old', reaction: alert });
  const urgent = aFinding('security', { id: '2', news: ['urgent'], tree: 'new', reaction: alert });
  const calm = aFinding('packages', { id: '3', news: ['calm'], tree: 'new', reaction: alert });

  it('among others is no flood: what is urgent is named, the rest counts as told', () => {
    const known = facts([], { hasBaseline: (name) => name === 'old' });
    const plan = planDelivery([old, urgent, calm], ['old', 'new'], rules(), known, when);
    expect(plan).toMatchObject({ kind: 'news', newRepositories: ['new'] });
    expect(plan.findings).toEqual([old, urgent]);
    expect([...plan.news].sort()).toEqual(['calm', 'old', 'urgent']);
  });

  it('alone makes the first message', () => {
    const plan = planDelivery([urgent, calm], ['new'], rules(), facts([], { hasBaseline: () => false }), when);
    expect(plan).toMatchObject({ kind: 'baseline', newRepositories: ['new'] });
    expect([...plan.news].sort()).toEqual(['calm', 'urgent']);
  });
});

describe('what was told and is over', () => {
  const openNews = (kind: FindingClass): ChannelFacts['openNews'] =>
    new Map([['k', { class: kind, reference: 'r', first: 0, runs: 1 }]]);
  const closing = (kind: FindingClass) => ({ news: 'x', class: kind, reference: 'r', closed: 0, isWhole: true });

  it.each<[FindingClass, FindingClass, boolean]>([
    ['packages', 'security', true],
    ['security', 'packages', true],
    ['pin-broken', 'content', true],
    ['lagging', 'security', false],
    ['lagging', 'lagging', true],
    ['security', 'lagging', false],
    ['unknown', 'packages', false],
  ])('%s, while %s came in its place, is superseded: %s', (was, is, superseded) => {
    const known = facts([], { closings: [closing(was)], openNews: openNews(is) });
    const plan = planDelivery([], ['.'], rules(), known, when);
    expect(plan.superseded).toHaveLength(superseded ? 1 : 0);
    expect(plan.closings).toHaveLength(superseded ? 0 : 1);
  });
});

describe('a kind of file that is read for the first time', () => {
  const own = [aFinding('packages', { news: ['p'], format: 'compose', reaction: alert })];
  const known = facts([], { hasBaseline: (name) => name !== formatBaseline('compose') });
  const plan = (how: DeliveryRules, all = own) =>
    planDelivery(all, [], how, known, { ...when, formats: ['compose', 'workflow'] });

  it('is introduced with what can wait, which counts as told', () => {
    expect(plan(rules())).toMatchObject({
      findings: [],
      introduced: [{ format: 'compose', findings: own }],
      newRepositories: [formatBaseline('compose')],
      news: ['p'],
    });
    expect(plan(rules(), [])).toMatchObject({ introduced: [], newRepositories: [formatBaseline('compose')] });
  });

  it('waits for the end of quiet hours, and is then introduced', () => {
    const quiet = { from: '11:00', to: '13:00', except: [] };
    expect(plan(rules({ quiet }))).toMatchObject({ findings: [], introduced: [], newRepositories: [], news: [] });
  });
});

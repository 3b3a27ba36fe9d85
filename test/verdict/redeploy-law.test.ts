import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { digestOf } from '../../src/core/image/digest.ts';
import type { ImageConfig } from '../../src/core/image/image.ts';
import type { RedeployLabels, RedeploySettings } from '../../src/core/redeploy.ts';
import { parseWindow } from '../../src/core/time/window.ts';
import type { EngineWorkload } from '../../src/sources/source.ts';
import { type Rule, reactionTo } from '../../src/verdict/policy.ts';
import { mayEverRedeploy, mayRedeploy, type RedeployFacts } from '../../src/verdict/redeploy-law.ts';
import { aFinding } from '../support/findings.ts';

const now = Date.parse('2026-11-30T04:00:00Z');
const hour = 3_600_000;
const [before, after] = [digestOf('before'), digestOf('after')];
const reference = { registry: 'docker.io', repository: 'library/node', tag: '22' };
const settings: RedeploySettings = { adopt: new Set(), keepOld: 72 * hour, perRun: 5, cleanup: false };
const asking: Rule = { match: { engine: 'nas', class: ['security', 'packages'] }, react: ['alert', 'redeploy'] };
const noLabels: RedeployLabels = { asks: [], tuning: {} };

function config(
  behaviour: Readonly<Record<string, string>> = {},
  labels: Readonly<Record<string, string>> = {},
): ImageConfig {
  return { platform: { os: 'linux', architecture: 'amd64' }, diffIds: [], labels, behaviour };
}

interface Case {
  readonly finding?: Partial<Finding>;
  readonly kind?: Finding['class'];
  readonly workload?: Partial<EngineWorkload>;
  readonly rules?: readonly Rule[];
  readonly facts?: Partial<RedeployFacts>;
}

function verdict({ finding: more, kind = 'security', workload, rules = [asking], facts }: Case = {}): string {
  const web = { engine: 'nas', kind: 'container', name: 'web' } as const;
  const bare = aFinding(kind, {
    file: undefined as never,
    workload: web,
    role: 'runs',
    reference,
    security: kind === 'security',
    latest: { digest: after, tag: '22' },
    perPlatform: [{ platform: 'linux/amd64', class: kind as 'security', current: before, latest: after }],
    ...more,
  });
  const { file: _, ...finding } = bare;
  const policy = { rules, pin: false };
  const found = { ...finding, reaction: reactionTo(finding, policy) };
  const one: EngineWorkload = {
    kind: 'container',
    name: 'web',
    written: 'node:22',
    reference,
    platforms: [],
    image: { is: 'known', running: { root: before, by: 'repo-digest' } },
    mode: 'watch',
    why: 'no label says otherwise',
    labels: noLabels,
    hasData: false,
    ...workload,
  };
  const said = mayRedeploy(found, {
    workload: one,
    settings,
    policy,
    seen: [{ digest: after, first: now - 30 * hour }],
    failed: new Map(),
    images: { before: config(), after: config() },
    tags: { before: [], after: [] },
    now,
    timezone: 'UTC',
    ...facts,
  });
  return said.is === 'no' ? `no, ${said.by}` : said.is === 'held' ? `held, ${said.held.reason}` : 'yes';
}

const label = (labels: Partial<RedeployLabels>): Partial<EngineWorkload> => ({ labels: { ...noLabels, ...labels } });
const adopting = (...adopt: ('plimsoll' | 'watchtower')[]): Partial<RedeployFacts> => ({
  settings: { ...settings, adopt: new Set(adopt) },
});
const mode = { asks: [{ ecosystem: 'plimsoll', key: 'plimsoll.mode' }] } as const;
const enable = { asks: [{ ecosystem: 'watchtower', key: 'com.centurylinklabs.watchtower.enable' }] } as const;

describe('what runs is moved', () => {
  it.each<readonly [what: string, expected: string, given: Case]>([
    ['by the operator’s engine, rule and an old enough digest', 'yes', {}],
    ['never on an engine that is only asked', 'no, engine', { facts: { settings: undefined } }],
    ['never without a rule', 'no, rules', { rules: [] }],
    ['never for a class that the rule does not name', 'no, rules', { kind: 'content', finding: { security: false } }],
    [
      'not where a later rule takes it back',
      'no, rules',
      { rules: [asking, { match: { workload: 'web' }, react: ['alert'] }] },
    ],
    ['not where a rule ignores it', 'no, rules', { rules: [asking, { match: {}, react: ['ignore'] }] }],
    ['not while it is snoozed', 'no, rules', { finding: { snoozed: { until: '2026-12-24T00:00:00Z' } } }],
    ['not where a label narrows', 'no, workload', { workload: label({ narrows: 'wud.watch' }) }],
    [
      'not where the file names the digest',
      'no, workload',
      { workload: { reference: { ...reference, digest: before } } },
    ],
    ['not where it writes to a volume', 'no, workload', { workload: { hasData: true } }],
    [
      'with a volume where the rule says so',
      'yes',
      { workload: { hasData: true }, rules: [{ ...asking, volumes: true }] },
    ],
    [
      'with a volume where the rule names it',
      'yes',
      { workload: { hasData: true }, rules: [{ ...asking, match: { ...asking.match, workload: 'web' } }] },
    ],
    [
      'not with a volume by a glob that happens to fit',
      'no, workload',
      { workload: { hasData: true }, rules: [{ ...asking, match: { ...asking.match, workload: 'w*' } }] },
    ],
    ['not by a label alone', 'no, rules', { rules: [], workload: label(mode) }],
    ['by its label where that is adopted', 'yes', { rules: [], workload: label(mode), facts: adopting('plimsoll') }],
    [
      'by an adopted label only for fixes',
      'no, rules',
      { rules: [], kind: 'packages', workload: label(mode), facts: adopting('plimsoll') },
    ],
    [
      'by an adopted label for what it names',
      'yes',
      {
        rules: [],
        kind: 'packages',
        workload: label({ ...mode, tuning: { 'plimsoll.redeploy': 'security,packages' } }),
        facts: adopting('plimsoll'),
      },
    ],
    [
      'by Watchtower’s label for anything new',
      'yes',
      { rules: [], kind: 'packages', workload: label(enable), facts: adopting('watchtower') },
    ],
    [
      'not by a label of another ecosystem',
      'no, rules',
      { rules: [], workload: label(enable), facts: adopting('plimsoll') },
    ],
    [
      'not by a label that the new image brings',
      'no, rules',
      {
        rules: [],
        workload: label(mode),
        facts: {
          ...adopting('plimsoll'),
          images: { before: config(), after: config({}, { 'plimsoll.mode': 'redeploy' }) },
        },
      },
    ],
    [
      'not for a class that its label leaves out',
      'no, rules',
      { kind: 'packages', workload: label({ tuning: { 'plimsoll.redeploy': 'security' } }) },
    ],
    [
      'not before it has been known for a day, a fix neither',
      'held, young',
      { facts: { seen: [{ digest: after, first: now - 23 * hour }] } },
    ],
    ['not when no state has seen it', 'held, young', { facts: { seen: [] } }],
    ['at once where the rule writes 0', 'yes', { rules: [{ ...asking, minimumAge: 0 }], facts: { seen: [] } }],
    [
      'later where its label asks for more age',
      'held, young',
      { workload: label({ tuning: { 'plimsoll.minimum-age': '3d' } }) },
    ],
    [
      'never sooner by a label',
      'held, young',
      { workload: label({ tuning: { 'plimsoll.minimum-age': '0s' } }), facts: { seen: [] } },
    ],
    [
      'never when nobody could tell whether it is a fix',
      'held, policy',
      { kind: 'packages', finding: { security: null } },
    ],
    [
      'never while a platform is missing',
      'held, incomplete',
      { finding: { held: { reason: 'incomplete', detail: 'x' } } },
    ],
    [
      'never to what was put back anywhere',
      'held, failed',
      { facts: { failed: new Map([[after, 'nas/db: it did not come up']]) } },
    ],
    [
      'never after two were put back in a row',
      'held, failed',
      { facts: { failed: new Map([['security', 'two in a row']]) } },
    ],
    [
      'never to another release of the distribution',
      'held, major',
      { finding: { os: { before: 'Debian 12', after: 'Debian 13' } } },
    ],
    [
      'never to another major version by the label of the images',
      'held, major',
      {
        facts: {
          images: {
            before: config({}, { 'org.opencontainers.image.version': '22.11.0' }),
            after: config({}, { 'org.opencontainers.image.version': '23.0.0' }),
          },
        },
      },
    ],
    [
      'never to another major version by their ENV',
      'held, major',
      { facts: { images: { before: config({ 'Env.PG_MAJOR': '16' }), after: config({ 'Env.PG_MAJOR': '17' }) } } },
    ],
    [
      'to another minor version',
      'yes',
      {
        facts: {
          images: {
            before: config({ 'Env.NODE_VERSION': '22.11.0' }),
            after: config({ 'Env.NODE_VERSION': '22.12.0' }),
          },
        },
      },
    ],
    [
      'never on latest when nobody names a version',
      'held, major',
      { workload: { reference: { registry: 'docker.io', repository: 'library/node' } } },
    ],
    [
      'on latest when the images name one',
      'yes',
      {
        workload: { reference: { ...reference, tag: 'latest' } },
        facts: {
          images: {
            before: config({ 'Env.NODE_VERSION': 'v22.1.0' }),
            after: config({ 'Env.NODE_VERSION': 'v22.2.0' }),
          },
        },
      },
    ],
    [
      'on latest when their tags are known',
      'yes',
      {
        workload: { reference: { ...reference, tag: 'latest' } },
        facts: { tags: { before: ['22.1'], after: ['22.2'] } },
      },
    ],
    [
      'never on latest when their tags say otherwise',
      'held, major',
      { workload: { reference: { ...reference, tag: 'latest' } }, facts: { tags: { before: ['22'], after: ['23'] } } },
    ],
    [
      'on latest where a rule takes any version',
      'yes',
      { workload: { reference: { ...reference, tag: 'latest' } }, rules: [{ ...asking, anyVersion: true }] },
    ],
    ['in its window', 'yes', { rules: [{ ...asking, window: parseWindow('daily 03:00/2h') }] }],
    ['not outside of it', 'held, window', { rules: [{ ...asking, window: parseWindow('daily 05:00/2h') }] }],
    [
      'only where its label’s window is open as well',
      'held, window',
      {
        rules: [{ ...asking, window: parseWindow('daily 03:00/2h') }],
        workload: label({ tuning: { 'plimsoll.window': 'Sat,Sun 03:00/3h' } }),
      },
    ],
  ])('%s: %s', (_, expected, given) => {
    expect(verdict(given)).toBe(expected);
  });

  it('is said of every workload, with whose word that is', () => {
    const web = {
      kind: 'container',
      name: 'web',
      written: 'node:22',
      reference,
      platforms: [],
      image: { is: 'local' },
      mode: 'watch',
      why: 'no label says otherwise',
      labels: noLabels,
    } as const;
    const policy = { rules: [asking], pin: false };
    expect(mayEverRedeploy(web, 'nas', settings, policy)).toEqual({
      mode: 'redeploy',
      why: 'by a rule, for security, packages',
    });
    expect(mayEverRedeploy(web, 'other', settings, policy)).toEqual({ mode: 'watch', why: 'no rule asks for more' });
    expect(mayEverRedeploy(web, 'nas', undefined, policy)).toEqual({ mode: 'watch', why: 'no label says otherwise' });
    expect(
      mayEverRedeploy({ ...web, mode: 'redeploy', labels: { ...noLabels, ...mode } }, 'nas', undefined, policy),
    ).toEqual({
      mode: 'watch',
      why: 'the mode of its engine is watch, whatever the label plimsoll.mode asks',
    });
    expect(mayEverRedeploy({ ...web, hasData: true }, 'nas', settings, policy).mode).toBe('watch');
    // A label that is adopted asks for what a rule ignores in vain.
    const adopting = { ...settings, adopt: new Set(['plimsoll'] as const) };
    const asks = { ...web, mode: 'redeploy' as const, labels: { ...noLabels, ...mode } };
    const ignoring = (react: Rule['react']) => ({
      rules: [{ match: { engine: 'nas' }, ...(react && { react }) }],
      pin: false,
    });
    expect(mayEverRedeploy(asks, 'nas', adopting, ignoring(['alert'])).mode).toBe('redeploy');
    expect(mayEverRedeploy(asks, 'nas', adopting, ignoring(['ignore']))).toEqual({
      mode: 'watch',
      why: 'a rule ignores it',
    });
  });

  it('no file is spoken of by a rule that redeploys', () => {
    expect(
      reactionTo(aFinding('security', { security: true }), {
        rules: [{ ...asking, match: { class: ['security'] } }],
        pin: false,
      }).react,
    ).toEqual(['propose', 'alert']);
  });
});

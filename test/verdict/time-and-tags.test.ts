import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import type { Seen } from '../../src/look/examination.ts';
import { PullOrder } from '../../src/look/pull-order.ts';
import { planUpdates } from '../../src/targets/folder-target.ts';
import type { Policy, Rule } from '../../src/verdict/policy.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push, pushIndex, runOn, type TestRun } from '../support/fleet.ts';
import { index } from '../support/image-builder.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

const hour = 3_600_000;
const now = Date.parse('2026-01-05T12:00:00Z');
const rules = (...all: Omit<Rule, 'match'>[]): Policy => ({
  pin: false,
  rules: all.map((rule) => ({ match: {}, ...rule })),
});
const from = (repository: string, digest: Digest): string => `FROM ${registry.host}/${repository}:1@${digest}\n`;

/** Pushes three states of a tag and checks a pin to the first. */
async function check(
  repository: string,
  policy: Policy,
  seen: (digests: readonly Digest[]) => readonly Seen[],
): Promise<{ findings: readonly Finding[]; digests: readonly Digest[] }> {
  const digests = ['1', '2', '3'].map((version) => push(registry, repository, debianImage({ libc6: version }), '1'));
  const all = seen(digests);
  const findings = await findingsOf(from(repository, digests[0] as Digest), { policy, seen: async () => all });
  return { findings, digests };
}

async function recordOf(dockerfile: string, more: Omit<TestRun, 'files'>): Promise<RunRecord> {
  return (await runOn({ ...more, files: { Dockerfile: dockerfile } })).record;
}

describe('the age of a digest', () => {
  it('holds back what is too young, until it is old enough', async () => {
    const { findings } = await check('young', rules({ minimumAge: 72 * hour }), ([, , c]) => [
      { digest: c as Digest, first: now - 24 * hour },
    ]);
    expect(findings).toMatchObject([
      {
        class: 'packages',
        held: { reason: 'young', until: '2026-01-07T12:00:00Z', detail: expect.stringContaining('an age of 3 days') },
        latest: { firstSeen: '2026-01-04T12:00:00Z' },
      },
    ]);
  });

  it('counts from this run without a state', async () => {
    const { findings } = await check('stateless', rules({ minimumAge: 72 * hour }), () => []);
    expect(findings).toMatchObject([{ held: { reason: 'young', until: '2026-01-08T12:00:00Z' } }]);
  });

  it('takes the newest digest that is old enough, so that a tag that moves every night starves nobody', async () => {
    const { findings, digests } = await check('nightly', rules({ minimumAge: 72 * hour }), ([a, b, c]) => [
      { digest: c as Digest, first: now - hour },
      { digest: b as Digest, first: now - 80 * hour },
      { digest: a as Digest, first: now - 200 * hour },
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.held).toBeUndefined();
    expect(findings[0]).toMatchObject({
      latest: { digest: digests[1] },
      packages: [{ name: 'libc6', before: '1', after: '2' }],
      notes: expect.arrayContaining([expect.stringContaining('newer than this is')]),
    });
  });

  it('never goes back behind the pin', async () => {
    const { findings } = await check('back', rules({ minimumAge: 72 * hour }), ([a, b, c]) => [
      { digest: c as Digest, first: now - hour },
      { digest: a as Digest, first: now - 80 * hour },
      { digest: b as Digest, first: now - 200 * hour },
    ]);
    expect(findings).toMatchObject([{ held: { reason: 'young' } }]);
  });

  it('waits until a tag that moved has settled, not on the first look', async () => {
    const moving = await check('moving', rules(), ([a, , c]) => [
      { digest: c as Digest, first: now - hour },
      { digest: a as Digest, first: now - 100 * hour },
    ]);
    expect(moving.findings).toMatchObject([{ held: { reason: 'unsettled', until: '2026-01-05T17:00:00Z' } }]);
    const firstLook = await check('first', rules(), ([, , c]) => [{ digest: c as Digest, first: now - hour }]);
    expect(firstLook.findings[0]?.held).toBeUndefined();
  });

  it('holds back no event of a use without a digest, which the next run would not find again', async () => {
    const before = push(registry, 'event', debianImage({ libc6: '1' }));
    push(registry, 'event', debianImage({ libc6: '2' }), '1');
    const [finding] = await findingsOf(`FROM ${registry.host}/event:1\n`, {
      policy: rules({ minimumAge: 72 * hour }),
      baseLines: [() => before],
      seen: async () => [{ digest: before, first: now - 100 * hour }],
    });
    expect(finding).toMatchObject({ class: 'packages' });
    expect(finding?.held).toBeUndefined();
  });
});

describe('a newer tag', () => {
  const image = (version: string) => debianImage({ app: version });
  const tagged = (repository: string, ...tags: string[]): ReadonlyMap<string, Digest> =>
    new Map(tags.map((tag) => [tag, push(registry, repository, image(tag), tag)]));

  it('is not looked for unless the rules ask', async () => {
    tagged('quiet', '1.0', '2.0');
    const before = registry.log.length;
    expect(await findingsOf(`FROM ${registry.host}/quiet:1.0\n`)).toMatchObject([{ class: 'unpinned' }]);
    expect(registry.log.slice(before).some(({ path }) => path.includes('tags/list'))).toBe(false);
  });

  it('is proposed with its own digest, and written', async () => {
    const digests = tagged('app', '1.0.0', '1.0.2', '1.1.0', '2.0.0', 'latest');
    const dockerfile = `FROM ${registry.host}/app:1.0.0@${digests.get('1.0.0')}\n`;
    const result = await runOn({ files: { Dockerfile: dockerfile }, policy: rules({ versions: 'minor' }) });
    expect(result.record.findings).toMatchObject([
      { class: 'newer-tag', remedy: 'edit', latest: { tag: '1.1.0', digest: digests.get('1.1.0') } },
    ]);
    const [update] = planUpdates(result, { classes: new Set(['newer-tag']), pin: false });
    expect(update?.text).toBe(`FROM ${registry.host}/app:1.1.0@${digests.get('1.1.0')}\n`);
    expect(planUpdates(result, { classes: new Set(['packages']), pin: false })).toEqual([]);
  });

  it('further away than allowed is told, and not proposed', async () => {
    tagged('far', '1.0.0', '2.0.0');
    const found = await findingsOf(`FROM ${registry.host}/far:1.0.0\n`, { policy: rules({ versions: 'patch' }) });
    expect(found.find((one) => one.class === 'newer-tag')).toMatchObject({
      remedy: 'none',
      latest: { tag: '2.0.0' },
      reason: expect.stringContaining('further away than the rules allow to propose; the line of '),
    });
  });

  it('is not known when the registry does not tell its tags, and never the newest of some', async () => {
    tagged('listless', '1.0.0', '1.0.1', 'latest');
    const pin = push(registry, 'listless', image('1.0.0'), '1.0.0');
    const moved = push(registry, 'listless', image('0'), '2.0.0');
    push(registry, 'listless', image('2'), '2.0.0');
    const policy = rules({ versions: 'major' });
    const link = '<http://other.example/v2/listless/tags/list?last=1>; rel="next"';
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/tags/list')) return false;
      response.writeHead(200, { link }).end(JSON.stringify({ tags: ['1.0.0', '1.0.1'] }));
      return true;
    };
    const found = async (line: string): Promise<Pick<RunRecord, 'findings' | 'unchecked'>> =>
      recordOf(`FROM ${registry.host}/listless:${line}\n`, { policy });
    const [kept, other, unpinned, latest] = [
      await found(`1.0.0@${pin}`),
      await found(`2.0.0@${moved}`),
      await found('1.0.1'),
      await found('latest'),
    ];
    registry.intercept = undefined;
    const unanswered = [{ question: 'newer-tag', host: registry.host, code: 'tags-incomplete' }];
    expect(kept).toMatchObject({ findings: [], unchecked: unanswered });
    const notes = expect.arrayContaining([expect.stringContaining('whether there is a newer tag')]);
    expect(other).toMatchObject({ findings: [{ class: 'packages', notes }], unchecked: unanswered });
    expect(unpinned).toMatchObject({ findings: [{ class: 'unpinned' }], unchecked: unanswered });
    // Nothing can be newer than it.
    expect(latest).toMatchObject({ findings: [{ class: 'unpinned' }], unchecked: [] });
  });

  it('obeys globs over tags', async () => {
    tagged('picky', '1.0.0', '1.0.1', '1.0.2');
    const policy = rules({ versions: 'major', ignoreTags: ['1.0.2'] });
    const found = await findingsOf(`FROM ${registry.host}/picky:1.0.0\n`, { policy });
    expect(found.find((one) => one.class === 'newer-tag')?.latest?.tag).toBe('1.0.1');
  });

  it('of an index pin is an index', async () => {
    const built = index([{ image: image('1') }]);
    const pin = pushIndex(registry, 'multi', built, '1.0');
    const next = pushIndex(registry, 'multi', index([{ image: image('2') }]), '1.1');
    const found = await findingsOf(`FROM ${registry.host}/multi:1.0@${pin}\n`, {
      policy: rules({ versions: 'major' }),
    });
    expect(found).toMatchObject([{ class: 'newer-tag', latest: { digest: next } }]);
  });
});

describe('an image that may not be used', () => {
  it('is a finding, and is not asked for', async () => {
    push(registry, 'blocked', debianImage({ libc6: '1' }), '1');
    const before = registry.log.length;
    const dockerfile = `FROM ${registry.host}/blocked:1\n`;
    const blocked = await findingsOf(dockerfile, { policy: { ...rules(), block: ['**/blocked'] } });
    expect(blocked).toMatchObject([
      { class: 'unknown', held: { reason: 'policy' }, reason: expect.stringContaining('policy.block has **/blocked') },
    ]);
    const outside = await findingsOf(dockerfile, { policy: { ...rules(), allow: ['docker.io/library/*'] } });
    expect(outside).toMatchObject([{ class: 'unknown', held: { reason: 'policy' } }]);
    const allow = Array.from({ length: 7 }, (_, index) => `r${index}.corp/*`);
    expect(await findingsOf(dockerfile, { policy: { ...rules(), allow } })).toMatchObject([
      { reason: expect.stringContaining('only r0.corp/*, r1.corp/*, r2.corp/*, r3.corp/*, r4.corp/* and 2 more') },
    ]);
    expect(registry.log.length).toBe(before);
    expect(await findingsOf(dockerfile, { policy: { ...rules(), allow: [`${registry.host}/*`] } })).toMatchObject([
      { class: 'unpinned' },
    ]);
  });
});

describe('who pulls first', () => {
  it('lets what moved go before what lags, pinned before unpinned', async () => {
    const order = new PullOrder();
    const went: string[] = [];
    for (const phase of ['moved', 'lagging pins', 'lagging tags'] as const) order.announce(phase);
    const tags = order.turnOf('lagging tags').then(() => went.push('tags'));
    const pins = order.turnOf('lagging pins').then(() => went.push('pins'));
    await order.turnOf('moved');
    went.push('moved');
    order.done('moved');
    await Promise.resolve();
    expect(went).toEqual(['moved']);
    order.close();
    await pins;
    order.done('lagging pins');
    await tags;
    expect(went).toEqual(['moved', 'pins', 'tags']);
  });
});

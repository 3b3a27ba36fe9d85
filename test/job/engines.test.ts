import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import { workloadId } from '../../src/core/news.ts';
import { engineSources } from '../../src/job/engines.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Policy } from '../../src/verdict/policy.ts';
import { type FakeEngine, type FakeImage, startFakeEngine } from '../support/engine/fake-engine.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { listener, startWatch, type Watch } from '../support/watch.ts';

let registry: FakeRegistry;
let osv: FakeOsv;
beforeAll(async () => {
  [registry, osv] = await Promise.all([startFakeRegistry(), startFakeOsv()]);
  for (const bad of ['3.0.15-1', '3.0.14-1']) osv.answers.set(`Debian:12 openssl ${bad}`, ['DEBIAN-CVE-2026-1']);
  osv.answers.set('Debian:12 openssl 3.0.16-1', []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
});
afterAll(() => Promise.all([registry.close(), osv.close()]));

let watch: Watch;
let engine: FakeEngine;
beforeEach(async () => {
  watch = startWatch();
  engine = await startFakeEngine({ host: 'fake-host' });
});
afterEach(() => Promise.all([watch.remove(), engine.close()]));

const built = (openssl: string, bash = '5.2-1') => debianImage({ libc6: '2.36-9', openssl, bash });
const pulled = (repository: string, digest: Digest): FakeImage => ({
  id: `sha256:${digest.slice(-63)}c`,
  repoDigests: [`${registry.host}/${repository}@${digest}`],
});

/** The engine as the configuration would name it. */
async function nas(policy: Policy = { rules: [], pin: false }): Promise<readonly Source[]> {
  const wish = {
    type: 'docker',
    name: 'nas',
    asked: 'nas',
    address: { url: engine.url, from: 'a test' },
    stopped: false,
  };
  const signal = new AbortController().signal;
  const registryless = {
    document: async () => Promise.reject(new Error('nobody asks')),
    config: async () => Promise.reject(new Error('nobody asks')),
  };
  return engineSources([wish], policy, { engines: { userAgent: 'test', signal }, registry: registryless });
}

const shop = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };

describe('an engine in the scheduled job', () => {
  it('a fix that concerns a Dockerfile and three containers is one story with their places', async () => {
    const old = push(registry, 'web', built('3.0.15-1'), '12');
    push(registry, 'web', built('3.0.16-1'), '12');
    const image = `${registry.host}/web:12`;
    const runs = pulled('web', old);
    engine.containers = [
      { name: 'shop_web_1', image, runs, labels: shop },
      { name: 'shop_web_2', image, runs, labels: shop },
      { name: 'proxy', image, runs },
    ];
    watch.write({ Dockerfile: `FROM ${image}@${old}\n` });
    const ops = listener();
    const { record } = await watch.run(0, [ops], { advisories: osv.base, sources: await nas() });
    expect(record.findings.find(({ workload }) => workload?.name === 'proxy')?.id).toBe(
      workloadId({ engine: 'nas', place: 'proxy', key: image }),
    );
    const [message] = ops.heard.map((one) => one.message);
    expect(message?.stories).toMatchObject([
      {
        class: 'security',
        places: [
          { file: 'Dockerfile' },
          { repository: 'nas', workload: 'proxy' },
          { repository: 'nas', workload: 'shop/web ×2' },
        ],
      },
    ]);
    expect(message?.title).toContain('1 engine');
    expect(await watch.store.fleet.workloads()).toMatchObject([
      { engine: 'nas', name: 'proxy', state: 'behind', running: { root: old } },
      { name: 'shop_web_1', compose: { project: 'shop', service: 'web' } },
      { name: 'shop_web_2' },
    ]);
    expect(await watch.store.fleet.carriers('openssl')).toMatchObject([
      { file: 'Dockerfile' },
      { workload: { engine: 'nas', name: 'proxy' } },
      { workload: { engine: 'nas', name: 'shop_web_1' } },
    ]);
  });

  it('is introduced quietly, and told of in full from then on', async () => {
    watch.write({ Dockerfile: `FROM ${registry.host}/base:1\n` });
    push(registry, 'base', built('3.0.16-1'), '1');
    const ops = listener();
    await watch.run(0, [ops], { advisories: osv.base });
    const old = push(registry, 'app', built('3.0.16-1', '5.2-1'), '1');
    push(registry, 'app', built('3.0.16-1', '5.2-2'), '1');
    engine.containers = [{ name: 'app', image: `${registry.host}/app:1`, runs: pulled('app', old) }];
    const alertNow = {
      rules: [{ match: { engine: 'na*' }, react: ['alert' as const], when: 'now' as const }],
      pin: false,
    };
    await watch.run(7, [ops], { advisories: osv.base, sources: await nas(alertNow) });
    expect(ops.heard.at(-1)?.message).toMatchObject({ title: 'First look at engine nas', stories: [] });
    const told = ops.heard.length;
    await watch.run(8, [ops], { advisories: osv.base, sources: await nas(alertNow) });
    expect(ops.heard).toHaveLength(told);
    push(registry, 'app', built('3.0.16-1', '5.2-3'), '1');
    await watch.run(20, [ops], { advisories: osv.base, sources: await nas(alertNow), hour: 7 });
    await watch.run(21, [ops], { advisories: osv.base, sources: await nas(alertNow) });
    expect(ops.heard.at(-1)?.message.stories).toMatchObject([
      { class: 'packages', places: [{ repository: 'nas', workload: 'app' }] },
    ]);
  });

  it('that cannot be asked closes and forgets nothing, and is told of at once', async () => {
    const old = push(registry, 'db', built('3.0.15-1'), '12');
    push(registry, 'db', built('3.0.16-1'), '12');
    engine.containers = [{ name: 'db', image: `${registry.host}/db:12`, runs: pulled('db', old) }];
    const ops = listener();
    const more = { advisories: osv.base };
    await watch.run(0, [ops], { ...more, sources: await nas() });
    engine.intercept = (_, response) => {
      response.writeHead(403).end();
      return true;
    };
    const { record } = await watch.run(1, [ops], { ...more, sources: await nas() });
    expect(record.scopes).toContainEqual(expect.objectContaining({ name: 'nas', whole: false }));
    expect(await watch.store.fleet.standing()).toMatchObject([{ repository: 'nas', class: 'security' }]);
    expect(await watch.store.fleet.workloads()).toMatchObject([{ name: 'db' }]);
    expect(ops.heard.at(-1)?.message.stories).toMatchObject([{ class: 'unwatched', subject: 'nas' }]);
    // A container that is gone is gone when the engine answers again.
    engine.intercept = undefined;
    engine.containers = [];
    await watch.run(2, [ops], { ...more, sources: await nas() });
    expect(await watch.store.fleet.workloads()).toEqual([]);
    expect(await watch.store.fleet.standing()).toEqual([]);
  });

  it('replicas that run different digests are two findings, and one of them keeps its identity', async () => {
    const [older, old] = [push(registry, 'mix', built('3.0.14-1')), push(registry, 'mix', built('3.0.15-1'))];
    push(registry, 'mix', built('3.0.16-1'), '12');
    const image = `${registry.host}/mix:12`;
    engine.containers = [
      { name: 'shop_web_1', image, runs: pulled('mix', older), labels: shop },
      { name: 'shop_web_2', image, runs: pulled('mix', old), labels: shop },
    ];
    const { record } = await watch.run(0, [], { advisories: osv.base, sources: await nas() });
    expect(record.findings.map(({ current }) => current?.digest)).toEqual([older, old]);
    const ids = record.findings.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toBe(workloadId({ engine: 'nas', place: 'shop/web', key: image }));
    expect(record.workloads.map(({ findings }) => findings)).toEqual([[ids[0]], [ids[1]]]);
  });

  it('rules may name the engine and what runs there, and never have anything proposed', async () => {
    const old = push(registry, 'r', built('3.0.15-1'), '12');
    push(registry, 'r', built('3.0.16-1'), '12');
    engine.containers = [
      { name: 'shop_web_1', image: `${registry.host}/r:12`, runs: pulled('r', old), labels: shop },
      { name: 'db', image: `${registry.host}/r:12`, runs: pulled('r', old) },
    ];
    const rules = [
      { match: {}, react: ['propose' as const, 'alert' as const] },
      { match: { workload: 'shop/*' }, react: ['ignore' as const] },
      { match: { engine: 'other' }, react: ['ignore' as const] },
    ];
    const { record } = await watch.run(0, [], { advisories: osv.base, sources: await nas({ rules, pin: false }) });
    const reactions = Object.fromEntries(
      record.findings.map(({ workload, reaction }) => [workload?.name, reaction?.react]),
    );
    expect(reactions).toEqual({ db: ['alert'], shop_web_1: ['ignore'] });
    expect(record.summary.needsRedeploy).toBe(true);
  });
});

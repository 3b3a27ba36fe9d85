import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { toySource } from '../support/toy-source.ts';
import { listener, startWatch, type Watch } from '../support/watch.ts';

let registry: FakeRegistry;
let osv: FakeOsv;
beforeAll(async () => {
  [registry, osv] = await Promise.all([startFakeRegistry(), startFakeOsv()]);
  osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1']);
  osv.answers.set('Debian:12 openssl 3.0.16-1', []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
});
afterAll(() => Promise.all([registry.close(), osv.close()]));

let watch: Watch;
beforeEach(() => {
  watch = startWatch();
});
afterEach(() => watch.remove());

const built = (openssl: string) => debianImage({ libc6: '2.36-9', openssl });
const alertNow = { rules: [{ match: {}, react: ['alert' as const], when: 'now' as const }], pin: false };

describe('what runs, as a source that nothing else knows of', () => {
  const file = (): string => path.join(watch.folder, 'workloads.json');
  const runs = (all: readonly object[]): void => writeFileSync(file(), JSON.stringify(all));

  it('is found, told with its engine and name, and answered for by where and status', async () => {
    const running = push(registry, 'web', built('3.0.15-1'));
    push(registry, 'web', built('3.0.15-1'), '12');
    const image = `${registry.host}/web:12`;
    runs([{ name: 'shop', image, running }]);
    const ops = listener();
    const more = { advisories: osv.base, policy: alertNow, sources: [toySource(file(), 'nas', alertNow)] };
    await watch.run(0, [ops], more);
    push(registry, 'web', built('3.0.16-1'), '12');
    const { record } = await watch.run(1, [ops], more);

    expect(record.scopes).toContainEqual({ id: 'toy nas', name: 'nas', kind: 'engine', whole: true });
    expect(record.summary).toMatchObject({ needsRedeploy: true, needsRebuild: false, fixAvailable: true, unpinned: 0 });
    const [finding] = record.findings;
    expect(finding).toMatchObject({
      class: 'security',
      role: 'runs',
      remedy: 'redeploy',
      workload: { engine: 'nas', kind: 'container', name: 'shop' },
      current: { digest: running },
    });
    for (const key of ['file', 'line', 'column', 'kind', 'edits', 'proposed']) expect(finding).not.toHaveProperty(key);
    expect(ops.heard.at(-1)?.message.stories).toMatchObject([
      { class: 'security', places: [{ repository: 'nas', workload: 'shop' }] },
    ]);
    const standing = await watch.store.fleet.standing();
    expect(standing).toMatchObject([
      { class: 'security', repository: 'nas', workload: { engine: 'nas', name: 'shop' } },
    ]);
    expect(await watch.store.fleet.carriers('openssl')).toMatchObject([
      { repository: 'nas', workload: { engine: 'nas', name: 'shop' } },
    ]);

    // It runs the new image: the fix is over, and told as such, once.
    runs([{ name: 'shop', image, running: push(registry, 'web', built('3.0.16-1')) }]);
    const after = await watch.run(2, [ops], more);
    expect(after.record.findings).toEqual([]);
    expect(await watch.store.fleet.standing()).toEqual([]);
    expect(ops.heard.at(-1)?.message).toMatchObject({ kind: 'closed' });
    const told = ops.heard.length;
    await watch.run(3, [ops], more);
    expect(ops.heard).toHaveLength(told);
  });

  it('an engine that cannot be read closes and forgets nothing of what it ran', async () => {
    const running = push(registry, 'db', built('3.0.15-1'));
    push(registry, 'db', built('3.0.16-1'), '12');
    runs([{ name: 'db', image: `${registry.host}/db:12`, running }]);
    const ops = listener();
    const more = { advisories: osv.base, policy: alertNow, sources: [toySource(file(), 'nas', alertNow)] };
    await watch.run(0, [ops], more);
    writeFileSync(file(), 'no JSON');
    const { record } = await watch.run(1, [ops], more);
    expect(record.scopes).toContainEqual(expect.objectContaining({ name: 'nas', whole: false }));
    expect(await watch.store.fleet.standing()).toMatchObject([{ repository: 'nas', class: 'security' }]);
    expect(await watch.store.fleet.carriers('openssl')).toHaveLength(1);
    expect(ops.heard.map(({ message }) => message.kind)).not.toContain('closed');
  });
});

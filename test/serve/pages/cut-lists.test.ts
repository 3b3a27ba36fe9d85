import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src/state/sqlite/sqlite.ts';
import type { Store } from '../../../src/state/store.ts';
import { a, aRun, b, debian, look, stored } from '../../contract/store.ts';
import { temporaryTree } from '../../support/fleet.ts';
import { documentAt } from '../../support/page-context.ts';
import { aWorkload } from '../../support/seeded-state.ts';

const read = [{ id: 'nas', name: 'nas', files: [], lost: [], missed: [] }];
const digest = (n: number): typeof a => `sha256:${n.toString(16).padStart(64, '0')}` as typeof a;
const page = `/images/${encodeURIComponent(debian)}`;

describe('a list that is cut', () => {
  let tree: ReturnType<typeof temporaryTree>;
  let store: Store;
  beforeEach(() => {
    tree = temporaryTree({});
    store = openSqliteStore(path.join(tree.folder, 'state.db'), { readOnly: false });
  });
  afterEach(async () => {
    await store.close();
    tree.remove();
  });

  it('of what happened to an image, and of digests to compare, says so', async () => {
    for (let n = 0; n < 20; n++) {
      const findings = n % 2 === 0 ? [stored(['n'])] : [];
      await store.recordRun(aRun(1000 + n, { looks: [look(digest(n))], findings }));
    }
    const text = await documentAt(page, store);
    expect(text.match(/<option value="sha256/g)).toHaveLength(2 * 20);
    expect(text).not.toMatch(/can be chosen|What happened before/);
    for (let n = 20; n < 60; n++) {
      const findings = n % 2 === 0 ? [stored(['n'])] : [];
      await store.recordRun(aRun(1000 + n, { looks: [look(digest(n))], findings }));
    }
    const cut = await documentAt(page, store);
    expect(cut).toContain('The newest 30 of 60 can be chosen; any two can be named in the address, as from and to.');
    expect(cut).toContain('What happened before is not shown.');
  });

  it('of newer versions says how many more there are', async () => {
    await store.recordRun(aRun(1000));
    const place = { scope: '.', repository: '.', file: 'Dockerfile', line: 1, written: 'x' };
    const record = (many: number): Promise<void> => {
      const references = Array.from({ length: many }, (_, n) => `r/x${n}:1`);
      const consumers = references.map((reference, n) => ({
        id: `${n}`,
        ...place,
        reference,
        digest: b,
        manifests: [],
      }));
      const fixes = references.map((reference, n) => ({ reference, package: 'ssl', version: `${n}`, remedy: 'edit' }));
      return store.fleet.record({ consumers, unlooked: [] }, fixes, aRun(1000));
    };
    await record(5);
    expect(await documentAt('/packages', store)).not.toContain(' more<');
    await record(7);
    expect(await documentAt('/packages', store)).toContain(', <code>4</code> and 2 more<');
  });

  it('of runs goes on, and in an export says that it does not', async () => {
    for (let n = 0; n < 101; n++) await store.recordRun(aRun(1000 + n));
    const text = await documentAt('/runs', store);
    const [, next = ''] = /href="(\/runs\?cursor=[\w-]+)">Next page/.exec(text) ?? [];
    expect(await documentAt(next, store)).toMatch(/>#1</);
    expect(await documentAt('/runs', store, { isExport: true })).toContain('Older runs are not in this export.');
  });

  it('of moves of a workload says so, and what people asked of it is not lost among the rest', async () => {
    await store.recordRun(aRun(1000, { workloads: [aWorkload()], read }));
    const workload = { engine: 'nas', kind: 'container', name: 'shop-web-1' } as const;
    const move = { id: 'w', reference: debian, from: null, to: { root: a, manifest: b }, class: 'security' };
    const address = '/workloads/nas/shop-web-1';
    expect(await documentAt(address, store)).toContain('Plimsoll has not moved it.');
    await store.daemon.audit({ at: 1000, person: 'ada', action: 'redeploy', subject: 'nas/shop-web-1: asked for' });
    for (let n = 0; n < 120; n++) {
      await store.acts.begin({ ...move, workload, at: 1000 + n });
      await store.daemon.audit({ at: 1001 + n, person: 'bob', action: 'check', subject: 'run 1' });
    }
    const text = await documentAt(address, store);
    expect(text).toContain('Older moves are not shown.');
    expect(text).toContain('ada');
    expect(text).not.toContain('bob');
    for (let n = 0; n < 1000; n++) await store.acts.begin({ ...move, workload: { ...workload, name: 'other' }, at: n });
    expect(await documentAt(address, store)).toContain('None of the newest 1000 moves was of this one');
  });
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { limits } from '../../src/core/limits/limits.ts';
import { cli } from '../support/cli.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

/* An update of a kernel is about thousands of advisories, and its headers are in images that thousands of files name. */

const many = limits.archive.moveAdvisories.most;

let registry: FakeRegistry;
let osv: FakeOsv;
let tree: { folder: string; remove: () => void } | undefined;
beforeAll(async () => {
  [registry, osv] = await Promise.all([startFakeRegistry(), startFakeOsv()]);
});
afterEach(() => tree?.remove());
afterAll(() => Promise.all([registry.close(), osv.close()]));

/** A folder in which so many places use an image whose packages have moved since, each for its advisories. */
function watched(places: number, packages: Readonly<Record<string, readonly string[]>>): string {
  const at = (version: string) => debianImage(Object.fromEntries(Object.keys(packages).map((name) => [name, version])));
  for (const [name, ids] of Object.entries(packages)) {
    osv.answers.set(`Debian:12 ${name} 6.1-1`, ids);
    for (const id of ids) osv.records.set(id, { id });
  }
  const before = push(registry, 'app', at('6.1-1'));
  push(registry, 'app', at('6.1-2'), '1');
  const lines = `FROM ${registry.host}/app:1@${before}\n`.repeat(50);
  tree = temporaryTree({
    ...Object.fromEntries(Array.from({ length: places / 50 }, (_, n) => [`service-${n}/Dockerfile`, lines])),
    'plimsoll.yml': JSON.stringify({
      version: 1,
      advisories: osv.base,
      registries: Object.fromEntries([registry.host, new URL(osv.base).host].map((host) => [host, { insecure: true }])),
      repositories: [{ path: '.' }],
      state: 'state.db',
      // Nobody listens there, so what would be posted stays in the state.
      notify: [{ type: 'webhook', url: '${' + 'HOOK}' }],
    }),
  });
  return tree.folder;
}

const noHook = { HOOK: 'http://127.0.0.1:9/' };

it('costs each place a few of them, and the page counts them all', { timeout: 60_000 }, async () => {
  const cwd = watched(600, { linux: Array.from({ length: many }, (_, n) => `DEBIAN-CVE-2026-${10_000 + n}`) });
  const env = { ...noHook, PLIMSOLL_ADVISORIES: osv.base };
  const run = await cli(['run'], { cwd, env });
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('could not post to the webhook')]);
  // With all of them at each place it has 24 MB.
  expect(statSync(path.join(cwd, 'state.db')).size).toBeLessThan(8_000_000);
  expect((await cli(['report', '--html', 'out'], { cwd, env })).code).toBe(0);
  const out = path.join(cwd, 'out');
  const page = readdirSync(out).find((name) => name.startsWith('image-')) ?? '';
  expect(readFileSync(path.join(out, page), 'utf8')).toContain(` and ${(many - 4).toLocaleString('en')} more`);
});

it('tells thousands of fixes at thousands of places in a small memory', { timeout: 120_000 }, async () => {
  const fixes = Array.from({ length: 2_000 }, (_, n) => [`lib${n}`, [`DEBIAN-CVE-2026-${n}`]] as const);
  const cwd = watched(4_500, Object.fromEntries(fixes));
  const env = { ...noHook, PLIMSOLL_ADVISORIES: osv.base, NODE_OPTIONS: '--max-old-space-size=400' };
  for (const _ of ['the first time', 'once more']) {
    const run = await cli(['run'], { cwd, env });
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('could not post to the webhook')]);
  }
});

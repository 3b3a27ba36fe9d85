import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { limits } from '../../src/core/limits/limits.ts';
import { cli } from '../support/cli.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

/* An update of a kernel is about thousands of advisories, and its headers are in many images that many files name. */

const many = limits.archive.moveAdvisories.most;
const uses = 600;

let registry: FakeRegistry;
let osv: FakeOsv;
let tree: { folder: string; remove: () => void };
beforeAll(async () => {
  [registry, osv] = await Promise.all([startFakeRegistry(), startFakeOsv()]);
  const ids = Array.from({ length: many }, (_, n) => `DEBIAN-CVE-2026-${10_000 + n}`);
  osv.answers.set('Debian:12 linux 6.1-1', ids);
  for (const id of ids) osv.records.set(id, { id });
  const before = push(registry, 'app', debianImage({ linux: '6.1-1' }));
  push(registry, 'app', debianImage({ linux: '6.1-2' }), '1');
  const line = `FROM ${registry.host}/app:1@${before}\n`;
  tree = temporaryTree({
    'a/Dockerfile': line.repeat(uses / 2),
    'b/Dockerfile': line.repeat(uses / 2),
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
});
afterAll(async () => {
  tree.remove();
  await Promise.all([registry.close(), osv.close()]);
});

it('costs each place a few of them, and the page counts them all', { timeout: 60_000 }, async () => {
  const env = { HOOK: 'http://127.0.0.1:9/', PLIMSOLL_ADVISORIES: osv.base };
  const run = await cli(['run'], { cwd: tree.folder, env });
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('could not post to the webhook')]);
  // With all of them at each place it has 24 MB.
  expect(statSync(path.join(tree.folder, 'state.db')).size).toBeLessThan(8_000_000);
  expect((await cli(['report', '--html', 'out'], { cwd: tree.folder, env })).code).toBe(0);
  const out = path.join(tree.folder, 'out');
  const page = readdirSync(out).find((name) => name.startsWith('image-')) ?? '';
  expect(readFileSync(path.join(out, page), 'utf8')).toContain(` and ${(many - 4).toLocaleString('en')} more`);
});

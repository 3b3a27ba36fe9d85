import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

/*
 * test/state/schema-3.sql is a state that a Plimsoll with that schema wrote: three daily runs from 2026-01-05 over the
 * files below, of which the first two told what they name; the tag of redis moved before the second, whose news waits for
 * the next week.
 */

let registry: FakeRegistry;
let tree: { folder: string; remove: () => void };
beforeEach(async () => {
  registry = await startFakeRegistry();
  const before = { libc6: '2.36-9+deb12u9', openssl: '3.0.15-1' };
  const pin = push(registry, 'library/debian', debianImage(before));
  push(registry, 'library/debian', debianImage({ ...before, openssl: '3.0.16-1' }), '12');
  push(registry, 'library/redis', debianImage({ openssl: '3.0.15-1' }));
  push(registry, 'library/redis', debianImage({ openssl: '3.0.16-1' }), '7');
  const name = 'registry.example/library';
  tree = temporaryTree({
    'plimsoll.yml': `version: 1\nadvisories: off\nregistries: { registry.example: { mirror: "http://${registry.host}", insecure: true } }\narchives: { skip: ["**"] }\n`,
    'api/Dockerfile': `FROM ${name}/debian:12@${pin}\n`,
    'web/Dockerfile': `FROM ${name}/debian:12@${pin}\n`,
    'cache/Dockerfile': `FROM ${name}/redis:7\n`,
    'gone/Dockerfile': `FROM ${name}/nothing:1\n`,
  });
  const database = new DatabaseSync(path.join(tree.folder, 'state.db'));
  database.exec(readFileSync(path.join(import.meta.dirname, '../state/schema-3.sql'), 'utf8'));
  database.close();
});
afterEach(async () => {
  tree.remove();
  await registry.close();
});

const plimsoll = (command: string, day: number, more: readonly string[] = []) =>
  cli([command, '--state', 'state.db', ...more], {
    cwd: tree.folder,
    env: { PLIMSOLL_NOW: `2026-01-${String(day).padStart(2, '0')}T12:00:00Z` },
  });

it('is read without a repeated message, with since when everything is known', async () => {
  expect(await plimsoll('run', 8)).toMatchObject({ code: 0, stdout: '' });
  const { stdout } = await plimsoll('status', 8, ['--format', 'json']);
  const { findings } = JSON.parse(stdout) as { findings: { class: string; file: string; since: string }[] };
  expect(findings.map((one) => `${one.class} ${one.file} ${one.since.slice(0, 10)}`)).toEqual([
    'packages api/Dockerfile 2026-01-05',
    'packages web/Dockerfile 2026-01-05',
    'packages cache/Dockerfile 2026-01-06',
    'unknown gone/Dockerfile 2026-01-05',
  ]);
  const week = await plimsoll('run', 12);
  expect(week.stdout).toMatch(/^cache\/Dockerfile\n {2}1:6 {3}packages/);
  expect(week.stdout).not.toContain('web/Dockerfile');
});

it('says of what it names when that is over, and only then', async () => {
  push(registry, 'library/nothing', debianImage({ libc6: '1' }), '1');
  const { stdout } = await plimsoll('run', 8);
  expect(stdout).not.toContain('api/Dockerfile');
  const { findings } = JSON.parse((await plimsoll('status', 8, ['--format', 'json'])).stdout) as {
    findings: { class: string; file: string }[];
  };
  expect(findings.map((one) => `${one.class} ${one.file}`)).not.toContain('unknown gone/Dockerfile');
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/run-record.ts';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

/** Discard: nobody listens there. */
const nobody = '127.0.0.1:9';
const health = /up to date(?! with)|nothing is behind|no rebuild is needed|nothing is pending|no image in the state/;

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

let tree: { folder: string; remove: () => void };
let use: string;
beforeEach(() => {
  const files = { 'etc/apt/sources.list': `deb [trusted=yes] http://${nobody}/debian bookworm main\n` };
  const digest = push(registry, 'debian', debianImage({ apt: '2.6.1', libc6: '2.36-9' }, { files }), '12');
  use = `${registry.host}/debian:12@${digest}`;
  tree = temporaryTree({ Dockerfile: `FROM ${use}\n` });
});
afterEach(() => tree.remove());

const run = (...args: string[]) => cli([...args], { cwd: tree.folder });
const configure = (text: string): void =>
  writeFileSync(path.join(tree.folder, 'plimsoll.yml'), `version: 1\nstate: state.db\n${text}`);

describe('with archives that nobody can reach', () => {
  it('a gate is not passed, and every format says who did not answer', async () => {
    const gate = await run('check', '--fail-on', 'security,lagging,pin-broken');
    expect(gate.code).toBe(3);
    expect(gate.stderr).toContain('what fail-on asks for is not known: up to date with its tag; for 1 of 1 use');
    expect(gate.stdout.match(new RegExp(`^not known ${nobody}:`, 'gm'))).toHaveLength(1);
    expect(gate.stdout).not.toMatch(health);
    expect((await run('check', '--fail-on', 'security', '--allow-unknown')).code).toBe(0);
    const json = await run('check', '--format', 'json');
    expect(json.code).toBe(0);
    expect((JSON.parse(json.stdout) as RunRecord).summary).toMatchObject({
      unknown: 0,
      unchecked: 1,
      needsRebuild: null,
    });
    for (const format of ['markdown', 'html', 'sarif']) {
      const { stdout } = await run('check', '--format', format);
      expect(stdout).toContain(nobody);
      expect(stdout).not.toMatch(health);
    }
  });

  it('nothing is claimed of one image, or of the fleet', async () => {
    configure(`registries: { "${registry.host}": {} }\n`);
    const pending = await run('pending', use);
    expect([pending.code, pending.stdout]).toEqual([3, expect.stringContaining(nobody)]);
    expect(pending.stdout).not.toMatch(health);
    const job = await run('run');
    expect([job.code, job.stdout]).toEqual([0, '']);
    const status = await run('status');
    expect(status.stdout).toMatch(
      /^unchecked {2}127\.0\.0\.1:9 {2}since .*\nnothing is known to be behind; not everything could be looked at/,
    );
    const where = await run('where', 'libc6');
    expect([where.code, where.stdout]).toEqual([0, expect.stringContaining('looked into 1 of 1 image')]);
    const doctor = await run('doctor');
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringContaining('the newest run could not ask it')]);
  });
});

describe('with an engine, or a folder, that is not there', () => {
  it.each(['engines: [{ name: nas, host: "unix:///nowhere/docker.sock" }]', 'repositories: [{ path: nowhere }]'])(
    'nothing is claimed: %s',
    async (wanted) => {
      writeFileSync(path.join(tree.folder, 'Dockerfile'), 'FROM scratch\n');
      configure(`${wanted}\nallowEmpty: true\n`);
      expect((await run('run', '--config', 'plimsoll.yml')).code).toBe(3);
      const { stdout } = await run('status');
      expect(stdout).not.toMatch(health);
      expect(stdout).toMatch(/^not read {2}by the newest run: /m);
    },
  );
});

describe('with a registry that nobody can reach', () => {
  beforeEach(() => writeFileSync(path.join(tree.folder, 'Dockerfile'), `FROM ${nobody}/app:1\n`));

  it('nothing is claimed', async () => {
    configure(`registries: { "${nobody}": {} }\n`);
    const check = await run('check', '--config', 'plimsoll.yml');
    expect(check.code).toBe(3);
    expect(check.stdout.match(new RegExp(`^not known ${nobody}:`, 'gm'))).toHaveLength(1);
    const job = await run('run');
    expect(job.code).toBe(3);
    const where = await run('where', 'libc6');
    expect([where.code, where.stdout.split('\n')[0]]).toEqual([
      3,
      'none of the 0 images that were looked into carries libc6',
    ]);
    const status = await run('status');
    for (const { stdout } of [check, job, where, status]) expect(stdout).not.toMatch(health);
  });
});

it('finds nothing to watch, and does not say that all is well', async () => {
  const empty = temporaryTree({ 'plimsoll.yml': 'version: 1\nstate: state.db\n', 'README.md': '' });
  try {
    const job = await cli(['run'], { cwd: empty.folder });
    expect([job.code, job.stderr]).toEqual([3, expect.stringContaining('no image use was found at all')]);
    expect((await cli(['run', '--allow-empty'], { cwd: empty.folder })).code).toBe(0);
    expect(
      (await cli(['check', '--fail-on', 'security', '--config', 'plimsoll.yml'], { cwd: empty.folder })).code,
    ).toBe(3);
    const look = await cli(['check', '--config', 'plimsoll.yml'], { cwd: empty.folder });
    expect([look.code, look.stdout]).toEqual([0, expect.stringContaining('nothing to check: no image use was found')]);
  } finally {
    empty.remove();
  }
});

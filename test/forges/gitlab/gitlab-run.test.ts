import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseMarker } from '../../../src/targets/proposals/marker.ts';
import { cli } from '../../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../../support/fleet.ts';
import { startGitLab } from '../../support/gitlab/forge.ts';
import type { StandIn } from '../../support/stand-in.ts';

let servers: readonly [StandIn, StandIn];
let registry: FakeRegistry;
let tree: ReturnType<typeof temporaryTree>;
beforeEach(async () => {
  servers = [await startGitLab(), await startGitLab()];
  registry = await startFakeRegistry();
  const pin = push(registry, 'base', debianImage({ libc6: '1', openssl: '1.0' }), '1');
  push(registry, 'base', debianImage({ libc6: '1', openssl: '1.1' }), '1');
  for (const { world } of servers)
    world.create('g/part/app', { 'app/Dockerfile': `FROM ${registry.host}/base:1@${pin}\n` });
  servers[1].tokens.clear();
  servers[1].tokens.set('other', 'plimsoll');
  tree = temporaryTree({
    'plimsoll.yml': `version: 1
state: state.db
repositories:
  - { gitlab: "g/**", url: ${servers[0].url}, token: "\${ONE}" }
  - { gitlab: g/part/app, url: ${servers[1].url}, token: "\${TWO}" }
registries: { "${registry.host}": {} }
dashboard: true
rules: [{ react: [propose, alert], when: now, labels: [base] }]
`,
  });
});
afterEach(async () => {
  tree.remove();
  await Promise.all([...servers, registry].map((one) => one.close()));
  expect(servers.flatMap(({ faults }) => faults)).toEqual([]);
});

const run = (...args: string[]) => cli(args, { cwd: tree.folder, env: { ONE: 'token', TWO: 'other' } });

it('proposes on two servers whose projects have the same numbers and names, and keeps both apart in one state', async () => {
  const first = await run('run');
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/merge request !1: http.*2 image uses of 1 image in 2 files/s);
  for (const { world } of servers) {
    const [repo] = world.repos;
    const items = repo?.items.map(({ number, pull, labels }) => [pull?.base, number, labels.map(({ name }) => name)]);
    expect(items).toEqual([
      ['main', 1, ['base']],
      [undefined, 1, []],
    ]);
    expect(parseMarker(repo?.items[0]?.body ?? '')?.head).toBe(repo?.items[0]?.pull?.headCommit);
  }
  const numbers = servers.map(({ world }) => world.repos[0]?.databaseId);
  expect(numbers[0]).toBe(numbers[1]);
  const writes = servers.map((one) => one.writes().length);
  const second = await run('run');
  expect([second.code, second.stdout, servers.map((one) => one.writes().length)]).toEqual([0, '', writes]);
  const { stdout } = await run('proposals');
  expect(stdout.match(/merge request !1/g)).toHaveLength(2);
  const { findings } = JSON.parse((await run('status', '--format', 'json')).stdout) as { findings: { id: string }[] };
  expect(new Set(findings.map(({ id }) => id)).size).toBe(2);
});

it('signs off as the account that the token is of, and is the author', async () => {
  const file = path.join(tree.folder, 'plimsoll.yml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}commit: { signoff: true, prefix: "chore: " }\n`);
  await run('run');
  const { world } = servers[0];
  const [repo] = world.repos;
  const [commit] = world.commits(repo!, 'main', world.open(repo!)[0]?.pull?.head ?? '');
  const who = { name: 'plimsoll', email: 'plimsoll@users.example.org' };
  expect(commit).toMatchObject({ author: who, committer: who, message: expect.stringMatching(/^chore: /) });
  expect(commit?.message).toMatch(
    /\nPlimsoll: [0-9a-f]{64} [0-9a-f]{64}\nSigned-off-by: plimsoll <plimsoll@users\.example\.org>\n$/,
  );
});

it('quotes a push rule that refuses its commits, and leaves no branch behind', async () => {
  const hooks = temporaryTree({
    'pre-receive': `#!/bin/sh
while read old new ref; do
  case $new in 0000*) continue;; esac
  for commit in $(git rev-list $new --not --all); do
    git log -1 --format=%s $commit | grep -q '^JIRA-' && continue
    echo 'GitLab: Commit message does not follow the pattern' >&2
    exit 1
  done
done
`,
  });
  chmodSync(path.join(hooks.folder, 'pre-receive'), 0o755);
  for (const server of servers) server.settings.push(`core.hooksPath=${hooks.folder}`);
  const refused = await run('run');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('does not follow the pattern')]);
  const branches = (): string[] => [...(servers[0].world.repos[0]?.store.refs().keys() ?? [])];
  expect(branches()).toEqual(['refs/heads/main']);
  const file = path.join(tree.folder, 'plimsoll.yml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}commit: { prefix: "JIRA-1 " }\n`);
  expect((await run('run')).code).toBe(0);
  expect(branches()).toHaveLength(2);
  hooks.remove();
});

it('has a week of its own on each server, although the names are the same', async () => {
  const file = path.join(tree.folder, 'plimsoll.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('when: now', 'when: weekly, versions: major'));
  push(registry, 'base', debianImage({ libc6: '2', openssl: '2.0' }), '2');
  await run('run');
  const titles = servers.map(({ world }) => world.open(world.repos[0]!).map(({ title }) => title));
  expect(titles[0]).toHaveLength(2);
  expect(titles[1]).toEqual(titles[0]);
});

it('sends a token to its own server and to no other', async () => {
  await run('run');
  const sent = (server: StandIn): string[] => [
    ...new Set(server.log.flatMap(({ authorization }) => authorization ?? [])),
  ];
  const basic = (token: string): string => `Basic ${Buffer.from(`oauth2:${token}`).toString('base64')}`;
  expect(servers.map(sent)).toEqual([[basic('token')], [basic('other')]]);
  expect(servers.flatMap(({ log }) => log.filter(({ status }) => status === 401))).toEqual([]);
});

it('says what a login lacks before anything is asked', async () => {
  const { code, stderr } = await cli(['run'], { cwd: tree.folder, env: { ONE: 'token' } });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/plimsoll\.yml:5.*TWO/)]);
  expect(servers.map(({ log }) => log.length)).toEqual([0, 0]);
});

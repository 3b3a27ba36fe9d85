import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';
import { type GitHubServer, startGitHub } from '../support/github/server.ts';
import { unpaced } from '../support/node.ts';

let github: GitHubServer;
let registry: FakeRegistry;
let tree: { folder: string; remove: () => void };
let pin: string;
beforeEach(async () => {
  [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
  pin = push(registry, 'base', debianImage({ libc6: '1', openssl: '1.0' }), '1');
  push(registry, 'base', debianImage({ libc6: '1', openssl: '1.1' }), '1');
  github.tokens.set('very-secret-token', 'plimsoll[bot]');
  github.world.create('o/app', { 'app/Dockerfile': `FROM ${registry.host}/base:1@${pin}\n` });
  github.world.create('o/pinless', { Dockerfile: `FROM ${registry.host}/base:1\n` });
  tree = temporaryTree({
    'plimsoll.yml': `version: 1
state: state.db
repositories: [{ github: "o/*" }]
registries: { "${registry.host}": {} }
rules: [{ react: [propose, alert], when: now }]
`,
  });
});
afterEach(async () => {
  tree.remove();
  await Promise.all([github.close(), registry.close()]);
  expect(github.faults).toEqual([]);
});

const run = (args: readonly string[] = ['run'], env: Record<string, string> = {}) =>
  cli(args, {
    cwd: tree.folder,
    env: { GITHUB_API_URL: github.url, GITHUB_TOKEN: 'very-secret-token', ...unpaced, ...env },
  });
const pulls = () => github.world.repos.flatMap((repo) => github.world.open(repo));

describe('plimsoll run over repositories on GitHub', () => {
  it('opens pull requests, tells of them, and does nothing the second time', async () => {
    const first = await run();
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('app/Dockerfile');
    const [pull, ...others] = pulls();
    expect(others).toEqual([]);
    expect(pull?.title).toContain('base:1');
    expect(first.stdout).toContain(`pull request #1: ${github.url}/o/app/pull/${pull?.number}\n`);
    const writes = github.writes().length;
    expect(await run()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(github.writes()).toHaveLength(writes);
    const status = await run(['status', '--format', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ findings: [{ repository: 'o/app', file: 'app/Dockerfile' }] });
    expect((await run(['where', 'openssl', '--format', 'csv'])).stdout).toMatch(/,o\/app,app\/Dockerfile,1,edit,1\.1/);
  });

  it('opens three for a kind of file that it reads for the first time, and the others in the next run', async () => {
    const config = path.join(tree.folder, 'plimsoll.yml');
    writeFileSync(config, `${readFileSync(config, 'utf8')}limits: { open: 20, perRun: 20 }\n`);
    await run();
    expect(pulls()).toHaveLength(1);
    const names = ['a', 'b', 'c', 'd', 'e'];
    const images = names.map((name) => {
      const old = push(registry, name, debianImage({ libc6: '1', [name]: '1' }), '1');
      push(registry, name, debianImage({ libc6: '1', [name]: '2' }), '1');
      return `  ${name}: { image: "${registry.host}/${name}:1@${old}" }\n`;
    });
    const [repo] = github.world.repos;
    if (repo === undefined) throw new Error('there is none');
    const files = { 'compose.yaml': `services:\n${images.join('')}` };
    github.world.push(repo, 'main', files);
    await run();
    expect(pulls()).toHaveLength(4);
    expect((await run(['proposals'])).stdout).toMatch(/limit/);
    await run();
    expect(pulls()).toHaveLength(6);
  });

  it('lists what is open, waiting and over', async () => {
    const none = await run(['proposals']);
    expect(none).toMatchObject({ code: 0, stdout: '0 open proposals, 0 waiting, 0 over\n' });
    await run();
    const url = `${github.url}/o/app/pull/${pulls()[0]?.number}`;
    const listed = await run(['proposals', '--format', 'json']);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      proposals: [{ forge: 'github', repository: 'o/app', state: 'open', isDraft: false, class: 'packages', url }],
      held: [],
      problems: [],
    });
    const writes = github.writes().length;
    github.world.close(pulls()[0]!);
    const over = await run(['proposals']);
    expect(over.stdout).toMatch(
      /^Over\n {2}packages {2}\S+\/base:1 {2}o\/app pull request #1 \(closed\)\n {4}\S+ {2}\d{4}-/,
    );
    expect(over.stdout).toMatch(/\n0 open proposals, 0 waiting, 1 over\n$/);
    expect(github.writes()).toHaveLength(writes);
    const denied = await run(['proposals'], { GITHUB_TOKEN: 'wrong' });
    expect(denied.code).toBe(3);
    expect(denied.stdout).toContain('not read o/*: ');
  });

  it('says what it would open with --dry-run, and opens nothing', async () => {
    const { stdout, code } = await run(['run', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/o\/app {2}plimsoll\/\S+ {2}would be created: /);
    expect(stdout).toContain(`(${github.log.length} of them to the forge)`);
    expect(github.writes()).toEqual([]);
    expect(existsSync(path.join(tree.folder, 'state.db'))).toBe(false);
  });

  it('is silent everywhere about what somebody ignores on its pull request', async () => {
    await run();
    const [pull] = pulls();
    github.world.repos[0]!.permissions.set('ada', 'write');
    github.world.label(pull!, 'plimsoll: ignore until 2099-12-24', 'ada');
    const closing = await run();
    expect([closing.code, pulls()]).toEqual([0, []]);
    const { stdout } = await run(['run', '--dry-run']);
    expect(stdout).toContain('snoozed until 2099-12-24T00:00:00Z');
  });

  it('says that a login is refused, and does not take that for nothing to do', async () => {
    github.tokens.clear();
    const { code, stdout, stderr } = await run();
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: o\/\*: .*401/);
    expect(stdout + stderr).not.toContain('very-secret-token');
  });

  it('needs a login, which occurs nowhere', async () => {
    const { code, stderr } = await run(['run'], { GITHUB_TOKEN: '' });
    expect(code).toBe(2);
    expect(stderr).toContain('set GITHUB_TOKEN');
    writeFileSync(path.join(tree.folder, 'key.pem'), 'not a key');
    const app = await run(['run'], { PLIMSOLL_GITHUB_APP_ID: '1', PLIMSOLL_GITHUB_APP_KEY: 'file:key.pem' });
    expect(app.code).toBe(2);
    expect(app.stderr).toContain('is no private key');
    const { stdout, stderr: verbose } = await run(['run', '--verbose']);
    expect(stdout + verbose).not.toContain('very-secret-token');
  });

  it('sees with doctor who it is and which repositories are there, or why not', async () => {
    const doctor = async () => JSON.parse((await run(['doctor', '--format', 'json'])).stdout).github;
    expect(await doctor()).toEqual([
      { subject: 'o', state: 'good', findings: ['acts as plimsoll[bot]'] },
      { subject: 'o/*', state: 'good', findings: ['sees 2 repositories'] },
    ]);
    const ends = (days: number): string =>
      new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
    github.tokenEnds = `${ends(90)} UTC`;
    expect(await doctor()).toMatchObject([{ state: 'good' }, {}]);
    github.tokenEnds = `${ends(3)} UTC`;
    expect(await doctor()).toMatchObject([
      {
        state: 'doubtful',
        findings: ['acts as plimsoll[bot]', expect.stringMatching(/^its token ends at 20.*give a new one/)],
      },
      {},
    ]);
    github.world.repos.length = 0;
    github.tokens.clear();
    expect(await doctor()).toMatchObject([
      { state: 'bad', findings: [expect.stringContaining('401')] },
      { state: 'bad' },
    ]);
    const { code, stdout } = await run(['doctor'], { GITHUB_TOKEN: '' });
    expect([code, stdout]).toEqual([1, expect.stringContaining('set GITHUB_TOKEN')]);
  });

  it('keeps the pull request that gives digests while tags stand still, and opens it when it is asked for later', async () => {
    const file = path.join(tree.folder, 'plimsoll.yml');
    const before = readFileSync(file, 'utf8');
    const repo = () =>
      github.world.repos.find(({ name }) => name === 'pinless') ?? expect.fail('there is no repository');
    const open = () => github.world.open(repo()).map(({ title }) => title);
    await run(['run']);
    expect(open()).toEqual([]);
    writeFileSync(file, `${before}pin: true\n`);
    await run(['run']);
    expect(open()).toEqual([expect.stringMatching(/^Pin .*base:1 to /)]);
    expect(github.world.open(repo())[0]?.body).not.toContain('no pull request is possible');
    await run(['run']);
    expect(open()).toHaveLength(1);
  });

  it('sees with doctor the registries that a run has met in repositories', async () => {
    const registries = async () => JSON.parse((await run(['doctor', '--format', 'json'])).stdout).registries;
    expect(await registries()).toEqual([
      { subject: 'of repositories on a forge', state: 'new', findings: [expect.stringContaining('run --dry-run')] },
    ]);
    await run(['run']);
    expect(await registries()).toMatchObject([{ subject: registry.host, state: 'good' }]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../../support/fleet.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';
import { unpaced } from '../../support/node.ts';
import { createRepository, type TestRepository } from './repository.ts';

let github: GitHubServer;
let registry: FakeRegistry;
let repository: TestRepository;
let dockerfile: string;
let tree: ReturnType<typeof temporaryTree> | undefined;
beforeEach(async () => {
  [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
  const pin = push(registry, 'base', debianImage({ libc6: '1', openssl: '1.0' }), '1');
  push(registry, 'base', debianImage({ libc6: '1', openssl: '1.1' }), '1');
  dockerfile = `FROM ${registry.host}/base:1@${pin}\n`;
  repository = createRepository({ 'app/Dockerfile': dockerfile });
});
afterEach(async () => {
  repository.remove();
  tree?.remove();
  tree = undefined;
  await Promise.all([github.close(), registry.close()]);
});

function run(repositories: string, env: Record<string, string> = {}, args: readonly string[] = ['run']) {
  tree ??= temporaryTree({
    'plimsoll.yml': `version: 1
state: state.db
repositories: ${repositories}
registries: { "${registry.host}": {} }
rules: [{ react: [propose, alert], when: now }]
`,
  });
  return cli(args, { cwd: tree.folder, env });
}

describe('plimsoll run over local repositories', () => {
  it('proposes branches, and the next run says and does nothing', async () => {
    const wanted = `[{ git: ${repository.folder} }]`;
    const first = await run(wanted);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('app/Dockerfile');
    expect(repository.branches()).toEqual(['main', expect.stringMatching(/^plimsoll\/.*base-1-[0-9a-f]{8}$/)]);
    const refs = repository.refs();
    expect(await run(wanted)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(repository.refs()).toBe(refs);
  });

  it('names a repository that cannot be read with --dry-run, too, and does not call that nothing to check', async () => {
    const { code, stderr } = await run(`[{ git: ${repository.folder}/absent }]`, {}, ['run', '--dry-run']);
    expect(code).toBe(3);
    expect(stderr).toContain(`error: ${repository.folder}/absent: `);
  });

  it('says what it would propose with --dry-run', async () => {
    const { code, stdout } = await run(`[{ git: ${repository.folder} }]`, {}, ['run', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ plimsoll\/\S+ {2}would be created: /);
    expect(repository.branches()).toEqual(['main']);
  });

  it('proposes on GitHub and in folders in one run, each where it belongs', async () => {
    github.tokens.set('a-token', 'plimsoll[bot]');
    const remote = github.world.create('o/app', { Dockerfile: dockerfile });
    const env = { GITHUB_API_URL: github.url, GITHUB_TOKEN: 'a-token', ...unpaced };
    const { code, stderr } = await run(`[{ github: "o/*" }, { git: ${repository.folder} }]`, env);
    expect([code, stderr]).toEqual([0, '']);
    expect(github.world.open(remote)).toHaveLength(1);
    expect(repository.branches()).toHaveLength(2);
    expect(github.faults).toEqual([]);
  });

  it('names a folder that is no repository, and goes on with the others', async () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'plimsoll-empty-'));
    try {
      const { code, stderr } = await run(`[{ git: ${empty} }, { git: ${repository.folder} }]`);
      // The others are done, and somebody counts on this one too.
      expect(code).toBe(3);
      expect(stderr).toContain(`opening the repository ${empty}`);
      expect(repository.branches()).toHaveLength(2);
    } finally {
      rmSync(empty, { recursive: true });
    }
  });

  it('is looked at by doctor', async () => {
    const args = ['doctor', '--format', 'json'];
    const { code, stdout } = await run(`[{ git: ${repository.folder} }, { git: /nowhere }]`, {}, args);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Record<string, unknown>)['git']).toEqual([
      { subject: repository.folder, state: 'good', findings: ['sees 1 repository'] },
      { subject: '/nowhere', state: 'bad', findings: [expect.stringContaining('/nowhere')] },
    ]);
  });

  it('says that git is missing', async () => {
    const { code, stderr } = await run(`[{ git: ${repository.folder} }]`, { PATH: '/nowhere' });
    expect(code).toBe(3);
    expect(stderr).toContain('git is not installed');
  });
});

describe('the demo', () => {
  it('shows the branches that it proposes, and what one of them says', async () => {
    const { code, stdout } = await cli(['demo'], { cwd: repository.folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^[0-9a-f]{7} \(plimsoll\/debian-12-slim-[0-9a-f]{8}\) Move debian:12-slim from [0-9a-f]{12} to [0-9a-f]{12} and exim4-daemon-light \(pin-broken\)$/m,
    );
    expect(stdout).toContain('What the first of them says:');
    expect(stdout).not.toContain('left out');
    expect(stdout).toContain('Delete this branch');
    expect(stdout).not.toContain('<!--');
  });

  it('says in a line that it cannot, without git', async () => {
    const { code, stdout } = await cli(['demo'], { cwd: repository.folder, env: { PATH: '/nowhere' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Pull requests are not shown.*: git init in \S+: git is not installed, or not in the PATH$/m,
    );
  });
});

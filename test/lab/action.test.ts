import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ActionRun, action } from '../support/action.ts';
import { type ActionsCache, startActionsCache } from '../support/actions-cache.ts';
import { bareStore } from '../support/github/objects.ts';
import { type GitHubServer, startGitHub } from '../support/github/server.ts';
import { World } from '../support/github/world.ts';
import { debianImage, publish } from './support/publish.ts';
import { requestsOf } from './support/registry-server.ts';

const { folder, older, newer, http: registry } = inject('lab');
const image = `${registry.host}/action/debian`;
const entry = path.join(import.meta.dirname, '../../dist/action.js');
const token = 'the-token-of-the-job';

let github: GitHubServer;
let cache: ActionsCache;
let place: string;
let before: string;
let after: string;
beforeAll(async () => {
  place = mkdtempSync(path.join(folder, 'action-'));
  mkdirSync(path.join(place, 'workspace'));
  [github, cache] = await Promise.all([
    startGitHub(new World((name) => bareStore(path.join(place, `${name.replace('/', '-')}.git`)))),
    startActionsCache(),
  ]);
  github.tokens.set(token, 'github-actions[bot]');
  before = publish(debianImage(older), `${image}:12`, folder);
  after = publish(debianImage(newer), `${image}:12`, folder);
  github.world.create('o/app', {
    Dockerfile: `FROM ${image}:12@${before}\n`,
    '.github/plimsoll.yml': `version: 1\nregistries: { "${registry.host}": { insecure: true } }\nrules: [{ when: now }]\n`,
  });
});
afterAll(async () => {
  await Promise.all([github.close(), cache.close()]);
});

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['--git-dir', path.join(place, 'o-app.git'), ...args], { encoding: 'utf8' });
const run = (more: Partial<ActionRun> = {}) =>
  action({
    workspace: path.join(place, 'workspace'),
    entry,
    inputs: { token },
    ...more,
    env: { GITHUB_API_URL: github.url, ...cache.env, ...more.env },
  });

describe('the Action as a runner starts it, with nothing but dist/', () => {
  it('opens a pull request that git sees as one changed line, and keeps its state where no clone looks', async () => {
    expect(existsSync(entry), 'dist/action.js is made by npm run build').toBe(true);
    const { code, log, outputs, summary } = await run();
    expect([code, log]).toEqual([0, expect.not.stringContaining('::error::')]);
    expect(outputs['needs-rebuild']).toBe('true');
    expect(JSON.parse(outputs['pull-requests'] ?? '')).toHaveLength(1);
    expect(summary).toContain('no workflow starts for pull requests that GITHUB\\_TOKEN opened'.replace(/^n/, 'N'));
    const branches = git('for-each-ref', '--format=%(refname)').trim().split('\n');
    const [branch = ''] = branches.filter((name) => name.startsWith('refs/heads/plimsoll/'));
    expect(branches).toEqual(['refs/heads/main', branch, 'refs/plimsoll/state']);
    const changed = git('diff', '--unified=0', 'refs/heads/main', branch)
      .split('\n')
      .filter((line) => /^[-+][^-+]/.test(line));
    expect(changed).toEqual([`-FROM ${image}:12@${before}`, `+FROM ${image}:12@${after}`]);
    expect(git('rev-list', '--count', 'refs/plimsoll/state').trim()).toBe('1');
    expect(git('ls-tree', '--name-only', 'refs/plimsoll/state').trim()).toBe('state.json');
    expect(git('show', 'refs/plimsoll/state:state.json')).not.toContain('debian');
    git('fsck', '--strict');
  });

  it('writes nothing the next day on another machine, and asks the registry by HEAD alone', async () => {
    const writes = github.writes().length;
    const asked = requestsOf(registry).length;
    const { code, outputs } = await run({ env: { GITHUB_RUN_ID: '2' } });
    expect([code, outputs['needs-rebuild']]).toEqual([0, 'true']);
    expect(github.writes().slice(writes)).toEqual([]);
    expect(
      requestsOf(registry)
        .slice(asked)
        .filter((line) => !line.startsWith('HEAD ')),
    ).toEqual([]);
    expect([...cache.entries.keys()]).toContain('plimsoll-cache-v1-1-1');
  });

  it('closes the loop when it is merged', async () => {
    const repo = github.world.repos[0] ?? expect.fail();
    const [pull] = github.world.open(repo);
    expect(github.world.merge(repo, pull ?? expect.fail())).toBe(true);
    const { code, outputs, summary } = await run({ env: { GITHUB_RUN_ID: '3' } });
    expect([code, outputs['needs-rebuild'], outputs['pull-requests']]).toEqual([0, '', '[]']);
    expect(summary).toContain('up to date');
    expect(git('for-each-ref', '--format=%(refname)', 'refs/heads/plimsoll/').trim()).toBe('');
    expect(github.faults).toEqual([]);
  });
});

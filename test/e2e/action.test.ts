import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRun, action } from '../support/action.ts';
import { startActionsCache } from '../support/actions-cache.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';
import { flatten, readCommit } from '../support/github/git.ts';
import { type GitHubServer, startGitHub } from '../support/github/server.ts';
import { unpaced } from '../support/node.ts';

let github: GitHubServer;
let registry: FakeRegistry;
let tree: { folder: string; remove: () => void };
let pin: string;
const cleanups: (() => void)[] = [];
const token = 'very-secret-token';

beforeEach(async () => {
  [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
  pin = push(registry, 'base', debianImage({ libc6: '1', openssl: '1.0' }), '1');
  push(registry, 'base', debianImage({ libc6: '1', openssl: '1.1' }), '1');
  github.tokens.set(token, 'plimsoll[bot]');
  const files = { 'app/Dockerfile': `FROM ${registry.host}/base:1@${pin}\n`, 'plimsoll.yml': config() };
  tree = temporaryTree(files);
  github.world.create('o/app', files);
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  tree.remove();
  await Promise.all([github.close(), registry.close()]);
  expect(github.faults).toEqual([]);
});

const config = (more = '') => `version: 1
registries: { "${registry.host}": {} }
rules: [{ react: [propose, alert], when: now }]
${more}`;

const run = ({ inputs, env, ...more }: Partial<ActionRun> = {}) =>
  action({
    workspace: tree.folder,
    inputs: { token, ...inputs },
    env: { GITHUB_API_URL: github.url, ...unpaced, ...env },
    ...more,
  });
const repo = () => github.world.repos[0] ?? expect.fail('there is no repository');
const pulls = () => github.world.open(repo());

describe('the Action in mode check', () => {
  it('annotates the line, and hands on outputs, a summary and the whole report', async () => {
    const { code, log, outputs, summary, report } = await run({ inputs: { mode: 'check' } });
    expect(code).toBe(0);
    expect(log).toMatch(/^::warning title=packages%3A .*base%3A1.*,file=app\/Dockerfile,line=1,col=6::/m);
    expect(outputs).toMatchObject({ 'needs-rebuild': 'true', unknown: '', 'pull-requests': '[]' });
    expect(JSON.parse(outputs['findings'] ?? '')).toMatchObject({
      findings: [{ class: 'packages', file: 'app/Dockerfile', line: 1 }],
      truncated: false,
    });
    expect(summary).toContain('## Plimsoll: 1 packages: a rebuild is needed');
    expect(summary).toContain('`openssl`');
    expect(report).toMatchObject({ schema: 2, summary: { needsRebuild: true } });
    expect(github.writes()).toEqual([]);
  });
});

/** What the repository keeps of earlier runs. */
const kept = () => {
  const oid = repo().store.refs().get('refs/plimsoll/state');
  if (oid === undefined) return undefined;
  const commit = readCommit(repo().store, oid);
  const [[name, { oid: blob }] = expect.fail('an empty commit')] = flatten(repo().store, commit.tree);
  return { name, parents: commit.parents, text: repo().store.read(blob)?.bytes.toString() ?? '' };
};

/** Somebody's endpoint, and what it was sent. */
async function startHook(): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = [];
  const server = http.createServer(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()).toString());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`, bodies };
}

describe('the Action in mode pull-request, which is the default', () => {
  it('knows in a later job what somebody wanted no more of, though the state holds no names', async () => {
    await run();
    const [pull] = pulls();
    repo().permissions.set('ada', 'write');
    github.world.say(pull!, 'ada', 'plimsoll: ignore image');
    await run();
    expect(pulls()).toEqual([]);
    // News of its own, about the same image.
    push(registry, 'base', debianImage({ libc6: '1', openssl: '1.2' }), '1');
    const { report } = await run();
    expect(report).toMatchObject({ findings: [{ class: 'packages', snoozed: { until: expect.any(String) } }] });
  });

  it('opens the right pull request, and writes nothing the second time', async () => {
    const cache = await startActionsCache();
    cleanups.push(() => void cache.close());
    const first = await run({ env: cache.env });
    expect(first.code).toBe(0);
    expect(first.runs).toMatchObject([{ trigger: 'schedule', outcome: 'done', exit: 0 }]);
    const [pull, ...others] = pulls();
    expect(others).toEqual([]);
    expect(pull?.title).toContain('base:1');
    expect(JSON.parse(first.outputs['pull-requests'] ?? '')).toHaveLength(1);
    expect(first.summary).toContain('Mode pull-request: the default.');
    expect([...cache.entries.keys()]).toEqual(['plimsoll-cache-v1-1-1']);
    const writes = github.writes().length;
    const asked = registry.log.length;
    const second = await run({ env: { ...cache.env, GITHUB_RUN_ID: '2' } });
    expect(second.code).toBe(0);
    expect(github.writes().slice(writes)).toEqual([]);
    expect(registry.log.slice(asked).filter(({ method }) => method === 'GET')).toEqual([]);
    expect(second.outputs['pull-requests']).toBe(first.outputs['pull-requests']);
    expect(first.log + second.log + first.summary + second.summary.replaceAll('::add-mask::', '')).not.toMatch(
      new RegExp(`^(?!::add-mask::).*${token}`, 'm'),
    );
  });

  it('names no pull request that a person closed as an open one', async () => {
    await run({ inputs: { state: 'none' } });
    github.world.close(pulls()[0] ?? expect.fail('there is none'));
    const { outputs, summary, report } = await run({ inputs: { state: 'none' } });
    expect(outputs['pull-requests']).toBe('[]');
    expect(summary).toContain('[closed pull request #\u20601](');
    expect(report).toMatchObject({ findings: [{ proposal: { state: 'closed' } }] });
  });

  it('leaves alone what is open for files outside the paths that it was given', async () => {
    const other = push(registry, 'other', debianImage({ libc6: '1' }), '1');
    push(registry, 'other', debianImage({ libc6: '2' }), '1');
    github.world.push(repo(), 'main', { 'web/Dockerfile': `FROM ${registry.host}/other:1@${other}\n` });
    await run({ inputs: { state: 'none' } });
    const open = pulls().map(({ title }) => title);
    expect(open).toHaveLength(2);
    expect((await run({ inputs: { state: 'none', paths: 'web' } })).code).toBe(0);
    expect(pulls().map(({ title }) => title)).toEqual(open);
    const { url, bodies } = await startHook();
    writeFileSync(path.join(tree.folder, 'plimsoll.yml'), config('notify: [{ type: webhook, url: "${HOOK}" }]\n'));
    for (const paths of ['', 'web']) await run({ inputs: { mode: 'alert', paths }, env: { HOOK: url } });
    expect(bodies.map((body) => JSON.parse(body).event)).toEqual(['baseline']);
  });

  it('keeps hashes, digests and times in one commit without parents', async () => {
    await run();
    const state = kept();
    expect([state?.name, state?.parents]).toEqual(['state.json', []]);
    expect(JSON.parse(state?.text ?? '')).toMatchObject({
      version: 1,
      look: [[expect.any(String), '*', expect.any(String), expect.any(Number), expect.any(Number)]],
    });
    for (const name of ['base:1', 'Dockerfile', 'o/app', registry.host, 'openssl'])
      expect(state?.text).not.toContain(name);
  });

  it.each([
    [
      'a token that may only read',
      () => void repo().permissions.set('plimsoll[bot]', 'read'),
      'contents: write, pull-requests: write',
    ],
    [
      'a repository that lets no workflow open one',
      () => {
        repo().mayOpenPulls = false;
      },
      'Allow GitHub Actions to create and approve pull requests',
    ],
  ])('says what to do about %s, and fails only when pull requests were asked for', async (_name, prepare, words) => {
    prepare();
    const quiet = await run({ inputs: { state: 'none' } });
    expect([quiet.code, pulls()]).toEqual([0, []]);
    expect(quiet.log).toContain(words);
    expect(quiet.summary).toContain('Mode check: pull requests may not be opened here.');
    expect(quiet.summary).toContain('> [!IMPORTANT]');
    const asked = await run({
      inputs: { mode: 'pull-request', state: 'none' },
      env: { GITHUB_EVENT_NAME: 'workflow_dispatch' },
    });
    expect([asked.code, quiet.runs, asked.runs]).toMatchObject([
      1,
      [{ trigger: 'schedule', exit: 0 }],
      [{ trigger: 'person', exit: 1 }],
    ]);
    expect(asked.log).toMatch(/^::error::o\/app: /m);
  });

  it.each([
    ['says so', ''],
    ['says so of what was asked for', 'alert'],
  ])('looks, fails and %s when the token is refused', async (_name, mode) => {
    const { code, log, summary, outputs } = await run({ inputs: { token: 'revoked-token', mode } });
    expect([code, pulls(), outputs['needs-rebuild']]).toEqual([1, [], 'true']);
    expect(log).toMatch(/^::error::.*the repository could not be looked at: .*401/m);
    expect(summary).toContain('Mode check: the repository could not be looked at');
    expect(log + summary).not.toContain('no token');
  });

  it.each([
    ['a fork', {}, { repository: { fork: true } }, 'mode check: this is a fork'],
    [
      'a repository that Renovate edits',
      { 'renovate.json': '{}' },
      {},
      'mode alert: renovate.json has another program',
    ],
    [
      'a repository whose images Dependabot edits',
      { '.github/dependabot.yml': 'version: 2\nupdates:\n  - package-ecosystem: "docker"\n' },
      {},
      'mode alert: .github/dependabot.yml',
    ],
  ])('opens none by default in %s', async (_name, files, payload, words) => {
    github.world.push(repo(), 'main', files);
    const { code, summary } = await run({ payload, inputs: { state: 'none' } });
    expect([code, pulls()]).toEqual([0, []]);
    expect(summary.toLowerCase()).toContain(words.toLowerCase());
  });
});

describe('the Action in mode alert', () => {
  it('tells a channel once, whatever machine runs it', async () => {
    const { url, bodies } = await startHook();
    const text = config('notify: [{ type: webhook, url: "${HOOK}" }]\n');
    writeFileSync(path.join(tree.folder, 'plimsoll.yml'), text);
    const more = { inputs: { mode: 'alert' }, env: { HOOK: url } };
    const first = await run(more);
    expect([first.code, bodies.length, pulls()]).toEqual([0, 1, []]);
    expect(first.log).toContain(`::add-mask::${url}`);
    const writes = github.writes().length;
    expect((await run(more)).code).toBe(0);
    expect([bodies.length, github.writes().length]).toEqual([1, writes]);
    expect(kept()?.text).not.toContain('webhook');
  });
});

describe('a job that is cancelled', () => {
  it('keeps what it told, and ends while the runner waits', async () => {
    const { url, bodies } = await startHook();
    let child: ChildProcess | undefined;
    const slow = http.createServer(() => child?.kill('SIGINT'));
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    cleanups.push(
      () => slow.closeAllConnections(),
      () => slow.close(),
    );
    const slowUrl = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/never`;
    const channels = '{ name: a, type: webhook, url: "${HOOK}" }, { name: b, type: webhook, url: "${SLOW}" }';
    writeFileSync(path.join(tree.folder, 'plimsoll.yml'), config(`notify: [${channels}]\n`));
    const more = { inputs: { mode: 'alert' }, env: { HOOK: url, SLOW: slowUrl } };
    const { code, log } = await run({
      ...more,
      started: (one) => {
        child = one;
      },
    });
    // It did not wait until the silent one had been silent for too long.
    expect(log).toContain('::error::the channel b: could not post to the webhook: the run was stopped');
    expect(code).toBe(1);
    expect(bodies).toHaveLength(1);
    writeFileSync(
      path.join(tree.folder, 'plimsoll.yml'),
      config('notify: [{ name: a, type: webhook, url: "${HOOK}" }]\n'),
    );
    expect((await run(more)).code).toBe(0);
    expect(bodies).toHaveLength(1);
  });
});

describe('what a stranger may have written', () => {
  it('takes the configuration from the default branch on a pull request, and neither proposes nor sends', async () => {
    const { url, bodies } = await startHook();
    github.world.push(repo(), 'main', { 'plimsoll.yml': config('notify: [{ type: webhook, url: "${HOOK}" }]\n') });
    writeFileSync(path.join(tree.folder, 'plimsoll.yml'), `version: 1\nnotify: [{ type: webhook, url: "${url}" }]\n`);
    for (const [env, mode] of [
      [{ GITHUB_EVENT_NAME: 'pull_request_target', HOOK: url }, 'pull-request'],
      [{ GITHUB_EVENT_NAME: 'issue_comment' }, ''],
    ] as const) {
      const { code, summary, outputs } = await run({ env, inputs: { mode } });
      expect([code, outputs['needs-rebuild']]).toEqual([0, 'true']);
      expect(summary).toContain('nothing is proposed and nobody is told');
    }
    expect([bodies, github.writes()]).toEqual([[], []]);
  });

  it('lets no line of it start a workflow command', async () => {
    const evil = `\${::set-output name=x::y}##[add-mask]x`;
    writeFileSync(
      path.join(tree.folder, 'app/Dockerfile'),
      `FROM ${evil}\nFROM 127.0.0.1:1/::error::x\nFROM ${registry.host}/gone:1%0A::stop-commands::x\n`,
    );
    const { log } = await run({ inputs: { mode: 'check' }, env: { RUNNER_DEBUG: '1' } });
    const commands = log.split(/[\r\n]/).filter((line) => /^\s*::/.test(line) || line.includes('##['));
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      expect(command).toMatch(/^::(?:add-mask|(?:warning|error) title=[^:]*|error|debug|notice)::/);
      expect(command).not.toContain('##[');
    }
  });
});

describe('how the step ends', () => {
  it.each([
    ['fail-on with a finding of the class', { 'fail-on': 'packages, security' }, 1, 'fail-on (packages)'],
    ['fail-on without one', { 'fail-on': 'pin-broken' }, 0, ''],
    [
      'an unknown mode',
      { mode: 'destroy' },
      1,
      '::error::the input mode: "destroy" is none of check, alert, pull-request',
    ],
    ['an unknown class', { 'fail-on': 'bad' }, 1, '::error::the input fail-on: "bad" is none of'],
    ['a file for code scanning that is a folder', { sarif: 'app' }, 1, '::error::cannot write the file app: '],
    ['no platform', { platforms: 'not a platform' }, 1, '::error::'],
    ['a configuration that is not there', { config: 'none.yml' }, 1, '::error::cannot read the configuration none.yml'],
  ])('%s', async (_name, inputs, code, words) => {
    const done = await run({ inputs: { mode: 'check', ...inputs } });
    expect(done.code).toBe(code);
    expect(done.log).toContain(words);
  });

  it('goes on without a cache service that does not answer', async () => {
    const cache = await startActionsCache();
    cleanups.push(() => void cache.close());
    cache.broken = 403;
    const { code } = await run({ env: cache.env, inputs: { mode: 'check' } });
    expect(code).toBe(0);
  });

  it('writes SARIF of the files of this repository', async () => {
    const { outputs } = await run({ inputs: { mode: 'check', sarif: 'out/plimsoll.sarif' } });
    expect(outputs['sarif']).toBe('out/plimsoll.sarif');
    const written = JSON.parse(readFileSync(path.join(tree.folder, 'out/plimsoll.sarif'), 'utf8'));
    expect(written.runs[0].results).toHaveLength(1);
  });
});

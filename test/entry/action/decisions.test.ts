import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { parseConfig } from '../../../src/config/load.ts';
import { explainRefusals, explainSchedule, explainSilentPulls, isRefused } from '../../../src/entry/action/explain.ts';
import { readInputs } from '../../../src/entry/action/inputs.ts';
import { chooseMode, type ModeFacts, rivalsAmong } from '../../../src/entry/action/mode.ts';
import { withoutSecrets } from '../../../src/entry/action/operator-config.ts';
import { readRunner } from '../../../src/entry/action/runner.ts';
import { ownPackages } from '../../../src/entry/action/secrets.ts';
import { inert } from '../../../src/entry/inert.ts';
import { placeholders } from '../../../src/entry/placeholders.ts';

const none = { why: 'there is no token', isRefusal: false };
const refused = { why: 'GitHub answered 401', isRefusal: true };
const facts: ModeFacts = {
  wished: undefined,
  isUntrusted: false,
  event: 'schedule',
  obstacle: undefined,
  isFork: false,
  rivals: [],
};
const runner = readRunner({
  GITHUB_REPOSITORY: 'o/app',
  RUNNER_TEMP: '/tmp',
  GITHUB_WORKFLOW_REF: 'o/app/.github/workflows/nightly.yml@refs/heads/main',
});
const failed = (reason: string) => ({
  kind: 'failed' as const,
  repository: 'o/app',
  branch: 'b',
  reason,
  findings: [],
  news: [],
  batches: [],
});

describe('what may be anybody’s', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-event-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const following = (event: string, from: string): object => ({
    workflow_run: { event, head_repository: { full_name: from } },
  });

  it.each<[string, object, boolean]>([
    ['schedule', {}, false],
    ['push', {}, false],
    ['pull_request', {}, true],
    ['pull_request_target', {}, true],
    ['issue_comment', {}, true],
    ['workflow_run', following('push', 'o/app'), false],
    ['workflow_run', following('schedule', 'o/app'), false],
    ['workflow_run', following('pull_request', 'o/app'), true],
    ['workflow_run', following('push', 'stranger/app'), true],
    ['workflow_run', { workflow_run: { event: 'push', head_repository: null } }, true],
    ['workflow_run', {}, true],
  ])('%s %j', (event, payload, isUntrusted) => {
    const file = path.join(folder, 'event.json');
    writeFileSync(file, JSON.stringify(payload));
    const env = { GITHUB_REPOSITORY: 'o/app', RUNNER_TEMP: '/tmp', GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: file };
    expect(readRunner(env).isUntrusted).toBe(isUntrusted);
  });

  it('is not guessed at when its payload is longer than is read', () => {
    const file = path.join(folder, 'event.json');
    writeFileSync(file, '{}');
    truncateSync(file, 33 * 1024 * 1024);
    const env = { GITHUB_REPOSITORY: 'o/app', RUNNER_TEMP: '/tmp', GITHUB_EVENT_PATH: file };
    expect(() => readRunner(env)).toThrow('larger than 33554432 bytes');
    expect(() => readRunner({ ...env, GITHUB_EVENT_PATH: '/dev/zero' })).toThrow('larger than 33554432 bytes');
  });
});

describe('the mode', () => {
  it.each<[string, Partial<ModeFacts>, string, boolean]>([
    ['nothing is said', {}, 'pull-request', false],
    [
      'pull requests are wished for',
      { wished: 'pull-request', isFork: true, rivals: ['renovate.json'] },
      'pull-request',
      true,
    ],
    ['a look is wished for', { wished: 'check', obstacle: refused }, 'check', true],
    ['messages are wished for', { wished: 'alert' }, 'alert', true],
    [
      'anybody may have written it',
      { wished: 'pull-request', isUntrusted: true, event: 'pull_request' },
      'check',
      false,
    ],
    ['there is no token', { obstacle: none }, 'check', false],
    ['it is a fork', { isFork: true }, 'check', false],
    ['another program edits the same lines', { rivals: ['renovate.json'] }, 'alert', false],
  ])('when %s', (_name, more, mode, isAsked) => {
    const chosen = chooseMode({ ...facts, ...more });
    expect(chosen).toMatchObject({ mode, isAsked, why: expect.stringContaining(`mode ${mode}: `) });
    expect(chosen.failure).toBeUndefined();
  });

  it.each<[string, Partial<ModeFacts>, string]>([
    ['pull requests, without a token', { wished: 'pull-request', obstacle: none }, 'mode pull-request was asked for'],
    ['messages, with a token that is refused', { wished: 'alert', obstacle: refused }, 'answered 401'],
    ['nothing, with a token that is refused', { obstacle: refused }, 'answered 401'],
  ])('is a look and a failure when the job asks for %s', (_name, more, words) => {
    const chosen = chooseMode({ ...facts, ...more });
    expect(chosen).toMatchObject({ mode: 'check', failure: expect.stringContaining(words) });
  });

  it.each([
    ['renovate.json', '', true],
    ['.github/renovate.json5', '', true],
    ['.renovaterc', '', true],
    ['docs/renovate.json', '', false],
    ['.github/dependabot.yml', 'updates:\n  - package-ecosystem: docker # images\n', true],
    ['.github/dependabot.yaml', "updates:\n  - directory: /\n    'package-ecosystem': 'docker'\n", true],
    ['.github/dependabot.yml', 'updates:\n  - package-ecosystem: npm\n', false],
    ['.github/dependabot.yml', 'updates:\n  - package-ecosystem: docker-compose\n', false],
  ])('knows %s with %j as a rival: %j', async (file, text, is) => {
    expect(await rivalsAmong([file], async () => text)).toEqual(is ? [file] : []);
  });
});

describe('what GitHub refuses', () => {
  it.each([
    [
      'opening: GitHub answered 403 (GitHub Actions is not permitted to create or approve pull requests)',
      'https://github.com/o/app/settings/actions',
    ],
    [
      'refusing to allow a GitHub App to create or update workflow `.github/workflows/x.yml` without `workflows` permission',
      'workflows: write',
    ],
    ['committing: GitHub answered Resource not accessible by integration', 'contents: write'],
  ])('is explained: %s', (reason, words) => {
    expect(explainRefusals([failed(reason), failed(reason)], runner)).toEqual([expect.stringContaining(words)]);
    expect(isRefused(failed(reason))).toBe(true);
  });

  it('is trouble when it is anything else', () => {
    expect(explainRefusals([failed('GitHub answered 500')], runner)).toEqual([]);
    expect(isRefused(failed('GitHub answered 500'))).toBe(false);
  });

  it('that no checks start for pull requests of GITHUB_TOKEN is said when there are new ones', () => {
    const opened = { ...failed(''), kind: 'created' as const };
    expect(explainSilentPulls([opened], 'github-actions[bot]')).toHaveLength(1);
    expect(explainSilentPulls([opened], 'plimsoll[bot]')).toEqual([]);
    expect(explainSilentPulls([{ ...opened, kind: 'unchanged' }], 'github-actions[bot]')).toEqual([]);
  });

  const now = Date.parse('2026-03-01T00:00:00Z');
  it.each([
    ['2026-01-10T00:00:00Z', {}, 'gh workflow enable nightly.yml --repo o/app'],
    ['2026-01-20T00:00:00Z', {}, undefined],
    ['2025-01-01T00:00:00Z', { isPrivate: true }, undefined],
    ['2025-01-01T00:00:00Z', { event: 'push' }, undefined],
    [undefined, {}, undefined],
  ])('a schedule after a last commit at %s with %j', (lastCommit, more, words) => {
    const said = explainSchedule({ event: 'schedule', isPrivate: false, lastCommit, now, ...more }, runner);
    expect(said).toEqual(words === undefined ? [] : [expect.stringContaining(words)]);
  });
});

describe('inputs', () => {
  it('have defaults, lists by comma or line, and names with hyphens', () => {
    expect(readInputs({})).toEqual({
      mode: undefined,
      paths: [],
      config: undefined,
      token: undefined,
      secrets: {},
      platforms: undefined,
      failOn: undefined,
      allowUnknown: false,
      allowEmpty: false,
      state: 'repository',
      cache: true,
      sarif: undefined,
    });
    expect(
      readInputs({
        INPUT_PATHS: 'a, b\n c \n',
        'INPUT_FAIL-ON': 'security',
        'INPUT_ALLOW-UNKNOWN': 'TRUE',
        INPUT_CACHE: 'false',
        INPUT_TOKEN: ' ',
      }),
    ).toMatchObject({
      paths: ['a', 'b', 'c'],
      failOn: ['security'],
      allowUnknown: true,
      cache: false,
      token: undefined,
    });
  });

  it('have secrets, a line each, and never repeat one that is not as it should be', () => {
    expect(readInputs({ INPUT_SECRETS: ' SLACK=https://hooks.example/a=b \r\n\nPASSWORD=\n' }).secrets).toEqual({
      SLACK: 'https://hooks.example/a=b',
      PASSWORD: '',
    });
    expect(() => readInputs({ INPUT_SECRETS: 'A=1\nhunter2' })).toThrow(
      /^the input secrets: line 2 is not NAME=value$/,
    );
  });

  it.each([
    ['INPUT_CACHE', 'perhaps', 'the input cache: "perhaps" is none of true, false'],
    ['INPUT_STATE', 'disk', 'the input state: "disk" is none of repository, cache, none'],
  ])('%s may not be %s', (name, value, words) => {
    expect(() => readInputs({ [name]: value })).toThrow(words);
  });
});

describe('the log of a job', () => {
  it.each([
    ['::error::x', ':\u200b:error::x'],
    ['  ::set-env name=a::b', '  :\u200b:set-env name=a::b'],
    ['a\r::stop-commands::x', 'a\n:\u200b:stop-commands::x'],
    ['a ##[add-mask]b', 'a ##\u200b[add-mask]b'],
    ['a::b', 'a::b'],
    ['##vso[task.setvariable]x', '##\u200bvso[task.setvariable]x'],
    ["##teamcity[buildStatus text='x']", "##\u200bteamcity[buildStatus text='x']"],
    ['section_start:1:x', 'section_\u200bstart:1:x'],
  ])('%j', (text, shown) => {
    expect(inert(text)).toBe(shown);
  });
});

describe('the token of the job', () => {
  it('is for ghcr.io on github.com, and for nobody else', async () => {
    const ofGitHub = ownPackages({ serverUrl: 'https://github.com', actor: 'ada' }, 'secret');
    expect(await ofGitHub('ghcr.io')).toMatchObject({ kind: 'password', username: 'ada' });
    for (const host of ['docker.io', 'ghcr.io.evil.test', 'GHCR.IO', 'ghcr.io:443', 'registry.test']) {
      expect(await ofGitHub(host)).toBeUndefined();
    }
    expect(await ownPackages({ serverUrl: 'https://github.corp', actor: 'ada' }, 'secret')('ghcr.io')).toBeUndefined();
    expect(await ownPackages({ serverUrl: 'https://github.com', actor: 'ada' }, undefined)('ghcr.io')).toBeUndefined();
  });
});

describe('a configuration where anybody may have written what is checked', () => {
  it('logs in nowhere, sends nothing and names no other repository', () => {
    const text = `version: 1
repositories: [{ github: "o/*" }]
registries: { r.test: { username: u, password: "\${P}", concurrency: 3 } }
notify: [{ type: webhook, url: "\${HOOK}" }]
rules: [{ react: [ignore] }]
`;
    const config = parseConfig(text, 'plimsoll.yml', 'operator', placeholders({})) as Config;
    const safe = withoutSecrets({ config, file: 'plimsoll.yml', secrets: [] }).config;
    expect(safe).toMatchObject({
      registries: { 'r.test': { concurrency: 3 } },
      notify: [],
      forges: [],
      rules: [{ react: ['ignore'] }],
    });
    expect(safe.registries['r.test']).toEqual({ concurrency: 3 });
  });
});

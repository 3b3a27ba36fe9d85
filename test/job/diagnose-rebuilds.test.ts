import { afterEach, describe, expect, it } from 'vitest';
import type { RebuildSettings } from '../../src/core/image/rebuild-how.ts';
import { parseReference } from '../../src/core/image/reference.ts';
import { Secret } from '../../src/core/secret.ts';
import { everything, type Forge } from '../../src/forges/forge.ts';
import { diagnoseRebuilds } from '../../src/job/published/diagnose-rebuilds.ts';
import { giteaForge, startGitea } from '../support/gitea/forge.ts';
import { forgeFor } from '../support/github/forge.ts';
import { startGitHub } from '../support/github/server.ts';
import { gitlabForge, startGitLab } from '../support/gitlab/forge.ts';

type Files = Readonly<Record<string, string>>;
type Server = Awaited<ReturnType<typeof startGitHub>> | Awaited<ReturnType<typeof startGitea>>;

let server: Server | undefined;
afterEach(async () => {
  await server?.close();
  expect(server?.faults ?? []).toEqual([]);
  server = undefined;
});

const kinds = {
  github: async (): Promise<[Server, Forge]> => {
    const own = await startGitHub();
    return [own, forgeFor(own)];
  },
  gitea: async (): Promise<[Server, Forge]> => {
    const own = await startGitea();
    return [own, giteaForge(own)];
  },
  gitlab: async (): Promise<[Server, Forge]> => {
    const own = await startGitLab();
    return [own, gitlabForge(own)];
  },
};

const run = '{correlation}';

/** What is said of an image whose repository holds these files, and what was changed for it. */
async function said(
  kind: keyof typeof kinds,
  rebuild: Partial<RebuildSettings>,
  files: Files,
  { repository = 'o/images', may = 'write' as 'read' | 'write', answers = {} as Files } = {},
): Promise<string> {
  const [own, forge] = await kinds[kind]();
  server = own;
  const repo = own.world.create('o/images', { Dockerfile: 'FROM a\n', ...files });
  for (const login of own.tokens.values()) repo.permissions.set(login, may);
  own.intercept = (method, at) => {
    const [, text] = Object.entries(answers).find(([path]) => method === 'get' && at.endsWith(path)) ?? [];
    return text === undefined ? undefined : { status: 200, body: JSON.parse(text) };
  };
  const settings = { type: 'workflow', inputs: {}, timeout: 1, ...rebuild } as RebuildSettings;
  const image = parseReference('ghcr.io/acme/app:1');
  const [one] = await diagnoseRebuilds(
    [{ image, repository, file: 'Dockerfile', args: {}, rebuild: settings }],
    [{ type: forge.type, selections: [{ ...everything, pattern: 'o/*' }] }],
    async () => forge,
  );
  expect(own.writes()).toEqual([]);
  expect(one?.subject).toBe('ghcr.io/acme/app:1');
  return `${one?.state}: ${one?.findings.join('\n')}`;
}

const steps = (inputs: string): string => `on: { workflow_dispatch: { inputs: { ${inputs} } } }\njobs: {}\n`;

describe('a workflow of GitHub', () => {
  const at = (text: string): Files => ({ '.github/workflows/build.yml': text });

  it.each<[string, Partial<RebuildSettings>, Files, RegExp]>([
    [
      'is there and takes what is sent',
      { inputs: { image: '{image}', run } },
      at(steps('image: {}, run: {}')),
      /^good: .*build\.yml on main of o\/images is started by workflow_dispatch, and takes image, run\n.*not tried/,
    ],
    ['is not there', { inputs: { run } }, {}, /^bad: main of o\/images has no \.github\/workflows\/build\.yml/],
    ['is started by pushes alone', { inputs: { run } }, at('on: push\n'), /^bad: .*not started by workflow_dispatch/],
    ['is not readable', { inputs: { run } }, at('on: [\n'), /^bad: .* cannot be read/],
    ['has no such input', { inputs: { run } }, at(steps('')), /^bad: .*has no input run, which would be sent/],
    ['needs another one', { inputs: { run } }, at(steps('run: {}, a: { required: true }')), /^bad: .* needs a, which/],
    ['cannot be found again', { inputs: {} }, at(steps('')), /^doubtful: no input has \{correlation\}/],
    [
      'is on another branch',
      { ref: 'v2', inputs: { run } },
      at(steps('run: {}')),
      /^doubtful: .*no branch v2; whether/,
    ],
  ])('%s', async (_, rebuild, files, expected) => {
    expect(await said('github', { workflow: 'build.yml', ...rebuild }, files)).toMatch(expected);
  });

  it('that is switched off is no builder', async () => {
    const url = 'https://github.com/o/images';
    const off = {
      id: 1,
      node_id: 'W',
      name: 'build',
      path: '.github/workflows/build.yml',
      state: 'disabled_inactivity',
    };
    const answers = { '/actions/workflows/build.yml': JSON.stringify({ ...off, url, html_url: url, badge_url: url }) };
    const found = await said('github', { workflow: 'build.yml', inputs: { run } }, at(steps('run: {}')), { answers });
    expect(found).toMatch(
      /^bad: o\/images lacks a workflow build\.yml that is switched on: GitHub says disabled_inact/,
    );
  });

  it('is not for whoever may only read', async () => {
    const found = await said('github', { workflow: 'build.yml', inputs: { run } }, at(steps('run: {}')), {
      may: 'read',
    });
    expect(found).toMatch(/^bad: o\/images lacks the right to write/);
  });

  it('in a repository that nobody reads is not asked', async () => {
    const found = await said('github', { workflow: 'build.yml' }, {}, { repository: 'other/images' });
    expect(found).toMatch(/^bad: other\/images is in no forge of "repositories"/);
  });

  it.each<[string, Files, RegExp]>([
    ['a workflow waits for', at('on: { repository_dispatch: { types: [plimsoll-rebuild] } }\n'), /^good: .*build\.yml/],
    ['no workflow waits for', at('on: { repository_dispatch: { types: [deploy] } }\n'), /^bad: no workflow on main/],
  ])('as an event that %s', async (_, files, expected) => {
    expect(await said('github', { type: 'repository-dispatch' }, files)).toMatch(expected);
  });
});

describe('a workflow of Gitea', () => {
  const at = (text: string): Files => ({ '.gitea/workflows/build.yml': text });
  const rebuild = { type: 'gitea', workflow: 'build.yml', inputs: { run } } as const;

  it('is looked for where Gitea has it, and may leave away what it does not know', async () => {
    expect(await said('gitea', rebuild, at(steps('run: {}')))).toMatch(/^good: \.gitea\/workflows\/build\.yml on main/);
    await server?.close();
    expect(await said('gitea', rebuild, at(steps('')))).toMatch(/^doubtful: .*has no input run/);
  });

  it('is nothing without Actions, and without the right to write', async () => {
    expect(await said('gitea', rebuild, at(steps('run: {}')), { may: 'read' })).toMatch(
      /^bad: .*lacks the right to write/,
    );
  });

  it('is not asked by what is for GitHub', async () => {
    const found = await said('gitea', { workflow: 'build.yml' }, at(steps('')));
    expect(found).toMatch(/^bad: type workflow is for repositories on GitHub, and o\/images is on Gitea/);
  });
});

describe('a pipeline of GitLab', () => {
  const rebuild = { type: 'gitlab', inputs: { run } } as const;
  const files = { '.gitlab-ci.yml': 'build: { script: [make] }\n' };

  it.each<[string, Partial<RebuildSettings>, Files, 'read' | 'write', RegExp]>([
    ['is there', rebuild, files, 'write', /^good: there is \.gitlab-ci\.yml on main of o\/images/],
    ['is described elsewhere', rebuild, {}, 'write', /^doubtful: there is no \.gitlab-ci\.yml/],
    ['is not for whoever may only read', rebuild, files, 'read', /^bad: o\/images lacks the role Developer/],
    ['is begun by a trigger token', { ...rebuild, secret: new Secret('t') }, files, 'read', /^good: there is/],
  ])('%s', async (_, settings, given, may, expected) => {
    expect(await said('gitlab', settings, given, { may })).toMatch(expected);
  });
});

it('says of a webhook and of a file without a repository that nothing was tried', async () => {
  const image = parseReference('ghcr.io/acme/app:1');
  const own = { image, file: 'Dockerfile', args: {} };
  const rest = { inputs: {}, timeout: 1 };
  const webhook = { ...rest, type: 'webhook', url: 'https://ci.corp/build', secret: new Secret('k') } as const;
  const found = await diagnoseRebuilds(
    [
      { ...own, rebuild: webhook },
      { ...own, rebuild: { ...rest, type: 'workflow', workflow: 'build.yml' } },
      { ...own },
    ],
    [],
    async () => 'no login',
  );
  expect(found.map(({ state, findings }) => `${state}: ${findings}`)).toEqual([
    'good: its secret could be read; ci.corp was not asked: only a request for a rebuild is posted there',
    'doubtful: it names no repository, and which one has Dockerfile only a run finds out: nothing was tried',
  ]);
});

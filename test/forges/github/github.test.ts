import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Forge, ForgeRepository, Selection } from '../../../src/forges/forge.ts';
import { forgeFor } from '../../support/github/forge.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';
import { World } from '../../support/github/world.ts';

let github: GitHubServer;
beforeEach(async () => {
  github = await startGitHub();
});
afterEach(async () => {
  await github.close();
  expect(github.faults).toEqual([]);
});

const all: Selection = {
  pattern: 'o/*',
  topics: [],
  languages: [],
  archived: false,
  forks: false,
  templates: false,
  branches: [],
};

async function listed(selection: Partial<Selection> = {}, forge: Forge = forgeFor(github)): Promise<ForgeRepository[]> {
  const found: ForgeRepository[] = [];
  for await (const one of forge.repositories({ ...all, ...selection })) found.push(one);
  return found;
}

async function only(): Promise<ForgeRepository> {
  const [repository] = await listed();
  if (repository === undefined) throw new Error('there is none');
  return repository;
}

it('says to doctor where it may only read', async () => {
  const only = (permission: 'read' | 'write') => ({ permissions: new Map([['plimsoll[bot]', permission]]) });
  github.world.create('o/app', { a: 'a' }, only('write'));
  github.world.create('o/lib', { a: 'a' }, only('read'));
  github.world.create('o/old', { a: 'a' }, { ...only('read'), archived: true });
  const forge = forgeFor(github);
  const lacks: (readonly [string, readonly string[] | undefined])[] = [];
  const all = await listed({ archived: true }, forge);
  for (const one of all) lacks.push([one.name, (await forge.lacks?.(one, { automerge: false }))?.lacks]);
  expect(lacks).toEqual([
    ['o/app', []],
    ['o/lib', ['the right to write, to push branches']],
    ['o/old', []],
  ]);
  const [app] = github.world.repos;
  for (const automerge of [true, false]) {
    if (app) app.automerge = automerge;
    const setting = 'the setting "Allow auto-merge", for automerge';
    const told = await forge.lacks?.(all[0] as ForgeRepository, { automerge: true });
    expect(told?.lacks).toEqual(automerge ? [] : [setting]);
  }
});

it('says to doctor what rules are about, for branches that are not there yet', async () => {
  const ours = /^plimsoll\//;
  const rules = [
    { branches: ours, type: 'creation' },
    { branches: ours, type: 'non_fast_forward' },
    { branches: ours, type: 'required_linear_history' },
    { branches: /^main$/, type: 'deletion' },
    { branches: ours, type: 'commit_message_pattern', parameters: { operator: 'starts_with', pattern: 'deps' } },
    { branches: /./, type: 'creation' },
  ];
  github.world.create('o/app', { a: 'a' }, { rules });
  github.world.create('o/lib', { a: 'a' });
  const untold: (string | undefined)[] = [];
  for (const one of await listed()) untold.push((await forgeFor(github).lacks?.(one, { automerge: false }))?.untold);
  expect(untold).toEqual([
    'whether the rules of o/app for branches plimsoll/* except our account; they are about making them, making them anew, what commits may say',
    undefined,
  ]);
});

describe('repositories', () => {
  it.each<[string, Partial<Selection>, readonly string[]]>([
    ['all that are not set aside', {}, ['app', 'lib', 'site']],
    ['a glob', { pattern: 'o/{app,s*}' }, ['app', 'site']],
    ['one by name', { pattern: 'o/app' }, ['app']],
    ['an owner in other case', { pattern: 'O/app' }, ['app']],
    ['a topic', { topics: ['docker', 'none'] }, ['lib']],
    ['a language', { languages: ['go'] }, ['app']],
    ['archived ones too', { archived: true }, ['app', 'lib', 'old', 'site']],
    ['forks too', { forks: true }, ['app', 'fork', 'lib', 'site']],
    ['templates too', { templates: true }, ['app', 'lib', 'site', 'template']],
  ])('are found by %s', async (_name, selection, names) => {
    const make = (name: string, more: object = {}): unknown => github.world.create(`o/${name}`, { a: 'a' }, more);
    make('app', { language: 'Go' });
    make('lib', { topics: ['docker'] });
    make('site');
    make('old', { archived: true });
    make('fork', { fork: true });
    make('template', { template: true });
    make('hidden', { permissions: new Map([['plimsoll[bot]', 'none']]) });
    expect((await listed(selection)).map(({ name }) => name.replace('o/', '')).sort()).toEqual(names);
  });

  it('are listed page by page', async () => {
    for (let i = 0; i < 120; i++) github.world.create(`o/r${i}`, {});
    expect(await listed()).toHaveLength(120);
    expect(github.log).toHaveLength(3);
  });

  it.each([
    ['a repository', 'o/none', /o\/none/],
    ['an owner', 'nobody/*', /no owner/],
  ])('say which %s is not there', async (_name, pattern, words) => {
    await expect(listed({ pattern })).rejects.toMatchObject({
      failure: 'missing',
      message: expect.stringMatching(words),
    });
  });
});

describe('files', () => {
  it('are read without a clone, and only once while they are the same', async () => {
    github.world.create('o/a', { 'docker/Dockerfile': 'FROM debian\n', 'README.md': 'hello\n' });
    const repository = await only();
    const cache = memoryCache();
    for (let i = 0; i < 2; i++) {
      const forge = forgeFor(github, { cache });
      const files = await forge.tree(repository, repository.branches[0]!.tree);
      expect(files.map(({ path }) => path).sort()).toEqual(['README.md', 'docker/Dockerfile']);
      const file = files.find(({ path }) => path === 'docker/Dockerfile')!;
      expect(Buffer.from(await forge.blob(repository, file)).toString()).toBe('FROM debian\n');
    }
    expect(github.log.filter(({ path }) => path.includes('/git/'))).toHaveLength(2);
  });

  it('of a tree that is too large for one answer are listed folder by folder', async () => {
    const paths = Array.from({ length: 12 }, (_, i) => `d${i % 3}/e${i % 2}/f${i}`);
    github.world.create('o/a', Object.fromEntries(paths.map((path) => [path, path])));
    github.treeLimit = 5;
    const repository = await only();
    const files = await forgeFor(github).tree(repository, repository.branches[0]!.tree);
    expect(files.map(({ path }) => path).sort()).toEqual(paths.sort());
  });
});

describe('our own items', () => {
  it('are asked for conditionally, and paged', async () => {
    const repo = github.world.create('o/a', { a: 'a' });
    const repository = await only();
    for (let i = 0; i < 130; i++) {
      repo.items.push({
        number: i + 1,
        user: i === 0 ? 'ada' : 'plimsoll[bot]',
        title: 't',
        body: 'b',
        state: 'open',
        labels: [],
        assignees: [],
        milestone: undefined,
        comments: [],
        created: github.world.now(),
        updated: github.world.now(),
      });
    }
    const forge = forgeFor(github);
    const from = github.log.length;
    expect(await forge.ownItems(repository)).toHaveLength(129);
    expect(await forge.ownItems(repository)).toHaveLength(129);
    expect(
      github.log
        .slice(from)
        .filter(({ path }) => path.includes('/issues'))
        .map(({ status }) => status),
    ).toEqual([200, 200, 304, 304]);
  });
});

describe('writing', () => {
  it('asks people and teams, and knows who may not write', async () => {
    const repo = github.world.create('o/a', { a: 'a' });
    const repository = await only();
    const forge = forgeFor(github);
    github.world.push(repo, 'plimsoll/x', { b: 'b' });
    const text = { title: 't', body: 'b', draft: false };
    const { number } = await forge.openPull(repository, { head: 'plimsoll/x', base: 'main', ...text });
    await forge.requestReviews(repository, number, { people: ['p'], teams: ['t'] });
    await forge.assign(repository, number, { people: ['p'], milestone: 1 });
    expect(repo.items).toMatchObject([{ assignees: ['p'], milestone: 1, pull: { reviewers: ['p'], teams: ['t'] } }]);
    expect(await forge.mayWrite(repository, 'p')).toBe(false);
  });

  it('takes no redirect for an answer, and follows none', async () => {
    github.world.create('o/a', { a: 'a' });
    const repository = await only();
    github.intercept = (_method, path) =>
      path.startsWith('/repos/') ? { status: 307, headers: { location: `${github.url}/x` }, body: {} } : undefined;
    const renamed = { failure: 'raced', message: expect.stringContaining('renamed') };
    await expect(forgeFor(github).comment(repository, 1, 'hi')).rejects.toMatchObject(renamed);
    await expect(forgeFor(github).ownItems(repository)).rejects.toMatchObject(renamed);
    expect(github.log.some(({ path }) => path === '/x')).toBe(false);
  });

  it.each([
    ['a page of a proxy', '<html>log in</html>', 'text/html'],
    ['an answer that was cut short', '{"data":{"repos', 'application/json'],
    ['an answer to something else', '{"ok":true}', 'application/json'],
  ])('says so when it gets %s', async (_name, body, type) => {
    const fetch = async () => new Response(body, { headers: { 'content-type': type } });
    await expect(listed({}, forgeFor(github, { fetch: fetch as never }))).rejects.toMatchObject({
      failure: 'failed',
      message: expect.stringMatching(/^listing o\/\*: .*not as GitHub does/),
    });
  });

  it('says that nobody answered, and of a redirect of the API that it is none of a repository', async () => {
    const nobody = { ...github, url: 'http://127.0.0.1:1' };
    await expect(listed({}, forgeFor(nobody))).rejects.toMatchObject({
      failure: 'failed',
      message: 'listing o/*: GitHub could not be asked: connection refused',
    });
    const moved = async () => new Response('', { status: 301, headers: { location: 'https://elsewhere.example/' } });
    await expect(listed({}, forgeFor(github, { fetch: moved as never }))).rejects.toMatchObject({
      failure: 'failed',
      message: expect.stringContaining('GITHUB_API_URL'),
    });
  });

  it.each([
    ['Repository rule violations found\n\nCommit message must match a given pattern', /commit: \{ prefix \}/],
    ['Repository rule violations found\n\nCommits must have verified signed-off-by', /signoff: true/],
    ['Repository rule violations found\n\nCannot create ref due to creations being restricted.', /except our account/],
    ['Cannot update this protected ref.', /let our account push to branches plimsoll/],
  ])('says what to do about a rule that refuses its commits: %j', async (message, todo) => {
    const repo = github.world.create('o/a', { a: 'a' });
    const repository = await only();
    github.intercept = (_method, path, body) =>
      path === '/graphql' && body.includes('mutation')
        ? { status: 200, body: { data: null, errors: [{ type: 'UNPROCESSABLE', message }] } }
        : undefined;
    const onto = github.world.head(repo, 'main') ?? '';
    const files = [{ path: 'a', bytes: Buffer.from('b') }];
    await expect(
      forgeFor(github).commit(repository, { branch: 'main', onto, subject: 's', body: 'b', files }),
    ).rejects.toMatchObject({ failure: 'refused', message: expect.stringMatching(todo) });
  });

  it('sends a comment once, even when its answer is lost', async () => {
    const repo = github.world.create('o/a', { a: 'a' });
    const repository = await only();
    repo.items.push({
      number: 1,
      user: 'x',
      title: '',
      body: '',
      state: 'open',
      labels: [],
      assignees: [],
      milestone: undefined,
      comments: [],
      created: '',
      updated: '',
    });
    github.after = () => 'hang-up';
    await expect(forgeFor(github).comment(repository, 1, 'hi')).rejects.toMatchObject({ failure: 'failed' });
    expect(repo.items[0]?.comments).toHaveLength(1);
  });
});

describe('who we are', () => {
  it('an App signs in to each owner’s installation', async () => {
    github.world.create('o/a', { a: 'a' });
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const forge = forgeFor(github, { auth: { kind: 'app', appId: '1', privateKey: new Secret(privateKey) } });
    expect(await listed({}, forge)).toHaveLength(1);
    expect(github.log.map(({ path }) => path)).toEqual([
      '/users/o/installation',
      '/app/installations/7/access_tokens',
      '/graphql',
    ]);
    expect(github.log.at(-1)?.authorization).toBe('token app-token');
  });

  it('talks to an Enterprise Server under its own paths', async () => {
    const server = await startGitHub(new World(), '/api/v3');
    server.world.create('o/a', { a: 'a' });
    const forge = forgeFor(server);
    const [repository] = await listed({}, forge);
    expect(await forge.tree(repository!, repository!.branches[0]!.tree)).toHaveLength(1);
    expect(server.faults).toEqual([]);
    await server.close();
  });

  it('never shows the token', async () => {
    github.tokens.clear();
    const error = await listed().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: 'denied', message: expect.stringContaining('give a new one') });
    expect(JSON.stringify({ ...(error as Error), message: (error as Error).message })).not.toContain('token token');
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import { Secret } from '../../../src/core/secret.ts';
import { everything, type Forge, type ForgeRepository, type Selection } from '../../../src/forges/forge.ts';
import { ForgeError } from '../../../src/forges/forge-error.ts';
import { forgejo, gitea as type } from '../../../src/forges/gitea/gitea.ts';
import { giteaLogin } from '../../../src/forges/gitea/gitea-login.ts';
import { diagnoseForges } from '../../../src/job/diagnose-forge.ts';
import { startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { giteaForge, startGitea } from '../../support/gitea/forge.ts';
import { swaggerFaults } from '../../support/gitea/swagger-check.ts';
import { centralRun } from '../../support/github/run.ts';
import type { Repo } from '../../support/github/world.ts';
import type { Answer, StandIn } from '../../support/stand-in.ts';

let gitea: StandIn;
let forge: Forge;
beforeEach(async () => {
  gitea = await startGitea();
  forge = giteaForge(gitea);
});
afterEach(async () => {
  await gitea.close();
  expect(gitea.faults).toEqual([]);
});

const all: Selection = { ...everything, pattern: 'o/*', archived: false, forks: false };
const branch = 'plimsoll/base-1-12345678';
const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  headers,
});

async function listed(selection: Partial<Selection> = {}, from: Forge = forge): Promise<ForgeRepository[]> {
  const found: ForgeRepository[] = [];
  for await (const one of from.repositories({ ...all, ...selection })) found.push(one);
  return found;
}

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      expect(error).toBeInstanceOf(ForgeError);
      expect((error as ForgeError).message).toMatch(/^(?!.*\n).{20,1200}$/);
      return `${(error as ForgeError).failure}: ${(error as ForgeError).message}`;
    },
  );

/** A repository with a pull request of ours. */
async function proposed(more: Partial<Repo> = {}) {
  const repo = gitea.world.create('o/app', { Dockerfile: 'FROM a\n', 'a/b/c/Dockerfile': 'FROM b\n' }, more);
  const [on] = await listed({ pattern: 'o/app' });
  if (on === undefined) throw new Error('there is none');
  const onto = gitea.world.head(repo, 'main') ?? '';
  await forge.createBranch(on, branch, onto);
  const files = [{ path: 'a/b/c/Dockerfile', bytes: Buffer.from('FROM c\n') }];
  const head = await forge.commit(on, { branch, onto, subject: 'Move', body: 'why', files });
  const pull = await forge.openPull(on, { head: branch, base: 'main', title: 'Move', body: 'b', draft: false });
  return { repo, on, onto, head, pull };
}

describe('repositories', () => {
  it.each<[string, Partial<Selection>, readonly string[]]>([
    ['all that are not set aside', {}, ['app', 'lib', 'site', 'template']],
    ['a glob', { pattern: 'o/{app,s*}' }, ['app', 'site']],
    ['one by name', { pattern: 'o/app' }, ['app']],
    ['a topic', { topics: ['docker', 'none'] }, ['lib']],
    ['a language', { languages: ['go'] }, ['app']],
    ['archived ones too', { archived: true }, ['app', 'lib', 'old', 'site', 'template']],
    ['forks too', { forks: true }, ['app', 'fork', 'lib', 'site', 'template']],
    ['no templates', { templates: false }, ['app', 'lib', 'site']],
  ])('are found by %s', async (_name, selection, names) => {
    const make = (name: string, more: object = {}): unknown => gitea.world.create(`o/${name}`, { a: 'a' }, more);
    make('app', { language: 'Go' });
    make('lib', { topics: ['docker'] });
    make('site');
    make('old', { archived: true });
    make('fork', { fork: true });
    make('template', { template: true });
    make('hidden', { permissions: new Map([['plimsoll', 'none']]) });
    expect((await listed(selection)).map(({ name }) => name.replace('o/', '')).sort()).toEqual(names);
  });

  it('of a person are found like those of an organisation, page by page', async () => {
    for (let i = 0; i < 120; i++) gitea.world.create(`person/r${i}`, {});
    expect(await listed({ pattern: 'person/*' })).toHaveLength(120);
    expect(forge.requests()).toBe(4);
    expect(await failure(listed({ pattern: 'nobody/*' }))).toMatch(/^missing/);
  });

  it('of an owner of 5,000 are listed by a hundred requests', async () => {
    const found = { html_url: 'https://x.example', private: false, archived: false, empty: true, default_branch: '' };
    let asked = 0;
    gitea.intercept = (_method, path) => {
      if (!path.startsWith('/orgs/')) return undefined;
      asked++;
      const next = `<${gitea.url}/api/v1/orgs/o/repos?page=${asked + 1}>; rel="next"`;
      const some = Array.from({ length: 50 }, (_, i) => ({
        ...found,
        id: asked * 50 + i,
        full_name: `o/r${asked}-${i}`,
      }));
      return json(200, some, asked < 100 ? { link: next } : {});
    };
    expect(await listed()).toHaveLength(5000);
    expect([asked, forge.requests()]).toEqual([100, 100]);
  });

  it('are the same under either name, and keep their identity through a rename and a move', async () => {
    const repo = gitea.world.create('o/app', { a: 'a' });
    const [before] = await listed();
    repo.name = 'renamed';
    const [after] = await listed();
    expect([after?.id, after?.forge]).toEqual([before?.id, 'gitea']);
    repo.owner = 'other';
    expect((await listed({ pattern: 'other/*' }))[0]?.id).toBe(before?.id);
    const { schema, select, present } = forgejo;
    expect(schema.safeParse({ forgejo: 'o/*', url: 'https://codeberg.org' }).success).toBe(true);
    expect(select({ forgejo: 'o/*' }, '.')).toEqual(type.select({ gitea: 'o/*' }, '.'));
    expect([present.name, present.proposalName(`${before?.url}/pulls/7`)]).toEqual(['Forgejo', 'pull request #7']);
  });
});

describe('logins', () => {
  const token = new Secret('own');
  it.each<[Record<string, string>, object, object | RegExp]>([
    [{}, { url: 'https://a.example', token }, { url: 'https://a.example', token }],
    [{ GITEA_TOKEN: 't', GITEA_URL: 'https://a.example/' }, {}, { url: 'https://a.example' }],
    [
      { FORGEJO_TOKEN: 't', FORGEJO_URL: 'https://a.example' },
      { url: 'https://a.example' },
      { url: 'https://a.example' },
    ],
    [
      { GITEA_TOKEN: 't', GITEA_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://c.example' },
      {},
      { url: 'https://c.example' },
    ],
    [{ GITEA_TOKEN: 't', GITHUB_SERVER_URL: 'https://github.com' }, {}, /not which one/],
    [
      { GITEA_TOKEN: 't', GITEA_URL: 'https://a.example' },
      { url: 'https://b.example' },
      /GITEA_TOKEN is for https:\/\/a\.example/,
    ],
    [{}, { url: 'https://b.example' }, /there is no login for it/],
  ])('%j with %j', (env, server, expected) => {
    const found = giteaLogin(env, server);
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toMatchObject(expected);
  });

  it('of few rights may not ask who they are, and are told by a key', async () => {
    const { on, head } = await proposed();
    gitea.intercept = (_method, path) =>
      path === '/user'
        ? json(403, { message: 'token does not have at least one of required scope(s): [read:user]' })
        : undefined;
    expect(await failure(giteaForge(gitea).account('o/*'))).toMatch(/^denied.*read:user, or the entry the key login/);
    const known = giteaForge(gitea, { login: 'plimsoll' });
    expect(await known.account('o/*')).toMatchObject({ login: 'plimsoll', email: 'plimsoll@noreply.127.0.0.1' });
    expect(await known.commitsBetween(on, 'main', branch)).toMatchObject([{ oid: head, isOwn: true }]);
    expect(await known.ownItems(on)).toHaveLength(1);
  });

  it.each<[string, Answer, RegExp]>([
    ['expired', json(401, { message: 'token is expired' }), /^denied.*token is expired\); the token is wrong/],
    ['a page of a proxy', { status: 200, bytes: Buffer.from('<html>') }, /^failed.*not as the server does/],
    ['busy', json(503, {}), /^failed.*503/],
  ])('%s', async (_name, answer, expected) => {
    gitea.intercept = () => answer;
    expect(await failure(listed())).toMatch(expected);
  });

  const untold =
    'cannot see whether protected branches that are named by a pattern take in branches plimsoll/* that are not there yet: a server says so to administrators of a repository alone, and when it refuses a push';
  /** What doctor finds in the repositories. */
  async function diagnosed(automerge = false): Promise<readonly string[] | undefined> {
    const settings = { type: 'gitea', server: { url: gitea.url }, selections: [all] };
    const sections = await diagnoseForges([settings], async () => giteaForge(gitea), { now: 0, automerge });
    return sections.flatMap(([, one]) => one)[1]?.findings;
  }

  it('say to doctor what they lack, and where a server is too old', async () => {
    gitea.world.create('o/app', { a: 'a' }, { permissions: new Map([['plimsoll', 'read']]) });
    const lacks = 'lacks the right to write, to push branches: o/app';
    expect(await diagnosed()).toEqual(['sees 1 repository', lacks]);
    gitea.intercept = (_method, path) => (path === '/version' ? json(200, { version: '1.19.4' }) : undefined);
    const old = 'lacks a server of Gitea 1.20 or newer; it says 1.19.4: o/app';
    expect(await diagnosed()).toEqual(['sees 1 repository', lacks, old]);
  });

  it('say to doctor what protected branches keep from them, of those that are there', async () => {
    const { repo } = await proposed({ mustSucceed: false });
    const checks = 'lacks checks that main waits for, without which automerge is not passed on: o/app';
    expect(await diagnosed()).toEqual(['sees 1 repository', untold]);
    expect(await diagnosed(true)).toEqual(['sees 1 repository', checks, untold]);
    repo.protected.add('main').add(branch).add('plimsoll/not-there');
    repo.mustSucceed = true;
    const own = `lacks the right to push to ${branch}, which is protected: o/app`;
    const merge = 'lacks the right to merge into main, which is protected, for automerge: o/app';
    expect(await diagnosed()).toEqual(['sees 1 repository', own, untold]);
    expect(await diagnosed(true)).toEqual(['sees 1 repository', own, merge, untold]);
    repo.permissions.set('plimsoll', 'admin');
    expect(await diagnosed(true)).toEqual(['sees 1 repository', untold]);
  });

  it('say to doctor which scope they lack, by what is refused of things that are not there', async () => {
    gitea.world.create('o/app', { a: 'a' });
    expect(await diagnosed()).toEqual(['sees 1 repository', untold]);
    const refused = (what: RegExp) => (method: string, path: string) =>
      method === 'patch' && what.test(path) ? json(403, { message: 'token does not have at least one of' }) : undefined;
    gitea.intercept = refused(/\/issues\/0$/);
    const issues = 'lacks the scope write:issue, for labels, comments and the dashboard: o/app';
    expect(await diagnosed()).toEqual(['sees 1 repository', issues, untold]);
    gitea.intercept = refused(/\/pulls\/0$/);
    const pulls = 'lacks the scope write:repository, for branches and pull requests: o/app';
    expect(await diagnosed()).toEqual(['sees 1 repository', pulls, untold]);
    // Whoever cannot be asked has not said yes.
    gitea.intercept = (method, path) => (method === 'patch' && /\/0$/.test(path) ? json(503, {}) : undefined);
    expect(await diagnosed()).toEqual([expect.stringContaining('503')]);
  });
});

describe('where git over HTTP is switched off', () => {
  it('the API creates, and moves nothing', async () => {
    const said = Buffer.from('Interacting with repositories by HTTP protocol is not allowed');
    const off = { status: 403, bytes: said, headers: { 'content-type': 'text/plain' } };
    gitea.intercept = (_method, path) => (path.includes('.git/') ? off : undefined);
    const { repo, on, onto, head, pull } = await proposed();
    expect([pull.number, gitea.world.head(repo, branch)]).toEqual([1, head]);
    expect(await failure(forge.createBranch(on, branch, onto))).toMatch(/^raced/);
    expect(await failure(forge.moveBranches(on, [{ branch, before: head, after: onto }]))).toMatch(/^unsupported/);
    const theirs = gitea.world.push(repo, branch, { mine: 'mine\n' });
    const files = [{ path: 'Dockerfile', bytes: Buffer.from('FROM c\n') }];
    expect(await failure(forge.commit(on, { branch, onto: head, subject: 's', body: 'b', files }))).toMatch(/^raced/);
    expect(gitea.world.commits(repo, 'main', branch).map(({ oid }) => oid)).toContain(theirs);
  });
});

describe('auto-merge', () => {
  it('is not asked for where no check is required, as it would merge at once', async () => {
    const { on, pull } = await proposed({ mustSucceed: false });
    expect(await failure(forge.setAutomerge(on, pull, true))).toMatch(/^refused.*would be merged untested/);
    expect([gitea.untested, (await forge.ownItems(on))[0]?.state]).toEqual([[], 'open']);
  });

  it('is for the head that was seen, and none that somebody pushes meanwhile', async () => {
    const { repo, on, pull } = await proposed();
    gitea.intercept = (method, path) => {
      if (method === 'post' && path.endsWith('/merge')) gitea.world.push(repo, branch, { mine: 'x' });
      return undefined;
    };
    expect(await failure(forge.setAutomerge(on, pull, true))).toMatch(/^refused.*head out of date/);
  });

  it('that is off already is taken back without complaint', async () => {
    const { on, pull } = await proposed();
    expect(await failure(forge.setAutomerge(on, pull, false))).toBe('done');
  });
});

describe('labels, people and rights', () => {
  it('labels go by number, are made where they are missing, and an organisation’s are used', async () => {
    const { repo, on, pull } = await proposed();
    await forge.addLabels(on, pull.number, ['new', 'org-wide', 'new']);
    expect(repo.items[0]?.labels.map(({ name }) => name)).toEqual(['new', 'org-wide']);
    const made = gitea.writes().filter(({ method, path }) => method === 'post' && path.endsWith('/o/app/labels'));
    expect(made).toHaveLength(1);
    await forge.removeLabel(on, pull.number, 'none');
  });

  it('stays a draft when its title changes', async () => {
    const { repo, on, pull } = await proposed();
    await forge.setDraft(on, pull, true);
    await forge.changePull(on, pull.number, { title: 'Other' });
    expect(repo.items[0]).toMatchObject({ title: 'Other', pull: { draft: true } });
  });

  it('who may command is asked for, and who cannot be asked for may not', async () => {
    const { repo, on } = await proposed();
    for (const [who, right] of [
      ['ada', 'write'],
      ['eve', 'read'],
    ] as const)
      repo.permissions.set(who, right);
    const ask = (): Promise<boolean[]> =>
      Promise.all(['ada', 'eve', 'nobody', 'O'].map((who) => forge.mayWrite(on, who)));
    expect(await ask()).toEqual([true, false, false, true]);
    repo.permissions.set('plimsoll', 'write');
    expect(await ask()).toEqual([false, false, false, true]);
  });

  it('whose a commit is, the feed says, and nobody once that no longer reaches back', async () => {
    const { repo, on, head } = await proposed();
    expect(await giteaForge(gitea).commitsBetween(on, 'main', branch)).toMatchObject([{ oid: head, isOwn: true }]);
    repo.pushes.splice(0);
    repo.pushes.push({ by: 'ada', branch, commit: head });
    expect(await giteaForge(gitea).commitsBetween(on, 'main', branch)).toMatchObject([{ oid: head, isOwn: false }]);
  });

  it('a conflict is believed when it is said twice', async () => {
    const { on } = await proposed();
    const headers = { authorization: 'token token' };
    const [open] = (await (await fetch(`${gitea.url}/api/v1/repos/o/app/pulls`, { headers })).json()) as object[];
    let asked = 0;
    gitea.intercept = (_method, path) =>
      path === '/repos/o/app/pulls' && asked++ === 0 ? json(200, [{ ...open, mergeable: false }]) : undefined;
    const [pull] = (await forge.state(on, { bases: [], branches: [branch] })).pulls;
    expect([asked > 0, pull?.conflicts]).toEqual([true, false]);
  });
});

describe('the stand-in', () => {
  it('complains of what is not described', () => {
    const none = { query: new URLSearchParams(), body: {} };
    const at = '/repos/{owner}/{repo}/issues';
    expect(
      swaggerFaults(at, 'get', { ...none, query: new URLSearchParams('author=x') }, { status: 200, body: [] }),
    ).toHaveLength(1);
    expect(swaggerFaults(at, 'get', none, { status: 200, body: [{ iid: 1 }] })).toHaveLength(1);
    expect(swaggerFaults(at, 'get', none, { status: 200, body: [{ number: '1' }] })).toHaveLength(1);
    expect(
      swaggerFaults(at, 'post', { ...none, body: { title: 't', description: 'd' } }, { status: 201, body: {} }),
    ).toHaveLength(1);
    expect(swaggerFaults(at, 'put', none, { status: 200 })).toHaveLength(1);
    expect(swaggerFaults(at, 'get', none, { status: 200, body: [{ number: 1, milestone: null }] })).toEqual([]);
  });
});

it('costs what a day is worth: cold a tree, our own items and the files, warm two requests for each repository', async () => {
  const registry = await startFakeRegistry();
  try {
    const old = push(registry, 'base', debianImage({ openssl: '1.0' }), '1');
    const many = 60;
    for (let i = 0; i < many; i++)
      gitea.world.create(`o/r${i}`, {
        'a/Dockerfile': `# ${i}\nFROM ${registry.host}/base:1@${old}\n`,
        'src/main.c': '',
      });
    const cache = memoryCache();
    const run = async (): Promise<Record<string, number>> => {
      gitea.log.length = 0;
      await centralRun(undefined as never, { forge: giteaForge(gitea, { cache }), cache });
      const kinds = gitea.log.map(({ path }) => /\/(orgs|branches|trees|blobs|issues|user)\b/.exec(path)?.[1] ?? path);
      return Object.fromEntries([...Map.groupBy(kinds, (one) => one)].map(([kind, { length }]) => [kind, length]));
    };
    const each = { branches: many, issues: many };
    expect(await run()).toEqual({ ...each, orgs: 2, trees: many, blobs: many, user: 1 });
    expect(await run()).toEqual({ ...each, orgs: 2, user: 1 });
    expect(gitea.log.filter(({ status }) => status === 304)).toHaveLength(2 * many);
  } finally {
    await registry.close();
  }
}, 120_000);

describe('builds', () => {
  const wish = {
    how: 'workflow',
    workflow: 'build.yml',
    ref: 'main',
    inputs: {},
    correlation: 'plimsoll-0123456789abcdef',
  } as const;
  const since = Date.parse('2026-11-01T00:00:00Z');

  /** Has the list of runs hold these, as servers of that kind tell them. */
  async function running(...runs: readonly object[]): Promise<string | undefined> {
    gitea.world.create('o/app', { a: 'a' });
    const [on] = await listed();
    gitea.intercept = (_, at) =>
      at.endsWith('/actions/runs') ? json(200, { total_count: runs.length, workflow_runs: runs }) : undefined;
    return on && forge.builds?.find(on, wish, since);
  }

  it.each([
    ['Gitea, waiting for a runner', { started_at: '1970-01-01T00:00:00Z', path: 'build.yml@refs/heads/main' }, true],
    ['Gitea, waiting, without a time', { started_at: '0001-01-01T00:00:00Z', path: 'build.yml@refs/heads/main' }, true],
    ['Gitea, begun before', { started_at: '2026-10-31T00:00:00Z', path: 'build.yml@refs/heads/main' }, false],
    ['Gitea, another workflow', { started_at: '2026-11-02T00:00:00Z', path: 'test.yml@refs/heads/main' }, false],
    ['Forgejo', { created: '2026-11-02T00:00:00Z', started: '0001-01-01T00:00:00Z', workflow_id: 'build.yml' }, true],
    ['Forgejo, another workflow', { created: '2026-11-02T00:00:00Z', workflow_id: 'test.yml' }, false],
  ])('are known by their file and their time: %s', async (_, one, isOurs) => {
    const { login } = await forge.account('o/app');
    const by = { actor: { login }, trigger_user: { login } };
    const url = await running({ ...one, ...by, title: 'Build', display_title: 'Build', html_url: 'https://g/1' });
    expect(url).toBe(isOurs ? 'https://g/1' : undefined);
  });

  it('are where the server says, or among all of that workflow where it says nothing', async () => {
    const repo = gitea.world.create('o/app', { '.gitea/workflows/build.yml': 'on: workflow_dispatch' });
    const [on] = await listed();
    const start = (): Promise<string | undefined> => (on && forge.builds?.start(on, wish)) ?? Promise.resolve('');
    expect(await start()).toBe(`${gitea.url}/o/app/actions/runs/${repo.builds[0]?.id}`);
    gitea.intercept = (_, at) => (at.endsWith('/dispatches') ? { status: 204 } : undefined);
    expect(await start()).toBe(`${gitea.url}/o/app/actions?workflow=build.yml`);
  });
});

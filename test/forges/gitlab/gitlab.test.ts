import type { ProtectedBranchSchema } from '@gitbeaker/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import { everything, type Forge, type ForgeRepository, type Selection } from '../../../src/forges/forge.ts';
import { ForgeError } from '../../../src/forges/forge-error.ts';
import { gitlab as type } from '../../../src/forges/gitlab/gitlab.ts';
import { diagnoseForges } from '../../../src/job/diagnose-forge.ts';
import { startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { asSecurity, centralRun } from '../../support/github/run.ts';
import type { Repo } from '../../support/github/world.ts';
import { gitlabForge, startGitLab } from '../../support/gitlab/forge.ts';
import { liveMemory } from '../../support/live-memory.ts';
import type { Answer, StandIn } from '../../support/stand-in.ts';

let gitlab: StandIn;
let forge: Forge;
beforeEach(async () => {
  gitlab = await startGitLab();
  forge = gitlabForge(gitlab);
});
afterEach(async () => {
  await gitlab.close();
  expect(gitlab.faults).toEqual([]);
});

const all: Selection = { ...everything, pattern: 'g/**', archived: false, forks: false };
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

/** From this role on (0: nobody). */
const pushBy = (level: number): NonNullable<ProtectedBranchSchema['push_access_levels']> => [
  { id: 1, access_level: level, access_level_description: '' },
];

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      expect(error).toBeInstanceOf(ForgeError);
      expect((error as ForgeError).message).toMatch(/^(?!.*\n).{20,1200}$/);
      return `${(error as ForgeError).failure}: ${(error as ForgeError).message}`;
    },
  );

/** A project with a merge request of ours. */
async function proposed(more: Partial<Repo> = {}) {
  const repo = gitlab.world.create('g/app', { Dockerfile: 'FROM a\n' }, more);
  const [on] = await listed({ pattern: 'g/app' });
  if (on === undefined) throw new Error('there is none');
  const onto = gitlab.world.head(repo, 'main') ?? '';
  await forge.createBranch(on, branch, onto);
  const files = [{ path: 'Dockerfile', bytes: Buffer.from('FROM b\n') }];
  const head = await forge.commit(on, { branch, onto, subject: 'Move', body: 'why', files });
  const pull = await forge.openPull(on, { head: branch, base: 'main', title: 'Move', body: 'b', draft: false });
  return { repo, on, onto, head, pull };
}

describe('projects', () => {
  it.each<[string, Partial<Selection>, readonly string[]]>([
    ['a group with all below it', {}, ['app', 'part/deep/lib', 'part/site']],
    ['one level of a group', { pattern: 'g/*' }, ['app']],
    ['a glob over groups', { pattern: 'g/p*/*' }, ['part/site']],
    ['a group in a group', { pattern: 'g/part/**' }, ['part/deep/lib', 'part/site']],
    ['one by name', { pattern: 'g/part/deep/lib' }, ['part/deep/lib']],
    ['a topic', { topics: ['docker'] }, ['part/site']],
    ['one of several topics', { topics: ['docker', 'none'] }, ['part/site']],
    ['archived ones too', { archived: true }, ['app', 'old', 'part/deep/lib', 'part/site']],
    ['forks too', { forks: true }, ['app', 'fork', 'part/deep/lib', 'part/site']],
  ])('are found by %s', async (_name, selection, names) => {
    const make = (name: string, more: object = {}): unknown => gitlab.world.create(`g/${name}`, { a: 'a' }, more);
    make('app');
    make('part/site', { topics: ['docker'] });
    make('part/deep/lib');
    make('old', { archived: true });
    make('fork', { fork: true });
    make('hidden', { permissions: new Map([['plimsoll', 'none']]) });
    gitlab.world.create('other/app', { a: 'a' });
    const found = await listed(selection);
    expect(found.map(({ name }) => name.replace('g/', '')).sort()).toEqual(names);
    const pattern = selection.pattern ?? all.pattern;
    expect(type.schema.safeParse({ gitlab: pattern }).success).toBe(true);
  });

  it.each(['', 'group', '/group/x', '*/x', 'g/ x', 'g/x/', 'https://gitlab.com/g/x'])(
    'are not named by %j',
    (pattern) => {
      expect(type.schema.safeParse({ gitlab: pattern }).success).toBe(false);
    },
  );

  it('of a group of 5,000 are listed by fifty requests', async () => {
    const project = (id: number): object => ({
      id,
      path_with_namespace: `g/r${id}`,
      web_url: 'https://x.example',
      http_url_to_repo: '',
      default_branch: null,
      archived: false,
    });
    let asked = 0;
    gitlab.intercept = (_method, path) => {
      if (!path.startsWith('/groups/')) return undefined;
      asked++;
      const next = `<${gitlab.url}/api/v4/groups/g/projects?page=${asked + 1}>; rel="next"`;
      const some = Array.from({ length: 100 }, (_, i) => project(asked * 100 + i));
      return json(200, some, asked < 50 ? { link: next } : {});
    };
    expect(await listed()).toHaveLength(5000);
    expect([asked, forge.requests()]).toEqual([50, 50]);
  });

  it('keep their identity through a rename and a move, and are raced while it happens', async () => {
    const repo = gitlab.world.create('g/app', { a: 'a' });
    const [before] = await listed();
    repo.name = 'renamed';
    const [after] = await listed();
    expect([after?.id, after?.name]).toEqual([before?.id, 'g/renamed']);
    repo.owner = 'g/part/other';
    const [moved] = await listed();
    expect([moved?.id, moved?.name]).toEqual([before?.id, 'g/part/other/renamed']);
    repo.owner = 'g';
    gitlab.intercept = () => json(301, {}, { location: `${gitlab.url}/api/v4/projects/g%2Frenamed` });
    expect(await failure(listed({ pattern: 'g/app' }))).toMatch(/^raced.*renamed or moved/);
  });

  it('may be empty or without a branch that they call their own', async () => {
    gitlab.world.create('g/empty', {});
    gitlab.world.create('g/none', { a: 'a' }, { defaultBranch: undefined });
    expect((await listed()).map(({ branches }) => branches)).toEqual([[], []]);
  });

  it('of a server that knows no expressions over branches are read all the same', async () => {
    const repo = gitlab.world.create('g/app', { a: 'a' });
    const head = gitlab.world.head(repo, 'main') ?? '';
    const item = (name: string): object => ({ name, commit: { id: head, message: 'x', parent_ids: [] } });
    let asked = 0;
    gitlab.intercept = (_method, path) => {
      if (!path.endsWith('/repository/branches')) return undefined;
      asked++;
      const some = Array.from({ length: 100 }, (_, i) => item(`b${asked}-${i}`));
      const next = `<${gitlab.url}/api/v4${path}?page=${asked + 1}>; rel="next"`;
      return json(200, some, { link: next });
    };
    expect((await listed())[0]?.branches).toMatchObject([{ name: 'main', commit: head }]);
    expect(asked).toBe(20);
  });
});

describe('logins', () => {
  it.each<[Record<string, string>, object, string | RegExp]>([
    [{ GITLAB_TOKEN: 't' }, {}, 'https://gitlab.com'],
    [{ GITLAB_TOKEN: 't', CI_SERVER_URL: 'https://git.corp/' }, {}, 'https://git.corp'],
    [{ GITLAB_TOKEN: 't', GITLAB_URL: 'https://a.corp' }, { url: 'https://a.corp' }, 'https://a.corp'],
    [{ GITLAB_TOKEN: 't' }, { url: 'https://a.corp' }, /GITLAB_TOKEN is for https:\/\/gitlab\.com/],
    [{}, {}, /set GITLAB_TOKEN to a token with the scope api$/],
    [{ CI_JOB_TOKEN: 'j' }, {}, /CI_JOB_TOKEN\) opens no merge requests/],
  ])('%j with %j', async (env, server, expected) => {
    const { gitlabLogin } = await import('../../../src/forges/gitlab/gitlab-login.ts');
    const found = gitlabLogin(env, server);
    if (typeof expected === 'string') expect(found).toMatchObject({ url: expected });
    else expect(found).toMatch(expected);
  });

  it.each<[string, Answer, RegExp]>([
    [
      'expired',
      json(401, { error: 'invalid_token', error_description: 'Token is expired.' }),
      /^denied.*Token is expired\); the token is wrong, expired/,
    ],
    [
      'too weak',
      json(403, { error: 'insufficient_scope', error_description: 'needs api', scope: 'api' }),
      /^denied.*needs api\); the token may not: give it the scope api/,
    ],
    ['stripped on its way', json(401, { message: '401 Unauthorized' }), /^denied/],
    ['a page of a proxy', { status: 200, bytes: Buffer.from('<html>') }, /^failed.*not as GitLab does/],
    ['no list', json(200, { projects: [] }), /^failed.*not as GitLab does/],
  ])('%s', async (_name, answer, expected) => {
    gitlab.intercept = () => answer;
    expect(await failure(listed())).toMatch(expected);
  });

  it('say to doctor when they end, what they lack and where', async () => {
    gitlab.world.create('g/app', { a: 'a' });
    gitlab.world.create('g/lib', { a: 'a' }, { permissions: new Map([['plimsoll', 'read']]) });
    gitlab.intercept = (_method, path) =>
      path.endsWith('/self') ? json(200, { scopes: ['read_api'], expires_at: '2026-01-20' }) : undefined;
    const now = Date.parse('2026-01-05T00:00:00Z');
    const settings = { type: 'gitlab', server: { url: gitlab.url }, selections: [all] };
    const sections = await diagnoseForges([settings], async () => gitlabForge(gitlab), { now, automerge: false });
    const twice = [settings, { ...settings, selections: [{ ...all, pattern: 'g/app' }] }];
    const both = new Map(await diagnoseForges(twice, async () => gitlabForge(gitlab), { now, automerge: false }));
    const subjects = [...both.values()].flat().map(({ subject }) => subject);
    expect(subjects).toEqual(['g', 'g/**', 'g', 'g/app']);
    const [name, found] = sections.find(([, one]) => one.length > 0) ?? [];
    expect(name).toBe(`GitLab at ${new URL(gitlab.url).host}`);
    expect(found).toEqual([
      {
        subject: 'g',
        state: 'doubtful',
        findings: [
          'acts as plimsoll: its token has the scopes read_api; merge requests need the scope api',
          'its token ends at 2026-01-20T00:00:00Z: give a new one before',
        ],
      },
      {
        subject: 'g/**',
        state: 'doubtful',
        findings: ['sees 2 repositories', 'lacks the role Developer or above, to push branches: g/lib'],
      },
    ]);
  });

  it.each<readonly [string, readonly Partial<ProtectedBranchSchema>[], number, readonly string[]]>([
    ['nothing of ours', [{ name: 'main', allow_force_push: false, push_access_levels: pushBy(40) }], 30, []],
    [
      'for others',
      [{ name: '*', allow_force_push: false, push_access_levels: pushBy(40) }],
      30,
      ['lacks the right to push to branches plimsoll/*, which are protected (*): g/app'],
    ],
    [
      'for nobody',
      [{ name: 'plimsoll/*', allow_force_push: true, push_access_levels: pushBy(0) }],
      50,
      ['lacks the right to push to branches plimsoll/*, which are protected (plimsoll/*): g/app'],
    ],
    [
      'against being made anew',
      [{ name: 'plimsoll/**', allow_force_push: false, push_access_levels: pushBy(30) }],
      30,
      [
        'lacks the right to make branches plimsoll/* anew, for which their protection (plimsoll/**) has to allow force push: g/app',
      ],
    ],
    [
      'twice, of which the more permissive holds',
      [
        { name: '*', allow_force_push: false, push_access_levels: pushBy(40) },
        { name: 'plimsoll/*', allow_force_push: true, push_access_levels: pushBy(30) },
      ],
      30,
      [],
    ],
    [
      'for some by name, who may be us',
      [{ name: '*', allow_force_push: true, push_access_levels: [{ ...pushBy(40)[0], user_id: 7 }] }] as never,
      30,
      [],
    ],
  ])('say to doctor what is protected %s', async (_name, protectedBranches, level, lacks) => {
    gitlab.world.create('g/app', { a: 'a' }, { protectedBranches });
    gitlab.intercept = (_method, path) =>
      /\/projects\/[^/]+$/.test(path)
        ? json(200, { id: 1, permissions: { project_access: { access_level: level }, group_access: null } })
        : undefined;
    const settings = { type: 'gitlab', server: { url: gitlab.url }, selections: [all] };
    const sections = await diagnoseForges([settings], async () => gitlabForge(gitlab), { now: 0, automerge: false });
    const found = sections.flatMap(([, one]) => one).find(({ subject }) => subject === 'g/**');
    expect(found?.findings.slice(1)).toEqual(lacks);
    gitlab.intercept = (_method, path) => (path.endsWith('/protected_branches') ? json(403, {}) : undefined);
    const unasked = await diagnoseForges([settings], async () => gitlabForge(gitlab), { now: 0, automerge: false });
    expect(unasked.flatMap(([, one]) => one).find(({ subject }) => subject === 'g/**')).toMatchObject({
      state: 'good',
      findings: ['sees 1 repository', 'cannot see whether branches plimsoll/* are protected, as we may not ask'],
    });
  });

  it('say to doctor where GitLab would merge untested, and only where that is asked for', async () => {
    gitlab.world.create('g/app', { a: 'a' }, { mustSucceed: false });
    gitlab.world.create('g/lib', { a: 'a' }, { mustSucceed: true });
    const settings = { type: 'gitlab', server: { url: gitlab.url }, selections: [all] };
    const diagnosed = async (automerge: boolean) =>
      (await diagnoseForges([settings], async () => gitlabForge(gitlab), { now: 0, automerge })).flatMap(
        ([, one]) => one,
      )[1]?.findings;
    const lacks = 'lacks the setting "Pipelines must succeed", without which automerge is not passed on: g/app';
    expect(await diagnosed(false)).toEqual(['sees 2 repositories']);
    expect(await diagnosed(true)).toEqual(['sees 2 repositories', lacks]);
  });

  it('wait when the server asks for it, and try what only reads again', async () => {
    gitlab.world.create('g/app', { a: 'a' });
    let asked = 0;
    gitlab.intercept = () => {
      asked++;
      if (asked === 1) return json(429, {}, { 'retry-after': '2' });
      return asked === 2 ? json(502, {}) : undefined;
    };
    expect(await listed()).toHaveLength(1);
    gitlab.intercept = () => json(429, {}, { 'retry-after': '3600' });
    expect(await failure(listed())).toMatch(/^failed.*429.*rate limit is used up/);
  });
});

describe('where git over HTTP is switched off', () => {
  it('the API creates, and moves nothing', async () => {
    const off = {
      status: 403,
      bytes: Buffer.from('Git access over HTTP is not allowed'),
      headers: { 'content-type': 'text/plain' },
    };
    gitlab.intercept = (_method, path) => (path.includes('.git/') ? off : undefined);
    const { repo, on, onto, head, pull } = await proposed();
    expect([pull.number, gitlab.world.head(repo, branch)]).toEqual([1, head]);
    expect(await failure(forge.createBranch(on, branch, onto))).toMatch(/^raced/);
    expect(await failure(forge.moveBranches(on, [{ branch, before: head, after: onto }]))).toMatch(/^unsupported/);
    const theirs = gitlab.world.push(repo, branch, { mine: 'mine\n' });
    const files = [{ path: 'Dockerfile', bytes: Buffer.from('FROM c\n') }];
    expect(await failure(forge.commit(on, { branch, onto: head, subject: 's', body: 'b', files }))).toMatch(/^raced/);
    expect(gitlab.world.commits(repo, 'main', branch).map(({ oid }) => oid)).toContain(theirs);
  });
});

describe('auto-merge', () => {
  it.each<[string, Partial<Repo>, RegExp]>([
    ['no pipeline comes', { pipelines: false }, /^refused.*no pipeline is under way/],
    ['the project asks for none', { mustSucceed: false }, /^refused.*would merge untested/],
  ])('is not asked for where %s', async (_name, more, expected) => {
    const { on, pull } = await proposed(more);
    expect(await failure(forge.setAutomerge(on, pull, true))).toMatch(expected);
    expect([gitlab.untested, (await forge.ownItems(on))[0]?.state]).toEqual([[], 'open']);
  });

  it('waits for a pipeline that does not exist yet', async () => {
    const { repo, on, pull } = await proposed({ pipelines: false });
    let looks = 0;
    gitlab.intercept = (method, path) => {
      if (method === 'get' && path.endsWith('/merge_requests/1')) looks++;
      if (looks === 3) repo.pipelines = true;
      return undefined;
    };
    expect(await failure(forge.setAutomerge(on, pull, true))).toBe('done');
    expect([gitlab.untested, repo.items[0]?.pull?.automerge]).toEqual([[], true]);
  });

  it('is for the head that the pipeline looks at, and none that somebody pushes meanwhile', async () => {
    const { repo, on, pull } = await proposed();
    gitlab.intercept = (method, path) => {
      if (method === 'put' && path.endsWith('/merge')) gitlab.world.push(repo, branch, { mine: 'x' });
      return undefined;
    };
    expect(await failure(forge.setAutomerge(on, pull, true))).toMatch(/^refused.*SHA does not match/);
  });
});

describe('what is written', () => {
  it('has nothing that GitLab would do: quick actions stay text', async () => {
    const { repo, on, pull } = await proposed();
    const text = 'before\n/merge\n  /close\n> /label ~x\n```\n/approve\n```\nhttps://a/b and/or\n/';
    await forge.changePull(on, pull.number, { body: text });
    await forge.comment(on, pull.number, text);
    const issue = await forge.openIssue(on, { title: 'd', body: text });
    await forge.changeIssue(on, issue.number, { body: text });
    const bodies = repo.items.flatMap(({ body, comments }) => [body, ...comments.map((one) => one.body)]);
    expect(bodies).toHaveLength(3);
    for (const body of bodies) {
      expect(body).not.toMatch(/^[ \t>]*\/\w/m);
      expect(body.replaceAll('\u2060', '')).toBe(text);
    }
  });

  it('stays a draft when its title changes, and does not become one', async () => {
    const { repo, on, pull } = await proposed();
    await forge.setDraft(on, pull, true);
    await forge.changePull(on, pull.number, { title: 'Other' });
    expect(repo.items[0]).toMatchObject({ title: 'Other', pull: { draft: true } });
    await forge.setDraft(on, pull, false);
    await forge.changePull(on, pull.number, { title: 'Third' });
    expect(repo.items[0]).toMatchObject({ title: 'Third', pull: { draft: false } });
  });

  it('names people and milestones by what GitLab calls them, and says whom it does not know', async () => {
    const { on, pull } = await proposed();
    expect(await failure(forge.requestReviews(on, pull.number, { people: ['nobody'], teams: [] }))).toMatch(
      /^refused.*there is no nobody/,
    );
    expect(await failure(forge.requestReviews(on, pull.number, { people: [], teams: ['t'] }))).toMatch(/^unsupported/);
    expect(await failure(forge.assign(on, pull.number, { people: ['ada'], milestone: 3 }))).toBe('done');
    expect(await failure(forge.assign(on, pull.number, { people: [], milestone: 404 }))).toMatch(/no milestone %404/);
  });
});

describe('whose a commit is', () => {
  it('is what the list of pushes says, and not ours when that no longer reaches back', async () => {
    const { repo, on, head } = await proposed();
    const later = (): Forge => gitlabForge(gitlab);
    expect(await later().commitsBetween(on, 'main', branch)).toMatchObject([{ oid: head, isOwn: true }]);
    repo.pushes.splice(0);
    expect(await later().commitsBetween(on, 'main', branch)).toMatchObject([{ oid: head, isOwn: false }]);
    for (let i = 0; i < 600; i++) repo.pushes.push({ by: 'ada', branch: 'x', commit: String(i) });
    const before = gitlab.log.length;
    expect(await later().commitsBetween(on, 'main', branch)).toMatchObject([{ isOwn: false }]);
    expect(gitlab.log.slice(before).filter(({ path }) => path.includes('/events'))).toHaveLength(5);
  });

  it('needs no such list while the text of our own merge request names it', async () => {
    const { on, head, pull } = await proposed();
    const body = `<!-- plimsoll v1 key=${'1'.repeat(64)} head=${head} targets=${'2'.repeat(64)} -->\n`;
    await forge.changePull(on, pull.number, { body });
    const before = gitlab.log.length;
    const { branches } = await gitlabForge(gitlab).state(on, { bases: ['main'], branches: [branch] });
    expect(branches.get(branch)).toMatchObject({ oid: head, isOwn: true });
    expect(gitlab.log.slice(before).filter(({ path }) => path.includes('/events'))).toEqual([]);
  });

  it('and what a person asks for in a comment or by a label, GitLab says', async () => {
    const { repo, on, pull } = await proposed();
    repo.permissions.set('ada', 'write');
    repo.permissions.set('eve', 'read');
    const [item] = repo.items;
    gitlab.world.say(item!, 'ada', 'plimsoll: rebase');
    gitlab.world.label(item!, 'plimsoll: recheck', 'ada');
    const [found] = (await forge.state(on, { bases: [], branches: [branch] })).pulls;
    expect(found).toMatchObject({
      number: pull.number,
      comments: [{ author: 'ada', body: 'plimsoll: rebase', isOwn: false }],
      labels: [{ name: 'plimsoll: recheck', by: 'ada' }],
    });
    expect(await Promise.all(['ada', 'eve', 'nobody'].map((who) => forge.mayWrite(on, who)))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('where something in between strips headers', () => {
  it('nothing is missed, and an unchanged day costs more bytes and no more', async () => {
    for (let i = 0; i < 120; i++) gitlab.world.create(`g/r${i}`, {});
    const files = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`f${i}`, String(i)]));
    gitlab.world.create('g/big', files);
    gitlab.stripped.push('link', 'etag', 'ratelimit-remaining', 'date');
    const found = await listed();
    expect(found).toHaveLength(121);
    const big = found.find(({ name }) => name === 'g/big');
    expect(await forge.tree(big!, big!.branches[0]!.tree)).toHaveLength(250);
  });
});

describe('what it costs', () => {
  const many = 200;

  it(`is bounded for ${many} projects, cold and on a day without changes`, async () => {
    const registry = await startFakeRegistry();
    try {
      const old = push(registry, 'base', debianImage({ openssl: '1.0' }), '1');
      const from = `FROM ${registry.host}/base:1@${old}\n`;
      for (let i = 0; i < many; i++)
        gitlab.world.create(`g/team-${i % 7}/r${i}`, {
          'a/Dockerfile': `# ${i}\n${from}`,
          'src/main.c': '',
          'docs/x.md': '',
        });
      const cache = memoryCache();
      const run = async (): Promise<Record<string, number>> => {
        gitlab.log.length = 0;
        await centralRun(undefined as never, {
          pattern: 'g/**',
          forge: gitlabForge(gitlab, { cache }),
          cache,
          adjust: asSecurity,
        });
        const kinds = gitlab.log.map(
          ({ path }) => /\/(projects\?|branches|tree|raw|merge_requests|issues|user|self)/.exec(path)?.[1] ?? path,
        );
        return Object.fromEntries([...Map.groupBy(kinds, (one) => one)].map(([kind, { length }]) => [kind, length]));
      };
      const cold = await run();
      expect(cold).toEqual({
        'projects?': 2,
        branches: many,
        tree: many,
        raw: many,
        merge_requests: many,
        user: 1,
        self: 1,
      });
      const before = liveMemory();
      const warm = await run();
      expect(warm).toEqual({ 'projects?': 2, branches: many, merge_requests: many, user: 1, self: 1 });
      expect(gitlab.log.filter(({ status }) => status === 304)).toHaveLength(2 * many);
      expect(liveMemory() - before).toBeLessThan(20e6);
      const sum = (all: Record<string, number>): number => Object.values(all).reduce((a, b) => a + b, 0);
      console.log(`GitLab, ${many} projects: ${sum(cold)} requests cold, ${sum(warm)} warm`);
    } finally {
      await registry.close();
    }
  }, 120_000);
});

it('takes for ours no pipeline that somebody else has begun', async () => {
  const repo = gitlab.world.create('g/app', { '.gitlab-ci.yml': 'build: { script: [make] }\n' });
  const by = (login: string): unknown => gitlab.world.build(repo, { by: login, event: 'api', of: 'main', inputs: {} });
  const [on] = await listed({ pattern: 'g/app' });
  const wish = { how: 'pipeline', ref: 'main', inputs: {}, correlation: 'plimsoll-0123456789abcdef' } as const;
  const find = (): Promise<string | undefined> => (on && forge.builds?.find(on, wish, 0)) ?? Promise.resolve('');
  by('ada');
  expect(await find()).toBeUndefined();
  by('plimsoll');
  expect(await find()).toMatch(/\/-\/pipelines\/\d+$/);
});

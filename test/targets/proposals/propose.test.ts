import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import type { Digest } from '../../../src/core/image/digest.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { asSecurity, type CentralRun, centralRun, runTime } from '../../support/github/run.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';
import type { Item, Repo } from '../../support/github/world.ts';

let github: GitHubServer;
let registry: FakeRegistry;
beforeEach(async () => {
  [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
});
afterEach(async () => {
  await Promise.all([github.close(), registry.close()]);
  expect(github.faults).toEqual([]);
});

/** Pushes a version of an image under its tag; returns the digest. */
const publish = (version: string, image = 'base', more: Record<string, string> = {}): Digest =>
  push(registry, image, debianImage({ libc6: '1', openssl: version, ...more }), '1');
const from = (digest: Digest, image = 'base'): string => `FROM ${registry.host}/${image}:1@${digest}\n`;
const run = (more: CentralRun = {}) => centralRun(github, more);
const secure = (more: CentralRun = {}) => centralRun(github, { adjust: asSecurity, ...more });
const written = async (work: () => Promise<unknown>): Promise<number> => {
  const before = github.writes().length;
  await work();
  return github.writes().length - before;
};
const branches = (repo: Repo): string[] =>
  [...repo.store.refs().keys()].map((name) => name.replace('refs/heads/', '')).sort();

/** A repository whose base image has moved on, with the proposal that a run opened. */
async function proposed(more: CentralRun = {}): Promise<{ repo: Repo; pull: Item; branch: string; digests: Digest[] }> {
  const old = publish('1.0');
  const repo = github.world.create('o/a', { Dockerfile: from(old), 'README.md': 'one\n' });
  const now = publish('1.1');
  await secure(more);
  const [pull] = github.world.open(repo);
  expect(pull).toBeDefined();
  return { repo, pull: pull!, branch: pull!.pull!.head, digests: [old, now] };
}

describe('the life of a proposal', () => {
  it('is opened with the edit, and the next run writes nothing', async () => {
    const { repo, pull, branch, digests } = await proposed();
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(digests[1]!) });
    expect(github.world.files(repo, 'main')).toMatchObject({ Dockerfile: from(digests[0]!) });
    expect(branch).toMatch(/^plimsoll\/[a-z0-9.-]{1,40}-[0-9a-f]{8}$/);
    expect(pull.title).toMatch(/^Move .*base:1 from [0-9a-f]{12} to [0-9a-f]{12} \(security\)$/);
    expect(pull.body).toContain('1 package changes, 1 security fix: openssl ([CVE-2026-1234](');
    let outcomes: unknown;
    expect(await written(async () => ({ outcomes } = await secure()))).toBe(0);
    expect(outcomes).toMatchObject([{ kind: 'unchanged' }]);
  });

  it('changes a .env where that names the image, and says so in nothing but its value', async () => {
    const [old, other] = [publish('1.0'), publish('2.0', 'other')];
    const env = (base: Digest, second: Digest) =>
      `PASSWORD=hunter2\nBASE=${registry.host}/base:1@${base} # hunter3\nSECOND=${second}\n`;
    const compose = 'services:\n  a: { image: "${BASE}" }\n';
    const second = `services:\n  a: { image: "${registry.host}/other:1@\${SECOND}" }\n`;
    const files = { 'app/compose.yaml': compose, 'app/compose.other.yaml': second, 'app/.env': env(old, other) };
    const repo = github.world.create('o/a', files);
    const [now, next] = [publish('1.1'), publish('2.1', 'other')];
    await secure();
    const pulls = github.world.open(repo);
    const texts = pulls.map(({ pull }) => github.world.files(repo, pull!.head)['app/.env']);
    expect(texts.toSorted()).toEqual([env(now, other), env(old, next)].toSorted());
    for (const { pull, body } of pulls) {
      expect(github.world.files(repo, pull!.head)).toMatchObject({ 'app/compose.yaml': compose });
      expect(body).not.toMatch(/hunter/);
    }
    expect(await written(secure)).toBe(0);
  });

  it('is named in the findings it would fix', async () => {
    const { pull } = await proposed();
    const { findings } = await secure();
    expect(findings).toMatchObject([
      { proposal: { state: 'open', url: expect.stringContaining(`/pull/${pull.number}`) } },
    ]);
  });

  it('is brought up to date in place when its target moves on and that is a fix', async () => {
    const { repo, pull, branch } = await proposed();
    const newest = publish('1.2');
    expect((await secure()).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(repo.items).toHaveLength(1);
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(newest) });
    expect(github.world.commits(repo, 'main', branch)).toHaveLength(1);
    expect(pull.state).toBe('open');
    expect(pull.body).toContain('1.2');
    expect(branches(repo)).toEqual(['main', branch]);
    expect(await written(secure)).toBe(0);
  });

  it('is left alone when its target moves on and nothing in that matters', async () => {
    const { repo, branch, digests } = await proposed();
    push(registry, 'base', debianImage({ libc6: '1', openssl: '1.1' }, { files: { 'var/log/a': 'noise' } }), '1');
    expect(await written(secure)).toBe(0);
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(digests[1]!) });
  });

  it('takes what is no fix with the weekly batch', async () => {
    const { repo, branch, digests } = await proposed();
    const newest = publish('1.1', 'base', { libc6: '2' });
    const weekly: CentralRun['adjust'] = (finding) => ({
      ...asSecurity(finding),
      reaction: { react: ['propose'], when: 'weekly' },
    });
    expect((await run({ adjust: weekly, deps: { isBatchDone: () => true } })).outcomes).toMatchObject([
      { kind: 'held', held: 'window' },
    ]);
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(digests[1]!) });
    expect((await run({ adjust: weekly })).outcomes).toMatchObject([{ kind: 'updated', batches: ['weekly'] }]);
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(newest) });
  });

  it('is brought up to date at once when the digest in it was deleted', async () => {
    const { repo, branch } = await proposed();
    const newest = push(
      registry,
      'base',
      debianImage({ libc6: '1', openssl: '1.1' }, { files: { 'var/log/a': 'x' } }),
      '1',
    );
    const asked: string[] = [];
    const isGone = async (reference: string, digest: string): Promise<boolean> =>
      asked.push(`${reference} ${digest}`) > 0;
    expect((await secure({ deps: { isGone } })).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(asked).toHaveLength(1);
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(newest) });
  });

  it('ends when it is merged, however that is done', async () => {
    for (const how of ['merge', 'squash'] as const) {
      github.world.repos.length = 0;
      const { repo, pull, branch, digests } = await proposed();
      expect(github.world.merge(repo, pull, how)).toBe(true);
      const { outcomes, findings } = await secure();
      expect(outcomes).toEqual([]);
      expect(findings).toEqual([]);
      expect(github.world.files(repo, 'main')).toMatchObject({ Dockerfile: from(digests[1]!) });
      expect(branches(repo)).not.toContain(branch);
      expect(await written(secure)).toBe(0);
    }
  });

  it('is followed by another one when the image moves on after it was merged', async () => {
    const { repo, pull } = await proposed();
    github.world.merge(repo, pull);
    publish('1.2');
    expect((await secure()).outcomes).toMatchObject([{ kind: 'created' }]);
    expect(repo.items.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('stays closed when a person closed it, until it would bring something new', async () => {
    const { repo, pull, branch } = await proposed();
    github.world.close(pull);
    expect((await secure()).outcomes).toMatchObject([
      { kind: 'left-alone', reason: expect.stringContaining('closed it') },
    ]);
    expect(branches(repo)).not.toContain(branch);
    push(registry, 'base', debianImage({ libc6: '1', openssl: '1.1' }, { files: { 'var/log/a': 'noise' } }), '1');
    expect(await written(secure)).toBe(0);
    publish('1.2');
    expect((await secure()).outcomes).toMatchObject([{ kind: 'created' }]);
    expect(github.world.open(repo)).toHaveLength(1);
  });

  it('is closed with the reason when somebody else made its change', async () => {
    const { repo, pull, branch, digests } = await proposed();
    github.world.push(repo, 'main', { Dockerfile: from(digests[1]!) });
    expect((await secure()).outcomes).toMatchObject([
      { kind: 'closed', reason: expect.stringContaining('have it already') },
    ]);
    expect(pull).toMatchObject({ state: 'closed' });
    expect(pull.comments.map(({ body }) => body).join()).toContain('nothing is left to propose');
    expect(branches(repo)).not.toContain(branch);
    expect(await written(secure)).toBe(0);
  });

  it('comes back after it was closed as done, when the file goes back', async () => {
    const { repo, digests } = await proposed();
    github.world.push(repo, 'main', { Dockerfile: from(digests[1]!) });
    await secure();
    github.world.push(repo, 'main', { Dockerfile: from(digests[0]!) });
    expect((await secure()).outcomes).toMatchObject([{ kind: 'created' }]);
  });

  it('is made anew when it conflicts with its base', async () => {
    const { repo, pull, branch, digests } = await proposed();
    const changed = `FROM ${registry.host}/base:1@${digests[0]} AS build\n`;
    github.world.push(repo, 'main', { Dockerfile: changed });
    expect(github.world.conflicts(repo, pull)).toBe(true);
    expect((await secure()).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(github.world.conflicts(repo, pull)).toBe(false);
    expect(github.world.files(repo, branch)['Dockerfile']).toContain(`@${digests[1]} AS build`);
  });

  it('is closed and proposed in the new group when the setting of group changes', async () => {
    const { repo, pull } = await proposed();
    const { outcomes } = await secure({ rules: [{ match: {}, group: 'repository' }] });
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['closed', 'created']);
    expect(pull.state).toBe('closed');
    expect(github.world.open(repo)).toHaveLength(1);
    expect(pull.comments[0]?.body).toContain('in other groups now');
  });

  it('is kept while the registry does not answer: unknown is not up to date', async () => {
    const { pull } = await proposed();
    registry.intercept = (_request, response) => {
      response.writeHead(403).end('{}');
      return true;
    };
    expect((await run()).outcomes).toMatchObject([{ kind: 'unchanged' }]);
    expect(pull.state).toBe('open');
  });

  it('is kept when its repository cannot be read', async () => {
    const { pull } = await proposed();
    github.intercept = (_method, path) =>
      path.includes('/git/trees/') ? { status: 404, body: { message: 'Not Found' } } : undefined;
    const { outcomes, result } = await secure();
    expect(outcomes).toEqual([]);
    expect(result.record.problems).toMatchObject([{ code: 'repository-unreadable' }]);
    expect(pull.state).toBe('open');
  });
});

describe('what people do', () => {
  it('never overwrites a commit of a person, and says once that there is something newer', async () => {
    const { repo, pull, branch } = await proposed();
    const theirs = github.world.push(repo, branch, { 'notes.txt': 'wait for CI\n' });
    publish('1.2');
    expect((await secure()).outcomes).toMatchObject([{ kind: 'left-alone' }]);
    expect((await secure()).outcomes).toMatchObject([{ kind: 'left-alone' }]);
    expect(github.world.head(repo, branch)).toBe(theirs);
    expect(pull.comments).toHaveLength(1);
    publish('1.3');
    await secure();
    await secure();
    expect(pull.comments).toHaveLength(2);
  });

  it('takes an amended or cherry-picked commit for the person’s', async () => {
    const { repo, pull, branch } = await proposed();
    const head = github.world.head(repo, branch)!;
    const [ours] = github.world.commits(repo, 'main', branch);
    const theirs = github.world.push(
      repo,
      branch,
      { 'more.txt': 'x\n' },
      {
        message: ours!.message,
        by: ours!.author,
        committer: { name: 'Ada', email: 'ada@example.org' },
        parents: ours!.parents,
      },
    );
    expect(theirs).not.toBe(head);
    publish('1.2');
    await secure();
    expect(github.world.head(repo, branch)).toBe(theirs);
    expect(pull.comments).toHaveLength(1);
  });

  it('goes on when a person only merged the base into the branch', async () => {
    const { repo, branch } = await proposed();
    github.world.push(repo, 'main', { 'README.md': 'two\n' });
    const [main, ours] = [github.world.head(repo, 'main')!, github.world.head(repo, branch)!];
    github.world.push(repo, branch, { 'README.md': 'two\n' }, { message: 'Merge main', parents: [ours, main] });
    const newest = publish('1.2');
    expect((await secure()).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(newest), 'README.md': 'two\n' });
  });

  it('leaves alone a branch of its name that is a person’s', async () => {
    const { repo, pull, branch } = await proposed();
    github.world.close(pull);
    github.world.setBranch(repo, branch, undefined);
    const theirs = github.world.push(
      repo,
      branch,
      { 'own.txt': 'x\n' },
      { parents: [github.world.head(repo, 'main')!] },
    );
    publish('1.2');
    expect((await secure()).outcomes).toMatchObject([{ kind: 'left-alone' }]);
    expect(github.world.head(repo, branch)).toBe(theirs);
  });

  it.each([
    ['a marker with another key', (body: string) => body.replace(/key=[0-9a-f]{8}/, 'key=00000000')],
    ['no marker', (body: string) => body.split('\n').slice(1).join('\n')],
    ['text before the marker', (body: string) => `hello\n${body}`],
  ])('takes a pull request for somebody else’s that has %s', async (_name, change) => {
    const { repo, pull, branch } = await proposed();
    const head = github.world.head(repo, branch);
    pull.body = change(pull.body);
    pull.updated = github.world.now();
    publish('1.2');
    const { outcomes } = await secure();
    expect(outcomes).toMatchObject([{ kind: 'left-alone', reason: expect.stringContaining('not ours') }]);
    expect(github.world.head(repo, branch)).toBe(head);
    expect(repo.items).toHaveLength(1);
  });

  it('does nothing to a pull request of a stranger with our marker', async () => {
    const { repo, pull, branch } = await proposed();
    const forged: Item = {
      ...pull,
      number: 2,
      user: 'mallory',
      comments: [],
      pull: { ...pull.pull!, head: 'mallory-1' },
    };
    repo.items.push(forged);
    github.world.setBranch(repo, 'mallory-1', github.world.head(repo, branch));
    publish('1.2');
    await secure();
    expect(forged).toMatchObject({ state: 'open', title: forged.title, comments: [] });
  });

  it('heals a marker whose targets somebody edited', async () => {
    const { pull } = await proposed();
    pull.body = pull.body.replace(/targets=[0-9a-f]{64}/, `targets=${'0'.repeat(64)}`);
    pull.updated = github.world.now();
    expect((await secure()).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(pull.body).not.toContain('targets=0000000000000000');
    expect(await written(secure)).toBe(0);
  });
});

describe('commands', () => {
  const ada = (repo: Repo): void => void repo.permissions.set('ada', 'write');

  it.each([
    ['plimsoll: ignore this', 'would bring something new'],
    ['thanks\n\nPlimsoll:  Ignore  This\n', 'would bring something new'],
    ['plimsoll: ignore until 2026-12-24', 'before 2026-12-24'],
    ['plimsoll: ignore image', 'before 2026-04-05'],
  ])('obeys %j and answers once', async (words, answer) => {
    const { repo, pull, branch } = await proposed();
    ada(repo);
    github.world.say(pull, 'ada', words);
    expect((await secure()).outcomes).toMatchObject([{ kind: 'closed' }]);
    expect(pull).toMatchObject({ state: 'closed' });
    expect(pull.comments.filter(({ user }) => user !== 'ada')).toMatchObject([
      { body: expect.stringContaining(answer) },
    ]);
    expect(branches(repo)).not.toContain(branch);
    expect(await written(secure)).toBe(0);
  });

  it('stays quiet until the day, whatever comes, and not longer', async () => {
    const { repo, pull } = await proposed();
    ada(repo);
    github.world.say(pull, 'ada', 'plimsoll: ignore until 2026-01-20');
    await secure();
    publish('1.2');
    expect(await written(() => secure({ now: Date.parse('2026-01-19T12:00:00Z') }))).toBe(0);
    expect((await secure({ now: Date.parse('2026-01-20T12:00:00Z') })).outcomes).toMatchObject([{ kind: 'created' }]);
  });

  it('obeys a label, and takes it off', async () => {
    const { repo, pull, branch } = await proposed();
    ada(repo);
    const head = github.world.head(repo, branch);
    github.world.label(pull, 'plimsoll: rebase', 'ada');
    expect((await secure()).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(pull.labels).toEqual([]);
    expect(github.world.head(repo, branch)).not.toBe(head);
    expect(pull.comments).toMatchObject([{ body: expect.stringMatching(/^Done: the branch is made anew/) }]);
    expect(await written(secure)).toBe(0);
  });

  it('takes whatever is newest when asked to recheck', async () => {
    const { repo, pull, branch } = await proposed();
    ada(repo);
    const newest = push(
      registry,
      'base',
      debianImage({ libc6: '1', openssl: '1.1' }, { files: { 'var/log/a': 'x' } }),
      '1',
    );
    github.world.say(pull, 'ada', 'plimsoll: recheck');
    await secure();
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(newest) });
  });

  it.each([
    ['a stranger', 'mallory', 'plimsoll: ignore this'],
    ['a reader', 'reader', 'plimsoll: ignore this'],
    ['somebody who quotes', 'ada', '> plimsoll: ignore this'],
    ['somebody who shows code', 'ada', '```\nplimsoll: ignore this\n```'],
    ['somebody who talks about it', 'ada', 'plimsoll: nice'],
  ])('does not obey %s', async (_name, who, words) => {
    const { repo, pull } = await proposed();
    ada(repo);
    repo.permissions.set('reader', 'read');
    github.world.say(pull, who, words);
    expect(await written(secure)).toBe(0);
    expect(pull.state).toBe('open');
  });

  it('answers once what it does not understand, and does nothing', async () => {
    const { repo, pull, branch } = await proposed();
    ada(repo);
    const head = github.world.head(repo, branch);
    github.world.say(pull, 'ada', 'plimsoll: ignore until 2026-02-30');
    await secure();
    expect(await written(secure)).toBe(0);
    expect([pull.state, github.world.head(repo, branch)]).toEqual(['open', head]);
    expect(pull.comments.filter(({ user }) => user !== 'ada')).toMatchObject([
      { body: expect.stringMatching(/^Nothing was done: .*`plimsoll: ignore until 2026-12-24`/) },
    ]);
  });

  it('tells who asks for a rebase that a person’s commits are in the way', async () => {
    const { repo, pull, branch } = await proposed();
    ada(repo);
    const theirs = github.world.push(repo, branch, { 'notes.txt': 'x\n' });
    github.world.say(pull, 'ada', 'plimsoll: rebase');
    await secure();
    await secure();
    expect(github.world.head(repo, branch)).toBe(theirs);
    expect(pull.comments.filter(({ user }) => user !== 'ada')).toMatchObject([
      { body: expect.stringContaining('A person pushed') },
    ]);
  });
});

describe('limits and groups', () => {
  /** A repository with so many images that moved. */
  function fleet(number: number, name = 'o/a'): Repo {
    const images = Array.from({ length: number }, (_, i) => `image${i}`);
    const files = Object.fromEntries(
      images.map((image) => [`${image}/Dockerfile`, from(publish('1.0', image), image)]),
    );
    for (const image of images) publish('1.1', image);
    return github.world.create(name, files);
  }

  it('opens three at the first meeting, then as many as a run may, then as many as may be open', async () => {
    const repo = fleet(9);
    const limits = { open: 1, perRun: 1, security: { open: 6, perRun: 2 } };
    const { outcomes } = await secure({ settings: { limits: { ...limits, security: { open: 6, perRun: 5 } } } });
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(3);
    expect(outcomes.filter(({ held }) => held === 'limit')).toHaveLength(6);
    await secure({ settings: { limits } });
    expect(github.world.open(repo)).toHaveLength(5);
    await secure({ settings: { limits } });
    await secure({ settings: { limits } });
    expect(github.world.open(repo)).toHaveLength(6);
  });

  it('names the repository of a file that has a problem', async () => {
    const digest = publish('1.0');
    github.world.create('o/a', { Dockerfile: `FROM ${registry.host}/base@${digest}\n` });
    const { result } = await centralRun(github);
    expect(result.record.problems).toMatchObject([{ code: 'digest-without-tag', subject: 'o/a/Dockerfile:1' }]);
  });

  it('counts in a dry run as in the run that it stands for', async () => {
    fleet(9);
    const { outcomes } = await secure({ settings: { dryRun: true } });
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(3);
    expect(outcomes.filter(({ held }) => held === 'limit')).toHaveLength(6);
  });

  it('says in the finding what it waits for', async () => {
    fleet(4);
    const { findings } = await secure();
    expect(findings.filter(({ held }) => held?.reason === 'limit')).toHaveLength(1);
  });

  it.each([
    ['image', 2],
    ['file', 3],
    ['repository', 1],
    ['class', 1],
  ] as const)('makes of two images in three files by %s so many proposals: %i', async (group, number) => {
    const [a, b] = [publish('1.0', 'a'), publish('1.0', 'b')];
    const repo = github.world.create('o/a', {
      'x/Dockerfile': from(a, 'a'),
      'y/Dockerfile': from(a, 'a'),
      'z/Dockerfile': from(b, 'b'),
    });
    publish('1.1', 'a');
    publish('1.1', 'b');
    await secure({ rules: [{ match: {}, group }] });
    expect(github.world.open(repo)).toHaveLength(number);
    expect(await written(() => secure({ rules: [{ match: {}, group }] }))).toBe(0);
  });

  it('waits for the weekly window', async () => {
    fleet(1);
    const rules = [{ match: {}, when: 'weekly' as const }];
    const adjust: CentralRun['adjust'] = (finding) => ({
      ...finding,
      security: false,
      reaction: { react: ['propose'], when: 'weekly' },
    });
    expect((await run({ rules, adjust, deps: { isBatchDone: () => true } })).outcomes).toMatchObject([
      { kind: 'held', held: 'window' },
    ]);
    expect((await run({ rules, adjust })).outcomes).toMatchObject([{ kind: 'created', batches: ['weekly'] }]);
  });

  it('waits for the time table of its rule, and for none when anything in it is due', async () => {
    fleet(2);
    const times = ['0 6 1 * *', 'weekly'];
    const adjust: CentralRun['adjust'] = (finding) => ({
      ...finding,
      security: false,
      reaction: {
        react: ['propose'],
        when: times[finding.file?.includes('1') ? 1 : 0] ?? '',
        proposal: { group: 'repository' },
      },
    });
    const done: string[] = [];
    const deps = { isBatchDone: (_: string, when: string) => done.includes(when) };
    done.push(...times);
    expect((await run({ adjust, deps })).outcomes).toMatchObject([{ kind: 'held', held: 'window' }]);
    done.pop();
    expect((await run({ adjust, deps })).outcomes).toMatchObject([{ kind: 'created', batches: times }]);
  });

  it('sets labels, people, a milestone and auto-merge as the rules want', async () => {
    const repo = fleet(1);
    const rules = [
      {
        match: {},
        labels: ['deps'],
        reviewers: ['rev'],
        teamReviewers: ['team'],
        assignees: ['who'],
        milestone: 3,
        automerge: true,
      },
    ];
    await secure({ rules });
    expect(github.world.open(repo)).toMatchObject([
      {
        labels: [{ name: 'deps' }],
        assignees: ['who'],
        milestone: 3,
        pull: { reviewers: ['rev'], teams: ['team'], automerge: true },
      },
    ]);
  });

  it('never turns auto-merge on for a draft or another release of the distribution', async () => {
    const repo = fleet(1);
    const rules = [{ match: {}, automerge: true }];
    await secure({
      rules,
      adjust: (finding) => ({ ...asSecurity(finding), os: { before: 'debian 12', after: 'debian 13' } }),
    });
    expect(github.world.open(repo)).toMatchObject([{ pull: { automerge: false } }]);
    expect(github.world.open(repo)[0]?.body.split('\n')[1]).toMatch(
      /^\*\*The distribution changes from debian 12 to debian 13\.\*\*/,
    );
  });

  it('opens a draft for what is too young, and makes it ready when it is old enough', async () => {
    const repo = fleet(1);
    const young: CentralRun['adjust'] = (finding) => {
      const safe = asSecurity(finding);
      return { ...safe, reaction: { react: ['propose'], when: 'now', draft: true } };
    };
    await secure({ adjust: young });
    const [pull] = github.world.open(repo);
    expect(pull).toMatchObject({ pull: { draft: true }, body: expect.stringContaining('This is a draft') });
    await secure();
    expect(pull).toMatchObject({ pull: { draft: false }, body: expect.not.stringContaining('This is a draft') });
  });

  it('pins all that has no digest in one proposal', async () => {
    publish('1.0', 'a');
    publish('1.0', 'b');
    const repo = github.world.create('o/a', {
      Dockerfile: `FROM ${registry.host}/a:1\n`,
      'b/Dockerfile': `FROM ${registry.host}/b:1\n`,
    });
    await run({ pin: true });
    const [pull] = github.world.open(repo);
    expect(github.world.open(repo)).toHaveLength(1);
    expect(pull?.title).toBe('Pin 2 images (unpinned)');
    const files = Object.values(github.world.files(repo, pull!.pull!.head));
    expect(files.every((text) => /@sha256:/.test(text))).toBe(true);
    expect(await written(() => run({ pin: true }))).toBe(0);
  });

  it('puts the prefix and the sign-off where projects want them', async () => {
    const repo = fleet(1);
    await secure({ commit: { prefix: 'chore(deps): ', signoff: true } });
    const [pull] = github.world.open(repo);
    const [commit] = github.world.commits(repo, 'main', pull!.pull!.head);
    expect(pull!.title).toMatch(/^chore\(deps\): Move /);
    expect(commit!.message).toMatch(/^chore\(deps\): Move /);
    expect(commit!.message).toMatch(
      /\n\nPlimsoll: [0-9a-f]{64} [0-9a-f]{64}\nSigned-off-by: plimsoll\[bot\] <1\+plimsoll\[bot\]@users\.noreply\.github\.com>$/,
    );
    expect(await written(() => secure({ commit: { prefix: 'chore(deps): ', signoff: true } }))).toBe(0);
  });

  it('proposes a newer tag for itself, beside the digest of the old one', async () => {
    const old = publish('1.0', 'app');
    const repo = github.world.create('o/a', { Dockerfile: `FROM ${registry.host}/app:1.0.0@${old}\n` });
    for (const [tag, version] of [
      ['1.0.0', '1.1'],
      ['1.0.1', '1.2'],
    ] as const) {
      push(registry, 'app', debianImage({ openssl: version }), tag);
    }
    await run({ rules: [{ match: {}, versions: 'patch' }] });
    const open = github.world.open(repo);
    expect(open.map(({ title }) => title.replace(/.*app/, 'app')).sort()).toEqual([
      expect.stringMatching(/^app:1\.0\.0 from [0-9a-f]{12} to [0-9a-f]{12} \(packages\)$/),
      'app:1.0.0 to 1.0.1 (newer-tag)',
    ]);
    const newer = open.find(({ title }) => title.includes('newer-tag'))!.pull!.head;
    expect(github.world.files(repo, newer)['Dockerfile']).toContain('/app:1.0.1@sha256:');
  });

  it('proposes against other branches when they are named', async () => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) });
    github.world.push(repo, 'release', { Dockerfile: from(old), 'v.txt': '1\n' });
    publish('1.1');
    await secure({ selection: { branches: ['main', 'release', 'none'] } });
    expect(
      github.world
        .open(repo)
        .map(({ pull }) => pull?.base)
        .sort(),
    ).toEqual(['main', 'release']);
    expect(await written(() => secure({ selection: { branches: ['main'] } }))).toBe(0);
  });

  it('says what a dry run would do, and does nothing', async () => {
    fleet(1);
    let outcomes: unknown;
    expect(await written(async () => ({ outcomes } = await secure({ settings: { dryRun: true } })))).toBe(0);
    expect(outcomes).toMatchObject([{ kind: 'created' }]);
  });
});

describe('bad luck', () => {
  it.each([
    ['the answer to the branch', /updateRefs/],
    ['the answer to the commit', /createCommitOnBranch/],
    ['the answer to the pull request', /"head"/],
  ])('ends with one proposal when %s is lost and the run dies', async (_name, pattern) => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) });
    publish('1.1');
    let isDead = false;
    github.after = (_method, _path, body) => {
      isDead ||= pattern.test(body);
      return isDead ? 'hang-up' : undefined;
    };
    github.intercept = () => (isDead ? 'hang-up' : undefined);
    await secure();
    github.after = undefined;
    github.intercept = undefined;
    const { outcomes } = await secure();
    expect(outcomes).toMatchObject([{ kind: expect.stringMatching(/created|unchanged/) }]);
    expect(repo.items).toHaveLength(1);
    expect(branches(repo)).toEqual(['main', github.world.open(repo)[0]!.pull!.head].sort());
    expect(await written(secure)).toBe(0);
  });

  it.each(['limits', 'nothing wanted'])('takes a branch without a proposal away when %s', async () => {
    const { repo, pull, branch, digests } = await proposed();
    repo.items.splice(repo.items.indexOf(pull), 1);
    github.world.push(repo, 'main', { Dockerfile: from(digests[1]!) });
    await secure();
    expect(branches(repo)).not.toContain(branch);
  });

  it('takes away what a run that died left of a commit', async () => {
    const { repo } = await proposed();
    github.world.setBranch(repo, 'plimsoll/next-1234abcd', github.world.head(repo, 'main'));
    await secure();
    expect(branches(repo)).not.toContain('plimsoll/next-1234abcd');
  });

  it('looks again when the branch moves between look and write', async () => {
    const { repo, pull, branch } = await proposed();
    publish('1.2');
    let theirs: string | undefined;
    github.intercept = (_method, _path, body) => {
      if (theirs === undefined && /createCommitOnBranch/.test(body))
        theirs = github.world.push(repo, branch, { 'mine.txt': 'x\n' });
      return undefined;
    };
    expect((await secure()).outcomes).toMatchObject([{ kind: 'left-alone' }]);
    expect(github.world.head(repo, branch)).toBe(theirs);
    expect(pull.comments).toHaveLength(1);
    github.intercept = undefined;
    await secure();
    expect(branches(repo)).toEqual(['main', branch]);
  });

  it('leaves a file alone that was changed between read and commit', async () => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) });
    publish('1.1');
    let isChanged = false;
    github.intercept = (_method, _path, body) => {
      if (!isChanged && /query State/.test(body)) {
        isChanged = true;
        github.world.push(repo, 'main', { Dockerfile: `# hello\n${from(old)}` });
      }
      return undefined;
    };
    expect((await secure()).outcomes).toMatchObject([
      { kind: 'left-alone', reason: expect.stringContaining('was changed') },
    ]);
    expect((await secure()).outcomes).toMatchObject([{ kind: 'created' }]);
  });

  it('takes today’s base when other files of it changed meanwhile', async () => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) });
    publish('1.1');
    let isChanged = false;
    github.intercept = (_method, _path, body) => {
      if (!isChanged && /query State/.test(body)) {
        isChanged = true;
        github.world.push(repo, 'main', { 'README.md': 'new\n' });
      }
      return undefined;
    };
    expect((await secure()).outcomes).toMatchObject([{ kind: 'created' }]);
    expect(github.world.files(repo, github.world.open(repo)[0]!.pull!.head)).toHaveProperty(['README.md']);
  });

  it('ends with one proposal when two runs work at once', async () => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) });
    publish('1.1');
    await Promise.all([secure(), secure(), secure()]);
    await secure();
    expect(github.world.open(repo)).toHaveLength(1);
    expect(branches(repo)).toHaveLength(2);
    expect(await written(secure)).toBe(0);
  });

  it('closes what was proposed against a branch that is gone', async () => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) });
    github.world.push(repo, 'release', { Dockerfile: from(old) });
    publish('1.1');
    const selection = { branches: ['main', 'release'] };
    await secure({ selection });
    github.world.setBranch(repo, 'release', undefined);
    await secure({ selection });
    expect(github.world.open(repo)).toHaveLength(1);
    expect(branches(repo)).toHaveLength(2);
  });

  it('waits out secondary limits', async () => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) });
    publish('1.1');
    let refusals = 0;
    github.intercept = (method) =>
      method === 'post' && refusals++ % 2 === 0
        ? {
            status: 403,
            headers: { 'retry-after': '1' },
            body: { message: 'You have exceeded a secondary rate limit.' },
          }
        : undefined;
    expect((await secure()).outcomes).toMatchObject([{ kind: 'created' }]);
    expect(github.world.open(repo)).toHaveLength(1);
  });

  it('gives up when five hundred secondary limits come in a row, and says so', async () => {
    const { pull } = await proposed();
    publish('1.2');
    let refusals = 0;
    github.intercept = (method, path) =>
      method === 'post' && path === '/graphql' && refusals++ < 500
        ? {
            status: 403,
            headers: { 'retry-after': '1' },
            body: { message: 'You have exceeded a secondary rate limit.' },
          }
        : undefined;
    const { outcomes, result } = await secure();
    expect(outcomes).toEqual([]);
    expect(result.record.problems).toMatchObject([
      { code: 'owner-unreadable', message: expect.stringContaining('rate limit') },
    ]);
    expect(refusals).toBeLessThan(30);
    expect(pull.state).toBe('open');
  });

  it.each([
    ['a revoked token', () => github.tokens.clear(), 'owner-unreadable', /401.*give a new one/],
    [
      'a token that may only read',
      (repo: Repo) => repo.permissions.set('plimsoll[bot]', 'read'),
      undefined,
      /permissions contents: write/,
    ],
    [
      'a repository that was archived meanwhile',
      (repo: Repo) => void Object.assign(repo, { archived: true }),
      undefined,
      /archived/,
    ],
    [
      'a repository that forbids pull requests to Actions',
      (repo: Repo) => void Object.assign(repo, { mayOpenPulls: false }),
      undefined,
      /not permitted to create/,
    ],
    ['a protected branch', (repo: Repo) => void repo.protected.add('main'), undefined, undefined],
  ])('says what is wrong with %s', async (_name, spoil, problem, reason) => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) });
    publish('1.1');
    spoil(repo);
    const { outcomes, result } = await secure({ selection: { archived: true } });
    if (problem !== undefined)
      expect(result.record.problems).toMatchObject([{ code: problem, message: expect.stringMatching(reason!) }]);
    else if (repo.archived) expect(outcomes).toEqual([]);
    else if (reason !== undefined)
      expect(outcomes).toMatchObject([{ kind: 'failed', reason: expect.stringMatching(reason) }]);
    else expect(outcomes).toMatchObject([{ kind: 'created' }]);
  });

  it('finds a repository again that was renamed', async () => {
    const { repo, pull } = await proposed();
    repo.name = 'renamed';
    expect((await secure()).outcomes).toMatchObject([{ kind: 'unchanged', repository: 'o/renamed' }]);
    expect(pull.state).toBe('open');
  });

  it('goes on past repositories that are empty or without a default branch', async () => {
    github.world.create('o/empty', {});
    github.world.create('o/none', { Dockerfile: 'FROM scratch\n' }, { defaultBranch: undefined });
    const { repo } = await proposed();
    const { outcomes, result } = await secure();
    expect(outcomes).toMatchObject([{ kind: 'unchanged', repository: 'o/a' }]);
    expect(result.record.problems.map(({ code, subject }) => [code, subject])).toEqual([
      ['repository-empty', 'o/empty'],
      ['repository-empty', 'o/none'],
    ]);
    expect(github.world.open(repo)).toHaveLength(1);
  });

  it('only goes forward on a server that cannot move branches', async () => {
    github.unknownMutations = new Set(['updateRefs']);
    const { repo, branch } = await proposed();
    const first = github.world.head(repo, branch)!;
    const newest = publish('1.2');
    expect((await secure()).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(github.world.files(repo, branch)).toMatchObject({ Dockerfile: from(newest) });
    expect(github.world.commits(repo, 'main', branch).map(({ oid }) => oid)).toContain(first);
    expect(
      github.log.some(({ method, path }) => ['patch', 'delete'].includes(method) && path.includes('/git/refs')),
    ).toBe(false);
    expect(await written(secure)).toBe(0);
  });

  it('works without drafts where there are none', async () => {
    const old = publish('1.0');
    const repo = github.world.create('o/a', { Dockerfile: from(old) }, { drafts: false });
    publish('1.1');
    const adjust: CentralRun['adjust'] = (finding) => ({
      ...asSecurity(finding),
      reaction: { react: ['propose'], when: 'now', draft: true },
    });
    expect((await secure({ adjust })).outcomes).toMatchObject([
      { kind: 'created', reason: expect.stringContaining('no drafts') },
    ]);
    expect(github.world.open(repo)).toHaveLength(1);
  });
});

describe('what it costs', () => {
  it('asks once per repository on a day without changes, and is answered 304', async () => {
    const cache = memoryCache();
    for (const name of ['a', 'b', 'c'])
      github.world.create(`o/${name}`, { Dockerfile: from(publish('1.0')), 'x.txt': 'x' });
    const counted = async (): Promise<string[]> => {
      const from = github.log.length;
      await secure({ cache, now: runTime });
      return github.log
        .slice(from)
        .filter(({ path }) => path !== '/graphql')
        .map(({ path, status }) => `${status} ${path.replace(/\/[0-9a-f]{40}/, '')}`);
    };
    const cold = await counted();
    expect(cold.filter((line) => line.includes('/issues'))).toHaveLength(3);
    expect(cold.filter((line) => line.includes('/git/trees')).length).toBeLessThanOrEqual(3);
    expect(cold.filter((line) => line.includes('/git/blobs')).length).toBeLessThanOrEqual(3);
    const graphql = github.log.filter(({ path }) => path === '/graphql').length;
    expect(graphql).toBeLessThanOrEqual(2);
    const warm = await counted();
    expect(warm).toHaveLength(3);
    expect(warm.every((line) => line.startsWith('304 ') && line.includes('/issues'))).toBe(true);
  });
});

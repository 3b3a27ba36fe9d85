import { chmodSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ByteCache } from '../../src/cache/byte-cache.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import type { Forge } from '../../src/forges/forge.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { isLong } from '../support/fast-check.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';
import { giteaForge, startGitea } from '../support/gitea/forge.ts';
import { asSecurity, type CentralResult, type CentralRun, centralRun } from '../support/github/run.ts';
import type { Item, Repo } from '../support/github/world.ts';
import { gitlabForge, startGitLab } from '../support/gitlab/forge.ts';
import type { Answer, StandIn } from '../support/stand-in.ts';

/*
 * What repositories, people and servers do to a whole run, on each forge that moves branches by git's push: it says what is
 * wrong and what to do, goes on with the others, and ends with one proposal at most once all is well again. GitHub's cases
 * are in test/targets/proposals/propose.test.ts.
 */

interface Kind {
  readonly name: string;
  readonly start: () => Promise<StandIn>;
  readonly open: (server: StandIn, options?: { cache?: ByteCache; token?: string }) => Forge;
  /** What a server of three years ago has not, by method and path. */
  readonly isNew: RegExp;
  /** Keys of answers that it has not. */
  readonly newKeys: readonly string[];
  readonly switchedOff: string;
}

const kinds: readonly Kind[] = [
  {
    name: 'GitLab',
    start: startGitLab,
    open: gitlabForge,
    isNew: /^get \/personal_access_tokens\/self/,
    newKeys: ['detailed_merge_status', 'draft'],
    switchedOff: 'Git access over HTTP is not allowed',
  },
  {
    name: 'Gitea and Forgejo',
    start: startGitea,
    open: giteaForge,
    isNew: /\/(?:compare|actions)\//,
    newKeys: ['default_merge_style', 'has_pull_requests'],
    switchedOff: 'Interacting with repositories by HTTP protocol is not allowed',
  },
];

describe.each(kinds)('on $name', ({ start, open, isNew, newKeys, switchedOff }) => {
  let server: StandIn;
  let registry: FakeRegistry;
  beforeEach(async () => {
    [server, registry] = await Promise.all([start(), startFakeRegistry()]);
  });
  afterEach(async () => {
    await Promise.all([server.close(), registry.close()]);
    expect(server.faults).toEqual([]);
  });

  const publish = (version: string): Digest => push(registry, 'base', debianImage({ openssl: version }), '1');
  const from = (digest: Digest): string => `FROM ${registry.host}/base:1@${digest}\n`;
  const run = (more: CentralRun = {}, cache = memoryCache()): Promise<CentralResult> =>
    centralRun(undefined as never, { cache, forge: open(server, { cache }), adjust: asSecurity, ...more });
  const branches = (repo: Repo): string[] =>
    [...repo.store.refs().keys()].map((ref) => ref.replace('refs/heads/', '')).sort();
  const answer = (status: number, body: unknown): Answer => ({ status, body });

  /** A repository whose base has moved on since. */
  function behind(more: Partial<Repo> = {}, name = 'o/app'): Repo {
    const old = publish('1.0');
    const repo = server.world.create(name, { Dockerfile: from(old), 'README.md': 'one\n' }, more);
    publish('1.1');
    return repo;
  }

  async function proposed(): Promise<{ repo: Repo; pull: Item; branch: string }> {
    const repo = behind();
    expect((await run()).outcomes).toMatchObject([{ kind: 'created' }]);
    const [pull] = server.world.open(repo);
    return { repo, pull: pull!, branch: pull!.pull!.head };
  }

  /** A server whose git asks this program about every push. */
  function hook(script: string): () => void {
    const hooks = temporaryTree({ 'pre-receive': `#!/bin/sh\n${script}\n` });
    chmodSync(path.join(hooks.folder, 'pre-receive'), 0o755);
    server.settings.push(`core.hooksPath=${hooks.folder}`);
    return () => {
      server.settings.splice(0);
      hooks.remove();
    };
  }

  /** Once all is well, there is one proposal, and nothing else is written then. */
  async function endsWell(repo: Repo, more: CentralRun = {}): Promise<void> {
    await run(more);
    const writes = server.writes().length;
    await run(more);
    expect(server.writes()).toHaveLength(writes);
    const all = server.world.open(repo);
    expect(all).toHaveLength(1);
    expect(branches(repo)).toEqual(['main', all[0]?.pull?.head]);
  }

  it('a token that ends in the middle of a run leaves what the next one takes up', async () => {
    for (let after = 1; ; after += isLong ? 1 : 4) {
      const repo = behind({}, `o/app-${after}`);
      let asked = 0;
      server.intercept = () => {
        if (++asked > after) server.tokens.clear();
        return undefined;
      };
      const { outcomes, result } = await run({ pattern: `o/app-${after}` });
      const said = [...outcomes.map(({ reason }) => reason), ...result.record.problems.map(({ message }) => message)];
      const isWhole = asked <= after;
      server.intercept = undefined;
      server.tokens.set('token', 'plimsoll');
      if (!isWhole) expect(said.join('\n'), `after ${after}`).toMatch(/the token is wrong, expired/);
      await endsWell(repo, { pattern: `o/app-${after}` });
      if (isWhole) break;
    }
  }, 120_000);

  it.each<[string, string, RegExp]>([
    ['a protected branch', 'You are not allowed to push code to protected branches', /protected.*let our account push/],
    ['a push rule', 'Commit message does not follow the pattern', /pattern.*commit: \{ prefix \}/],
    ['a quota that is used up', 'Quota exceeded', /Quota exceeded; make room/],
  ])('%s is quoted, with what to do, and no branch is left behind', async (_name, words, expected) => {
    const remove = hook(`echo '${words}' >&2; exit 1`);
    const repo = behind();
    expect((await run()).outcomes).toMatchObject([{ kind: 'failed', reason: expect.stringMatching(expected) }]);
    expect(branches(repo)).toEqual(['main']);
    remove();
    await endsWell(repo);
  });

  it('a sign-off that is asked for is named, and given where the configuration says so', async () => {
    const remove = hook(`while read old new ref; do
  case $new in 0000*) continue;; esac
  for commit in $(git rev-list $new --not --all); do
    git log -1 --format=%B $commit | grep -q '^Signed-off-by: ' || { echo 'Commit message must contain a DCO signoff' >&2; exit 1; }
  done
done`);
    const repo = behind();
    const reason = expect.stringContaining('commit: { signoff: true }');
    expect((await run()).outcomes).toMatchObject([{ kind: 'failed', reason }]);
    expect(branches(repo)).toEqual(['main']);
    await endsWell(repo, { commit: { prefix: '', signoff: true } });
    remove();
  });

  it('a repository of SHA-256 is read, and written to by nobody', async () => {
    const repo = behind();
    const line = `${'0'.repeat(64)} capabilities^{}\0 report-status atomic object-format=sha256\n`;
    const size = (line.length + 4).toString(16).padStart(4, '0');
    const bytes = Buffer.from(`001f# service=git-receive-pack\n0000${size}${line}0000`);
    const headers = { 'content-type': 'application/x-git-receive-pack-advertisement' };
    server.intercept = (_method, at) => (at.endsWith('/info/refs') ? { status: 200, bytes, headers } : undefined);
    const { outcomes, findings } = await run();
    expect(findings).toMatchObject([{ class: 'security' }]);
    expect(outcomes).toMatchObject([{ kind: 'failed', reason: expect.stringContaining('SHA-256') }]);
    expect([server.writes(), branches(repo)]).toEqual([[], ['main']]);
  });

  describe('git over HTTP that is switched off', () => {
    beforeEach(() => {
      const headers = { 'content-type': 'text/plain' };
      const off = { status: 403, bytes: Buffer.from(switchedOff), headers };
      server.intercept = (_method, at) => (at.includes('.git/') ? off : undefined);
    });

    it('leaves the API, which opens proposals and commits on top', async () => {
      const { repo, branch } = await proposed();
      const first = server.world.head(repo, branch) ?? '';
      const newest = publish('1.2');
      const reason = expect.stringContaining('lets no branch be made anew, so it got one more commit');
      expect((await run()).outcomes).toMatchObject([{ kind: 'updated', reason }]);
      expect(server.world.files(repo, branch)).toMatchObject({ Dockerfile: from(newest) });
      expect(server.world.commits(repo, 'main', branch).map(({ oid }) => oid)).toContain(first);
      await endsWell(repo);
    });

    it('leaves one in conflict as it is, says what to do, and tries nothing again and again', async () => {
      const { repo, pull, branch } = await proposed();
      const text = server.world.files(repo, 'main')['Dockerfile'];
      server.world.push(repo, 'main', { Dockerfile: `${text}RUN theirs\n` });
      const writes = server.writes().length;
      for (let i = 0; i < 2; i++) {
        const reason = expect.stringMatching(/conflicted.*no branch be made anew: merge main into it, or delete it/);
        expect((await run()).outcomes).toMatchObject([{ kind: 'left-alone', reason, url: expect.any(String) }]);
      }
      expect([server.writes().length, pull.state]).toEqual([writes, 'open']);
      server.world.setBranch(repo, branch, undefined);
      server.world.moved(repo);
      publish('1.2');
      await endsWell(repo);
    });

    it('says so to whoever asks for a branch that is made anew', async () => {
      const { repo, pull } = await proposed();
      repo.permissions.set('ada', 'write');
      repo.permissions.set('plimsoll', 'admin');
      server.world.say(pull, 'ada', 'plimsoll: rebase');
      await run();
      expect(pull.comments.at(-1)?.body).toContain('the server lets no branch be made anew: merge main into it');
      await endsWell(repo);
    });
  });

  it('an archived repository is looked at and not written to, one without a branch of its own or a commit is said', async () => {
    const repo = behind({ archived: true });
    server.world.create('o/empty', {});
    server.world.create('o/none', { Dockerfile: 'FROM scratch\n' }, { defaultBranch: undefined });
    const { outcomes, findings, result } = await run({ selection: { archived: true } });
    expect([outcomes, findings.length, branches(repo)]).toEqual([[], 1, ['main']]);
    expect(result.record.problems.map(({ code, subject }) => [code, subject])).toEqual([
      ['repository-empty', 'o/empty'],
      ['repository-empty', 'o/none'],
    ]);
  });

  it('a proposal that was closed with its branch stays closed until there is news', async () => {
    const { repo, pull, branch } = await proposed();
    server.world.setBranch(repo, branch, undefined);
    server.world.moved(repo);
    expect((await run()).outcomes).toMatchObject([{ kind: 'left-alone', reason: expect.stringContaining('closed') }]);
    expect([server.world.open(repo), pull.state]).toEqual([[], 'closed']);
    publish('1.2');
    await endsWell(repo);
  });

  it('a person’s push between look and write is kept, and is theirs from then on', async () => {
    const { repo, branch } = await proposed();
    publish('1.2');
    let theirs: string | undefined;
    server.intercept = (method, at) => {
      if (theirs === undefined && method === 'post' && at.endsWith('receive-pack'))
        theirs = server.world.push(repo, branch, { mine: 'mine\n' });
      return undefined;
    };
    expect((await run()).outcomes).toMatchObject([{ kind: 'left-alone' }]);
    expect(theirs).toBeDefined();
    expect(server.world.head(repo, branch)).toBe(theirs);
    await run();
    expect(server.world.head(repo, branch)).toBe(theirs);
    expect(branches(repo)).toEqual(['main', branch]);
  });

  it('one that was renamed is found again, and written to under its new name', async () => {
    const { repo, pull } = await proposed();
    repo.name = 'renamed';
    publish('1.2');
    expect((await run()).outcomes).toMatchObject([{ kind: 'updated', repository: 'o/renamed' }]);
    expect(pull.state).toBe('open');
    await endsWell(repo);
  });

  it('a server of three years ago has all that is needed', async () => {
    server.intercept = (method, at) =>
      isNew.test(`${method} ${at}`) ? answer(404, { message: 'Not Found' }) : undefined;
    server.alter = (given) => without(given, newKeys);
    const { repo, branch } = await proposed();
    const newest = publish('1.2');
    expect((await run()).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(server.world.files(repo, branch)).toMatchObject({ Dockerfile: from(newest) });
    await endsWell(repo);
  });

  it('a proxy that takes headers away costs bytes, and changes nothing else', async () => {
    server.stripped.push('link', 'etag', 'ratelimit-remaining', 'date', 'x-total-count');
    const { repo } = await proposed();
    for (let i = 0; i < 55; i++) server.world.create(`o/r${i}`, {});
    expect((await run()).result.record.problems).toHaveLength(55);
    await endsWell(repo);
  });
});

/** An answer without these keys, however deep. */
function without(given: Answer, keys: readonly string[]): Answer {
  const text = JSON.stringify(given.body, (key, value: unknown) => (keys.includes(key) ? undefined : value));
  return text === undefined ? given : { ...given, body: JSON.parse(text) as unknown };
}

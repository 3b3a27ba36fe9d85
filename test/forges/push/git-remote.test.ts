import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { ForgeError } from '../../../src/forges/forge-error.ts';
import { commitObjects } from '../../../src/forges/push/commit-objects.ts';
import { type GitObject, objectId, parseTree } from '../../../src/forges/push/git-objects.ts';
import { readPack, writePack } from '../../../src/forges/push/git-pack.ts';
import { GitRemote } from '../../../src/forges/push/git-remote.ts';
import { Agents } from '../../../src/http/agents.ts';
import { plainFetch } from '../../../src/http/plain-fetch.ts';
import { type GitAnswer, gitHttp } from '../../support/git-http.ts';

const by = { name: 'Plimsoll', email: 'plimsoll@example.org', time: 1_767_600_000_000 };
type Intercept = (request: http.IncomingMessage, body: Buffer) => Partial<GitAnswer> | 'hang-up' | undefined;

let root: string;
let server: http.Server;
let agents: Agents;
let settings: string[];
let intercept: Intercept;
let after: (request: http.IncomingMessage, answer: GitAnswer) => Partial<GitAnswer> | 'cut';
let seen: { readonly method: string; readonly url: string; readonly headers: http.IncomingHttpHeaders }[];
let remote: GitRemote;

const git = (...args: string[]): string =>
  execFileSync('git', ['-C', path.join(root, 'g/r.git'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
    },
  }).trim();

const head = (branch: string): string | undefined => {
  try {
    return git('rev-parse', '--verify', '--quiet', `refs/heads/${branch}`);
  } catch {
    return undefined;
  }
};

/** A commit of a person, made of what `git fast-import` takes. */
function person(branch: string, files: Readonly<Record<string, string>>, more = ''): string {
  const parent = head(branch) ?? head('main');
  const lines = Object.entries(files).map(
    ([name, text]) => `M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
  );
  const from = parent === undefined ? '' : `from ${parent}\n`;
  const text = `commit refs/heads/${branch}\ncommitter Ada <ada@example.org> 1767600000 +0000\ndata 1\nx\n${from}${lines.join('')}${more}\n`;
  execFileSync('git', ['-C', path.join(root, 'g/r.git'), 'fast-import', '--quiet', '--force'], { input: text });
  return head(branch) ?? '';
}

function hook(name: string, script: string): void {
  const file = path.join(root, 'g/r.git/hooks', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const to = (name: string, address = (server.address() as AddressInfo).port): GitRemote =>
  new GitRemote({
    url: `http://127.0.0.1:${address}/g/${name}.git`,
    name: `g/${name}`,
    authorization: `Basic ${Buffer.from('oauth2:secret').toString('base64')}`,
    userAgent: 'plimsoll/test',
    fetch: plainFetch(agents, new AbortController().signal),
    onRequest: () => undefined,
  });

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'plimsoll-push-'));
  execFileSync('git', [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    '--initial-branch=main',
    path.join(root, 'g/r.git'),
  ]);
  settings = [];
  seen = [];
  intercept = () => undefined;
  after = (_request, answer) => answer;
  server = http.createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', async () => {
      const body = Buffer.concat(pieces);
      const url = new URL(request.url ?? '/', 'http://x');
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
      const early = intercept(request, body);
      if (early === 'hang-up') return void request.socket.destroy();
      const query = url.search.slice(1);
      const own = early ?? (await gitHttp(request, { root, path: url.pathname, query, body, settings }));
      const answer = after(request, { status: 200, headers: {}, body: Buffer.alloc(0), ...own });
      if (answer === 'cut') {
        const { body: whole = Buffer.alloc(0) } = own;
        response.writeHead(200, { ...own.headers, 'content-length': String(whole.length) });
        response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  agents = new Agents();
  remote = to('r');
  person('main', { Dockerfile: 'FROM a\n', 'x/y/Dockerfile': 'FROM b\n', 'x/z': 'z\n' });
});

afterEach(async () => {
  agents.destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

const change = (known: ReadonlyMap<string, GitObject>, onto: string, name = 'x/y/Dockerfile', text = 'FROM c\n') =>
  commitObjects(known, { onto, subject: 'Move b', body: 'why', files: [{ path: name, bytes: Buffer.from(text) }] }, by);

async function made(text = 'FROM c\n') {
  const onto = head('main') ?? '';
  return { onto, ...change(await remote.trees(onto), onto, undefined, text) };
}

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      expect(error).toBeInstanceOf(ForgeError);
      expect((error as ForgeError).message).toMatch(/^(?!.*(\n|secret|b2F1dGg)).{20,1200}$/);
      return `${(error as ForgeError).failure}: ${(error as ForgeError).message}`;
    },
  );

describe('a push', () => {
  it('makes a commit of a few objects, which git finds sound and reads as it was meant', async () => {
    const { onto, id, objects } = await made();
    expect(objects.map(({ type }) => type)).toEqual(['blob', 'tree', 'tree', 'tree', 'commit']);
    await remote.push([{ branch: 'plimsoll/a', before: undefined, after: id }], objects);
    expect(head('plimsoll/a')).toBe(id);
    expect(git('fsck', '--strict', '--full')).not.toMatch(/error|missing|warning/);
    expect(git('show', '--format=%P%n%an <%ae> %cn <%ce> %at%n%B', '--name-status', id)).toBe(
      `${onto}\nPlimsoll <plimsoll@example.org> Plimsoll <plimsoll@example.org> 1767600000\nMove b\n\nwhy\n\n\nM\tx/y/Dockerfile`,
    );
    expect(git('show', `${id}:x/y/Dockerfile`)).toBe('FROM c');
  });

  it('keeps modes, links, submodules, and names that are no UTF-8', async () => {
    const link = `M 120000 inline link\ndata 4\nx/zz\nM 160000 ${head('main')} module\nM 100755 inline run.sh\ndata 1\n1\n`;
    person('main', {}, `${link}M 100644 inline "x/\\377\\376"\ndata 1\n1\n`);
    const onto = head('main') ?? '';
    const known = await remote.trees(onto);
    const { id, objects } = change(known, onto, 'run.sh', '2');
    await remote.push([{ branch: 'plimsoll/a', before: undefined, after: id }], objects);
    expect(git('diff', '--raw', '--abbrev=4', onto, id)).toMatch(/^:100755 100755 \w+ \w+ M\trun\.sh$/);
    const inside = change(known, onto, 'x/z', '2');
    await remote.push([{ branch: 'plimsoll/b', before: undefined, after: inside.id }], inside.objects);
    expect(git('diff', '--name-only', onto, inside.id)).toBe('x/z');
    for (const name of ['link', 'module', 'none', 'x', 'link/z', 'Dockerfile/z'])
      expect(() => change(known, onto, name)).toThrow(/is no plain file in/);
  });

  it('moves a branch only from where it was seen', async () => {
    const { onto, id, objects } = await made();
    const branch = 'plimsoll/a';
    await remote.push([{ branch, before: undefined, after: onto }], []);
    const theirs = person(branch, { mine: 'mine\n' });
    for (const before of [undefined, onto])
      for (const after of before === undefined ? [id] : [id, undefined])
        expect(await failure(remote.push([{ branch, before, after }], objects))).toMatch(/^raced/);
    expect(head(branch)).toBe(theirs);
    await remote.push([{ branch, before: theirs, after: id }], objects);
    await remote.push([{ branch, before: id, after: undefined }], []);
    expect(head(branch)).toBeUndefined();
  });

  it('moves several branches or none, and says so where a server cannot', async () => {
    const { onto, id, objects } = await made();
    await remote.push([{ branch: 'a', before: undefined, after: onto }], []);
    const [good, bad] = [
      { branch: 'a', before: onto, after: id },
      { branch: 'b', before: onto, after: id },
    ];
    expect(await failure(remote.push([good, bad], objects))).toMatch(/^raced/);
    expect([head('a'), head('b')]).toEqual([onto, undefined]);
    await remote.push([good, { ...bad, before: undefined }], objects);
    expect([head('a'), head('b')]).toEqual([id, id]);
    settings = ['receive.advertiseAtomic=false'];
    expect(await failure(to('r').push([good, bad], objects))).toMatch(/^unsupported.*in one step/);
  });

  it('is one of several that push at once', async () => {
    const all = await Promise.all(['1', '2', '3', '4'].map((text) => made(text)));
    const tries = all.map(({ id, objects }) =>
      failure(to('r').push([{ branch: 'a', before: undefined, after: id }], objects)),
    );
    const ends = (await Promise.all(tries)).map((one) => one.split(':')[0]);
    expect(ends.sort()).toEqual(['done', 'raced', 'raced', 'raced']);
  });

  it('is refused by hooks and protected branches, in their words and not as a race', async () => {
    const { id, objects } = await made();
    const move = { branch: 'a', before: undefined, after: id };
    hook('pre-receive', 'echo "GitLab: Commit message does not follow the pattern" >&2; exit 1');
    expect(await failure(remote.push([move], objects))).toMatch(/^refused.*declined.*does not follow the pattern/);
    hook(
      'pre-receive',
      'echo "GitLab: You are not allowed to push code to protected branches on this project." >&2; exit 1',
    );
    expect(await failure(remote.push([move], objects))).toMatch(/^denied/);
    hook('pre-receive', 'exit 0');
    hook('update', 'test "$1" != refs/heads/a');
    expect(await failure(remote.push([{ ...move, branch: 'b' }, move], objects))).toMatch(/^refused/);
    expect([head('a'), head('b')]).toEqual([undefined, undefined]);
  });

  it.each([
    ['GitLab: Commit message does not follow the pattern', /^refused.*commit: \{ prefix \}/],
    ['GitLab: Commit message must contain a DCO signoff', /^refused.*commit: \{ signoff: true \}/],
    ['GitLab: Commit must be signed with a GPG key', /^refused.*signed commits alone/],
    ['GitLab: You are not allowed to push code to protected branches on this project.', /^denied.*take them out/],
    ['GitLab: You are not allowed to force push code to a protected branch on this project.', /^refused.*by force/],
    ["GitLab: Author's email 'x@y' does not follow the pattern", /^refused.*address/],
    ['GitLab: Your push would cause this repository to exceed its storage limit', /^refused.*make room/],
    ['Gitea: Not allowed to push to protected branch a', /^denied.*take them out/],
    ['Gitea: branch a is protected from force push', /^refused.*by force/],
    ['Gitea: branch a is protected from unverified commit 1', /^refused.*signed commits alone/],
    ['Forgejo: Quota exceeded', /^refused.*make room/],
  ])('says what to do about %j', async (said, expected) => {
    const { id, objects } = await made();
    hook('pre-receive', `cat <<'END' >&2; exit 1\n${said}\nEND`);
    const answer = await failure(remote.push([{ branch: 'a', before: undefined, after: id }], objects));
    expect(answer).toMatch(expected);
    expect(answer).toContain(said);
    hook('pre-receive', 'exit 0');
  });

  it.each([
    ['receive.denyNonFastForwards=true', 'first'],
    ['receive.denyDeletes=true', undefined],
  ])('says what to do where git itself forbids it: %s', async (setting, after) => {
    const first = head('main') ?? '';
    person('main', { x: 'x' });
    const before = head('main') ?? '';
    settings = [setting];
    const move = { branch: 'main', before, after: after && first };
    expect(await failure(to('r').push([move], []))).toMatch(/^(?:refused.*by force|unsupported)/);
    expect(head('main')).toBe(before);
  });

  it('is known to be done when its answer was lost or cut, and known not to be when it was not', async () => {
    const { id, objects } = await made();
    after = (request, answer) => (request.url?.endsWith('receive-pack') && request.method === 'POST' ? 'cut' : answer);
    await remote.push([{ branch: 'a', before: undefined, after: id }], objects);
    expect(head('a')).toBe(id);
    after = (_request, answer) => answer;
    intercept = ({ method }) => (method === 'POST' ? 'hang-up' : undefined);
    const lost = await failure(remote.push([{ branch: 'b', before: undefined, after: id }], objects));
    expect(lost).toMatch(/^failed.*nothing says that it was done/);
  });

  it.each([
    [401, 'denied'],
    [403, 'denied'],
    [404, 'missing'],
    [302, 'raced'],
    [500, 'failed'],
    [429, 'failed'],
  ])('answered %i is %s', async (status, kind) => {
    const { id, objects } = await made();
    intercept = () => ({
      status,
      headers: { location: 'http://127.0.0.1:9/', 'content-type': 'text/html' },
      body: Buffer.from('<p>\nno'),
    });
    expect(await failure(remote.push([{ branch: 'a', before: undefined, after: id }], objects))).toMatch(`${kind}: `);
    expect(await failure(remote.trees(head('main') ?? ''))).toMatch(`${kind}: `);
    expect(seen.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it('takes a page for no answer, and says when git over HTTP is switched off', async () => {
    intercept = () => ({ headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>') });
    expect(await failure(remote.trees(head('main') ?? ''))).toMatch(/^failed.*not as git does/);
    const said = Buffer.from('Git access over HTTP is not allowed');
    intercept = () => ({ status: 403, headers: { 'content-type': 'text/plain' }, body: said });
    expect(await failure(remote.push([{ branch: 'a', before: undefined, after: 'a'.repeat(40) }], []))).toMatch(
      /^unsupported.*switched off/,
    );
  });

  it('needs no header that a proxy may strip, and sends its login to its own server alone', async () => {
    const { id, objects } = await made();
    await remote.push([{ branch: 'a', before: undefined, after: id }], objects);
    for (const { headers } of seen) {
      expect(headers['git-protocol']).toBeUndefined();
      expect(headers.authorization).toMatch(/^Basic /);
    }
    expect(seen.map(({ method, url }) => `${method} ${url.replace(/.*\.git/, '')}`)).toEqual([
      'POST /git-upload-pack',
      'GET /info/refs?service=git-receive-pack',
      'POST /git-receive-pack',
    ]);
  });

  it('reads folders from a server that can leave no files out', async () => {
    settings = ['uploadpack.allowFilter=false'];
    const { id, objects } = await made();
    await remote.push([{ branch: 'a', before: undefined, after: id }], objects);
    expect(head('a')).toBe(id);
  });

  it('is raced when the commit that was read is in no branch', async () => {
    expect(await failure(remote.trees('1'.repeat(40)))).toMatch(/^raced/);
  });

  it('refuses a repository whose objects are named by SHA-256', async () => {
    execFileSync('git', ['init', '--quiet', '--bare', '--object-format=sha256', path.join(root, 'g/new.git')]);
    const answer = await failure(to('new').push([{ branch: 'a', before: undefined, after: 'a'.repeat(40) }], []));
    expect(answer).toMatch(/^refused.*SHA-256/);
  });
});

describe('a pack', () => {
  const text = 'a line that is there often\n'.repeat(200);

  it('is read as git writes it, differences to other objects included', async () => {
    for (let i = 0; i < 12; i++)
      person('main', Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`d/f${n}`, `${text}${i * n}`])));
    git('repack', '-adfq', '--depth=50', '--window=50');
    const names = git('rev-list', '--objects', '--all')
      .split('\n')
      .map((line) => line.slice(0, 40));
    for (const flags of [[], ['--delta-base-offset']]) {
      const pack = execFileSync('git', ['-C', path.join(root, 'g/r.git'), 'pack-objects', '--stdout', '-q', ...flags], {
        input: names.join('\n'),
      });
      const objects = atOnce(readPack(pack));
      expect([...objects.keys()].sort()).toEqual([...new Set(names)].sort());
      for (const [name, object] of objects) expect(objectId(object)).toBe(name);
    }
  });

  it('is refused when it is cut, changed or no pack, and never read beyond its end', async () => {
    const pack = await writePack([{ type: 'blob', bytes: Buffer.from(text) }]);
    expect(() => atOnce(readPack(pack.subarray(0, -1)))).toThrow(/cut or changed/);
    expect(() => atOnce(readPack(Buffer.from(pack).fill(1, 14, 16)))).toThrow(/cut or changed/);
    expect(() => atOnce(readPack(Buffer.alloc(40)))).toThrow(/no pack/);
    expect(() => atOnce(readPack(Buffer.alloc(0)))).toThrow(/no pack/);
    expect(parseTree(Buffer.from('100644 a\0short'))).toBeUndefined();
  });

  it.each([0, 1, 15, 16, 2047, 2048, 300_000])('keeps an object of %i bytes', async (size) => {
    const object: GitObject = { type: 'blob', bytes: Buffer.alloc(size, 'x') };
    const read = atOnce(readPack(await writePack([object])));
    expect([...read]).toEqual([[objectId(object), { ...object, bytes: expect.anything() }]]);
    expect(read.get(objectId(object))?.bytes).toHaveLength(size);
  });
});

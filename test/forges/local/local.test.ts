import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Forge, ForgeRepository } from '../../../src/forges/forge.ts';
import { ForgeError } from '../../../src/forges/forge-error.ts';
import { Git } from '../../../src/forges/local/git.ts';
import { createRepository, localForge, type TestRepository } from './repository.ts';

const made: TestRepository[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

function create(files: Readonly<Record<string, string>> = {}, init: readonly string[] = []): TestRepository {
  const repository = createRepository(files, init);
  made.push(repository);
  return repository;
}

const searchPath = process.env['PATH'] ?? '';
const now = Date.parse('2026-01-05T12:00:00Z');
const forgeWith = (programs = searchPath): Forge => localForge({ now, path: programs });
const selection = { topics: [], languages: [], archived: true, forks: true, templates: true, branches: [] };

async function open(
  folder: string,
  forge = forgeWith(),
  branches: readonly string[] = [],
): Promise<{ forge: Forge; repository: ForgeRepository }> {
  for await (const repository of forge.repositories({ ...selection, pattern: folder, branches })) {
    return { forge, repository };
  }
  throw new Error('no repository');
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof ForgeError ? [error.failure, error.message] : error),
  );

describe('which branch is read', () => {
  const cases: readonly [string, (repository: TestRepository) => void, string[]][] = [
    ['main, whatever is checked out', ({ git }) => git('checkout', '--quiet', '-b', 'feature'), ['main']],
    ['a branch of ours never', ({ git }) => git('branch', '--quiet', '-m', 'plimsoll/a-00000000'), []],
    ['what HEAD names, where nothing else is known', ({ git }) => git('branch', '--quiet', '-m', 'trunk'), ['trunk']],
    [
      'the default branch of origin before main',
      ({ git }) => {
        git('branch', 'develop');
        git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/develop');
      },
      ['develop'],
    ],
    ['main, when HEAD is no branch', ({ git }) => git('checkout', '--quiet', '--detach'), ['main']],
  ];
  it.each(cases)('%s', async (_name, arrange, wanted) => {
    const repository = create({ Dockerfile: 'FROM a\n' });
    arrange(repository);
    const found = await open(repository.folder);
    expect(found.repository.branches.map(({ name }) => name)).toEqual(wanted);
  });

  it('takes the branches that are asked for and exist, and finds one through a linked work tree', async () => {
    const repository = create({ Dockerfile: 'FROM a\n' });
    repository.git('branch', 'release');
    const linked = path.join(repository.folder, 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'other', linked);
    const found = await open(linked, forgeWith(), ['release', 'gone', '--help', 'rel']);
    expect(found.repository.branches.map(({ name }) => name)).toEqual(['release']);
    expect(found.repository.id).toBe(path.join(repository.folder, '.git'));
  });
});

describe('what cannot be opened', () => {
  it('says that a folder is no repository, even inside of one', async () => {
    const { folder } = create({ 'inner/Dockerfile': 'FROM a\n' });
    const inner = path.join(folder, 'inner');
    expect(await failureOf(open(inner))).toEqual([
      'missing',
      expect.stringContaining(`opening the repository ${inner}`),
    ]);
  });

  it.each(['gone', 'file'])('says that there is no folder: %s', async (name) => {
    const { folder } = create();
    writeFileSync(path.join(folder, 'file'), '');
    expect(await failureOf(open(path.join(folder, name)))).toEqual([
      'missing',
      expect.stringContaining('opening the repository'),
    ]);
  });

  it.each(['', '/nowhere'])('says that git is not installed: PATH=%s', async (programs) => {
    const { folder } = create({ a: '' });
    expect(await failureOf(open(folder, forgeWith(programs)))).toEqual([
      'failed',
      expect.stringContaining('git is not installed'),
    ]);
  });

  it('refuses a ledger that it has not written', async () => {
    const { folder, git } = create({ a: '{"version":1,"next":1,"proposals":[{"number":1}]}' });
    git('update-ref', 'refs/plimsoll/proposals', git('rev-parse', 'HEAD:a').trim());
    const { forge, repository } = await open(folder);
    expect(await failureOf(forge.ownItems(repository))).toEqual([
      'refused',
      expect.stringContaining('git update-ref -d refs/plimsoll/proposals'),
    ]);
  });
});

describe('files', () => {
  const names = ['with space', 'with "quotes"', 'two\nlines', "it's", 'ünïcode', '-dash', ':(top)magic', 'a\tb', '*'];

  it('are listed under any name that is text, and are committed under it', async () => {
    const own = create(Object.fromEntries(names.map((name) => [name, `${name}\n`])));
    const { forge, repository } = await open(own.folder);
    const [head] = repository.branches;
    const files = await forge.tree(repository, head!.tree);
    expect(files.map((file) => file.path).sort()).toEqual([...names].sort());
    for (const file of files) {
      expect(Buffer.from(await forge.blob(repository, file)).toString()).toBe(`${file.path}\n`);
    }
    await forge.createBranch(repository, 'plimsoll/a', head!.commit);
    const changed = names.map((name) => ({ path: name, bytes: Buffer.from(`changed ${name}\r\n`) }));
    const commit = { branch: 'plimsoll/a', onto: head!.commit, subject: 's', body: 'b', files: changed };
    const made = await forge.commit(repository, commit);
    const now = await forge.tree(repository, made);
    for (const file of now) {
      expect(Buffer.from(await forge.blob(repository, file)).toString()).toBe(`changed ${file.path}\r\n`);
    }
    expect(await forge.blobsAt(repository, made, [...names, 'none'])).toEqual([
      ...names.map((name) => now.find((file) => file.path === name)?.blob),
      undefined,
    ]);
  });

  it('are left out when they are links, submodules, or named by bytes that are no text', async () => {
    const own = create({ Dockerfile: 'FROM a\n' });
    symlinkSync('Dockerfile', path.join(own.folder, 'link'));
    writeFileSync(Buffer.concat([Buffer.from(`${own.folder}/`), Buffer.from([0xff, 0xfe])]), 'x');
    own.git('add', '--all');
    own.git('update-index', '--add', '--cacheinfo', `160000,${own.git('rev-parse', 'HEAD').trim()},module`);
    own.git('commit', '--quiet', '-m', 'strange');
    const { forge, repository } = await open(own.folder);
    const files = await forge.tree(repository, repository.branches[0]!.tree);
    expect(files.map((file) => file.path)).toEqual(['Dockerfile']);
    await forge.createBranch(repository, 'plimsoll/a', repository.branches[0]!.commit);
    const bytes = Buffer.from('FROM b\n');
    const onto = repository.branches[0]!.commit;
    const files2 = [{ path: 'Dockerfile', bytes }];
    await forge.commit(repository, { branch: 'plimsoll/a', onto, subject: 's', body: '', files: files2 });
    expect(own.git('diff', '--name-only', 'main', 'plimsoll/a')).toBe('Dockerfile\n');
    const link = { branch: 'plimsoll/a', onto, subject: 's', body: '', files: [{ path: 'link', bytes }] };
    expect(await failureOf(forge.commit(repository, link))).toEqual(['raced', expect.stringContaining('link')]);
  });

  it('run nothing that the repository brings: hooks, filters, merge drivers, monitors', async () => {
    const own = create({ Dockerfile: 'FROM a\n', '.gitattributes': '* filter=evil merge=evil\n' });
    const trace = path.join(own.folder, '.git', 'trace');
    const script = `#!/bin/sh\necho "$0" >> ${trace}\ncat\n`;
    const hooks = path.join(own.folder, '.git', 'hooks');
    mkdirSync(hooks, { recursive: true });
    const all = ['reference-transaction', 'post-index-change', 'pre-commit', 'post-commit', 'fsmonitor-watchman'];
    for (const name of all) {
      writeFileSync(path.join(hooks, name), script);
      chmodSync(path.join(hooks, name), 0o755);
    }
    const base = own.git('rev-parse', 'HEAD').trim();
    for (const key of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.smudge',
      'merge.evil.driver',
      'gpg.program',
    ]) {
      own.git('config', key, path.join(hooks, 'pre-commit'));
    }
    own.git('config', 'commit.gpgSign', 'true');
    const { forge, repository } = await open(own.folder);
    await forge.createBranch(repository, 'plimsoll/a', base);
    const files = [{ path: 'Dockerfile', bytes: Buffer.from('FROM b\n') }];
    await forge.commit(repository, { branch: 'plimsoll/a', onto: base, subject: 's', body: 'b', files });
    await forge.createBranch(repository, 'other', base);
    const others = [{ path: 'Dockerfile', bytes: Buffer.from('FROM c\n') }];
    await forge.commit(repository, { branch: 'other', onto: base, subject: 's', body: 'b', files: others });
    await forge.openPull(repository, { head: 'plimsoll/a', base: 'other', title: 't', body: 'b', draft: false });
    const { pulls } = await forge.state(repository, { bases: ['other'], branches: ['plimsoll/a'] });
    expect(pulls).toMatchObject([{ conflicts: true, state: 'open' }]);
    expect(existsSync(trace)).toBe(false);
  });
});

describe('a git that knows no GIT_NO_LAZY_FETCH (before 2.39.4 and 2.45.1)', () => {
  it('runs no command that a partial clone names as its remote, whatever the repository allows', async () => {
    const own = create({ Dockerfile: 'FROM a\n' });
    const trace = path.join(own.folder, 'ran');
    const { stdout: found } = spawnSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' });
    const programs = path.join(own.folder, 'programs');
    mkdirSync(programs);
    writeFileSync(path.join(programs, 'git'), `#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec ${found.trim()} "$@"\n`, {
      mode: 0o755,
    });
    const blob = own.git('rev-parse', 'HEAD:Dockerfile').trim();
    for (const [key, value] of [
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.url', `ext::sh -c touch% ${trace}`],
      ['remote.origin.promisor', 'true'],
      ['protocol.ext.allow', 'always'],
    ] as const) {
      own.git('config', key, value);
    }
    rmSync(path.join(own.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
    const { forge, repository } = await open(own.folder, forgeWith(`${programs}:${searchPath}`));
    const [file] = await forge.tree(repository, repository.branches[0]!.tree);
    await expect(forge.blob(repository, file!)).rejects.toThrow();
    expect(existsSync(trace)).toBe(false);
  });
});

describe('branches', () => {
  async function two(): Promise<{ own: TestRepository; forge: Forge; repository: ForgeRepository; ids: string[] }> {
    const own = create({ Dockerfile: 'FROM a\n' });
    const first = own.git('rev-parse', 'HEAD').trim();
    const second = own.commit({ Dockerfile: 'FROM b\n' });
    return { own, ids: [first, second], ...(await open(own.folder)) };
  }

  it('that only point to another are never followed', async () => {
    const { own, forge, repository, ids } = await two();
    own.git('checkout', '--quiet', '--detach');
    own.git('symbolic-ref', 'refs/heads/plimsoll/a', 'refs/heads/main');
    await forge.moveBranches(repository, [{ branch: 'plimsoll/a', before: ids[1], after: ids[0] }]);
    expect(own.git('rev-parse', 'main')).toBe(`${ids[1]}\n`);
  });

  it('are refused where a branch called plimsoll is in the way', async () => {
    const { own, forge, repository, ids } = await two();
    own.git('branch', 'plimsoll');
    expect(await failureOf(forge.createBranch(repository, 'plimsoll/a', ids[0]!))).toEqual([
      'refused',
      expect.stringContaining('refs/heads/plimsoll'),
    ]);
  });

  it('are not moved while a linked work tree stands on them', async () => {
    const { own, forge, repository, ids } = await two();
    own.git('worktree', 'add', '--quiet', '-b', 'plimsoll/a', path.join(own.folder, 'linked'));
    const move = { branch: 'plimsoll/a', before: ids[1], after: undefined };
    expect(await failureOf(forge.moveBranches(repository, [move]))).toEqual([
      'refused',
      expect.stringContaining('plimsoll/a is checked out in a work tree'),
    ]);
  });
});

describe('the git program', () => {
  /** A folder with a `git` that is this script. */
  function fake(script: string): { own: TestRepository; programs: string } {
    const own = create({ Dockerfile: 'FROM a\n' });
    const programs = path.join(own.folder, '.git', 'bin');
    mkdirSync(programs);
    writeFileSync(path.join(programs, 'git'), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(programs, 'git'), 0o755);
    return { own, programs: `${programs}:${searchPath}` };
  }

  it('is ended when it does not end', async () => {
    const { own, programs } = fake('exec sleep 60');
    const call = new Git(programs, 200).run(own.folder, ['status']);
    expect(await failureOf(call)).toEqual(['failed', `git status in ${own.folder}: it did not end within 0.2 s`]);
  });

  it('is ended when it answers without end', async () => {
    const { own, programs } = fake('exec cat /dev/zero');
    expect(await failureOf(new Git(programs).run(own.folder, ['status']))).toEqual([
      'refused',
      expect.stringContaining('its answer is larger than'),
    ]);
  });

  it('complains on one short line', async () => {
    const { own, programs } = fake('yes complaint | head -n 100000 >&2; exit 1');
    const [failure, message] = (await failureOf(new Git(programs).must(own.folder, ['status']))) as string[];
    expect(failure).toBe('failed');
    expect(message).toMatch(/^git status in \S+: complaint; complaint[^\n]*$/);
    expect(message!.length).toBeLessThan(1500);
  });

  it('does not tell of conflicts where it cannot', async () => {
    const real = searchPath.split(':').find((folder) => existsSync(path.join(folder, 'git')));
    const { own, programs } = fake(`case "$*" in *merge-tree*) exit 129;; esac\nexec ${real}/git "$@"`);
    own.git('checkout', '--quiet', '-b', 'plimsoll/a');
    own.commit({ Dockerfile: 'FROM b\n' });
    own.git('checkout', '--quiet', 'main');
    own.commit({ Dockerfile: 'FROM c\n' });
    const { forge, repository } = await open(own.folder, forgeWith(programs));
    await forge.openPull(repository, { head: 'plimsoll/a', base: 'main', title: 't', body: 'b', draft: false });
    const { pulls } = await forge.state(repository, { bases: ['main'], branches: ['plimsoll/a'] });
    expect(pulls).toMatchObject([{ conflicts: null }]);
  });

  it('says that a folder is gone', async () => {
    const gone = path.join(create().folder, 'gone');
    expect(await failureOf(new Git(searchPath).run(gone, ['status']))).toEqual([
      'failed',
      `git status in ${gone}: the folder is gone`,
    ]);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { type DiscoverOptions, discover } from '../../src/sources/discover.ts';
import { temporaryTree } from '../support/fleet.ts';

let tree: { folder: string; remove: () => void };
const from = 'FROM debian:12\n';
beforeEach(() => {
  tree = temporaryTree({
    '.gitignore': '/build/\n*.local.Dockerfile\n!keep.local.Dockerfile\nout/*\n!out/seen.Dockerfile\n',
    Dockerfile: from,
    'new.Dockerfile': from,
    'a.local.Dockerfile': from,
    'keep.local.Dockerfile': from,
    'tracked.local.Dockerfile': from,
    'build/Dockerfile': from,
    'build/tracked/Dockerfile': from,
    'out/Dockerfile': from,
    'out/seen.Dockerfile': from,
    'app/.gitignore': 'Dockerfile\n!*.local.Dockerfile\n',
    'app/Dockerfile': from,
    'app/b.local.Dockerfile': from,
    'app/build/Dockerfile.x': from,
    'excluded/Dockerfile': from,
  });
  git('init', '-q', '.');
  git('add', '-f', '.gitignore', 'Dockerfile', 'tracked.local.Dockerfile', 'build/tracked');
  mkdirSync(at('.git/info'), { recursive: true });
  writeFileSync(at('.git/info/exclude'), 'excluded\n');
});
afterEach(() => tree.remove());

const at = (name: string): string => path.join(tree.folder, name);

function git(...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.test', ...args], {
    cwd: tree.folder,
    encoding: 'utf8',
    env,
    stdio: 'pipe',
  });
}

const read = async (folder = '.', more: Partial<DiscoverOptions> = {}): Promise<string[]> =>
  (await discover(at(folder), { formats, include: [], exclude: [], ...more })).files.map(({ file }) => file);

const tracked = [
  'Dockerfile',
  'app/b.local.Dockerfile',
  'app/build/Dockerfile.x',
  'build/tracked/Dockerfile',
  'keep.local.Dockerfile',
  'new.Dockerfile',
  'out/seen.Dockerfile',
  'tracked.local.Dockerfile',
];
const everything = [
  ...tracked,
  'a.local.Dockerfile',
  'app/Dockerfile',
  'build/Dockerfile',
  'excluded/Dockerfile',
  'out/Dockerfile',
].sort();

describe('in a work tree', () => {
  it('what git ignores and does not track is left out, as git itself says, and counted', async () => {
    const ls = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
    expect(await read()).toEqual(ls.filter((name) => name.includes('ockerfile')).sort());
    expect(await read()).toEqual(tracked);
    expect((await discover(tree.folder, { formats, include: [], exclude: [] })).excluded).toBe(5);
  });

  it('a folder in it is judged by the files above it', async () => {
    expect(await read('build')).toEqual(['tracked/Dockerfile']);
    expect(await read('app')).toEqual(['b.local.Dockerfile', 'build/Dockerfile.x']);
  });

  it('what is named or included is read, and everything on demand', async () => {
    expect(await read('build/Dockerfile')).toHaveLength(1);
    expect(await read('.', { include: ['build/**'] })).toEqual(['build/Dockerfile', 'build/tracked/Dockerfile']);
    expect(await read('.', { readsIgnored: true })).toEqual(everything);
  });

  it.each(['2', '3', '4'])('the index may be of version %s', async (version) => {
    git('update-index', '--index-version', version);
    expect(await read()).toEqual(tracked);
    if (version !== '2') {
      git('add', '-N', '-f', 'app/Dockerfile');
      expect(await read()).toEqual([...tracked, 'app/Dockerfile'].sort());
    }
  });

  it('an index that cannot be read leaves nothing out', async () => {
    const index = readFileSync(at('.git/index'));
    for (const broken of [index.subarray(0, 100), Buffer.from('DIRC'), Buffer.alloc(0)]) {
      writeFileSync(at('.git/index'), broken);
      expect(await read()).toEqual(everything);
    }
    git('read-tree', '--empty');
    git('update-index', '--split-index');
    rmSync(at('.git/index'));
    expect(await read()).toEqual(everything);
  });

  it('a worktree of its own and a repository within have their own index', async () => {
    git('commit', '-qm', 'a');
    git('worktree', 'add', '-q', 'build/linked', '-b', 'other');
    writeFileSync(at('build/linked/c.local.Dockerfile'), from);
    expect(await read('build/linked')).toEqual(['Dockerfile', 'build/tracked/Dockerfile', 'tracked.local.Dockerfile']);
    mkdirSync(at('inner'));
    execFileSync('git', ['init', '-q', at('inner')]);
    writeFileSync(at('inner/d.local.Dockerfile'), from);
    execFileSync('git', ['-C', at('inner'), 'add', '.']);
    expect((await read()).filter((name) => name.startsWith('inner'))).toEqual(['inner/d.local.Dockerfile']);
  });
});

it('outside of work trees ignore files mean nothing', async () => {
  rmSync(at('.git'), { recursive: true });
  expect(await read()).toEqual(everything);
});

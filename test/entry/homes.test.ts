import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultCacheFolder, defaultStateFile } from '../../src/entry/environment.ts';
import { troubleOf } from '../../src/state/sqlite/sqlite-database.ts';
import { cli } from '../support/cli.ts';
import { temporaryTree } from '../support/fleet.ts';

let tree: { folder: string; remove: () => void };
beforeEach(() => {
  tree = temporaryTree({ Dockerfile: 'FROM scratch\n' });
});
afterEach(() => tree.remove());

it('keeps what it keeps under the folders of XDG when they are absolute', () => {
  const env = { XDG_STATE_HOME: '/state', XDG_CACHE_HOME: '/cache' };
  expect([defaultStateFile(env), defaultCacheFolder(env)]).toEqual(['/state/plimsoll/state.db', '/cache/plimsoll']);
  const relative = { XDG_STATE_HOME: 'state', XDG_CACHE_HOME: 'cache' };
  expect([defaultStateFile(relative), defaultCacheFolder(relative)]).toEqual([
    defaultStateFile({}),
    defaultCacheFolder({}),
  ]);
});

it.each(['', 'somewhere'])('says that there is no home in %j, and leaves nothing where it stands', async (HOME) => {
  const ask = (...args: string[]) => cli(args, { cwd: tree.folder, env: { HOME } });
  expect(await ask('run')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^plimsoll: there is no home folder to keep the state in; name a file with --state .*\n$/,
    ),
  });
  expect(await ask('check')).toMatchObject({ code: 0, stderr: '' });
  expect(await ask('run', '--state', 's/state.db', '--allow-empty')).toMatchObject({ code: 0 });
  expect(readdirSync(tree.folder).sort()).toEqual(['Dockerfile', 's']);
});

it('says what to do when the home cannot be written in, and looks all the same', async () => {
  // Nobody may write below a file, root neither.
  const home = path.join(tree.folder, 'home');
  writeFileSync(home, '');
  const ask = (...args: string[]) => cli(args, { cwd: tree.folder, env: { HOME: home } });
  expect(await ask('check')).toMatchObject({ code: 0 });
  expect(await ask('run')).toMatchObject({ code: 3, stderr: expect.stringContaining('the state ') });
});

it.each([
  ['EACCES', 'this user may not write in its folder; name a file elsewhere with --state'],
  ['EROFS', 'only read; name a file elsewhere with --state'],
  ['ENOENT', 'only read; name a file elsewhere with --state'],
  ['ENOSPC', 'the disk is full'],
])('says what to do about %s', (code, sentence) => {
  expect(troubleOf(Object.assign(new Error('x'), { code }))).toContain(sentence);
});

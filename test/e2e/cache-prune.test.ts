import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileCache } from '../../src/cache/file-cache.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { cli } from '../support/cli.ts';
import { temporaryTree } from '../support/fleet.ts';

let tree: { folder: string; remove: () => void };
let folder: string;
beforeEach(() => {
  tree = temporaryTree({ 'plimsoll.yml': 'version: 1\ncache: { dir: kept, max: 5kB }\n' });
  folder = path.join(tree.folder, 'kept');
  const cache = new FileCache({ folder, max: 1e9, clock: { now: () => 1e12 }, logger: silentLogger });
  for (let n = 0; n < 10; n++) cache.put('document', `key ${n}`, new Uint8Array(1000));
  cache.flush();
  writeFileSync(path.join(folder, 'letter.txt'), 'not ours');
});
afterEach(() => tree.remove());
const left = (): number =>
  readdirSync(path.join(folder, 'document'), { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 10)
    .length;

it('brings the cache below its limit, and says what that freed', async () => {
  const { code, stdout } = await cli(['cache', 'prune', '--config', 'plimsoll.yml'], { cwd: tree.folder });
  expect([code, stdout]).toEqual([
    0,
    `freed 6.6 kB in 6 files; ${folder.replace(`${tree.folder}/`, '')} holds 4.4 kB\n`,
  ]);
  expect(left()).toBe(4);
});

it('--all empties it, and leaves alone what is not its own', async () => {
  const { code, stdout } = await cli(['cache', 'prune', '--all', '--cache', folder], { cwd: tree.folder });
  expect([code, stdout]).toEqual([0, `freed 11.0 kB in 10 files; ${folder} holds 0 B\n`]);
  expect(left()).toBe(0);
  expect(existsSync(path.join(folder, 'letter.txt'))).toBe(true);
});

it('says that there is none', async () => {
  const { code, stderr } = await cli(['cache', 'prune', '--cache', 'none'], { cwd: tree.folder });
  expect([code, stderr]).toEqual([2, 'plimsoll: there is no cache to prune: it is set to "none"\n']);
});

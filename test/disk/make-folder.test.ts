import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../../src/disk/make-folder.ts';
import { nodeEnvironment } from '../support/node.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-folder-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('makes what is missing above, and takes what is there', () => {
  const deep = path.join(folder, 'a/b/c');
  makeFolder(deep, 0o700);
  makeFolder(deep, 0o700);
  expect(statSync(path.join(folder, 'a')).mode & 0o777).toBe(0o700);
  mkdirSync(path.join(folder, 'half'));
  makeFolder(path.join(folder, 'half/way'));
  expect(readdirSync(path.join(folder, 'half'))).toEqual(['way']);
});

it('takes no file for a folder', () => {
  writeFileSync(path.join(folder, 'file'), '');
  expect(() => makeFolder(path.join(folder, 'file'))).toThrow('ENOTDIR');
  expect(() => makeFolder(path.join(folder, 'file/below'))).toThrow('ENOTDIR');
});

it.each([
  'run --state /proc/nope/state.db',
  'status --state /proc/nope/state.db',
  'serve --state /proc/nope/a/state.db',
])('where a folder says of all that it makes that nothing is there, the command ends: %s', (words) => {
  const cli = path.join(import.meta.dirname, '../../src/entry/cli.ts');
  const { status, signal, stderr } = spawnSync(process.execPath, [cli, ...words.split(' ')], {
    cwd: folder,
    env: { ...nodeEnvironment(), HOME: folder },
    encoding: 'utf8',
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  expect([signal, status]).toEqual([null, 3]);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

let registry: FakeRegistry;
let tree: { folder: string; remove: () => void };
let [old, now] = ['', ''];
beforeAll(async () => {
  registry = await startFakeRegistry();
  old = push(registry, 'base', debianImage({ openssl: '1' }), '1');
  now = push(registry, 'base', debianImage({ openssl: '2' }), '1');
});
afterAll(() => registry.close());

const image = (digest: string): string => `${registry.host}/base:1@${digest}`;
const env = (a: string, b = old): string => `PASSWORD=hunter2\nA=${image(a)}\nB=${image(b)}\n`;
const service = (name: string): string => `services:\n  ${name}: { image: "\${${name.toUpperCase()}}" }\n`;
const read = (name: string): string => readFileSync(path.join(tree.folder, name), 'utf8');
const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: tree.folder });
const update = (...args: string[]) => cli(['update', ...args], { cwd: tree.folder });

beforeEach(() => {
  tree = temporaryTree({ 'compose.yaml': service('a'), 'compose.b.yaml': service('b'), '.env': env(old) });
  git('init', '-q', '.');
  return () => tree.remove();
});

describe('a .env beside compose files', () => {
  it('is written once for all of them, where git tracks it', async () => {
    git('add', '.env');
    const { code, stdout, stderr } = await update();
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('changed 2 lines in 1 file') });
    expect(read('.env')).toBe(env(now, now));
    expect([read('compose.yaml'), read('compose.b.yaml')]).toEqual([service('a'), service('b')]);
    expect(stdout).toContain('.env');
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('is left as it is where git does not, and what to do is said', async () => {
    const { code, stderr } = await update();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('git does not track .env, which sets it; commit that file'),
    });
    expect(read('.env')).toBe(env(old));
    git('add', '.env');
    writeFileSync(path.join(tree.folder, '.gitignore'), '.env\n');
    expect((await update('--no-ignore')).code).toBe(0);
    expect(read('.env')).toBe(env(now, now));
  });

  it('is not changed for a file that is named when another one has the variable, too', async () => {
    git('add', '.env');
    writeFileSync(path.join(tree.folder, 'compose.b.yaml'), service('a'));
    const { code, stderr } = await update('compose.yaml');
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('A of .env stands in compose.b.yaml'),
    });
    expect(read('.env')).toBe(env(old));
  });
});

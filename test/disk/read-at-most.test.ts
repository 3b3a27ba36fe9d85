import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAtMost } from '../../src/disk/read-at-most.ts';
import { cli } from '../support/cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readAtMost', () => {
  const file = path.join(folder, 'file');

  it.each([
    ['nothing', ''],
    ['as much as it may have', 'x'.repeat(200_000)],
  ])('reads %s', (_, text) => {
    writeFileSync(file, text);
    expect(readAtMost(file, 200_000).toString()).toBe(text);
  });

  it('reads what has no size', () => {
    expect(readAtMost('/proc/self/status', 100_000).toString()).toMatch(/^Name:/);
    expect(readAtMost('/dev/null', 1)).toHaveLength(0);
  });

  it.each(['/dev/zero', '/dev/urandom', '/proc/self/maps'])('gives up on %s', (name) => {
    expect(() => readAtMost(name, 1000)).toThrow('larger than 1000 bytes');
  });

  it('refuses a large file, and leaves no descriptor open', () => {
    writeFileSync(file, 'x'.repeat(1001));
    for (let times = 0; times < 3000; times++) expect(() => readAtMost(file, 1000)).toThrow('larger than 1000 bytes');
    expect(() => readAtMost(folder, 1000)).toThrow('EISDIR');
    expect(() => readAtMost(path.join(folder, 'gone'), 1000)).toThrow('ENOENT');
  });
});

describe('what has no end', () => {
  const config = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), `version: 1\n${text}`);
    return name;
  };
  writeFileSync(path.join(folder, 'Dockerfile'), 'FROM scratch\n');

  it.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ['a path', ['check', '/dev/zero'], {}],
    ['a path that is only read', ['refs', '/dev/zero'], {}],
    ['the configuration', ['check', '--config', '/dev/zero', '.'], {}],
    [
      'a secret',
      [
        'check',
        '--config',
        config('secret.yml', 'registries: {a.test: {username: u, password: "file:/dev/zero"}}\n'),
        '.',
      ],
      {},
    ],
    ['an authority', ['check', '--config', config('ca.yml', 'registries: {a.test: {ca: /dev/zero}}\n'), '.'], {}],
    [
      'a key',
      ['run', '--dry-run', '--config', config('app.yml', 'repositories: [{github: a/b}]\n'), '--state', 'app.db'],
      { PLIMSOLL_GITHUB_APP_ID: '1', PLIMSOLL_GITHUB_APP_KEY: 'file:/dev/zero' },
    ],
  ])('is no %s', async (_, args, env) => {
    const { code, stdout, stderr } = await cli(args, { cwd: folder, env });
    expect([2, 3]).toContain(code);
    expect(`${stdout}${stderr}`).toMatch(/larger than \d+ bytes|it is no plain file/);
  });
});

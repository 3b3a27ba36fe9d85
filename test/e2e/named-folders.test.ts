import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

let registry: FakeRegistry;
let tree: { folder: string; remove: () => void };
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());
afterEach(() => tree.remove());

const run = (...args: string[]) => cli(args, { cwd: tree.folder });
const config = (repositories: string): void =>
  writeFileSync(
    path.join(tree.folder, 'plimsoll.yml'),
    `version: 1\nstate: state.db\nrepositories: ${repositories}\nregistries: { "${registry.host}": {} }\nrules: [{ react: [alert], when: now }]\n`,
  );

describe('folders of the configuration', () => {
  const write = (): void => {
    const pin = push(registry, 'base', debianImage({ libc6: '1' }));
    push(registry, 'base', debianImage({ libc6: '2' }), '1');
    const file = `FROM ${registry.host}/base:1@${pin}\n`;
    tree = temporaryTree({ 'src/a/Dockerfile': file, 'src/b/Dockerfile': file, 'src/node_modules/x/Dockerfile': file });
    mkdirSync(path.join(tree.folder, 'src/empty'));
  };
  const status = async (...args: string[]) =>
    (
      JSON.parse((await run('status', '--format', 'json', ...args)).stdout) as {
        findings: { id: string; repository: string }[];
      }
    ).findings;

  it('may be found by a glob, each of them a folder of its own', async () => {
    write();
    config('[{ path: "src/*" }]');
    const { code, stdout } = await run('run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^src\/a\/Dockerfile\n[\s\S]*^src\/b\/Dockerfile\n/m);
    expect((await status()).map(({ repository }) => repository)).toEqual(['src/a', 'src/b']);
    config('[{ path: "other/*" }]');
    const gone = await run('run');
    expect(gone.code).toBe(3);
    expect(gone.stderr + gone.stdout).toContain('other/*');
  });

  it('are called by their names, which are no identity', async () => {
    write();
    config('[{ path: src/a }, { path: src/b }]');
    await run('run');
    const before = await status();
    config('[{ path: src/a, name: shop }, { path: src/b }]');
    const { code, stdout } = await run('run');
    // The same news, whatever the folder is called.
    expect([code, stdout]).toEqual([0, '']);
    const after = await status();
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after.map(({ repository }) => repository).sort()).toEqual(['shop', 'src/b']);
    expect(await status('--repository', 'shop')).toHaveLength(1);
    expect((await run('run', '--dry-run')).stdout).toContain('  shop/Dockerfile:1  ');
    config('[{ path: "src/*", name: shop }]');
    expect(await run('run')).toMatchObject({ code: 2, stderr: expect.stringContaining('a name is for one') });
  });
});

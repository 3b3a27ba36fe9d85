import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryTree } from '../support/fleet.ts';

/* What a user installs: the packed package, in a project without ours beside it. */

const root = path.join(import.meta.dirname, '../..');
let tree: { folder: string; remove: () => void };
let names: string[];

beforeAll(() => {
  tree = temporaryTree({ 'package.json': '{"type":"module"}' });
  const report = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', tree.folder], {
    cwd: root,
    encoding: 'utf8',
  });
  const [packed] = Object.values(JSON.parse(report) as Record<string, { filename: string; files: { path: string }[] }>);
  names = packed?.files.map((file) => file.path) ?? [];
  mkdirSync(path.join(tree.folder, 'node_modules/plimsoll'), { recursive: true });
  execFileSync('tar', ['-xzf', packed?.filename ?? '', '-C', 'node_modules/plimsoll', '--strip-components=1'], {
    cwd: tree.folder,
  });
});
afterAll(() => tree.remove());

describe('the packed package', () => {
  it('holds the bundle, and neither sources nor tests', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'dist/cli.js',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/NOTICE.txt',
        'LICENSE',
        'README.md',
      ]),
    );
    expect(names.filter((name) => /^(src|test|bench|scripts)\//.test(name))).toEqual([]);
  });

  it('is a library without anything else installed', () => {
    writeFileSync(
      path.join(tree.folder, 'use.js'),
      `import * as plimsoll from 'plimsoll';
       const { uses } = plimsoll.parseDockerfile('FROM debian:12\\n');
       console.log(JSON.stringify([Object.keys(plimsoll).sort(), uses[0].reference, plimsoll.compareVersions('dpkg', '1.0~rc1', '1.0')]));`,
    );
    const output = execFileSync(process.execPath, ['use.js'], { cwd: tree.folder, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual([
      [
        'PlimsollError',
        'check',
        'compareVersions',
        'editFile',
        'formatReference',
        'inspectImage',
        'interpolateCompose',
        'newestTag',
        'parseChallenge',
        'parseDockerfile',
        'parseFile',
        'parsePlatform',
        'parseReference',
        'readInventory',
      ],
      { registry: 'docker.io', repository: 'library/debian', tag: '12' },
      -1,
    ]);
  });

  it('has types that a strict project accepts', () => {
    mkdirSync(path.join(tree.folder, 'node_modules/@types'), { recursive: true });
    symlinkSync(path.join(root, 'node_modules/@types/node'), path.join(tree.folder, 'node_modules/@types/node'));
    symlinkSync(path.join(root, 'node_modules/undici-types'), path.join(tree.folder, 'node_modules/undici-types'));
    writeFileSync(
      path.join(tree.folder, 'use.ts'),
      `import { check, type Finding, type Inventory, readInventory, type RunRecord } from 'plimsoll';
       const inventory: Inventory = readInventory(new Map<string, Uint8Array>());
       const record: Promise<RunRecord> = check({ paths: ['.'], platforms: ['linux/amd64'] });
       export const classes: Promise<Finding['class'][]> = record.then(({ findings }) => findings.map((finding) => finding.class));
       export const coverage: 'complete' | 'partial' | 'none' = inventory.coverage;
       // @ts-expect-error a path is text
       export const wrong = check({ paths: [1] });`,
    );
    const options =
      '--noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2024 --types node use.ts'.split(' ');
    expect(
      execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), ...options], {
        cwd: tree.folder,
        encoding: 'utf8',
      }),
    ).toBe('');
  });

  it('says in one line that it needs a newer Node', () => {
    // The guard stands before any import, so that a Node that cannot read the rest gets as far as this.
    const script = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' }); await import(${JSON.stringify(path.join(tree.folder, 'node_modules/plimsoll/dist/cli.js'))});`;
    writeFileSync(path.join(tree.folder, 'old.js'), script);
    try {
      execFileSync(process.execPath, ['old.js', 'check'], { cwd: tree.folder, encoding: 'utf8', stdio: 'pipe' });
      expect.unreachable();
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^plimsoll needs Node\.js 24 or newer, this is 20\.19\.0 \(.*\)\n$/);
    }
  });
});

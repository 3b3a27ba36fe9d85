import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryTree } from '../support/fleet.ts';
import { nodeEnvironment } from '../support/node.ts';

/* What a user installs: the packed package, in a project without ours beside it. */

const root = path.join(import.meta.dirname, '../..');
let tree: { folder: string; remove: () => void };
let names: string[];
let unpackedSize: number;
let installed: string;

beforeAll(() => {
  tree = temporaryTree({ 'package.json': '{"type":"module"}' });
  const report = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', tree.folder], {
    cwd: root,
    encoding: 'utf8',
  });
  const [packed] = Object.values(
    JSON.parse(report) as Record<string, { filename: string; unpackedSize: number; files: { path: string }[] }>,
  );
  unpackedSize = packed?.unpackedSize ?? Number.NaN;
  names = packed?.files.map((file) => file.path) ?? [];
  installed = path.join(tree.folder, 'node_modules/plimsoll');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', packed?.filename ?? '', '-C', 'node_modules/plimsoll', '--strip-components=1'], {
    cwd: tree.folder,
  });
});
afterAll(() => tree.remove());

/** Runs a program in the user's project, where every way out leads to a closed door. */
function run(...command: readonly string[]): string {
  const wall = 'http://127.0.0.1:9';
  return execFileSync(process.execPath, command, {
    cwd: tree.folder,
    encoding: 'utf8',
    env: { ...nodeEnvironment(), HOME: tree.folder, HTTP_PROXY: wall, HTTPS_PROXY: wall },
  });
}

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
    expect(JSON.parse(run('use.js'))).toEqual([
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

  it('is one package of a few megabytes that needs nothing beside itself', () => {
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
      readFileSync(path.join(installed, 'package.json'), 'utf8'),
    ) as Record<string, unknown>;
    expect({ dependencies, optionalDependencies, peerDependencies }).toEqual({});
    expect(unpackedSize).toBeLessThan(8_000_000);
  });

  it('imports what Node.js has or what is packed, in every part', async () => {
    const unresolved: string[] = [];
    const bundle = await rolldown({
      input: ['cli', 'action', 'index'].map((door) => path.join(installed, `dist/${door}.js`)),
      platform: 'node',
      external: (id) => isBuiltin(id),
      onLog: (_level, log) => {
        if (log.code !== 'EVAL') unresolved.push(log.message);
      },
    });
    const { output } = await bundle.generate({ format: 'esm' });
    await bundle.close();
    expect({ unresolved, chunks: output.length > 100 }).toEqual({ unresolved: [], chunks: true });
  });

  it('runs every part of itself that a command may load', () => {
    // Discord, mail, GitHub and the rest are each loaded when one is configured.
    const chunks = names.filter((name) => /^dist\/chunks\/(?!_absent_).*\.js$/.test(name));
    writeFileSync(
      path.join(tree.folder, 'all.js'),
      `for (const name of ${JSON.stringify(chunks)}) {
         await import('./node_modules/plimsoll/' + name).catch((error) => console.log(name, String(error)));
       }`,
    );
    expect(run('all.js')).toBe('');
  });

  it('does the demo, and a check with a configuration, with nobody to ask outside', () => {
    const command = path.join('node_modules/plimsoll/dist/cli.js');
    expect(run(command, 'demo')).toContain('after the update');
    writeFileSync(path.join(tree.folder, 'Dockerfile'), 'FROM scratch\n');
    writeFileSync(path.join(tree.folder, '.plimsoll.yml'), 'version: 1\nexclude: [vendor]\n');
    expect(run(command, 'check', 'Dockerfile')).toContain('no image use');
  });

  it('has types that a strict project accepts, without those of Node.js', () => {
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
    const options = '--noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2024 use.ts'.split(
      ' ',
    );
    expect(run(path.join(root, 'node_modules/typescript/bin/tsc'), ...options)).toBe('');
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
      expect(stderr).toMatch(
        /^plimsoll needs Node\.js 24 or newer, this is 20\.19\.0 \(.*\); "npm install --global node@24" brings one\n$/,
      );
    }
  });
});

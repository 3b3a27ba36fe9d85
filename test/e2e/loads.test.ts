import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryTree } from '../support/fleet.ts';

/* What a door loads is what its users wait for. The list is short on purpose; think before making it longer. */

const { devDependencies } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const entries = path.join(import.meta.dirname, '../../src/entry');
let tree: { folder: string; remove: () => void };
beforeAll(() => {
  tree = temporaryTree({ Dockerfile: 'FROM scratch\n' });
  // A loader hook that writes down which packages are resolved.
  writeFileSync(
    path.join(tree.folder, 'trace.mjs'),
    `import { registerHooks } from 'node:module';
     const seen = new Set();
     registerHooks({ resolve(specifier, context, next) {
       const found = next(specifier, context);
       const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(found.url)?.[1] ?? (/^node:sqlite/.test(found.url) ? 'node:sqlite' : undefined);
       if (name) seen.add(name);
       const chunk = /\\/dist\\/chunks\\/(.+)\\.js$/.exec(found.url)?.[1];
       if (chunk) seen.add('chunk ' + chunk);
       return found;
     } });
     process.on('exit', () => process.stderr.write('LOADED ' + JSON.stringify([...seen].sort())));`,
  );
});
afterAll(() => tree.remove());

const network = ['data-uri-to-buffer', 'fetch-blob', 'formdata-polyfill', 'node-fetch'];

/** The packages that a door loads from node_modules, and SQLite. */
function loadedBy(door: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string[] {
  const script = `"${process.execPath}" --import "${tree.folder}/trace.mjs" "${door}" ${args.join(' ')} 2>&1 >/dev/null; true`;
  const output = execFileSync('bash', ['-c', script], {
    cwd: tree.folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: tree.folder, ...env },
  });
  const loaded = JSON.parse(/LOADED (.*)$/.exec(output)?.[1] ?? 'null') as string[];
  return loaded.filter((name) => !name.startsWith('node-domexception') && name !== 'web-streams-polyfill');
}

it.each([
  [['--version'], ['commander']],
  [['refs', 'Dockerfile'], ['commander']],
  [['completion', 'bash'], ['commander']],
  [
    ['check', '--format', 'html'],
    [
      'commander',
      'd3-array',
      'd3-color',
      'd3-format',
      'd3-interpolate',
      'd3-path',
      'd3-scale',
      'd3-shape',
      'd3-time',
      'd3-time-format',
      ...network,
    ],
  ],
  [['check'], ['commander', ...network]],
  [
    ['check', '--versions', 'minor'],
    ['commander', ...network],
  ],
  [
    ['check', '--versions', "'^1'"],
    ['commander', ...network, 'semver'],
  ],
])('%j', (args, expected) => {
  expect(loadedBy(path.join(entries, 'cli.ts'), args)).toEqual(expected);
});

it.each([
  ['run --allow-empty --state', 'state.db', ['node:sqlite']],
  ['status --state', 'state.db', ['node:sqlite']],
  ['status --state', 'postgres://127.0.0.1:9/x', ['pg']],
  ['run --allow-empty --state', 'postgres://127.0.0.1:9/x', ['pg']],
  ['runs --state', 'postgres://127.0.0.1:9/x', ['pg']],
  ['worker --state', 'postgres://127.0.0.1:9/x', ['pg', 'pg-boss']],
  ['enqueue --state', 'postgres://127.0.0.1:9/x', ['pg', 'pg-boss']],
])('%s %s', (words, state, wanted) => {
  const loaded = loadedBy(path.join(entries, 'cli.ts'), [...words.split(' '), state]);
  expect(loaded.filter((name) => ['node:sqlite', 'pg', 'pg-boss'].includes(name))).toEqual(wanted);
});

it('the bundle leaves in their files what an ordinary check does not need', () => {
  const loaded = loadedBy(path.join(entries, '../../dist/cli.js'), ['check']);
  expect(loaded).toContain('chunk node-fetch');
  const late = ['ae-cvss-calculator', 'croner', 'ignore', 'semver', 'yaml', 'zod', 're2js'].map(
    (name) => `chunk ${name}`,
  );
  expect(loaded.filter((name) => late.includes(name))).toEqual([]);
});

it.each([
  ['when: weekly', []],
  ['when: "0 6 * * 1"', ['croner']],
  ['versions: "^1"', ['semver']],
])('check, with a rule that says %s', (rule, expected) => {
  const file = path.join(tree.folder, 'rule.yml');
  writeFileSync(file, `version: 1\nrules: [{ match: {}, ${rule} }]\n`);
  const read = loadedBy(path.join(entries, 'cli.ts'), ['check', '--config', file]);
  expect(read).toEqual([...network, 'commander', 're2js', 'yaml', 'zod', ...expected].sort());
});

it.each([
  ['[]', []],
  ["['HIGH']", []],
  ["['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N']", ['ae-cvss-calculator']],
])('an advisory rated %s', (vectors, expected) => {
  const door = path.join(tree.folder, 'rated.mjs');
  const module = path.join(entries, '../advisories/cvss.ts');
  writeFileSync(door, `import { ratingOf } from ${JSON.stringify(module)}; ratingOf(${vectors});`);
  expect(loadedBy(door, [])).toEqual(expected);
});

it('the Action, when it only looks', () => {
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: tree.folder,
    GITHUB_REPOSITORY: 'o/app',
    GITHUB_EVENT_NAME: 'schedule',
    RUNNER_TEMP: tree.folder,
    INPUT_MODE: 'check',
    GITHUB_OUTPUT: path.join(tree.folder, 'output'),
    GITHUB_STEP_SUMMARY: path.join(tree.folder, 'summary'),
  };
  for (const file of [env.GITHUB_OUTPUT, env.GITHUB_STEP_SUMMARY]) writeFileSync(file, '');
  // semver comes with @actions/cache; the last three read configurations.
  const wanted = ['@actions/core', '@actions/cache', 'node-fetch', 'semver', 're2js', 'yaml', 'zod'];
  const own = Object.keys(devDependencies).filter((name) => !wanted.includes(name));
  const loaded = loadedBy(path.join(entries, 'action.ts'), [], env);
  expect(loaded).toContain('@actions/core');
  expect(loaded.filter((name) => own.includes(name))).toEqual([]);
});

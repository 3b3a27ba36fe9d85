import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryTree } from '../support/fleet.ts';

/* What a door loads is what its users wait for. The list is short on purpose; think before making it longer. */

const entry = path.join(import.meta.dirname, '../../src/entry/cli.ts');
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
       return found;
     } });
     process.on('exit', () => process.stderr.write('LOADED ' + JSON.stringify([...seen].sort())));`,
  );
});
afterAll(() => tree.remove());

const network = ['data-uri-to-buffer', 'fetch-blob', 'formdata-polyfill', 'node-fetch'];

it.each([
  [['--version'], ['commander']],
  [['refs', 'Dockerfile'], ['commander']],
  [['check'], ['commander', ...network]],
])('%j', (args, expected) => {
  const script = `exec "${process.execPath}" --import "${tree.folder}/trace.mjs" "${entry}" ${args.join(' ')} 2>&1 >/dev/null`;
  const output = execFileSync('bash', ['-c', script], {
    cwd: tree.folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: tree.folder },
  });
  const loaded = JSON.parse(/LOADED (.*)$/.exec(output)?.[1] ?? 'null') as string[];
  expect(loaded.filter((name) => !name.startsWith('node-domexception') && name !== 'web-streams-polyfill')).toEqual(
    expected,
  );
});

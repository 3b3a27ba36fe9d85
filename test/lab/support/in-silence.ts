import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { nodeEnvironment } from '../../support/node.ts';

/*
 * Runs inside a network where packets to 10.9.0.0/16 vanish (silence.ts): checks a Dockerfile in the current folder that
 * names the references of the file `argv[2]`, a JSON list, and one image of a registry on this machine, by the name that
 * /etc/hosts has for it. Prints the report as JSON.
 */

const references = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as readonly string[];
const registry = await startFakeRegistry();
const digest = push(registry, 'well', debianImage({ libc6: '1' }), '1');
const words = [...references, `localhost:${registry.host.split(':')[1]}/well:1@${digest}`];
writeFileSync('Dockerfile', words.map((word) => `FROM ${word}\n`).join(''));
const child = spawn(
  process.execPath,
  [path.join(import.meta.dirname, '../../../src/entry/cli.ts'), 'check', '--format', 'json', '--cache', 'none'],
  {
    env: { ...nodeEnvironment(), HOME: process.cwd(), PLIMSOLL_ADVISORIES: 'off' },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
child.on('close', (code) => {
  process.exitCode = code ?? 1;
  void registry.close();
});

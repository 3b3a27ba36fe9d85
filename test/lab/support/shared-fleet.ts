import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';
import { nodeEnvironment, unpaced } from '../../support/node.ts';
import { secrets } from './secrets.ts';

/** A process of ours, with what it has said. */
export interface Process {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout: string;
  stderr: string;
}

/** Repositories on a forge, images in a registry, and somebody who is told. */
export interface SharedFleet {
  readonly github: GitHubServer;
  readonly registry: FakeRegistry;
  /** Bodies of messages that were accepted, in their order, each with its id. */
  readonly told: { readonly key: string; readonly text: string }[];
  /** A folder that goes with it. */
  readonly folder: string;
  /** When requests came to the registry; milliseconds. */
  readonly arrivals: readonly number[];
  /** Most requests that were under way at the registry at once. */
  readonly mostAtOnce: () => number;
  /** A home of its own, with a cache; `state` an address or a file, `more` what its configuration has beside the forge. */
  machine(name: string, state: string, more?: string, environment?: Readonly<Record<string, string>>): Machine;
  close(): Promise<void>;
}

/** Where processes of ours run. */
export interface Machine {
  readonly folder: string;
  /** Where its state is. */
  readonly state: string;
  start(...words: string[]): Process;
  run(...words: string[]): Promise<Process & { readonly code: number | null }>;
}

const cli = path.join(import.meta.dirname, '../../../src/entry/cli.ts');

/** `repositories` with three files each; every image is used by many. Half of the images have moved since. */
export async function startSharedFleet(
  repositories: number,
  images: number,
  {
    concurrency = 6,
    delay = 3,
    rps,
  }: { readonly concurrency?: number; readonly delay?: number; readonly rps?: number } = {},
): Promise<SharedFleet> {
  const [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
  github.tokens.set(secrets.github, 'plimsoll[bot]');
  const pins = Array.from({ length: images }, (_, i) =>
    push(registry, `i${i}`, debianImage({ libc6: '1', [`p${i}`]: '1' }), '1'),
  );
  for (let i = 0; i < images; i += 2) push(registry, `i${i}`, debianImage({ libc6: '1', [`p${i}`]: '2' }), '1');
  for (let r = 0; r < repositories; r++) {
    const files = Array.from({ length: 3 }, (_, f): [string, string] => {
      const i = (r * 3 + f * 7) % images;
      return [`f${f}/Dockerfile`, `FROM ${registry.host}/i${i}:1${f === 2 ? '' : `@${pins[i]}`}\n`];
    });
    github.world.create(`o/r${r}`, Object.fromEntries(files));
  }
  registry.delay = delay;
  let [under, most] = [0, 0];
  const arrivals: number[] = [];
  registry.intercept = (_, response) => {
    arrivals.push(performance.now());
    under++;
    most = Math.max(most, under);
    // Of a process that was killed the socket is closed, and nothing of it is under way.
    response.once('close', () => under--);
    return false;
  };
  const told: { key: string; text: string }[] = [];
  const hook = http.createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    request.on('end', () => {
      told.push({ key: String(request.headers['x-plimsoll-delivery']), text });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-workers-'));
  const environment = {
    ...nodeEnvironment(),
    GITHUB_API_URL: github.url,
    GITHUB_TOKEN: secrets.github,
    PLIMSOLL_ADVISORIES: 'off',
    HOOK: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
    ...unpaced,
  };
  return {
    github,
    registry,
    told,
    arrivals,
    folder,
    mostAtOnce: () => most,
    machine: (name, state, more = '', wanted = {}) => {
      const own = path.join(folder, name);
      mkdirSync(own, { recursive: true });
      writeFileSync(
        path.join(own, 'plimsoll.yml'),
        `version: 1
repositories: [{ github: "o/*" }]
registries: { "${registry.host}": { concurrency: ${concurrency}${rps === undefined ? '' : `, rps: ${rps}`} } }
notify: [{ type: webhook, url: "\${HOOK}" }]
${more.includes('rules:') ? '' : 'rules: [{ react: [alert], when: now }]\n'}${more}`,
      );
      const start = (...words: string[]): Process => {
        const child = spawn(process.execPath, [cli, ...words], {
          cwd: own,
          env: { ...environment, HOME: own, PLIMSOLL_STATE: state, ...wanted },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const one: Process = {
          child,
          stdout: '',
          stderr: '',
          ended: new Promise((resolve) => child.once('close', (code) => resolve(code))),
        };
        child.stdout.on('data', (chunk: Buffer) => {
          one.stdout += chunk.toString('utf8');
        });
        child.stderr.on('data', (chunk: Buffer) => {
          one.stderr += chunk.toString('utf8');
        });
        return one;
      };
      return {
        folder: own,
        state,
        start,
        run: async (...words) => {
          const one = start(...words);
          const code = await one.ended;
          return Object.assign(one, { code });
        },
      };
    },
    close: async () => {
      hook.close();
      rmSync(folder, { recursive: true, force: true });
      await Promise.all([github.close(), registry.close()]);
    },
  };
}

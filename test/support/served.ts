import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import { type Answer, actToken, askDaemon, readToken } from './daemon.ts';
import { nodeEnvironment } from './node.ts';

const cli = path.join(import.meta.dirname, '../../src/entry/cli.ts');

/** For what a daemon does in its own time. */
export const waiting = { timeout: 30_000, interval: 100 };

/** `plimsoll serve` as a process, asked with the tokens of tests. */
export interface Served {
  readonly process: ChildProcess;
  /** The signal or the code with which it ended. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  said(): string;
  url(): string;
  get(route: string): Promise<Answer>;
  post(route: string, body: unknown): Promise<Answer>;
  runs(): Promise<readonly { id: number; state: string; exit?: number; trigger: string; scope: unknown }[]>;
}

/** Where a daemon runs, and with what. */
export interface ServeOptions {
  readonly folder: string;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Words of Node.js itself. */
  readonly node?: readonly string[];
}

/** Starts the process, and asks nothing of it. */
export function spawnServe({ folder, words = [], env = {}, node = [] }: ServeOptions): Served {
  const child = spawn(process.execPath, [...node, cli, 'serve', ...words], {
    cwd: folder,
    env: {
      ...nodeEnvironment(),
      HOME: path.join(folder, '.home'),
      PLIMSOLL_ADVISORIES: 'off',
      READ: readToken,
      ACT: actToken,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const url = (): string => /listening on ([^\s"]+)/.exec(said)?.[1] ?? '';
  const get = (route: string): Promise<Answer> =>
    askDaemon(url(), 'GET', route, { headers: { authorization: `Bearer ${readToken}` } });
  return {
    process: child,
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code))),
    said: () => said,
    url,
    get,
    post: (route, body) =>
      askDaemon(url(), 'POST', route, {
        headers: { authorization: `Bearer ${actToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    runs: async () =>
      (JSON.parse((await get('/api/v1/runs')).text) as { items: Awaited<ReturnType<Served['runs']>> }).items,
  };
}

/** The same, once it listens. */
export async function startServe(options: ServeOptions): Promise<Served> {
  const served = spawnServe(options);
  const isThere = async (): Promise<void> => {
    await expect.poll(served.url, waiting).not.toBe('');
  };
  await Promise.race([isThere(), served.ended]);
  if (served.url() === '') throw new Error(`it ended with ${await served.ended}: ${served.said()}`);
  return served;
}

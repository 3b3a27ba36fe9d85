import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Inventory } from '../../../src/core/package.ts';
import type { RunRecord } from '../../../src/core/run-record.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A folder with a Dockerfile in it, a cache and a home of its own, where the command line runs as people run it. */
export interface Workplace {
  readonly dockerfile: string;
  run(...args: string[]): Ended;
  /** `check --format json`. */
  check(...args: string[]): Ended & { readonly record: RunRecord };
  /** `packages IMAGE --format json`. */
  packages(image: string): Inventory;
}

const cli = path.join(import.meta.dirname, '../../../src/entry/cli.ts');

export function workplace(folder: string, dockerfile = '', env: Readonly<Record<string, string>> = {}): Workplace {
  const own = mkdtempSync(path.join(folder, 'work-'));
  const cache = mkdtempSync(path.join(folder, 'cache-'));
  const file = path.join(own, 'Dockerfile');
  writeFileSync(file, dockerfile);
  const run = (...args: string[]): Ended => {
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args, '--cache', cache], {
      cwd: own,
      // Nothing of the person who runs the tests: no login, no configuration, no proxy. And nobody outside is asked.
      env: { PATH: process.env['PATH'], HOME: cache, PLIMSOLL_ADVISORIES: 'off', ...env },
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 1 << 26,
    });
    appendFileSync(path.join(folder, 'transcript.log'), `${stdout}${stderr}`);
    return { code: status, stdout, stderr, seconds: (performance.now() - started) / 1000 };
  };
  return {
    dockerfile: file,
    run,
    check: (...args) => {
      const ended = run('check', '--format', 'json', ...args);
      return { ...ended, record: parse<RunRecord>(ended) };
    },
    packages: (image) => parse<Inventory>(run('packages', image, '--format', 'json')),
  };
}

function parse<T>({ stdout, stderr, code }: Ended): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`exit code ${code}, and no JSON on stdout: ${stdout.slice(0, 500)}\n${stderr.slice(0, 2000)}`);
  }
}

import { spawn } from 'node:child_process';
import path from 'node:path';
import { nodeEnvironment } from './node.ts';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = path.join(import.meta.dirname, '../..');

/** Runs the command line as a user does, from the sources, with a cache and a home of its own, asking nobody outside. */
export function cli(
  args: readonly string[],
  options: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<CliResult> {
  const home = path.join(options.cwd, '.home');
  const child = spawn(process.execPath, [path.join(root, 'src/entry/cli.ts'), ...args], {
    cwd: options.cwd,
    env: { ...nodeEnvironment(), HOME: home, PLIMSOLL_ADVISORIES: 'off', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

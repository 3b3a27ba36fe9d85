import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

export interface ToolOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Runs as this user and group. */
  readonly user?: number;
  readonly seconds?: number;
  readonly cwd?: string;
}

/** Runs a tool to its end and gives what it printed; throws with what it complained about when it fails. */
export function runTool(command: string, args: readonly string[], options: ToolOptions = {}): string {
  const { input = '', env, user, seconds = 120, cwd } = options;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    input,
    env: { ...process.env, LC_ALL: 'C', ...env },
    ...(cwd !== undefined && { cwd }),
    ...(user !== undefined && { uid: user, gid: user }),
    timeout: seconds * 1000,
    maxBuffer: 1 << 26,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}

/** The same, not waited for, so that two can run at once. */
export async function startTool(command: string, args: readonly string[], seconds: number): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { timeout: seconds * 1000, maxBuffer: 1 << 26 });
  return stdout;
}

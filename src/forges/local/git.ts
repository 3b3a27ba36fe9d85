import { existsSync } from 'node:fs';
import { limits } from '../../core/limits/limits.ts';
import { ForgeError } from '../forge-error.ts';

/**
 * Settings that no repository may override: nothing that a repository brings is executed (githooks(5), core.fsmonitor),
 * nothing is fetched, and commits and indexes are plain (git-config(1)).
 */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.splitIndex=false',
  'protocol.allow=never',
  'gc.auto=0',
  'i18n.commitEncoding=UTF-8',
].flatMap((setting) => ['-c', setting]);

/** Who we are in a local repository; by the address a commit is known to be ours. */
export const localIdentity = { login: 'plimsoll', name: 'Plimsoll', email: 'plimsoll@localhost' } as const;

/** How git ended: its exit code, and what it printed. */
export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  /** On one line, and cut. */
  readonly complaint: string;
}

/** What one call of git gets beside its arguments; `env` is added to the little that git gets of ours. */
export interface GitCall {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** The git directory, unless that is a file which only names it. */
  readonly cwd?: string;
}

/** The `git` program: arguments as a list and never a shell, a bounded time and answer, and no configuration of a person. */
export class Git {
  readonly #path: string;
  readonly #patience: number;

  /** `path`: where programs are looked for, as `PATH` says it. */
  constructor(path: string, milliseconds = limits.tree.gitTime.most) {
    this.#path = path;
    this.#patience = milliseconds;
  }

  /** Runs git in that repository (its git directory). Throws ForgeError 'failed' when it cannot be run or does not end. */
  async run(gitDir: string, args: readonly string[], { input, env, cwd = gitDir }: GitCall = {}): Promise<GitAnswer> {
    const { spawn } = await import('node:child_process');
    const { promise, resolve, reject } = Promise.withResolvers<GitAnswer>();
    const child = spawn('git', [...settings, `--git-dir=${gitDir}`, ...args], {
      cwd,
      env: { ...environment(this.#path), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const what = `git ${args[0] ?? ''} in ${gitDir}`;
    const give = (message: string, failure: 'failed' | 'refused' = 'failed'): void =>
      reject(new ForgeError(failure, `${what}: ${message}`));
    // Asked to end, git takes its lock files away.
    const timer = setTimeout(() => {
      give(`it did not end within ${this.#patience / 1000} s`);
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), limits.tree.gitEnd.most).unref();
    }, this.#patience);
    const pieces: Buffer[] = [];
    let size = 0;
    let complaint = '';
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= limits.tree.gitAnswer.most) return void pieces.push(piece);
      give(`its answer is larger than ${limits.tree.gitAnswer.most} bytes`, 'refused');
      child.kill('SIGTERM');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (complaint.length < limits.tree.gitComplaint.most) complaint += text;
    });
    // One that ends without reading is heard by its exit code.
    child.stdin.on('error', () => undefined).end(input ?? '');
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // A folder that is gone is reported like a program that is not there.
      if (!existsSync(cwd)) give('the folder is gone');
      else if (error.code === 'ENOENT') give('git is not installed, or not in the PATH');
      else give(`it cannot be run: ${error.message}`);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, stdout: Buffer.concat(pieces), complaint: oneLine(complaint) });
    });
    return promise;
  }

  /** The same, where anything but success is a failure: throws ForgeError 'failed' with git's own sentence. */
  async must(gitDir: string, args: readonly string[], call: GitCall = {}): Promise<Buffer> {
    const { code, stdout, complaint } = await this.run(gitDir, args, call);
    if (code === 0) return stdout;
    const why = complaint === '' ? `it ended with code ${code}` : complaint;
    throw new ForgeError('failed', `git ${args[0] ?? ''} in ${gitDir}: ${why}`);
  }
}

function environment(path: string): Record<string, string> {
  const { name, email } = localIdentity;
  return {
    PATH: path,
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // A repository's own `protocol.ext.allow` would stand before our `protocol.allow`, and `ext` runs a command (git(1)).
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

function oneLine(text: string): string {
  return text
    .slice(0, limits.tree.gitComplaint.most)
    .trim()
    .replace(/\s*\n\s*/g, '; ');
}

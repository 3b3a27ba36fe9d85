import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runTool } from './run-tool.ts';

/** What a script printed, and how it ended. */
export interface ScriptEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** This machine as somebody else finds it, who may write anywhere: nothing of it outlives `stop`. */
export interface WholeMachine {
  /** Writes a file of it, with the folders above. */
  write(file: string, text: string, mode?: number): void;
  read(file: string): string;
  /** Runs a script of bash as root; HOME is /root, the network is this machine's. */
  sh(script: string, options?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }): ScriptEnd;
  stop(): void;
}

/**
 * A file system over this machine's own that keeps what is written to it in memory. `shared` are folders that are this machine's
 * (sockets are not seen through such a file system).
 */
export function startWholeMachine(folder: string, shared: readonly string[]): WholeMachine {
  mkdirSync(folder, { recursive: true });
  runTool('mount', ['-t', 'tmpfs', 'whole-machine', folder]);
  const mounted = [folder];
  const [root, upper, work] = ['root', 'upper', 'work'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [root, upper, work]) mkdirSync(one);
  const mount = (place: string, ...args: string[]): void => {
    runTool('mount', [...args, place]);
    mounted.unshift(place);
  };
  const stop = (): void => {
    for (const place of mounted.splice(0)) spawnSync('umount', [place]);
  };
  process.once('exit', stop);
  mount(root, '-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${upper},workdir=${work}`);
  mount(path.join(root, 'proc'), '-t', 'proc', 'proc');
  mount(path.join(root, 'dev'), '--rbind', '--make-rslave', '/dev');
  for (const one of shared) mount(path.join(root, one), '--bind', one);
  return {
    write: (file, text, mode = 0o644) => {
      const place = path.join(root, file);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text, { mode });
    },
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    sh: (script, { cwd = '/root', env = {} } = {}) => {
      const command = `cd "$1" && shift && eval "$1"`;
      const { status, stdout, stderr } = spawnSync('chroot', [root, 'bash', '-c', command, 'bash', cwd, script], {
        env: {
          PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          HOME: '/root',
          LANG: 'C.UTF-8',
          ...env,
        },
        encoding: 'utf8',
        timeout: 300_000,
        maxBuffer: 1 << 26,
      });
      return { code: status, stdout, stderr };
    },
    stop: () => {
      process.removeListener('exit', stop);
      // What is mounted below /dev came along.
      spawnSync('umount', ['-R', path.join(root, 'dev')]);
      stop();
    },
  };
}

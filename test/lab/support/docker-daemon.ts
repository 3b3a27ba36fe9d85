import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installDebianPackages } from './debian-packages.ts';
import { runTool } from './run-tool.ts';

/** A Docker daemon of the lab's own: no bridge, no firewall rules, nothing of the machine's. */
export interface DockerDaemon {
  readonly socket: string;
  /** Runs Debian's docker against it (the classic builder); gives what it printed, and throws when it fails. */
  docker(...args: string[]): string;
  /** Ends it, and all that it runs, as a power cut does; started again with the same folder it has what it had. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Debian's dockerd with everything it keeps under `folder`. Containers have `--network none` or `host`. */
export async function startDockerDaemon(folder: string): Promise<DockerDaemon> {
  installDebianPackages(['docker.io', 'iptables']);
  mkdirSync(folder, { recursive: true });
  const socket = path.join(folder, 'docker.sock');
  // What one that was killed has left.
  for (const left of ['docker.sock', 'docker.pid', 'exec/containerd/containerd.pid'])
    rmSync(path.join(folder, left), { force: true });
  const log = openSync(path.join(folder, 'dockerd.log'), 'a');
  const places = [
    '--data-root',
    `${folder}/data`,
    '--exec-root',
    `${folder}/exec`,
    '--pidfile',
    `${folder}/docker.pid`,
  ];
  const options = ['--iptables=false', '--ip6tables=false', '--bridge=none', ...places, '-H', `unix://${socket}`];
  const daemon = spawn('/usr/sbin/dockerd', options, { stdio: ['ignore', log, log] });
  const stopNow = (): void => void daemon.kill('SIGKILL');
  process.once('exit', stopNow);
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: folder };
  const docker = (...args: string[]): string => runTool('/usr/bin/docker', args, { env });
  const until = Date.now() + 60_000;
  for (;;) {
    if (daemon.exitCode !== null || Date.now() > until)
      throw new Error(`dockerd did not start; see ${folder}/dockerd.log`);
    if (existsSync(socket)) {
      try {
        docker('info', '--format', '{{.ServerVersion}}');
        break;
      } catch {
        // It listens before it answers.
      }
    }
    await sleep(100);
  }
  return {
    socket,
    docker,
    kill: async () => {
      process.removeListener('exit', stopNow);
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGKILL');
      for (const pid of runningIn(folder)) process.kill(pid, 'SIGKILL');
      await ended;
    },
    stop: async () => {
      process.removeListener('exit', stopNow);
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGTERM');
      await ended;
      // It leaves its network namespace mounted, and then the folder cannot be removed.
      const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
        .split('\n')
        .map((line) => line.split(' ')[4] ?? '');
      for (const point of mounts.filter((one) => one.startsWith(`${folder}/`)).reverse()) runTool('umount', [point]);
    },
  };
}

/** containerd and its shims have the folder in their command lines; what they run has them as parents. */
function runningIn(folder: string): readonly number[] {
  const all = readdirSync('/proc').flatMap((name) => {
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'latin1');
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'latin1'))?.[1]);
      return /^\d+$/.test(name)
        ? [{ pid: Number(name), parent, isOurs: /containerd/.test(line) && line.includes(folder) }]
        : [];
    } catch {
      return [];
    }
  });
  const found = new Set(all.flatMap(({ pid, isOurs }) => (isOurs ? [pid] : [])));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installDebianPackages } from './debian-packages.ts';
import { runTool } from './run-tool.ts';

/** A Docker daemon of the lab's own: no bridge, no firewall rules, nothing of the machine's. */
export interface DockerDaemon {
  readonly socket: string;
  /** Runs Debian's docker against it (the classic builder); gives what it printed, and throws when it fails. */
  docker(...args: string[]): string;
  stop(): Promise<void>;
}

/** Starts Debian's dockerd with everything it keeps under `folder`. Containers have `--network none` or `host`. */
export async function startDockerDaemon(folder: string): Promise<DockerDaemon> {
  installDebianPackages(['docker.io', 'iptables']);
  mkdirSync(folder, { recursive: true });
  const socket = path.join(folder, 'docker.sock');
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

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installDebianPackages } from './debian-packages.ts';
import { runTool } from './run-tool.ts';

/** A Podman of the lab's own, with its service on a socket. */
export interface PodmanService {
  readonly socket: string;
  /** Gives what it printed, and throws when it fails. */
  podman(...args: string[]): string;
  /** Starts a container that sleeps. */
  run(name: string, image: string, ...options: string[]): void;
  stop(): Promise<void>;
}

/**
 * Starts Debian's podman with everything it keeps under `folder`. There is no systemd here: cgroups, events and health are told to do
 * without it, and limits that a container of ours must not raise are given.
 */
export async function startPodmanService(folder: string): Promise<PodmanService> {
  installDebianPackages(['podman', 'runc']);
  mkdirSync(folder, { recursive: true });
  const socket = path.join(folder, 'podman.sock');
  const policy = path.join(folder, 'policy.json');
  writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
  const own = ['--root', `${folder}/root`, '--runroot', `${folder}/run`, '--storage-driver', 'vfs'];
  const all = [...own, '--runtime', 'runc', '--cgroup-manager', 'cgroupfs', '--events-backend', 'file'];
  const podman = (...args: string[]): string => runTool('podman', [...all, ...args]);
  const log = openSync(path.join(folder, 'podman.log'), 'a');
  const service = spawn('podman', [...all, 'system', 'service', '--time', '0', `unix://${socket}`], {
    stdio: ['ignore', log, log],
  });
  const stopNow = (): void => void service.kill('SIGKILL');
  process.once('exit', stopNow);
  for (const until = Date.now() + 30_000; !existsSync(socket); await sleep(100)) {
    if (service.exitCode !== null || Date.now() > until)
      throw new Error(`podman did not start; see ${folder}/podman.log`);
  }
  const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024', '--no-healthcheck'];
  return {
    socket,
    podman,
    run: (name, image, ...options) =>
      void podman('run', '-d', '--name', name, '--network', 'none', ...limits, ...options, image, 'sleep', '100000'),
    stop: async () => {
      podman('rm', '-fa', '-t', '0');
      process.removeListener('exit', stopNow);
      const ended = new Promise((resolve) => service.once('exit', resolve));
      service.kill('SIGTERM');
      await ended;
    },
  };
}

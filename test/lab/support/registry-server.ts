import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runTool } from './run-tool.ts';

export interface RegistryAddress {
  /** `127.0.0.1:PORT`, the registry part of references. */
  readonly host: string;
  /** Where it keeps its blobs; a second registry may serve the same. */
  readonly storage: string;
  /** One line per request that was answered. */
  readonly accessLog: string;
}

export interface RegistryOptions {
  /** With a certificate made for it. */
  readonly tls?: boolean;
  readonly login?: { readonly user: string; readonly password: string };
  readonly storage?: string;
  /** A free one unless said otherwise. */
  readonly port?: number;
  /** More of the registry's own configuration. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Starts Debian's docker-registry on a free loopback port; manifests can be deleted. */
export async function startRegistry(
  folder: string,
  options: RegistryOptions,
): Promise<RegistryAddress & { readonly stop: () => Promise<void> }> {
  mkdirSync(folder, { recursive: true });
  const host = `127.0.0.1:${options.port ?? (await freePort())}`;
  const storage = options.storage ?? path.join(folder, 'storage');
  const config = {
    version: 0.1,
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: host, ...(options.tls && { tls: makeCertificate(folder) }) },
    ...options.more,
    ...(options.login && { auth: { htpasswd: { realm: 'lab', path: makeHtpasswd(folder, options.login) } } }),
  };
  // Every JSON document is YAML, which is what the registry reads.
  const file = path.join(folder, 'config.yml');
  writeFileSync(file, JSON.stringify(config));
  const [accessLog, log] = [path.join(folder, 'access.log'), path.join(folder, 'registry.log')];
  const server = spawn('docker-registry', ['serve', file], {
    stdio: ['ignore', openSync(accessLog, 'a'), openSync(log, 'a')],
  });
  const stopNow = (): void => void server.kill('SIGKILL');
  process.once('exit', stopNow);
  await untilListening(host, server, log);
  return {
    host,
    storage,
    accessLog,
    stop: async () => {
      process.removeListener('exit', stopNow);
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/** The requests a registry answered so far, as `METHOD /path status`. */
export function requestsOf({ accessLog }: Pick<RegistryAddress, 'accessLog'>): string[] {
  const lines = readFileSync(accessLog, 'utf8').matchAll(/"(?<request>[A-Z]+ \S+) HTTP\/[\d.]+" (?<status>\d+) /g);
  return [...lines].map(({ groups }) => `${groups?.request} ${groups?.status}`);
}

function makeCertificate(folder: string): { certificate: string; key: string } {
  const [certificate, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=lab', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  runTool('openssl', ['req', '-x509', ...curve, ...name, '-keyout', key, '-out', certificate]);
  return { certificate, key };
}

function makeHtpasswd(folder: string, { user, password }: { user: string; password: string }): string {
  const file = path.join(folder, 'htpasswd');
  writeFileSync(file, runTool('htpasswd', ['-n', '-i', '-B', user], { input: password }));
  return file;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function untilListening(host: string, server: ChildProcess, log: string): Promise<void> {
  const [address, port] = host.split(':');
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) break;
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), address);
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (answers) return;
    await sleep(100);
  }
  server.kill('SIGKILL');
  throw new Error(`nobody listens on ${host}: ${readFileSync(log, 'utf8').slice(-2000)}`);
}

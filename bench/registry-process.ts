import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Digest } from '../src/core/image/digest.ts';
import { type Blob, type WrittenImage, writeImage } from '../src/demo/image-writer.ts';
import { startDemoRegistry } from '../src/demo/registry.ts';
import { startTokenServer } from '../test/lab/support/token-server.ts';

export interface Fleet {
  /** What serves it: Debian's docker-registry when it is installed, else the demo's registry. */
  readonly server: string;
  /** 600, half of them pinned to a digest their tag has left. */
  readonly references: readonly string[];
  /** Every HEAD an unchanged day takes. */
  readonly heads: readonly string[];
  /** Where tokens are given out, when the registry asks for one. */
  readonly realm?: string;
  /** The file with the authority that signed its certificate, when it speaks TLS. */
  readonly authority?: string;
}

/* A registry in its own process, as registries are, with a token server in front when the first word is `token`, with a certificate of an own authority when it is `tls`; prints what it holds as one line of JSON and serves until killed. */

interface Target {
  readonly server: string;
  readonly host: string;
  put(repository: string, image: WrittenImage, tag?: string): Digest;
  ready(): Promise<void>;
}

function image(version: string, app: number): WrittenImage {
  const status = Array.from(
    { length: 90 },
    (_, n) =>
      `Package: package-${n}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${n < 9 ? version : 1}-${n}\n`,
  );
  const release = 'ID=debian\nVERSION_ID="12"\n';
  return writeImage({
    created: '2025-01-01T00:00:00Z',
    layers: [{ 'etc/os-release': release, 'var/lib/dpkg/status': status.join('\n') }, { [`app-${app}`]: version }],
  });
}

async function demoTarget(): Promise<Target> {
  const registry = await startDemoRegistry();
  return { server: 'the demo registry', host: registry.host, put: registry.putImage, ready: () => Promise.resolve() };
}

/** Writes the storage layout of the distribution project directly: uploading thousands of blobs would take longer than the benchmark. */
async function dockerRegistryTarget(): Promise<Target> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-registry-'));
  const storage = path.join(folder, 'docker/registry/v2');
  const port = await freePort();
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(storage, file)), { recursive: true });
    writeFileSync(path.join(storage, file), content);
  };
  const hex = (digest: string): string => digest.slice('sha256:'.length);
  const putBlob = ({ bytes, digest }: Blob): void =>
    write(`blobs/sha256/${hex(digest).slice(0, 2)}/${hex(digest)}/data`, bytes);
  return {
    server: 'docker-registry',
    host: `127.0.0.1:${port}`,
    put(repository, { manifest, blobs }, tag) {
      const own = `repositories/${repository}`;
      for (const blob of blobs) {
        putBlob(blob);
        write(`${own}/_layers/sha256/${hex(blob.digest)}/link`, blob.digest);
      }
      putBlob(manifest);
      write(`${own}/_manifests/revisions/sha256/${hex(manifest.digest)}/link`, manifest.digest);
      if (tag !== undefined) {
        write(`${own}/_manifests/tags/${tag}/current/link`, manifest.digest);
        write(`${own}/_manifests/tags/${tag}/index/sha256/${hex(manifest.digest)}/link`, manifest.digest);
      }
      return manifest.digest;
    },
    async ready() {
      const config = path.join(folder, 'config.yml');
      // Every JSON document is YAML, which is what the registry reads.
      const settings = {
        version: 0.1,
        log: { accesslog: { disabled: true }, level: 'error' },
        storage: { filesystem: { rootdirectory: folder } },
        http: { addr: `127.0.0.1:${port}`, ...(certificate && { tls: certificate }) },
        ...(tokens && { auth: tokens.auth(`http://${tokens.host}/token`) }),
      };
      writeFileSync(config, JSON.stringify(settings));
      const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
      const stop = (): void => {
        child.kill();
        rmSync(folder, { recursive: true, force: true });
        process.exit(0);
      };
      process.on('SIGTERM', stop);
      for (let tries = 0; tries < 100; tries++) {
        if (await listens(port)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      stop();
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A certificate for this machine that signs itself, made by openssl. */
function ownCertificate(): { readonly certificate: string; readonly key: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-tls-'));
  const [certificate, key] = [path.join(folder, 'own.crt'), path.join(folder, 'own.key')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=bench', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = spawnSync('openssl', ['req', '-x509', ...curve, ...name, '-keyout', key, '-out', certificate]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  return { certificate, key };
}

const nobody = { user: 'nobody', password: 'x', refresh: 'x' };
const tokens =
  process.argv[2] === 'token'
    ? await startTokenServer(mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-tokens-')), nobody)
    : undefined;
const certificate = process.argv[2] === 'tls' ? ownCertificate() : undefined;
const scheme = certificate === undefined ? 'http' : 'https';
const installed = spawnSync('docker-registry', ['--version'], { stdio: 'ignore' }).status === 0;
const target = await (installed ? dockerRegistryTarget() : demoTarget());
const references: string[] = [];
const heads: string[] = [];
for (let i = 0; i < 600; i++) {
  const repository = `public/image-${i}`;
  const url = `${scheme}://${target.host}/v2/${repository}/manifests`;
  target.put(repository, image('2', i), '1.0');
  heads.push(`${url}/1.0`);
  const pin = i % 2 === 0 ? target.put(repository, image('1', i)) : undefined;
  if (pin !== undefined) heads.push(`${url}/${pin}`);
  references.push(`${target.host}/${repository}:1.0${pin === undefined ? '' : `@${pin}`}`);
}
await target.ready();
process.stdout.write(
  `${JSON.stringify({ server: target.server, references, heads, ...(tokens && { realm: `http://${tokens.host}/token` }), ...(certificate && { authority: certificate.certificate }) } satisfies Fleet)}\n`,
);

import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** An image in Podman's store. */
export interface FakePodmanImage {
  /** Of its config, without `sha256:`. */
  readonly id: string;
  readonly digest: string;
  readonly repoDigests: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

/** A container of a fake Podman. */
export interface FakePodmanContainer {
  readonly name: string;
  readonly image: string;
  readonly runs: FakePodmanImage;
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: running. */
  readonly state?: string;
  readonly pod?: string;
  readonly isInfra?: boolean;
}

/** A Podman's service on a socket in a folder of its own. It knows what is asked to look, and refuses all else. */
export interface FakePodman {
  readonly url: string;
  readonly socket: string;
  readonly log: string[];
  readonly faults: string[];
  containers: readonly FakePodmanContainer[];
  /** Stands in every field that nobody needs to read. */
  canary: string;
  intercept: ((request: http.IncomingMessage, response: http.ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

/** Its answers have the fields of those of Podman 4.3.1, which the lab holds it to (`test/lab/podman.test.ts`). */
export async function startFakePodman(options: { version?: string; isRootless?: boolean } = {}): Promise<FakePodman> {
  const { version = '4.3.1', isRootless = false } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-podman-'));
  const socket = path.join(folder, 'podman.sock');
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://podman');
    const [, , bare = ''] = /^(?:\/v(\d+\.\d+\.\d+))?(\/.*)$/.exec(url.pathname) ?? [];
    fake.log.push(`${request.method} ${bare}${url.search}`);
    if (fake.intercept?.(request, response)) return;
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'libpod-api-version': version, 'api-version': '1.41', server: `Libpod/${version}` });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (request.method !== 'GET') {
      fake.faults.push(`${request.method} ${bare}`);
      return send(405, { message: 'only what looks is known here', response: 405 });
    }
    const found = bare === '/_ping' ? 'OK' : answer(bare, url.searchParams, fake, isRootless);
    if (found !== undefined) return send(200, found);
    if (!bare.startsWith('/libpod/images/')) fake.faults.push(`GET ${bare}`);
    send(404, { cause: 'image not known', message: `failed to find image ${fake.canary}`, response: 404 });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const fake: FakePodman = {
    url: `unix://${socket}`,
    socket,
    log: [],
    faults: [],
    containers: [],
    canary: 'canary',
    intercept: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
      if (fake.faults.length > 0) throw new Error(`not asked of Podman: ${[...new Set(fake.faults)].join('; ')}`);
    },
  };
  return fake;
}

/** The body; undefined where there is nothing. */
export function answer(
  path: string,
  query: URLSearchParams,
  { containers, canary }: Pick<FakePodman, 'containers' | 'canary'>,
  isRootless: boolean,
): unknown {
  if (path === '/libpod/info') {
    return {
      host: { arch: 'amd64', hostname: 'fake-host', os: 'linux', kernel: canary, security: { rootless: isRootless } },
      store: { graphRoot: '/var/lib/containers/storage', graphDriverName: 'overlay', runRoot: `/run/${canary}` },
      registries: { search: [canary] },
      version: { APIVersion: '4.3.1', Version: '4.3.1' },
    };
  }
  if (path === '/libpod/containers/json') {
    const all = query.get('all') === 'true';
    return containers
      .filter(({ state = 'running' }) => all || state === 'running')
      .map(({ name, image, runs, labels = {}, state = 'running', pod = '', isInfra = false }, i) => ({
        AutoRemove: false,
        Command: ['run', `--password=${canary}`],
        Created: '2026-01-01T00:00:00Z',
        Id: i.toString(16).padStart(64, '0'),
        Image: image,
        ImageID: runs.id,
        IsInfra: isInfra,
        Labels: { ...runs.labels, ...labels, 'com.example.secret': canary },
        Mounts: [`/${canary}`],
        Names: [name],
        Networks: [canary],
        Pod: pod,
        PodName: pod,
        State: state,
        Status: '',
      }));
  }
  const id = /^\/libpod\/images\/([0-9a-f]+)\/json$/.exec(path)?.[1];
  const image = containers.find(({ runs }) => runs.id === id)?.runs;
  if (image === undefined) return undefined;
  const [os = 'linux', architecture = 'amd64', variant = ''] = (image.platform ?? 'linux/amd64').split('/');
  return {
    Id: image.id,
    Digest: image.digest,
    RepoTags: [],
    RepoDigests: image.repoDigests,
    Architecture: architecture,
    Os: os,
    Variant: variant,
    Labels: { ...image.labels, 'com.example.secret': canary },
    Config: { Env: [`TOKEN=${canary}`], Cmd: [canary], Labels: { 'com.example.secret': canary } },
    History: [{ created_by: canary }],
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apiCheck } from './api-check.ts';

/** An image in the store of a fake engine. */
export interface FakeImage {
  /** The digest of its config, or with the content store of what was pulled. */
  readonly id: string;
  /** `repository@digest`. */
  readonly repoDigests: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

/** A container of a fake engine. */
export interface FakeContainer {
  readonly name: string;
  /** As it was typed. */
  readonly image: string;
  readonly runs: FakeImage;
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: running. */
  readonly state?: string;
  /** The tag names another image now: the list shows the id in place of the name. */
  readonly isMoved?: boolean;
  /** The platform's manifest, where the store knows it. */
  readonly manifest?: string;
  /** Of `migrate`: how it was started. */
  readonly started?: { readonly path?: string; readonly args?: readonly string[]; readonly env?: readonly string[] };
  /** What others that are linked to it call it: `proxy/backend`. */
  readonly linkedAs?: readonly string[];
  /** It is being removed. */
  readonly isNameless?: boolean;
  /** It is in the list, and gone when it is looked at. */
  readonly isGone?: boolean;
}

/** A service of a fake swarm. */
export interface FakeService {
  readonly name: string;
  readonly image: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly containerLabels?: Readonly<Record<string, string>>;
  /** Default: 1. */
  readonly replicas?: number;
  readonly platforms?: readonly { readonly OS: string; readonly Architecture: string }[];
  /** Nodes on which its tasks run. Default: the first. */
  readonly nodes?: readonly number[];
}

export interface FakeEngineOptions {
  /** The newest version of the API that it speaks. Default: 1.41. */
  readonly version?: string;
  /** The oldest. Default: 1.12. */
  readonly minimum?: string;
  /** How images are kept. Default: graph. */
  readonly store?: 'graph' | 'content';
  readonly swarm?: 'manager' | 'worker';
  /** Nodes of the swarm, by architecture as the daemon spells it. Default: one. */
  readonly nodes?: readonly string[];
  /** Default: a unix socket. */
  readonly listen?: 'tcp' | https.ServerOptions;
  readonly host?: string;
}

type Intercept = (request: http.IncomingMessage, response: http.ServerResponse) => boolean;

/** A daemon of Docker on loopback, or on a socket in a folder of its own. It knows nothing but what is asked to look, and refuses all else. */
export interface FakeEngine {
  /** `unix:///…`, or `tcp://127.0.0.1:PORT`. */
  readonly url: string;
  readonly socket: string;
  /** `GET /containers/json?all=1`, without the version. */
  readonly log: string[];
  /** What the description of the API does not allow; a test that leaves some fails. */
  readonly faults: string[];
  containers: readonly FakeContainer[];
  services: readonly FakeService[];
  /** Stands in every field of an answer that nobody needs to read. */
  canary: string;
  /** Asked before the daemon; true when it has answered. */
  intercept: Intercept | undefined;
  close(): Promise<void>;
}

export async function startFakeEngine(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  const { version = '1.41', minimum = '1.12', listen, host = 'fake-host' } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-engine-'));
  const socket = path.join(folder, 'docker.sock');
  const respond: http.RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://docker');
    const [, asked, bare = ''] = /^(?:\/v(\d+\.\d+))?(\/.*)$/.exec(url.pathname) ?? [];
    engine.log.push(`${request.method} ${bare}${url.search}`);
    if (engine.intercept?.(request, response)) return;
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'api-version': version,
        server: 'Docker/20.10 (linux)',
      });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (request.method !== 'GET') {
      engine.faults.push(`${request.method} ${bare}`);
      return send(405, { message: 'only what looks is known here' });
    }
    if (bare === '/_ping') return send(200, 'OK');
    const spoken = asked ?? version;
    if (isNewer(spoken, version))
      return send(400, { message: `client version ${spoken} is too new. Maximum supported API version is ${version}` });
    if (isNewer(minimum, spoken))
      return send(400, {
        message: `client version ${spoken} is too old. Minimum supported API version is ${minimum}, please upgrade your client to a newer version`,
      });
    const check = apiCheck(spoken);
    const template = check.template(bare);
    if (template === undefined) {
      engine.faults.push(`GET ${bare} is not described`);
      return send(404, { message: 'page not found' });
    }
    engine.faults.push(...check.queryFaults(template, url.searchParams));
    const { status, body } = answer(
      template,
      decodeURIComponent(bare),
      url.searchParams,
      spoken,
      engine,
      options,
      host,
    );
    engine.faults.push(...check.answerFaults(template, status, body));
    send(status, body);
  };
  const isTls = typeof listen === 'object';
  const server = isTls ? https.createServer(listen, respond) : http.createServer(respond);
  await new Promise<void>((resolve) =>
    listen === undefined ? server.listen(socket, resolve) : server.listen(0, '127.0.0.1', resolve),
  );
  const address = server.address();
  const engine: FakeEngine = {
    url: listen === undefined ? `unix://${socket}` : `tcp://127.0.0.1:${(address as AddressInfo).port}`,
    socket,
    log: [],
    faults: [],
    containers: [],
    services: [],
    canary: 'canary',
    intercept: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
      if (engine.faults.length > 0) throw new Error(`against the API: ${[...new Set(engine.faults)].join('; ')}`);
    },
  };
  return engine;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function answer(
  template: string,
  asked: string,
  query: URLSearchParams,
  version: string,
  engine: FakeEngine,
  options: FakeEngineOptions,
  host: string,
): Answer {
  const { store = 'graph', swarm, nodes = ['x86_64'] } = options;
  const { canary } = engine;
  const id = asked.split('/')[2] ?? '';
  const ok = (body: unknown): Answer => ({ status: 200, body });
  const knowsManifests = store === 'content' && !isNewer('1.48', version);
  switch (template) {
    case '/info':
      return ok({
        ID: 'ENGINE-ID',
        Name: host,
        Driver: store === 'graph' ? 'overlay2' : 'overlayfs',
        DriverStatus:
          store === 'graph' ? [['Backing Filesystem', 'extfs']] : [['driver-type', 'io.containerd.snapshotter.v1']],
        OSType: 'linux',
        Architecture: 'x86_64',
        Labels: [canary],
        HttpProxy: `http://${canary}@proxy`,
        Swarm:
          swarm === undefined
            ? { LocalNodeState: 'inactive', ControlAvailable: false }
            : {
                NodeID: 'node-0',
                LocalNodeState: 'active',
                ControlAvailable: swarm === 'manager',
                ...(swarm === 'manager' && { Cluster: { ID: 'CLUSTER-ID' } }),
              },
      });
    case '/containers/json': {
      const all = query.get('all') === '1';
      return ok(
        engine.containers
          .filter(({ state = 'running' }) => all || state === 'running' || state === 'paused' || state === 'restarting')
          .map(
            (
              {
                name,
                image,
                runs,
                labels = {},
                state = 'running',
                isMoved = false,
                manifest,
                linkedAs = [],
                isNameless = false,
              },
              i,
            ) => ({
              Id: idOf(i),
              Names: isNameless ? [] : [...linkedAs, name].map((one) => `/${one}`),
              Image: isMoved ? runs.id : image,
              ImageID: runs.id,
              Command: `run --password ${canary}`,
              Created: 1_700_000_000,
              State: state,
              Status: `Up 2 hours ${canary}`,
              Labels: { ...runs.labels, ...labels, 'com.example.secret': canary },
              HostConfig: { NetworkMode: canary },
              Mounts: [],
              ...(knowsManifests &&
                manifest !== undefined && {
                  ImageManifestDescriptor: {
                    mediaType: 'application/vnd.oci.image.manifest.v1+json',
                    digest: manifest,
                    size: 1,
                  },
                }),
            }),
          ),
      );
    }
    case '/containers/{id}/json': {
      const at = engine.containers.findIndex((_, i) => idOf(i) === id);
      const one = engine.containers[at];
      if (one === undefined || one.isGone) return { status: 404, body: { message: `No such container: ${id}` } };
      return ok({
        Id: id,
        Name: `/${one.name}`,
        Image: one.runs.id,
        Path: one.started?.path ?? canary,
        Args: one.started?.args ?? [canary],
        Config: {
          Hostname: canary,
          Image: one.image,
          Env: [`PASSWORD=${canary}`, ...(one.started?.env ?? [])],
          Cmd: [canary],
          Entrypoint: [canary],
          Labels: { ...one.runs.labels, ...one.labels, 'com.example.secret': canary },
          Healthcheck: { Test: ['CMD', canary] },
          WorkingDir: canary,
          User: canary,
        },
        HostConfig: { Binds: [`/${canary}:/data`], LogConfig: { Type: 'json-file', Config: { tag: canary } } },
      });
    }
    case '/images/{name}/json': {
      const found = [...engine.containers.map(({ runs }) => runs)].find((one) => one.id === id);
      if (found === undefined) return { status: 404, body: { message: `No such image: ${id}` } };
      const [os = 'linux', architecture = 'amd64', variant] = (found.platform ?? 'linux/amd64').split('/');
      return ok({
        Id: found.id,
        RepoTags: [],
        RepoDigests: found.repoDigests,
        Os: os,
        Architecture: architecture,
        ...(variant !== undefined && { Variant: variant }),
        Config: {
          Env: [`TOKEN=${canary}`],
          Cmd: [canary],
          Entrypoint: [canary],
          Labels: { ...found.labels, 'com.example.secret': canary },
        },
        ...(knowsManifests && {
          Descriptor: { mediaType: 'application/vnd.oci.image.index.v1+json', digest: found.id, size: 1 },
        }),
      });
    }
    case '/services':
      return ok(
        engine.services.map((one) => ({
          ID: `service-${one.name}`,
          Spec: {
            Name: one.name,
            Labels: one.labels ?? {},
            TaskTemplate: {
              ContainerSpec: {
                Image: one.image,
                Labels: one.containerLabels ?? {},
                Env: [`PASSWORD=${canary}`],
                Args: [canary],
              },
              Placement: { Platforms: one.platforms ?? [] },
            },
            Mode: { Replicated: { Replicas: one.replicas ?? 1 } },
          },
        })),
      );
    case '/tasks':
      return ok(
        engine.services.flatMap((one) =>
          (one.nodes ?? [0]).map((node, i) => ({
            ID: `task-${one.name}-${i}`,
            ServiceID: `service-${one.name}`,
            NodeID: `node-${node}`,
            DesiredState: 'running',
            Spec: { ContainerSpec: { Image: one.image, Env: [`PASSWORD=${canary}`] } },
          })),
        ),
      );
    case '/nodes':
      return ok(
        nodes.map((architecture, i) => ({
          ID: `node-${i}`,
          Description: { Hostname: canary, Platform: { Architecture: architecture, OS: 'linux' } },
        })),
      );
    default:
      return { status: 404, body: { message: 'page not found' } };
  }
}

/** The id of the n-th container. */
function idOf(n: number): string {
  return n.toString(16).padStart(64, '0');
}

function isNewer(a: string, b: string): boolean {
  const [x = 0, y = 0] = a.split('.').map(Number);
  const [v = 0, w = 0] = b.split('.').map(Number);
  return x > v || (x === v && y > w);
}

import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Digest } from '../core/image/digest.ts';

/** A container that the demo's engine runs. */
export interface DemoContainer {
  readonly name: string;
  /** As it was typed. */
  readonly image: string;
  /** What was pulled for it; absent: it was made there. */
  readonly pulled?: Digest;
  /** The compose project and service that it belongs to. */
  readonly compose?: readonly [project: string, service: string];
}

/** A daemon of Docker inside this process, on loopback, as far as it is asked what it runs, and told to move it (moby, api/docs/v1.41.yaml). */
export interface DemoEngine {
  /** `tcp://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

interface Image {
  readonly id: string;
  readonly digests: readonly string[];
  readonly names: Set<string>;
}

interface Running {
  readonly id: string;
  name: string;
  readonly image: Image;
  readonly config: Readonly<Record<string, unknown>>;
  readonly host: Record<string, unknown>;
  isRunning: boolean;
  startedAt: string;
  finishedAt: string;
}

type Answer = readonly [status: number, body?: unknown];

/** What a daemon has for a time that never was. */
const never = '0001-01-01T00:00:00Z';

/** Starts it on a free port of loopback; whoever starts it closes it. `sick`: digests whose containers say that they are not well. */
export async function startDemoEngine(
  name: string,
  containers: readonly DemoContainer[],
  sick: readonly Digest[] = [],
): Promise<DemoEngine> {
  const machine = new Machine(name, containers, sick);
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://demo');
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString('utf8');
    const path = decodeURIComponent(url.pathname).replace(/^\/v[\d.]+/, '');
    const [status, body] = machine.answer(
      `${request.method} ${path}`,
      url.searchParams,
      text === '' ? {} : JSON.parse(text),
    );
    response.writeHead(status, { 'api-version': '1.41', 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What the daemon has: images and containers, and nothing that would really run. */
class Machine {
  readonly #name: string;
  readonly #sick: ReadonlySet<string>;
  readonly #images = new Map<string, Image>();
  readonly #containers: Running[] = [];
  #ticks = 0;

  constructor(name: string, containers: readonly DemoContainer[], sick: readonly Digest[]) {
    this.#name = name;
    this.#sick = new Set(sick);
    for (const { name: own, image, pulled, compose } of containers) {
      const found = this.#pull(image.replace(/:[^:/]*$/, ''), pulled);
      found.names.add(image);
      const labels = compose && {
        'com.docker.compose.project': compose[0],
        'com.docker.compose.service': compose[1],
      };
      const host = { RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 }, NetworkMode: 'none' };
      const made = this.#create(own, { Image: image, Labels: labels ?? {}, HostConfig: host }, found);
      this.#start(made);
    }
  }

  answer(call: string, query: URLSearchParams, body: Readonly<Record<string, unknown>>): Answer {
    this.#ticks++;
    const [, method, kind, id = '', verb = ''] =
      /^(\w+) \/(\w+)(?:\/(.+?))??(?:\/(json|create|tag|stop|start|rename|update|logs))?$/.exec(call) ?? [];
    if (call === 'GET /_ping') return [200, 'OK'];
    if (call === 'GET /info')
      return [200, { ID: 'demo', Name: this.#name, DriverStatus: [['Backing Filesystem', 'extfs']] }];
    if (kind === 'images') return this.#ofImages(`${method} ${verb}`, id, query);
    if (kind !== 'containers') return [404, { message: 'page not found' }];
    if (verb === 'json' && id === '') return [200, this.#containers.map((one) => this.#listed(one))];
    if (verb === 'create') {
      const image = this.#image(String(body['Image']));
      return image === undefined ? [404] : [201, { Id: this.#create(query.get('name') ?? '', body, image).id }];
    }
    const found = this.#containers.find((one) => one.id === id || one.name === id);
    return found === undefined
      ? [404, { message: 'No such container' }]
      : this.#ofContainer(`${method} ${verb}`, found, query, body);
  }

  #ofImages(call: string, id: string, query: URLSearchParams): Answer {
    if (call === 'GET json' && id === '') {
      return [200, [...this.#images.values()].map((one) => ({ Id: one.id, RepoTags: [...one.names] }))];
    }
    if (call === 'POST create') {
      this.#pull(query.get('fromImage') ?? '', (query.get('tag') ?? undefined) as Digest | undefined);
      return [200];
    }
    const image = this.#image(id);
    if (image === undefined) return [404, { message: 'No such image' }];
    const name = `${query.get('repo')}:${query.get('tag')}`;
    if (call === 'POST tag') {
      for (const one of this.#images.values()) one.names.delete(name);
      image.names.add(name);
      return [201];
    }
    if (call === 'DELETE ') {
      image.names.delete(id);
      return [200, [{ Untagged: id }]];
    }
    const config = { Healthcheck: this.#healthcheck };
    return [
      200,
      {
        Id: image.id,
        RepoTags: [...image.names],
        RepoDigests: image.digests,
        Os: 'linux',
        Architecture: 'amd64',
        Config: config,
      },
    ];
  }

  #ofContainer(call: string, one: Running, query: URLSearchParams, body: Readonly<Record<string, unknown>>): Answer {
    switch (call) {
      case 'GET json':
        return [200, this.#inspected(one)];
      case 'POST start':
        this.#start(one);
        return [204];
      case 'POST stop':
        one.isRunning = false;
        one.finishedAt = this.#time();
        return [204];
      case 'POST rename':
        one.name = query.get('name') ?? one.name;
        return [204];
      case 'POST update':
        one.host['RestartPolicy'] = body['RestartPolicy'];
        return [200, { Warnings: [] }];
      case 'DELETE ':
        this.#containers.splice(this.#containers.indexOf(one), 1);
        return [204];
      default:
        return [404];
    }
  }

  readonly #healthcheck = { Test: ['CMD', 'true'], Interval: 1e9, Timeout: 1e9, Retries: 1 };

  #pull(repository: string, digest: Digest | undefined): Image {
    const id = `sha256:${createHash('sha256').update(`${repository} ${digest}`).digest('hex')}`;
    const known = this.#images.get(id);
    const digests = digest === undefined ? [] : [`${repository}@${digest}`];
    const image = known ?? { id, digests, names: new Set<string>() };
    this.#images.set(id, image);
    return image;
  }

  #image(name: string): Image | undefined {
    return [...this.#images.values()].find(
      (one) => one.id === name || one.names.has(name) || one.digests.includes(name),
    );
  }

  #create(
    name: string,
    { HostConfig: host = {}, ...config }: Readonly<Record<string, unknown>>,
    image: Image,
  ): Running {
    const number = `${this.#containers.length} ${name} ${image.id}`;
    const id = createHash('sha256').update(number).digest('hex');
    const own = { ...(host as Record<string, unknown>) };
    const made = {
      id,
      name,
      image,
      config: { Healthcheck: this.#healthcheck, ...config },
      host: own,
      isRunning: false,
      startedAt: never,
      finishedAt: never,
    };
    this.#containers.push(made);
    return made;
  }

  /** Every request takes a tenth of a second here, as nothing really stops or starts. */
  #time(): string {
    return new Date(Date.parse('2026-11-29T06:00:00Z') + this.#ticks * 100).toISOString();
  }

  #start(one: Running): void {
    one.isRunning = true;
    one.startedAt = this.#time();
  }

  #listed(one: Running): object {
    const { id, name, image, config, isRunning } = one;
    const written = String(config['Image']);
    return {
      Id: id,
      Names: [`/${name}`],
      Image: image.names.has(written) ? written : image.id,
      ImageID: image.id,
      State: isRunning ? 'running' : 'exited',
      Status: isRunning ? `Up 2 hours (${this.#health(one)})` : 'Exited (0)',
      Labels: config['Labels'] ?? {},
      Mounts: [],
    };
  }

  #inspected(one: Running): object {
    const { id, name, image, config, host, isRunning, startedAt, finishedAt } = one;
    const status = isRunning ? 'running' : startedAt === never ? 'created' : 'exited';
    const state = { Status: status, Running: isRunning, StartedAt: startedAt, FinishedAt: finishedAt, ExitCode: 0 };
    return {
      Id: id,
      Name: `/${name}`,
      Created: '2026-11-01T00:00:00Z',
      Image: image.id,
      RestartCount: 0,
      State: { ...state, Health: { Status: this.#health(one) } },
      Config: config,
      HostConfig: host,
      NetworkSettings: { Networks: {} },
      Mounts: [],
    };
  }

  #health({ image }: Running): string {
    return image.digests.some((one) => this.#sick.has(one.split('@')[1] ?? '')) ? 'unhealthy' : 'healthy';
  }
}

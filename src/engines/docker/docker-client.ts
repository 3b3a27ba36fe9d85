import { limits } from '../../core/limits/limits.ts';
import { ask, type EngineAnswer, EngineFailure, jsonIn, messageIn } from '../connection/ask.ts';
import { type SocketHints, type Transport, transportTo } from '../connection/engine-transport.ts';
import type { EngineAddress, EngineDependencies } from '../engine.ts';
import { refusalWords } from './refusal-words.ts';

/** The versions of Docker's API that are spoken (moby, api/docs/CHANGELOG.md); beyond the newest some answers mean something else. */
export const oldestVersion = '1.40';
export const newestVersion = '1.51';

/**
 * Everything that is asked to look, and by which permission of a socket proxy that is let through. All are GET; the client refuses
 * everything else before it is sent.
 */
export const watchRequests = [
  { path: '/_ping', permission: 'PING' },
  { path: '/info', permission: 'INFO' },
  { path: '/containers/json', permission: 'CONTAINERS' },
  { path: '/containers/{id}/json', permission: 'CONTAINERS' },
  { path: '/images/{id}/json', permission: 'IMAGES' },
  { path: '/services', permission: 'SERVICES' },
  { path: '/tasks', permission: 'TASKS' },
  { path: '/nodes', permission: 'NODES' },
] as const;

/** What is asked beside that to redeploy; a client that was opened to look refuses all of it before it is sent. */
export const redeployRequests = [
  { call: 'GET /images/json', permission: 'IMAGES' },
  { call: 'GET /containers/{id}/logs', permission: 'CONTAINERS' },
  { call: 'POST /images/create', permission: 'POST, IMAGES' },
  { call: 'POST /images/{id}/tag', permission: 'POST, IMAGES' },
  { call: 'POST /containers/create', permission: 'POST, CONTAINERS' },
  { call: 'POST /containers/{id}/update', permission: 'POST, CONTAINERS' },
  { call: 'POST /containers/{id}/stop', permission: 'POST, CONTAINERS' },
  { call: 'POST /containers/{id}/rename', permission: 'POST, CONTAINERS' },
  { call: 'POST /containers/{id}/start', permission: 'POST, CONTAINERS' },
  { call: 'POST /networks/{id}/connect', permission: 'POST, NETWORKS' },
  { call: 'POST /services/{id}/update', permission: 'POST, SERVICES' },
  { call: 'DELETE /containers/{id}', permission: 'POST, CONTAINERS' },
  { call: 'DELETE /images/{id}', permission: 'POST, IMAGES' },
] as const;

/** One of them. */
export type WatchPath = (typeof watchRequests)[number]['path'];

/** A request of redeploying, as `METHOD path`. */
export type RedeployCall = (typeof redeployRequests)[number]['call'];

/** What to look at where there is no socket. */
export const dockerHints: SocketHints = {
  missing: 'is Docker installed and running, and is the socket mounted into this container?',
  silent: 'is the daemon running?',
};

/** Why nothing is moved on it. */
export const podmanMovesItself =
  'it is Podman, asked in Docker’s words: systemd or "podman auto-update" moves what it runs; asked as Podman (podman+unix://…) it is told with the line to run';

/** What is asked for, by which id, and with which query. */
export interface DockerRequest {
  readonly path: WatchPath;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** A change that is asked for. */
export interface DockerChange {
  readonly call: RedeployCall;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** For the registry that an image is pulled from: the value of X-Registry-Auth. */
  readonly auth?: string | undefined;
  /** Milliseconds. Default: limits.engine.actTime. */
  readonly time?: number;
  /** Bytes of its answer. */
  readonly most?: number;
  /** Hears each line of a long answer. */
  readonly line?: (line: string) => void;
}

/** Asks one daemon: a few requests at once, each bounded in size and time, in the newest version that both speak. */
export class DockerClient {
  readonly #transport: Transport;
  readonly #deps: EngineDependencies;
  readonly #mayRedeploy: boolean;
  #version: string | undefined;
  #isPodman = false;

  /** `mode`: what it may ask for. Default: watch. */
  constructor(address: EngineAddress, deps: EngineDependencies, mode: 'watch' | 'redeploy' = 'watch') {
    this.#transport = transportTo(address, dockerHints);
    this.#deps = deps;
    this.#mayRedeploy = mode === 'redeploy';
  }

  /** Is it Podman, which speaks to clients of Docker, too? Known when something was asked. */
  get isPodman(): boolean {
    return this.#isPodman;
  }

  /** The version that both speak. Throws when there is none, or no daemon. */
  async negotiate(): Promise<string> {
    const answer = await this.#send('/_ping', limits.engine.inspect.most);
    if (answer.status !== 200) throw this.#refused('/_ping', answer);
    this.#isPodman = answer.headers['libpod-api-version'] !== undefined;
    const offered = answer.headers['api-version'];
    if (typeof offered !== 'string' || !/^\d+\.\d+$/.test(offered))
      throw new EngineFailure('it answers, but not as an engine: it names no version of the API');
    if (compareVersions(offered, oldestVersion) < 0) {
      throw new EngineFailure(
        `too old: the daemon speaks API ${offered} at most, and ${oldestVersion} (Docker 19.03) is the oldest that is understood here`,
      );
    }
    this.#version = compareVersions(offered, newestVersion) < 0 ? offered : newestVersion;
    return this.#version;
  }

  /** The answer as JSON; undefined for what is not there (404). Throws EngineFailure for everything else. */
  async get(request: DockerRequest): Promise<unknown> {
    const { path, id, query = {} } = request;
    const version = this.#version ?? (await this.negotiate());
    const target = targetOf(version, path, id, query);
    const isOne = id !== undefined || path === '/info';
    const answer = await this.#send(target, isOne ? limits.engine.inspect.most : limits.engine.list.most);
    if (answer.status === 404 && id !== undefined) return undefined;
    if (answer.status !== 200) throw this.#refused(path, answer);
    return jsonIn(answer, path, this.#deps.signal);
  }

  /**
   * Asks for a change, or for what only redeploying needs to know; gives what came back with 2xx or 304. Throws EngineFailure for everything
   * else, without the daemon's own sentence. `signal` interrupts it.
   */
  async change(
    { call, id, query = {}, body, auth, time, most = limits.engine.inspect.most, line }: DockerChange,
    signal?: AbortSignal,
  ): Promise<EngineAnswer> {
    if (!this.#mayRedeploy) throw new EngineFailure(`${call} is not asked for: this engine is only watched`);
    const version = this.#version ?? (await this.negotiate());
    const [method = '', path = ''] = call.split(' ');
    if (this.#isPodman && method !== 'GET') throw new EngineFailure(podmanMovesItself);
    const answer = await ask(
      this.#transport,
      {
        method,
        path: targetOf(version, path, id, query),
        headers: { host: 'docker', ...(auth !== undefined && { 'x-registry-auth': auth }) },
        most,
        time: time ?? limits.engine.actTime.most,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(line !== undefined && { line }),
      },
      { ...this.#deps, signal: signal ?? this.#deps.signal },
    );
    const { status } = answer;
    if ((status >= 200 && status < 300) || status === 304) return answer;
    if (status === 403 && messageIn(answer) === '') {
      const permission = redeployRequests.find((one) => one.call === call)?.permission ?? '';
      throw new EngineFailure(
        `${call} was refused (403): a proxy in front of the socket has to allow it (${permission})`,
        status,
      );
    }
    const words = refusalWords(messageIn(answer));
    throw new EngineFailure(words ?? `${call} was answered with ${status}`, status);
  }

  close(): void {
    this.#transport.close();
  }

  #send(path: string, most: number): Promise<EngineAnswer> {
    return ask(this.#transport, { path, headers: { host: 'docker' }, most }, this.#deps);
  }

  #refused(path: WatchPath, answer: EngineAnswer): EngineFailure {
    const { status } = answer;
    const said = messageIn(answer);
    const minimum = /minimum supported API version is (\d+\.\d+)/i.exec(said)?.[1];
    if (status === 400 && minimum !== undefined) {
      return new EngineFailure(
        `too new: the daemon speaks API ${minimum} at least, and ${newestVersion} is the newest that is understood here; update Plimsoll`,
        status,
      );
    }
    const permission = watchRequests.find((one) => one.path === path)?.permission;
    if (status === 403) {
      return new EngineFailure(
        `GET ${path} was refused (403): a proxy in front of the socket has to allow it, with ${permission}=1 where it is configured like that`,
        status,
      );
    }
    return new EngineFailure(`GET ${path} was answered with ${status}${said === '' ? '' : `: ${said}`}`, status);
  }
}

/** Slashes of a reference are part of the path, as Docker's own command line has it. */
function targetOf(version: string, path: string, id = '', query: Readonly<Record<string, string>> = {}): string {
  const parameters = new URLSearchParams(query).toString();
  const name = id.split('/').map(encodeURIComponent).join('/');
  return `/v${version}${path.replace('{id}', name)}${parameters === '' ? '' : `?${parameters}`}`;
}

function compareVersions(a: string, b: string): number {
  const [x = 0, y = 0] = a.split('.').map(Number);
  const [v = 0, w = 0] = b.split('.').map(Number);
  return x - v || y - w;
}

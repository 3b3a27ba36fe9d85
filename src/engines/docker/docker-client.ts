import { limits } from '../../core/limits/limits.ts';
import { ask, type EngineAnswer, EngineFailure, jsonIn, messageIn } from '../connection/ask.ts';
import { type SocketHints, type Transport, transportTo } from '../connection/engine-transport.ts';
import type { EngineAddress, EngineDependencies } from '../engine.ts';

/** The versions of Docker's API that are spoken (moby, api/docs/CHANGELOG.md); beyond the newest some answers mean something else. */
export const oldestVersion = '1.40';
export const newestVersion = '1.51';

/**
 * Everything that is ever asked, and by which permission of a socket proxy that is let through. All are GET; the client refuses
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

/** One of them. */
export type WatchPath = (typeof watchRequests)[number]['path'];

/** What to look at where there is no socket. */
export const dockerHints: SocketHints = {
  missing: 'is Docker installed and running, and is the socket mounted into this container?',
  silent: 'is the daemon running?',
};

/** What is asked for, by which id, and with which query. */
export interface DockerRequest {
  readonly path: WatchPath;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Asks one daemon: a few requests at once, each bounded in size and time, in the newest version that both speak. */
export class DockerClient {
  readonly #transport: Transport;
  readonly #deps: EngineDependencies;
  #version: string | undefined;

  constructor(address: EngineAddress, deps: EngineDependencies) {
    this.#transport = transportTo(address, dockerHints);
    this.#deps = deps;
  }

  /** The version that both speak. Throws when there is none, or no daemon. */
  async negotiate(): Promise<string> {
    const answer = await this.#send('/_ping', limits.engine.inspect.most);
    if (answer.status !== 200) throw this.#refused('/_ping', answer);
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
    const parameters = new URLSearchParams(query).toString();
    const target = `/v${version}${path.replace('{id}', encodeURIComponent(id ?? ''))}${parameters === '' ? '' : `?${parameters}`}`;
    const isOne = id !== undefined || path === '/info';
    const answer = await this.#send(target, isOne ? limits.engine.inspect.most : limits.engine.list.most);
    if (answer.status === 404 && id !== undefined) return undefined;
    if (answer.status !== 200) throw this.#refused(path, answer);
    return jsonIn(answer, path, this.#deps.signal);
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

function compareVersions(a: string, b: string): number {
  const [x = 0, y = 0] = a.split('.').map(Number);
  const [v = 0, w = 0] = b.split('.').map(Number);
  return x - v || y - w;
}

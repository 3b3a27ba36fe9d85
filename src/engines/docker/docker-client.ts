import type { IncomingMessage } from 'node:http';
import { PlimsollError } from '../../core/errors.ts';
import { parseLargeJson } from '../../core/large-json.ts';
import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import type { EngineAddress, EngineDependencies } from '../engine.ts';
import { type Transport, transportTo } from './docker-transport.ts';

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

/** What is asked for, by which id, and with which query. */
export interface DockerRequest {
  readonly path: WatchPath;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Why a daemon did not answer. `status`: what it, or a proxy in front of it, answered instead. */
export class DockerFailure extends PlimsollError {
  readonly status: number | undefined;

  constructor(message: string, status?: number, cause?: unknown) {
    super('ENGINE', message, { cause });
    this.status = status;
  }
}

/** Asks one daemon: a few requests at once, each bounded in size and time, in the newest version that both speak. */
export class DockerClient {
  readonly #transport: Transport;
  readonly #deps: EngineDependencies;
  #version: string | undefined;

  constructor(address: EngineAddress, deps: EngineDependencies) {
    this.#transport = transportTo(address);
    this.#deps = deps;
  }

  /** The version that both speak. Throws when there is none, or no daemon. */
  async negotiate(): Promise<string> {
    const { status, headers, text } = await this.#send('/_ping', limits.engine.inspect.most);
    if (status !== 200) throw this.#refused('/_ping', status, text);
    const offered = headers['api-version'];
    if (typeof offered !== 'string' || !/^\d+\.\d+$/.test(offered))
      throw new DockerFailure('it answers, but not as an engine: it names no version of the API');
    if (compareVersions(offered, oldestVersion) < 0) {
      throw new DockerFailure(
        `too old: the daemon speaks API ${offered} at most, and ${oldestVersion} (Docker 19.03) is the oldest that is understood here`,
      );
    }
    this.#version = compareVersions(offered, newestVersion) < 0 ? offered : newestVersion;
    return this.#version;
  }

  /** The answer as JSON; undefined for what is not there (404). Throws DockerFailure for everything else. */
  async get(request: DockerRequest): Promise<unknown> {
    const { path, id, query = {} } = request;
    const version = this.#version ?? (await this.negotiate());
    const parameters = new URLSearchParams(query).toString();
    const target = `/v${version}${path.replace('{id}', encodeURIComponent(id ?? ''))}${parameters === '' ? '' : `?${parameters}`}`;
    const isOne = id !== undefined || path === '/info';
    const { status, text } = await this.#send(target, isOne ? limits.engine.inspect.most : limits.engine.list.most);
    if (status === 404 && id !== undefined) return undefined;
    if (status !== 200) throw this.#refused(path, status, text);
    try {
      return await inTurns(parseLargeJson(text), this.#deps.signal);
    } catch (error) {
      this.#deps.signal.throwIfAborted();
      throw new DockerFailure(`the answer to GET ${path} is no JSON`, undefined, error);
    }
  }

  close(): void {
    this.#transport.close();
  }

  #refused(path: WatchPath, status: number, text: string): DockerFailure {
    const said = messageIn(text);
    const minimum = /minimum supported API version is (\d+\.\d+)/i.exec(said)?.[1];
    if (status === 400 && minimum !== undefined) {
      return new DockerFailure(
        `too new: the daemon speaks API ${minimum} at least, and ${newestVersion} is the newest that is understood here; update Plimsoll`,
        status,
      );
    }
    const permission = watchRequests.find((one) => one.path === path)?.permission;
    if (status === 403) {
      return new DockerFailure(
        `GET ${path} was refused (403): a proxy in front of the socket has to allow it, with ${permission}=1 where it is configured like that`,
        status,
      );
    }
    return new DockerFailure(`GET ${path} was answered with ${status}${said === '' ? '' : `: ${said}`}`, status);
  }

  #send(path: string, most: number): Promise<{ status: number; headers: IncomingMessage['headers']; text: string }> {
    const { options, request, explain } = this.#transport;
    const { signal, userAgent } = this.#deps;
    const time = limits.engine.answerTime.most;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sent = request({
        ...options,
        method: 'GET',
        path,
        headers: { host: 'docker', 'user-agent': userAgent, accept: 'application/json' },
      });
      const timer = setTimeout(() => end(new DockerFailure(`no answer within ${time / 1000} s`)), time);
      const stop = (): void => end(signal.reason);
      const end = (failure: unknown): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        sent.destroy();
        reject(failure);
      };
      signal.addEventListener('abort', stop, { once: true });
      const failed = (error: NodeJS.ErrnoException): void => end(new DockerFailure(explain(error), undefined, error));
      sent.once('error', failed);
      sent.once('response', (answer) => {
        const pieces: Buffer[] = [];
        let size = 0;
        answer.on('data', (piece: Buffer) => {
          size += piece.length;
          if (size > most) return end(new DockerFailure(`answered with more than ${most} bytes`));
          pieces.push(piece);
        });
        answer.once('error', failed);
        answer.once('end', () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', stop);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(pieces).toString('utf8'),
          });
        });
      });
      sent.end();
    });
  }
}

/** What a daemon says of its own failure; what is no answer of a daemon is not repeated. */
function messageIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message.slice(0, limits.engine.reason.most) : '';
  } catch {
    return '';
  }
}

function compareVersions(a: string, b: string): number {
  const [x = 0, y = 0] = a.split('.').map(Number);
  const [v = 0, w = 0] = b.split('.').map(Number);
  return x - v || y - w;
}

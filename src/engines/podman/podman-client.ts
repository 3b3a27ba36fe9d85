import { limits } from '../../core/limits/limits.ts';
import { ask, EngineFailure, jsonIn, messageIn } from '../connection/ask.ts';
import { type Transport, transportTo } from '../connection/engine-transport.ts';
import type { EngineAddress, EngineDependencies } from '../engine.ts';

/** Everything that is ever asked. All are GET; the client has no way to ask anything else. */
export const podmanRequests = [
  '/_ping',
  '/libpod/info',
  '/libpod/containers/json',
  '/libpod/images/{id}/json',
] as const;

/** One of them. */
export type PodmanPath = (typeof podmanRequests)[number];

/** The version of libpod's API that is spoken: the oldest that a Podman of today still answers. */
const spoken = '4.0.0';

const hints = {
  missing:
    'is Podman\'s service on ("systemctl --user enable --now podman.socket", for root without --user), and is the socket mounted into this container?',
  silent: 'is podman.socket, or "podman system service", running?',
};

/** Asks one Podman, each question bounded in size and time. */
export class PodmanClient {
  readonly #transport: Transport;
  readonly #deps: EngineDependencies;

  constructor(address: EngineAddress, deps: EngineDependencies) {
    this.#transport = transportTo(address, hints);
    this.#deps = deps;
  }

  /** Is it Podman, and of a version that is understood? Throws EngineFailure otherwise. */
  async greet(): Promise<void> {
    const { status, headers } = await ask(
      this.#transport,
      { path: '/_ping', headers: { host: 'podman' }, most: limits.engine.inspect.most },
      this.#deps,
    );
    if (status !== 200) throw new EngineFailure(`GET /_ping was answered with ${status}`, status);
    const version = headers['libpod-api-version'];
    if (typeof version !== 'string')
      throw new EngineFailure(
        'it answers, but not as Podman: it names no version of its API; a daemon of Docker is asked with "docker:"',
      );
    if (Number(version.split('.')[0]) < Number(spoken.split('.')[0]))
      throw new EngineFailure(
        `too old: it is Podman ${version.slice(0, 20)}, and ${spoken} is the oldest that is understood here`,
      );
  }

  /** The answer as JSON; undefined for what is not there (404). Throws EngineFailure for everything else. */
  async get(path: PodmanPath, id?: string, query = ''): Promise<unknown> {
    const most = path === '/libpod/containers/json' ? limits.engine.list.most : limits.engine.inspect.most;
    const target = `/v${spoken}${path.replace('{id}', encodeURIComponent(id ?? ''))}${query}`;
    const answer = await ask(this.#transport, { path: target, headers: { host: 'podman' }, most }, this.#deps);
    const { status } = answer;
    if (status === 404 && id !== undefined) return undefined;
    if (status === 200) return jsonIn(answer, path, this.#deps.signal);
    const said = messageIn(answer);
    throw new EngineFailure(`GET ${path} was answered with ${status}${said === '' ? '' : `: ${said}`}`, status);
  }

  close(): void {
    this.#transport.close();
  }
}

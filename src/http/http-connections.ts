import { Agents, type Network } from './agents.ts';
import { Host } from './host.ts';

/** How hosts are asked. */
export interface ConnectionOptions {
  /** Sockets per host; 8 when it returns undefined. */
  readonly concurrency?: (host: string) => number | undefined;
  /** Requests per second and host; as many as come when it returns undefined. */
  readonly rate?: (host: string) => number | undefined;
  readonly network?: Network;
}

/** What outlives a run: sockets, and per host how it may be asked and whether it is there. */
export class HttpConnections {
  readonly agents: Agents;
  readonly #options: ConnectionOptions;
  readonly #hosts = new Map<string, Host>();

  constructor(options: ConnectionOptions = {}) {
    this.#options = options;
    this.agents = new Agents(options.network);
  }

  host(name: string): Host {
    let host = this.#hosts.get(name);
    if (!host) {
      const { concurrency, rate } = this.#options;
      host = new Host({ width: concurrency?.(name) ?? 8, rate: rate?.(name) });
      this.#hosts.set(name, host);
    }
    return host;
  }

  /** Closes idle sockets, so that the process can end. */
  close(): void {
    this.agents.destroy();
  }
}

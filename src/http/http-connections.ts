import { Agents, type Network } from './agents.ts';
import { Gate } from './gate.ts';
import { Host, type SharedHosts } from './host.ts';
import { Pace } from './pace.ts';

/** How hosts are asked. */
export interface ConnectionOptions {
  /** Sockets per host; 8 when it returns undefined. */
  readonly concurrency?: (host: string) => number | undefined;
  /** Requests per second and host; as many as come when it returns undefined. */
  readonly rate?: (host: string) => number | undefined;
  readonly network?: Network;
  /** Absent: no other process asks the same hosts by the same limits. */
  readonly shared?: SharedHosts;
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
      const { concurrency, rate: rateOf, shared } = this.#options;
      const [width, rate] = [concurrency?.(name) ?? 8, rateOf?.(name)];
      host = new Host(shared?.gate(name, width) ?? new Gate(width), shared?.pace(name, rate) ?? new Pace(rate));
      this.#hosts.set(name, host);
    }
    return host;
  }

  /** Closes idle sockets, so that the process can end. */
  close(): void {
    this.agents.destroy();
  }
}

import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { PlimsollError } from '../core/errors.ts';
import { AddressBook } from './address-book.ts';
import { limitConnecting } from './connect-timeout.ts';
import { type AddressClass, classifyAddress, isLoopbackHost, literalAddress, mayReach } from './host-rules.ts';
import { ForwardAgent, TunnelAgent } from './proxied-agents.ts';
import type { ProxyChoice } from './proxy.ts';
import { secureOptions, type TlsSettings } from './tls-settings.ts';

/** How hosts are reached: directly or by a forward proxy, and with which certificates. */
export interface Network {
  readonly proxyFor?: ProxyChoice;
  /** May throw PlimsollError 'HTTP'. */
  readonly tlsFor?: (host: string) => TlsSettings | undefined;
}

/**
 * Keep-alive agents, one per origin and reach. Addresses are checked when a socket connects, so that a name cannot
 * resolve to something else than what was checked; behind a forward proxy it is the proxy that resolves names, and only
 * addresses written as such can be checked. Refusals are PlimsollError 'HTTP'.
 */
export class Agents {
  readonly #network: Network;
  readonly #agents = new Map<string, http.Agent>();
  readonly #resolved = new Map<string, AddressClass>();
  /** Of hosts that are written as addresses: the same few are asked about with every request. */
  readonly #literal = new Map<string, AddressClass | undefined>();
  readonly #addresses = new AddressBook();

  constructor(network: Network = {}) {
    this.#network = network;
  }

  for(url: URL, reach: AddressClass): http.Agent {
    const key = `${url.origin} ${reach}`;
    let agent = this.#agents.get(key);
    if (!agent) {
      agent = this.#make(url, reach);
      this.#agents.set(key, agent);
    }
    return agent;
  }

  #make(url: URL, reach: AddressClass): http.Agent {
    const proxy = this.#network.proxyFor?.(url);
    const direct = { keepAlive: true, lookup: this.#lookup(reach) };
    if (url.protocol !== 'https:') {
      return proxy === undefined ? patient(new http.Agent(direct)) : new ForwardAgent(proxy, { keepAlive: true });
    }
    const own = this.#network.tlsFor?.(url.host) ?? {};
    // Docker takes any certificate from a registry on this machine (daemon "insecure-registries": 127.0.0.0/8).
    const secure = secureOptions({ ...own, insecure: own.insecure === true || isLoopbackHost(url.host) });
    return proxy === undefined
      ? patient(new https.Agent({ ...direct, ...secure }))
      : new TunnelAgent(proxy, { keepAlive: true, ...secure });
  }

  /** Throws when the URL's host is an address that may not be reached; names are looked at when they are resolved. */
  refuseLiteral(url: URL, reach: AddressClass): void {
    const literal = this.#classOfLiteral(url);
    if (literal !== undefined && !mayReach(reach, literal)) throw refused(url.hostname);
  }

  /** The class of the address a URL's host stands for; undefined for a name that was never resolved. */
  classOf(url: URL): AddressClass | undefined {
    return this.#classOfLiteral(url) ?? this.#resolved.get(url.hostname);
  }

  #classOfLiteral(url: URL): AddressClass | undefined {
    const { hostname } = url;
    if (this.#literal.has(hostname)) return this.#literal.get(hostname);
    const address = literalAddress(url);
    const found = address === undefined ? undefined : classifyAddress(address);
    this.#literal.set(hostname, found);
    return found;
  }

  /** The proxy a URL is asked through. */
  proxyFor(url: URL): URL | undefined {
    return this.#network.proxyFor?.(url);
  }

  destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #lookup(reach: AddressClass): LookupFunction {
    return (hostname, options, callback) => {
      const failed = (error: Error): void => callback(error, '', 0);
      this.#addresses.of(hostname).then((addresses) => {
        const classes = addresses.map(({ address }) => classifyAddress(address));
        const [first] = addresses;
        if (first === undefined || classes.some((one) => !mayReach(reach, one))) return failed(refused(hostname));
        this.#resolved.set(hostname, outermost(classes));
        if (options.all) return callback(null, addresses as never);
        callback(null, first.address, first.family);
      }, failed);
    };
  }
}

function patient<A extends http.Agent>(agent: A): A {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const socket = create(...args);
    if (socket) limitConnecting(socket as Socket);
    return socket;
  };
  return agent;
}

/** A name that resolves to several classes is trusted as the outermost of them. */
function outermost(classes: readonly AddressClass[]): AddressClass {
  return (['public', 'private', 'loopback'] as const).find((one) => classes.includes(one)) ?? 'public';
}

function refused(host: string): PlimsollError {
  return new PlimsollError(
    'HTTP',
    `refused to connect to ${host}: it is on this machine, in a private network or a cloud's metadata service, and was named by content from outside; if it is yours, name it under "registries" in the configuration`,
  );
}

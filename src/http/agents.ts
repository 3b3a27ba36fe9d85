import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { PlimsollError } from '../core/errors.ts';
import { type AddressClass, classifyAddress, isLoopbackHost, literalAddress, mayReach } from './host-rules.ts';

/**
 * Keep-alive agents, one per origin and reach. Addresses are checked when a socket connects, so that a name cannot
 * resolve to something else than what was checked. Refusals are PlimsollError 'HTTP'.
 */
export class Agents {
  readonly #agents = new Map<string, http.Agent>();
  readonly #resolved = new Map<string, AddressClass>();

  for(url: URL, reach: AddressClass): http.Agent {
    const key = `${url.origin} ${reach}`;
    let agent = this.#agents.get(key);
    if (!agent) {
      const options = { keepAlive: true, lookup: this.#lookup(reach) };
      agent =
        url.protocol === 'https:'
          ? // Docker takes any certificate from a registry on this machine (daemon "insecure-registries": 127.0.0.0/8).
            new https.Agent({ ...options, rejectUnauthorized: !isLoopbackHost(url.host) })
          : new http.Agent(options);
      this.#agents.set(key, agent);
    }
    return agent;
  }

  /** Throws when the URL's host is an address that may not be reached; names are looked at when they are resolved. */
  refuseLiteral(url: URL, reach: AddressClass): void {
    const literal = literalAddress(url);
    if (literal !== undefined && !mayReach(reach, classifyAddress(literal))) throw refused(url.hostname);
  }

  /** The class of the address a URL's host stands for; undefined for a name that was never resolved. */
  classOf(url: URL): AddressClass | undefined {
    const literal = literalAddress(url);
    return literal === undefined ? this.#resolved.get(url.hostname) : classifyAddress(literal);
  }

  destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #lookup(reach: AddressClass): LookupFunction {
    return (hostname, options, callback) => {
      dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
        if (error) return callback(error, '', 0);
        const classes = addresses.map(({ address }) => classifyAddress(address));
        const [first] = addresses;
        if (first === undefined || classes.some((one) => !mayReach(reach, one)))
          return callback(refused(hostname), '', 0);
        this.#resolved.set(hostname, outermost(classes));
        if (options.all) return callback(null, addresses as never);
        callback(null, first.address, first.family);
      });
    };
  }
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

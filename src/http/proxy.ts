import { BlockList, isIP } from 'node:net';
import { PlimsollError } from '../core/errors.ts';
import { isLoopbackHost } from './host-rules.ts';

/** The values of HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export interface ProxyVariables {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  readonly no?: string | undefined;
}

/** The forward proxy for a URL, or undefined for a direct connection. User information in it is the proxy's login. */
export type ProxyChoice = (url: URL) => URL | undefined;

interface Exception {
  readonly matches: (host: string) => boolean;
  readonly port: string;
}

/**
 * Chooses proxies as Go's programs do (golang.org/x/net/http/httpproxy), so that Docker and Plimsoll agree: this
 * machine is never reached through one; NO_PROXY holds `*`, hosts (their subdomains included), `.suffix` (subdomains
 * only), addresses and address blocks (`10.0.0.0/8`), each with `:port` if only that one is meant.
 * Throws PlimsollError 'CONFIG' when a variable is no proxy address; its value is not repeated, it may hold a password.
 */
export function proxyChoice(variables: ProxyVariables): ProxyChoice {
  const proxies = {
    'http:': parseProxy('HTTP_PROXY', variables.http),
    'https:': parseProxy('HTTPS_PROXY', variables.https),
  };
  const words = (variables.no ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const exceptions = words.flatMap(parseException);
  return (url) => {
    const proxy = proxies[url.protocol as keyof typeof proxies];
    if (proxy === undefined || isLoopbackHost(url.host)) return undefined;
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    const direct = exceptions.some((one) => (one.port === '' || one.port === port) && one.matches(host));
    return direct ? undefined : proxy;
  };
}

function parseProxy(name: string, text: string | undefined): URL | undefined {
  if (!text) return undefined;
  // `proxy.corp:3128` is a common spelling; curl and Go take it as http.
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === '' || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new PlimsollError('CONFIG', `${name} is not the address of an HTTP proxy, such as http://proxy.corp:3128`);
  }
  return url;
}

function parseException(word: string): Exception[] {
  if (word === '*') return [{ matches: () => true, port: '' }];
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(word) ?? [];
  const host = (bracketed ?? plain).toLowerCase();
  const [network = '', bits] = host.split('/');
  if (isIP(network) !== 0) return addressException(network, bits, port);
  if (host === '') return [];
  const suffix = host.replace(/^\*?\.?/, '.');
  const alsoItself = suffix.length > host.length;
  return [{ matches: (name) => name.endsWith(suffix) || (alsoItself && name === host), port }];
}

function addressException(network: string, bits: string | undefined, port: string): Exception[] {
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const widest = family === 'ipv6' ? 128 : 32;
  const length = bits === undefined ? widest : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > widest) return [];
  const block = new BlockList();
  block.addSubnet(network, length, family);
  return [{ matches: (host) => isIP(host) !== 0 && block.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4'), port }];
}

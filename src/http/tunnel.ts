import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { limits } from '../core/limits/limits.ts';

/** An answer of the forward proxy itself that ends the request; its text is a whole reason. */
class ProxyError extends Error {
  readonly code = 'PROXY';
}

/** The value of `Proxy-Authorization` for a proxy with a login in its address. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === '' && proxy.password === '') return undefined;
  const login = `${decode(proxy.username)}:${decode(proxy.password)}`;
  return `Basic ${Buffer.from(login).toString('base64')}`;
}

/** A stray `%` in a password is itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A connection to `host` and `port` through the proxy (CONNECT, RFC 9110 §9.3.6). Rejects with {@link ProxyError} when it says no. */
export function openTunnel(proxy: URL, host: string, port: number): Promise<Duplex> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const authorization = proxyAuthorization(proxy);
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === 'https:' ? https : http).request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
      agent: false,
      timeout: limits.host.connect.most,
    });
    request.once('timeout', () => request.destroy(new ProxyError(`the proxy ${proxy.host} does not answer`)));
    request.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error instanceof ProxyError
          ? error
          : new ProxyError(`the proxy ${proxy.host} cannot be reached${error.code ? ` (${error.code})` : ''}`),
      ),
    );
    request.once('connect', (response, socket: Duplex) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new ProxyError(refusal(proxy, authority, response.statusCode ?? 0)));
    });
    // Some proxies answer CONNECT like any request when they refuse it.
    request.once('response', (response) => {
      response.destroy();
      reject(new ProxyError(refusal(proxy, authority, response.statusCode ?? 0)));
    });
    request.end();
  });
}

function refusal(proxy: URL, authority: string, status: number): string {
  if (status === 407) {
    return `the proxy ${proxy.host} wants a login (407): write it as http://USER:PASSWORD@${proxy.host} into the proxy variable`;
  }
  return `the proxy ${proxy.host} answered ${status} to a connection to ${authority}`;
}

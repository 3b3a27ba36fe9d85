import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { limitConnecting } from './connect-timeout.ts';
import { openTunnel, proxyAuthorization } from './tunnel.ts';

type Connected = (error: Error | null, socket?: net.Socket) => void;

/** HTTPS through a forward proxy: TLS from end to end inside a tunnel, so the proxy sees host and port only. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: tls.ConnectionOptions, connected?: unknown): undefined {
    const done = connected as Connected;
    const { host = '', port = 443 } = options;
    openTunnel(this.#proxy, host, port).then(
      (socket) => done(null, tls.connect({ ...options, socket, ...(net.isIP(host) === 0 && { servername: host }) })),
      (error: Error) => done(error),
    );
    return undefined;
  }
}

/** Plain HTTP through a forward proxy: the request line carries the whole address (RFC 9112 §3.2.2). */
export class ForwardAgent extends http.Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: http.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  /** Node asks its agents for a socket by this method; until then the request's head is not written. */
  addRequest(request: ClientRequest, options: http.RequestOptions): void {
    const authorization = proxyAuthorization(this.#proxy);
    request.path = `http://${request.getHeader('host') ?? options.host}${request.path}`;
    if (authorization !== undefined) request.setHeader('proxy-authorization', authorization);
    (http.Agent.prototype as unknown as { addRequest: ForwardAgent['addRequest'] }).addRequest.call(
      this,
      request,
      options,
    );
  }

  override createConnection(): net.Socket {
    const { hostname, port, protocol } = this.#proxy;
    const host = hostname.replace(/^\[|\]$/g, '');
    const secure = protocol === 'https:';
    const target = { host, port: Number(port || (secure ? 443 : 80)) };
    const socket = secure
      ? tls.connect({ ...target, servername: net.isIP(host) === 0 ? host : '' })
      : net.connect(target);
    limitConnecting(socket);
    return socket;
  }
}

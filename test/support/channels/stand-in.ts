import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: Record<string, unknown> | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a service is made to do in place of its duty. */
export type Mischief =
  | { readonly kind: 'status'; readonly status: number; readonly seconds?: number }
  | { readonly kind: 'silence' }
  | { readonly kind: 'redirect' }
  | { readonly kind: 'page' };

/** A service on loopback that keeps its documented limits and words refusals as the real one does. */
export interface StandIn {
  readonly origin: string;
  readonly log: readonly Received[];
  mischief: Mischief | undefined;
  close(): Promise<void>;
}

/** What a service answers when all is well, and how it words being over a limit or out of order. */
export interface Manners {
  readonly answer: (received: Received) => Reply;
  readonly refusal: (status: number, seconds: number | undefined) => Reply;
}

export async function startStandIn(
  manners: Manners,
  tls?: { readonly key: string; readonly cert: string },
): Promise<StandIn> {
  const log: Received[] = [];
  const standIn = { log, mischief: undefined as Mischief | undefined };
  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        json: parse(body),
      };
      log.push(received);
      const { mischief } = standIn;
      if (mischief?.kind === 'silence') return;
      if (mischief?.kind === 'redirect') return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      if (mischief?.kind === 'page')
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
      const reply = mischief ? manners.refusal(mischief.status, mischief.seconds) : manners.answer(received);
      const isText = typeof reply.body === 'string';
      const type = isText ? 'text/plain' : 'application/json';
      response.writeHead(reply.status, { 'content-type': type, ...reply.headers });
      response.end(isText ? reply.body : JSON.stringify(reply.body));
    });
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(standIn, {
    origin: `http${tls ? 's' : ''}://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { seeded } from './network-faults.ts';

export interface FaultyProxy {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** One word per request that arrived: what became of it. */
  readonly log: ('passed' | 'error' | 'reset' | 'limited' | 'cut' | 'short' | 'slow')[];
  close(): Promise<void>;
}

/** Of a hundred requests, so many are answered like this instead. */
export interface Faults {
  /** 503. */
  readonly error?: number;
  /** The connection is cut before an answer. */
  readonly reset?: number;
  /** 429, every second one with `Retry-After`. */
  readonly limited?: number;
  /** Of bodies: broken off, of the wrong length, sent byte by byte. */
  readonly cut?: number;
  readonly short?: number;
  readonly slow?: number;
}

/** Stands in front of a server and misbehaves; the same way in every run. */
export async function startFaultyProxy(target: string, faults: Faults): Promise<FaultyProxy> {
  const agent = new http.Agent({ keepAlive: true });
  const log: FaultyProxy['log'] = [];
  const random = seeded(20_261_121);
  const choose = (hasBody: boolean): FaultyProxy['log'][number] => {
    let left = random() * 100;
    for (const name of [
      'error',
      'reset',
      'limited',
      ...(hasBody ? (['cut', 'short', 'slow'] as const) : []),
    ] as const) {
      left -= faults[name] ?? 0;
      if (left < 0) return name;
    }
    return 'passed';
  };
  let limited = 0;
  const server = http.createServer((request, response) => {
    const fate = choose(request.method === 'GET' && !request.url?.includes('/tags/'));
    log.push(fate);
    if (fate === 'error') return void response.writeHead(503, { 'content-length': 0 }).end();
    if (fate === 'reset') return void request.socket.destroy();
    if (fate === 'limited') {
      const after = limited++ % 2 === 0 ? { 'retry-after': '1' } : {};
      return void response.writeHead(429, { 'content-length': 0, ...after }).end();
    }
    const { method = 'GET', url: path = '/', headers } = request;
    const [hostname, port] = target.split(':');
    const forward = http.request({ agent, hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => void misbehave(fate, answer, Buffer.concat(chunks), response));
    });
    request.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    close: () => {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function misbehave(
  fate: FaultyProxy['log'][number],
  answer: http.IncomingMessage,
  body: Buffer,
  response: http.ServerResponse,
): Promise<void> {
  const { 'transfer-encoding': _, ...headers } = answer.headers;
  const status = answer.statusCode ?? 0;
  if (fate === 'short') {
    // As long as it says, and shorter than it should be: only a digest can tell.
    const part = body.subarray(0, body.length / 2);
    response.writeHead(status, { ...headers, 'content-length': part.length }).end(part);
    return;
  }
  response.writeHead(status, headers);
  if (fate === 'cut') {
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
    return;
  }
  if (fate === 'slow') {
    for (let at = 0; at < body.length; at += 64) {
      response.write(body.subarray(at, at + 64));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.end();
    return;
  }
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

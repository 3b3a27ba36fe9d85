import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AddressClass } from '../../src/http/host-rules.ts';
import { HttpClient, type HttpOptions, type HttpRequest, type HttpResponse } from '../../src/http/http-client.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

interface Server {
  readonly origin: string;
  readonly log: { readonly path: string; readonly headers: http.IncomingHttpHeaders }[];
  readonly sockets: Set<Socket>;
  handler: Handler;
  /** How many sockets were ever opened, and how many requests were under way at once at most. */
  connections: number;
  most: number;
  close(): Promise<void>;
}

async function serve(): Promise<Server> {
  let open = 0;
  const server = http.createServer((request, response) => {
    own.log.push({ path: request.url ?? '', headers: request.headers });
    open++;
    own.most = Math.max(own.most, open);
    response.on('close', () => open--);
    own.handler(request, response);
  });
  server.on('connection', (socket) => {
    own.connections++;
    own.sockets.add(socket);
    socket.on('close', () => own.sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own: Server = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log: [],
    sockets: new Set(),
    // Node keeps no socket after a HEAD without a length; registries send one.
    handler: (_, response) => response.writeHead(200, { 'content-length': '5' }).end('hello'),
    connections: 0,
    most: 0,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return own;
}

let server: Server;
const clients: HttpClient[] = [];
beforeEach(async () => {
  server = await serve();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.close();
});

function clientWith(options: Partial<HttpOptions> = {}): HttpClient {
  const client = new HttpClient({
    userAgent: 'test',
    sleep: () => Promise.resolve(),
    ...options,
  });
  clients.push(client);
  return client;
}

const request = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: new URL(path, server.origin),
  destination: 'registry',
  reach: 'loopback',
  ...more,
});

async function text(response: HttpResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('sockets', () => {
  it.each(['HEAD', 'GET'] as const)('are few and used again: 50 times %s', async (method) => {
    const client = clientWith();
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const response = await client.request(request(`/${i}`, { method }));
        expect(await text(response)).toBe(method === 'HEAD' ? '' : 'hello');
      }),
    );
    expect(server.log).toHaveLength(50);
    expect(server.most).toBeLessThanOrEqual(8);
    expect(server.connections).toBeLessThanOrEqual(8);
    expect(client.cost.registry).toEqual({ requests: 50, bytes: method === 'HEAD' ? 0 : 250 });
  });

  it('are as many as the settings of the host say', async () => {
    const client = clientWith({ concurrency: () => 2 });
    await Promise.all(Array.from({ length: 12 }, async (_, i) => text(await client.request(request(`/${i}`)))));
    expect(server.most).toBeLessThanOrEqual(2);
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('are closed by close', async () => {
    const client = clientWith();
    await text(await client.request(request('/')));
    expect(server.sockets.size).toBe(1);
    client.close();
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});

describe('the place at the gate', () => {
  // Short for what stands still, and long for the one after it.
  const one = { concurrency: () => 1, headTimeout: 1000, idleTimeout: 1000 };
  const endless: Handler = (_, response) => {
    response.writeHead(200);
    response.write('x'.repeat(1000));
  };
  const ways: [string, Handler, (client: HttpClient) => Promise<unknown>][] = [
    ['a cut connection', (q) => q.socket.destroy(), (client) => client.request(request('/'))],
    ['no answer in time', () => {}, (client) => client.request(request('/'))],
    ['a body that stands still', endless, async (client) => text(await client.request(request('/')))],
    [
      'a body cut short',
      (_, response) => {
        response.writeHead(200, { 'content-length': '9' });
        response.write('x');
        setImmediate(() => response.destroy());
      },
      async (client) => text(await client.request(request('/'))),
    ],
    ['a refused address', () => {}, (client) => client.request(request('/', { reach: 'public' }))],
    [
      'a redirect to nowhere',
      (_, r) => r.writeHead(302, { location: 'gopher://x/' }).end(),
      (client) => client.request(request('/')),
    ],
    [
      'a redirect loop',
      (_, r) => r.writeHead(302, { location: '/' }).end('x'),
      (client) => client.request(request('/')),
    ],
  ];
  it.each(ways)('is left after %s', async (_name, handler, ask) => {
    const client = clientWith(one);
    server.handler = handler;
    await expect(ask(client)).rejects.toMatchObject({ code: 'HTTP' });
    server.handler = (_, response) => response.end('hello');
    expect(await text(await client.request(request('/after')))).toBe('hello');
  });

  it('is left when a body is discarded, however often', async () => {
    const client = clientWith(one);
    server.handler = endless;
    for (let i = 0; i < 3; i++) {
      const response = await client.request(request('/'));
      response.discard();
      response.discard();
    }
    server.handler = (_, response) => response.end('hello');
    await Promise.all([1, 2, 3].map(async () => text(await client.request(request('/after')))));
    expect(server.most).toBeLessThanOrEqual(2);
  });

  it('is left when the reader stops half-way', async () => {
    const client = clientWith(one);
    server.handler = endless;
    for await (const chunk of (await client.request(request('/'))).body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    server.handler = (_, response) => response.end('hello');
    expect(await text(await client.request(request('/after')))).toBe('hello');
  });

  it('is left by a reader that throws', async () => {
    const client = clientWith(one);
    const reads = async (): Promise<void> => {
      for await (const _ of (await client.request(request('/'))).body) throw new Error('cannot use this');
    };
    await expect(reads()).rejects.toThrow('cannot use this');
    expect(await text(await client.request(request('/after')))).toBe('hello');
  });
});

it('repeats no login of an address, whatever a library says of it', async () => {
  const url = new URL('http://bob:hush@127.0.0.1:1/secret?token=hush');
  const failure = clientWith().request({ ...request('/'), url });
  await expect(failure).rejects.toThrow('GET http://127.0.0.1:1/secret?token=***: ');
  await expect(failure).rejects.not.toThrow('hush');
  await expect(failure).rejects.not.toThrow('bob');
});

describe('time', () => {
  it('is limited to the head', async () => {
    server.handler = () => {};
    await expect(clientWith({ headTimeout: 300 }).request(request('/slow?token=s3cret'))).rejects.toMatchObject({
      code: 'HTTP',
      message: `GET ${server.origin}/slow?token=***: no answer within 0.3 s`,
    });
    expect(server.log).toHaveLength(1);
  });

  it('is limited between two pieces, not for the whole body', async () => {
    let answer: http.ServerResponse | undefined;
    server.handler = (_, response) => {
      answer = response;
      response.writeHead(200).flushHeaders();
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { body } = await clientWith({ idleTimeout: 300 }).request(request('/'));
      const pieces = body[Symbol.asyncIterator]();
      for (let piece = 0; piece < 6; piece++) {
        vi.advanceTimersByTime(200);
        answer?.write('x');
        expect((await pieces.next()).done).toBe(false);
      }
      answer?.end();
      expect((await pieces.next()).done).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends a body of a byte now and then, and asks no host for a fourth one', async () => {
    server.handler = (_, response) => {
      response.writeHead(200);
      for (let byte = 0; byte < 5; byte++) setTimeout(() => response.write('x'), byte * 5);
    };
    let now = 0;
    // Pieces may come together: each one counts as late.
    const elapsed = (): number => (now += 70_000);
    const client = clientWith({ elapsed });
    for (let n = 0; n < 3; n++) {
      await expect(client.request(request('/')).then(text)).rejects.toThrow(/: only \d bytes in \d+ s$/);
    }
    await expect(client.request(request('/'))).rejects.toThrow(
      'not asked any more, because 3 of its answers came too slowly to be waited for',
    );
    expect(server.log).toHaveLength(3);
  });

  it('lets a body come as slowly as a slow line brings it', async () => {
    server.handler = (_, response) => response.end(Buffer.alloc(1 << 20));
    let now = 0;
    const elapsed = (): number => (now += 1000);
    const client = clientWith({ elapsed });
    expect(await client.request(request('/')).then(text)).toHaveLength(1 << 20);
  });

  it('ends a body that stands still', async () => {
    server.handler = (_, response) => {
      response.writeHead(200);
      response.write('x');
    };
    await expect(clientWith({ idleTimeout: 300 }).request(request('/')).then(text)).rejects.toThrow(
      'the body stood still',
    );
  });
});

describe('the signal', () => {
  const reason = new Error('stopped by SIGINT');

  it.each([
    ['before the request', (stop: AbortController) => stop.abort(reason), () => {}],
    ['before the head', () => {}, (stop: AbortController) => stop.abort(reason)],
  ])('ends what is under way, with its own reason: %s', async (_name, before, during) => {
    const stop = new AbortController();
    const client = clientWith({ signal: stop.signal, headTimeout: 60_000 });
    server.handler = () => during(stop);
    before(stop);
    await expect(client.request(request('/'))).rejects.toBe(reason);
  });

  it('ends a body', async () => {
    const stop = new AbortController();
    const client = clientWith({ signal: stop.signal, idleTimeout: 60_000 });
    server.handler = (_, response) => {
      response.writeHead(200);
      response.write('x');
      setTimeout(() => stop.abort(reason), 20);
    };
    await expect(client.request(request('/')).then(text)).rejects.toBe(reason);
  });

  it('ends those who wait for a socket or for another attempt', async () => {
    const stop = new AbortController();
    const client = clientWith({ signal: stop.signal, headTimeout: 60_000, concurrency: () => 1 });
    const held = await client.request(request('/'));
    const waiting = [1, 2, 3].map(() => client.request(request('/')));
    stop.abort(reason);
    expect(await Promise.allSettled(waiting)).toEqual(Array(3).fill({ status: 'rejected', reason }));
    held.discard();
    expect(server.log).toHaveLength(1);
  });

  it('ends the wait between attempts', async () => {
    const stop = new AbortController();
    const client = new HttpClient({ userAgent: 'test', signal: stop.signal });
    clients.push(client);
    server.handler = (_, response) => {
      response.writeHead(503, { 'retry-after': '25' }).end();
      setTimeout(() => stop.abort(reason), 20);
    };
    await expect(client.request(request('/'))).rejects.toBe(reason);
  });
});

describe('attempts', () => {
  it('are six, and the last answer counts', async () => {
    const waits: number[] = [];
    const client = clientWith({
      sleep: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    });
    server.handler = (_, response) => response.writeHead(503).end('busy');
    const response = await client.request(request('/'));
    expect([response.status, await text(response)]).toEqual([503, 'busy']);
    expect(server.log).toHaveLength(6);
    expect(waits).toHaveLength(5);
  });

  it('wait as long as they are asked to, but not for minutes', async () => {
    const waits: number[] = [];
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms);
      return Promise.resolve();
    };
    server.handler = (_, response) =>
      response.writeHead(429, { 'retry-after': server.log.length === 1 ? '3' : '3600' }).end();
    const response = await clientWith({ sleep }).request(request('/'));
    response.discard();
    expect([response.status, waits.map((ms) => Math.round(ms / 100))]).toEqual([429, [30]]);
  });

  it('wait two minutes for one host in all', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      let waited = 0;
      const sleep = (ms: number): Promise<void> => {
        waited += ms;
        vi.advanceTimersByTime(ms);
        return Promise.resolve();
      };
      server.handler = (_, response) => response.writeHead(429, { 'retry-after': '30' }).end();
      const client = clientWith({ sleep, concurrency: () => 1 });
      for (let n = 0; n < 40; n++) {
        const response = await client.request(request(`/${n}`));
        response.discard();
        expect(response.status).toBe(429);
      }
      expect(waited).toBe(120_000);
      expect(server.log).toHaveLength(44);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are made after a cut connection, not after a refused one', async () => {
    server.handler = (q, response) => {
      if (server.log.length < 3) q.socket.destroy();
      else response.end('hello');
    };
    expect(await text(await clientWith().request(request('/')))).toBe('hello');
    expect(server.log).toHaveLength(3);
    const client = clientWith();
    await expect(client.request(request('/', { url: new URL('http://127.0.0.1:1/') }))).rejects.toThrow(
      'GET http://127.0.0.1:1/: connection refused',
    );
    expect(client.cost.registry.requests).toBe(1);
  });
});

describe('redirects', () => {
  const redirect =
    (to: string): Handler =>
    (q, response) => {
      if (q.url === '/start') response.writeHead(307, { location: to }).end();
      else response.end('there');
    };
  const headers = { authorization: 'Bearer s3cret', Cookie: 'a=b', accept: 'x/y' };

  it('lead from an inside host to no other one, unless somebody has named it', async () => {
    const other = await serve();
    try {
      server.handler = (_, response) => response.writeHead(307, { location: `${other.origin}/blob` }).end();
      const named = (host: string): AddressClass => (`http://${host}` === other.origin ? 'loopback' : 'public');
      await expect(clientWith({ onward: () => 'public' }).request(request('/'))).rejects.toThrow(
        'name it under "registries"',
      );
      expect(other.log).toEqual([]);
      expect((await clientWith({ onward: named }).request(request('/'))).status).toBe(200);
      // A host may send on to itself.
      server.handler = (q, response) => {
        if (q.url === '/') response.writeHead(307, { location: '/there' }).end();
        else response.end();
      };
      expect((await clientWith({ onward: () => 'public' }).request(request('/'))).status).toBe(200);
    } finally {
      await other.close();
    }
  });

  it('keep credentials within an origin', async () => {
    server.handler = redirect('/there?x=1');
    const response = await clientWith().request(request('/start', { headers }));
    expect(await text(response)).toBe('there');
    expect(response.url.pathname).toBe('/there');
    expect(server.log[1]?.headers).toMatchObject({ authorization: 'Bearer s3cret', cookie: 'a=b', accept: 'x/y' });
  });

  it('drop them on the way to another, also on the way back', async () => {
    const other = await serve();
    server.handler = redirect(`${other.origin.replace('//', '//user:pass@')}/start`);
    other.handler = (_, response) => response.writeHead(302, { location: `${server.origin}/back` }).end();
    expect(await text(await clientWith().request(request('/start', { headers })))).toBe('there');
    await other.close();
    for (const { headers: seen } of [...other.log, ...server.log.slice(1)]) {
      expect(seen).toMatchObject({ accept: 'x/y' });
      expect(seen).not.toHaveProperty('authorization');
      expect(seen).not.toHaveProperty('cookie');
    }
    expect([other.log.length, server.log.length]).toEqual([1, 2]);
  });

  it('are at most five', async () => {
    server.handler = (q, response) => {
      const step = Number(q.url?.slice(1));
      if (step === 5) response.end('there');
      else response.writeHead(302, { location: `/${step + 1}` }).end();
    };
    expect(await text(await clientWith().request(request('/0')))).toBe('there');
    await expect(clientWith().request(request('/-1'))).rejects.toThrow('more than 5 redirects');
    expect(server.log).toHaveLength(12);
  });

  it('are answers where none is wanted', async () => {
    server.handler = redirect('/there');
    const response = await clientWith().request(request('/start', { redirects: 0 }));
    response.discard();
    expect([response.status, server.log.length]).toEqual([307, 1]);
  });

  it.each(['http://169.254.169.254/latest', 'file:///etc/passwd', 'http://', 'data:text/plain,x'])(
    'to %s are refused',
    async (to) => {
      server.handler = redirect(to);
      await expect(clientWith().request(request('/start'))).rejects.toMatchObject({ code: 'HTTP' });
    },
  );
});

it('keeps two headers of one name apart', async () => {
  server.handler = (_, response) =>
    response.writeHead(401, { 'www-authenticate': ['Basic realm="a"', 'Bearer b'] }).end();
  const response = await clientWith().request(request('/'));
  response.discard();
  expect(response.values('WWW-Authenticate')).toEqual(['Basic realm="a"', 'Bearer b']);
  expect(response.values('none')).toEqual([]);
});

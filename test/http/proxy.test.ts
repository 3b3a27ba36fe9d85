import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Network } from '../../src/http/agents.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import { proxyChoice } from '../../src/http/proxy.ts';
import { certificate, privateKey } from '../support/certificate.ts';

describe('proxyChoice', () => {
  const chosen = (variables: Parameters<typeof proxyChoice>[0], url: string): string | undefined =>
    proxyChoice(variables)(new URL(url))?.href;
  const both = { http: 'http://plain.corp:3128', https: 'http://secure.corp:3128' };

  it.each([
    ['http://x.example/', 'http://plain.corp:3128/'],
    ['https://x.example/', 'http://secure.corp:3128/'],
    ['https://127.0.0.1:5000/', undefined],
    ['http://localhost/', undefined],
    ['http://[::1]:5000/', undefined],
  ])('%s: %s', (url, expected) => {
    expect(chosen(both, url)).toBe(expected);
  });

  it('takes an address without a scheme for http', () => {
    expect(chosen({ https: 'proxy.corp:3128' }, 'https://x.example/')).toBe('http://proxy.corp:3128/');
    expect(chosen({ https: 'ann:s3cret@proxy.corp:3128' }, 'https://x.example/')).toContain('@proxy.corp');
  });

  it.each(['socks5://s3cret@x', 'http://', 'ftp://x', 'http://s3cret@ x'])(
    'refuses %s, without repeating it',
    (text) => {
      const asking = (): unknown => proxyChoice({ https: text });
      expect(asking).toThrow('HTTPS_PROXY is not the address of an HTTP proxy, such as http://proxy.corp:3128');
      expect(asking).not.toThrow('s3cret');
    },
  );

  it.each([
    ['*', 'x.example', true],
    ['corp', 'corp', true],
    ['x.corp', 'x.corp', true],
    ['x.corp', 'y.x.corp', true],
    ['x.corp', 'yx.corp', false],
    ['.x.corp', 'y.x.corp', true],
    ['.x.corp', 'x.corp', false],
    ['*.x.corp', 'y.x.corp', true],
    ['X.Corp', 'x.corp', true],
    ['x.corp:5000', 'x.corp:5000', true],
    ['x.corp:5000', 'x.corp', false],
    ['x.corp:443', 'x.corp', true],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.1.2.3', '10.1.2.3:5000', true],
    ['10.1.2.3:5000', '10.1.2.3', false],
    ['fd00::/8', '[fd12::1]', true],
    ['[fd12::1]:5000', '[fd12::1]:5000', true],
    ['10.0.0.0/99', '10.0.0.1', false],
    ['a.example, b.example ,c.example', 'b.example', true],
    ['a.example b.example', 'b.example', true],
    ['', 'x.example', false],
    [',.,/', 'x.example', false],
  ])('NO_PROXY=%j and %s: direct is %j', (no, host, direct) => {
    expect(chosen({ ...both, no }, `https://${host}/`) === undefined).toBe(direct);
  });
});

describe('through a proxy', () => {
  let proxy: http.Server;
  let target: http.Server;
  let secure: https.Server;
  let seen: string[];
  let client: HttpClient | undefined;
  let answer: (request: http.IncomingMessage, socket: net.Socket) => boolean;

  const listen = async (server: net.Server): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const request = (url: string, network: Network) => {
    client = new HttpClient({ userAgent: 'test', network, sleep: () => Promise.resolve() });
    return client.request({ method: 'GET', url: new URL(url), destination: 'registry', reach: 'loopback' });
  };
  const ports = { target: 0, secure: 0, proxy: 0 };

  beforeEach(async () => {
    seen = [];
    answer = () => false;
    const says = (q: http.IncomingMessage, r: http.ServerResponse): void =>
      void r.end(`${q.method} ${q.url} ${q.headers.host} ${q.headers['proxy-authorization'] ?? 'no login'}`);
    target = http.createServer(says);
    secure = https.createServer({ key: privateKey, cert: certificate }, says);
    const note = (q: http.IncomingMessage): void =>
      void seen.push(`${q.method} ${q.url} ${q.headers['proxy-authorization'] ?? 'no login'}`);
    proxy = http.createServer((q, r) => {
      note(q);
      // The names mean nothing here: what a proxy resolves is its own affair.
      http.get({ port: ports.target, path: new URL(q.url ?? '').pathname, headers: { host: q.headers.host } }, (a) =>
        a.pipe(r),
      );
    });
    proxy.on('connect', (q, socket: net.Socket) => {
      note(q);
      if (answer(q, socket)) return;
      const inner = net.connect(ports.secure, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        inner.pipe(socket).pipe(inner);
      });
      socket.on('error', () => inner.destroy());
    });
    ports.target = await listen(target);
    ports.secure = await listen(secure);
    ports.proxy = await listen(proxy);
  });
  afterEach(() => {
    client?.close();
    for (const server of [proxy, target, secure]) {
      server.closeAllConnections();
      server.close();
    }
  });
  const via = (login = ''): URL => new URL(`http://${login}127.0.0.1:${ports.proxy}`);
  const text = async (response: { body: AsyncIterable<Uint8Array> }): Promise<string> => {
    let all = '';
    for await (const chunk of response.body) all += Buffer.from(chunk).toString();
    return all;
  };

  it('asks plain HTTP with the whole address, and the login of the proxy stays there', async () => {
    const proxyFor = (): URL => via('ann:s3cret%40@');
    const response = await request('http://registry.example:5000/v2/?a=b', { proxyFor });
    expect(await text(response)).toBe('GET /v2/ registry.example:5000 no login');
    const login = `Basic ${Buffer.from('ann:s3cret@').toString('base64')}`;
    expect(seen).toEqual([`GET http://registry.example:5000/v2/?a=b ${login}`]);
    expect(response.reach).toBe('private');
  });

  it('asks HTTPS inside a tunnel, with the certificate of the host checked by its own authority', async () => {
    const tlsFor = () => ({ ca: [certificate] });
    const response = await request('https://registry.example/v2/', { proxyFor: () => via('ann:s3cret@'), tlsFor });
    expect(await text(response)).toBe('GET /v2/ registry.example no login');
    expect(seen).toEqual([`CONNECT registry.example:443 Basic ${Buffer.from('ann:s3cret').toString('base64')}`]);
    await expect(request('https://other.example/', { proxyFor: () => via(), tlsFor })).rejects.toThrow(
      'its certificate is for another name',
    );
    await expect(request('https://registry.example/', { proxyFor: () => via() })).rejects.toThrow(
      'its certificate is signed by nobody known here',
    );
  });

  it.each([
    [407, 'wants a login (407): write it as http://USER:PASSWORD@'],
    [403, 'answered 403 to a connection to registry.example:443'],
  ])('says that the proxy answered %i, and not the login', async (status, sentence) => {
    answer = (_, socket) => {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return true;
    };
    const failing = request('https://registry.example/', { proxyFor: () => via('ann:s3cret@') });
    await expect(failing).rejects.toThrow(sentence);
    await expect(failing).rejects.not.toThrow('s3cret');
  });

  it('says that the proxy is not there', async () => {
    const proxyFor = (): URL => new URL('http://ann:s3cret@127.0.0.1:1');
    await expect(request('https://registry.example/', { proxyFor })).rejects.toThrow(
      'the proxy 127.0.0.1:1 cannot be reached (ECONNREFUSED)',
    );
  });

  it('refuses addresses as it does without one', async () => {
    await expect(request('http://169.254.169.254/latest', { proxyFor: () => via() })).rejects.toThrow(
      'refused to connect',
    );
    expect(seen).toEqual([]);
  });
});

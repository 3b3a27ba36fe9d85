import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { HttpClient } from '../../../src/http/http-client.ts';
import type { Challenge } from '../../../src/oci/credentials/challenge.ts';
import type { Credentials } from '../../../src/oci/credentials/credentials.ts';
import { realmBelongsTo } from '../../../src/oci/credentials/realm.ts';
import { TokenSource } from '../../../src/oci/credentials/token.ts';

describe('realmBelongsTo', () => {
  it.each([
    // What the large registries do.
    ['https://registry-1.docker.io', 'https://auth.docker.io/token', true],
    ['https://ghcr.io', 'https://ghcr.io/token', true],
    ['https://quay.io', 'https://quay.io/v2/auth', true],
    ['https://registry.gitlab.com', 'https://gitlab.com/jwt/auth', true],
    ['https://eu.gcr.io', 'https://eu.gcr.io/v2/token', true],
    ['https://x.azurecr.io', 'https://x.azurecr.io/oauth2/token', true],
    ['https://registry.example.com:5000', 'https://auth.example.com/token', true],
    ['https://ghcr.io', 'https://auth.ghcr.io/token', true],
    ['http://registry.lan:5000', 'http://registry.lan:8080/token', true],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5000/token', true],
    // What nobody should get away with.
    ['https://ghcr.io', 'https://evil.example/token', false],
    ['https://ghcr.io', 'https://notghcr.io/token', false],
    ['https://ghcr.io', 'https://ghcr.io.evil.example/token', false],
    ['https://ghcr.io', 'https://quay.io/token', false],
    ['https://ghcr.io', 'http://ghcr.io/token', false],
    ['https://registry.example.com', 'https://com/token', false],
    ['https://example.com', 'https://evil.com/token', false],
    ['https://example.co.uk', 'https://evil.co.uk/token', false],
    ['https://example.co.uk', 'https://auth.example.co.uk/token', true],
    ['https://registry.example.co.uk', 'https://auth.example.co.uk/token', true],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5001/token', false],
    ['http://127.0.0.1:5000', 'http://127.0.0.2:5000/token', false],
    ['http://localhost:5000', 'http://localhost:5001/token', false],
    ['http://localhost:5000', 'http://evil.localhost/token', false],
    ['http://[::1]:5000', 'http://[::1]:5001/token', false],
    ['http://registry:5000', 'http://evil/token', false],
  ])('%s with %s: %j', (registry, realm, answer) => {
    expect(realmBelongsTo(new URL(registry), new URL(realm))).toBe(answer);
  });
});

describe('TokenSource', () => {
  let server: http.Server;
  let asked: string[];
  let answer: (response: http.ServerResponse) => void;
  let now: number;
  let client: HttpClient;
  let tokens: TokenSource;
  let named: { url: URL; reach: 'loopback' };
  let bearer: Challenge;
  beforeEach(async () => {
    asked = [];
    now = 1_000_000;
    answer = (response) => response.end(JSON.stringify({ token: `t${asked.length}`, expires_in: 300 }));
    server = http.createServer((request, response) => {
      asked.push(`${request.headers.authorization ?? 'anonymous'} ${request.url}`);
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new HttpClient({ userAgent: 'test', sleep: () => Promise.resolve() });
    tokens = new TokenSource(client, { now: () => now });
    named = { url: new URL(`${origin}/v2/`), reach: 'loopback' };
    bearer = { scheme: 'bearer', params: { realm: `${origin}/token?a=1`, service: 'registry & co' } };
  });
  afterEach(() => {
    client.close();
    server.close();
  });

  const ask = async (scope = 'repository:a:pull', credentials?: Credentials, challenge = bearer): Promise<string> =>
    (await tokens.authorize({ challenge, named, credentials }, { scope })).authorization;

  it('asks with service and scope, and once', async () => {
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array(3).fill('Bearer t1'));
    expect(await ask()).toBe('Bearer t1');
    expect(asked).toEqual(['anonymous /token?a=1&service=registry+%26+co&scope=repository%3Aa%3Apull']);
  });

  const scopesOf = (line: string): string[] => new URL(`http://x${line.split(' ')[1]}`).searchParams.getAll('scope');
  const scopes = (count: number): string[] => Array.from({ length: count }, (_, n) => `repository:team/app-${n}:pull`);

  it('asks at once for what is wanted at once, and for 50 scopes at most', async () => {
    const given = await Promise.all(scopes(120).map((scope) => ask(scope)));
    expect(asked.map((line) => scopesOf(line).length)).toEqual([50, 50, 20]);
    expect(asked.flatMap(scopesOf)).toEqual(scopes(120));
    expect(new Set(given).size).toBe(3);
    await Promise.all(scopes(120).map((scope) => ask(scope)));
    expect(asked).toHaveLength(3);
  });

  it('writes no request line that a server may refuse for its length', async () => {
    await Promise.all(scopes(40).map((scope) => ask(scope + 'x'.repeat(200))));
    expect(Math.max(...asked.map((line) => line.length))).toBeLessThan(6000);
    expect(asked.flatMap(scopesOf)).toHaveLength(40);
  });

  it('adds what will be wanted soon', async () => {
    const others = () => Promise.resolve(scopes(3));
    const [first = '', second = ''] = scopes(2);
    const question = { challenge: bearer, named, credentials: undefined };
    await tokens.authorize(question, { scope: first, others });
    expect((await tokens.authorize(question, { scope: second })).authorization).toBe('Bearer t1');
    expect(asked.map(scopesOf)).toEqual([scopes(3)]);
  });

  it('asks one by one where several at once are refused for the sake of one', async () => {
    answer = (response) => {
      const wanted = scopesOf(asked.at(-1) ?? '');
      if (wanted.includes('secret')) response.writeHead(403).end();
      else response.end(JSON.stringify({ token: wanted.join('+') }));
    };
    const results = await Promise.allSettled(['a', 'secret', 'b'].map((scope) => ask(scope)));
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value : 'refused'))).toEqual([
      'Bearer a',
      'refused',
      'Bearer b',
    ]);
    expect(asked).toHaveLength(4);
    await Promise.all([ask('c'), ask('d')]);
    expect(asked).toHaveLength(6);
  });

  it('makes one anew in place of one that was refused, for that scope alone', async () => {
    const question = { challenge: bearer, named, credentials: undefined };
    const [old] = await Promise.all([ask('a'), ask('b')]);
    const renewed = await Promise.all([0, 1].map(() => tokens.authorize(question, { scope: 'a', instead: old ?? '' })));
    expect(renewed.map(({ authorization }) => authorization)).toEqual(['Bearer t2', 'Bearer t2']);
    expect(renewed[0]?.final).toBe(true);
    expect(await ask('b')).toBe('Bearer t1');
    expect(asked.map(scopesOf)).toEqual([['a', 'b'], ['a']]);
  });

  it('keeps tokens of different logins apart', async () => {
    const login = (name: string): Credentials => ({ kind: 'password', username: name, password: new Secret('x') });
    const given = await Promise.all([ask('a', login('ann')), ask('a', login('bob')), ask('a')]);
    expect(new Set(given).size).toBe(3);
  });

  it('asks again shortly before the token expires, once for all who wait', async () => {
    await ask();
    now += 289_000;
    expect(await ask()).toBe('Bearer t1');
    now += 2000;
    expect(new Set(await Promise.all([ask(), ask(), ask(), ask()]))).toEqual(new Set(['Bearer t2']));
    expect(asked).toHaveLength(2);
  });

  it.each([
    [{ token: 'x' }, 50_000],
    [{ token: 'x', expires_in: 0 }, 50_000],
    [{ token: 'x', expires_in: '900' }, 50_000],
    [{ token: 'x', expires_in: 12 }, 6000],
    [{ access_token: 'x', expires_in: 60 }, 50_000],
  ])('keeps %j for %i ms', async (body, lifetime) => {
    answer = (response) => response.end(JSON.stringify(body));
    await ask();
    now += lifetime - 1;
    await ask();
    expect(asked).toHaveLength(1);
    now += 1;
    await ask();
    expect(asked).toHaveLength(2);
  });

  it('tells everybody who waits of one failure, and tries again for the next', async () => {
    const works = answer;
    answer = (response) => response.writeHead(403).end();
    const all = await Promise.allSettled([ask(), ask(), ask()]);
    expect(all.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(asked).toHaveLength(1);
    answer = works;
    expect(await ask()).toBe('Bearer t2');
  });

  it('sends credentials to the registry’s own realm, and user information of the realm nowhere', async () => {
    const credentials: Credentials = { kind: 'password', username: 'ann', password: new Secret('s3cret') };
    const realm = bearer.params['realm']?.replace('//', '//eve:x@') ?? '';
    await ask('s', credentials, { scheme: 'bearer', params: { realm } });
    await ask('t', undefined, { scheme: 'bearer', params: { realm } });
    expect(asked.map((line) => line.split(' ').slice(0, -1).join(' '))).toEqual([
      `Basic ${Buffer.from('ann:s3cret').toString('base64')}`,
      'anonymous',
    ]);
  });

  it.each([
    ['no token', '{}', 'without a token'],
    ['an empty token', '{"token":""}', 'without a token'],
    ['a token with a line break', '{"token":"a\\r\\nx: y"}', 'without a token'],
    ['a token beyond ASCII', '{"token":"ä"}', 'without a token'],
    ['a number', '{"token":5}', 'without a token'],
    ['null', 'null', 'without a token'],
    ['a page', '<html>', 'not JSON'],
    ['an endless answer', `"${'x'.repeat(300_000)}"`, 'more than 262144 bytes'],
  ])('refuses %s', async (_name, body, why) => {
    answer = (response) => response.end(body);
    await expect(ask()).rejects.toMatchObject({ code: 'REGISTRY', message: expect.stringContaining(why) });
  });

  it.each([
    [302, 'at another address'],
    [501, 'out of order'],
    [404, 'needs a login'],
  ])('explains the status %i by what it is', async (status, why) => {
    answer = (response) => response.writeHead(status, { location: 'http://127.0.0.2:1/x' }).end();
    await expect(ask()).rejects.toMatchObject({ code: 'REGISTRY', message: expect.stringContaining(why) });
  });

  it.each([
    ['', 'is no http(s) address'],
    ['/token', 'is no http(s) address'],
    ['file:///etc/passwd', 'is no http(s) address'],
    ['javascript:1', 'is no http(s) address'],
  ])('asks no realm such as %j', async (realm, why) => {
    await expect(ask('s', undefined, { scheme: 'bearer', params: { realm } })).rejects.toMatchObject({
      code: 'REGISTRY',
      message: expect.stringContaining(why),
    });
    expect(asked).toEqual([]);
  });

  it('asks no realm without encryption for a registry with it', async () => {
    const url = new URL('https://registry.example/v2/');
    const question = { challenge: bearer, named: { url, reach: 'public' as const }, credentials: undefined };
    await expect(tokens.authorize(question, { scope: 's' })).rejects.toThrow(
      'registry.example names a token server that is reached without encryption; nothing was sent to it',
    );
    expect(asked).toEqual([]);
  });

  describe('with an identity token', () => {
    const identity: Credentials = { kind: 'identity', username: '<token>', token: new Secret('refresh-me') };
    let posted: string[];
    const serve = (way: (posted: string, response: http.ServerResponse) => void): void => {
      posted = [];
      server.removeAllListeners('request');
      server.on('request', async (request, response) => {
        asked.push(`${request.method} ${request.headers.authorization ?? 'anonymous'}`);
        if (request.method !== 'POST') return answer(response);
        posted.push(await text(request));
        way(posted.at(-1) ?? '', response);
      });
    };

    it('exchanges it by OAuth2', async () => {
      serve((_, response) => response.end(JSON.stringify({ access_token: 'made', expires_in: 60 })));
      expect(await Promise.all([ask('a', identity), ask('b', identity)])).toEqual(['Bearer made', 'Bearer made']);
      expect(posted).toEqual([
        'grant_type=refresh_token&client_id=plimsoll&refresh_token=refresh-me&service=registry+%26+co&scope=a+b',
      ]);
      expect(asked).toEqual(['POST anonymous']);
    });

    it.each([400, 401, 404, 405])('shows it as a password where that way answers %i', async (status) => {
      serve((_, response) => response.writeHead(status).end());
      expect(await ask('a', identity)).toBe('Bearer t2');
      const shown = `Basic ${Buffer.from('<token>:refresh-me').toString('base64')}`;
      expect(asked).toEqual(['POST anonymous', `GET ${shown}`]);
    });

    it('sends it to no token server of somebody else', async () => {
      serve((_, response) => response.writeHead(500).end());
      const url = new URL('http://127.0.0.2:1/v2/');
      const question = { challenge: bearer, named: { url, reach: 'loopback' as const }, credentials: identity };
      expect((await tokens.authorize(question, { scope: 'a' })).authorization).toBe('Bearer t1');
      expect(asked).toEqual(['GET anonymous']);
    });
  });

  describe('a redirect', () => {
    const ann: Credentials = { kind: 'password', username: 'ann', password: new Secret('s3cret') };
    const shown = `Basic ${Buffer.from('ann:s3cret').toString('base64')}`;
    const seen: string[] = [];
    const redirecting = (status: number, location: string): void => {
      seen.length = 0;
      server.removeAllListeners('request');
      server.on('request', async (request, response) => {
        const body = request.method === 'POST' ? await text(request) : '';
        const path = request.url?.split('?')[0];
        seen.push(`${request.method} ${path} ${request.headers.authorization ?? 'anonymous'} ${body !== ''}`);
        if (path === '/real') response.end(JSON.stringify({ token: 'real' }));
        else response.writeHead(status, { location }).end();
      });
    };

    it.each([301, 302, 303, 307, 308])('%i within the same host is followed, with the login', async (status) => {
      redirecting(status, '/real?x=1');
      expect(await ask('a', ann)).toBe('Bearer real');
      expect(seen).toEqual([`GET /token ${shown} false`, `GET /real ${shown} false`]);
    });

    it.each([
      [307, true],
      [302, false],
    ])('%i of an exchange: %s', async (status, follows) => {
      redirecting(status, '/real');
      const identity: Credentials = { kind: 'identity', username: '<token>', token: new Secret('refresh-me') };
      const answered = ask('a', identity);
      if (follows) expect(await answered).toBe('Bearer real');
      else await expect(answered).rejects.toMatchObject({ code: 'REGISTRY' });
      expect(seen).toEqual(['POST /token anonymous true', ...(follows ? ['POST /real anonymous true'] : [])]);
    });

    it('to another host is not followed, with a login or without', async () => {
      const elsewhere: string[] = [];
      const other = http.createServer((request, response) => {
        elsewhere.push(request.url ?? '');
        response.end(JSON.stringify({ token: 'stolen' }));
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      redirecting(307, `http://127.0.0.1:${(other.address() as AddressInfo).port}/real`);
      for (const credentials of [ann, undefined]) {
        await expect(ask('a', credentials)).rejects.toMatchObject({ message: expect.stringContaining('answered 307') });
      }
      other.close();
      expect(elsewhere).toEqual([]);
    });

    it('in a circle ends', async () => {
      redirecting(308, '/token');
      await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('answered 308') });
      expect(seen).toHaveLength(6);
    });
  });
});

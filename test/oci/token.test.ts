import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import type { Challenge } from '../../src/oci/challenge.ts';
import { realmBelongsTo, TokenSource } from '../../src/oci/token.ts';

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
    client = new HttpClient({ userAgent: 'test', sleep: () => Promise.resolve(), headTimeout: 500 });
    tokens = new TokenSource(client, { now: () => now });
    named = { url: new URL(`${origin}/v2/`), reach: 'loopback' };
    bearer = { scheme: 'bearer', params: { realm: `${origin}/token?a=1`, service: 'registry & co' } };
  });
  afterEach(() => {
    client.close();
    server.close();
  });

  const ask = (scope = 'repository:a:pull', credentials?: { username: string; password: Secret }, challenge = bearer) =>
    tokens.authorize(challenge, named, scope, credentials);

  it('asks with service and scope, and once', async () => {
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array(3).fill('Bearer t1'));
    expect(await ask()).toBe('Bearer t1');
    expect(asked).toEqual(['anonymous /token?a=1&service=registry+%26+co&scope=repository%3Aa%3Apull']);
  });

  it('asks for each scope', async () => {
    await Promise.all([ask('repository:a:pull'), ask('repository:b:pull')]);
    expect(asked).toHaveLength(2);
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
    const credentials = { username: 'ann', password: new Secret('s3cret') };
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
    await expect(tokens.authorize(bearer, { url, reach: 'public' }, 's', undefined)).rejects.toThrow(
      'registry.example names a token server that is reached without encryption; nothing was sent to it',
    );
    expect(asked).toEqual([]);
  });

  it('follows no redirect', async () => {
    answer = (response) => response.writeHead(302, { location: '/token' }).end();
    await expect(ask()).rejects.toMatchObject({ code: 'REGISTRY', message: expect.stringContaining('answered 302') });
    expect(asked).toHaveLength(1);
  });
});

import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Secret } from '../../src/core/secret.ts';
import { routes } from '../../src/serve/api-routes.ts';
import { acts } from '../../src/serve/page.ts';
import { assets, pages } from '../../src/serve/pages/index.ts';
import { a, aRun, b, debian, look, stored } from '../contract/store.ts';
import { actToken, ask, metricsToken, readToken, startDaemon, type TestDaemon, tokens } from '../support/daemon.ts';
import { temporaryTree } from '../support/fleet.ts';
import { aWorkload } from '../support/seeded-state.ts';

let daemon: TestDaemon;
afterEach(() => daemon.close());

const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });
const json = { 'content-type': 'application/json' };

/** A daemon whose state knows one image with one finding. */
async function seeded(...settings: Parameters<typeof startDaemon>): Promise<void> {
  daemon = await startDaemon(...settings);
  const run = await daemon.store.recordRun(aRun(daemon.now - 60_000, { looks: [look(b)], findings: [stored(['n'])] }));
  const place = { scope: '.', repository: '.', file: 'Dockerfile', line: 1, written: 'debian:12', reference: debian };
  const manifests = [{ platform: 'linux/amd64', manifest: b }];
  await daemon.store.fleet.record(
    { consumers: [{ id: 'finding', ...place, digest: b, manifests }], unlooked: [] },
    [],
    aRun(0),
  );
  await daemon.store.endRun(run, { finishedAt: daemon.now - 30_000, outcome: 'done', exit: 0 });
}

const everything = [
  '/',
  '/images',
  '/runs',
  '/settings',
  '/nowhere',
  '/metrics',
  '/api/openapi.json',
  '/api/nowhere',
  ...routes.filter(({ method }) => method === 'get').map(({ path: route }) => `/api/v1${route.replace(/:\w+/g, 'x')}`),
];

describe('a daemon with tokens', () => {
  it('answers nobody without one but for its health', async () => {
    await seeded({ auth: tokens });
    for (const route of everything) {
      const { status, headers, text } = await daemon.ask('GET', route);
      const isPage = !route.startsWith('/api/') && route !== '/metrics';
      expect([route, status]).toEqual([route, isPage ? 303 : 401]);
      if (isPage) expect(headers.location).toBe(`/login?back=${encodeURIComponent(route)}`);
      expect(text).not.toContain('debian');
    }
    for (const { method, path: route } of routes.filter((one) => one.method !== 'get')) {
      const answer = await daemon.ask(method.toUpperCase(), `/api/v1${route}`, {
        headers: { origin: daemon.url, ...json },
        ...(method === 'post' && { body: '{}' }),
      });
      expect(answer.status).toBe(401);
    }
    expect(await daemon.ask('GET', '/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
    const ready = await daemon.ask('GET', '/readyz');
    expect([ready.status, JSON.parse(ready.text)]).toEqual([200, { ready: true, reason: 'the state answers' }]);
  });

  it('says of every address which methods it takes, whoever asks', async () => {
    await seeded({ auth: tokens });
    const bySlots = (path: string): string => path.replace(/:\w+/g, 'x');
    const taken = new Map<string, string[]>([
      ...['/healthz', '/readyz', '/metrics', '/api/openapi.json'].map((path): [string, string[]] => [
        path,
        ['GET', 'HEAD'],
      ]),
      ...assets.map(({ path }): [string, string[]] => [path, ['GET', 'HEAD']]),
      ...pages.map(({ path }): [string, string[]] => [bySlots(path), ['GET', 'HEAD']]),
      ...Object.values(acts).map((path): [string, string[]] => [path, ['POST']]),
      ['/login', ['GET', 'HEAD', 'POST']],
    ]);
    for (const { path, method } of routes) {
      const own = taken.get(`/api/v1${bySlots(path)}`) ?? [];
      own.push(...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
      taken.set(`/api/v1${bySlots(path)}`, own);
    }
    for (const [path, methods] of taken) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        for (const token of [undefined, readToken]) {
          const headers = { ...(token && bearer(token)) };
          const answer = await ask(daemon.url, method, path, { headers });
          const isRefused = answer.status === 405;
          expect([method, path, isRefused]).toEqual([method, path, !methods.includes(method)]);
          if (isRefused) expect(answer.headers['allow']?.split(', ').sort()).toEqual([...methods].sort());
        }
      }
      if (!methods.includes('GET')) continue;
      const [get, head] = await Promise.all(
        ['GET', 'HEAD'].map((method) => ask(daemon.url, method, path, { headers: bearer(readToken) })),
      );
      expect([path, head?.status, head?.headers['content-type'], head?.text]).toEqual([
        path,
        get?.status,
        get?.headers['content-type'],
        '',
      ]);
      const unknown = await Promise.all(['GET', 'HEAD'].map((method) => ask(daemon.url, method, path)));
      expect([path, unknown[1]?.status]).toEqual([path, unknown[0]?.status]);
    }
    expect(daemon.lines).toEqual([]);
  });

  it('lets each do what its token is for', async () => {
    await seeded({ auth: tokens });
    const of = async (method: string, route: string, token: string): Promise<number> =>
      (
        await daemon.ask(method, route, {
          headers: { ...bearer(token), ...json },
          ...(method === 'POST' && { body: '{}' }),
        })
      ).status;
    expect(await of('GET', '/metrics', metricsToken)).toBe(200);
    expect(await of('GET', '/', metricsToken)).toBe(403);
    expect(await of('GET', '/api/v1/runs', metricsToken)).toBe(403);
    expect(await of('GET', '/metrics', readToken)).toBe(200);
    expect(await of('GET', '/api/v1/runs', readToken)).toBe(200);
    expect(await of('POST', '/api/v1/checks', readToken)).toBe(403);
    expect(await of('POST', '/act/snooze', readToken)).toBe(403);
    expect(await of('POST', '/api/v1/checks', actToken)).toBe(400);
    expect(await of('GET', '/api/v1/runs', `${readToken}x`)).toBe(401);
  });

  it('says to every answer what a browser may do with it', async () => {
    await seeded({ auth: tokens });
    for (const route of ['/', '/login', '/healthz', '/api/v1/runs', '/nowhere']) {
      const { headers } = await daemon.ask('GET', route, { headers: bearer(readToken) });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  it.each(['user@localhost', 'localhost:99999', 'localhost/x', 'a b'])(
    'says so too where nobody can tell who was meant: %j',
    async (host) => {
      await seeded({ auth: tokens });
      const { status, headers, text } = await daemon.ask('GET', '/', { headers: { host, ...bearer(readToken) } });
      expect([status, text]).toEqual([400, 'this is no request\n']);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    },
  );

  it('tells a browser what went wrong as a page, and a program as a problem', async () => {
    await seeded({ auth: tokens });
    const act = (accept: string): ReturnType<TestDaemon['ask']> =>
      daemon.ask('POST', '/act/snooze', {
        headers: { ...bearer(actToken), accept },
        body: new URLSearchParams({ value: 'debian:12', until: '<b>soon' }).toString(),
      });
    const page = await act('text/html,application/xhtml+xml,*/*;q=0.8');
    expect([page.status, page.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
    expect(page.text).toContain('&lt;b&gt;soon');
    expect(page.text).not.toContain('<b>');
    const problem = await act('*/*');
    expect([problem.status, problem.headers['content-type']]).toEqual([400, 'application/problem+json']);
    const api = await daemon.ask('GET', '/api/v1/nowhere', { headers: { ...bearer(actToken), accept: 'text/html' } });
    expect([api.status, api.headers['content-type']]).toEqual([404, 'application/problem+json']);
  });

  it('keeps a login in a signed cookie, for a browser', async () => {
    await seeded({ auth: tokens });
    const form = (token: string, back = '/runs'): Promise<Awaited<ReturnType<TestDaemon['ask']>>> =>
      daemon.ask('POST', '/login', {
        headers: { origin: daemon.url, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token, back }).toString(),
      });
    expect((await form('wrong')).status).toBe(401);
    const { status, headers } = await form(readToken);
    expect([status, headers.location]).toEqual([303, '/runs']);
    const [set = ''] = headers['set-cookie'] ?? [];
    expect(set).toMatch(/^__Host-plimsoll=.*; Path=\/; Max-Age=604800; Secure; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(readToken);
    const [cookie = ''] = set.split(';');
    const runs = async (value: string): Promise<number> =>
      (await daemon.ask('GET', '/api/v1/runs', { headers: { cookie: value } })).status;
    expect(await runs(cookie)).toBe(200);
    expect(await runs(cookie.replace('=read.', '=act.'))).toBe(401);
    expect(await runs(cookie.slice(0, -1))).toBe(401);
    daemon.now += 8 * 24 * 60 * 60_000;
    expect(await runs(cookie)).toBe(401);
  });

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', '\\evil', 'javascript:alert(1)'])(
    'leads nobody elsewhere after a login: %s',
    async (back) => {
      await seeded({ auth: tokens });
      const { headers } = await daemon.ask('POST', '/login', {
        headers: { origin: daemon.url },
        body: new URLSearchParams({ token: readToken, back }).toString(),
      });
      expect(headers.location).toBe('/');
    },
  );

  it('lets nobody try many tokens', async () => {
    await seeded({ auth: tokens });
    const wrong = async (): Promise<number> =>
      (await daemon.ask('GET', '/api/v1/runs', { headers: bearer('wrong') })).status;
    const statuses = await Promise.all(Array.from({ length: 12 }, wrong));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect((await daemon.ask('GET', '/api/v1/runs', { headers: bearer(readToken) })).status).toBe(429);
    daemon.now += 60_000;
    expect((await daemon.ask('GET', '/api/v1/runs', { headers: bearer(readToken) })).status).toBe(200);
  });
});

describe('requests that other pages send', () => {
  it.each([
    [{ origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }],
    [{ origin: 'null', ...json }],
    [{ origin: 'https://evil.example', 'sec-fetch-site': 'none', ...json, ...bearer(actToken) }],
    [{ 'sec-fetch-site': 'cross-site', ...json, ...bearer(actToken) }],
    [{ 'sec-fetch-site': 'same-site', ...json, ...bearer(actToken) }],
    [json],
    [{ 'content-type': 'text/plain' }],
  ])('are refused: %j', async (headers) => {
    await seeded({ auth: tokens });
    for (const route of ['/api/v1/checks', '/api/v1/snoozes', '/act/snooze', '/act/recheck', '/login', '/logout']) {
      const { status } = await daemon.ask('POST', route, { headers, body: '{"images":["debian:12"]}' });
      expect([route, status]).toEqual([route, 403]);
    }
    expect((await daemon.store.runs(10)).length).toBe(1);
  });

  it('are refused by a name that is not ours', async () => {
    await seeded({ auth: tokens });
    const of = async (host: string): Promise<number> =>
      (await daemon.ask('GET', '/api/v1/runs', { headers: { host, ...bearer(readToken) } })).status;
    for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.evil.example']) {
      expect([host, await of(host)]).toEqual([host, 421]);
    }
    for (const host of ['localhost', 'localhost:8087', '127.0.0.1:1', '[::1]:8087']) expect(await of(host)).toBe(200);
  });

  it('come by the public name', async () => {
    await seeded({ auth: tokens, publicUrl: 'https://plimsoll.corp' });
    const of = async (host: string): Promise<number> =>
      (await daemon.ask('GET', '/api/v1/runs', { headers: { host, ...bearer(readToken) } })).status;
    expect(await of('plimsoll.corp')).toBe(200);
    expect(await of('other.corp')).toBe(421);
    const post = await daemon.ask('POST', '/api/v1/checks', {
      headers: { host: 'plimsoll.corp', origin: 'https://plimsoll.corp', ...json, ...bearer(actToken) },
      body: '{"images":["debian:12"]}',
    });
    expect(post.status).toBe(202);
  });
});

describe('a daemon without a login', () => {
  it('is for reading', async () => {
    await seeded();
    expect((await daemon.ask('GET', '/api/v1/runs')).status).toBe(200);
    const post = await daemon.ask('POST', '/api/v1/checks', {
      headers: { origin: daemon.url, ...json },
      body: '{"images":["debian:12"]}',
    });
    expect(post.status).toBe(403);
  });

  it('may be acted on by a socket that only its owner can open', async () => {
    const tree = temporaryTree({});
    try {
      await seeded({ listen: { path: path.join(tree.folder, 'own.sock') } });
      const post = await ask(daemon.url, 'POST', '/api/v1/checks', { headers: json, body: '{"images":["debian:12"]}' });
      expect(post.status).toBe(202);
    } finally {
      tree.remove();
    }
  });
});

/** What goes over the wire as the bytes of UTF-8. */
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

describe('a daemon behind a proxy', () => {
  const secret = 'the-secret-of-the-proxy';
  const proxy = {
    type: 'proxy',
    user: 'x-user',
    from: ['127.0.0.0/8'],
    header: 'x-proxy-secret',
    secret: new Secret(secret),
    group: 'x-groups',
    act: 'ops',
  } as const;
  const headers = { 'x-user': 'ada', 'x-proxy-secret': secret };

  it('believes its headers, and nobody else', async () => {
    await seeded({ auth: proxy });
    const of = async (own: Record<string, string>): Promise<number> =>
      (await daemon.ask('GET', '/api/v1/runs', { headers: own })).status;
    expect(await of(headers)).toBe(200);
    expect(await of({ ...headers, 'x-proxy-secret': 'x' })).toBe(401);
    expect(await of({ 'x-user': 'ada' })).toBe(401);
    expect(await of({ ...headers, 'x-user': '' })).toBe(401);
  });

  it('is shut by no visitor who tries logins through it', async () => {
    await seeded({ auth: proxy });
    for (let i = 0; i < 12; i++) {
      const tried = { authorization: 'Basic eDp4', 'x-proxy-secret': secret };
      expect((await daemon.ask('GET', '/api/v1/runs', { headers: tried })).status).toBe(401);
    }
    const known = { ...headers, authorization: 'Basic YTph' };
    expect((await daemon.ask('GET', '/api/v1/runs', { headers: known })).status).toBe(200);
  });

  it('believes nobody who comes from elsewhere', async () => {
    await seeded({ auth: { ...proxy, from: ['10.0.0.0/8', '127.0.0.2'] } });
    expect((await daemon.ask('GET', '/api/v1/runs', { headers })).status).toBe(401);
  });

  it.each([
    ['no name', { 'x-user': '  ' }, /the proxy sends no name in x-user/],
    ['a header twice', { 'x-user': ['admin', 'ada'] }, /the proxy sends x-user more than once/],
    ['groups twice', { 'x-user': 'ada', 'x-groups': ['ops', 'users'] }, /the proxy sends x-groups more than once/],
    ['two names in one line', { 'x-user': 'admin, ada' }, /a name with a comma/],
    ['a long name', { 'x-user': 'a'.repeat(201) }, /a name of more than 200 characters/],
    ['a turned name', { 'x-user': latin1('ada\u202egnp') }, /a name with characters that nobody sees/],
    ['a hidden one', { 'x-user': latin1('ada\u200b') }, /a name with characters that nobody sees/],
    ['its secret twice', { 'x-user': 'ada', 'x-proxy-secret': [secret, secret] }, /come by the proxy/],
    ['two secrets', { 'x-user': 'ada', 'x-proxy-secret': ['x', secret] }, /come by the proxy/],
  ])('takes nobody for somebody by %s, and says why', async (_, own, why) => {
    await seeded({ auth: proxy });
    for (const [method, route] of [
      ['GET', '/api/v1/runs'],
      ['POST', '/act/snooze'],
      ['GET', '/'],
    ] as const) {
      const sent = { 'x-proxy-secret': secret, 'x-groups': 'ops', origin: daemon.url, ...own };
      const { status, text, headers: said } = await ask(daemon.url, method, route, { headers: sent });
      expect([route, status, said.location]).toEqual([route, 401, undefined]);
      expect(text).toMatch(why);
      expect(text).not.toContain(secret);
    }
    expect(await daemon.store.daemon.audited(10)).toEqual([]);
  });

  it.each([
    ['ada@example.com', 'ada@example.com'],
    [latin1('Ádám Šén'), 'Ádám Šén'],
    ['\u00c1d\u00e1m', 'Ádám'],
    [latin1('A\u0301da\u0301m'), 'Ádám'],
    ['<b>ada</b>', '<b>ada</b>'],
  ])('writes down a name as the proxy means it: %j', async (sent, name) => {
    await seeded({ auth: { ...proxy, act: 'ópš' } });
    const { status } = await daemon.ask('POST', '/api/v1/snoozes', {
      headers: {
        'x-user': sent,
        'x-proxy-secret': secret,
        'x-groups': `users,${latin1('ópš')}`,
        'x-forwarded-for': '127.0.0.1, 10.0.0.1',
        origin: daemon.url,
        ...json,
      },
      body: '{"value":"debian:12","until":"7d"}',
    });
    expect(status).toBe(201);
    expect(await daemon.store.daemon.audited(10)).toMatchObject([{ person: name }]);
  });

  it.each([
    [['::ffff:127.0.0.1'], 200],
    [['::ffff:127.0.0.0/104'], 200],
    [['::ffff:10.0.0.0/104', '::1'], 401],
    [['10.0.0.0/8'], 401],
  ])('knows its address in whichever family it is written: %j', async (from, status) => {
    await seeded({ auth: { ...proxy, from } });
    for (const forwarded of ['127.0.0.1', '10.0.0.1', '10.0.0.1, 127.0.0.1', '::ffff:10.0.0.1']) {
      const sent = { ...headers, 'x-forwarded-for': forwarded, 'x-real-ip': forwarded, forwarded: `for=${forwarded}` };
      expect((await daemon.ask('GET', '/api/v1/runs', { headers: sent })).status).toBe(status);
    }
  });

  it('lets its group act, and writes down who did', async () => {
    await seeded({ auth: proxy });
    const post = async (groups: string): Promise<number> =>
      (
        await daemon.ask('POST', '/api/v1/snoozes', {
          headers: { ...headers, 'x-groups': groups, origin: daemon.url, ...json },
          body: '{"value":"debian:12","until":"7d"}',
        })
      ).status;
    expect(await post('users')).toBe(403);
    expect(await post('users, ops')).toBe(201);
    expect(await daemon.store.daemon.audited(10)).toMatchObject([{ person: 'ada', action: 'snooze', subject: debian }]);
  });
});

describe('the API', () => {
  const get = async (route: string): Promise<{ status: number; body: unknown }> => {
    const { status, text } = await daemon.ask('GET', `/api/v1${route}`, { headers: bearer(readToken) });
    return { status, body: JSON.parse(text) };
  };
  const post = async (route: string, body: unknown): Promise<{ status: number; body: unknown }> => {
    const { status, text } = await daemon.ask('POST', `/api/v1${route}`, {
      headers: { ...bearer(actToken), ...json },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status, body: JSON.parse(text) };
  };

  it('answers what it says it answers', async () => {
    await seeded({ auth: tokens });
    const encoded = encodeURIComponent(debian);
    const filled = (route: string): string =>
      route
        .replace(':reference', encoded)
        .replace(':id', '1')
        .replace('/packages', '/packages?name=openssl')
        .replace('/diff', `/diff?from=${a}&to=${b}`);
    for (const { method, path: route, answer } of routes) {
      if (method !== 'get') continue;
      const { status, body } = await get(filled(route));
      expect([route, status]).toEqual([route, 200]);
      expect([route, answer?.safeParse(body).error?.issues]).toEqual([route, undefined]);
    }
  });

  it('gives as many findings as are asked for, up to a page', async () => {
    await seeded({ auth: tokens });
    const findings = Array.from({ length: 120 }, (_, n) => stored([`n${n}`], `f${n}`, { file: `${n}/Dockerfile` }));
    await daemon.store.recordRun(aRun(daemon.now - 50_000, { looks: [look(b)], findings }));
    const page = async (query: string) => {
      const { status, body } = await get(`/findings?${query}`);
      return { status, ...(body as { items?: { id: string }[]; next?: string }) };
    };
    const first = await page('');
    expect([first.items?.length, first.next]).toEqual([50, expect.any(String)]);
    const [two, three] = [await page('limit=2'), await page('limit=50')];
    expect([two.items, three.items]).toEqual([first.items?.slice(0, 2), first.items]);
    expect((await page(`limit=1&cursor=${two.next}`)).items).toEqual(first.items?.slice(2, 3));
    for (const limit of ['0', '51', '-1', '1.5', 'x', '']) {
      expect([limit, (await page(`limit=${limit}`)).status]).toEqual([limit, 400]);
    }
    const { body } = await get(`/images/${encodeURIComponent(debian)}?limit=3`);
    expect(body).toMatchObject({ findings: first.items?.slice(0, 3), uses: [{}] });
  });

  it('knows images, their findings and their digests', async () => {
    await seeded({ auth: tokens });
    expect(await get('/images')).toMatchObject({
      body: { items: [{ reference: debian, class: 'packages', findings: 1 }] },
    });
    expect(await get(`/images/${encodeURIComponent(debian)}`)).toMatchObject({
      body: { reference: debian, findings: [{ class: 'packages', since: '2026-11-29T11:59:00.000Z' }] },
    });
    expect(await get(`/images/${encodeURIComponent(debian)}/digests`)).toMatchObject({
      body: { items: [{ digest: b }] },
    });
    expect(await get('/images?class=security')).toMatchObject({ body: { items: [] } });
    expect(await get('/images/nobody')).toEqual({
      status: 404,
      body: { type: 'about:blank', status: 404, title: 'no run has seen nobody yet' },
    });
    expect((await get('/images?class=x')).status).toBe(400);
    expect((await get('/packages')).status).toBe(400);
  });

  it('says what of a question is none, on every route and page, and answers nothing else instead', async () => {
    await seeded({ auth: tokens });
    const known: Readonly<Record<string, string>> = { reference: encodeURIComponent(debian), id: '1' };
    for (const { method, path: route, query = {} } of routes) {
      if (method !== 'get') continue;
      const address = `/api/v1${route.replace(/:(\w+)/g, (_, name: string) => known[name] ?? 'x')}`;
      const bad = ['nope=1', ...Object.keys(query).map((name) => `${name}=a&${name}=b`)];
      if ('cursor' in query) bad.push('cursor=x', 'cursor=100', 'cursor=WyJBQUFBQUFBQSIsMTAwXQ');
      if ('limit' in query) bad.push('limit=abc', 'limit=-1', 'limit=1e9', 'limit=0', 'limit=1.5');
      if ('class' in query) bad.push('class=nope', 'class=Security');
      for (const one of bad) {
        const needed = 'name' in query && !one.startsWith('name=') ? 'name=openssl&' : '';
        const answer = await daemon.ask('GET', `${address}?${needed}${one}`, { headers: bearer(readToken) });
        expect([address, one, answer.status]).toEqual([address, one, 400]);
        expect(answer.headers['content-type']).toBe('application/problem+json');
      }
    }
    for (const address of [
      '/images?cursor=x',
      '/images?cursor=100',
      '/images?class=nope',
      '/packages?cursor=x',
      '/packages?name=openssl&cursor=x',
      '/packages?name=openssl&version=1&cursor=x',
      '/repositories?cursor=x',
      '/repositories/.?cursor=x',
      '/workloads?cursor=x',
      '/workloads?cursor=-1',
      '/news?cursor=x',
      '/runs?cursor=x',
      `/images/${encodeURIComponent(debian)}?uses=x`,
      `/images/${encodeURIComponent(debian)}?from=x`,
    ]) {
      const headers = { ...bearer(readToken), accept: 'text/html' };
      const answer = await daemon.ask('GET', address, { headers });
      expect([address, answer.status]).toEqual([address, 400]);
      expect(answer.headers['content-type']).toMatch(/^text\/html;/);
      expect(answer.text).toContain('The address asks for what is not there');
    }
    expect(daemon.lines).toEqual([]);
  });

  it('has every list to its end, page by page', async () => {
    await seeded({ auth: tokens });
    const digestOf = (n: number): typeof a => `sha256:${n.toString(16).padStart(64, '0')}` as typeof a;
    const workloads = Array.from({ length: 120 }, (_, n) => ({ ...aWorkload(), name: `web-${1000 + n}` }));
    const read = [{ id: 'nas', name: 'nas', files: [], lost: [], missed: [] }];
    for (let n = 0; n < 120; n++) {
      const at = daemon.now + n;
      await daemon.store.recordRun(aRun(at, { looks: [look(digestOf(n))], workloads, read }));
      const to = { root: a, manifest: b };
      const workload = { engine: 'nas', kind: 'container', name: 'web' } as const;
      await daemon.store.acts.begin({ id: 'w', workload, reference: debian, from: null, to, at, class: 'security' });
    }
    for (const [list, nameOf, all] of [
      [`/images/${encodeURIComponent(debian)}/digests`, 'digest', 121],
      ['/runs', 'id', 121],
      ['/moves', 'began', 120],
      ['/workloads', 'name', 120],
    ] as const) {
      const seen = new Set<unknown>();
      const sizes: number[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const { body } = await get(`${list}?cursor=${cursor}`);
        const { items, next } = body as { readonly items: readonly Record<string, unknown>[]; readonly next?: string };
        sizes.push(items.length);
        for (const one of items) seen.add(one[nameOf]);
        cursor = next;
      }
      expect([list, seen.size, sizes]).toEqual([list, all, [100, all - 100]]);
    }
  });

  it('tells what two digests differ in, and of what that is not known', async () => {
    await seeded({ auth: tokens });
    const { fleet } = daemon.store;
    const place = { scope: '.', repository: '.', file: 'Dockerfile', line: 1, written: 'debian:12', reference: debian };
    const consumer = (id: string, digest: typeof a) => ({
      ...place,
      id,
      digest,
      manifests: [{ platform: 'linux/amd64', manifest: digest }],
    });
    await fleet.record({ consumers: [consumer('1', a), consumer('2', b)], unlooked: [] }, [], aRun(1));
    const diff = async (from: string, to: string): Promise<unknown> => (await get(`/diff?from=${from}&to=${to}`)).body;
    expect(await diff(a, b)).toEqual({
      notKept: [],
      platforms: [{ platform: 'linux/amd64', kind: 'not-kept', missing: 'both' }],
    });
    for (const [manifest, version] of [
      [a, '1'],
      [b, '2'],
    ] as const) {
      const packages = [{ name: 'openssl', version, architecture: 'amd64' }];
      await fleet.addInventory(manifest, 'e', { os: 'debian 12', scheme: 'dpkg', packages, isWhole: true });
    }
    expect(await diff(a, b)).toMatchObject({
      platforms: [
        { kind: 'compared', changes: [{ name: 'openssl', before: '1', after: '2' }], packages: 1, isWhole: true },
      ],
    });
    expect(await diff(a, a)).toMatchObject({ platforms: [{ kind: 'same-manifest' }] });
    const unseen = `sha256:${'0'.repeat(64)}`;
    expect(await diff(unseen, b)).toEqual({ notKept: [unseen], platforms: [] });
    expect((await get('/diff?from=x')).status).toBe(400);
  });

  it('has a run made, and tells how it stands', async () => {
    await seeded({ auth: tokens });
    const { status, body } = await post('/checks', { images: ['debian:12'] });
    expect(status).toBe(202);
    const { run } = body as { readonly run: number };
    expect(await get(`/runs/${run}`)).toMatchObject({
      body: { id: run, trigger: 'person', scope: { images: [debian] } },
    });
    await expect.poll(async () => (await get(`/runs/${run}`)).body).toMatchObject({ state: 'failed', exit: 3 });
    expect((await get('/runs/1')).body).toMatchObject({ state: 'done', outcome: 'done', exit: 0, scope: 'all' });
  });

  it('refuses what nobody has seen, and what is no such body', async () => {
    await seeded({ auth: tokens });
    for (const wish of [{ images: ['nobody:1'] }, { repositories: ['x/y'] }, { workloads: ['a/b'] }]) {
      expect((await post('/checks', wish)).status).toBe(404);
    }
    for (const wrong of ['', '[]', '{}', '{"images":[]}', '{"images":7}', '{"images":["a"],"more":1}', 'x']) {
      const answer = await post('/checks', wrong);
      expect([wrong, answer.status]).toEqual([wrong, 400]);
    }
    expect((await post('/checks', { images: Array.from({ length: 5000 }, () => 'x'.repeat(50)) })).status).toBe(413);
    expect((await post('/snoozes', { value: 'debian:12', until: 'soon' })).status).toBe(400);
    expect((await get('/runs/x')).status).toBe(404);
    expect(await daemon.store.runs(10)).toHaveLength(1);
  });

  it('keeps no glob that nobody could read afterwards', async () => {
    await seeded({ auth: tokens });
    for (const value of [`debian${'{a,b}'.repeat(9)}`, `${'x'.repeat(1001)}*`]) {
      expect((await post('/snoozes', { value, until: '7d' })).status).toBe(400);
    }
    expect((await get('/snoozes')).body).toEqual({ items: [] });
  });

  it.each(['01', '1.0', '1e0', '0x1', '%201', '+1', '-1', '0', '9007199254740993', '%ff'])(
    'knows a run by one spelling of its number, which is not %s',
    async (number) => {
      await seeded({ auth: tokens });
      expect((await get('/runs/1')).status).toBe(200);
      expect((await get(`/runs/${number}`)).status).toBe(404);
      expect((await daemon.ask('GET', `/runs/${number}`, { headers: bearer(readToken) })).status).toBe(404);
    },
  );

  it.each(['yesterday', '2026-02-30', '2026', '', "2026-11-29' or 1"])(
    'takes %j for no first day, and no day for an answer',
    async (from) => {
      await seeded({ auth: tokens });
      expect((await get(`/fleet?from=${encodeURIComponent(from)}`)).status).toBe(400);
    },
  );

  it('makes one run of what is asked for several times while it waits', async () => {
    await seeded({ auth: tokens }, {}, 'setTimeout(() => process.exit(3), 1500)');
    const check = async (): Promise<unknown> =>
      ((await post('/checks', { images: ['debian:12'] })).body as { run: 1 }).run;
    const underWay = await check();
    await expect.poll(async () => (await get(`/runs/${underWay}`)).body).toMatchObject({ state: 'running' });
    const [first, second] = await Promise.all([check(), check()]);
    expect(first).not.toBe(underWay);
    expect([second, await check()]).toEqual([first, first]);
    expect(await daemon.store.runs(10)).toHaveLength(3);
  });

  it('moves a workload once, however often that is asked for while it waits', async () => {
    const redeploy = { adopt: new Set<never>(), keepOld: 1, perRun: 5, cleanup: false };
    const engines = [{ type: 'docker', name: 'nas', stopped: false, redeploy }] as const;
    await seeded({ auth: tokens }, { engines }, 'setTimeout(() => process.exit(3), 1500)');
    await daemon.store.recordRun(aRun(daemon.now - 50_000, { workloads: [aWorkload()] }));
    const move = (what: string): ReturnType<typeof post> => post('/moves', { workload: 'nas/shop-web-1', what });
    const answers = await Promise.all([move('redeploy'), move('redeploy'), move('rollback'), move('redeploy')]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const asked = (await daemon.store.daemon.audited(10)).filter(
      ({ subject }) => subject === 'nas/shop-web-1: asked for',
    );
    expect(asked.map(({ action }) => action).sort()).toEqual(['redeploy', 'rollback']);
  });

  it('snoozes and wakes', async () => {
    await seeded({ auth: tokens });
    expect(await post('/snoozes', { value: 'debian:12', until: '7d' })).toEqual({
      status: 201,
      body: { kind: 'image', value: debian, until: '2026-12-06T12:00:00.000Z' },
    });
    expect((await get('/snoozes')).body).toMatchObject({ items: [{ value: debian }] });
    const gone = await daemon.ask('DELETE', `/api/v1/snoozes/${encodeURIComponent(debian)}`, {
      headers: bearer(actToken),
    });
    expect(gone.status).toBe(204);
    expect((await get('/snoozes')).body).toEqual({ items: [] });
  });

  it('describes itself', async () => {
    await seeded({ auth: tokens });
    const { text } = await daemon.ask('GET', '/api/openapi.json', { headers: bearer(readToken) });
    const document = JSON.parse(text) as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([route, methods]) =>
      Object.keys(methods).map((method) => `${method} ${route}`),
    );
    expect(described.sort()).toEqual(
      routes.map(({ method, path: route }) => `${method} /api/v1${route.replace(/:(\w+)/g, '{$1}')}`).sort(),
    );
    for (const { answer } of routes) if (answer) expect(() => z.toJSONSchema(answer)).not.toThrow();
  });
});

describe('hooks', () => {
  const secret = 'the-secret-of-the-hook-x';
  const settings = { auth: tokens, hooks: { secrets: { generic: new Secret(secret), quay: new Secret(secret) } } };
  const call = async (body: unknown, headers: Record<string, string> = bearer(secret)): Promise<number> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return (await daemon.ask('POST', '/hooks/generic', { headers, body: text })).status;
  };
  const waiting = async (): Promise<readonly string[]> =>
    (await daemon.store.daemon.rechecks()).map(({ reference }) => reference);

  it('put what is known into the inbox, and answer what is not the same way', async () => {
    await seeded(settings);
    expect(await call({ image: 'nobody:1' })).toBe(202);
    expect(await waiting()).toEqual([]);
    expect(await call({ image: 'debian:12' })).toBe(202);
    expect(await call({ image: 'debian:12' })).toBe(202);
    expect(await call('no JSON')).toBe(202);
    expect(await waiting()).toEqual([debian]);
  });

  it('count one delivery once', async () => {
    await seeded(settings);
    const headers = { ...bearer(secret), 'webhook-id': 'one' };
    expect(await call({ image: 'debian:12' }, headers)).toBe(202);
    await daemon.store.daemon.removeRechecks([debian]);
    expect(await call({ image: 'debian:12' }, headers)).toBe(202);
    expect(await waiting()).toEqual([]);
  });

  it('need their secret, whatever else somebody has', async () => {
    await seeded(settings);
    for (const headers of [{}, bearer('x'), bearer(actToken)]) {
      expect(await call({ image: 'debian:12' }, headers as Record<string, string>)).toBe(401);
    }
    expect((await daemon.ask('POST', '/hooks/quay/wrong', { body: '{}' })).status).toBe(401);
    const looked = await daemon.ask('GET', `/hooks/quay/${secret}`);
    expect([looked.status, looked.headers['allow'], looked.headers['location']]).toEqual([405, 'POST', undefined]);
    const nowhere = await daemon.ask('POST', `/hooks/quay/${secret}/x`);
    expect([nowhere.status, nowhere.headers['allow'], nowhere.headers['location']]).toEqual([
      404,
      undefined,
      undefined,
    ]);
    for (const word of ['nobody', 'constructor', '__proto__', 'toString']) {
      expect((await daemon.ask('POST', `/hooks/${word}`, { headers: bearer(secret), body: '{}' })).status).toBe(401);
    }
    expect(daemon.lines).toEqual([]);
    expect((await daemon.ask('POST', `/hooks/quay/${secret}`, { body: '{}' })).status).toBe(202);
    expect(await waiting()).toEqual([]);
  });

  it('are bounded in size and number', async () => {
    await seeded(settings);
    expect(await call(`{"image":"${'x'.repeat(300_000)}"}`)).toBe(413);
    const statuses = await Promise.all(Array.from({ length: 700 }, () => call({ image: 'debian:12' })));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(100);
    expect(await waiting()).toEqual([debian]);
    daemon.now += 60_000;
    expect(await call({ image: 'debian:12' })).toBe(202);
  });

  it('may have a listener of their own, which answers nothing else', async () => {
    await seeded({ ...settings, hooks: { ...settings.hooks, listen: { host: '127.0.0.1', port: 0 } } });
    const elsewhere = await ask(daemon.hooksUrl ?? '', 'POST', '/hooks/generic', {
      headers: { ...bearer(secret), host: 'hooks.corp' },
      body: '{"image":"debian:12"}',
    });
    expect(elsewhere.status).toBe(202);
    expect((await ask(daemon.hooksUrl ?? '', 'GET', '/healthz')).status).toBe(404);
    for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
      for (const route of ['/hooks', '/hooks/generic', `/hooks/quay/${secret}`, `/hooks/quay/${secret}/`]) {
        const { status, headers, text } = await daemon.ask(method, route, { headers: { accept: 'text/html' } });
        expect([method, route, status, headers.location]).toEqual([method, route, 404, undefined]);
        expect(text).not.toContain(secret);
      }
    }
    expect(daemon.lines.filter((line) => line.includes(secret))).toEqual([]);
    for (const [method, route] of [
      ['POST', '/hooks/generic'],
      ['GET', '/healthz'],
    ] as const) {
      const { headers } = await ask(daemon.hooksUrl ?? '', method, route);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(await call({ image: 'debian:12' })).not.toBe(202);
  });
});

it('a form of ours is known by what the browser says of it', async () => {
  await seeded({ auth: tokens });
  for (const [headers, status] of [
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 303],
    [{ 'sec-fetch-site': 'same-origin' }, 303],
    [{ origin: daemon.url }, 303],
  ] as const) {
    const answer = await daemon.ask('POST', '/login', {
      headers,
      body: new URLSearchParams({ token: readToken }).toString(),
    });
    expect([headers, answer.status]).toEqual([headers, status]);
  }
});

it('forms come back to where they were', async () => {
  await seeded({ auth: tokens });
  const post = (route: string, form: Record<string, string>): ReturnType<TestDaemon['ask']> =>
    daemon.ask('POST', route, {
      headers: { ...bearer(actToken), origin: daemon.url },
      body: new URLSearchParams(form).toString(),
    });
  expect(await post('/act/snooze', { value: debian, until: '7d', back: '/news' })).toMatchObject({
    status: 303,
    headers: { location: '/news' },
  });
  expect(await daemon.store.snoozes.active(daemon.now)).toHaveLength(1);
  expect(await post('/act/recheck', { reference: debian })).toMatchObject({
    status: 303,
    headers: { location: '/runs/2' },
  });
  expect((await post('/act/recheck', { reference: 'nobody' })).status).toBe(404);
});

it('a run that its own memory ends is a line in the list of runs, with the code of its signal', async () => {
  await seeded({ auth: tokens }, {}, "const kept = []; for (;;) kept.push('x'.repeat(1e6).split(''))");
  await daemon.ask('POST', '/api/v1/checks', {
    headers: { ...bearer(actToken), ...json },
    body: JSON.stringify({ images: ['debian:12'] }),
  });
  const runs = async (): Promise<unknown> =>
    JSON.parse((await daemon.ask('GET', '/api/v1/runs', { headers: bearer(readToken) })).text).items;
  await expect.poll(runs, { timeout: 30_000 }).toMatchObject([{ state: 'failed', exit: 134 }, { state: 'done' }]);
  expect((await daemon.ask('GET', '/readyz')).status).toBe(200);
});

it('a state that does not answer is no secret, and no stack', async () => {
  await seeded({ auth: tokens });
  await daemon.store.close();
  const ready = await daemon.ask('GET', '/readyz');
  expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { ready: false, reason: 'the state does not answer' }]);
  const { status, text } = await daemon.ask('GET', '/api/v1/runs', { headers: bearer(readToken) });
  expect([500, 503]).toContain(status);
  expect(text).not.toMatch(/\bat \/|node:/);
});

describe('metrics', () => {
  it('have as many series for many images as for one', async () => {
    await seeded({ auth: tokens });
    const series = async (): Promise<string[]> => {
      const { text } = await daemon.ask('GET', '/metrics', { headers: bearer(metricsToken) });
      return text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.replace(/ \S+$/, ''));
    };
    const before = await series();
    expect(before).toContain('plimsoll_findings{class="packages"}');
    expect(before).toContain('plimsoll_moves{outcome="undone"}');
    expect(before).toContain('plimsoll_news_open{class="security"}');
    expect(before).toContain('plimsoll_oldest_finding_seconds{class="lagging"}');
    const references = Array.from({ length: 200 }, (_, i) => `docker.io/library/i${i}:1`);
    const run = await daemon.store.recordRun(
      aRun(daemon.now, {
        looks: references.map((one) => look(b, '*', one)),
        findings: references.map((reference, i) => stored([`n${i}`], `f${i}`, { reference })),
      }),
    );
    await daemon.store.endRun(run, { finishedAt: daemon.now, outcome: 'done', exit: 0 });
    expect(await series()).toEqual(before);
  });

  it('count what has happened since the daemon began', async () => {
    const secret = 'the-secret-of-the-hook-x';
    const listen = { host: '127.0.0.1', port: 0 };
    await seeded({ auth: tokens, hooks: { secrets: { generic: new Secret(secret) }, listen } });
    const read = async (): Promise<string> =>
      (await daemon.ask('GET', '/metrics', { headers: bearer(metricsToken) })).text;
    expect(await read()).toContain('plimsoll_run_duration_seconds_count 0\n');
    await daemon.ask('POST', '/api/v1/checks', {
      headers: { ...bearer(actToken), ...json },
      body: JSON.stringify({ images: ['debian:12'] }),
    });
    await expect.poll(read).toContain('plimsoll_runs_total{trigger="person",outcome="failed"} 1\n');
    expect(await read()).toMatch(
      /_bucket\{le="1"\} 1\n.*_bucket\{le="\+Inf"\} 1\nplimsoll_run_duration_seconds_sum 0\n/s,
    );
    const headers = bearer(secret);
    await ask(daemon.hooksUrl ?? '', 'POST', '/hooks/generic', { headers, body: '{"image":"debian:12"}' });
    expect(await read()).toContain('plimsoll_webhooks_total{source="generic",result="accepted"} 1\n');
  });
});

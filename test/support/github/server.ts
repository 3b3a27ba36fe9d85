import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGraphql } from './graphql.ts';
import { type Answer, type Route, routes } from './rest.ts';
import { answerFaults, isDescribed, requestFaults } from './rest-check.ts';
import { World } from './world.ts';

export interface Logged {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly isWrite: boolean;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
}

/** GitHub on loopback: see the README beside this file for what it does as GitHub does. */
export interface GitHubServer {
  readonly url: string;
  /** What it shows; a test may put another one in its place. */
  world: World;
  readonly log: Logged[];
  /** What GitHub's own descriptions have against our requests, or against this stand-in's answers. */
  readonly faults: string[];
  /** Tokens to the account behind them. */
  readonly tokens: Map<string, string>;
  /** Asked before anything else: an answer, or nothing. */
  intercept: ((method: string, path: string, body: string) => Answer | 'hang-up' | undefined) | undefined;
  /** After a write has been done and before it is answered: `hang-up` loses the answer. */
  after: ((method: string, path: string, body: string) => 'hang-up' | undefined) | undefined;
  unknownMutations: ReadonlySet<string>;
  /** What a classic token may do, as every answer says; others say nothing. */
  scopes: string | undefined;
  /** As GitHub writes it: `2026-12-30 12:00:00 UTC`. */
  tokenEnds: string | undefined;
  treeLimit: number;
  writes(): Logged[];
  close(): Promise<void>;
}

export async function startGitHub(world = new World(), prefix = ''): Promise<GitHubServer> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      answer(request, response, Buffer.concat(chunks).toString()).catch((error: unknown) => {
        github.faults.push(`the stand-in failed: ${(error as Error).stack}`);
        response.writeHead(500).end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github: GitHubServer = {
    url: `${origin}${prefix}`,
    world,
    log: [],
    faults: [],
    tokens: new Map([
      ['token', 'plimsoll[bot]'],
      ['app-token', 'plimsoll[bot]'],
    ]),
    intercept: undefined,
    after: undefined,
    unknownMutations: new Set(),
    scopes: undefined,
    tokenEnds: undefined,
    treeLimit: 100_000,
    writes: () => github.log.filter(({ isWrite }) => isWrite),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  async function answer(request: http.IncomingMessage, response: http.ServerResponse, body: string): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const method = (request.method ?? 'GET').toLowerCase();
    const isGraphql = url.pathname === (prefix === '' ? '/graphql' : '/api/graphql');
    const path = isGraphql ? '/graphql' : url.pathname.slice(prefix.length);
    const isWrite = isGraphql
      ? /"query":"\s*mutation/.test(body)
      : method !== 'get' && !path.includes('/access_tokens');
    const send = (given: Answer): void => {
      const text = given.body === undefined ? '' : JSON.stringify(given.body);
      const etag = `W/"${createHash('sha1').update(text).digest('hex')}"`;
      const same = method === 'get' && given.status === 200 && request.headers['if-none-match'] === etag;
      const status = same ? 304 : given.status;
      const { authorization, 'user-agent': userAgent } = request.headers;
      github.log.push({ method, path: `${path}${url.search}`, status, isWrite, authorization, userAgent });
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        etag,
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': '4999',
        'x-ratelimit-reset': '4102444800',
        ...(github.scopes !== undefined && { 'x-oauth-scopes': github.scopes }),
        ...(github.tokenEnds !== undefined && { 'github-authentication-token-expiration': github.tokenEnds }),
        ...given.headers,
      });
      response.end(same ? undefined : text);
    };
    const early = github.intercept?.(method, path, body);
    if (early === 'hang-up') return void request.socket.destroy();
    if (early !== undefined) return send(early);

    const token = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const isApp = token.split('.').length === 3;
    const login = isApp ? 'plimsoll[bot]' : github.tokens.get(token);
    if (login === undefined) return send({ status: 401, body: { message: 'Bad credentials' } });
    let given: Answer;
    if (isGraphql) {
      const { query, variables = {} } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
      const unknown = github.unknownMutations;
      const done = await answerGraphql({ world: github.world, base: origin, login, query, variables, unknown });
      github.faults.push(...done.faults);
      given = { status: 200, body: done.body };
    } else {
      const found = match(method, path);
      if (found === undefined) {
        github.faults.push(`nobody described ${method} ${path}`);
        return send({ status: 404, body: { message: 'Not Found' } });
      }
      const { route, params } = found;
      const sent = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
      github.faults.push(...requestFaults(route.template, method, sent));
      given = route.answer({
        world: github.world,
        base: origin,
        login,
        body: sent,
        query: url.searchParams,
        params,
        treeLimit: github.treeLimit,
      });
      const shown = JSON.parse(JSON.stringify(given.body ?? null)) as unknown;
      github.faults.push(...answerFaults(route.template, method, given.status, shown));
    }
    if (isWrite && github.after?.(method, path, body) === 'hang-up') return void request.socket.destroy();
    send(given);
  }
  return github;
}

const patterns = routes.map((route) => {
  if (!isDescribed(route.template, route.method)) throw new Error(`not described: ${route.method} ${route.template}`);
  const source = route.template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { route, pattern: new RegExp(`^${source}$`) };
});

function match(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  for (const { route, pattern } of patterns) {
    const groups = route.method === method ? pattern.exec(path)?.groups : undefined;
    if (groups !== undefined) {
      const params = Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]);
      return { route, params: Object.fromEntries(params) };
    }
  }
  return undefined;
}

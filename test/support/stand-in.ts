import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gitHttp, isGitPath } from './git-http.ts';
import { bareStore } from './github/objects.ts';
import type { Logged } from './github/server.ts';
import { type Repo, World } from './github/world.ts';

/** What a route answers; `body` is JSON, `bytes` as they are. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call {
  readonly server: StandIn;
  readonly world: World;
  /** The account behind the token. */
  readonly login: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** The address of this request without its query. */
  readonly address: string;
}

export interface Route {
  readonly method: string;
  /** `/projects/:id/issues`; a parameter that begins with `*` may hold slashes. */
  readonly template: string;
  answer(call: Call): Answer;
}

/** A forge on loopback over real bare repositories, to which git's own back end lets us push. */
export interface StandIn {
  readonly url: string;
  readonly name: string;
  world: World;
  readonly log: Logged[];
  /** What the server's description has against our requests or the stand-in's answers. */
  readonly faults: string[];
  readonly tokens: Map<string, string>;
  intercept: ((method: string, path: string, body: string) => Answer | 'hang-up' | undefined) | undefined;
  after: ((method: string, path: string, body: string) => 'hang-up' | undefined) | undefined;
  /** What becomes of an answer of the API, after it was held against the description. */
  alter: ((given: Answer) => Answer) | undefined;
  /** After so many requests it has noticed a push: who pushed what, and what that means for proposals. */
  lag: number;
  /** Headers of answers that something in between takes away. */
  readonly stripped: string[];
  /** Settings of git on the server. */
  readonly settings: string[];
  /** Merged although nothing had looked at it. */
  readonly untested: number[];
  /** A world of its own, over bare repositories of its own. */
  newWorld(): World;
  writes(): Logged[];
  close(): Promise<void>;
}

export interface StandInOptions {
  readonly name: string;
  readonly prefix: string;
  readonly routes: readonly Route[];
  /** Who asks the API. */
  readonly tokenOf: (headers: http.IncomingHttpHeaders) => string | undefined;
  /** Complains about a request and its answer. */
  readonly check: (route: Route, sent: { query: URLSearchParams; body: unknown }, given: Answer) => readonly string[];
}

export async function startStandIn({ name, prefix, routes, tokenOf, check }: StandInOptions): Promise<StandIn> {
  const place = mkdtempSync(path.join(tmpdir(), `plimsoll-${name}-`));
  const roots = new Map<World, string>();
  /** What a repository was called when it was made: it may be renamed. */
  const folders = new WeakMap<object, string>();
  let worlds = 0;
  const newWorld = (): World => {
    const root = path.join(place, String(worlds++));
    mkdirSync(root);
    const world = new World((repository) => {
      const store = bareStore(path.join(root, `${repository}.git`));
      folders.set(store, repository);
      return store;
    });
    roots.set(world, root);
    return world;
  };
  const server = http.createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      answer(request, response, Buffer.concat(pieces)).catch((error: unknown) => {
        own.faults.push(`the stand-in failed: ${(error as Error).stack}`);
        response.writeHead(500).end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const own: StandIn = {
    url: origin,
    name,
    world: newWorld(),
    log: [],
    faults: [],
    tokens: new Map([['token', 'plimsoll']]),
    intercept: undefined,
    after: undefined,
    alter: undefined,
    lag: 0,
    stripped: [],
    settings: [],
    untested: [],
    newWorld,
    writes: () => own.log.filter(({ isWrite }) => isWrite),
    async close() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(place, { recursive: true, force: true });
    },
  };
  const unnoticed: { readonly after: number; readonly world: World; readonly notice: () => void }[] = [];
  const patterns = routes.map((route) => {
    const source = route.template
      .replaceAll('.', '\\.')
      .replace(/\*(\w+)/g, '(?<$1>.+)')
      .replace(/:(\w+)/g, '(?<$1>[^/]+)');
    return { route, pattern: new RegExp(`^${source}$`) };
  });

  async function answer(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const method = (request.method ?? 'GET').toLowerCase();
    const isGit = isGitPath(url.pathname);
    const at = isGit ? url.pathname : url.pathname.slice(prefix.length);
    const isWrite = isGit ? method === 'post' && at.endsWith('receive-pack') : !['get', 'head'].includes(method);
    const send = (given: Answer): void => {
      const text = given.bytes ?? Buffer.from(given.body === undefined ? '' : JSON.stringify(given.body));
      const etag = `W/"${createHash('sha1').update(text).digest('hex')}"`;
      const isSame = method === 'get' && given.status === 200 && request.headers['if-none-match'] === etag;
      const status = isSame ? 304 : given.status;
      const { authorization, 'user-agent': userAgent } = request.headers;
      own.log.push({ method, path: `${at}${url.search}`, status, isWrite, authorization, userAgent });
      const headers = {
        'content-type': 'application/json',
        ...(isGit ? {} : { etag }),
        date: new Date().toUTCString(),
        ...given.headers,
      };
      const passed = Object.entries(headers).filter(([header]) => !own.stripped.includes(header));
      response.writeHead(status, Object.fromEntries(passed));
      response.end(isSame || method === 'head' ? undefined : text);
    };
    // What was left of another story is nobody's any more.
    for (const one of unnoticed.splice(0)) {
      if (one.world !== own.world) continue;
      if (one.after <= own.log.length) one.notice();
      else unnoticed.push(one);
    }
    const early = own.intercept?.(method, at, isGit ? '' : body.toString());
    if (early === 'hang-up') return void request.socket.destroy();
    if (early !== undefined) return send(early);
    const { world } = own;
    let given: Answer;
    if (isGit) given = await push(request, method, url, body, world);
    else {
      const login = own.tokens.get(tokenOf(request.headers) ?? '');
      if (login === undefined) return send({ status: 401, body: { message: '401 Unauthorized' } });
      const found = match(method, at);
      if (found === undefined) {
        own.faults.push(`nobody described ${method} ${at}`);
        return send({ status: 404, body: { error: '404 Not Found' } });
      }
      const sent = body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
      const { route, params } = found;
      const address = `${origin}${url.pathname}`;
      given = route.answer({ server: own, world, login, body: sent, query: url.searchParams, params, address });
      own.faults.push(...check(route, { query: url.searchParams, body: sent }, given));
      given = own.alter?.(given) ?? given;
    }
    if (isWrite && own.after?.(method, at, '') === 'hang-up') return void request.socket.destroy();
    send(given);
  }

  async function push(
    request: http.IncomingMessage,
    method: string,
    url: URL,
    body: Buffer,
    world: World,
  ): Promise<Answer> {
    const [, basic = ''] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const login = own.tokens.get(Buffer.from(basic, 'base64').toString().split(':')[1] ?? '');
    const plain = { 'content-type': 'text/plain' };
    if (login === undefined) return { status: 401, bytes: Buffer.from('HTTP Basic: Access denied'), headers: plain };
    const full = decodeURIComponent(url.pathname).replace(/^\/|\.git\/.*$/g, '');
    const repo = world.find(full.slice(0, full.lastIndexOf('/')), full.slice(full.lastIndexOf('/') + 1));
    if (repo === undefined || repo.permissions.get(login) === 'none')
      return { status: 404, bytes: Buffer.from('not found'), headers: plain };
    const writes = url.search.includes('receive-pack') || url.pathname.endsWith('receive-pack');
    if (writes && (repo.archived || repo.permissions.get(login) === 'read'))
      return { status: 403, bytes: Buffer.from('You are not allowed to push code to this project.'), headers: plain };
    const before = new Map(repo.store.refs());
    const root = roots.get(world) ?? '';
    const { settings } = own;
    const at = `/${folders.get(repo.store)}.git${url.pathname.replace(/^.*\.git/, '')}`;
    const answered = await gitHttp(request, { root, path: at, query: url.search.slice(1), body, settings });
    if (method === 'post' && writes) pushed(repo, login, before);
    return { status: answered.status, bytes: answered.body, headers: answered.headers };
  }

  function pushed(repo: Repo, by: string, before: ReadonlyMap<string, string>): void {
    const { world } = own;
    const changed = [...repo.store.refs()].filter(([ref, commit]) => before.get(ref) !== commit);
    const notice = (): void => {
      for (const [ref, commit] of changed) repo.pushes.push({ by, branch: ref.replace('refs/heads/', ''), commit });
      world.moved(repo);
    };
    if (own.lag === 0) notice();
    else unnoticed.push({ after: own.log.length + own.lag, world, notice });
  }

  function match(method: string, at: string): { route: Route; params: Record<string, string> } | undefined {
    for (const { route, pattern } of patterns) {
      const groups =
        route.method === method || (method === 'head' && route.method === 'head')
          ? (pattern.exec(at)?.groups ?? (pattern.test(at) ? {} : undefined))
          : undefined;
      if (groups === undefined) continue;
      const params = Object.entries(groups).map(([key, value]) => [key, decodeURIComponent(value)] as const);
      return { route, params: Object.fromEntries(params) };
    }
    return undefined;
  }
  return own;
}

/** One page of a list, with the address of the next in `Link`. `size` is the name that the server has for the page's size. */
export function page(all: readonly unknown[], { query, address }: Call, size: string, usual: number): Answer {
  const number = Number(query.get('page') ?? 1);
  const many = Math.min(Number(query.get(size) ?? usual), 100);
  const some = all.slice((number - 1) * many, number * many);
  // The last one has links, too.
  if (all.length <= number * many)
    return { status: 200, body: some, headers: { link: `<${address}?page=1>; rel="first"` } };
  const next = new URLSearchParams(query);
  next.set('page', String(number + 1));
  return { status: 200, body: some, headers: { link: `<${address}?${next}>; rel="next"` } };
}

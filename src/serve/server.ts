import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { AuthSettings } from '../config/serve-settings.ts';
import { isLoopback } from '../config/serve-settings.ts';
import { PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { snooze } from './api-changes.ts';
import { queryOf } from './api-lists.ts';
import type { ApiAnswer, ApiRoute } from './api-route.ts';
import { routes } from './api-routes.ts';
import {
  type Caller,
  endedCookie,
  mayAs,
  type Person,
  personOf,
  personWith,
  sessionCookie,
  WrongTokens,
} from './auth.ts';
import { type Daemon, daemonFacts } from './daemon-parts.ts';
import { crossOriginComplaint, hostComplaint, knownMethods, securityHeaders } from './guard.ts';
import { addHookRoutes } from './hook-routes.ts';
import { loginPage } from './login-page.ts';
import { metricsText } from './metrics.ts';
import { askForMove } from './moves.ts';
import { openApi } from './openapi.ts';
import { acts, type Page, type PageContext } from './page.ts';
import { assets, pages, renderAnswer } from './pages/index.ts';
import { markup } from './pages/markup.ts';
import { plainDocument } from './plain-document.ts';
import { bodyOf } from './request-body.ts';

/** What the listener tells of a request: absent on a unix socket. */
interface Env {
  Bindings: {
    readonly incoming?: {
      readonly socket: { readonly remoteAddress?: string | undefined };
      /** Names and values by turns, as they came. */
      readonly rawHeaders: readonly string[];
    };
  };
  Variables: { person: Person };
}
type Call = Context<Env>;

const notFound: Page = {
  path: '*',
  render: async () => ({
    status: 404,
    title: 'No such page',
    body: markup`<h1>No such page</h1><p><a href="/">The fleet</a> is the place to begin.</p>`,
  }),
};

/** Everything that is answered. Reading changes nothing; what changes something passes the guard of other pages' forms. */
export function serverApp(daemon: Daemon): Hono<Env> {
  const app = new Hono<Env>({ strict: false });
  const wrong = new WrongTokens();
  app.onError((error, c) => failed(daemon, c as Call, error));
  app.notFound((c) =>
    c.req.path.startsWith('/api/') ? problem(c as Call, 404, 'no such route') : c.text('no such page\n', 404),
  );
  app.use(saidToBrowsers);
  if (daemon.inForce().config.serve.hooks.listen === undefined) addHookRoutes(app as unknown as Hono, daemon);
  // Nobody is sent from here to log in: the address that is come back to may hold a secret.
  else app.all('/hooks/*', (c) => c.text('no such hook\n', 404));
  app.use(
    knownMethods(app as unknown as Hono, (c, allow) => {
      c.header('allow', allow);
      return problem(c as Call, 405, `${c.req.method} is not for this address, which takes ${allow}`);
    }),
  );
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', (c) => ready(daemon, c));
  app.use(guarded(daemon));
  for (const { path, type, body } of assets) {
    app.get(path, (c) =>
      c.body(body, 200, { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }),
    );
  }
  addLogin(app, daemon, wrong);
  app.use(authenticated(daemon, wrong));
  app.get('/metrics', allowed('metrics'), async (c) =>
    c.text(await metricsText(daemon.store, daemonFacts(daemon), daemon.supervisor.counts, daemon.clock.now()), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  );
  app.use(allowed('read'));
  // It says the same as long as the process lives.
  let description: string | undefined;
  app.get('/api/openapi.json', (c) => {
    description ??= JSON.stringify(openApi(daemon.version));
    return c.body(description, 200, { 'content-type': 'application/json' });
  });
  for (const route of routes) addRoute(app, daemon, route);
  addActs(app, daemon);
  for (const page of pages) {
    app.get(page.path, async (c) => {
      const { status, text } = await renderAnswer(page, contextOf(daemon, c));
      return c.html(text, status);
    });
  }
  app.get('*', async (c) => {
    if (c.req.path.startsWith('/api/')) return problem(c, 404, 'no such route');
    const { status, text } = await renderAnswer(notFound, contextOf(daemon, c));
    return c.html(text, status);
  });
  return app;
}

/** What a second listener answers: hooks and nothing else. */
export function hooksApp(daemon: Daemon): Hono {
  const app = new Hono();
  app.onError((error, c) => failed(daemon, c as unknown as Call, error));
  app.notFound((c) => c.text('no such hook\n', 404));
  app.use(saidToBrowsers);
  addHookRoutes(app, daemon);
  return app;
}

/** Every answer says what a browser may do with it. */
const saidToBrowsers: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value);
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
};

function contextOf(daemon: Daemon, c: Call): PageContext {
  const { config, configFile } = daemon.inForce();
  return {
    store: daemon.store,
    config,
    ...(configFile !== undefined && { configFile }),
    daemon: daemonFacts(daemon),
    params: c.req.param() as unknown as Record<string, string>,
    query: new URL(c.req.url).searchParams,
    now: daemon.clock.now(),
    mayAct: mayAs(c.get('person').role, 'act'),
    isSignedIn: c.get('person').isBrowser === true,
  };
}

/** Says whether runs can be made and questions answered, and nothing else. */
async function ready({ store, supervisor }: Daemon, c: Context): Promise<Response> {
  if (supervisor.isStopping) return c.json({ ready: false, reason: 'it is being stopped' }, 503);
  try {
    await store.runs(1);
    return c.json({ ready: true, reason: 'the state answers' });
  } catch {
    return c.json({ ready: false, reason: 'the state does not answer' }, 503);
  }
}

function addressOf(c: Call): string | undefined {
  return c.env?.incoming?.socket.remoteAddress;
}

function callerOf(c: Call): Caller {
  const names = (c.env?.incoming?.rawHeaders ?? []).filter((_, index) => index % 2 === 0);
  return {
    header: (name) => c.req.header(name),
    isRepeated: (name) => names.filter((one) => one.toLowerCase() === name.toLowerCase()).length > 1,
    address: addressOf(c),
  };
}

/** Requests that were meant for others, or sent by their pages, end here. */
function guarded(daemon: Daemon): MiddlewareHandler<Env> {
  return async (c, next) => {
    const settings = daemon.inForce().config.serve;
    const header = (name: string): string | undefined => c.req.header(name);
    // Whoever shows a token for figures alone is no browser; Prometheus comes by whatever name a service has.
    const isScraped = c.req.path === '/metrics' && header('authorization') !== undefined;
    const misdirected = isScraped ? undefined : hostComplaint(header('host'), settings);
    if (misdirected !== undefined) return problem(c, 421, misdirected);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      const foreign = crossOriginComplaint(header, settings, addressOf(c) === undefined);
      if (foreign !== undefined) return problem(c, 403, foreign);
    }
    return next();
  };
}

/** Who is it? Pages of somebody who did not say are answered with the way to the login. */
function authenticated(daemon: Daemon, wrong: WrongTokens): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { auth } = daemon.inForce().config.serve;
    const now = daemon.clock.now();
    const address = addressOf(c) ?? 'socket';
    // What comes through a proxy has its address, and logins of the proxy's own: they are no tokens that somebody tries.
    const isTried = auth.type === 'token' && c.req.header('authorization') !== undefined;
    if (isTried && wrong.isSpent(address, now)) return tooMany(c);
    const person = personOf(auth, callerOf(c), now);
    if (person.role === 'nobody') {
      if (isTried) wrong.add(address, now);
      return unknown(c, auth, person);
    }
    c.set('person', person);
    return next();
  };
}

function unknown(c: Call, auth: AuthSettings, { why }: Person): Response {
  const isPage =
    (c.req.method === 'GET' || c.req.method === 'HEAD') && !c.req.path.startsWith('/api/') && c.req.path !== '/metrics';
  if (isPage && auth.type === 'token') {
    const { pathname, search } = new URL(c.req.url);
    return c.redirect(`/login?back=${encodeURIComponent(`${pathname}${search}`)}`, 303);
  }
  c.header('www-authenticate', 'Bearer realm="plimsoll"');
  return problem(c, 401, why ?? (auth.type === 'proxy' ? 'come by the proxy that knows you' : 'a token is needed'));
}

function tooMany(c: Call): Response {
  c.header('retry-after', '60');
  return problem(c, 429, 'too many wrong tokens from this address; wait a minute');
}

/** Only for those who may; HEAD is GET without a body. */
function allowed(wanted: 'metrics' | 'read'): MiddlewareHandler<Env> {
  return async (c, next) => {
    const needed = c.req.method === 'GET' || c.req.method === 'HEAD' ? wanted : 'act';
    return mayAs(c.get('person').role, needed)
      ? next()
      : problem(c, 403, needed === 'act' ? 'this login may read, and not act' : 'this token reads metrics alone');
  };
}

function addLogin(app: Hono<Env>, daemon: Daemon, wrong: WrongTokens): void {
  const show = (c: Call, status: 200 | 401 | 429, back: string, complaint?: string): Response | Promise<Response> => {
    const { publicUrl } = daemon.inForce().config.serve;
    const host = URL.parse(`http://${c.req.header('host') ?? ''}`)?.hostname.replace(/^\[|\]$/g, '') ?? '';
    const keepsCookie = publicUrl?.startsWith('https:') === true || isLoopback(host);
    const page = loginPage({ back, keepsCookie, ...(complaint !== undefined && { complaint }) });
    return c.html(page, status);
  };
  app.get('/login', (c) => {
    if (daemon.inForce().config.serve.auth.type !== 'token') return c.redirect('/', 303);
    return show(c, 200, wayBack(c.req.query('back')));
  });
  app.post('/login', async (c) => {
    const { auth } = daemon.inForce().config.serve;
    if (auth.type !== 'token') return problem(c, 404, 'there is no login by token');
    const [now, address] = [daemon.clock.now(), addressOf(c) ?? 'socket'];
    const form = await formOf(c);
    if (form === undefined) return problem(c, 413, 'this form is too large');
    const back = wayBack(form.get('back'));
    if (wrong.isSpent(address, now)) {
      c.header('retry-after', '60');
      return show(c, 429, back, 'Too many wrong tokens from this address: wait a minute.');
    }
    const { role } = personWith(auth, (form.get('token') ?? '').trim());
    if (role !== 'read' && role !== 'act') {
      wrong.add(address, now);
      const complaint = role === 'metrics' ? 'This token reads metrics alone.' : 'This is none of the tokens.';
      return show(c, 401, back, complaint);
    }
    c.header('set-cookie', sessionCookie(auth, role, now));
    return c.redirect(back, 303);
  });
  app.post(acts.logout, (c) => {
    c.header('set-cookie', endedCookie);
    return c.redirect('/login', 303);
  });
}

/** A path of ours, whatever a form says. */
function wayBack(text: string | null | undefined): string {
  const base = 'http://own.invalid';
  const url = URL.parse(text ?? '/', base);
  return url?.origin === base && /^\/(?![/\\])/.test(text ?? '') ? `${url.pathname}${url.search}` : '/';
}

async function formOf(c: Call): Promise<URLSearchParams | undefined> {
  const body = await bodyOf(c.req.raw, limits.serve.formBody.most);
  return body && new URLSearchParams(new TextDecoder().decode(body));
}

/** What forms on pages do; they come back to where they were. */
function addActs(app: Hono<Env>, daemon: Daemon): void {
  app.post(acts.snooze, async (c) => {
    const form = await formOf(c);
    if (form === undefined) return problem(c, 413, 'this form is too large');
    await snooze(daemon, form.get('value') ?? '', form.get('until') ?? '', c.get('person').name);
    return c.redirect(wayBack(form.get('back')), 303);
  });
  app.post(acts.move, async (c) => {
    const form = await formOf(c);
    if (form === undefined) return problem(c, 413, 'this form is too large');
    const [what = '', engine = '', name = ''] = ['what', 'engine', 'name'].map((key) => form.get(key) ?? '');
    const answer = await askForMove(daemon, { what, engine, name, person: c.get('person').name });
    if (answer.is !== 'taken') return problem(c, answer.is === 'unknown' ? 404 : 400, answer.why);
    return c.redirect(wayBack(form.get('back')), 303);
  });
  app.post(acts.recheck, async (c) => {
    const form = await formOf(c);
    if (form === undefined) return problem(c, 413, 'this form is too large');
    const reference = form.get('reference') ?? '';
    if (!(await daemon.store.fleet.references(reference)).includes(reference)) {
      return problem(c, 404, `no run has seen ${reference.slice(0, 300)} yet`);
    }
    const run = await daemon.supervisor.request('person', { references: new Set([reference]) });
    const now = daemon.clock.now();
    await daemon.store.daemon.audit({ at: now, person: c.get('person').name, action: 'check', subject: reference });
    return c.redirect(`/runs/${run}`, 303);
  });
}

function addRoute(app: Hono<Env>, daemon: Daemon, route: ApiRoute): void {
  const handler = async (c: Call): Promise<Response> => {
    let body: unknown;
    if (route.body !== undefined) {
      const read = await jsonOf(c, route);
      if (read instanceof Response) return read;
      body = read.value;
    }
    const call = {
      daemon,
      params: c.req.param() as unknown as Record<string, string>,
      query: queryOf(new URL(c.req.url).searchParams, Object.keys(route.query ?? {})),
      body,
      person: c.get('person').name,
    };
    return said(c, await route.handle(call));
  };
  const path = `/api/v1${route.path}`;
  if (route.method === 'get') app.get(path, handler);
  else if (route.method === 'post') app.post(path, handler);
  else app.delete(path, handler);
}

async function jsonOf(c: Call, { body: schema }: ApiRoute): Promise<Response | { readonly value: unknown }> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    return problem(c, 415, 'the body has to be JSON, with content-type: application/json');
  }
  const bytes = await bodyOf(c.req.raw, limits.serve.formBody.most);
  if (bytes === undefined) return problem(c, 413, 'the body is too large');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return problem(c, 400, 'the body is no JSON');
  }
  const parsed = schema?.safeParse(json);
  if (parsed?.success === false) {
    const [first] = parsed.error.issues;
    const where = first === undefined || first.path.length === 0 ? 'the body' : first.path.join('.');
    return problem(c, 400, `${where}: ${first?.message}`);
  }
  return { value: parsed?.data };
}

function said(c: Call, answer: ApiAnswer): Response {
  if ('problem' in answer) return problem(c, answer.status, answer.problem);
  return answer.status === 204 ? c.body(null, 204) : c.json(answer.document as object, answer.status);
}

type Failure = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 421 | 429 | 500 | 503;

/** What went wrong: for programs as RFC 9457 has it, and as a page for a browser that asked for one. */
function problem(c: Call, status: Failure, detail: string): Response {
  const { path } = c.req;
  const isForPeople =
    !path.startsWith('/api/') && path !== '/metrics' && /\btext\/html\b/.test(c.req.header('accept') ?? '');
  if (isForPeople) {
    const body = markup`<h1>This did not work</h1>
<p class="banner" role="alert">${detail}</p>
<p>Your browser leads back to where you were; <a href="/">the fleet</a> is the place to begin.</p>`;
    const page = plainDocument('This did not work', body);
    return c.body(page.toString(), status, { 'content-type': 'text/html; charset=utf-8' });
  }
  return c.body(`${JSON.stringify({ type: 'about:blank', status, title: detail })}\n`, status, {
    'content-type': 'application/problem+json',
  });
}

/** A mistake of whoever asked is theirs to read; of everything else the log has more. */
function failed({ logger }: Daemon, c: Call, error: Error): Response {
  if (error instanceof PlimsollError) {
    if (error.code === 'STATE') {
      logger.error(error.message);
      return problem(c, 503, 'the state does not answer');
    }
    if (['USAGE', 'REFERENCE', 'DIGEST'].includes(error.code)) return problem(c, 400, error.message);
  }
  logger.error(`${c.req.method} could not be answered: ${error.message}`);
  return problem(c, 500, 'this could not be answered; the log says why');
}

import { isIP } from 'node:net';
import type { Hono, MiddlewareHandler } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { isLoopback, type ServeSettings } from '../config/serve-settings.ts';

/**
 * What every answer says to a browser: nothing but our own style and icon may be loaded, nobody may frame it, and forms go to
 * us alone. Source: W3C Content Security Policy Level 3; Fetch, "Cross-Origin-Resource-Policy".
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // With no-referrer a browser would call the page of our own form `null` (Fetch, "append a request Origin header").
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Why a request may not be meant for us: its `Host` is a name that somebody may have pointed here (DNS rebinding), so that a
 * page of theirs could read ours. An address is no such name. Undefined: all is well.
 */
export function hostComplaint(
  host: string | undefined,
  { publicUrl, listen }: Pick<ServeSettings, 'publicUrl' | 'listen'>,
): string | undefined {
  const name = URL.parse(`http://${host ?? ''}`)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (isLoopback(name)) return undefined;
  if (publicUrl !== null) {
    if (new URL(publicUrl).hostname.replace(/^\[|\]$/g, '') === name) return undefined;
  } else if (isIP(name) !== 0 && 'host' in listen && !isLoopback(listen.host)) return undefined;
  return 'this name is not ours; "serve.publicUrl" in the configuration says under which name browsers come';
}

/**
 * Why a request that changes something is refused: a page of somebody else may have sent it. Browsers say where a request
 * comes from; who says nothing is no browser and has to show a token, or comes by a socket that no page can reach. Undefined:
 * all is well. Source: W3C Fetch Metadata; RFC 6454 section 7.
 */
export function crossOriginComplaint(
  header: (name: string) => string | undefined,
  { publicUrl }: Pick<ServeSettings, 'publicUrl'>,
  isSocket: boolean,
): string | undefined {
  const refusal = 'it comes from another page; ours are changed by their own forms, and by programs with a token';
  const site = header('sec-fetch-site');
  const origin = header('origin');
  if (site === 'same-origin') return undefined;
  if (site !== undefined && site !== 'none') return refusal;
  if (origin !== undefined) {
    const own = [publicUrl === null ? undefined : new URL(publicUrl).host, header('host')];
    const host = URL.parse(origin)?.host;
    return host !== undefined && own.includes(host) ? undefined : refusal;
  }
  if (site !== undefined || isSocket) return undefined;
  return /^Bearer\s+\S/i.test(header('authorization') ?? '') ? undefined : refusal;
}

/**
 * Ends what comes with a method that its path does not take, before anybody asks who sent it: which paths there are is no
 * secret. `refuse` makes the answer, which is 405 and has the methods in `Allow`. Source: RFC 9110 sections 9.1, 15.5.6.
 */
export function knownMethods(
  app: Pick<Hono, 'routes'>,
  refuse: (c: Parameters<MiddlewareHandler>[0], allow: string) => Response,
): MiddlewareHandler {
  let methodsOf: ((path: string) => readonly string[]) | undefined;
  return async (c, next) => {
    // The routes are complete only when the first request comes.
    methodsOf ??= methodsByPath(app.routes);
    const own = methodsOf(c.req.path);
    return own.length === 0 || own.includes(c.req.method) ? next() : refuse(c, own.join(', '));
  };
}

/** Which methods a path takes: those of the routes that match it, other than what is for all paths or all methods. */
function methodsByPath(routes: Hono['routes']): (path: string) => readonly string[] {
  const single = routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*'));
  const methods = [...new Set(single.map(({ method }) => method))];
  const router = new TrieRouter<true>();
  for (const { method, path } of single) router.add(method, path, true);
  // What answers GET answers HEAD, too.
  const taken = (method: string): readonly string[] => (method === 'GET' ? ['GET', 'HEAD'] : [method]);
  return (path) => methods.filter((method) => router.match(method, path)[0].length > 0).flatMap(taken);
}

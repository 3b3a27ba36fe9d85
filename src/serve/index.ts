/*
 * src/serve/
 *
 * The daemon: it has runs made, each by a process of its own, and answers what their state knows. supervisor.ts starts runs
 * when schedule.ts says that one is due, or when somebody asked; server.ts has every route, in the order in which a request
 * passes them: guard.ts (is it meant for us?), auth.ts (who is it?), then pages/ for people, api-routes.ts for programs (openapi.ts
 * describes it), metrics.ts for Prometheus. hook-routes.ts and hooks.ts take what registries say. page.ts is what a page is
 * made from; plain-document.ts is around the login and what went wrong. Nothing here looks anything up.
 * Begin here, then server.ts.
 */

import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Listen } from '../config/serve-settings.ts';
import { PlimsollError } from '../core/errors.ts';
import type { Daemon } from './daemon-parts.ts';
import { securityHeaders } from './guard.ts';
import { hooksApp, serverApp } from './server.ts';

export type { Daemon } from './daemon-parts.ts';
export { scheduleOf } from './schedule.ts';
export { Supervisor } from './supervisor.ts';
export { WorkerKeeper } from './worker-keeper.ts';

/** Something that listens. */
export interface Listener {
  /** As a person would open it: `http://127.0.0.1:8087`, or `unix:/path`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens for people and programs, and for hooks on a listener of their own where one is wanted. Throws PlimsollError 'STATE'. */
export async function openListeners(daemon: Daemon, listen: Listen): Promise<readonly Listener[]> {
  const own = daemon.inForce().config.serve.hooks.listen;
  const first = await listenAt(listen, serverApp(daemon).fetch as Fetch);
  if (own === undefined) return [first];
  try {
    return [first, await listenAt(own, hooksApp(daemon).fetch as Fetch)];
  } catch (error) {
    await first.close();
    throw error;
  }
}

type Fetch = Parameters<typeof getRequestListener>[0];

async function listenAt(listen: Listen, fetch: Fetch): Promise<Listener> {
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000 },
    getRequestListener(fetch, { errorHandler: refused }),
  );
  server.maxConnections = 500;
  const name = nameOf(listen);
  // One whose process is gone is in the way; nobody else serves this state.
  if ('path' in listen && lstatSync(listen.path, { throwIfNoEntry: false })?.isSocket()) rmSync(listen.path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new PlimsollError('STATE', `cannot listen on ${name}: ${wordsOf(error, listen)}`, { cause: error })),
    );
    // The file of a socket says who may use it, from the moment that it is there.
    const mask = 'path' in listen ? process.umask(0o177) : undefined;
    server.listen('path' in listen ? { path: listen.path } : { host: listen.host, port: listen.port }, resolve);
    if (mask !== undefined) process.umask(mask);
  });
  if ('path' in listen) chmodSync(listen.path, 0o600);
  return { url: urlOf(listen, server), close: () => closed(server) };
}

/** What is no request for any route: its path or its `Host` cannot be read. */
function refused(error: unknown): Response {
  const [status, text] =
    error instanceof RequestError ? [400, 'this is no request'] : [500, 'this could not be answered'];
  return new Response(`${text}\n`, {
    status,
    headers: { ...securityHeaders, 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' },
  });
}

function wordsOf({ code, message }: NodeJS.ErrnoException, listen: Listen): string {
  if ('path' in listen) {
    // Node.js has EACCES for a folder that is not there, too.
    if (code === 'EACCES') return 'its folder is not there, or this user may not write in it';
    if (code === 'EADDRINUSE') return 'a file that is no socket stands there; name another place';
    return code === 'EINVAL' ? 'the path of a socket has at most 107 bytes (unix(7)); name a shorter one' : message;
  }
  if (code === 'EADDRINUSE') return 'somebody else listens there; name another with --listen';
  if (code === 'EACCES') return 'that is not permitted; ports below 1024 are for the administrator';
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no address of that name is known here';
  return code === 'EINVAL' ? 'such an address needs its interface behind it, as in [fe80::1%eth0]:8087' : message;
}

function urlOf(listen: Listen, server: Server): string {
  if ('path' in listen) return nameOf(listen);
  const { port } = server.address() as AddressInfo;
  return `http://${nameOf({ ...listen, port })}`;
}

/** As it is written in a configuration. */
function nameOf(listen: Listen): string {
  if ('path' in listen) return `unix:${listen.path}`;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return `${host}:${listen.port}`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

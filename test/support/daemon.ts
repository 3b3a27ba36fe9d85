import http from 'node:http';
import path from 'node:path';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { ServeSettings } from '../../src/config/serve-settings.ts';
import { defaultServe } from '../../src/config/serve-settings.ts';
import { Secret } from '../../src/core/secret.ts';
import { type Daemon, openListeners, Supervisor } from '../../src/serve/index.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import type { Store } from '../../src/state/store.ts';
import { temporaryTree } from './fleet.ts';
import { apiFaults } from './openapi-check.ts';

export const [readToken, actToken, metricsToken] = ['read', 'act', 'metrics'].map(
  (name) => `${name}-token-0123456789abcdef`,
) as [string, string, string];

export const tokens = {
  type: 'token',
  read: new Secret(readToken),
  act: new Secret(actToken),
  metrics: new Secret(metricsToken),
} as const;

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** A daemon in this process over a state of its own, or the one in a file; its runs are processes that end at once. */
export interface TestDaemon {
  readonly store: Store;
  readonly url: string;
  readonly hooksUrl: string | undefined;
  /** What was logged. */
  readonly lines: string[];
  now: number;
  ask(method: string, route: string, more?: { headers?: Record<string, string>; body?: string }): Promise<Answer>;
  close(): Promise<void>;
}

export async function startDaemon(
  serve: Partial<ServeSettings> = {},
  config: Partial<Config> = {},
  run = 'process.exit(3)',
  state?: string,
): Promise<TestDaemon> {
  const tree = temporaryTree({});
  const store = openSqliteStore(state ?? path.join(tree.folder, 'state.db'), { readOnly: false });
  const lines: string[] = [];
  const log = (message: string): void => void lines.push(message);
  const logger = { isVerbose: false, debug: log, info: log, warn: log, error: log };
  const made = { now: Date.parse('2026-11-29T12:00:00Z') };
  const clock = { now: () => made.now };
  const settings: ServeSettings = { ...defaultServe, listen: { host: '127.0.0.1', port: 0 }, ...serve };
  const supervisor = new Supervisor(undefined, {
    store,
    clock,
    logger,
    command: [process.execPath, '--max-old-space-size=64', '-e', run, '--'],
    words: [],
    environment: process.env,
    config: () => undefined,
  });
  const daemon: Daemon = {
    store,
    supervisor,
    clock,
    logger,
    version: '1.2.3',
    started: made.now,
    inForce: () => ({ config: { ...defaultConfig, ...config, serve: settings } }),
  };
  const [main, hooks] = await openListeners(daemon, settings.listen);
  const url = main?.url ?? '';
  return Object.assign(made, {
    store,
    url,
    hooksUrl: hooks?.url,
    lines,
    ask: (method: string, route: string, more = {}) => askDaemon(url, method, route, more),
    close: async () => {
      await main?.close();
      await hooks?.close();
      await supervisor.stop();
      // A test may have closed it, to see what becomes of the answers.
      await store.close().catch(() => undefined);
      tree.remove();
    },
  });
}

/** One request to a daemon itself, with nobody in between. Rejects when the API answers otherwise than its description says. */
export async function askDaemon(...[base, method, route, more]: Parameters<typeof ask>): Promise<Answer> {
  const answer = await ask(base, method, route, more);
  const { pathname } = new URL(route, 'http://localhost');
  const faults = apiFaults(method, pathname, answer.status, answer.headers['content-type'] ?? '', answer.text);
  if (faults.length > 0) throw new Error(`${method} ${route}: ${faults.join('; ')}\n${answer.text.slice(0, 500)}`);
  return answer;
}

/** One request; `host` among the headers is sent as it is. */
export function ask(
  base: string,
  method: string,
  route: string,
  { headers = {}, body }: { headers?: http.OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const isSocket = base.startsWith('unix:');
    const url = new URL(route, isSocket ? 'http://localhost' : base);
    const options = { method, headers, ...(isSocket && { socketPath: base.slice('unix:'.length) }) };
    const request = http.request(url, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString(),
        }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    // As bytes: Node.js writes headers in the encoding of a text that goes with them.
    request.end(body === undefined ? undefined : Buffer.from(body));
  });
}

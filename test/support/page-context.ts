import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { Page, PageContext } from '../../src/serve/page.ts';
import { pages, renderPage } from '../../src/serve/pages/index.ts';
import type { Store } from '../../src/state/store.ts';
import { noon } from './seeded-state.ts';

/** What a page is made from in tests, changed as a test wants it. */
export function aContext(store: Store, more: Partial<PageContext> = {}): PageContext {
  return {
    store,
    config: aConfig(),
    daemon: { version: '1.2.3', started: noon - 7_200_000, next: noon + 3_600_000 },
    params: {},
    query: new URLSearchParams(),
    now: noon,
    mayAct: true,
    ...more,
  };
}

/** A configuration with a forge and a channel. */
export function aConfig(more: Partial<Config> = {}): Config {
  const redeploy = { adopt: new Set<never>(), keepOld: 259_200_000, perRun: 5, cleanup: false };
  const engines = [{ type: 'docker', stopped: false, redeploy }] as const;
  return { ...defaultConfig, repositories: [], engines, forges: [{ type: 'github', selections: [] }], ...more };
}

/** The page that a router would take for an address, and what of it stands in the path. */
export function pageAt(address: string): {
  readonly page: Page;
  readonly params: Record<string, string>;
  readonly query: URLSearchParams;
} {
  const url = new URL(address, 'http://localhost');
  for (const page of pages) {
    const names = [...page.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const match = new RegExp(`^${page.path.replace(/:\w+/g, '([^/]+)')}$`).exec(url.pathname);
    if (match === null) continue;
    const params = Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')]));
    return { page, params, query: url.searchParams };
  }
  throw new Error(`no page at ${address}`);
}

/** The document at an address. */
export async function documentAt(address: string, store: Store, more: Partial<PageContext> = {}): Promise<string> {
  const { page, params, query } = pageAt(address);
  return renderPage(page, aContext(store, { params, query, ...more }));
}

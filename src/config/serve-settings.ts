import type { Secret } from '../core/secret.ts';

/** Who may call, and how they prove it. Docker Hub and Quay sign nothing: their secret stands in the path. */
export const hookSources = ['dockerhub', 'github', 'gitea', 'harbor', 'quay', 'distribution', 'generic'] as const;
export type HookSource = (typeof hookSources)[number];

/** Where somebody listens. */
export type Listen = { readonly path: string } | { readonly host: string; readonly port: number };

export type AuthSettings =
  | { readonly type: 'none' }
  | { readonly type: 'token'; readonly read?: Secret; readonly act?: Secret; readonly metrics?: Secret }
  | {
      readonly type: 'proxy';
      readonly user: string;
      readonly from: readonly string[];
      readonly header: string;
      readonly secret: Secret;
      readonly group?: string;
      readonly act?: string;
    };

/** The daemon's settings, with every default filled in. */
export interface ServeSettings {
  readonly listen: Listen;
  readonly publicUrl: string | null;
  readonly auth: AuthSettings;
  readonly schedule: string | null;
  /** Milliseconds by which a start may be late, so that not everybody asks in the same minute. */
  readonly jitter: number;
  readonly hooks: { readonly listen?: Listen; readonly secrets: Readonly<Partial<Record<HookSource, Secret>>> };
}

export const defaultServe: ServeSettings = {
  listen: { host: '127.0.0.1', port: 8087 },
  publicUrl: null,
  auth: { type: 'none' },
  schedule: '17 */6 * * *',
  jitter: 5 * 60_000,
  hooks: { secrets: {} },
};

/** `HOST:PORT`, or `unix:/path`. */
export function parseListen(text: string): Listen {
  if (text.startsWith('unix:')) return { path: text.slice('unix:'.length) };
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}

/** Whoever can reach it may read everything: without a login that is for this machine alone. */
export function openComplaint({ listen, publicUrl, auth }: ServeSettings): string | undefined {
  if ('port' in listen && listen.port > 65_535) return `${listen.port} is no port`;
  if (auth.type !== 'none') return undefined;
  const remedy = 'give it a login with "auth" ({ type: token, … } or { type: proxy, … })';
  if ('host' in listen && !isLoopback(listen.host))
    return `without a login it listens on this machine alone; ${remedy}`;
  if (publicUrl !== null && !isLoopback(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''))) {
    return `publicUrl names another machine, and there is no login; ${remedy}`;
  }
  return undefined;
}

/** Is a name or address of this very machine? */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/*
 * src/forges/rest/
 *
 * What forges with a plain REST API share: asking, waiting when the server says so, conditional lists, pages, refusals as
 * ForgeErrors. Which server, which header says who we are and what a person may do about a refusal is handed over.
 * Begin here; who uses it: src/forges/gitlab/gitlab-api.ts.
 */

import type { ByteCache } from '../../cache/byte-cache.ts';
import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Logger } from '../../core/logger.ts';
import { ForgeError, type ForgeFailure } from '../forge-error.ts';

/** A value in an address; lists are `name[]`. */
export type Query = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

/** One server, and who we are there. */
export interface RestOptions {
  /** In sentences: `GitLab`. */
  readonly name: string;
  /** Where all paths begin, `https://HOST/api/v4`. */
  readonly base: string;
  /** Headers that say who we are. They go to `base` alone: redirects are answers. */
  readonly login: Readonly<Record<string, string>>;
  /** What a person may do about a status. */
  readonly remedies: Readonly<Record<number, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly userAgent: string;
  readonly logger: Logger;
  readonly cache: ByteCache;
  /** Milliseconds per second of a wait: 1000, except in tests. */
  readonly second?: number;
}

/** An answer with what pages need of its headers. */
export interface RestAnswer<T> {
  readonly data: T;
  /** The page behind this one, as the server names it; undefined: this was the last. */
  readonly next: string | undefined;
  readonly header: (name: string) => string | undefined;
}

interface Wanted {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly query?: Query;
  readonly body?: object;
  /** The answer is kept, and asked for again only if it has changed. */
  readonly isKept?: boolean;
  /** Bytes and no JSON. */
  readonly isRaw?: boolean;
  /** What a person may do when this is refused, in the place of what holds for all. */
  readonly remedy?: string;
}

interface Kept {
  readonly etag: string;
  readonly data: unknown;
  readonly next: string | undefined;
}

/** Asks one server. Every method throws ForgeError. */
export class ForgeRest {
  readonly #options: RestOptions;
  /** Requests sent so far, also those that others send to the same server and count here. */
  requests = 0;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  async get<T>(path: string, attempt: string, wanted: Pick<Wanted, 'query' | 'isKept'> = {}): Promise<T> {
    return (await this.ask<T>(path, attempt, wanted)).data;
  }

  /** The same; undefined where it is not there. */
  async find<T>(path: string, attempt: string, wanted: Wanted = {}): Promise<RestAnswer<T> | undefined> {
    return this.ask<T>(path, attempt, wanted).catch((error: unknown) => {
      if (error instanceof ForgeError && error.failure === 'missing') return undefined;
      throw error;
    });
  }

  async send<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    attempt: string,
    body: object,
    wanted: Pick<Wanted, 'query' | 'remedy'> = {},
  ): Promise<T> {
    return (await this.ask<T>(path, attempt, { ...wanted, method, body })).data;
  }

  /**
   * Page after page as the server links them, or by their numbers where something in between has taken the links away: a full
   * page would pass for the last one. Beyond `most` comes nothing, or for a list that counts whole a ForgeError.
   */
  async *pages<T>(
    path: string,
    attempt: string,
    query: Query,
    { most, isKept = false, isWhole = false }: { most: number; isKept?: boolean; isWhole?: boolean },
  ): AsyncGenerator<T[]> {
    let next: string | undefined = `${path}${queryText(query)}`;
    for (let page = 0; next !== undefined; page++) {
      if (page === most) {
        if (isWhole) throw new ForgeError('refused', `${attempt}: more than ${most} pages`);
        return;
      }
      const answer: RestAnswer<T[]> = await this.ask<T[]>(next, attempt, { isKept });
      if (!Array.isArray(answer.data)) throw this.#isNoAnswer(attempt, 200);
      yield answer.data;
      next =
        answer.next ?? (answer.header('link') === undefined ? numbered(next, page + 2, answer.data.length) : undefined);
    }
  }

  async ask<T>(path: string, attempt: string, wanted: Wanted = {}): Promise<RestAnswer<T>> {
    const { base, cache } = this.#options;
    const url = `${base}${path}${queryText(wanted.query ?? {})}`;
    const known = wanted.isKept ? this.#recall(url) : undefined;
    const response = await this.#sent(url, attempt, wanted, known?.etag);
    const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
    if (response.status === 304 && known !== undefined) return { data: known.data as T, next: known.next, header };
    const isGood = response.status >= 200 && response.status < 300;
    const bytes = Buffer.from(await response.arrayBuffer());
    if (isGood && wanted.isRaw) return { data: bytes as T, next: undefined, header };
    let data: unknown;
    try {
      data = bytes.length === 0 ? undefined : JSON.parse(bytes.toString());
    } catch {
      if (isGood) throw this.#isNoAnswer(attempt, response.status);
    }
    if (!isGood) throw this.#failure(attempt, response.status, data, header, wanted.remedy);
    const next = nextOf(header('link'), base);
    const etag = header('etag');
    if (wanted.isKept && etag !== undefined) {
      const kept: Kept = { etag, data, next };
      cache.put('forge-answer', url, new TextEncoder().encode(JSON.stringify(kept)));
    }
    return { data: data as T, next, header };
  }

  #recall(url: string): Kept | undefined {
    const bytes = this.#options.cache.get('forge-answer', url);
    return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Kept);
  }

  /** Sent again when the server asks to wait; what only reads also when it is in trouble. */
  async #sent(url: string, attempt: string, wanted: Wanted, etag: string | undefined): Promise<Response> {
    const { fetch: send, userAgent, login, logger, name, second = 1000 } = this.#options;
    const { method = 'GET', body } = wanted;
    const reads = method === 'GET' || method === 'HEAD';
    const headers = {
      ...login,
      accept: wanted.isRaw ? '*/*' : 'application/json',
      'user-agent': userAgent,
      ...(body && { 'content-type': 'application/json' }),
      ...(etag !== undefined && { 'if-none-match': etag }),
    };
    for (let waits = 0, tries = 1; ; ) {
      this.requests++;
      let response: Response | undefined;
      let trouble: unknown;
      try {
        response = await send(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      } catch (error) {
        trouble = error;
      }
      const isBusy = response === undefined || [500, 502, 503, 504].includes(response.status);
      if (response?.status === 429) {
        const wait = waitOf(response.headers, Date.parse(response.headers.get('date') ?? ''));
        const isObeyed = wait * 1000 <= limits.host.forgeWait.most && waits < limits.host.forgeWaits.most;
        logger.warn(isObeyed ? `${name} asks us to wait` : `${name} asks us to wait for longer than a run may`, {
          after: wait,
        });
        if (!isObeyed) return response;
        waits++;
        await pause(wait * second);
      } else if (isBusy && reads && tries < limits.host.forgeTries.most) {
        await pause(2 ** tries * (second / 2));
        tries++;
      } else if (response === undefined) {
        throw new ForgeError('failed', `${attempt}: ${name} could not be asked: ${messageOf(trouble)}`, {
          cause: trouble,
        });
      } else return response;
    }
  }

  #isNoAnswer(attempt: string, status: number): ForgeError {
    const { name, base } = this.#options;
    const why = `and not as ${name} does: something else is at ${base}, or in between`;
    return new ForgeError('failed', `${attempt}: ${name} answered ${status}, ${why}`);
  }

  #failure(
    attempt: string,
    status: number,
    data: unknown,
    header: (name: string) => string | undefined,
    remedy: string | undefined,
  ): ForgeError {
    const { name, remedies } = this.#options;
    if (status >= 300 && status < 400) {
      const to = header('location') === undefined ? '' : ', and leads elsewhere';
      const todo = 'the repository was renamed or moved, or the address is another one: write the new one';
      return new ForgeError('raced', `${attempt}: ${name} answered ${status}${to}; ${todo}`);
    }
    const said = quoted(data);
    const what = `${attempt}: ${name} answered ${status}${said === '' ? '' : ` (${said})`}`;
    const own = failureOf(status) === 'failed' || status === 401 ? undefined : remedy;
    const todo = status === 429 ? 'its rate limit is used up: run less often' : (own ?? remedies[status]);
    return new ForgeError(failureOf(status), todo === undefined ? what : `${what}; ${todo}`);
  }
}

function failureOf(status: number): ForgeFailure {
  if (status === 401 || status === 403) return 'denied';
  if (status === 404 || status === 410 || status === 451) return 'missing';
  if (status === 412) return 'raced';
  return status === 429 || status >= 500 ? 'failed' : 'refused';
}

/** Seconds: `Retry-After`, or until `RateLimit-Reset`, an hour where neither says. `now` is the server's own. */
function waitOf(headers: Response['headers'], now: number): number {
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(after)) return Math.max(1, after);
  const reset = Number(headers.get('ratelimit-reset') ?? Number.NaN);
  return Number.isFinite(reset) && Number.isFinite(now) ? Math.max(1, reset - now / 1000) : 60;
}

/** What stands behind this page; only an address of the same API (RFC 8288). */
function nextOf(link: string | undefined, base: string): string | undefined {
  const url = /<([^>]+)>;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (url === undefined) return undefined;
  // A proxy may have the server write another host or scheme: only path and query count.
  const path = new URL(url, base);
  const prefix = new URL(base).pathname;
  return path.pathname.startsWith(`${prefix}/`) ? `${path.pathname.slice(prefix.length)}${path.search}` : undefined;
}

/** The page of this number; undefined where the one before was not full. */
function numbered(path: string, page: number, found: number): string | undefined {
  const [at = '', query = ''] = path.split('?');
  const all = new URLSearchParams(query);
  const size = Number(all.get('per_page') ?? all.get('limit') ?? Number.NaN);
  if (!(found >= size)) return undefined;
  all.delete('pagination');
  all.set('page', String(page));
  return `${at}?${all}`;
}

/** The query of an address, `?a=1&b[]=2`; empty without values. */
export function queryText(query: Query): string {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (typeof value === 'object') for (const one of value) all.append(`${name}[]`, String(one));
    else all.append(name, String(value));
  }
  const text = all.toString();
  return text === '' ? '' : `?${text}`;
}

/** A server's words, short and on one line: a text, or texts in lists and under keys. */
function quoted(data: unknown): string {
  const { message, error_description: description, error } = (data ?? {}) as Record<string, unknown>;
  return texts(message ?? description ?? error)
    .join('; ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, limits.tree.gitComplaint.most)
    .replace(/\.$/, '');
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

import type { HttpResponse } from '../../http/http-client.ts';

/** What an error answer says, as far as we quote it. */
export interface ErrorAnswer {
  readonly code?: string;
  /** Docker Hub's text of a used up pull limit: of an account, or of an address without a login. */
  readonly pullLimit?: 'account' | 'anonymous';
}

/** How many pulls a registry allows in its window, and how many are left of them. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
}

/** Docker Hub's `ratelimit-limit: 100;w=21600` and `ratelimit-remaining: 97;w=21600`; undefined without both. */
export function parseRateLimit(headers: HttpResponse['headers']): RateLimit | undefined {
  const text = headers.get('ratelimit-remaining');
  if (text === null) return undefined;
  const remaining = Number.parseInt(text, 10);
  const limit = Number.parseInt(headers.get('ratelimit-limit') ?? '', 10);
  return remaining >= 0 && limit >= 0 ? { limit, remaining } : undefined;
}

/**
 * What a 429 means and what to do. Docker Hub has several: the pull limit (of an account, or of an address without a
 * login: https://docs.docker.com/docker-hub/usage/) as JSON with TOOMANYREQUESTS, and an abuse limit on every kind of
 * request as a bare page. A HEAD has no body, so there its headers must tell.
 */
export function tooManyRequests(response: HttpResponse, answer: ErrorAnswer): string {
  const when = whenAgain(response.headers.get('retry-after'));
  const usedUp = answer.pullLimit ?? (parseRateLimit(response.headers)?.remaining === 0 ? 'unknown' : undefined);
  if (usedUp === 'anonymous') {
    return `the pull limit of this address is used up; log in with "docker login" for a limit of your own, or try again${when}`;
  }
  if (usedUp === 'account') return `the pull limit of the account is used up; try again${when}`;
  if (usedUp === 'unknown') return `the pull limit is used up; try again${when}, or log in for a higher limit`;
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  if (!isJson && answer.code === undefined && /(^|\.)docker\.(io|com)$/.test(response.url.hostname)) {
    return `too many requests of any kind from this address; try again${when}, and lower "concurrency" or "rps" of this registry`;
  }
  return `too many requests; try again${when}, lower "concurrency" or "rps" of this registry, or log in for a higher limit`;
}

function whenAgain(header: string | null): string {
  const text = header?.trim() ?? '';
  if (/^\d{1,7}$/.test(text)) return ` in ${text} s`;
  return /^[\w ,:]{1,40}$/.test(text) && !Number.isNaN(Date.parse(text)) ? ` after ${text}` : ' later';
}

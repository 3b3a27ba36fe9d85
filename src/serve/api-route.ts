import type * as z from 'zod';
import type { Daemon } from './daemon-parts.ts';

/** What a call of the API is made from. */
export interface ApiCall {
  readonly daemon: Daemon;
  /** Of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The body, when the route reads one; checked against it. */
  readonly body: unknown;
  /** Whoever calls, for the list of what was done. */
  readonly person: string;
}

/** What is answered: a document, or a problem in words. */
export type ApiAnswer =
  | { readonly status: 200 | 201 | 202; readonly document: unknown }
  | { readonly status: 204 }
  | { readonly status: 400 | 404; readonly problem: string };

/** One route. What it answers with 2xx is as `answer` says; the OpenAPI document is made from the list. */
export interface ApiRoute {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `/api/v1`, as hono's router has it: `/images/:reference`. */
  readonly path: string;
  readonly what: string;
  /** Names of what the query may have. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  readonly answer?: z.ZodType;
  handle(call: ApiCall): Promise<ApiAnswer>;
}

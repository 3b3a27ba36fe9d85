/*
 * src/http/
 *
 * A polite HTTP client, which registries, archives and feeds share: this file is the way of one request. A client is one
 * run's; sockets, and per host a gate (gate.ts), a pace (pace.ts) and a breaker (breaker.ts), outlive it (http-connections.ts,
 * host.ts); repeated attempts (retry.ts);
 * redirects one by one; proxies and certificates (agents.ts, proxied-agents.ts, tls-settings.ts). host-rules.ts says
 * which addresses may be asked at all when content from outside names them, also after names were looked up
 * (address-book.ts). Whatever was asked is counted (cost.ts). plain-fetch.ts is for libraries that bring their own
 * retries.
 * Begin here, then host-rules.ts.
 */

import type { Readable } from 'node:stream';
import fetch, { type Response } from 'node-fetch';
import { PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import { type Clock, sleep, systemClock } from '../core/time/clock.ts';
import { connectionFailure, reasonOf, wasConnected } from './connection-failure.ts';
import { Cost, type Destination } from './cost.ts';
import { type Host, HostOfRun } from './host.ts';
import { type AddressClass, narrower } from './host-rules.ts';
import { type ConnectionOptions, HttpConnections } from './http-connections.ts';
import { redactUrl } from './redact.ts';
import { parseLocation, withoutCredentials } from './redirect.ts';
import { backOff, isPassingError, isPassingStatus, parseRetryAfter } from './retry.ts';
import { speaksTls } from './tls-probe.ts';

/** What holds for all requests of a client. */
export interface HttpOptions extends ConnectionOptions {
  readonly userAgent: string;
  /** Shared with other runs, which outlive this one; absent: its own, made of the other options. */
  readonly connections?: HttpConnections;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Ends everything under way: a signal, or the deadline of the run. */
  readonly signal?: AbortSignal;
  readonly cost?: Cost;
  /** Milliseconds to the response head, and between two pieces of a body. */
  readonly headTimeout?: number;
  readonly idleTimeout?: number;
  /** How far in a host may be that another one names, in a redirect or as its token server. As far as that one is, by default. */
  readonly onward?: (host: string) => AddressClass;
  /** Monotonic milliseconds, by which the wait for a body is measured; tests hand in their own. */
  readonly elapsed?: () => number;
  /** Waiting between attempts; tests hand in one that does not wait. */
  readonly sleep?: typeof sleep;
}

/** One request. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a POST, which must be safe to send twice and is never sent on to where a redirect leads. */
  readonly body?: string;
  readonly destination: Destination;
  /** How far in the first hop may go; every redirect is limited to the class of the hop that named it. */
  readonly reach: AddressClass;
  /** 0: a redirect is an answer, not followed (token requests). Default 5. */
  readonly redirects?: number;
  /** What a host may be shown that a redirect leads to: its own headers, for those of the first never reach it. */
  readonly elsewhere?: (url: URL) => Promise<Readonly<Record<string, string>>>;
  /** Attempts, the first included; 1 for probes whose failure is an answer. */
  readonly attempts?: number;
}

/** The head of an answer, with a body that is still to come. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The headers of one name as separate values: two WWW-Authenticate lines are not one. */
  values(name: string): readonly string[];
  /** After redirects. */
  readonly url: URL;
  /** The class of the address that answered: what it names may be no closer than itself. */
  readonly reach: AddressClass;
  /** Raw bytes as sent; counted, and ended by the idle timeout. Read it or call discard: it holds one of the host's sockets. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

interface Sent {
  readonly url: URL;
  readonly response: Response;
  readonly settle: () => void;
  readonly touch: () => void;
}

/**
 * HTTP for programs that are guests: one keep-alive agent per origin, a gate and a pace per host, deadlines, a bound on what
 * one host may cost in waiting, retries with Retry-After and jitter within a budget, no further knocking at a host that is
 * down, redirects by hand so that credentials never leave their origin, and addresses checked at connect time (so that a name
 * cannot resolve to something else than what was checked). Throws PlimsollError 'HTTP' when no answer came; any answer with a
 * status is returned.
 */
export class HttpClient {
  readonly cost: Cost;
  readonly #options: HttpOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #connections: HttpConnections;
  readonly #hosts = new Map<string, HostOfRun>();
  readonly #underWay = new Set<AbortController>();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#connections = options.connections ?? new HttpConnections(options);
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.cost = options.cost ?? new Cost();
    // One listener for all: a run has thousands of requests, and every one would add and remove its own.
    const { signal } = options;
    signal?.addEventListener('abort', () => {
      for (const controller of this.#underWay) controller.abort(signal.reason);
    });
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    let { url, reach } = request;
    let headers = request.headers ?? {};
    for (let hop = 0; ; hop++) {
      const answer = await this.#attempt({ ...request, url, reach, headers });
      const location = [301, 302, 303, 307, 308].includes(answer.status) ? answer.headers.get('location') : null;
      if (location === null || request.redirects === 0 || request.body !== undefined) return answer;
      answer.discard();
      if (hop >= (request.redirects ?? limits.host.redirects.most)) {
        throw new PlimsollError(
          'HTTP',
          `${request.method} ${redactUrl(request.url)}: more than ${hop} redirects, the last to ${redactUrl(url)}`,
        );
      }
      const next = parseLocation(location, url);
      if (next === undefined) {
        throw new PlimsollError(
          'HTTP',
          `${request.method} ${redactUrl(url)}: redirected to something that is no http(s) address`,
        );
      }
      if (next.origin !== url.origin) {
        headers = { ...withoutCredentials(headers), ...(await request.elsewhere?.(next)) };
      }
      reach = this.onward(answer, next);
      url = next;
    }
  }

  /** How far in a host may be that this answer names: an inside host opens no door to others. */
  onward(from: Pick<HttpResponse, 'url' | 'reach'>, next: URL): AddressClass {
    if (next.host === from.url.host) return from.reach;
    return narrower(from.reach, this.#options.onward?.(next.host) ?? from.reach);
  }

  /** Does the host of this URL speak TLS? Asked the way the URL would be reached. */
  speaksTls(url: URL): Promise<boolean> {
    const port = Number(url.port || 443);
    return speaksTls(url.hostname.replace(/^\[|\]$/g, ''), port, undefined, this.#connections.agents.proxyFor(url));
  }

  /** Closes its idle sockets, so that the process can end; those that it shares are closed with what it shares. */
  close(): void {
    if (this.#options.connections === undefined) this.#connections.close();
  }

  async #attempt(request: HttpRequest): Promise<HttpResponse> {
    const most = request.attempts ?? limits.host.attempts.most;
    const wait = this.#options.sleep ?? sleep;
    const host = this.#hostOf(request.url);
    host.asked();
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await this.#once(request, host);
        if (!isPassingStatus(answer.status)) return answer;
        const asked = parseRetryAfter(answer.headers.get('retry-after'), this.#clock.now());
        if (asked !== undefined && asked > limits.host.retryAfter.most) return answer;
        if (attempt + 1 >= most || !host.retry()) return answer;
        // Whoever is told to wait speaks for all: the others would be told the same.
        if (asked !== undefined && !host.quiet(asked)) return answer;
        answer.discard();
        if (asked === undefined) await wait(backOff(attempt, Math.random()), this.#options.signal);
      } catch (error) {
        const passing = isPassingError(error) || isPassingError((error as Error).cause);
        if (!passing || attempt + 1 >= most || !host.retry()) throw error;
        await wait(backOff(attempt, Math.random()), this.#options.signal);
      }
    }
  }

  async #once(request: HttpRequest, asked: HostOfRun): Promise<HttpResponse> {
    const { url, method } = request;
    const { host } = asked;
    const started = this.#clock.now();
    await host.gate.enter(this.#options.signal);
    let open = true;
    const leave = (): void => {
      if (open) host.gate.leave();
      open = false;
    };
    try {
      const ahead = await host.pace.take();
      if (ahead > 0) await (this.#options.sleep ?? sleep)(Math.ceil(ahead), this.#options.signal);
      const down = asked.refusal();
      if (down !== undefined) throw new PlimsollError('HTTP', `${method} ${redactUrl(url)}: ${down}`);
      const sent = await this.#send(request, host);
      const { response } = sent;
      if (this.#logger.isVerbose) {
        const ms = this.#clock.now() - started;
        this.#logger.debug('request answered', { method, url: redactUrl(url), status: response.status, ms });
      }
      const body = method === 'HEAD' ? noBytes() : this.#read(response, sent, request.destination, leave, asked);
      if (method === 'HEAD') {
        sent.settle();
        // Nothing comes, but its end must be read before the socket serves the next request.
        (response.body as Readable | null)?.resume();
        leave();
      }
      return {
        status: response.status,
        headers: response.headers,
        values: (name) => response.headers.raw()[name.toLowerCase()] ?? [],
        url,
        reach:
          this.#connections.agents.classOf(url) ??
          (this.#connections.agents.proxyFor(url) ? nearest(request.reach) : request.reach),
        body,
        discard: () => {
          if (method === 'HEAD') return;
          sent.settle();
          (response.body as Readable | null)?.destroy();
          leave();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #send(request: HttpRequest, host: Host): Promise<Sent> {
    const { url, method, reach } = request;
    this.#connections.agents.refuseLiteral(url, reach);
    this.cost[request.destination].requests++;
    const controller = new AbortController();
    this.#underWay.add(controller);
    let expired: string | undefined;
    const expire = (what: string): void => {
      expired = what;
      controller.abort();
    };
    // Who has never answered is not waited for as long as who is only slow today.
    const head =
      this.#options.headTimeout ?? (host.breaker.hasAnswered ? limits.host.answer.most : limits.host.firstAnswer.most);
    const idle = this.#options.idleTimeout ?? limits.host.idle.most;
    let timer = setTimeout(() => expire(`no answer within ${head / 1000} s`), head);
    const settle = (): void => {
      clearTimeout(timer);
      this.#underWay.delete(controller);
    };
    const touch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => expire(`no byte for ${idle / 1000} s`), idle);
    };
    try {
      if (this.#options.signal?.aborted) throw this.#options.signal.reason;
      const response = await fetch(url, {
        method,
        headers: { 'user-agent': this.#options.userAgent, 'accept-encoding': 'identity', ...request.headers },
        ...(request.body !== undefined && { body: request.body }),
        redirect: 'manual',
        compress: false,
        agent: () => this.#connections.agents.for(url, reach),
        signal: controller.signal as never,
      });
      // Of a HEAD nothing more is waited for.
      if (method !== 'HEAD') touch();
      host.breaker.answered();
      return { url, response, settle, touch };
    } catch (error) {
      settle();
      const failure = this.#failure(request, error, expired);
      if (this.#options.signal?.aborted || failure === error || wasConnected(error)) host.breaker.undecided();
      else host.breaker.failed(expired ?? connectionFailure(error));
      throw failure;
    }
  }

  /** A body may be waited for a minute, and beyond that as long as its bytes take on a slow line: not as long as it likes. */
  async *#read(
    response: Response,
    sent: Sent,
    destination: Destination,
    leave: () => void,
    host: HostOfRun,
  ): AsyncGenerator<Uint8Array> {
    const now = this.#options.elapsed ?? (() => performance.now());
    let size = 0;
    let waited = 0;
    let since = now();
    try {
      for await (const chunk of response.body ?? []) {
        sent.touch();
        const bytes = chunk as Uint8Array;
        this.cost[destination].bytes += bytes.length;
        size += bytes.length;
        waited += now() - since;
        if (waited > limits.host.body.most + size / limits.host.bodySpeed.most) {
          host.slow();
          throw new Error(`only ${size} bytes in ${Math.round(waited / 1000)} s`);
        }
        yield bytes;
        since = now();
      }
    } catch (error) {
      if (this.#options.signal?.aborted) throw this.#options.signal.reason;
      const what = (error as Error).name === 'AbortError' ? 'the body stood still' : reasonOf(error);
      throw new PlimsollError('HTTP', `GET ${redactUrl(sent.url)}: ${what}`, { cause: error });
    } finally {
      sent.settle();
      (response.body as Readable | null)?.destroy();
      leave();
    }
  }

  #failure(request: HttpRequest, error: unknown, expired: string | undefined): unknown {
    if (this.#options.signal?.aborted) return this.#options.signal.reason;
    if (error instanceof PlimsollError) return error;
    return new PlimsollError(
      'HTTP',
      `${request.method} ${redactUrl(request.url)}: ${expired ?? connectionFailure(error)}`,
      {
        cause: error,
      },
    );
  }

  #hostOf({ host: name }: URL): HostOfRun {
    let host = this.#hosts.get(name);
    if (!host) {
      host = new HostOfRun(this.#connections.host(name));
      this.#hosts.set(name, host);
    }
    return host;
  }
}

/** A name that a proxy resolved stands for no address on this machine. */
function nearest(reach: AddressClass): AddressClass {
  return reach === 'loopback' ? 'private' : reach;
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

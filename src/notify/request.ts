import { limits } from '../core/limits/limits.ts';
import type { Secret } from '../core/secret.ts';
import { connectionFailure } from '../http/connection-failure.ts';
import { parseRetryAfter } from '../http/retry.ts';
import type { NotifierDependencies, Posted } from './notifier.ts';

/** One post to a service; its body is JSON. */
export interface NotifyRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH';
  /** May be a secret: it occurs in no problem. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a service answered, read to its bound. */
export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  /** The body as JSON; undefined when it is something else. */
  readonly json: unknown;
  readonly text: string;
}

export type Failed = Extract<Posted, { kind: 'failed' }>;

/** Sends JSON once and reads the answer; a failure to get one is a value. `service` is how problems call the other side. */
export async function request(
  service: string,
  deps: NotifierDependencies,
  sent: NotifyRequest,
): Promise<Answer | Failed> {
  const { method, url, headers, body } = sent;
  try {
    return await inTime(deps, async (signal) => {
      const response = await deps.fetch(url, {
        method,
        headers: {
          'content-type': 'application/json',
          'user-agent': `plimsoll/${deps.version}`,
          ...headers,
        },
        body,
        signal,
        redirect: 'manual',
      });
      const text = await readSome(response);
      return { status: response.status, header: (name) => response.headers.get(name), json: parse(text), text };
    });
  } catch (error) {
    return unreachable(service, deps, error);
  }
}

/** What is wrong with an address that is posted to, by its shape alone; never says the address, which may be a secret. */
export function addressDoubt(url: Secret | undefined, path = /^/, example = 'https://…'): { readonly doubt?: string } {
  const address = URL.parse(url?.reveal().trim() ?? '');
  const isWeb = address !== null && /^https?:$/.test(address.protocol);
  return isWeb && path.test(address.pathname)
    ? {}
    : { doubt: `the url is not what is posted to (${example}); copy it again` };
}

/** Milliseconds that one post may take. */
export function timeoutOf({ timeout }: NotifierDependencies): number {
  return timeout ?? limits.message.postTime.most;
}

/** Runs something against the clock; rejects with TimeLimit, or the reason of the run's own end. */
export async function inTime<T>(deps: NotifierDependencies, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = timeoutOf(deps);
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    reject(reason);
    controller.abort(reason);
  };
  const cancel = (): void => end(new Stopped());
  const timer = setTimeout(() => end(new TimeLimit(limit)), limit);
  if (deps.signal.aborted) cancel();
  else deps.signal.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([promise, run(controller.signal)]);
  } finally {
    clearTimeout(timer);
    deps.signal.removeEventListener('abort', cancel);
  }
}

class TimeLimit extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

class Stopped extends Error {
  constructor() {
    super('the run was stopped');
  }
}

/** No answer came: why, in words, without the address. A certificate that is refused is refused again. */
export function unreachable(service: string, deps: NotifierDependencies, error: unknown): Failed {
  const isOurs = error instanceof TimeLimit || error instanceof Stopped;
  const why = isOurs ? error.message : withoutAddress(connectionFailure(error));
  const code = String((error as { code?: unknown } | null)?.code);
  const permanent = error instanceof Stopped || /CERT|SELF_SIGNED|ERR_TLS|LEAF_SIGNATURE/.test(code);
  return {
    kind: 'failed',
    problem: {
      code: 'channel-unreachable',
      message: `could not post to ${service}: ${why}`,
      subject: deps.name,
    },
    permanent,
  };
}

/** A library's sentence may repeat the address, which is a secret. */
function withoutAddress(sentence: string): string {
  return /:\/\//.test(sentence) ? 'the request failed' : sentence;
}

/**
 * A status that is no success, as a failure: 4xx are statements, except for those that say "later" (RFC 9110 §15.5,
 * RFC 6585 §4). `hint` is what to do; `detail` a word of the service from a fixed grammar, never its prose.
 */
export function refused(
  service: string,
  deps: NotifierDependencies,
  answer: Pick<Answer, 'status' | 'header'>,
  more: {
    readonly detail?: string;
    readonly hint?: string;
    readonly retryAfter?: number;
    readonly permanent?: boolean;
  } = {},
): Failed {
  const { status } = answer;
  const passing = status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
  const permanent = more.permanent ?? !passing;
  const asked = more.retryAfter ?? parseRetryAfter(answer.header('retry-after'), deps.clock.now());
  const answered = `${status}${more.detail === undefined ? '' : ` ${more.detail}`}`;
  const hint = more.hint ?? hintFor(status);
  return {
    kind: 'failed',
    problem: {
      code: status === 429 ? 'channel-limited' : permanent ? 'channel-refused' : 'channel-failed',
      message: `could not post to ${service}: it answered ${answered}; ${hint}`,
      subject: deps.name,
    },
    permanent,
    ...(asked !== undefined && !permanent && { retryAfter: asked }),
  };
}

/** For a success that is not worded as the service words it: a login page of a network, say, has told nobody anything. */
export const notItself = {
  hint: 'that is not how this service answers: something else is at its address, or in between',
  permanent: false,
} as const;

function hintFor(status: number): string {
  if (status === 401 || status === 403) return 'check its token and what the token may do';
  if (status === 404 || status === 410) return 'the address is gone or was revoked: make a new one';
  if (status === 429) return 'it takes no more for now';
  if (status >= 300 && status < 400) return 'redirects are not followed: configure the address it leads to';
  if (status === 413) return 'the message is too large for it';
  return status < 500 ? 'it does not accept the message' : 'it is in trouble itself';
}

/** Was there no answer? */
export function isFailed(result: Answer | Failed): result is Failed {
  return 'kind' in result;
}

async function readSome(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limits.message.postAnswer.most) break;
  }
  return Buffer.concat(chunks).subarray(0, limits.message.postAnswer.most).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

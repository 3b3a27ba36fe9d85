import fetch from 'node-fetch';
import { limits } from '../core/limits/limits.ts';
import type { Agents } from './agents.ts';
import { connectionFailure } from './connection-failure.ts';

/** The `fetch` of libraries that bring their own retries and pacing. */
export type PlainFetch = typeof globalThis.fetch;

/**
 * A `fetch` that goes the way all our requests go (proxies, certificates), for hosts that the operator named: they may
 * be anywhere. Redirects are answers, so that no token is carried to where one leads.
 */
export function plainFetch(agents: Agents, signal: AbortSignal): PlainFetch {
  const own = async (input: unknown, init: Record<string, unknown> = {}): Promise<unknown> => {
    const url = new URL(String(input));
    agents.refuseLiteral(url, 'loopback');
    const given = init['signal'] instanceof AbortSignal ? [init['signal']] : [];
    const end = AbortSignal.any([signal, AbortSignal.timeout(limits.host.forgeAnswer.most), ...given]);
    // node-fetch 3 destroys the body of a request that it does not begin, and nobody hears that error: the process would die.
    end.throwIfAborted();
    try {
      return await fetch(url, {
        ...init,
        redirect: 'manual',
        agent: () => agents.for(url, 'loopback'),
        signal: end as never,
        size: limits.host.forgeBody.most,
      } as never);
    } catch (error) {
      if (signal.aborted || given.some(({ aborted }) => aborted)) throw error;
      const why = end.aborted ? `no answer within ${limits.host.forgeAnswer.most / 1000} s` : connectionFailure(error);
      throw Object.assign(new Error(why, { cause: error }), { code: (error as { code?: unknown }).code });
    }
  };
  return own as unknown as PlainFetch;
}

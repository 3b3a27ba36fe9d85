import fetch from 'node-fetch';
import { Agents, type Network } from './agents.ts';

/** The `fetch` of libraries that bring their own retries and pacing. */
export type PlainFetch = typeof globalThis.fetch;

/** Milliseconds until the head of an answer. */
const headTimeout = 60_000;

/**
 * A `fetch` that goes the way all our requests go (proxies, certificates), for hosts that the operator named: they may
 * be anywhere. Redirects are answers, so that no token is carried to where one leads.
 */
export function plainFetch(network: Network, signal: AbortSignal): { fetch: PlainFetch; close: () => void } {
  const agents = new Agents(network);
  const own = async (input: unknown, init: Record<string, unknown> = {}): Promise<unknown> => {
    const url = new URL(String(input));
    agents.refuseLiteral(url, 'loopback');
    const given = init['signal'] instanceof AbortSignal ? [init['signal']] : [];
    const end = AbortSignal.any([signal, AbortSignal.timeout(headTimeout), ...given]);
    // node-fetch 3 destroys the body of a request that it does not begin, and nobody hears that error: the process would die.
    end.throwIfAborted();
    return fetch(url, {
      ...init,
      redirect: 'manual',
      agent: () => agents.for(url, 'loopback'),
      signal: end as never,
    } as never);
  };
  return { fetch: own as unknown as PlainFetch, close: () => agents.destroy() };
}

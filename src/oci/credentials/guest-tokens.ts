import type { HttpResponse } from '../../http/http-client.ts';
import { parseChallenge } from './challenge.ts';
import type { TokenSource } from './token.ts';
import type { TokenQuestion } from './token-request.ts';

type Known = Pick<TokenQuestion, 'challenge' | 'named'>;

/**
 * Tokens for the hosts that a registry's redirects lead to (lscr.io answers for images that lie elsewhere). Each is asked
 * for as nobody and sent to the host alone that asked for it: no stored login is of a host that an answer named.
 */
export class GuestTokens {
  readonly #tokens: TokenSource;
  readonly #known = new Map<string, Known>();

  constructor(tokens: TokenSource) {
    this.#tokens = tokens;
  }

  /** The `Authorization` for an address on a host that has asked for a token before; undefined: it has not. */
  async authorizationFor(url: URL, instead?: string): Promise<string | undefined> {
    const known = this.#known.get(url.origin);
    const scope = scopeOf(url);
    if (known === undefined || scope === undefined) return undefined;
    const wish = { scope, ...(instead !== undefined && { instead }) };
    return (await this.#tokens.authorize({ ...known, credentials: undefined }, wish)).authorization;
  }

  /** Learns from a 401 how the host wants to be asked. False: not for a token. */
  learn(response: HttpResponse): boolean {
    const challenges = parseChallenge(response.values('www-authenticate'));
    const challenge = challenges.find(({ scheme }) => scheme === 'bearer');
    if (challenge === undefined) return false;
    this.#known.set(response.url.origin, { challenge, named: { url: response.url, reach: response.reach } });
    return true;
  }
}

/** The repository is called as the host calls it, which need not be how the first one did. */
function scopeOf({ pathname }: URL): string | undefined {
  const name = /^\/v2\/(?<name>.+)\/(?:manifests|blobs|tags|referrers)\//.exec(pathname)?.groups?.['name'];
  return name && `repository:${name}:pull`;
}

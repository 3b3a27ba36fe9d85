import { type Clock, systemClock } from '../core/clock.ts';
import { PlimsollError } from '../core/errors.ts';
import { isLoopbackHost, literalAddress } from '../http/host-rules.ts';
import type { HttpClient, HttpResponse } from '../http/http-client.ts';
import { redactUrl } from '../http/redact.ts';
import { readBody } from './body.ts';
import type { Challenge } from './challenge.ts';
import { basicAuthorization, type Credentials } from './credentials.ts';

interface Bearer {
  readonly authorization: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

// distribution-spec, token authentication: a token without expires_in is valid for 60 seconds.
const defaultLifetime = 60_000;
const margin = 10_000;
const largestAnswer = 256 * 1024;

/**
 * Exchanges `Bearer` challenges for tokens (docker distribution, spec/auth/token) and keeps them by registry, realm,
 * service and scope until shortly before they expire. One request at a time per key: the others wait for it.
 */
export class TokenSource {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Promise<Bearer>>();

  constructor(http: HttpClient, clock: Clock = systemClock) {
    this.#http = http;
    this.#clock = clock;
  }

  /**
   * The `Authorization` value for one scope. `named` is the answer that carried the challenge: the realm may be no
   * closer to home than the registry that named it. Throws PlimsollError 'REGISTRY' or 'HTTP'.
   */
  async authorize(
    challenge: Challenge,
    named: Pick<HttpResponse, 'url' | 'reach'>,
    scope: string,
    credentials: Credentials | undefined,
  ): Promise<string> {
    const realm = parseRealm(challenge, named.url);
    const key = [named.url.origin, realm.href, challenge.params['service'] ?? '', scope].join(' ');
    for (;;) {
      const pending = this.#tokens.get(key);
      const known = await pending;
      if (known && known.expires > this.#clock.now()) return known.authorization;
      // Whoever sees first that it has expired asks again; the others wait for that answer.
      if (this.#tokens.get(key) === pending) break;
    }
    const asked = this.#request(realm, challenge, named, scope, credentials);
    this.#tokens.set(key, asked);
    asked.catch(() => this.#tokens.delete(key));
    return (await asked).authorization;
  }

  async #request(
    realm: URL,
    challenge: Challenge,
    named: Pick<HttpResponse, 'url' | 'reach'>,
    scope: string,
    credentials: Credentials | undefined,
  ): Promise<Bearer> {
    const url = new URL(realm);
    const service = challenge.params['service'];
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.append('scope', scope);
    const trusted = credentials !== undefined && realmBelongsTo(named.url, realm);
    const response = await this.#http.request({
      method: 'GET',
      url,
      destination: 'registry',
      reach: named.reach,
      redirects: 0,
      headers: { accept: 'application/json', ...(trusted && { authorization: basicAuthorization(credentials) }) },
    });
    if (response.status !== 200) {
      response.discard();
      const withheld = credentials !== undefined && !trusted;
      throw new PlimsollError(
        'REGISTRY',
        `${named.url.host} wants a token from ${redactUrl(realm)}, which answered ${response.status}` +
          (withheld
            ? `; the credentials stored for ${named.url.host} were not sent there, because the two hosts do not belong together`
            : credentials === undefined
              ? '; the repository does not exist or needs a login ("docker login")'
              : '; the stored credentials were not accepted'),
      );
    }
    return this.#parse(await readBody(response, largestAnswer), realm);
  }

  #parse(bytes: Uint8Array, realm: URL): Bearer {
    let json: Record<string, unknown>;
    try {
      json = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    } catch (error) {
      throw new PlimsollError('REGISTRY', `the token server ${redactUrl(realm)} answered something that is not JSON`, {
        cause: error,
      });
    }
    const token = json?.['token'] ?? json?.['access_token'];
    if (typeof token !== 'string' || token === '' || /[^\x21-\x7e]/.test(token)) {
      throw new PlimsollError('REGISTRY', `the token server ${redactUrl(realm)} answered without a token`);
    }
    const seconds = json['expires_in'];
    const lifetime = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : defaultLifetime;
    return { authorization: `Bearer ${token}`, expires: this.#clock.now() + Math.max(lifetime - margin, lifetime / 2) };
  }
}

function parseRealm(challenge: Challenge, registry: URL): URL {
  const text = challenge.params['realm'] ?? '';
  const realm = URL.canParse(text) ? new URL(text) : undefined;
  const wrong = (why: string): PlimsollError =>
    new PlimsollError('REGISTRY', `${registry.host} names a token server that ${why}; nothing was sent to it`);
  if (realm === undefined || (realm.protocol !== 'https:' && realm.protocol !== 'http:'))
    throw wrong('is no http(s) address');
  if (realm.protocol === 'http:' && registry.protocol === 'https:' && !isLoopbackHost(registry.host)) {
    throw wrong('is reached without encryption');
  }
  realm.username = '';
  realm.password = '';
  return realm;
}

// Under these anybody registers names, so that two of them say nothing about each other (publicsuffix.org).
const sharedSuffix = /^(ac|co|com|edu|gov|net|org)\.[a-z]{2}$/;

/**
 * May credentials stored for the registry be sent to this realm? They are for the pair of the two, never for a set of
 * hosts: the same host, or another in the registry's own domain (registry-1.docker.io and auth.docker.io,
 * registry.gitlab.com and gitlab.com). An address without a domain must be the same to the port.
 */
export function realmBelongsTo(registry: URL, realm: URL): boolean {
  if (registry.origin === realm.origin) return true;
  if (realm.protocol !== 'https:' && registry.protocol === 'https:') return false;
  if (literalAddress(registry) !== undefined || registry.hostname === 'localhost') return false;
  if (registry.hostname === realm.hostname) return true;
  const parent = registry.hostname.slice(registry.hostname.indexOf('.') + 1);
  const domain = !parent.includes('.') || sharedSuffix.test(parent) ? registry.hostname : parent;
  return realm.hostname === domain || realm.hostname.endsWith(`.${domain}`);
}

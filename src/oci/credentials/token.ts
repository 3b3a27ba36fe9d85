/*
 * src/oci/credentials/
 *
 * Being let in: which login a registry gets (credentials.ts; stored-credentials.ts looks into Docker's and podman's
 * files and asks credential helpers), what a registry asks for (challenge.ts), whether the token server that it names
 * may have the login (realm.ts), and the token (this file, token-request.ts). guest-tokens.ts is for hosts that a
 * redirect leads to: they get a token as nobody gets it. Reasons: docs/decisions/0005-credentials-and-realms.md.
 * Begin with challenge.ts, then this file.
 */

import { limits } from '../../core/limits/limits.ts';
import { type Clock, sleep, systemClock } from '../../core/time/clock.ts';
import type { HttpClient } from '../../http/http-client.ts';
import type { Credentials } from './credentials.ts';
import { type Bearer, requestToken, type TokenQuestion, TokenRefused } from './token-request.ts';

/** An `Authorization` value, and whether another token for the same scope could do better. */
export interface Grant {
  readonly authorization: string;
  /** Just made, for this scope alone: if it does not open the door, none will. */
  readonly final: boolean;
}

/** What a request needs to be let in. Source: distribution, "Token Scope Documentation". */
export interface TokenWish {
  readonly scope: string;
  /** A token that was used and refused: it is not handed out again, and the new one is for this scope alone. */
  readonly instead?: string;
  /** Scopes that will be asked for soon with the same credentials. */
  readonly others?: () => Promise<readonly string[]>;
}

/** Tokens by login, and by registry, realm and service; they outlive the run that asked for them. */
export type KnownTokens = Map<Credentials | undefined, Map<string, Group>>;

interface Token extends Bearer {
  /** Milliseconds since 1970. */
  readonly expires: number;
}

interface Group {
  readonly tokens: Map<string, Promise<Token>>;
  /** Scopes that wait to be asked for together. */
  gathering: { readonly scopes: Set<string>; readonly token: Promise<Token> } | undefined;
  /** false once the server refused several at once: GHCR refuses all for one that may not be read. */
  together: boolean;
}

const margin = 10_000;

/**
 * Keeps tokens by registry, realm, service, credentials and scope until shortly before they expire. What is wanted at
 * about the same time is asked for in one request of up to 50 scopes; everybody else waits for that answer.
 */
export class TokenSource {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #groups: KnownTokens;

  constructor(http: HttpClient, clock: Clock = systemClock, known: KnownTokens = new Map()) {
    this.#http = http;
    this.#clock = clock;
    this.#groups = known;
  }

  /** The `Authorization` value for one scope. Throws {@link TokenRefused}, or PlimsollError 'REGISTRY' or 'HTTP'. */
  async authorize(question: TokenQuestion, wish: TokenWish): Promise<Grant> {
    const group = this.#groupOf(question);
    const { scope, instead } = wish;
    for (;;) {
      const known = group.tokens.get(scope);
      if (known === undefined) {
        if (instead !== undefined || !group.together) return this.#askAlone(group, question, scope);
        this.#join(group, question, wish);
        continue;
      }
      const token = await known.catch(unlessRefusedTogether);
      if (token !== undefined && token.expires > this.#clock.now() && token.authorization !== instead) {
        return { authorization: token.authorization, final: false };
      }
      // Whoever sees first that it is of no use makes room for another; the others wait for that one.
      if (group.tokens.get(scope) === known) group.tokens.delete(scope);
    }
  }

  async #askAlone(group: Group, question: TokenQuestion, scope: string): Promise<Grant> {
    const token = this.#ask(group, question, () => Promise.resolve([scope]));
    group.tokens.set(scope, token);
    return { authorization: (await token).authorization, final: true };
  }

  /** Adds the scope to those that are about to be asked for. */
  #join(group: Group, question: TokenQuestion, wish: TokenWish): void {
    group.gathering ??= this.#gather(group, question, wish.others);
    const { scopes, token } = group.gathering;
    scopes.add(wish.scope);
    group.tokens.set(wish.scope, token);
    if (!hasRoom(scopes)) group.gathering = undefined;
  }

  #gather(group: Group, question: TokenQuestion, others: TokenWish['others']): NonNullable<Group['gathering']> {
    const scopes = new Set<string>();
    const token = this.#ask(group, question, async () => {
      // Files are read while it waits, on a busy machine slowly: as long as more join, it waits on.
      let before = 0;
      for (let waits = 0; waits < limits.registry.tokenWaits.most; waits++) {
        await sleep(limits.registry.tokenWait.most);
        const soon = hasRoom(scopes) ? await others?.() : undefined;
        for (const other of soon ?? []) {
          if (!hasRoom(scopes) || group.tokens.has(other)) continue;
          scopes.add(other);
          group.tokens.set(other, token);
        }
        if (scopes.size === before || !hasRoom(scopes)) break;
        before = scopes.size;
      }
      if (group.gathering?.token === token) group.gathering = undefined;
      return [...scopes];
    });
    return { scopes, token };
  }

  #ask(group: Group, question: TokenQuestion, gather: () => Promise<readonly string[]>): Promise<Token> {
    const ask = async (): Promise<Token> => {
      const scopes = await gather();
      try {
        const bearer = await requestToken(this.#http, question, scopes);
        const { lifetime } = bearer;
        return { ...bearer, expires: this.#clock.now() + Math.max(lifetime - margin, lifetime / 2) };
      } catch (error) {
        // The next who asks tries again; whoever waits now is told.
        for (const scope of scopes) if (group.tokens.get(scope) === token) group.tokens.delete(scope);
        if (scopes.length === 1 || !(error instanceof TokenRefused)) throw error;
        group.together = false;
        throw new RefusedTogether();
      }
    };
    const token = ask();
    token.catch(() => undefined);
    return token;
  }

  #groupOf({ challenge, named, credentials }: TokenQuestion): Group {
    const groups = this.#groups.get(credentials) ?? new Map<string, Group>();
    this.#groups.set(credentials, groups);
    const { realm = '', service = '' } = challenge.params;
    const key = [named.url.origin, realm, service].join(' ');
    const group = groups.get(key) ?? { tokens: new Map(), gathering: undefined, together: true };
    groups.set(key, group);
    return group;
  }
}

/** Several scopes in one request were refused, which says nothing about each of them. */
class RefusedTogether extends Error {}

function unlessRefusedTogether(error: unknown): undefined {
  if (!(error instanceof RefusedTogether)) throw error;
}

function hasRoom(scopes: ReadonlySet<string>): boolean {
  if (scopes.size >= limits.registry.tokenScopes.most) return false;
  let characters = 0;
  for (const scope of scopes) characters += scope.length;
  return characters < limits.registry.tokenQuery.most;
}

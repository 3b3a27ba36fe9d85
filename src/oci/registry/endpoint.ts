import { limits } from '../../core/limits/limits.ts';
import type { ProblemLog } from '../../core/problem-log.ts';
import type { AddressClass } from '../../http/host-rules.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/http-client.ts';
import { withoutCredentials } from '../../http/redirect.ts';
import { parseRetryAfter } from '../../http/retry.ts';
import { type Challenge, parseChallenge } from '../credentials/challenge.ts';
import { basicAuthorization, type CredentialSource, type Credentials } from '../credentials/credentials.ts';
import { GuestTokens } from '../credentials/guest-tokens.ts';
import type { TokenSource } from '../credentials/token.ts';
import { type TokenQuestion, TokenRefused } from '../credentials/token-request.ts';
import { settled } from './body.ts';
import { PullBudget } from './pull-budget.ts';
import { parseRateLimit } from './rate-limit.ts';
import { RegistryError } from './registry-answers.ts';

/** One host that is asked: a registry, or a mirror of one. */
export interface EndpointOptions {
  /** What credentials, limits and messages call it: `docker.io`, `mirror.corp:5000`. */
  readonly name: string;
  /** Ends with `/v2/`. */
  readonly base: () => Promise<URL>;
  /** Where repositories are found below the base: empty, or `hub/` on a mirror. */
  readonly prefix: string;
  readonly reach: AddressClass;
  readonly http: HttpClient;
  readonly tokens: TokenSource;
  readonly credentials: CredentialSource;
  readonly problems: Pick<ProblemLog, 'add'>;
}

/** A way to be let in. */
interface Pass {
  /** undefined: as nobody. */
  readonly authorization: string | undefined;
  /** What to try when it does not open the door. */
  readonly next: 'ask' | 'another-token' | 'nobody' | 'nothing';
}

type Known = Pick<TokenQuestion, 'challenge' | 'named'>;

const stranger: Pass = { authorization: undefined, next: 'ask' };

/**
 * One host that speaks the distribution API, with the way it lets us in: learnt from its first answer, shared by all
 * repositories, renewed when it stops working. Every answer is returned; throws PlimsollError 'REGISTRY' or 'HTTP'.
 */
export class Endpoint {
  readonly #options: EndpointOptions;
  readonly budget = new PullBudget();
  readonly #guests: GuestTokens;
  readonly #repositories = new Set<string>();
  #introduction: Promise<unknown> | undefined;
  #known: Known | undefined;
  #accepted = false;
  #refusals = 0;
  #quietUntil = 0;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#guests = new GuestTokens(options.tokens);
  }

  /**
   * The first request goes alone: its answer says how to log in, which a hundred others then need not be refused to
   * learn.
   */
  async send(repository: string, method: 'GET' | 'HEAD', path: string, accept: string): Promise<HttpResponse> {
    this.#repositories.add(repository);
    if (this.#introduction === undefined) {
      const first = this.#send(repository, method, path, accept);
      this.#introduction = first;
      return first;
    }
    await this.#introduction.catch(() => undefined);
    return this.#send(repository, method, path, accept);
  }

  async #send(repository: string, method: 'GET' | 'HEAD', path: string, accept: string): Promise<HttpResponse> {
    const { reach, base, prefix } = this.#options;
    this.#refuseWhenLimited(method, path);
    const url = new URL(`${prefix}${repository}/${path}`, await base());
    let pass = this.#known === undefined ? stranger : await this.#passFor(repository, this.#known, undefined);
    for (;;) {
      const { authorization } = pass;
      const headers = { accept, ...(authorization !== undefined && { authorization }) };
      const response = await this.#sendOn({ method, url, destination: 'registry', reach, headers });
      this.#note(response, method);
      if (response.status !== 401 || response.url.origin !== url.origin) {
        if (pass.next === 'nobody') this.#accepted = true;
        return response;
      }
      // The token server may be the same host: whoever asks there must not hold one of its sockets.
      const answer = await settled(response);
      const next = await this.#after(pass, repository, answer);
      if (next === undefined) return answer;
      pass = next;
    }
  }

  /**
   * Follows redirects. Only the registry itself may ask for its credentials: after a redirect it is somebody else who
   * asks, and is given a token as nobody gets it.
   */
  async #sendOn(request: HttpRequest): Promise<HttpResponse> {
    const { http, name } = this.#options;
    const { origin } = request.url;
    let shown: string | undefined;
    const elsewhere = async (url: URL): Promise<Record<string, string>> => {
      shown = url.origin === origin ? undefined : await this.#guests.authorizationFor(url);
      return shown === undefined ? {} : { authorization: shown };
    };
    const first = await http.request({ ...request, elsewhere });
    if (first.status !== 401 || first.url.origin === origin || !this.#guests.learn(first)) return first;
    const answer = await settled(first);
    const { url, reach } = answer;
    const authorization = await this.#guests.authorizationFor(url, shown);
    if (authorization === undefined) return answer;
    const headers = { ...withoutCredentials(request.headers ?? {}), authorization };
    const second = await http.request({ ...request, url, reach, headers, elsewhere });
    if (second.status !== 401) return second;
    second.discard();
    const message = `${name} sends its requests on to ${url.host}, which answered 401 to who has no login (or there is no such repository); the login of another host is not sent there: name ${url.host} in the reference and log in there`;
    throw new RegistryError({ code: 'registry-unauthorized', message });
  }

  /** What to try after a 401; undefined when there is nothing. */
  async #after(pass: Pass, repository: string, response: HttpResponse): Promise<Pass | undefined> {
    if (pass.next === 'nobody') {
      this.#refusals++;
      this.#sayRefused(`${response.url.host} answered 401`);
      return { authorization: undefined, next: 'nothing' };
    }
    if (pass.next === 'nothing') return undefined;
    const challenge = chooseChallenge(parseChallenge(response.values('www-authenticate')));
    if (challenge === undefined) return undefined;
    const known = { challenge, named: { url: response.url, reach: response.reach } };
    const next = await this.#passFor(repository, known, pass.authorization);
    if (pass === stranger && next.authorization === undefined) return undefined;
    this.#known = known;
    // A Basic login was not sent because the registry had not asked; nobody was already refused.
    return pass === stranger && next.next === 'nobody' ? { ...next, next: 'nothing' } : next;
  }

  async #passFor(repository: string, known: Known, instead: string | undefined): Promise<Pass> {
    const credentials = await this.#credentialsFor(repository);
    if (known.challenge.scheme === 'basic') {
      return credentials?.kind === 'password'
        ? { authorization: basicAuthorization(credentials.username, credentials.password), next: 'nobody' }
        : { authorization: undefined, next: 'nothing' };
    }
    if (credentials?.kind === 'bearer') {
      return { authorization: `Bearer ${credentials.token.reveal()}`, next: 'nothing' };
    }
    try {
      const pass = await this.#token(repository, { ...known, credentials }, instead);
      if (credentials !== undefined) this.#accepted = true;
      return pass;
    } catch (error) {
      const refused = error instanceof TokenRefused && error.hadCredentials && [400, 401, 403].includes(error.status);
      if (!refused) throw error;
      this.#refusals++;
      let pass: Pass;
      try {
        pass = await this.#token(repository, { ...known, credentials: undefined }, undefined);
      } catch {
        // That the login was refused says more than that nobody may read it.
        throw error;
      }
      this.#sayRefused(`its token server answered ${error.status}`);
      return pass;
    }
  }

  async #token(repository: string, question: TokenQuestion, instead: string | undefined): Promise<Pass> {
    const { authorization, final } = await this.#options.tokens.authorize(question, {
      scope: this.#scopeOf(repository),
      ...(instead !== undefined && { instead }),
      others: () => this.#scopesWith(question.credentials),
    });
    return { authorization, next: final ? 'nothing' : 'another-token' };
  }

  /** The repositories of this run that the same login is for. */
  async #scopesWith(credentials: Credentials | undefined): Promise<string[]> {
    const scopes: string[] = [];
    for (const repository of this.#repositories) {
      if ((await this.#credentialsFor(repository)) === credentials) scopes.push(this.#scopeOf(repository));
    }
    return scopes;
  }

  #scopeOf(repository: string): string {
    return `repository:${this.#options.prefix}${repository}:pull`;
  }

  async #credentialsFor(repository: string): Promise<Credentials | undefined> {
    if (!this.#accepted && this.#refusals >= limits.registry.refusals.most) return undefined;
    return this.#options.credentials(this.#options.name, `${this.#options.prefix}${repository}`);
  }

  #sayRefused(how: string): void {
    const { name, problems } = this.#options;
    problems.add({
      code: 'registry-login-refused',
      message: `${name} did not accept the credentials stored for it (${how}); went on without a login, which public images allow; log in again`,
      subject: name,
    });
  }

  /** Docker Hub: `ratelimit-limit: 100;w=21600`. */
  #note(response: HttpResponse, method: string): void {
    const { http, name } = this.#options;
    const limit = parseRateLimit(response.headers);
    if (limit) {
      http.cost.rateLimit.set(name, limit);
      this.budget.note(limit);
    }
    // A GET may be one pull too many while HEADs go on.
    if (response.status !== 429 || method !== 'HEAD') return;
    const wait = parseRetryAfter(response.headers.get('retry-after'), Date.parse(response.headers.get('date') ?? ''));
    if (wait !== undefined && wait > limits.host.retryAfter.most) this.#quietUntil = performance.now() + wait;
  }

  #refuseWhenLimited(method: 'GET' | 'HEAD', path: string): void {
    const { name, http } = this.#options;
    const left = Math.ceil((this.#quietUntil - performance.now()) / 1000);
    if (left > 0) {
      const message = `not asked: ${name} has answered 429 (too many requests) and wants to be left alone for another ${left} s`;
      throw new RegistryError({ code: 'registry-rate-limited', message });
    }
    if (method !== 'GET' || !path.startsWith('manifests/')) return;
    if (!this.budget.take()) {
      const remaining = http.cost.rateLimit.get(name)?.remaining ?? 0;
      const message = `not asked: ${name} says that ${remaining} pulls are left, and this run leaves some of them to others`;
      throw new RegistryError({ code: 'budget', message });
    }
    http.cost.countedPulls++;
  }
}

/** Bearer before Basic; anything else cannot be answered. */
function chooseChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges.find(({ scheme }) => scheme === 'basic');
}

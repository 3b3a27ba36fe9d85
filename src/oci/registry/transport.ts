import { messageOf, PlimsollError } from '../../core/errors.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import type { ProblemLog } from '../../core/problem-log.ts';
import { systemClock } from '../../core/time/clock.ts';
import { type AddressClass, isLoopbackHost } from '../../http/host-rules.ts';
import type { HttpClient, HttpResponse } from '../../http/http-client.ts';
import type { CredentialSource } from '../credentials/credentials.ts';
import { type KnownTokens, TokenSource } from '../credentials/token.ts';
import { quirkOf } from '../quirks/index.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';

/** How registries are reached, by their names in references. */
export interface TransportOptions {
  readonly http: HttpClient;
  readonly credentials: CredentialSource;
  /** How far in registries may be: 'loopback' for what a person typed or configured, less for content from a forge. */
  readonly reach: (registry: string) => AddressClass;
  /** May this registry be asked over plain HTTP? Loopback always may. */
  readonly insecure: (registry: string) => boolean;
  /** Who is asked first in place of a registry: `https://mirror.corp/hub`. */
  readonly mirror?: (registry: string) => URL | undefined;
  readonly problems: Pick<ProblemLog, 'add'>;
  /** Those of earlier runs too; absent: none yet. */
  readonly tokens?: KnownTokens;
}

/** A repository as the API addresses it. */
export type Repository = Pick<ImageReference, 'registry' | 'repository'>;

interface Route {
  readonly upstream: Endpoint;
  readonly mirror: { readonly endpoint: Endpoint; readonly name: string } | undefined;
}

/**
 * Sends questions to registries, or to the mirror the operator named for one: what the mirror does not have or cannot
 * answer is asked of the registry itself, so that only the registry can say that something is gone.
 */
export class RegistryTransport {
  readonly #options: TransportOptions;
  readonly #tokens: TokenSource;
  readonly #routes = new Map<string, Route>();

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#tokens = new TokenSource(options.http, systemClock, options.tokens);
  }

  /** Any answer. Throws PlimsollError 'REGISTRY' or 'HTTP' when there is none. */
  send(repository: Repository, method: 'GET' | 'HEAD', path: string, accept: string): Promise<HttpResponse> {
    const { upstream, mirror } = this.#routeOf(repository.registry);
    if (mirror === undefined) return upstream.send(repository.repository, method, path, accept);
    return this.#sendToMirror(mirror, repository, method, path, accept);
  }

  /** The same, asked of the registry itself: what a mirror serves proves nothing about it. */
  sendToOwner(repository: Repository, method: 'GET' | 'HEAD', path: string, accept: string): Promise<HttpResponse> {
    return this.#routeOf(repository.registry).upstream.send(repository.repository, method, path, accept);
  }

  /** Is somebody else asked before this registry? */
  hasMirror(registry: string): boolean {
    return this.#routeOf(registry).mirror !== undefined;
  }

  /** How many counted pulls the run may still make there; undefined when the registry has named no limit. */
  affordable(registry: string): number | undefined {
    return this.#routes.get(registry)?.upstream.budget.affordable;
  }

  async #sendToMirror(
    { endpoint, name }: NonNullable<Route['mirror']>,
    repository: Repository,
    method: 'GET' | 'HEAD',
    path: string,
    accept: string,
  ): Promise<HttpResponse> {
    let why: string;
    try {
      const response = await endpoint.send(repository.repository, method, path, accept);
      if (response.status === 200) return response;
      response.discard();
      why = `it answered ${response.status}`;
    } catch (error) {
      if (error instanceof PlimsollError && error.code === 'CANCELLED') throw error;
      why = messageOf(error);
    }
    const { registry } = repository;
    this.#options.problems.add({
      code: 'registry-mirror-passed-over',
      message: `the mirror ${name} could not answer everything that was asked of it for ${registry} (${repository.repository}: ${why}); ${registry} itself was asked for that`,
      subject: name,
    });
    return this.sendToOwner(repository, method, path, accept);
  }

  #routeOf(registry: string): Route {
    let route = this.#routes.get(registry);
    if (!route) {
      const address = this.#options.mirror?.(registry);
      const reach = this.#options.reach(registry);
      route = {
        upstream: this.#endpoint({ name: registry, prefix: '', base: () => this.#findBase(registry), reach }),
        mirror: address && { name: address.host, endpoint: this.#mirror(address) },
      };
      this.#routes.set(registry, route);
    }
    return route;
  }

  /** The operator named it, so it may be anywhere, and its scheme is as written. */
  #mirror(address: URL): Endpoint {
    const path = address.pathname.replace(/^\/+|\/+$/g, '');
    const base = new URL('/v2/', address);
    const prefix = path === '' ? '' : `${path}/`;
    return this.#endpoint({ name: address.host, prefix, base: () => Promise.resolve(base), reach: 'loopback' });
  }

  #endpoint(own: Pick<EndpointOptions, 'name' | 'prefix' | 'base' | 'reach'>): Endpoint {
    const { http, credentials, problems } = this.#options;
    let base: Promise<URL> | undefined;
    const once = (): Promise<URL> => {
      base ??= own.base();
      return base;
    };
    return new Endpoint({ ...own, base: once, http, credentials, problems, tokens: this.#tokens });
  }

  async #findBase(registry: string): Promise<URL> {
    const host = quirkOf(registry)?.apiHost ?? registry;
    const secure = new URL(`https://${host}/v2/`);
    if (!isLoopbackHost(registry) && !this.#options.insecure(registry)) return secure;
    return (await this.#options.http.speaksTls(secure)) ? secure : new URL(`http://${host}/v2/`);
  }
}

import type { ByteCache } from '../cache/byte-cache.ts';
import { type Digest, digestOf, hasherFor, isDigest, shortDigest } from '../core/digest.ts';
import { messageOf } from '../core/errors.ts';
import type { ImageConfig, ImageDocument, ImageManifest } from '../core/image.ts';
import type { Problem } from '../core/problem.ts';
import { problemOf } from '../core/problem-of.ts';
import { formatReference, type ImageReference } from '../core/reference.ts';
import { SharedWork } from '../core/shared-work.ts';
import { type AddressClass, isLoopbackHost } from '../http/host-rules.ts';
import type { HttpClient, HttpResponse } from '../http/http-client.ts';
import { speaksTls } from '../http/tls-probe.ts';
import { errorCodeOf, type Failure, failureOf, failWith, RegistryError } from './answers.ts';
import { readBody } from './body.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { basicAuthorization, type CredentialSource } from './credentials.ts';
import { largestDocument, parseConfig, parseDocument } from './documents.ts';
import { acceptManifests, isIndexType } from './media-types.ts';
import { TokenSource } from './token.ts';
import { isOfDigest, mismatch, verified } from './verify.ts';

/** What a registry says a tag or digest is today. */
export type Look =
  | { readonly kind: 'found'; readonly digest: Digest; readonly index: boolean | undefined }
  /** Not there, by a 404 with MANIFEST_UNKNOWN to a HEAD and to a GET: one half of a proof. `answer` is what came back. */
  | { readonly kind: 'gone'; readonly message: string; readonly answer: string }
  | { readonly kind: 'unknown'; readonly problem: Problem };

export interface RegistryClientOptions {
  readonly http: HttpClient;
  readonly credentials: CredentialSource;
  readonly cache: ByteCache;
  /** How far in registries may be: 'loopback' for what a person typed or configured, less for content from a forge. */
  readonly reach: (registry: string) => AddressClass;
  /** May this registry be asked over plain HTTP? Loopback always may. */
  readonly insecure: (registry: string) => boolean;
}

/** A repository as the API addresses it. */
export type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/**
 * Reads from any registry that speaks the distribution-spec; none needs a special case. HEAD first, GET and hash when
 * HEAD cannot tell; every byte that is addressed by digest is verified; documents come from the cache when they can.
 * `look` never throws; the others throw PlimsollError ('REGISTRY', 'HTTP', 'DIGEST_MISMATCH').
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #tokens: TokenSource;
  readonly #bases = new Map<string, Promise<URL>>();
  readonly #challenges = new Map<string, Challenge & { named: Pick<HttpResponse, 'url' | 'reach'> }>();
  readonly #looks = new Map<string, Promise<Look>>();
  readonly #documents = new SharedWork<ImageDocument>();
  readonly #headless = new Set<string>();
  readonly #introductions = new Map<string, Promise<unknown>>();

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.#tokens = new TokenSource(options.http);
  }

  /** One HEAD per tag or digest and run, whoever asks. */
  look(repository: Repository, target: string): Promise<Look> {
    const key = `${repository.registry}/${repository.repository} ${target}`;
    let look = this.#looks.get(key);
    if (!look) {
      look = this.#look(repository, target).catch(
        (error: unknown): Look => ({ kind: 'unknown', problem: problemOf(error, nameOf(repository, target)) }),
      );
      this.#looks.set(key, look);
    }
    return look;
  }

  /** Does the repository answer for anything at all? The other half of a proof that something in it is gone. */
  async hasTags(repository: Repository): Promise<boolean> {
    try {
      const response = await this.#send(repository, 'GET', 'tags/list?n=1', 'application/json');
      if (response.status !== 200) {
        response.discard();
        return false;
      }
      const json = JSON.parse(new TextDecoder().decode(await readBody(response, 32 * 1024 * 1024))) as {
        tags?: unknown;
      };
      return Array.isArray(json.tags) && json.tags.length > 0;
    } catch {
      return false;
    }
  }

  /** The index or manifest behind a digest, verified. */
  document(repository: Repository, digest: Digest): Promise<ImageDocument> {
    return this.#documents.get(digest, `${repository.registry}/${repository.repository}`, async () => {
      const bytes = await this.#bytes('document', digest, () => this.#fetchManifest(repository, digest));
      return parseDocument(bytes, digest);
    });
  }

  /** The config of a manifest, verified. */
  async config(repository: Repository, manifest: ImageManifest): Promise<ImageConfig> {
    const { digest } = manifest.config;
    return parseConfig(
      await this.#bytes('document', digest, async () => {
        const response = await this.#send(repository, 'GET', `blobs/${digest}`, '*/*');
        const what = `config ${shortDigest(digest)} of ${repository.registry}/${repository.repository}`;
        if (response.status !== 200) return failWith(what, response);
        return verified(await readBody(response, largestDocument), digest, what);
      }),
    );
  }

  /**
   * The bytes of a layer as they arrive, at most `size` of them; the last step throws 'DIGEST_MISMATCH' when they were
   * not what the digest says, so a reader must not believe anything before the end.
   */
  async *layer(repository: Repository, digest: Digest, size: number): AsyncGenerator<Uint8Array> {
    const what = `layer ${shortDigest(digest)} of ${repository.registry}/${repository.repository}`;
    const response = await this.#send(repository, 'GET', `blobs/${digest}`, '*/*');
    if (response.status !== 200) await failWith(what, response);
    const hasher = hasherFor(digest);
    let read = 0;
    for await (const chunk of response.body) {
      read += chunk.length;
      if (read > size) throw mismatch(what, `is longer than the ${size} bytes its manifest says`);
      hasher.update(chunk);
      yield chunk;
    }
    const got = `${digest.slice(0, digest.indexOf(':'))}:${hasher.digest('hex')}`;
    if (read < size) throw mismatch(what, `broke off after ${read} of ${size} bytes`);
    if (got !== digest) throw mismatch(what, `has the digest ${shortDigest(got)}`);
  }

  async #look(repository: Repository, target: string): Promise<Look> {
    const what = nameOf(repository, target);
    if (!this.#headless.has(repository.registry)) {
      const head = await this.#send(repository, 'HEAD', `manifests/${target}`, acceptManifests);
      head.discard();
      const header = head.headers.get('docker-content-digest') ?? '';
      if (head.status === 200 && header !== '') {
        if (!isDigest(header)) throw new RegistryError(badDigest(what));
        if (isDigest(target) && header !== target) throw new RegistryError(badDigest(what));
        return { kind: 'found', digest: header, index: indexHint(head) };
      }
      // A passing failure or a refusal says the same to a GET, which would be a counted pull on top.
      if (![200, 404, 405].includes(head.status)) throw new RegistryError(failureOf(what, head, undefined));
      if (head.status === 405) this.#headless.add(repository.registry);
    }
    return this.#lookByGet(repository, target, what);
  }

  async #lookByGet(repository: Repository, target: string, what: string): Promise<Look> {
    this.#options.http.cost.countedPulls++;
    const response = await this.#send(repository, 'GET', `manifests/${target}`, acceptManifests);
    if (response.status !== 200) {
      const errorCode = await errorCodeOf(response);
      const failure = failureOf(what, response, errorCode);
      if (response.status === 404 && errorCode === 'MANIFEST_UNKNOWN')
        return { kind: 'gone', message: failure.message, answer: `${response.url.host} answers 404 ${errorCode}` };
      throw new RegistryError(failure);
    }
    const bytes = await readBody(response, largestDocument);
    const digest = isDigest(target) ? target : digestOf(bytes);
    if (isDigest(target)) verified(bytes, target, what);
    let document: ImageDocument;
    try {
      document = parseDocument(bytes, digest);
    } catch (error) {
      throw new RegistryError(
        {
          code: 'registry-not-a-manifest',
          message: `${what}: ${response.url.host} answered 200 with something else than a manifest (${messageOf(error)}); is there a proxy or a login page in between?`,
        },
        { cause: error },
      );
    }
    this.#options.cache.put('document', digest, bytes);
    return { kind: 'found', digest, index: document.kind === 'index' };
  }

  async #fetchManifest(repository: Repository, digest: Digest): Promise<Uint8Array> {
    const what = nameOf(repository, digest);
    this.#options.http.cost.countedPulls++;
    const response = await this.#send(repository, 'GET', `manifests/${digest}`, acceptManifests);
    if (response.status !== 200) return failWith(what, response);
    return verified(await readBody(response, largestDocument), digest, what);
  }

  async #bytes(kind: string, digest: Digest, fetch: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const { cache, http } = this.#options;
    const cached = cache.get(kind, digest);
    // The cache verifies itself, and a digest can be verified once more for nothing.
    if (cached !== undefined && isOfDigest(cached, digest)) {
      http.cost.cacheHits++;
      return cached;
    }
    const bytes = await fetch();
    cache.put(kind, digest, bytes);
    return bytes;
  }

  /**
   * The first request to a registry goes alone: its answer says how to log in, which a hundred others then need not be
   * refused to learn.
   */
  async #send(repository: Repository, method: 'GET' | 'HEAD', path: string, accept: string): Promise<HttpResponse> {
    const { registry } = repository;
    const introduction = this.#introductions.get(registry);
    if (introduction === undefined) {
      const first = this.#sendNow(repository, method, path, accept);
      this.#introductions.set(registry, first);
      return first;
    }
    await introduction.catch(() => undefined);
    return this.#sendNow(repository, method, path, accept);
  }

  /** Sends with what is known about the registry's way to log in, and answers one challenge if it asks for more. */
  async #sendNow(repository: Repository, method: 'GET' | 'HEAD', path: string, accept: string): Promise<HttpResponse> {
    const { registry } = repository;
    const url = new URL(`${repository.repository}/${path}`, await this.#base(registry));
    const send = (authorization: string | undefined): Promise<HttpResponse> =>
      this.#options.http.request({
        method,
        url,
        destination: 'registry',
        reach: this.#options.reach(registry),
        headers: { accept, ...(authorization !== undefined && { authorization }) },
      });
    const remembered = this.#challenges.get(registry);
    const response = await send(remembered && (await this.#authorize(repository, remembered)));
    this.#noteRateLimit(registry, response);
    if (response.status !== 401 || remembered !== undefined) return response;
    // Only the registry itself may ask for its credentials: after a redirect it is somebody else who asks.
    if (response.url.origin !== url.origin) return response;
    const challenge = chooseChallenge(parseChallenge(response.values('www-authenticate')));
    if (!challenge) return response;
    const known = { ...challenge, named: { url: response.url, reach: response.reach } };
    const authorization = await this.#authorize(repository, known);
    if (authorization === undefined) return response;
    response.discard();
    this.#challenges.set(registry, known);
    const second = await send(authorization);
    this.#noteRateLimit(registry, second);
    return second;
  }

  async #authorize(
    repository: Repository,
    challenge: Challenge & { named: Pick<HttpResponse, 'url' | 'reach'> },
  ): Promise<string | undefined> {
    const credentials = this.#options.credentials(repository.registry);
    if (challenge.scheme === 'basic') return credentials && basicAuthorization(credentials);
    return this.#tokens.authorize(challenge, challenge.named, `repository:${repository.repository}:pull`, credentials);
  }

  /** Docker Hub: `ratelimit-limit: 100;w=21600`. */
  #noteRateLimit(registry: string, response: HttpResponse): void {
    const limit = Number.parseInt(response.headers.get('ratelimit-limit') ?? '', 10);
    const remaining = Number.parseInt(response.headers.get('ratelimit-remaining') ?? '', 10);
    if (Number.isFinite(limit) && Number.isFinite(remaining)) {
      this.#options.http.cost.rateLimit.set(registry, { limit, remaining });
    }
  }

  #base(registry: string): Promise<URL> {
    let base = this.#bases.get(registry);
    if (!base) {
      base = this.#findBase(registry);
      this.#bases.set(registry, base);
    }
    return base;
  }

  async #findBase(registry: string): Promise<URL> {
    const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
    const secure = new URL(`https://${host}/v2/`);
    if (!isLoopbackHost(registry) && !this.#options.insecure(registry)) return secure;
    const hostname = secure.hostname.replace(/^\[|\]$/g, '');
    return (await speaksTls(hostname, Number(secure.port || 443))) ? secure : new URL(`http://${host}/v2/`);
  }
}

/** Bearer before Basic; anything else cannot be answered. */
function chooseChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges.find(({ scheme }) => scheme === 'basic');
}

function indexHint(response: HttpResponse): boolean | undefined {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim();
  if (type === undefined || !/manifest|index/.test(type)) return undefined;
  return isIndexType(type);
}

function badDigest(what: string): Failure {
  return {
    code: 'registry-bad-digest',
    message: `${what}: the registry's Docker-Content-Digest header is not the digest of what was asked for`,
  };
}

function nameOf(repository: Repository, target: string): string {
  return formatReference(
    isDigest(target)
      ? { registry: repository.registry, repository: repository.repository, digest: target }
      : { registry: repository.registry, repository: repository.repository, tag: target },
  );
}

/*
 * src/oci/registry/
 *
 * Asking registries, by the OCI distribution-spec. registry-client.ts is what others use: what does a tag or digest
 * name today (look.ts), the documents behind it, verified (documents.ts, verified-bytes.ts), tags (tag-list.ts),
 * layers, referrers (referrers.ts), and the proof that something is gone (gone-proof.ts). endpoint.ts is one registry
 * with its logins and mirror, transport.ts one request; pull-budget.ts and rate-limit.ts keep to what a guest may ask.
 * Begin here, then endpoint.ts.
 */

import type { ByteCache } from '../../cache/byte-cache.ts';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { type Digest, digestOf, hasherFor, isDigest, shortDigest } from '../../core/image/digest.ts';
import type { ImageConfig, ImageDocument, ImageManifest } from '../../core/image/image.ts';
import { acceptManifests, isIndexType } from '../../core/image/media-types.ts';
import { formatReference, type ImageReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import { problemOf } from '../../core/problem.ts';
import { SharedWork } from '../../core/shared-work.ts';
import type { HttpResponse } from '../../http/http-client.ts';
import { meansGone, registryOf } from '../quirks/index.ts';
import { readBody } from './body.ts';
import { parseConfig, parseDocument } from './documents.ts';
import { type GoneProof, proveGone } from './gone-proof.ts';
import type { Look } from './look.ts';
import { Attachments } from './referrers.ts';
import { type Failure, failureOf, failWith, RegistryError, readErrorAnswer } from './registry-answers.ts';
import { listTags, type TagLimits, type TagList } from './tag-list.ts';
import { RegistryTransport, type Repository, type TransportOptions } from './transport.ts';
import { isOfDigest, mismatch, verified } from './verified-bytes.ts';

export type { Repository } from './transport.ts';

/** What asking registries needs, and where documents are kept. */
export interface RegistryClientOptions extends TransportOptions {
  readonly cache: ByteCache;
}

/**
 * Reads from any registry that speaks the distribution-spec; none needs a special case. HEAD first, GET and hash when
 * HEAD cannot tell; every byte that is addressed by digest is verified; documents come from the cache when they can.
 * `look` never throws; the others throw PlimsollError ('REGISTRY', 'HTTP', 'DIGEST_MISMATCH').
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #transport: RegistryTransport;
  readonly #looks = new Map<string, Promise<Look>>();
  readonly #documents = new SharedWork<ImageDocument>();
  readonly #tagLists = new SharedWork<TagList>(limits.registry.tagsKept.most, ({ tags }) => tags.length + 1);
  readonly #headless = new Set<string>();
  /** Signatures, attestations and SBOMs of images. */
  readonly attachments: Attachments;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.#transport = new RegistryTransport(options);
    this.attachments = new Attachments({
      transport: this.#transport,
      look: (repository, tag) => this.look(repository, tag),
      bytes: (repository, digest) => this.#manifest(repository, digest),
      blob: (repository, digest, size) => this.layer(repository, digest, size),
    });
  }

  /** How many counted pulls the run may still make at a registry; undefined when it has named no limit. */
  affordable(registry: string): number | undefined {
    return this.#transport.affordable(registry);
  }

  /** Every tag of a repository, as far as a bounded listing goes. */
  listTags(repository: Repository, bounds?: TagLimits): Promise<TagList> {
    return this.#listTags(repository, 'mirror', bounds);
  }

  /** A whole list is read once, however many tags of the repository are used. */
  #listTags(repository: Repository, from: 'mirror' | 'owner', bounds?: TagLimits): Promise<TagList> {
    const source = this.#transport.hasMirror(repository.registry) ? from : 'owner';
    const send: RegistryTransport['send'] = (...given) =>
      source === 'owner' ? this.#transport.sendToOwner(...given) : this.#transport.send(...given);
    if (bounds !== undefined) return listTags({ send }, repository, bounds);
    const key = `${source} ${repository.registry}/${repository.repository}`;
    return this.#tagLists.get(key, key, () => listTags({ send }, repository));
  }

  /**
   * One HEAD per tag or digest and run, whoever asks. A digest whose document is read next, if it is there, and is not in the cache
   * is asked for by that GET alone, where the registry has named no limit of pulls.
   */
  look(repository: Repository, target: string, next?: 'read'): Promise<Look> {
    const key = `${repository.registry}/${repository.repository} ${target}`;
    let look = this.#looks.get(key);
    if (!look) {
      look = this.#look(repository, target, next).catch(
        (error: unknown): Look => ({ kind: 'unknown', problem: problemOf(error, nameOf(repository, target)) }),
      );
      this.#looks.set(key, look);
    }
    return look;
  }

  /** The other half of a proof that what a look calls gone is gone. Asks the registry itself, never its mirror. */
  proveGone(reference: ImageReference, what: 'tag' | 'digest'): Promise<GoneProof> {
    return proveGone(reference, what, {
      serves: (target) => this.#serves(reference, target),
      listTags: (bounds) => this.#listTags(reference, 'owner', bounds),
    });
  }

  /** The index or manifest behind a digest, verified. */
  document(repository: Repository, digest: Digest): Promise<ImageDocument> {
    return this.#documents.get(digest, `${repository.registry}/${repository.repository}`, async () => {
      return parseDocument(await this.#manifest(repository, digest), digest);
    });
  }

  /** The config of a manifest, verified. */
  async config(repository: Repository, manifest: ImageManifest): Promise<ImageConfig> {
    const { digest } = manifest.config;
    const { cache, http } = this.#options;
    // The number changes with what a config holds when it has been read.
    const key = `${digest} 1`;
    const cached = cache.get('config', key);
    if (cached !== undefined) {
      http.cost.cacheHits++;
      return JSON.parse(Buffer.from(cached).toString('utf8')) as ImageConfig;
    }
    const what = `config ${shortDigest(digest)} of ${repository.registry}/${repository.repository}`;
    const config = parseConfig(await this.#fetch(repository, `blobs/${digest}`, '*/*', digest, what));
    // Not its bytes: they may hold what a publisher left in ENV or in a command by mistake.
    cache.put('config', key, Buffer.from(JSON.stringify(config)));
    return config;
  }

  /**
   * The bytes of a layer as they arrive, at most `size` of them; the last step throws 'DIGEST_MISMATCH' when they were
   * not what the digest says, so a reader must not believe anything before the end.
   */
  async *layer(repository: Repository, digest: Digest, size: number): AsyncGenerator<Uint8Array> {
    const what = `layer ${shortDigest(digest)} of ${repository.registry}/${repository.repository}`;
    const response = await this.#transport.send(repository, 'GET', `blobs/${digest}`, '*/*');
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

  async #look(repository: Repository, target: string, next?: 'read'): Promise<Look> {
    const what = nameOf(repository, target);
    const isReadAnyway = next === 'read' && this.affordable(repository.registry) === undefined;
    const isCached = !isReadAnyway || this.#options.cache.get('document', target) !== undefined;
    const read = isCached ? undefined : await this.#lookByGet(repository, target, what);
    if (read?.kind === 'found') return read;
    if (!this.#headless.has(repository.registry)) {
      const head = await this.#transport.send(repository, 'HEAD', `manifests/${target}`, acceptManifests);
      head.discard();
      const header = head.headers.get('docker-content-digest') ?? '';
      if (head.status === 200 && header !== '') {
        if (!isDigest(header)) throw new RegistryError(badDigest(what));
        if (isDigest(target) && header !== target) throw new RegistryError(badDigest(what));
        return { kind: 'found', digest: header, index: indexHint(head) };
      }
      // A passing failure, or a login that is asked for, says the same to a GET, which would be a counted pull on top.
      if (!mayDifferForGet(head.status)) throw new RegistryError(failureOf(what, head, {}));
      // RFC 9110: not allowed here, or not known at all.
      if (head.status === 405 || head.status === 501) this.#headless.add(repository.registry);
      const look = read ?? (await this.#lookByGet(repository, target, what));
      // Where a refusal is of the method and not of the repository, everybody's HEAD would be in vain.
      if (head.status !== 200 && head.status !== 404) this.#headless.add(repository.registry);
      return look;
    }
    return read ?? this.#lookByGet(repository, target, what);
  }

  async #serves(repository: Repository, target: string): Promise<boolean> {
    if (!this.#transport.hasMirror(repository.registry)) return (await this.look(repository, target)).kind === 'found';
    try {
      const head = await this.#transport.sendToOwner(repository, 'HEAD', `manifests/${target}`, acceptManifests);
      head.discard();
      return head.status === 200;
    } catch {
      return false;
    }
  }

  async #lookByGet(repository: Repository, target: string, what: string): Promise<Look> {
    const check = (bytes: Uint8Array): Uint8Array => (isDigest(target) ? verified(bytes, target, what) : bytes);
    const { response, bytes } = await this.#read(repository, `manifests/${target}`, acceptManifests, check);
    if (bytes === undefined) {
      const answer = await readErrorAnswer(response);
      const failure = failureOf(what, response, answer);
      if (response.status === 404 && meansGone(registryOf(response.url.host), answer.code))
        return { kind: 'gone', message: failure.message, answer: `${response.url.host} answers 404 ${answer.code}` };
      throw new RegistryError(failure);
    }
    const digest = isDigest(target) ? target : digestOf(bytes);
    let document: ImageDocument;
    try {
      document = parseDocument(bytes, digest);
    } catch (error) {
      throw new RegistryError(
        {
          code: 'registry-not-a-manifest',
          message: `${what}: ${response.url.host} answered 200 with something else than a manifest (${messageOf(error)}); a proxy or a login page may be in between`,
        },
        { cause: error },
      );
    }
    this.#options.cache.put('document', digest, bytes);
    return { kind: 'found', digest, index: document.kind === 'index' };
  }

  #manifest(repository: Repository, digest: Digest): Promise<Uint8Array> {
    return this.#document(digest, () =>
      this.#fetch(repository, `manifests/${digest}`, acceptManifests, digest, nameOf(repository, digest)),
    );
  }

  async #fetch(
    repository: Repository,
    path: string,
    accept: string,
    digest: Digest,
    what: string,
  ): Promise<Uint8Array> {
    const { response, bytes } = await this.#read(repository, path, accept, (read) => verified(read, digest, what));
    return bytes ?? failWith(what, response);
  }

  /** Sends, and reads the body of a success. One that breaks off, or that `check` finds changed, is asked for again. */
  async #read(
    repository: Repository,
    path: string,
    accept: string,
    check: (bytes: Uint8Array) => Uint8Array,
  ): Promise<{ readonly response: HttpResponse; readonly bytes?: Uint8Array }> {
    for (let reading = 1; ; reading++) {
      const response = await this.#transport.send(repository, 'GET', path, accept);
      if (response.status !== 200) return { response };
      try {
        return { response, bytes: check(await readBody(response, limits.image.document.most)) };
      } catch (error) {
        const broken = error instanceof PlimsollError && (error.code === 'HTTP' || error.code === 'DIGEST_MISMATCH');
        if (!broken || reading >= limits.registry.readings.most) throw error;
      }
    }
  }

  async #document(digest: Digest, fetch: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const { cache, http } = this.#options;
    const cached = cache.get('document', digest);
    // The cache verifies itself, and a digest can be verified once more for nothing.
    if (cached !== undefined && isOfDigest(cached, digest)) {
      http.cost.cacheHits++;
      return cached;
    }
    const bytes = await fetch();
    cache.put('document', digest, bytes);
    return bytes;
  }
}

/** 401 asks for a login and 429 for patience; any other refusal may be of the method alone (RFC 9110, 9.1 and 15.5). */
function mayDifferForGet(status: number): boolean {
  return status === 200 || status === 501 || (status >= 400 && status < 500 && status !== 401 && status !== 429);
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

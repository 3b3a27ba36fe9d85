import { messageOf, PlimsollError } from '../../core/errors.ts';
import { type Digest, isDigest } from '../../core/image/digest.ts';
import { acceptManifests, ociIndex } from '../../core/image/media-types.ts';
import { limits } from '../../core/limits/limits.ts';
import type { HttpResponse } from '../../http/http-client.ts';
import { type Artifact, type ArtifactDescriptor, parseArtifact, parseArtifactIndex } from './artifact.ts';
import { readBody } from './body.ts';
import { nextLink } from './link.ts';
import type { Look } from './look.ts';
import { failureOf, failWith, RegistryError } from './registry-answers.ts';
import type { RegistryTransport, Repository } from './transport.ts';

/** The ways to a registry that finding attachments needs. */
export interface AttachmentOptions {
  readonly transport: Pick<RegistryTransport, 'send'>;
  /** What a tag names, asked in every way there is. */
  readonly look: (repository: Repository, tag: string) => Promise<Look>;
  /** The bytes of a manifest or index, verified. */
  readonly bytes: (repository: Repository, digest: Digest) => Promise<Uint8Array>;
  /** The bytes of a blob as they arrive, verified at the end. */
  readonly blob: (repository: Repository, digest: Digest, size: number) => AsyncIterable<Uint8Array>;
}

/** Where cosign kept things before there were referrers: a tag made of the digest, and one of these. */
export type LegacySuffix = 'sig' | 'att';

/** What a bounded listing found. */
export interface Referrers {
  readonly entries: readonly ArtifactDescriptor[];
  /** false: there are more. */
  readonly complete: boolean;
}

/** distribution-spec says 404; older Artifactory, Harbor and ECR answered one of the others to a path they did not know. */
const noSuchApi: ReadonlySet<number> = new Set([400, 404, 405, 406, 501]);

/**
 * What was attached to an image after it was pushed: signatures, attestations, SBOMs. Sources: OCI distribution-spec 1.1
 * "Listing Referrers" and "Referrers Tag Schema"; cosign's specs/SIGNATURE_SPEC.md for `.sig` and `.att`. Every method
 * throws PlimsollError ('REGISTRY', 'HTTP', 'DIGEST_MISMATCH') when the registry could not be asked: "none" is an answer.
 */
export class Attachments {
  readonly #options: AttachmentOptions;
  readonly #withoutApi = new Set<string>();

  constructor(options: AttachmentOptions) {
    this.#options = options;
  }

  /** The referrers of these artifact types, as far as a bounded listing goes; from the API, else from the tag that stands in for it. */
  async referrers(repository: Repository, subject: Digest, artifactTypes: readonly string[]): Promise<Referrers> {
    const name = `${repository.registry}/${repository.repository}`;
    const answered = this.#withoutApi.has(name) ? undefined : await this.#ask(repository, subject, artifactTypes);
    if (answered === undefined) this.#withoutApi.add(name);
    const { entries, complete } = answered ?? (await this.#listedUnderTag(repository, subject));
    // A registry may ignore the filter; what it says of that in OCI-Filters-Applied need not be believed.
    const wanted = entries.filter((one) => artifactTypes.includes(one.artifactType));
    if (wanted.length > 0 || complete) return { entries: wanted, complete };
    const message = `${name}@${subject} has more referrers than are read, and none of the first ${entries.length} is of the type ${artifactTypes.join(' or ')}`;
    throw new RegistryError({ code: 'registry-referrers-incomplete', message });
  }

  /** The artifact under cosign's own tag for a digest; undefined: there is none. */
  async legacy(repository: Repository, subject: Digest, suffix: LegacySuffix): Promise<Artifact | undefined> {
    const digest = await this.#digestOfTag(repository, `${tagOf(subject)}.${suffix}`);
    return digest && this.artifact(repository, digest);
  }

  /** The manifest of an artifact, verified. */
  async artifact(repository: Repository, digest: Digest): Promise<Artifact> {
    return parseArtifact(await this.bytes(repository, digest));
  }

  /** Everything an index lists, also what is no image; verified. */
  async listed(repository: Repository, index: Digest): Promise<readonly ArtifactDescriptor[]> {
    return parseArtifactIndex(await this.bytes(repository, index));
  }

  /** The bytes of a manifest or index, verified. */
  bytes(repository: Repository, digest: Digest): Promise<Uint8Array> {
    return this.#options.bytes(repository, digest);
  }

  /** A layer of an artifact, verified; what says it is longer than `limit` bytes is not fetched. */
  async blob(
    repository: Repository,
    { digest, size }: Pick<ArtifactDescriptor, 'digest' | 'size'>,
    limit: number,
  ): Promise<Uint8Array> {
    if (size > limit)
      throw new PlimsollError('REGISTRY', `${digest} has ${size} bytes; more than ${limit} are not read`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#options.blob(repository, digest, size)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** undefined: there is no such API. */
  async #ask(
    repository: Repository,
    subject: Digest,
    artifactTypes: readonly string[],
  ): Promise<Referrers | undefined> {
    const what = `the referrers of ${repository.registry}/${repository.repository}@${subject}`;
    const entries: ArtifactDescriptor[] = [];
    const seen = new Set<string>();
    // Only one type can be asked for.
    const [type = '', ...others] = artifactTypes;
    const filter = others.length === 0 ? `?artifactType=${encodeURIComponent(type)}` : '';
    for (let query: string | undefined = filter; query !== undefined; ) {
      if (
        seen.has(query) ||
        seen.size >= limits.signature.referrerPages.most ||
        entries.length >= limits.signature.referrers.most
      ) {
        return { entries, complete: false };
      }
      seen.add(query);
      const response = await this.#options.transport.send(repository, 'GET', `referrers/${subject}${query}`, ociIndex);
      if (response.status !== 200) {
        if (!noSuchApi.has(response.status) || seen.size > 1) return failWith(what, response);
        response.discard();
        return undefined;
      }
      // A front end that answers every address with a page of its own has no such API either.
      if (!isIndex(response) && seen.size === 1) {
        response.discard();
        return undefined;
      }
      entries.push(...(await this.#page(response, what)));
      const next = nextQuery(response);
      if (next === null) return { entries, complete: false };
      query = next;
    }
    return { entries, complete: true };
  }

  async #page(response: HttpResponse, what: string): Promise<readonly ArtifactDescriptor[]> {
    try {
      return parseArtifactIndex(await readBody(response, limits.image.document.most));
    } catch (error) {
      if (error instanceof PlimsollError && error.code !== 'REGISTRY') throw error;
      const message = `${what}: ${response.url.host} answered with something else than a list (${messageOf(error)})`;
      throw new RegistryError({ code: 'registry-unexpected', message }, { cause: error });
    }
  }

  async #listedUnderTag(repository: Repository, subject: Digest): Promise<Referrers> {
    const digest = await this.#digestOfTag(repository, tagOf(subject));
    return { entries: digest === undefined ? [] : await this.listed(repository, digest), complete: true };
  }

  /** By HEAD, which nobody counts as a pull. The repository has answered before, so a 404 says that the tag is not there. */
  async #digestOfTag(repository: Repository, tag: string): Promise<Digest | undefined> {
    const response = await this.#options.transport.send(repository, 'HEAD', `manifests/${tag}`, acceptManifests);
    response.discard();
    const { status } = response;
    if (status === 404) return undefined;
    const digest = response.headers.get('docker-content-digest') ?? '';
    if (status === 200 && isDigest(digest)) return digest;
    if (status !== 200 && status !== 405) {
      throw new RegistryError(failureOf(`${repository.registry}/${repository.repository}:${tag}`, response, {}));
    }
    const look = await this.#options.look(repository, tag);
    if (look.kind === 'unknown') throw new RegistryError(look.problem);
    return look.kind === 'found' ? look.digest : undefined;
  }
}

function tagOf(subject: Digest): string {
  return subject.replace(':', '-');
}

function isIndex(response: HttpResponse): boolean {
  return response.headers.get('content-type')?.split(';')[0]?.trim() === ociIndex;
}

/**
 * Only the query of a link is taken, as for lists of tags: what stands before it is ours to know. undefined: this was the
 * last page; null: there is one that was not followed.
 */
function nextQuery({ url: asked, values }: HttpResponse): string | null | undefined {
  const target = nextLink(values('link'));
  if (target === undefined) return undefined;
  const url = URL.canParse(target, asked.href) ? new URL(target, asked) : undefined;
  return url !== undefined && url.hostname === asked.hostname && url.search !== '' ? url.search : null;
}

import { createHash } from 'node:crypto';
import type { ByteCache } from '../cache/byte-cache.ts';
import type { Digest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import type { SignerWish } from '../signatures/signer-wish.ts';
import type { SignatureVerdict } from '../signatures/verdict.ts';
import type { VerifySignature } from '../signatures/verify-image.ts';

type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/** What checking signatures needs. */
export interface SignatureDependencies {
  readonly cache: ByteCache;
  readonly cost: { cacheHits: number };
  /** Asks the registry, and never rejects but when the run is stopped. */
  readonly verifySignature: VerifySignature;
}

/** Each digest is asked about once per run and wish; that it was signed is kept, as it stays so. */
export class SignatureChecks {
  readonly #deps: SignatureDependencies;
  readonly #known = new Map<string, Promise<SignatureVerdict>>();

  constructor(deps: SignatureDependencies) {
    this.#deps = deps;
  }

  of({ registry, repository }: Repository, digest: Digest, wish: SignerWish): Promise<SignatureVerdict> {
    const how = createHash('sha256').update(JSON.stringify(wish)).digest('hex');
    const key = `${registry}/${repository} ${digest} ${how}`;
    const known = this.#known.get(key) ?? this.#verify({ registry, repository }, digest, wish, how);
    this.#known.set(key, known);
    return known;
  }

  async #verify(repository: Repository, digest: Digest, wish: SignerWish, how: string): Promise<SignatureVerdict> {
    const { cache, cost } = this.#deps;
    // A signature is over a digest, wherever it was found.
    const key = `1 ${digest} ${how}`;
    const kept = cache.get('image-signature', key);
    if (kept !== undefined) {
      cost.cacheHits++;
      return JSON.parse(Buffer.from(kept).toString('utf8')) as SignatureVerdict;
    }
    const verdict = await this.#deps.verifySignature(repository, digest, wish);
    if (verdict.kind === 'verified') cache.put('image-signature', key, Buffer.from(JSON.stringify(verdict)));
    return verdict;
  }
}

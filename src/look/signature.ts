import { createHash } from 'node:crypto';
import type { ByteCache } from '../cache/byte-cache.ts';
import type { Finding } from '../core/finding.ts';
import { type Digest, shortDigest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { type Unanswered, unanswered } from '../core/unchecked.ts';
import type { SignerWish } from '../signatures/signer-wish.ts';
import type { SignatureVerdict } from '../signatures/verdict.ts';
import type { VerifySignature } from '../signatures/verify-image.ts';
import { type Policy, signerFor } from '../verdict/policy.ts';

type Repository = Pick<ImageReference, 'registry' | 'repository'>;

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

/**
 * Holds back what would write a digest that the rules want signed and that is not known to be. That stands before every
 * other reason to wait, as it is one that also stops an update which a person asks for. `index`: lists the manifest that
 * would be written; most publishers sign it and not what it lists, and whoever signs it has signed that too.
 */
export async function withSignature(
  finding: Finding,
  policy: Policy,
  checks: SignatureChecks,
  index?: Digest,
): Promise<{ readonly finding: Finding; readonly unanswered?: Unanswered }> {
  const { reference, latest, proposed } = finding;
  if (reference === undefined || latest?.digest === undefined || proposed === undefined) return { finding };
  const wish = signerFor(finding, policy);
  if (wish === undefined) return { finding };
  const verdict = await checks.of(reference, latest.digest, wish);
  if (verdict.kind === 'verified') return noted(finding, `signed by ${verdict.by}`);
  const whole = index === undefined ? undefined : await checks.of(reference, index, wish);
  if (whole?.kind === 'verified') return noted(finding, `signed by ${whole.by}, with the index that lists it`);
  const detail = detailOf(verdict, latest.digest, wish);
  const held = { finding: { ...finding, held: { reason: 'policy' as const, detail } } };
  const isUnknown = verdict.kind === 'unknown' || whole?.kind === 'unknown';
  const problem = { code: 'signature-unknown', message: detail };
  return isUnknown ? { ...held, unanswered: unanswered('signature', problem, reference.registry) } : held;
}

function noted(finding: Finding, note: string): { readonly finding: Finding } {
  return { finding: { ...finding, notes: [...finding.notes, note] } };
}

function detailOf(verdict: Exclude<SignatureVerdict, { kind: 'verified' }>, digest: Digest, wish: SignerWish): string {
  const image = shortDigest(digest);
  const who = wish.kind === 'key' ? wish.keys.map(({ file }) => file).join(' or ') : wish.identity;
  switch (verdict.kind) {
    case 'unsigned':
      return `${image} is not signed, and the rules want a signature by ${who}`;
    case 'wrong':
      return `${image} is not signed by ${who}, as the rules want: ${verdict.why}`;
    case 'unknown':
      return `whether ${image} is signed by ${who}, as the rules want, could not be learnt: ${verdict.why}`;
  }
}

/*
 * src/signatures/
 *
 * Did somebody sign a digest? cosign's formats, old (legacy-bundle.ts) and new, with a key (key-checker.ts) or with an
 * identity through sigstore (identity-checker.ts, public-root.ts), wanted by a rule (signer-wish.ts). statement.ts says
 * what must have been signed. Only the wanted signature of this very digest counts; that there is none and that nobody
 * could ask are two answers (verdict.ts). Loaded at first use.
 * Begin here.
 */

import { messageOf, PlimsollError } from '../core/errors.ts';
import type { Digest } from '../core/image/digest.ts';
import { limits } from '../core/limits/limits.ts';
import type { Attachments } from '../oci/registry/referrers.ts';
import type { Repository } from '../oci/registry/registry-client.ts';
import type { Checked, SignatureChecker } from './checked.ts';
import { type IdentityOptions, identityChecker } from './identity-checker.ts';
import { keyChecker } from './key-checker.ts';
import { fetchPublicRoot } from './public-root.ts';
import type { SignerWish } from './signer-wish.ts';
import { isApproving, jsonObject, notApproving } from './statement.ts';
import type { SignatureVerdict } from './verdict.ts';

/** What checking the signatures of an image needs. */
export interface VerifyDependencies {
  readonly attachments: Pick<Attachments, 'legacy' | 'referrers' | 'artifact' | 'blob' | 'bytes'>;
  /** Where sigstore's client keeps what it learnt of the public trusted root; null: nowhere. */
  readonly rootFolder: string | null;
}

interface Verification extends IdentityOptions, Pick<VerifyDependencies, 'attachments'> {}

export type VerifySignature = (repository: Repository, digest: Digest, wish: SignerWish) => Promise<SignatureVerdict>;

/** One signature, read and checked when it is its turn. */
type Candidate = (checker: SignatureChecker) => Promise<Checked>;

/** What is to be looked at of one place. */
interface Candidates {
  readonly some: readonly Candidate[];
  /** There are others, which nobody looks at: then none of them is no answer. */
  readonly hasMore: boolean;
}

// cosign, specs/SIGNATURE_SPEC.md and pkg/oci/static: where a layer of `sha256-….sig` keeps what.
const simpleSigning = 'application/vnd.dev.cosign.simplesigning.v1+json';
const signatureKey = 'dev.cosignproject.cosign/signature';
const certificateKey = 'dev.sigstore.cosign/certificate';
const receiptKey = 'dev.sigstore.cosign/bundle';
/** cosign, specs/BUNDLE_SPEC.md: a referrer whose only layer is the bundle. */
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const predicateKey = 'dev.sigstore.bundle.predicateType';

/** Verifies images one after the other, asking for the public trusted root at most once. */
export function imageVerifier({ attachments, rootFolder }: VerifyDependencies): VerifySignature {
  let root: ReturnType<typeof fetchPublicRoot> | undefined;
  const publicRoot: IdentityOptions['publicRoot'] = () => {
    root ??= fetchPublicRoot(rootFolder);
    return root;
  };
  return (repository, digest, wish) => verifyImage(repository, digest, wish, { attachments, publicRoot });
}

/**
 * Did the wanted signer sign this digest? Looked for where cosign keeps signatures: under the tag `sha256-….sig`, then
 * among the referrers. Never rejects: who could not be asked makes it `unknown`, unless another signature holds.
 */
async function verifyImage(
  repository: Repository,
  digest: Digest,
  wish: SignerWish,
  deps: Verification,
): Promise<SignatureVerdict> {
  const refusals: string[] = [];
  let trouble: string | undefined;
  let cut: string | undefined;
  let checker: SignatureChecker | undefined;
  for (const find of [legacyCandidates, bundleCandidates]) {
    try {
      const { some, hasMore } = await find(repository, digest, deps);
      if (hasMore)
        cut = `it has more, of which no more than ${limits.signature.signatures.most} at one place are looked at`;
      for (const candidate of some) {
        checker ??= wish.kind === 'key' ? keyChecker(wish.keys) : await identityChecker(wish, deps);
        try {
          const checked = await candidate(checker);
          if ('by' in checked) return { kind: 'verified', by: checked.by };
          refusals.push(checked.why);
        } catch (error) {
          trouble ??= troubleOf(error);
        }
      }
    } catch (error) {
      trouble ??= troubleOf(error);
    }
  }
  if (trouble !== undefined) return { kind: 'unknown', why: trouble };
  if (refusals.length === 0) return { kind: 'unsigned' };
  const why = inWords([...new Set(refusals)], refusals.length);
  return cut === undefined ? { kind: 'wrong', why } : { kind: 'unknown', why: `${why}; ${cut}` };
}

/** A run that was stopped has learnt nothing. */
function troubleOf(error: unknown): string {
  if (error instanceof PlimsollError && error.code === 'CANCELLED') throw error;
  return messageOf(error).slice(0, 500);
}

function inWords(reasons: readonly string[], count: number): string {
  const shown = reasons.slice(0, 3).join('; ');
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more reasons` : '';
  return count === 1 ? shown : `none of ${count} signatures is the wanted one: ${shown}${more}`;
}

/** The newest stand last, so those are looked at. */
async function legacyCandidates(
  repository: Repository,
  digest: Digest,
  { attachments }: Verification,
): Promise<Candidates> {
  const artifact = await attachments.legacy(repository, digest, 'sig');
  const layers = artifact?.layers.filter(({ mediaType }) => mediaType === simpleSigning) ?? [];
  const some = layers.slice(-limits.signature.signatures.most).map(
    (layer): Candidate =>
      async (checker) => {
        const { annotations } = layer;
        const signature = Buffer.from(annotations[signatureKey] ?? '', 'base64');
        const payload = await attachments.blob(repository, layer, limits.signature.payload.most);
        const [certificate, receipt] = [annotations[certificateKey], annotations[receiptKey]];
        if (certificate === undefined || certificate === '') return checker.legacy({ payload, signature }, digest);
        return checker.legacy({ payload, signature, material: { certificate, receipt: receipt ?? '' } }, digest);
      },
  );
  return { some, hasMore: some.length < layers.length };
}

async function bundleCandidates(
  repository: Repository,
  digest: Digest,
  { attachments }: Verification,
): Promise<Candidates> {
  const { entries, complete } = await attachments.referrers(repository, digest, [bundleType]);
  const wanted = entries.filter(({ annotations }) => isApproving(annotations[predicateKey]));
  const some = wanted.slice(0, limits.signature.signatures.most).map(
    (referrer): Candidate =>
      async (checker) => {
        const { layers, annotations } = await attachments.artifact(repository, referrer.digest);
        if (!isApproving(annotations[predicateKey])) return { why: notApproving };
        const layer = layers.find(({ mediaType }) => mediaType === bundleType);
        if (layer === undefined) return { why: 'it holds no bundle' };
        const json = jsonObject(await attachments.blob(repository, layer, limits.signature.bundle.most));
        if (json === undefined) return { why: 'its bundle is not JSON' };
        return checker.bundle(json, digest, () => attachments.bytes(repository, digest));
      },
  );
  return { some, hasMore: !complete || some.length < wanted.length };
}

import type { Finding, Held } from '../core/finding.ts';
import { type Digest, shortDigest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import type { Problem } from '../core/problem.ts';
import { type Unanswered, unanswered } from '../core/unchecked.ts';
import type { SignatureChecks } from '../look/signature.ts';
import type { SignerWish } from '../signatures/signer-wish.ts';
import type { SignatureVerdict } from '../signatures/verdict.ts';
import { type Policy, signerFor } from '../verdict/policy.ts';

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
  const problem: Problem = { code: 'signature-unknown', message: detail };
  return isUnknown ? { ...held, unanswered: unanswered('signature', problem, reference.registry) } : held;
}

/**
 * Why what runs may not be moved to a digest, by who must have signed it; undefined: nobody, or they have. Whoever signed the
 * platform's manifest has signed what would run.
 */
export async function heldUnsigned(
  subject: Finding,
  {
    reference,
    to,
  }: { readonly reference: ImageReference; readonly to: { readonly root: Digest; readonly manifest: Digest } },
  policy: Policy,
  checks: SignatureChecks,
): Promise<Held | undefined> {
  const wish = signerFor(subject, policy);
  if (wish === undefined) return undefined;
  const verdict = await checks.of(reference, to.root, wish);
  if (verdict.kind === 'verified') return undefined;
  if (to.manifest !== to.root && (await checks.of(reference, to.manifest, wish)).kind === 'verified') return undefined;
  return { reason: 'policy', detail: detailOf(verdict, to.root, wish) };
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

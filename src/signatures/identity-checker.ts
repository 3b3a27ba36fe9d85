import type { Bundle, SerializedBundle } from '@sigstore/bundle';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import type { Verifier } from '@sigstore/verify';
import { messageOf } from '../core/errors.ts';
import { globToRegExp } from '../core/glob.ts';
import type { Digest } from '../core/image/digest.ts';
import type { Checked, SignatureChecker } from './checked.ts';
import { bundleOfLegacy } from './legacy-bundle.ts';
import type { SignerWish } from './signer-wish.ts';
import { payloadRefusal, statementRefusal } from './statement.ts';

/** Whom to trust. */
export interface IdentityOptions {
  /** Asked for when a wish brings no trusted root of its own. */
  readonly publicRoot: () => Promise<TrustedRoot>;
}

/**
 * Checks signatures that were made without a key, through sigstore's verifier: a short-lived certificate of the trusted
 * authority, the log's receipt that it was valid when it signed, and who it says it was. Rejects when the trusted root
 * cannot be had.
 */
export async function identityChecker(
  wish: Extract<SignerWish, { kind: 'identity' }>,
  options: IdentityOptions,
): Promise<SignatureChecker> {
  const [{ bundleFromJSON }, { toSignedEntity }] = await Promise.all([
    import('@sigstore/bundle'),
    import('@sigstore/verify'),
  ]);
  const verifier = await verifierOf(wish.trustedRoot, options);
  const identity = globToRegExp(wish.identity);

  function check(bundle: Bundle, artifact?: Uint8Array): Checked {
    const signer = verifier.verify(toSignedEntity(bundle, artifact && Buffer.from(artifact)));
    const name = signer.identity?.subjectAlternativeName ?? '';
    const issuer = signer.identity?.extensions?.issuer ?? '';
    if (issuer !== wish.issuer) return { why: `whoever signed was vouched for by ${quoted(issuer)}` };
    if (!identity.test(name)) return { why: `it was signed by ${quoted(name)}` };
    return { by: `${name} (${issuer})` };
  }

  return {
    legacy: async ({ payload, signature, material }, digest) => {
      const why = payloadRefusal(payload, digest);
      if (why !== undefined) return { why };
      if (material === undefined) return { why: 'it was made with a key, not by an identity' };
      return guarded(() => check(bundleFromJSON(bundleOfLegacy(payload, signature, material)), payload));
    },
    bundle: async (json, digest, manifest) => {
      // Fetched outside: that it could not be had says nothing about the signature.
      const bytes = isMessage(json) ? await manifest() : undefined;
      return guarded(() => {
        const bundle = bundleFromJSON(json as SerializedBundle);
        const why = refusalOf(bundle, digest);
        return why === undefined ? check(bundle, bytes) : { why };
      });
    },
  };
}

/** Whatever is wrong with what was pushed is an answer: its parsers meet bytes that anybody may have written. */
function guarded(check: () => Checked): Checked {
  try {
    return check();
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    const why = cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`;
    return { why: `it was refused: ${why}`.slice(0, 300) };
  }
}

/** The statement is read from the very bundle that is verified, not from the text a second time. */
function refusalOf({ content }: Bundle, digest: Digest): string | undefined {
  if (content.$case === 'messageSignature') return undefined;
  const { payload, payloadType } = content.dsseEnvelope;
  if (payloadType !== 'application/vnd.in-toto+json') return 'it signs no in-toto statement';
  return statementRefusal(payload, digest);
}

function isMessage(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'messageSignature' in json;
}

/**
 * What the root lists must have witnessed a signature: a root without certificate-transparency logs, or without a
 * transparency log (GitHub's own, for private repositories, has a timestamp authority instead), asks for none.
 */
async function verifierOf(trustedRoot: string | undefined, { publicRoot }: IdentityOptions): Promise<Verifier> {
  const [{ TrustedRoot }, { toTrustMaterial, Verifier }] = await Promise.all([
    import('@sigstore/protobuf-specs'),
    import('@sigstore/verify'),
  ]);
  const root = trustedRoot === undefined ? await publicRoot() : TrustedRoot.fromJSON(JSON.parse(trustedRoot));
  return new Verifier(toTrustMaterial(root), {
    ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
    tlogThreshold: root.tlogs.length > 0 ? 1 : 0,
    timestampThreshold: 1,
  });
}

function quoted(text: string): string {
  return text === '' ? 'nobody who can be named' : text.slice(0, 200);
}

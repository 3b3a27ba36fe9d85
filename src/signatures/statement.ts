import type { Digest } from '../core/image/digest.ts';
import { namesSubject } from '../core/image/in-toto.ts';

/** What cosign writes beside a signature made without a key, as text of annotations. */
export interface LegacyMaterial {
  /** PEM. */
  readonly certificate: string;
  /** JSON: `{ SignedEntryTimestamp, Payload: { body, integratedTime, logIndex, logID } }`. */
  readonly receipt: string;
}

/** The attestations that say who made an image; others (a scan, a test) say nothing of the kind, whoever signed them. */
const approving = /^(https:\/\/sigstore\.dev\/cosign\/sign\/v1$|https:\/\/slsa\.dev\/provenance\/)/;

export const notApproving = 'it is an attestation of something else than who made the image';

/** May an attestation with this predicate type, where one is named, say who made an image? */
export function isApproving(predicateType: string | undefined): boolean {
  return predicateType === undefined || approving.test(predicateType);
}

/**
 * Why an in-toto statement does not say of this digest who made it; undefined when it does. Sources: in-toto
 * attestation/spec/v1/statement.md; cosign's predicate type for signatures as bundles; slsa.dev/spec for provenance.
 */
export function statementRefusal(payload: Uint8Array, digest: Digest): string | undefined {
  const statement = jsonObject(payload);
  if (statement === undefined) return 'its statement is not JSON';
  const { predicateType } = statement;
  if (typeof predicateType !== 'string' || !approving.test(predicateType)) {
    return notApproving;
  }
  return namesSubject(statement, digest) ? undefined : 'its statement is about another digest';
}

/**
 * Why a simple-signing payload is not about this digest; undefined when it is. Source: cosign, specs/SIGNATURE_SPEC.md
 * "Simple Signing": the digest is in `critical.image.docker-manifest-digest`.
 */
export function payloadRefusal(payload: Uint8Array, digest: Digest): string | undefined {
  const critical = jsonObject(payload)?.['critical'] as { image?: Record<string, unknown> } | null | undefined;
  const signed = critical?.image?.['docker-manifest-digest'];
  if (typeof signed !== 'string') return 'its payload names no digest';
  return signed === digest ? undefined : 'its payload is about another digest';
}

/** undefined for anything but an object. */
export function jsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

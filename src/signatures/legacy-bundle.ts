import { createHash } from 'node:crypto';
import type { SerializedBundle } from '@sigstore/bundle';
import type { LegacyMaterial } from './statement.ts';

interface Receipt {
  readonly SignedEntryTimestamp: string;
  readonly Payload: {
    readonly body: string;
    readonly integratedTime: number;
    readonly logIndex: number;
    /** Hexadecimal. */
    readonly logID: string;
  };
}

/**
 * cosign's older way of keeping a signature without a key, in the words of a sigstore bundle of version 0.1, so that
 * the same verifier checks both. Sources: cosign specs/SIGNATURE_SPEC.md (`dev.sigstore.cosign/certificate` and
 * `/bundle`), sigstore protobuf-specs sigstore_bundle.proto, Rekor's openapi.yaml for the entry. Throws on anything else.
 */
export function bundleOfLegacy(
  payload: Uint8Array,
  signature: Uint8Array,
  { certificate, receipt }: LegacyMaterial,
): SerializedBundle {
  const { SignedEntryTimestamp, Payload } = JSON.parse(receipt) as Receipt;
  const { kind, apiVersion } = JSON.parse(Buffer.from(Payload.body, 'base64').toString('utf8')) as {
    kind: string;
    apiVersion: string;
  };
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: derOf(certificate) }] },
      tlogEntries: [
        {
          logIndex: String(Payload.logIndex),
          logId: { keyId: Buffer.from(Payload.logID, 'hex').toString('base64') },
          kindVersion: { kind, version: apiVersion },
          integratedTime: String(Payload.integratedTime),
          inclusionPromise: { signedEntryTimestamp: SignedEntryTimestamp },
          inclusionProof: undefined,
          canonicalizedBody: Payload.body,
        },
      ],
      timestampVerificationData: undefined,
      publicKey: undefined,
      certificate: undefined,
    },
    messageSignature: {
      messageDigest: {
        algorithm: 'SHA2_256',
        digest: createHash('sha256').update(payload).digest('base64'),
      },
      signature: Buffer.from(signature).toString('base64'),
    },
    dsseEnvelope: undefined,
  } as unknown as SerializedBundle;
}

/** The first certificate of a PEM text, in base64. */
function derOf(pem: string): string {
  const [, body] = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (body === undefined) throw new Error('its certificate cannot be read');
  return body.replace(/\s+/g, '');
}

import { createHash } from 'node:crypto';
import type { SerializedBundle } from '@sigstore/bundle';
import type { LegacyMaterial } from './statement.ts';

/** What Rekor answers to a new entry, as cosign keeps it. */
interface Receipt {
  readonly timestamp: string;
  readonly body: string;
  readonly integratedTime: number;
  readonly logIndex: number;
  /** Hexadecimal. */
  readonly logId: string;
  readonly kind: string;
  readonly version: string;
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
  const entry = receiptOf(receipt);
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: derOf(certificate) }] },
      tlogEntries: [
        {
          logIndex: String(entry.logIndex),
          logId: { keyId: Buffer.from(entry.logId, 'hex').toString('base64') },
          kindVersion: { kind: entry.kind, version: entry.version },
          integratedTime: String(entry.integratedTime),
          inclusionPromise: { signedEntryTimestamp: entry.timestamp },
          inclusionProof: undefined,
          canonicalizedBody: entry.body,
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

type Json = Readonly<Record<string, unknown>>;

function receiptOf(text: string): Receipt {
  if (text === '') throw new Error('it has no receipt of a transparency log');
  try {
    const { SignedEntryTimestamp: timestamp, Payload } = JSON.parse(text) as Json;
    const { body, integratedTime, logIndex, logID: logId } = Payload as Json;
    const { kind, apiVersion: version } = JSON.parse(Buffer.from(String(body), 'base64').toString('utf8')) as Json;
    const texts = { timestamp, body, logId, kind, version };
    const numbers = { integratedTime, logIndex };
    const isWhole =
      Object.values(texts).every((value) => typeof value === 'string') &&
      Object.values(numbers).every((value) => Number.isSafeInteger(value));
    if (isWhole) return { ...texts, ...numbers } as Receipt;
  } catch {
    // Said below.
  }
  throw new Error('its receipt of a transparency log cannot be read');
}

/** The first certificate of a PEM text, in base64. */
function derOf(pem: string): string {
  const [, body] = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (body === undefined) throw new Error('its certificate cannot be read');
  return body.replace(/\s+/g, '');
}

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Checked, SignatureChecker } from './checked.ts';
import type { SignerKey } from './signer-wish.ts';
import { payloadRefusal, statementRefusal } from './statement.ts';

const statementType = 'application/vnd.in-toto+json';

/**
 * Checks signatures that were made with a key. The key alone decides: a transparency log is not asked, as a log proves
 * when something was signed, and a key has no time of its own.
 */
export function keyChecker(wanted: readonly SignerKey[]): SignatureChecker {
  const keys = wanted.map(({ file, pem }) => ({ file, key: createPublicKey(pem) }));
  const signerOf = (data: Uint8Array, signature: Uint8Array): Checked => {
    const own = keys.find(({ key }) => isSignedBy(key, data, signature));
    return own === undefined ? { why: notOurs(keys.length) } : { by: `the key ${own.file}` };
  };
  return {
    legacy: async ({ payload, signature }, digest) => {
      const why = payloadRefusal(payload, digest);
      return why === undefined ? signerOf(payload, signature) : { why };
    },
    bundle: async (json, digest, manifest) => {
      const content = bundleContent(json);
      if (content === undefined) return { why: 'its bundle holds no signature that can be read' };
      if (content.kind === 'message') return signerOf(await manifest(), content.signature);
      const { payload, payloadType, signature } = content;
      if (payloadType !== statementType) return { why: `it signs no statement of the type ${statementType}` };
      const why = statementRefusal(payload, digest);
      return why === undefined ? signerOf(preAuthEncoding(payloadType, payload), signature) : { why };
    },
  };
}

function notOurs(count: number): string {
  return count === 1 ? 'it was not made with the key' : `it was not made with any of the ${count} keys`;
}

/**
 * As cosign signs: ECDSA in DER and RSA PKCS #1 v1.5 with SHA-256, Ed25519 plain. Newer versions take the hash that goes
 * with a larger curve.
 */
function isSignedBy(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return hashesOf(key).some((hash) => {
    try {
      return verify(hash, data, key, signature);
    } catch {
      return false;
    }
  });
}

function hashesOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly (string | null)[] {
  if (asymmetricKeyType === 'ed25519') return [null];
  if (asymmetricKeyType === 'rsa') return ['sha256'];
  switch (asymmetricKeyDetails?.namedCurve) {
    case 'prime256v1':
      return ['sha256'];
    case 'secp384r1':
      return ['sha256', 'sha384'];
    case 'secp521r1':
      return ['sha256', 'sha512'];
    default:
      return [];
  }
}

/** DSSE protocol.md, "Signature Definition": what is signed is the payload together with its type. */
function preAuthEncoding(type: string, payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

type BundleContent =
  | { readonly kind: 'message'; readonly signature: Uint8Array }
  | {
      readonly kind: 'envelope';
      readonly payload: Uint8Array;
      readonly payloadType: string;
      readonly signature: Uint8Array;
    };

/** The part of a sigstore bundle (protobuf-specs, sigstore_bundle.proto) that a key needs. */
function bundleContent(json: unknown): BundleContent | undefined {
  const { messageSignature, dsseEnvelope } = membersOf(json);
  const message = bytesOf(membersOf(messageSignature)['signature']);
  if (message !== undefined) return { kind: 'message', signature: message };
  const { payload, payloadType, signatures } = membersOf(dsseEnvelope);
  // A bundle has exactly one.
  const [only, ...more] = Array.isArray(signatures) ? signatures : [];
  const [signed, signature] = [bytesOf(payload), bytesOf(membersOf(only)['sig'])];
  if (typeof payloadType !== 'string' || signed === undefined || signature === undefined || more.length > 0) {
    return undefined;
  }
  return { kind: 'envelope', payload: signed, payloadType, signature };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function bytesOf(base64: unknown): Uint8Array | undefined {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined;
}

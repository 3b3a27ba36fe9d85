import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Digest } from '../../src/core/image/digest.ts';
import type { AttachedArtifact, AttachedLayer } from './attach.ts';

/** Signatures as cosign makes them, made by hand. */

export interface KeyPair {
  readonly key: KeyObject;
  readonly pem: string;
}

export function keyPair(kind: 'P-256' | 'P-384' | 'rsa' | 'ed25519' = 'P-256'): KeyPair {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : kind === 'ed25519'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: kind });
  return { key: privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }) as string };
}

export function signedBy(key: KeyObject, data: Uint8Array): Buffer {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, key);
}

export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const signPredicate = 'https://sigstore.dev/cosign/sign/v1';

export function simpleSigningPayload(digest: Digest): Buffer {
  return Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': '' },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  );
}

/** A layer of `sha256-….sig`: a payload with its signature. */
export function simpleSigningLayer(
  payload: Uint8Array | string,
  signature: Uint8Array,
  more: Readonly<Record<string, string>> = {},
): AttachedLayer {
  return {
    bytes: payload,
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    annotations: { 'dev.cosignproject.cosign/signature': Buffer.from(signature).toString('base64'), ...more },
  };
}

export function statementAbout(digest: Digest, predicateType = signPredicate, predicate: unknown = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: '', digest: { sha256: digest.slice('sha256:'.length) } }],
      predicateType,
      predicate,
    }),
  );
}

/** DSSE: what is signed of a payload. */
export function preAuthEncoding(payload: Uint8Array, type = 'application/vnd.in-toto+json'): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
}

/** The envelope of a bundle, or of a layer of `sha256-….att`. */
export function envelope(payload: Uint8Array, signature: Uint8Array, payloadType = 'application/vnd.in-toto+json') {
  return {
    payload: Buffer.from(payload).toString('base64'),
    payloadType,
    signatures: [{ keyid: '', sig: Buffer.from(signature).toString('base64') }],
  };
}

/** A bundle made with a key. */
export function keyBundle(content: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    mediaType: bundleType,
    verificationMaterial: { publicKey: { hint: 'any' }, tlogEntries: [] },
    ...content,
  };
}

/** The referrer that carries a bundle. */
export function bundleArtifact(bundle: unknown, predicateType?: string): AttachedArtifact {
  return {
    artifactType: bundleType,
    layers: [{ bytes: typeof bundle === 'string' ? bundle : JSON.stringify(bundle), mediaType: bundleType }],
    ...(predicateType !== undefined && { annotations: { 'dev.sigstore.bundle.predicateType': predicateType } }),
  };
}

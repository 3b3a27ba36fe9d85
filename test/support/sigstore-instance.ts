import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Digest } from '../../src/core/image/digest.ts';
import type { AttachedLayer } from './attach.ts';
import { bits, explicit, implicit, integer, isTrue, octets, oid, sequence, set, time, utf8 } from './der.ts';
import {
  bundleType,
  envelope,
  keyPair,
  preAuthEncoding,
  simpleSigningLayer,
  simpleSigningPayload,
  statementAbout,
} from './signing.ts';

/*
 * A sigstore instance of our own, made by hand: an authority that gives out short-lived certificates for identities (as
 * Fulcio does), a log of certificates (RFC 6962), and a log of signatures with one entry in it (as Rekor's).
 */

export interface Identity {
  readonly name: string;
  readonly issuer: string;
}

export interface SignOptions {
  readonly identity?: Identity;
  /** When it was signed, by the log; milliseconds. The certificate is valid for ten minutes from `issued`. */
  readonly signed?: number;
  readonly issued?: number;
  /** Without an entry in the log. */
  readonly unlogged?: true;
  /** Without the receipt of the log of certificates. */
  readonly unseen?: true;
}

export interface SigstoreInstance {
  /** The text of a trusted_root.json. */
  readonly trustedRoot: string;
  legacyLayer(digest: Digest, options?: SignOptions & { payload?: Uint8Array }): AttachedLayer;
  statementBundle(digest: Digest, options?: SignOptions & { predicateType?: string }): Record<string, unknown>;
  messageBundle(manifest: Uint8Array, options?: SignOptions): Record<string, unknown>;
}

export const workflow: Identity = {
  name: 'https://github.com/my-org/app/.github/workflows/release.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
};

const minute = 60_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const end = Date.parse('2036-01-01T00:00:00Z');
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const logName = 'log.example';

export function sigstoreInstance(options: { readonly witnesses?: 'both' | 'no-ct-log' } = {}): SigstoreInstance {
  const hasCtLog = options.witnesses !== 'no-ct-log';
  const [authority, certificateLog, signatureLog] = [keyPair(), keyPair(), keyPair()];
  const authorityName = sequence(set(sequence(oid('2.5.4.3'), utf8('authority.example'))));
  const root = certificate(authority.key, {
    issuer: authorityName,
    subject: authorityName,
    from: start,
    until: end,
    key: authority.pem,
    extensions: [extension('2.5.29.19', sequence(isTrue), true)],
  });

  function leaf(pem: string, { identity = workflow, issued = start + minute, unseen }: SignOptions): Buffer {
    const fields = {
      issuer: authorityName,
      subject: sequence(),
      from: issued,
      until: issued + 10 * minute,
      key: pem,
      extensions: [
        extension('2.5.29.17', sequence(implicit(6, Buffer.from(identity.name))), true),
        extension('1.3.6.1.4.1.57264.1.8', utf8(identity.issuer)),
      ],
    };
    if (unseen || !hasCtLog) return certificate(authority.key, fields);
    const receipt = certificateReceipt(certificateLog.key, authority.pem, toBeSigned(fields), issued);
    const seen = [...fields.extensions, extension('1.3.6.1.4.1.11129.2.4.2', octets(receipt))];
    return certificate(authority.key, { ...fields, extensions: seen });
  }

  /** The only entry of its log: its own hash is the root of the tree. */
  function entry(body: object, kind: string, signed: number): Record<string, unknown> {
    const canonicalizedBody = Buffer.from(JSON.stringify(body));
    const integratedTime = Math.floor(signed / 1000);
    const logId = hashOf(derOf(signatureLog.pem));
    const payload = `{"body":"${canonicalizedBody.toString('base64')}","integratedTime":${integratedTime},"logID":"${logId.toString('hex')}","logIndex":0}`;
    const rootHash = hashOf(Buffer.concat([Buffer.of(0), canonicalizedBody])).toString('base64');
    const note = `${logName}\n1\n${rootHash}\n`;
    const noteSignature = Buffer.concat([logId.subarray(0, 4), sign('sha256', Buffer.from(note), signatureLog.key)]);
    return {
      logIndex: '0',
      logId: { keyId: logId.toString('base64') },
      kindVersion: { kind, version: '0.0.1' },
      integratedTime: String(integratedTime),
      inclusionPromise: {
        signedEntryTimestamp: sign('sha256', Buffer.from(payload), signatureLog.key).toString('base64'),
      },
      inclusionProof: {
        logIndex: '0',
        rootHash,
        treeSize: '1',
        hashes: [],
        checkpoint: { envelope: `${note}\n— ${logName} ${noteSignature.toString('base64')}\n` },
      },
      canonicalizedBody: canonicalizedBody.toString('base64'),
    };
  }

  function signatureEntry(data: Uint8Array, signature: Buffer, pem: string, signed: number): Record<string, unknown> {
    const hash = { algorithm: 'sha256', value: hashOf(data).toString('hex') };
    const publicKey = { content: Buffer.from(pem).toString('base64') };
    const spec = { data: { hash }, signature: { content: signature.toString('base64'), publicKey } };
    return entry({ apiVersion: '0.0.1', kind: 'hashedrekord', spec }, 'hashedrekord', signed);
  }

  function bundle(rawBytes: Buffer, tlogEntries: readonly unknown[], content: object): Record<string, unknown> {
    const certificateOf = { rawBytes: rawBytes.toString('base64') };
    return {
      mediaType: bundleType,
      verificationMaterial: {
        certificate: certificateOf,
        tlogEntries,
        timestampVerificationData: { rfc3161Timestamps: [] },
      },
      ...content,
    };
  }

  return {
    trustedRoot: JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logOf(signatureLog.pem)],
      certificateAuthorities: [
        {
          subject: { organization: 'example', commonName: 'authority.example' },
          uri: 'https://authority.example',
          certChain: { certificates: [{ rawBytes: root.toString('base64') }] },
          validFor: { start: new Date(start).toISOString() },
        },
      ],
      ctlogs: hasCtLog ? [logOf(certificateLog.pem)] : [],
      timestampAuthorities: [],
    }),
    legacyLayer: (digest, given = {}) => {
      const { key, pem } = keyPair();
      const payload = given.payload ?? simpleSigningPayload(digest);
      const signature = sign('sha256', payload, key);
      const certificatePem = pemOf(leaf(pem, given));
      const annotations = { 'dev.sigstore.cosign/certificate': certificatePem };
      if (given.unlogged) return simpleSigningLayer(payload, signature, annotations);
      const logged = signatureEntry(payload, signature, certificatePem, given.signed ?? start + 2 * minute);
      const { inclusionPromise, canonicalizedBody, integratedTime } = logged as {
        inclusionPromise: { signedEntryTimestamp: string };
        canonicalizedBody: string;
        integratedTime: string;
      };
      const receipt = {
        SignedEntryTimestamp: inclusionPromise.signedEntryTimestamp,
        Payload: {
          body: canonicalizedBody,
          integratedTime: Number(integratedTime),
          logIndex: 0,
          logID: hashOf(derOf(signatureLog.pem)).toString('hex'),
        },
      };
      return simpleSigningLayer(payload, signature, {
        ...annotations,
        'dev.sigstore.cosign/bundle': JSON.stringify(receipt),
      });
    },
    statementBundle: (digest, given = {}) => {
      const { key, pem } = keyPair();
      const payload = statementAbout(digest, given.predicateType);
      const signature = sign('sha256', preAuthEncoding(payload), key);
      const payloadHash = { algorithm: 'sha256', value: hashOf(payload).toString('hex') };
      const signatures = [{ signature: signature.toString('base64'), verifier: '' }];
      const body = { apiVersion: '0.0.1', kind: 'dsse', spec: { payloadHash, signatures } };
      const entries = given.unlogged ? [] : [entry(body, 'dsse', given.signed ?? start + 2 * minute)];
      return bundle(leaf(pem, given), entries, { dsseEnvelope: envelope(payload, signature) });
    },
    messageBundle: (manifest, given = {}) => {
      const { key, pem } = keyPair();
      const signature = sign('sha256', manifest, key);
      const entries = given.unlogged
        ? []
        : [signatureEntry(manifest, signature, pem, given.signed ?? start + 2 * minute)];
      const messageDigest = { algorithm: 'SHA2_256', digest: hashOf(manifest).toString('base64') };
      return bundle(leaf(pem, given), entries, {
        messageSignature: { messageDigest, signature: signature.toString('base64') },
      });
    },
  };
}

interface CertificateFields {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly from: number;
  readonly until: number;
  readonly key: string;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280, 4.1. */
function toBeSigned({ issuer, subject, from, until, key, extensions }: CertificateFields): Buffer {
  return sequence(
    explicit(0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    issuer,
    sequence(time(new Date(from)), time(new Date(until))),
    subject,
    derOf(key),
    explicit(3, sequence(...extensions)),
  );
}

function certificate(authority: KeyObject, fields: CertificateFields): Buffer {
  const body = toBeSigned(fields);
  return sequence(body, ecdsaWithSha256, bits(sign('sha256', body, authority)));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [isTrue] : []), octets(value));
}

/** RFC 6962, 3.2 and 3.3: a list of one signed certificate timestamp. */
function certificateReceipt(log: KeyObject, authority: string, body: Buffer, issued: number): Buffer {
  const at = Buffer.alloc(8);
  at.writeBigUInt64BE(BigInt(issued));
  const length = Buffer.alloc(3);
  length.writeUIntBE(body.length, 0, 3);
  const signed = Buffer.concat([
    Buffer.of(0, 0),
    at,
    Buffer.of(0, 1),
    hashOf(derOf(authority)),
    length,
    body,
    Buffer.of(0, 0),
  ]);
  const signature = sign('sha256', signed, log);
  const id = hashOf(createPublicKey(log).export({ type: 'spki', format: 'der' }));
  const one = Buffer.concat([
    Buffer.of(0),
    id,
    at,
    Buffer.of(0, 0),
    Buffer.of(4, 3),
    short(signature.length),
    signature,
  ]);
  const list = Buffer.concat([short(one.length), one]);
  return Buffer.concat([short(list.length), list]);
}

function short(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

function logOf(pem: string): object {
  const der = derOf(pem);
  return {
    baseUrl: `https://${logName}`,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: der.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { start: new Date(start).toISOString() },
    },
    logId: { keyId: hashOf(der).toString('base64') },
  };
}

function derOf(pem: string): Buffer {
  return createPublicKey(pem).export({ type: 'spki', format: 'der' });
}

function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

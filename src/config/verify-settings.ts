import { createPublicKey } from 'node:crypto';
import type { PlimsollError } from '../core/errors.ts';
import type { SignerWish } from '../signatures/signer-wish.ts';
import type { KeyPath } from './key-lines.ts';
import type { VerifyFile } from './schema.ts';

/** What reading the rules of `verify` needs: files that they name, and a complaint at the place of a key. */
export interface VerifyReading {
  /** The text of a file that the configuration names, from its own folder. */
  readonly read: (file: string, keys: KeyPath) => string;
  readonly complain: (keys: KeyPath, what: string) => PlimsollError;
}

/** sigstore's protobuf-specs, sigstore_trustroot.proto: versions differ in how they write the rest. */
const rootType = /^application\/vnd\.dev\.sigstore\.trustedroot/;

/**
 * Who must have signed, with the files read and looked into, so that a wrong one is said before the first request.
 * Throws PlimsollError 'CONFIG'.
 */
export function signerWish(given: VerifyFile, keys: KeyPath, reading: VerifyReading): SignerWish | 'none' {
  if (given === null) return 'none';
  const { key, identity, issuer, trustedRoot } = given;
  if (key !== undefined && identity === undefined && issuer === undefined && trustedRoot === undefined) {
    const files = typeof key === 'string' ? [key] : key;
    return { kind: 'key', keys: files.map((file) => ({ file, pem: publicKey(file, [...keys, 'key'], reading) })) };
  }
  if (key !== undefined || identity === undefined || issuer === undefined) {
    throw reading.complain(keys, 'expected either key, or identity and issuer (and with them trustedRoot)');
  }
  if (trustedRoot === undefined) return { kind: 'identity', identity, issuer };
  return { kind: 'identity', identity, issuer, trustedRoot: rootText(trustedRoot, [...keys, 'trustedRoot'], reading) };
}

function publicKey(file: string, keys: KeyPath, { read, complain }: VerifyReading): string {
  const pem = read(file, keys);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    throw complain(keys, `${file} is a private key; only the public one belongs here (cosign.pub)`);
  }
  const type = keyType(pem);
  if (type === 'ec' || type === 'rsa' || type === 'ed25519') return pem;
  const what = type === undefined ? '' : `; it holds one of the type ${type}`;
  throw complain(keys, `${file} holds no public key (ECDSA, RSA or Ed25519, as PEM, as in cosign.pub)${what}`);
}

/** Undefined for what is no key: what OpenSSL says of that means nothing to who wrote the wrong name. */
function keyType(pem: string): string | undefined {
  try {
    return createPublicKey(pem).asymmetricKeyType;
  } catch {
    return undefined;
  }
}

function rootText(file: string, keys: KeyPath, { read, complain }: VerifyReading): string {
  const text = read(file, keys);
  let type: unknown;
  try {
    type = (JSON.parse(text) as { mediaType?: unknown } | null)?.mediaType;
  } catch {
    // Said below.
  }
  if (typeof type === 'string' && rootType.test(type)) return text;
  throw complain(keys, `${file} is no trusted_root.json of sigstore`);
}
